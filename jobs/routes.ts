import { defineRoute } from '../server/http/route.ts'
import { pageOf, paging } from '../server/http/schema.ts'
import type { Jobs } from './index.ts'
import { createSchedulerRoutes } from './job-routes.ts'
import { createOutboxRoutes } from './outbox/routes.ts'
import { assessmentView } from './schema.ts'
import { requireWholeCity } from './whole-city.ts'

/** The schedule, what it made, and the mails. */
export const createJobRoutes = ({ scheduler, outbox, assessments, deliverSoon }: Jobs) => [
  ...createSchedulerRoutes(scheduler),
  defineRoute({
    method: 'get',
    path: '/assessments',
    summary: 'The frozen results of the daily checks, newest first',
    permission: 'read',
    query: paging,
    answer: pageOf(assessmentView),
    async handle({ query, caller }) {
      requireWholeCity(caller)
      return assessments.list(query)
    },
  }),
  ...createOutboxRoutes(outbox, deliverSoon),
]
