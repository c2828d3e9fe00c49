/** Where rounds say what went wrong; a pino logger serves. */
interface Log {
  error(fields: object, message: string): void
}

/**
 * Rounds of work that tell people things, one after the other: after each decision, and from time to time for what a
 * crash left untold. Every part is safe to repeat.
 */
export class NoticeRounds {
  private readonly parts: (() => Promise<unknown>)[] = []
  private readonly log: Log
  private again = false
  private stopped = false
  private busy: Promise<void> | undefined

  constructor(log: Log) {
    this.log = log
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

  /** Ends after the round under way. */
  async stop(): Promise<void> {
    this.stopped = true
    await this.busy
  }

  private async drain(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false
      for (const part of this.parts) {
        try {
          await part()
        } catch (error) {
          this.log.error({ err: error }, 'telling people failed')
        }
      }
    }
  }
}
