import { z } from 'zod'
import { disputeTouched } from '../audit/touched.ts'
import { sendAttachment } from '../http/attachment.ts'
import { defineRoute } from '../http/route.ts'
import { objectId, pageOf } from '../http/schema.ts'
import type { DisputeDecisions } from './decisions.ts'
import { receiveClaim } from './receive.ts'
import { claimFields, decideDispute, decided, decideQuery, dispute, disputesQuery } from './schema.ts'
import type { DisputeService } from './service.ts'

const byId = z.object({ id: objectId })
const ofRow = z.object({ id: objectId, seq: z.coerce.number().int().min(1).max(100_000_000) })

interface Parts {
  disputes: DisputeService
  disputeDecisions: DisputeDecisions
}

/** Claims about rows of lists, and their decisions. */
export const disputeRoutes = ({ disputes, disputeDecisions }: Parts) => [
  defineRoute({
    method: 'post',
    path: '/imports/:id/rows/:seq/disputes',
    summary: 'Dispute a row: a form with claim, wish (record, exempt), rules and a document (PDF, JPEG, PNG)',
    permission: 'import.send',
    audit: 'dispute.open',
    params: ofRow,
    multipart: claimFields,
    status: 201,
    answer: dispute,
    handle: async ({ params, req, caller, now, audit }) => {
      const row = { list: params.id, seq: params.seq }
      const opened = await disputes.open(row, await receiveClaim(req), caller, now)
      const { claim, wish, rules, document, row: line } = opened
      audit(disputeTouched(opened, { row: line, claim, wish, rules, attachment: document.name }))
      return opened
    },
  }),
  defineRoute({
    method: 'get',
    path: '/disputes',
    summary: 'Disputes, newest first',
    permission: 'read',
    query: disputesQuery,
    answer: pageOf(dispute),
    handle: ({ query, caller }) => disputes.list(query, caller),
  }),
  defineRoute({
    method: 'get',
    path: '/disputes/:id',
    summary: 'A dispute with its row, claim and decision',
    permission: 'read',
    params: byId,
    answer: dispute,
    handle: ({ params, caller }) => disputes.get(params.id, caller),
  }),
  defineRoute({
    method: 'get',
    path: '/disputes/:id/document',
    summary: 'A dispute’s document, to be saved',
    permission: 'read',
    audit: 'dispute.document',
    params: byId,
    produces: 'application/octet-stream',
    handle: async ({ params, caller, res }) => {
      const { name, type, size, stream } = await disputes.document(params.id, caller)
      await sendAttachment(res, { filename: name, content: stream, size }, type)
    },
  }),
  defineRoute({
    method: 'post',
    path: '/disputes/:id/decide',
    summary: 'Decide a dispute, or with dryRun=true see what upholding it would do to each rule',
    permission: 'dispute.decide',
    audit: 'dispute.decide',
    params: byId,
    query: decideQuery,
    body: decideDispute,
    answer: decided,
    handle: async ({ params, query, body, caller, now, audit }) => {
      if (query.dryRun) return disputeDecisions.preview(params.id, caller, now)
      const made = await disputeDecisions.decide(params.id, body, caller, now)
      audit(disputeTouched(made.dispute, { row: made.dispute.row, ...body }))
      return made
    },
  }),
]
