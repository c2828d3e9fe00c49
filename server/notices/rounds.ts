import { atMost } from '../at-most.ts'

/** Where rounds say what went wrong; a pino logger serves. */
interface Log {
  error(fields: object, message: string): void
}

/** So long one part may take before the round goes on without it. */
const PATIENCE_MS = 5 * 60_000
/** At the end, a round under way is waited for so long. */
const LAST_MS = 10_000

/**
 * Rounds of work that tell people things, one after the other: after each decision, and from time to time for what a
 * crash left untold. Every part is safe to repeat.
 */
export class NoticeRounds {
  private readonly parts: (() => Promise<unknown>)[] = []
  /** parts that were left because they took too long, and have not ended */
  private readonly hanging = new Set<() => Promise<unknown>>()
  private readonly patienceMs: number
  private succeeded: () => Promise<void> = async () => {}
  private readonly log: Log
  private again = false
  private stopped = false
  private busy: Promise<void> | undefined

  /** @param patienceMs how long a round waits for each part, in real time */
  constructor(log: Log, patienceMs = PATIENCE_MS) {
    this.log = log
    this.patienceMs = patienceMs
  }

  /** Says whom to tell of each round in which every part succeeded. */
  onSuccess(tell: () => Promise<void>): void {
    this.succeeded = tell
  }

  /** Adds work to the end of each round. */
  add(part: () => Promise<unknown>): void {
    this.parts.push(part)
  }

  /** Says that there may be something to tell: a round follows, in the background. */
  soon(): void {
    void this.run()
  }

  /** Runs a round, after the one under way; resolves when nothing is left to do. Never rejects. */
  run(): Promise<void> {
    if (this.stopped) return this.busy ?? Promise.resolve()
    this.again = true
    this.busy ??= this.drain().finally(() => {
      this.busy = undefined
    })
    return this.busy
  }

  /** Ends after the part under way; one that hangs is left. */
  async stop(): Promise<void> {
    this.stopped = true
    if (this.busy) await atMost(LAST_MS, this.busy)
  }

  private async drain(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false
      let isWhole = true
      for (const part of this.parts) {
        if (this.stopped) return
        isWhole = (await this.do(part)) && isWhole
      }
      if (isWhole)
        await this.succeeded().catch((error) => this.log.error({ err: error }, 'a round was not noted'))
    }
  }

  /** Does a part, for so long at most: the others go on, and it is left out until it has ended. */
  private async do(part: () => Promise<unknown>): Promise<boolean> {
    if (this.hanging.has(part)) return false
    this.hanging.add(part)
    const work = Promise.resolve().then(part)
    const end = () => this.hanging.delete(part)
    work.then(end, end)
    try {
      if (await atMost(this.patienceMs, work)) return true
      this.log.error({}, 'telling people hangs: the round goes on without it')
    } catch (error) {
      this.log.error({ err: error }, 'telling people failed')
    }
    return false
  }
}
