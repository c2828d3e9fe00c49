import { setTimeout as pause } from 'node:timers/promises'
import type { Connection } from 'mongoose'
import { notFound, Problem } from '../server/http/problem.ts'
import { createInstallation } from './installation.ts'
import { describeError, type Job, type JobLog, type RecordDeed } from './job.ts'
import { Runner } from './runner.ts'
import { RunLedger } from './runs.ts'
import { type RunDoc, runModel } from './runs-model.ts'
import { scheduleOf } from './schedule.ts'
import type { JobView } from './schema.ts'
import { checkSchedule, nextSlot, nextSlots } from './slots.ts'
import type { Ticker } from './ticker.ts'

const RESTART_MS = 5_000

/** What a scheduler works with. */
export interface SchedulerParts {
  connection: Connection
  clock: { now(): Date }
  jobs: Job[]
  log: JobLog
  /** notes in the audit log what the jobs did */
  record?: RecordDeed | undefined
  /** the zone of the schedules; Asia/Shanghai unless told */
  timeZone?: string | undefined
  /** further things to be called at every tick, by name */
  ticks?: Record<string, () => Promise<unknown>>
  /** nobody else can use the database: what an ended process held is free at once */
  soleProcess?: boolean | undefined
  machineNow?: () => Date
  leaseMs?: number
}

export interface Scheduler {
  /** Records the installation, does what is owed, and goes on ticking. Safe to leave unawaited after listening. */
  start(): Promise<void>
  /** Ends the ticks and waits for work that is under way, for so long at most. */
  stop(patienceMs?: number): Promise<void>
  /** Starts a run by hand in the background. @throws Problem 404 or 409 */
  runNow(name: string): Promise<JobView>
  list(): Promise<JobView[]>
  /** Jobs that have missed two slots in a row, for the readiness check. */
  late(): Promise<string[]>
  /** Does what is owed now, and waits for it (tests and commands). */
  runOwed(): Promise<void>
}

/** @throws RangeError when a job's schedule or the zone does not exist */
export function createScheduler(parts: SchedulerParts): Scheduler {
  const { connection, clock, jobs, log } = parts
  const schedules = new Map(jobs.map((job) => [job, scheduleOf(job.cron, parts.timeZone)]))
  for (const schedule of schedules.values()) checkSchedule(schedule)
  const scheduleFor = (job: Job) => schedules.get(job) ?? scheduleOf(job.cron, parts.timeZone)
  const ledger = new RunLedger(runModel(connection), parts)
  const installation = createInstallation(connection)
  const runner = new Runner({
    ...{ ledger, installation, clock, log, scheduleOf: scheduleFor, record: parts.record },
  })
  const underWay = new Map<string, Promise<unknown>>()
  let ticker: Ticker | undefined
  let stopped = false

  /** Does something in the background, one at a time under each name. */
  function background(name: string, work: () => Promise<unknown>): void {
    if (stopped || underWay.has(name)) return
    const promise = work()
      .catch((error) => log.error({ job: name, error: describeError(error) }, 'tick failed'))
      .finally(() => underWay.delete(name))
    underWay.set(name, promise)
  }

  const works: Record<string, () => Promise<unknown>> = {
    ...Object.fromEntries(jobs.map((job) => [job.name, () => runner.runOwed(job, clock.now())])),
    ...parts.ticks,
  }
  const handlers = Object.fromEntries(
    Object.entries(works).map(([name, work]) => [name, () => background(name, work)]),
  )

  /** Starts ticking, insisting when the database is not there at this moment. @returns undefined when stopped */
  async function startTicker(): Promise<Ticker | undefined> {
    // Loaded here: the service listens before Agenda is read.
    const { Ticker } = await import('./ticker.ts')
    while (!stopped) {
      const starting = new Ticker(connection, handlers, log)
      try {
        await starting.start()
        if (!stopped) return starting
        await starting.stop()
      } catch (error) {
        log.error({ error: describeError(error) }, 'schedule not started, trying again')
        await pause(RESTART_MS)
      }
    }
    return undefined
  }

  async function view(job: Job): Promise<JobView> {
    const now = clock.now()
    const [runs, done, running] = await Promise.all([
      ledger.latest(job.name, 20),
      ledger.lastDone(job.name),
      ledger.running(job.name),
    ])
    const last = runs[0]
    const retry = last?.status === 'failed' && last.nextTryAt
    const next = nextSlot(scheduleFor(job), now)
    return {
      name: job.name,
      cron: job.cron,
      timeZone: scheduleFor(job).timeZone,
      nextRunAt: (retry && retry < next ? retry : next).toISOString(),
      running,
      lastRun: last ? runView(last) : null,
      lastSuccessAt: done?.finishedAt?.toISOString() ?? null,
      failures: failuresOf(runs),
      late: await isLate(job, now),
    }
  }

  /** Whether the slot before the latest one is still owed: one period for repairs, then it is an alarm. */
  async function isLate(job: Job, now: Date): Promise<boolean> {
    const owed = await ledger.owed(job, scheduleFor(job), await installation.since(now), now)
    return owed.length >= 2
  }

  return {
    async start() {
      const now = clock.now()
      const since = await installation.since(now)
      if (parts.soleProcess) await ledger.releaseAll()
      if (stopped) return
      for (const handle of Object.values(handlers)) handle()
      ticker = await startTicker()
      if (!ticker) return
      const next = jobs.map((job) => `${job.name} ${nextSlots(scheduleFor(job), now, 1)[0]?.toISOString()}`)
      log.info({ since, next }, 'schedule started')
    },
    async stop(patienceMs = 10_000) {
      stopped = true
      await ticker?.stop()
      ticker = undefined
      let timer: NodeJS.Timeout | undefined
      const patience = new Promise((done) => {
        timer = setTimeout(done, patienceMs)
      })
      await Promise.race([Promise.all(underWay.values()), patience])
      clearTimeout(timer)
    },
    async runNow(name) {
      const job = jobs.find((j) => j.name === name)
      if (!job) throw new Problem(404, 'job.unknown', name)
      if (stopped) throw notFound('The schedule is not running')
      const run = await runner.claimManual(job, clock.now())
      if (!run) throw new Problem(409, 'job.running', name)
      background(`${name} by hand ${run.owner}`, () => runner.perform(job, run))
      return view(job)
    },
    list: () => Promise.all(jobs.map(view)),
    async late() {
      const now = clock.now()
      const late = await Promise.all(jobs.map((job) => isLate(job, now)))
      return jobs.filter((_, i) => late[i]).map((job) => job.name)
    },
    async runOwed() {
      for (const job of jobs) await runner.runOwed(job, clock.now())
      for (const tick of Object.values(parts.ticks ?? {})) await tick()
    },
  }
}

const runView = (run: RunDoc): NonNullable<JobView['lastRun']> => ({
  slot: run.slot.toISOString(),
  status: run.status,
  startedAt: run.startedAt.toISOString(),
  finishedAt: run.finishedAt?.toISOString() ?? null,
  result: run.result,
  error: run.error,
  manual: run.manual,
  covers: run.covers.map((slot) => slot.toISOString()),
  attempts: run.attempts,
  nextTryAt: run.nextTryAt?.toISOString() ?? null,
})

/** The latest ten failed attempts, newest first. */
const failuresOf = (runs: RunDoc[]): JobView['failures'] =>
  runs
    .flatMap((run) =>
      run.failures.map(({ at, error }) => ({ slot: run.slot.toISOString(), at: at.toISOString(), error })),
    )
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .slice(0, 10)
