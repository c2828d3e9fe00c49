/** Jobs and runs as people get to see them. */
import type { JobView, RunView } from './job-schema.ts'
import type { RunDoc } from './runs-model.ts'
import type { ScheduleVersion } from './schedules.ts'
import { nextDue, scheduleAt } from './timeline.ts'
import { isLate, type JobState, lagOf } from './watchdog.ts'

/** So many slots ahead are shown. */
export const SHOWN_SLOTS = 5

/** A run of a job. */
export const viewOfRun = (run: RunDoc): RunView => ({
  slot: run.slot.toISOString(),
  status: run.status,
  startedAt: run.startedAt.toISOString(),
  finishedAt: run.finishedAt?.toISOString() ?? null,
  result: run.result,
  error: run.error,
  fault: run.status === 'failed' ? (run.fault ?? 'error') : null,
  manual: run.manual,
  covers: run.covers.map((slot) => slot.toISOString()),
  attempts: run.attempts,
  nextTryAt: run.nextTryAt?.toISOString() ?? null,
})

/**
 * A job with its last and next runs.
 * @param record the edits of its schedule, oldest first, and its latest runs, newest first
 */
export function viewOfJob(
  state: JobState,
  { versions, runs }: { versions: readonly ScheduleVersion[]; runs: readonly RunDoc[] },
  now: Date,
): JobView {
  const { job, timeline, running, owed, lastSuccessAt } = state
  const last = runs[0]
  const { cron, timeZone } = scheduleAt(timeline, now)
  const nextSlots = nextDue(timeline, now, SHOWN_SLOTS)
  const retry = last?.status === 'failed' && last.nextTryAt
  const next = nextSlots[0]
  const edit = versions.at(-1)
  return {
    ...{ name: job.name, cron, defaultCron: job.cron, timeZone, running },
    edited: edit
      ? { at: edit.from.toISOString(), by: edit.by.name, reason: edit.reason, reset: edit.cron === null }
      : null,
    nextRunAt: (retry && (!next || retry < next) ? retry : next)?.toISOString() ?? null,
    nextSlots: nextSlots.map((slot) => slot.toISOString()),
    lastRun: last ? viewOfRun(last) : null,
    lastSuccessAt: lastSuccessAt?.toISOString() ?? null,
    failures: failuresOf(runs),
    late: isLate(state, now),
    lagSeconds: Math.round(lagOf(owed, now) / 1000),
  }
}

/** The latest ten failed attempts, newest first. */
const failuresOf = (runs: readonly RunDoc[]): JobView['failures'] =>
  runs
    .flatMap((run) =>
      run.failures.map(({ at, error }) => ({ slot: run.slot.toISOString(), at: at.toISOString(), error })),
    )
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .slice(0, 10)
