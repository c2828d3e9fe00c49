import { z } from 'zod'
import { defineRoute } from '../http/route.ts'
import { month, monthlyReporting, nilReport, reportingQuery, reportNil } from './schema.ts'
import type { ReportingService } from './service.ts'

/** Monthly reporting: who has, and that there is nothing to report. */
export const reportingRoutes = (reporting: ReportingService) => [
  defineRoute({
    method: 'get',
    path: '/reporting',
    summary: 'Which operators reported for a month, and how',
    permission: 'read',
    query: reportingQuery,
    answer: monthlyReporting,
    handle: ({ query, caller, now }) => reporting.month(query.month, caller, now),
  }),
  defineRoute({
    method: 'post',
    path: '/reporting/nil',
    summary: 'Report that there is nothing to report for this month or the last one',
    permission: 'report.nil',
    audit: 'report.nil',
    body: reportNil,
    status: 201,
    answer: nilReport,
    handle: async ({ body, caller, now, res }) => {
      const { report, isNew } = await reporting.reportNil(body, caller, now)
      if (!isNew) res.status(200).json(report)
      return report
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/reporting/nil/:month',
    summary: 'Take a nil report back',
    permission: 'report.nil',
    audit: 'report.nil.withdraw',
    params: z.object({ month }),
    query: z.object({ operator: z.string().min(1).max(100).optional() }),
    handle: ({ params, query, caller, now }) => reporting.takeBack(params.month, query.operator, caller, now),
  }),
]
