import { setTimeout as pause } from 'node:timers/promises'
import type { Connection } from 'mongoose'
import { atMost } from '../server/at-most.ts'
import { POLICY_ZONE } from '../server/domain/civil-date.ts'
import { Problem } from '../server/http/problem.ts'
import { createInstallation } from './installation.ts'
import { describeError, type Job, type JobLog, type RecordDeed, type TellTrouble } from './job.ts'
import { createJobBook, type JobBook } from './job-book.ts'
import type { JobView } from './job-schema.ts'
import { Pulses } from './pulses.ts'
import { Recurring, type TickWork } from './recurring.ts'
import { Runner, type RunOutcome } from './runner.ts'
import { RunLedger } from './runs.ts'
import { runModel } from './runs-model.ts'
import { type Rhythm, scheduleOf } from './schedule.ts'
import { Schedules } from './schedules.ts'
import { checkSchedule } from './slots.ts'
import type { Ticker } from './ticker.ts'
import { type Verdict, Watchdog } from './watchdog.ts'

const RESTART_MS = 5_000
/** So long the database may take, at the end, to take back what this process held. */
const ENDING_MS = 10_000

/** What a scheduler works with. */
export interface SchedulerParts {
  connection: Connection
  clock: { now(): Date }
  jobs: Job[]
  log: JobLog
  /** notes in the audit log what the jobs did */
  record?: RecordDeed | undefined
  /** tells administrators of what does not come right by itself */
  tell?: TellTrouble | undefined
  /** told of every run that ended here, for metrics */
  observe?: ((job: string, outcome: RunOutcome, seconds: number) => void) | undefined
  /** the zone of the schedules; Asia/Shanghai unless told */
  timeZone?: string | undefined
  /** further things to be called at every tick, by name */
  ticks?: Record<string, TickWork>
  /** nobody else can use the database: what an ended process held is free at once */
  soleProcess?: boolean | undefined
  machineNow?: () => Date
  leaseMs?: number
  /** how long what a tick begins may take, in real time; for tests */
  tickTimeoutMs?: number
  /** how often ticks come, and the watchdog's clock; for tests */
  rhythm?: Rhythm
  monotonic?: () => number
}

export interface Scheduler extends JobBook {
  /** Records the installation, does what is owed, and goes on ticking. Safe to leave unawaited after listening. */
  start(): Promise<void>
  /** Takes up nothing more, and asks what is under way to stop at a safe point. */
  leave(): void
  /** Ends the ticks, asks what is under way to stop at a safe point, and waits for that, for so long at most. */
  stop(patienceMs?: number): Promise<void>
  /** Starts a run by hand in the background. @throws Problem 404, 409, or 503 while the service stops */
  runNow(name: string): Promise<JobView>
  /** In a word what is wrong with the schedule, for the readiness check; undefined when nothing is. */
  fault(): string | undefined
  /** Has the watchdog look now, as it does every half minute. */
  look(): Promise<Verdict>
  /** What is to succeed again and again, and when it last did: its ticks, and the rounds that are added. */
  pulses: Pulses
  /** Does what is owed now, and waits for it (tests and commands). */
  runOwed(): Promise<void>
}

