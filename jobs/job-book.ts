import { Problem } from '../server/http/problem.ts'
import type { Installation } from './installation.ts'
import type { Job } from './job.ts'
import type { JobsHealth, JobView, RunView, SchedulePreview } from './job-schema.ts'
import { SHOWN_SLOTS, viewOfJob, viewOfRun } from './job-views.ts'
import type { PageQuery } from './paging.ts'
import type { RunLedger } from './runs.ts'
import { scheduleOf } from './schedule.ts'
import type { Editor, Schedules } from './schedules.ts'
import { nextSlots } from './slots.ts'
import { nextDue } from './timeline.ts'
import type { JobState, JobStates } from './watchdog.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** What is to be known of the jobs, and the editing of their schedules. */
export interface JobBook {
  list(): Promise<JobView[]>
  /** @throws Problem 404 `job.unknown` */
  find(name: string): Job
  view(job: Job): Promise<JobView>
  /** A page of a job's runs, newest first. @throws Problem 404 */
  runs(
    name: string,
    query: PageQuery,
  ): Promise<{ items: RunView[]; nextCursor: string | null; total?: number | undefined }>
  /** When a cron would be due. @throws Problem 422 `cron.*` */
  preview(cron: string): SchedulePreview
  /**
   * Gives a job another schedule from now on; `cron: null` for the default.
   * @throws Problem 404, 422 `cron.*`, 409 `job.schedule-changed`
   */
  reschedule(
    name: string,
    edit: { cron: string | null; by: Editor; reason?: string | undefined },
  ): Promise<{ before: string; view: JobView }>
  /** What each job owes; one of which that cannot be told keeps it from being told of no other. */
  states(now: Date): Promise<JobStates>
  health(): Promise<JobsHealth>
}

/** The book of the jobs over the ledger of runs. */
export function createJobBook(parts: {
  jobs: readonly Job[]
  ledger: RunLedger
  installation: Installation
  schedules: Schedules
  clock: { now(): Date }
  timeZone: string
}): JobBook {
  const { jobs, ledger, installation, schedules, clock, timeZone } = parts

  function find(name: string): Job {
    const job = jobs.find((j) => j.name === name)
    if (!job) throw new Problem(404, 'job.unknown', name)
    return job
  }

  async function stateOf(job: Job, now: Date): Promise<JobState> {
    const [timeline, running, done, since] = await Promise.all([
      ...([schedules.timeline(job), ledger.running(job.name), ledger.lastDone(job.name, now)] as const),
      installation.since(now),
    ])
    const lastSuccessAt = done?.finishedAt ?? null
    return { job, timeline, running, lastSuccessAt, owed: await ledger.owed(job, timeline, since, now) }
  }
  async function states(now: Date): Promise<JobStates> {
    const looked = await Promise.allSettled(jobs.map((job) => stateOf(job, now)))
    return {
      known: looked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
      unknown: jobs.flatMap((job, i) => {
        const one = looked[i]
        return one?.status === 'rejected' ? [{ job, error: one.reason as unknown }] : []
      }),
    }
  }

  async function view(job: Job): Promise<JobView> {
    const now = clock.now()
    const [state, versions, runs] = await Promise.all([
      stateOf(job, now),
      schedules.versions(job.name),
      ledger.latest(job.name, 20),
    ])
    return viewOfJob(state, { versions, runs }, now)
  }

  return {
    ...{ find, view, states },
    list: () => Promise.all(jobs.map(view)),
    async runs(name, query) {
      const page = await ledger.page(find(name).name, query)
      return { ...page, items: page.items.map(viewOfRun) }
    },
    preview(asked) {
      const cron = schedules.checked(asked)
      const next = nextSlots(scheduleOf(cron, timeZone), clock.now(), SHOWN_SLOTS)
      return { cron, timeZone, nextSlots: next.map((slot) => slot.toISOString()) }
    },
    async reschedule(name, edit) {
      const job = find(name)
      const before = (await schedules.versions(name)).at(-1)?.cron ?? job.cron
      await schedules.edit(job, edit, clock.now())
      return { before, view: await view(job) }
    },
    async health() {
      const now = clock.now()
      const job = find('daily-check')
      const [timeline, done] = await Promise.all([schedules.timeline(job), ledger.lastDone(job.name, now)])
      const since = done?.finishedAt ?? (await installation.since(now))
      const [next, after] = nextDue(timeline, now, 2)
      const period = next && after ? after.getTime() - next.getTime() : DAY_MS
      // An hour for the check itself and its first repetitions.
      const stale = now.getTime() - since.getTime() > Math.max(DAY_MS, period) + HOUR_MS
      return { dailyCheck: { lastSuccessAt: done?.finishedAt?.toISOString() ?? null, stale } }
    },
  }
}
