import { z } from 'zod'
import { defineRoute } from '../http/route.ts'
import { objectId, pageOf } from '../http/schema.ts'
import type { ChangeList } from './list.ts'
import { change, changeQuery, changeWithEffects, createChange, dryRun, voidChange } from './schema.ts'
import type { ChangeService } from './service.ts'

/** The ledger: its list, entries by hand, voiding. */
export const changeRoutes = (changes: ChangeService, ledger: ChangeList) => [
  defineRoute({
    method: 'get',
    path: '/changes',
    summary: 'The ledger, newest effective date first',
    permission: 'read',
    query: changeQuery,
    answer: pageOf(change),
    handle: ({ query, caller, now }) => ledger.list(query, caller.scope, now),
  }),
  defineRoute({
    method: 'post',
    path: '/changes',
    summary: 'Record a change, or with dryRun=true see what it would do',
    permission: 'change.write',
    query: dryRun,
    body: createChange,
    status: 201,
    answer: changeWithEffects,
    handle: async ({ query, body, caller, now, res }) => {
      if (query.dryRun) res.status(200)
      const made = await changes.create(
        body,
        { id: caller.id, name: caller.name },
        caller.scope,
        now,
        query.dryRun,
      )
      if (query.dryRun) res.json(made)
      return made
    },
  }),
  defineRoute({
    method: 'post',
    path: '/changes/:id/void',
    summary: 'Withdraw a change with a reason',
    permission: 'change.write',
    params: z.object({ id: objectId }),
    body: voidChange,
    answer: changeWithEffects,
    handle: ({ params, body, caller, now }) =>
      changes.voidChange(params.id, body.reason, { id: caller.id, name: caller.name }, caller.scope, now),
  }),
]
