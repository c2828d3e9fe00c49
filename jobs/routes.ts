import { z } from 'zod'
import { defineRoute } from '../server/http/route.ts'
import { objectId, pageOf, paging } from '../server/http/schema.ts'
import type { Jobs } from './index.ts'
import { createSchedulerRoutes } from './job-routes.ts'
import { assessmentView, mailView, mailWithContent, outboxQuery, reportView } from './schema.ts'
import { requireWholeCity } from './whole-city.ts'

const byId = z.object({ id: objectId })

/** The schedule, what it made, and the mails. */
export const createJobRoutes = ({ scheduler, outbox, assessments, reports, deliverSoon }: Jobs) => [
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
  defineRoute({
    method: 'get',
    path: '/reports',
    summary: 'The reports that were made, newest first',
    permission: 'read',
    query: paging,
    answer: pageOf(reportView),
    async handle({ query, caller }) {
      requireWholeCity(caller)
      return reports.list(query)
    },
  }),
  defineRoute({
    method: 'get',
    path: '/outbox',
    summary: 'The mails with their status, newest first',
    permission: 'mail.read',
    query: outboxQuery,
    answer: pageOf(mailView),
    handle: ({ query }) => outbox.list(query),
  }),
  defineRoute({
    method: 'get',
    path: '/outbox/:id',
    summary: 'A mail with its content',
    permission: 'mail.read',
    params: byId,
    answer: mailWithContent,
    handle: ({ params }) => outbox.get(params.id),
  }),
  defineRoute({
    method: 'post',
    path: '/outbox/:id/retry',
    summary: 'Send a mail that has not been sent as soon as possible',
    permission: 'job.run',
    audit: 'mail.retry',
    params: byId,
    answer: mailView,
    async handle({ params, now, audit }) {
      const mail = await outbox.retry(params.id, now)
      audit({ target: { kind: 'mail', id: mail.id, label: `${mail.to} ${mail.subject}` } })
      deliverSoon()
      return mail
    },
  }),
]
