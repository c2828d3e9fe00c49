import { z } from 'zod'
import { defineRoute } from '../server/http/route.ts'
import { pageOf } from '../server/http/schema.ts'
import { jobsHealth, jobView, runsQuery, runView, scheduleEdit, schedulePreview } from './job-schema.ts'
import type { Scheduler } from './scheduler.ts'
import { requireWholeCity } from './whole-city.ts'

const byName = z.object({ name: z.string().max(60) })
const targetOf = (name: string) => ({ target: { kind: 'job', id: name, label: name } })

/** The scheduled jobs: how they went, when they are due, and running them. */
export const createSchedulerRoutes = (scheduler: Scheduler) => [
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
    method: 'get',
    path: '/jobs/health',
    summary: 'When the figures were last checked, and whether that is too long ago',
    permission: 'read',
    answer: jobsHealth,
    handle: () => scheduler.health(),
  }),
  defineRoute({
    method: 'get',
    path: '/jobs/preview',
    summary: 'When a cron of five fields would be due; refused with a reason if it cannot be a schedule',
    permission: 'schedule.manage',
    query: z.object({ cron: scheduleEdit.shape.cron }),
    answer: schedulePreview,
    handle: async ({ query }) => scheduler.preview(query.cron),
  }),
  defineRoute({
    method: 'get',
    path: '/jobs/:name/runs',
    summary: 'The runs of a job, newest first',
    permission: 'read',
    params: byName,
    query: runsQuery,
    answer: pageOf(runView),
    async handle({ params, query, caller }) {
      requireWholeCity(caller)
      return scheduler.runs(params.name, query)
    },
  }),
  defineRoute({
    method: 'post',
    path: '/jobs/:name/run',
    summary: 'Run a job now, in the background',
    permission: 'job.run',
    audit: 'job.run',
    params: byName,
    status: 202,
    answer: jobView,
    handle: ({ params, audit }) => {
      audit(targetOf(params.name))
      return scheduler.runNow(params.name)
    },
  }),
  defineRoute({
    method: 'put',
    path: '/jobs/:name/schedule',
    summary: 'Give a job another schedule from now on; what was due before stays owed',
    permission: 'schedule.manage',
    audit: 'job.schedule',
    params: byName,
    body: scheduleEdit,
    answer: jobView,
    async handle({ params, body, caller, audit }) {
      audit(targetOf(params.name))
      const by = { id: caller.id, name: caller.name }
      const { before, view } = await scheduler.reschedule(params.name, { ...body, by })
      audit({ before: { cron: before }, after: { cron: view.cron }, detail: { reason: body.reason ?? null } })
      return view
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/jobs/:name/schedule',
    summary: 'Give a job its default schedule back',
    permission: 'schedule.manage',
    audit: 'job.schedule',
    params: byName,
    answer: jobView,
    async handle({ params, caller, audit }) {
      audit(targetOf(params.name))
      const by = { id: caller.id, name: caller.name }
      const { before, view } = await scheduler.reschedule(params.name, { cron: null, by })
      audit({ before: { cron: before }, after: { cron: view.cron } })
      return view
    },
  }),
]