/** @throws RangeError when a job's schedule or the zone does not exist */
export function createScheduler(parts: SchedulerParts): Scheduler {
  const { connection, clock, jobs, log, tell } = parts
  const timeZone = parts.timeZone ?? POLICY_ZONE
  for (const job of jobs) checkSchedule(scheduleOf(job.cron, timeZone))
  const ledger = new RunLedger(runModel(connection), parts)
  const installation = createInstallation(connection)
  const schedules = new Schedules(connection, timeZone)
  const book = createJobBook({ jobs, ledger, installation, schedules, clock, timeZone })
  const runner = new Runner({
    ...{ ledger, installation, clock, log, tell, record: parts.record, observe: parts.observe },
    timelineOf: (job) => schedules.timeline(job),
  })
  const pulses = new Pulses(connection, parts.monotonic)
  pulses.expect(...Object.keys(parts.ticks ?? {}))
  const recurring = new Recurring({ clock, log, pulses, timeoutMs: parts.tickTimeoutMs })
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

  const ticks = Object.entries(parts.ticks ?? {}).map(
    ([name, work]) => [name, () => recurring.do(name, work)] as const,
  )
  const works: Record<string, () => Promise<unknown>> = {
    ...Object.fromEntries(jobs.map((job) => [job.name, () => runner.runOwed(job, clock.now())])),
    ...Object.fromEntries(ticks),
  }
  const handlers = Object.fromEntries(
    Object.entries(works).map(([name, work]) => [name, () => background(name, work)]),
  )
  const watchdog = new Watchdog({
    ...{ clock, log, tell, revive, states: book.states, monotonic: parts.monotonic },
    ...{ ticks: Object.keys(handlers), successes: pulses },
    pulse: async () => (await ticker?.pulse()) ?? {},
  })
  const tickOnce = () => {
    for (const handle of Object.values(handlers)) handle()
  }

  /** Does something, insisting when the database is not there at this moment. @returns undefined when stopped */
  async function insist<T>(work: () => Promise<T>): Promise<T | undefined> {
    while (!stopped) {
      try {
        return await work()
      } catch (error) {
        log.error({ error: describeError(error) }, 'schedule not started, trying again')
        await pause(RESTART_MS)
      }
    }
    return undefined
  }

  async function startTicker(): Promise<Ticker> {
    // Loaded here: the service listens before Agenda is read.
    const { Ticker } = await import('./ticker.ts')
    const starting = new Ticker(connection, handlers, log, parts.rhythm)
    try {
      await starting.start()
    } catch (error) {
      await starting.stop().catch(() => {})
      throw error
    }
    if (stopped) await starting.stop()
    return starting
  }

  /** Ends the ticks; what cannot be given back, as when the database is gone, is given back by the next start. */
  async function endTicks(): Promise<void> {
    await ticker?.stop().catch((error) => log.warn({ error: describeError(error) }, 'ticks not given back'))
  }

  /** Starts ticks that have died anew, and does at once what they would have begun. */
  async function revive(): Promise<void> {
    tickOnce()
    await endTicks()
    ticker = await insist(startTicker)
  }

  function leave(): void {
    stopped = true
    runner.leave()
    recurring.leave()
  }

  return {
    ...{ ...book, leave, pulses },
    async start() {
      const now = clock.now()
      const since = await insist(async () => {
        if (parts.soleProcess) await ledger.releaseAll()
        return installation.since(now)
      })
      tickOnce()
      ticker = await insist(startTicker)
      if (stopped || !ticker) return
      watchdog.start()
      log.info({ since, jobs: jobs.map(({ name }) => name) }, 'schedule started')
    },
    async stop(patienceMs = 10_000) {
      leave()
      const ending = watchdog.stop().then(endTicks)
      await Promise.all([atMost(ENDING_MS, ending), atMost(patienceMs, Promise.all(underWay.values()))])
      ticker = undefined
      await atMost(ENDING_MS, runner.releaseAll()).catch((error) =>
        log.warn({ error: describeError(error) }, 'runs not given back'),
      )
    },
    async runNow(name) {
      const job = book.find(name)
      if (stopped) throw stopping()
      const run = await runner.claimManual(job, clock.now())
      if (!run) throw new Problem(409, 'job.running', name)
      if (stopped) {
        await runner.release(run)
        throw stopping()
      }
      background(`${name} by hand ${run.owner}`, () => runner.perform(job, run))
      return book.view(job)
    },
    fault: () => (ticker ? watchdog.fault : 'starting'),
    look: () => watchdog.look(),
    async runOwed() {
      for (const job of jobs) await runner.runOwed(job, clock.now())
      for (const [, work] of ticks) await work()
    },
  }
}

const stopping = () => new Problem(503, 'busy')
