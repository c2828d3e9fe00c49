import { describeError, type JobLog } from './job.ts'
import type { Pulses } from './pulses.ts'
import { Leaving, RunWork } from './run-work.ts'

/** Work that every tick begins; it stops at a safe point when told to. */
export type TickWork = (signal: AbortSignal) => Promise<unknown>

/** How long one may take before it is given up, in real time. */
export const TICK_TIMEOUT_MS = 5 * 60_000
/** While so many that were given up have not ended, no further one is begun beside them. */
const MOST_HANGING = 3

/** What ticks are done with. */
export interface RecurringParts {
  clock: { now(): Date }
  log: JobLog
  pulses: Pulses
  timeoutMs?: number | undefined
}

/** What ticks begin beside the jobs: each bounded in time, its successes noted. */
export class Recurring {
  private readonly parts: RecurringParts
  private readonly alive = new Set<RunWork>()
  private readonly hanging = new Map<string, number>()

  constructor(parts: RecurringParts) {
    this.parts = parts
  }

  /**
   * Does a tick's work. One that hangs is given up, and begun anew by a later tick: all of them are safe beside
   * themselves, as several processes have them.
   * @throws TimedOut, or what the work throws
   */
  async do(name: string, work: TickWork): Promise<void> {
    const { clock, log, pulses, timeoutMs = TICK_TIMEOUT_MS } = this.parts
    if ((this.hanging.get(name) ?? 0) >= MOST_HANGING) return
    const bounded = new RunWork(timeoutMs, (error) => {
      this.hang(name, -1)
      log.warn({ job: name, error: describeError(error) }, 'a tick that was given up has ended after all')
    })
    this.alive.add(bounded)
    try {
      await bounded.do(work)
    } catch (error) {
      if (bounded.isGivenUp) this.hang(name, 1)
      if (error instanceof Leaving) return
      throw error
    } finally {
      this.alive.delete(bounded)
    }
    await pulses
      .beat(name, clock.now())
      .catch((error) => log.warn({ job: name, error: describeError(error) }, 'success not noted'))
  }

  /** Asks what is under way to stop at its next safe point. */
  leave(): void {
    for (const work of this.alive) work.abort(new Leaving())
  }

  private hang(name: string, by: 1 | -1): void {
    this.hanging.set(name, (this.hanging.get(name) ?? 0) + by)
  }
}
