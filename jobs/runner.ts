import { insist } from './insist.ts'
import type { Installation } from './installation.ts'
import {
  describeError,
  type Job,
  type JobLog,
  type RecordDeed,
  type RunResult,
  type TellTrouble,
  TIMEOUT_MS,
} from './job.ts'
import { Leaving, LostRun, RunWork, TimedOut } from './run-work.ts'
import { type HeldRun, PAUSES_MIN, type RunLedger } from './runs.ts'
import type { Timeline } from './timeline.ts'

/** What does not stop although it was told to is waited for through so many times its time-out. */
const LINGERS = 4

/** How a run ended, as metrics count it: `lost` to another process, or `released` to one by a service that stops. */
export type RunOutcome = 'done' | 'failed' | 'timed-out' | 'lost' | 'released'

/** What a runner works with. */
export interface RunnerParts {
  ledger: RunLedger
  installation: Installation
  clock: { now(): Date }
  log: JobLog
  timelineOf(job: Job): Promise<Timeline>
  /** notes in the audit log how runs ended */
  record?: RecordDeed | undefined
  /** tells administrators of runs that do not come right by themselves */
  tell?: TellTrouble | undefined
  /** told of every run that ended here, and how long it took */
  observe?: ((job: string, outcome: RunOutcome, seconds: number) => void) | undefined
}

/** Runs what a job owes, and what a person asks for; keeps the run's lease alive meanwhile. */
export class Runner {
  private readonly parts: RunnerParts
  private readonly alive = new Map<HeldRun, RunWork>()
  /** until when what was given up and has not ended keeps its job from being tried again here */
  private readonly lingering = new Map<RunWork, { job: string; until: number }>()
  private isLeaving = false

  constructor(parts: RunnerParts) {
    this.parts = parts
  }

  /**
   * Runs a job for its latest slot if that, or any before it, is owed.
   * @returns whether it ran (well or not) here and now
   */
  async runOwed(job: Job, now: Date): Promise<boolean> {
    const { ledger, installation, timelineOf } = this.parts
    if (this.isLingering(job)) return false
    const covers = await ledger.owed(job, await timelineOf(job), await installation.since(now), now)
    const slot = covers.at(-1)
    if (!slot) return false
    const run = await ledger.claim({ job: job.name, slot, covers, manual: false, now })
    if (!run) return false
    // Taken while the service was asked to stop: for whoever comes next, without waiting for its lease.
    if (this.isLeaving) {
      await ledger.release(run)
      return false
    }
    await this.perform(job, run)
    return true
  }

  /**
   * Takes a run by hand. It stands under the instant at which it was asked for, and never under one that can be a
   * slot, which are whole seconds: the slot's own run would be taken for done.
   * @returns null while another run of the job is alive
   */
  async claimManual(job: Job, now: Date): Promise<HeldRun | null> {
    if (this.isLingering(job)) return null
    const slot = now.getTime() % 1000 === 0 ? new Date(now.getTime() + 1) : now
    return this.parts.ledger.claim({ job: job.name, slot, covers: [], manual: true, now })
  }

  /** Does the work of a run that was taken, and records how it ended. Never throws. */
  async perform(job: Job, run: HeldRun): Promise<void> {
    const { ledger, clock, log, observe } = this.parts
    const fields = fieldsOf(job, run)
    const timeoutMs = job.timeoutMs ?? TIMEOUT_MS
    const work = new RunWork(timeoutMs, (error) => {
      this.lingering.delete(work)
      log.warn({ ...fields, error: describeError(error) }, 'a run that was given up has ended after all')
    })
    this.alive.set(run, work)
    const heartbeat = setInterval(() => {
      ledger.renew(run).then(
        (isOurs) => isOurs || work.abort(new LostRun()),
        (error) => log.warn({ ...fields, error: describeError(error) }, 'lease not renewed'),
      )
    }, ledger.renewEveryMs)
    const begun = performance.now()
    let outcome: RunOutcome
    try {
      const { slot, covers, manual } = run
      const now = clock.now()
      const result = await work.do((signal) => job.run({ slot, covers, manual, now, signal }))
      outcome = (await this.finish(run, result)) ? 'done' : 'lost'
      if (outcome === 'done') await this.noteDone(job, run, result)
    } catch (error) {
      outcome = await this.failed(job, run, error)
    } finally {
      clearInterval(heartbeat)
      this.alive.delete(run)
      if (work.isGivenUp)
        this.lingering.set(work, { job: job.name, until: performance.now() + LINGERS * timeoutMs })
    }
    if (outcome === 'lost')
      log.warn(fields, 'run was taken over by another process; its end here counts for nothing')
    observe?.(job.name, outcome, (performance.now() - begun) / 1000)
  }

