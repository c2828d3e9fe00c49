/** The work of one run, and why it may end before it is done. */

/** It took too long. */
export class TimedOut extends Error {
  override name = 'TimedOut'
}

/** Its lease ran out, as when the process was suspended, and another process took it over. */
export class LostRun extends Error {
  override name = 'LostRun'
  override message = 'the run was taken over by another process'
}

/** The service stops. */
export class Leaving extends Error {
  override name = 'Leaving'
  override message = 'the service stops'
}

/**
 * Work that can be given up: after its time, or when it is lost to another process, whoever waits for it waits no
 * longer, whatever the work goes on to do. When the service stops it is asked to end, and waited for.
 */
export class RunWork {
  private readonly stopping = new AbortController()
  private readonly timeoutMs: number
  private readonly endedAfterAll: (error: unknown) => void
  private giveUp: (why: Error) => void = () => {}
  private hasEnded = false
  private isLeft = false

  /** @param endedAfterAll told when work ends that had been given up */
  constructor(timeoutMs: number, endedAfterAll: (error: unknown) => void) {
    this.timeoutMs = timeoutMs
    this.endedAfterAll = endedAfterAll
  }

  /** Nobody waits for it any more, and it has not ended. */
  get isGivenUp(): boolean {
    return this.isLeft && !this.hasEnded
  }

  /** Tells the work to stop. */
  abort(why: LostRun | Leaving): void {
    this.stopping.abort(why)
    if (why instanceof LostRun) this.giveUp(why)
  }

  /** @throws TimedOut, LostRun, Leaving if the work stopped because it was asked to, or what the work throws */
  async do<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.stopping
    const givenUp = new Promise<never>((_, reject) => {
      this.giveUp = reject
    })
    const timer = setTimeout(() => {
      const why = new TimedOut(`timed-out: not done after ${this.timeoutMs / 1000} s`)
      this.stopping.abort(why)
      this.giveUp(why)
    }, this.timeoutMs)
    const working = Promise.resolve().then(() => work(signal))
    const end = (error: unknown) => {
      this.hasEnded = true
      if (this.isLeft) this.endedAfterAll(error)
    }
    working.then(() => end(signal.reason), end)
    try {
      return await Promise.race([working, givenUp])
    } catch (error) {
      // Whatever it threw, it threw because it was asked to stop.
      throw signal.aborted && signal.reason instanceof Leaving ? signal.reason : error
    } finally {
      this.isLeft = true
      clearTimeout(timer)
    }
  }
}
