import { z } from 'zod'
import { defineRoute } from '../http/route.ts'
import type { ChangeList } from './list.ts'
import { changeFilter } from './schema.ts'

/** What is asked of the ledger's list beside its pages. */
export const changeListRoutes = (ledger: ChangeList) => [
  defineRoute({
    method: 'get',
    path: '/changes/count',
    summary: 'How many entries a list of the ledger holds',
    permission: 'read',
    query: changeFilter,
    answer: z.object({ total: z.number().int() }),
    handle: ({ query, caller, now }) => ledger.count(query, caller.scope, now),
  }),
]
