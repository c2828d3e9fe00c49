import { z } from 'zod'
import { narrow, type Scope } from '../accounts/permissions.ts'
import { Problem } from '../http/problem.ts'
import { defineRoute } from '../http/route.ts'
import type { Breakdowns } from './breakdowns.ts'
import type { EvidenceList } from './evidence-list.ts'
import {
  breakdown,
  breakdownQuery,
  compliance,
  complianceQuery,
  evidence,
  evidenceFilter,
  evidenceQuery,
  trend,
  trendQuery,
} from './schema.ts'
import type { ComplianceService } from './service.ts'
import type { Trends } from './trends.ts'

const byRule = z.object({ rule: z.string().max(60) })

/** A query within the caller's scope. @throws Problem 403 when it asks for another part of the city */
export function within<T extends Scope>(query: T, scope: Scope): T {
  const narrowed = narrow(query, scope)
  if (!narrowed) throw new Problem(403, 'permission.denied')
  return narrowed
}

interface Parts {
  compliance: ComplianceService
  evidence: EvidenceList
  breakdowns: Breakdowns
  trends: Trends
}

/** Figures, the changes behind them, their parts and their course. */
export const complianceRoutes = ({ compliance: figures, evidence: behind, breakdowns, trends }: Parts) => [
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
      behind.list(params.rule, within(query, caller.scope), caller.scope, now),
  }),
  defineRoute({
    method: 'get',
    path: '/compliance/:rule/evidence/count',
    summary: 'How many changes a figure is made of',
    permission: 'read',
    params: byRule,
    query: evidenceFilter,
    answer: z.object({ total: z.number().int() }),
    handle: ({ params, query, caller, now }) => behind.count(params.rule, within(query, caller.scope), now),
  }),
  defineRoute({
    method: 'get',
    path: '/compliance/:rule/trend',
    summary: 'A figure’s course by month, and the required line',
    permission: 'read',
    params: byRule,
    query: trendQuery,
    answer: trend,
    handle: ({ params, query, caller, now }) => trends.trend(params.rule, within(query, caller.scope), now),
  }),
  defineRoute({
    method: 'get',
    path: '/compliance/:rule/breakdown',
    summary: 'A figure in its parts, which add up to it',
    permission: 'read',
    params: byRule,
    query: breakdownQuery,
    answer: breakdown,
    handle: async ({ params, query, caller, now, res }) => {
      const text = await breakdowns.json(params.rule, within(query, caller.scope), now)
      // As it is: it is in bytes already, and no browser keeps it to ask whether it is still the same.
      res.type('json').set('Content-Length', String(text.length)).end(text)
    },
  }),
]
