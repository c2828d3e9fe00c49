import type { Job, RunResult } from './job.ts'
import { SCHEDULE } from './schedule.ts'

/** What removes what nobody needs any more. */
export interface Cleaner {
  run(now: Date, signal: AbortSignal): Promise<RunResult>
}

/** The nightly cleaning: stale lists, files without a list, links and tokens that open nothing, old notices. */
export const createCleaning = (cleaner: Cleaner): Job => ({
  name: 'cleaning',
  cron: SCHEDULE.cleaning,
  owedAtFirst: 'none',
  run: ({ now, signal }) => cleaner.run(now, signal),
})
