import type { Installation } from './installation.ts'
import { describeError, type Job, type JobLog, type RecordDeed, type RunResult } from './job.ts'
import type { HeldRun, RunLedger } from './runs.ts'
import type { Schedule } from './slots.ts'

/** What a runner works with. */
export interface RunnerParts {
  ledger: RunLedger
  installation: Installation
  clock: { now(): Date }
  log: JobLog
  scheduleOf(job: Job): Schedule
  /** notes in the audit log how runs ended */
  record?: RecordDeed | undefined
}

/** Runs what a job owes, and what a person asks for; keeps the run's lease alive meanwhile. */
export class Runner {
  private readonly parts: RunnerParts

  constructor(parts: RunnerParts) {
    this.parts = parts
  }

  /**
   * Runs a job for its latest slot if that, or any before it, is owed.
   * @returns whether it ran (well or not) here and now
   */
  async runOwed(job: Job, now: Date): Promise<boolean> {
    const { ledger, installation, scheduleOf } = this.parts
    const covers = await ledger.owed(job, scheduleOf(job), await installation.since(now), now)
    const slot = covers.at(-1)
    if (!slot) return false
    const run = await ledger.claim({ job: job.name, slot, covers, manual: false, now })
    if (!run) return false
    await this.perform(job, run)
    return true
  }

  /** Takes a run by hand. @returns null while another run of the job is alive */
  claimManual(job: Job, now: Date): Promise<HeldRun | null> {
    return this.parts.ledger.claim({ job: job.name, slot: now, covers: [], manual: true, now })
  }

  /** Does the work of a run that was taken, and records how it ended. Never throws. */
  async perform(job: Job, run: HeldRun): Promise<void> {
    const { ledger, clock, log } = this.parts
    const fields = { job: job.name, slot: run.slot, manual: run.manual, attempt: run.attempt }
    const heartbeat = setInterval(() => {
      ledger
        .renew(run)
        .catch((error) => log.warn({ ...fields, error: describeError(error) }, 'lease not renewed'))
    }, ledger.renewEveryMs)
    try {
      const { slot, covers, manual } = run
      const { signal } = new AbortController()
      const result = await job.run({ slot, covers, manual, now: clock.now(), signal })
      await ledger.finish(run, result, clock.now())
      await this.note(job, run, { result })
      log.info({ ...fields, ...result, covers: covers.length }, 'job done')
    } catch (error) {
      log.error({ ...fields, error: describeError(error) }, 'job failed')
      await ledger
        .fail(run, error, clock.now())
        .catch((e) => log.error({ ...fields, error: describeError(e) }, 'failure not recorded'))
      await this.note(job, run, { error: describeError(error) })
    } finally {
      clearInterval(heartbeat)
    }
  }

  /** How a run ended, for the audit log. A run is not undone because it cannot be noted. */
  private async note(
    job: Job,
    { slot, manual, attempt }: HeldRun,
    ended: { result: RunResult } | { error: string },
  ): Promise<void> {
    const { record, clock, log } = this.parts
    try {
      await record?.({
        ...{ at: clock.now(), action: 'job.finished', outcome: 'error' in ended ? 'failed' : 'done' },
        target: { kind: 'job', id: job.name, label: job.name },
        detail: { slot: slot.toISOString(), manual, attempt, ...ended },
      })
    } catch (error) {
      log.error({ job: job.name, error: describeError(error) }, 'run not noted in the audit log')
    }
  }
}
