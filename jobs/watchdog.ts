/**
 * The watchdog: a plain timer in each process that looks whether ticks still come and whether anything owed is left
 * undone. It rests on nothing of Agenda's, and on no clock that somebody can set for the silence.
 */
import { describeError, type Job, type JobLog, type TellTrouble } from './job.ts'
import { nextDue, type Timeline } from './timeline.ts'

/** How often it looks. */
const LOOK_MS = 30_000
/** Ticks come every fifteen seconds: after so long without any, from any process, they have died. */
export const SILENT_MS = 3 * 60_000
/** A service that has just started is given so long to make up for what was missed. */
export const GRACE_MS = 5 * 60_000
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
  /** no ticks */
  silent: boolean
  /** late, and nothing is being done about it */
  late: JobState[]
}

/** Judges what was seen. Pure. */
export const judge = (seen: {
  now: Date
  silentMs: number
  upMs: number
  jobs: readonly JobState[]
}): Verdict => ({
  silent: seen.silentMs >= SILENT_MS,
  late: seen.upMs < GRACE_MS ? [] : seen.jobs.filter((state) => !state.running && isLate(state, seen.now)),
})

/** What a watchdog works with. */
export interface WatchdogParts {
  clock: { now(): Date }
  log: JobLog
  /** changes with every tick, in whichever process */
  pulse(): Promise<string>
  states(now: Date): Promise<JobState[]>
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
  private pulse = ''
  private beatAt = 0
  private revivedAt = 0
  private lookedAt = 0
  private verdict: Verdict = { silent: false, late: [] }

  constructor(parts: WatchdogParts) {
    this.parts = parts
    this.monotonic = parts.monotonic ?? (() => performance.now())
  }

  start(): void {
    this.startedAt = this.beatAt = this.revivedAt = this.lookedAt = this.monotonic()
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
    if (this.verdict.silent) return 'silent'
    if (this.verdict.late.length > 0)
      return `late: ${this.verdict.late.map(({ job }) => job.name).join(', ')}`
    return undefined
  }

  /** Looks, says what is wrong, and starts ticks anew that have died. Never throws. */
  async look(): Promise<Verdict> {
    const { clock, pulse, states } = this.parts
    const now = clock.now()
    const [beat, jobs] = await Promise.all([orElse(pulse(), this.pulse), orElse(states(now), [])])
    const at = this.monotonic()
    if (beat !== this.pulse) this.beatAt = at
    this.pulse = beat
    this.verdict = judge({ now, silentMs: at - this.beatAt, upMs: at - this.startedAt, jobs })
    this.lookedAt = at
    for (const state of this.verdict.late) await this.sayLate(state, now)
    // Started anew, they have as long again to come.
    if (this.verdict.silent && at - this.revivedAt >= SILENT_MS) await this.revive(at)
    return this.verdict
  }

  private async revive(at: number): Promise<void> {
    const { log, revive } = this.parts
    this.revivedAt = at
    log.error({ silentMs: Math.round(at - this.beatAt) }, 'ticks have died, starting them anew')
    await revive().catch((error) => log.error({ error: describeError(error) }, 'ticks not started'))
  }

  private lookOnce(): void {
    this.looking ??= this.look()
      .then(() => undefined)
      .finally(() => {
        this.looking = undefined
      })
  }

  private async sayLate({ job, owed, lastSuccessAt }: JobState, now: Date): Promise<void> {
    const { log, tell } = this.parts
    const slot = owed[0]?.toISOString() ?? ''
    log.error({ job: job.name, slot, owed: owed.length }, 'job is late')
    const detail = {
      ...{ job: job.name, slot },
      ...(lastSuccessAt ? { lastSuccess: lastSuccessAt.toISOString() } : {}),
    }
    const key = `job-late:${job.name}:${slot}`
    await tell?.({ key, kind: 'job-late', detail }, now).catch((error) =>
      log.error(
        { job: job.name, slot, error: describeError(error) },
        'administrators not told that a job is late',
      ),
    )
  }
}

const orElse = <T>(asked: Promise<T>, otherwise: T): Promise<T> => asked.catch(() => otherwise)
