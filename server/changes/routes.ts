import { z } from 'zod'
import { changeCorrected, changeRecorded, changeVoided } from '../audit/touched.ts'
import { type Caller, defineRoute } from '../http/route.ts'
import { objectId, pageOf } from '../http/schema.ts'
import type { ChangeList } from './list.ts'
import {
  change,
  changeQuery,
  changeWithEffects,
  correctChange,
  createChange,
  dryRun,
  voidChange,
} from './schema.ts'
import type { ChangeService, Entering } from './service.ts'

const byId = z.object({ id: objectId })

/** The ledger: its list, entries by hand, voiding and correcting. */
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
    audit: 'change.record',
    query: dryRun,
    body: createChange,
    status: 201,
    answer: changeWithEffects,
    handle: async ({ query, body, caller, now, res, audit }) => {
      if (query.dryRun) res.status(200)
      const made = await changes.create(body, entering(caller, now, query.dryRun))
      if (query.dryRun) res.json(made)
      else audit(changeRecorded(made))
      return made
    },
  }),
  defineRoute({
    method: 'post',
    path: '/changes/:id/void',
    summary: 'Withdraw a change with a reason, or with dryRun=true see what that would do',
    permission: 'change.write',
    audit: 'change.void',
    params: byId,
    query: dryRun,
    body: voidChange,
    answer: changeWithEffects,
    handle: async ({ params, query, body, caller, now, audit }) => {
      const voided = await changes.voidChange(params.id, body.reason, entering(caller, now, query.dryRun))
      if (!query.dryRun) audit(changeVoided(voided, body.reason))
      return voided
    },
  }),
  defineRoute({
    method: 'post',
    path: '/changes/:id/correct',
    summary: 'Withdraw a change and say it anew, or with dryRun=true see what that would do',
    permission: 'change.write',
    audit: 'change.correct',
    params: byId,
    query: dryRun,
    body: correctChange,
    status: 201,
    answer: changeWithEffects,
    handle: async ({ params, query, body, caller, now, res, audit }) => {
      const former = query.dryRun ? null : await changes.get(params.id, caller.scope)
      const made = await changes.correct(params.id, body, entering(caller, now, query.dryRun))
      if (former) audit(changeCorrected(made, former, body.reason))
      else res.status(200).json(made)
      return made
    },
  }),
  // Behind all others below /changes, whose names it would take for an id.
  defineRoute({
    method: 'get',
    path: '/changes/:id',
    summary: 'One entry of the ledger',
    permission: 'read',
    params: byId,
    answer: change,
    handle: ({ params, caller }) => changes.get(params.id, caller.scope),
  }),
]

const entering = ({ id, name, scope }: Caller, now: Date, dryRun: boolean): Entering => ({
  by: { id, name },
  scope,
  now,
  dryRun,
})
