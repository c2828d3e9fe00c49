import { z } from 'zod'
import type { Scope } from '../server/accounts/permissions.ts'
import { Problem } from '../server/http/problem.ts'
import { defineRoute } from '../server/http/route.ts'
import { objectId, pageOf, paging } from '../server/http/schema.ts'
import type { Jobs } from './index.ts'
import { assessmentView, jobView, mailView, mailWithContent, outboxQuery, reportView } from './schema.ts'

const byId = z.object({ id: objectId })

/** Frozen results are the whole city's: an account that sees one county or operator does not get them. */
function requireWholeCity({ scope }: { scope: Scope }): void {
  if (scope.county !== undefined || scope.operator !== undefined) throw new Problem(403, 'permission.denied')
}

/** The schedule, what it made, and the mails. */
export const createJobRoutes = ({ scheduler, outbox, assessments, reports, deliverSoon }: Jobs) => [
  defineRoute({
    method: 'get',
    path: '/jobs',
    summary: 'The scheduled jobs with their last and next runs',
    permission: 'read',
    answer: z.object({ items: z.array(jobView) }),
    async handle({ caller }) {
      requireWholeCity(caller)
      return { items: await scheduler.list() }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/jobs/:name/run',
    summary: 'Run a job now, in the background',
    permission: 'job.run',
    audit: 'job.run',
    params: z.object({ name: z.string().max(60) }),
    status: 202,
    answer: jobView,
    handle: ({ params, audit }) => {
      audit({ target: { kind: 'job', id: params.name, label: params.name } })
      return scheduler.runNow(params.name)
    },
  }),
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
