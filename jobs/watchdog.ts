/**
 * The watchdog: a plain timer in each process that looks whether ticks still come, whether what they begin succeeds,
 * and whether anything owed is left undone. It rests on nothing of Agenda's, and on no clock that somebody can set for the silence.
 */
import { Beats } from './beats.ts'
import { describeError, type Job, type JobLog, type JobTrouble, type TellTrouble } from './job.ts'
import type { Pulse } from './pulses.ts'
import { nextDue, type Timeline } from './timeline.ts'

/** How often it looks. */
const LOOK_MS = 30_000
/** Ticks come every fifteen seconds: after so long without any, from any process, they have died. */
export const SILENT_MS = 3 * 60_000
/** A service that has just started is given so long to make up for what was missed. */
export const GRACE_MS = 5 * 60_000
/** What is begun every few seconds has to succeed once in so long. */
export const STALLED_MS = 15 * 60_000
/** So many looks in vain, one after the other, before what cannot be looked at counts as a fault. */
const VAIN_LOOKS = 2
const DAY_MS = 86_400_000

/** What a job owes at a moment. */
export interface JobState {
  job: Job
  timeline: Timeline
  /** oldest first */
  owed: Date[]
  /** a run is alive */
  running: boolean
  lastSuccessAt: Date | null
}

/** What the jobs owe, and of which of them that cannot be told. */
export interface JobStates {
  known: JobState[]
  unknown: { job: Job; error: unknown }[]
}

/** Milliseconds since the oldest slot that is owed; 0 when none is. */
export const lagOf = (owed: readonly Date[], now: Date): number =>
  owed[0] ? Math.max(0, now.getTime() - owed[0].getTime()) : 0

/**
 * Whether a job is late: what it owes has been due for a whole period of its own, or a day if that is less. Its last
 * success then lies two periods back; up to there it is being tried again.
 */
export function isLate({ timeline, owed }: Pick<JobState, 'timeline' | 'owed'>, now: Date): boolean {
  const [oldest] = owed
  if (!oldest) return false
  const next = nextDue(timeline, oldest, 1)[0]
  const period = next ? next.getTime() - oldest.getTime() : DAY_MS
  return lagOf(owed, now) >= Math.min(period, DAY_MS)
}

/** What the watchdog found. */
export interface Verdict {
  /** no ticks of some name */
  silent: boolean
  /** late, and nothing is being done about it */
  late: JobState[]
  /** ticks and rounds that are begun, and have not succeeded for long */
  stalled: string[]
}

/** Judges what was seen. Pure. */
export const judge = (seen: {
  now: Date
  silentMs: number
  upMs: number
  jobs: readonly JobState[]
  /** for how long each tick and round has not succeeded */
  idle?: readonly { name: string; ms: number }[]
}): Verdict => ({
  silent: seen.silentMs >= SILENT_MS,
  late: seen.upMs < GRACE_MS ? [] : seen.jobs.filter((state) => !state.running && isLate(state, seen.now)),
  stalled: (seen.idle ?? []).filter(({ ms }) => ms >= STALLED_MS).map(({ name }) => name),
})

/** What a watchdog works with. */
export interface WatchdogParts {
  clock: { now(): Date }
  log: JobLog
  /** the ticks that come */
  ticks: readonly string[]
  /** by the ticks' names: changes with every tick, in whichever process */
  pulse(): Promise<Record<string, string>>
  states(now: Date): Promise<JobStates>
  /** when what the ticks begin last succeeded */
  successes: { expected: readonly string[]; latest(): Promise<Pulse[]> }
  /** starts the ticks anew */
  revive(): Promise<void>
  tell?: TellTrouble | undefined
  /** milliseconds of a clock that nobody sets; for tests */
  monotonic?: (() => number) | undefined
}

/** Looks every half minute. */
export class Watchdog {
  private readonly parts: WatchdogParts
  private readonly monotonic: () => number
  private timer: NodeJS.Timeout | undefined
  private looking: Promise<void> | undefined
  private startedAt = 0
  private readonly ticks = new Beats()
  private readonly successes = new Beats()
  private lastSuccess = new Map<string, Date>()
  /** how often in a row each thing was looked at in vain */
  private readonly vain = new Map<string, number>()
  private revivedAt = 0
  private lookedAt = 0
  private verdict: Verdict = { silent: false, late: [], stalled: [] }

  constructor(parts: WatchdogParts) {
    this.parts = parts
    this.monotonic = parts.monotonic ?? (() => performance.now())
  }

  start(): void {
    const at = this.monotonic()
    this.startedAt = this.revivedAt = this.lookedAt = at
    this.ticks.start(at)
    this.successes.start(at)
    this.timer = setInterval(() => this.lookOnce(), LOOK_MS)
    this.timer.unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    await this.looking
  }

