import { z } from 'zod'
import type { Scope } from '../accounts/permissions.ts'
import { defineRoute } from '../http/route.ts'
import { objectId } from '../http/schema.ts'
import { codeOf } from './digest.ts'
import type { ReportDoc } from './model.ts'
import {
  checkQuery,
  orderReport,
  type ReportView,
  reportCheck,
  reportList,
  reportsQuery,
  reportView,
} from './schema.ts'
import type { ReportService } from './service.ts'

const byId = z.object({ id: objectId })

/** Reports: the list, one of them with what has changed since, one on a period that has none, and the check of a paper. */
export const reportRoutes = ({ reports }: { reports: ReportService }) => [
  defineRoute({
    method: 'get',
    path: '/reports/check/:number',
    summary:
      'Whether a report on paper is genuine and unchanged: for anybody who holds it, by the code on it',
    permission: 'public',
    params: z.object({ number: z.string().max(60) }),
    query: checkQuery,
    answer: reportCheck,
    handle: ({ params, query, now }) => reports.verify(params.number, query.code, now),
  }),
  defineRoute({
    method: 'get',
    path: '/reports',
    summary:
      'The reports that were made, the latest period first, with the figures of the caller’s part of the city',
    permission: 'read',
    query: reportsQuery,
    answer: reportList,
    handle: ({ query, caller }) => reports.list(query, caller.scope),
  }),
  defineRoute({
    method: 'get',
    path: '/reports/:id',
    summary: 'A report as it was frozen, the caller’s part of it, and what has changed since',
    permission: 'read',
    params: byId,
    answer: reportView,
    handle: async ({ params, caller, now }) =>
      viewOf(reports, await reports.get(params.id), caller.scope, now),
  }),
  defineRoute({
    method: 'post',
    path: '/reports',
    summary: 'Make the report on a past period that has none, as known now',
    permission: 'job.run',
    audit: 'report.order',
    body: orderReport,
    status: 201,
    answer: reportView,
    handle: async ({ body, caller, now, audit }) => {
      const report = await reports.order(body.kind, body.period, now)
      audit({ target: { kind: 'report', id: report._id.toHexString(), label: report.number } })
      return viewOf(reports, report, caller.scope, now)
    },
  }),
]

async function viewOf(
  reports: ReportService,
  report: ReportDoc,
  scope: Scope,
  now: Date,
): Promise<ReportView> {
  const { content, digest } = await reports.paperFor(report, scope, now)
  return {
    ...{ id: report._id.toHexString(), digest, code: codeOf(digest), content },
    since: await reports.since(report, { scope, figures: content.figures }, now),
  }
}
