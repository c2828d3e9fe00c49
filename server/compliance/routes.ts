import { z } from 'zod'
import { narrow, type Scope } from '../accounts/permissions.ts'
import { Problem } from '../http/problem.ts'
import { defineRoute } from '../http/route.ts'
import { compliance, complianceQuery, evidence, evidenceQuery, trend, trendQuery } from './schema.ts'
import type { ComplianceService } from './service.ts'

const byRule = z.object({ rule: z.string().max(60) })

/** A query within the caller's scope. @throws Problem 403 when it asks for another part of the city */
function within<T extends Scope>(query: T, scope: Scope): T {
  const narrowed = narrow(query, scope)
  if (!narrowed) throw new Problem(403, 'permission.denied')
  return narrowed
}

/** Figures, the changes behind them, and their course. */
export const complianceRoutes = (figures: ComplianceService) => [
  defineRoute({
    method: 'get',
    path: '/compliance',
    summary: 'Every rule’s figure, as of a day and as known at an instant',
    permission: 'read',
    query: complianceQuery,
    answer: compliance,
    handle: ({ query, caller, now }) => figures.figures(within(query, caller.scope), now),
  }),
  defineRoute({
    method: 'get',
    path: '/compliance/:rule/evidence',
    summary: 'The changes that a figure is made of',
    permission: 'read',
    params: byRule,
    query: evidenceQuery,
    answer: evidence,
    handle: ({ params, query, caller, now }) =>
      figures.evidence(params.rule, within(query, caller.scope), now),
  }),
  defineRoute({
    method: 'get',
    path: '/compliance/:rule/trend',
    summary: 'A figure’s course by month, and the required line',
    permission: 'read',
    params: byRule,
    query: trendQuery,
    answer: trend,
    handle: ({ params, query, caller, now }) => figures.trend(params.rule, within(query, caller.scope), now),
  }),
]