  /** Asks every run that is alive here to stop at its next safe point. */
  leave(): void {
    this.isLeaving = true
    for (const work of this.alive.values()) work.abort(new Leaving())
  }

  /** Gives back the runs that have not ended, for other processes to take over. */
  async releaseAll(): Promise<void> {
    await Promise.all([...this.alive.keys()].map((run) => this.parts.ledger.release(run)))
  }

  /** Gives back a run that was taken and will not be performed. */
  release(run: HeldRun): Promise<void> {
    return this.parts.ledger.release(run)
  }

  /** Whether an attempt of the job that was given up is still at work here: another beside it would double its load. */
  private isLingering(job: Job): boolean {
    return [...this.lingering.values()].some(
      ({ job: name, until }) => name === job.name && performance.now() < until,
    )
  }

  /** Records what a run did, insisting for a while, its lease kept alive: work that is done need not be done again. */
  private async finish(run: HeldRun, result: RunResult): Promise<boolean> {
    const { ledger, clock, log } = this.parts
    return insist(
      () => ledger.finish(run, result, clock.now()),
      () => this.isLeaving,
      (error) =>
        log.warn(
          { slot: run.slot, error: describeError(error) },
          'the end of a run not recorded, trying again',
        ),
    )
  }

  private async noteDone(job: Job, run: HeldRun, result: RunResult): Promise<void> {
    await this.note(job, run, { result })
    this.parts.log.info({ ...fieldsOf(job, run), ...result, covers: run.covers.length }, 'job done')
  }

  /** Records a run that threw, or was given up. */
  private async failed(job: Job, run: HeldRun, error: unknown): Promise<RunOutcome> {
    const { ledger, clock, log } = this.parts
    const fields = { ...fieldsOf(job, run), error: describeError(error) }
    if (error instanceof LostRun) return 'lost'
    try {
      if (error instanceof Leaving) {
        log.info(fields, 'job left for another process, or the next start')
        await ledger.release(run)
        return 'released'
      }
      log.error(fields, 'job failed')
      const fault = error instanceof TimedOut ? 'timed-out' : 'error'
      if (!(await ledger.fail(run, error, fault, clock.now()))) return 'lost'
    } catch (e) {
      log.error({ ...fields, error: describeError(e) }, 'failure not recorded')
    }
    await this.note(job, run, { error: describeError(error) })
    await this.tell(job, run, error)
    return error instanceof TimedOut ? 'timed-out' : 'failed'
  }

  /** Administrators hear of what timed out, and of what failed so often that it will not come right by itself. */
  private async tell(job: Job, run: HeldRun, error: unknown): Promise<void> {
    if (!(error instanceof TimedOut) && (run.manual || run.attempt < PAUSES_MIN.length)) return
    const { tell, clock, log } = this.parts
    const slot = run.slot.toISOString()
    const detail = { job: job.name, slot, reason: describeError(error) }
    await tell?.({ key: `job-failed:${job.name}:${slot}`, kind: 'job-failed', detail }, clock.now()).catch(
      (e) =>
        log.error(
          { ...fieldsOf(job, run), error: describeError(e) },
          'administrators not told of the failure',
        ),
    )
  }

  /** How a run ended, for the audit log. A run is not undone because it cannot be noted. */
  private async note(
    job: Job,
    run: HeldRun,
    ended: { result: RunResult } | { error: string },
  ): Promise<void> {
    const { record, clock, log } = this.parts
    const { slot, manual, attempt } = run
    try {
      await record?.({
        ...{ at: clock.now(), action: 'job.finished', outcome: 'error' in ended ? 'failed' : 'done' },
        target: { kind: 'job', id: job.name, label: job.name },
        detail: { slot: slot.toISOString(), manual, attempt, ...ended },
      })
    } catch (error) {
      log.error({ ...fieldsOf(job, run), error: describeError(error) }, 'run not noted in the audit log')
    }
  }
}

const fieldsOf = (job: Job, run: HeldRun) => ({
  ...{ job: job.name, slot: run.slot, manual: run.manual, attempt: run.attempt },
})
