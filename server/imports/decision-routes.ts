import { z } from 'zod'
import { importTouched } from '../audit/touched.ts'
import type { Caller } from '../http/route.ts'
import { defineRoute } from '../http/route.ts'
import { objectId } from '../http/schema.ts'
import type { Attention } from './attention.ts'
import type { ImportDecisions } from './decisions.ts'
import { approveImport, importView, rejectImport, withdrawImport } from './schema.ts'

const byId = z.object({ id: objectId })
const attention = z.object({
  submitted: z.number().int(),
  returned: z.number().int(),
  disputes: z.number().int(),
  notices: z.number().int(),
})

interface Parts {
  importDecisions: ImportDecisions
  attention: (caller: Caller) => Promise<Attention>
}

/** What is decided of lists. They come before the other routes of lists, as `attention` is no list's id. */
export const decisionRoutes = ({ importDecisions: decisions, attention: attentionOf }: Parts) => [
  defineRoute({
    method: 'get',
    path: '/imports/attention',
    summary: 'How much waits for the caller: lists, disputes, notices',
    permission: 'signed-in',
    answer: attention,
    handle: ({ caller }) => attentionOf(caller),
  }),
  defineRoute({
    method: 'post',
    path: '/imports/:id/submit',
    summary: 'Submit a checked list of one’s own operator',
    permission: 'import.submit',
    audit: 'import.submit',
    params: byId,
    status: 202,
    answer: importView,
    handle: async ({ params, caller, now, audit }) => {
      const list = await decisions.submit(params.id, caller, now)
      audit(importTouched(list))
      return list
    },
  }),
  defineRoute({
    method: 'post',
    path: '/imports/:id/approve',
    summary: 'Record the good rows of a list, or only those without a warning',
    permission: 'import.decide',
    audit: 'import.approve',
    params: byId,
    body: approveImport,
    status: 202,
    answer: importView,
    handle: async ({ params, body, caller, now, audit }) => {
      const list = await decisions.approve(params.id, body, caller, now)
      audit(importTouched(list, { approve: body.rows }))
      return list
    },
  }),
  defineRoute({
    method: 'post',
    path: '/imports/:id/reject',
    summary: 'Return a list to its sender with a reason',
    permission: 'import.decide',
    audit: 'import.reject',
    params: byId,
    body: rejectImport,
    answer: importView,
    handle: async ({ params, body, caller, now, audit }) => {
      const list = await decisions.reject(params.id, body.reason, caller, now)
      audit(importTouched(list, { reason: body.reason }))
      return list
    },
  }),
  defineRoute({
    method: 'post',
    path: '/imports/:id/cancel',
    summary: 'Take a list back before anything of it is recorded',
    permission: 'import.send',
    audit: 'import.cancel',
    params: byId,
    answer: importView,
    handle: async ({ params, caller, now, audit }) => {
      const list = await decisions.cancel(params.id, caller, now)
      audit(importTouched(list))
      return list
    },
  }),
  defineRoute({
    method: 'post',
    path: '/imports/:id/withdraw',
    summary: 'Withdraw all that a list recorded, with a reason',
    permission: 'import.decide',
    audit: 'import.withdraw',
    params: byId,
    body: withdrawImport,
    status: 202,
    answer: importView,
    handle: async ({ params, body, caller, now, audit }) => {
      const list = await decisions.withdraw(params.id, body.reason, caller, now)
      audit(importTouched(list, { reason: body.reason }))
      return list
    },
  }),
]