  /** In a word what is wrong, for whoever runs the service; undefined when nothing is. */
  get fault(): string | undefined {
    // It looks every thirty seconds; one that no longer does can vouch for nothing.
    if (this.monotonic() - this.lookedAt > SILENT_MS) return 'watchdog-silent'
    const { silent, late, stalled } = this.verdict
    if (silent) return 'silent'
    if (late.length > 0) return `late: ${late.map(({ job }) => job.name).join(', ')}`
    if (stalled.length > 0) return `stalled: ${stalled.join(', ')}`
    const unseen = [...this.vain].filter(([, looks]) => looks >= VAIN_LOOKS).map(([name]) => name)
    return unseen.length > 0 ? `cannot-look: ${unseen.join(', ')}` : undefined
  }

  /**
   * Looks, says what is wrong, and starts ticks anew that have died. What cannot be looked at keeps nothing else from
   * being judged. Never throws.
   */
  async look(): Promise<Verdict> {
    const now = this.parts.clock.now()
    const jobs = await this.see(now)
    const at = this.monotonic()
    const { ticks, successes } = this.parts
    const silentMs = Math.max(0, ...ticks.map((name) => this.ticks.silentMs(name, at)))
    const idle = successes.expected.map((name) => ({ name, ms: this.successes.silentMs(name, at) }))
    this.verdict = judge({ now, silentMs, upMs: at - this.startedAt, jobs, idle })
    this.lookedAt = at
    for (const state of this.verdict.late) await this.sayLate(state, now)
    for (const name of this.verdict.stalled) await this.sayStalled(name, now)
    // Started anew, they have as long again to come.
    if (this.verdict.silent && at - this.revivedAt >= SILENT_MS) await this.revive(at, silentMs)
    return this.verdict
  }

  /** Looks at everything, each by itself. @returns what the jobs owe that could be looked at */
  private async see(now: Date): Promise<JobState[]> {
    const { pulse, states, successes } = this.parts
    const [beats, pulses, jobs] = await Promise.allSettled([pulse(), successes.latest(), states(now)])
    const at = this.monotonic()
    if (this.seen('ticks', beats)) this.ticks.note(beats.value, at)
    if (this.seen('pulses', pulses)) {
      this.successes.note(Object.fromEntries(pulses.value.map(({ _id, beats }) => [_id, String(beats)])), at)
      this.lastSuccess = new Map(pulses.value.map((pulse) => [pulse._id, pulse.at]))
    }
    if (!this.seen('jobs', jobs)) return []
    for (const { job } of jobs.value.known) this.vain.delete(job.name)
    for (const { job, error } of jobs.value.unknown) this.inVain(job.name, error)
    return jobs.value.known
  }

  private seen<T>(what: string, looked: PromiseSettledResult<T>): looked is PromiseFulfilledResult<T> {
    if (looked.status === 'fulfilled') this.vain.delete(what)
    else this.inVain(what, looked.reason)
    return looked.status === 'fulfilled'
  }

  private inVain(what: string, error: unknown): void {
    this.vain.set(what, (this.vain.get(what) ?? 0) + 1)
    this.parts.log.error({ job: what, error: describeError(error) }, 'the watchdog cannot look')
  }

  private async revive(at: number, silentMs: number): Promise<void> {
    const { log, revive } = this.parts
    this.revivedAt = at
    log.error({ silentMs: Math.round(silentMs) }, 'ticks have died, starting them anew')
    await revive().catch((error) => log.error({ error: describeError(error) }, 'ticks not started'))
  }

  private lookOnce(): void {
    this.looking ??= this.look()
      .then(
        () => undefined,
        (error) => this.parts.log.error({ error: describeError(error) }, 'the watchdog failed'),
      )
      .finally(() => {
        this.looking = undefined
      })
  }

  private async sayLate({ job, owed, lastSuccessAt }: JobState, now: Date): Promise<void> {
    const slot = owed[0]?.toISOString() ?? ''
    this.parts.log.error({ job: job.name, slot, owed: owed.length }, 'job is late')
    const detail = {
      ...{ job: job.name, slot },
      ...(lastSuccessAt ? { lastSuccess: lastSuccessAt.toISOString() } : {}),
    }
    await this.tell({ key: `job-late:${job.name}:${slot}`, kind: 'job-late', detail }, now)
  }

  /** Told once a day while it lasts. */
  private async sayStalled(name: string, now: Date): Promise<void> {
    const last = this.lastSuccess.get(name)?.toISOString()
    this.parts.log.error(
      { job: name, lastSuccess: last },
      'work that is begun again and again does not succeed',
    )
    const key = `job-late:${name}:${now.toISOString().slice(0, 10)}`
    const detail = { job: name, ...(last ? { lastSuccess: last } : {}) }
    await this.tell({ key, kind: 'job-late', detail }, now)
  }

  private async tell(trouble: JobTrouble, now: Date): Promise<void> {
    await this.parts
      .tell?.(trouble, now)
      .catch((error) =>
        this.parts.log.error(
          { ...trouble.detail, error: describeError(error) },
          'administrators not told that a job is late',
        ),
      )
  }
}
