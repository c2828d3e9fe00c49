import { defineRoute } from '../http/route.ts'
import { pageOf, paging } from '../http/schema.ts'
import { sealView } from './schema.ts'
import type { Seals } from './service.ts'

/** The ledger's daily seals. */
export const sealRoutes = (seals: Seals) => [
  defineRoute({
    method: 'get',
    path: '/seals',
    summary: 'The seals of the ledger’s days, newest first',
    permission: 'audit.read',
    query: paging,
    answer: pageOf(sealView),
    handle: ({ query }) => seals.list(query),
  }),
]
