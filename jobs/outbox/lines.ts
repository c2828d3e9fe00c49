import type MimeNode from 'nodemailer/lib/mime-node'
import { Line, type LineOptions, UnsentError } from './line.ts'

/** Connections to the mail server: those that are idle are used again, the latest first. */
export class Lines {
  private readonly options: LineOptions
  private readonly limits: { idleMs: number; mails: number }
  private readonly mails = new WeakMap<Line, number>()
  private readonly busy = new Set<Line>()
  private idle: Line[] = []
  private timer: NodeJS.Timeout | undefined

  /** @param limits how long an idle one is kept, and how many mails go over one */
  constructor(options: LineOptions, limits: { idleMs: number; mails: number }) {
    this.options = options
    this.limits = limits
  }

  /**
   * Hands a mail over. One that was not begun over a connection that had been ended goes over a new one.
   * @param compose makes the message, for each time that it is handed over
   * @throws the connection's or the server's fault, or the signal's reason
   */
  async send(compose: () => MimeNode, signal: AbortSignal): Promise<void> {
    // Composed first: a message that cannot be is no reason to hold a connection.
    const message = compose()
    try {
      await this.over(this.take() ?? (await this.open(signal)), message, signal)
    } catch (error) {
      if (!(error instanceof UnsentError)) throw error
      const again = compose()
      await this.over(await this.open(signal), again, signal)
    }
  }

  /** Ends all connections at once. */
  close(): void {
    clearTimeout(this.timer)
    for (const line of [...this.idle, ...this.busy]) line.close()
    this.idle = []
  }

  private open(signal: AbortSignal): Promise<Line> {
    return Line.open(this.options, (ended) => this.forget(ended), signal)
  }

  private async over(line: Line, message: MimeNode, signal: AbortSignal): Promise<void> {
    this.busy.add(line)
    try {
      await line.send(message, signal)
    } finally {
      this.busy.delete(line)
      const mails = (this.mails.get(line) ?? 0) + 1
      this.mails.set(line, mails)
      if (line.isOpen) {
        if (mails < this.limits.mails) this.keep(line)
        else line.quit()
      }
    }
  }

  private take(): Line | undefined {
    for (let line = this.idle.pop(); line; line = this.idle.pop()) if (line.isOpen) return line
    return undefined
  }

  private keep(line: Line): void {
    this.idle.push(line)
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      for (const line of this.idle.splice(0)) line.quit()
    }, this.limits.idleMs)
    this.timer.unref()
  }

  private forget(ended: Line): void {
    this.idle = this.idle.filter((line) => line !== ended)
  }
}
