import type MimeNode from 'nodemailer/lib/mime-node'
import SMTPConnection, { type Options } from 'nodemailer/lib/smtp-connection'

/** How a mail server is reached. */
export type LineOptions = Options & { auth?: { user?: string; pass?: string } }

/** How long the server may take to forget a mail that it has refused. */
const RESET_MS = 5_000

/** That a mail was not handed over because its connection was gone before a byte of it was sent. */
export class UnsentError extends Error {
  override name = 'UnsentError'
}

/** A connection to the mail server, used for one mail after the other. */
export class Line {
  private readonly connection: SMTPConnection
  private used = false
  private ended = false

  private constructor(connection: SMTPConnection, onEnd: (line: Line) => void) {
    this.connection = connection
    connection.once('end', () => {
      this.ended = true
      onEnd(this)
    })
  }

  /**
   * Connects, says hello and signs in.
   * @param onEnd called when the connection has ended, by whomever
   * @throws the connection's or the server's fault, or the signal's reason
   */
  static open(options: LineOptions, onEnd: (line: Line) => void, signal: AbortSignal): Promise<Line> {
    const { auth, ...server } = options
    const connection = new SMTPConnection(server)
    const line = new Line(connection, onEnd)
    return settled(connection, signal, (done) => {
      // Stays for as long as the connection lasts: later faults are told to the mail that they hit.
      connection.on('error', done)
      connection.once('end', () => done(closed()))
      connection.connect((error) => {
        if (error || !auth || !connection.allowsAuth) return done(error ?? null)
        const { user = '', pass = '' } = auth
        connection.login({ user, credentials: { user, pass } }, (error) => done(error))
      })
    }).then(
      () => line,
      (error) => {
        // One that is refused at its sign-in would stay open, in nobody's hands.
        line.close()
        throw error
      },
    )
  }

  /** Whether another mail can go over it. */
  get isOpen(): boolean {
    return !this.ended
  }

  /**
   * Hands a mail over.
   * @throws {UnsentError} when an open connection turns out to be dead, and nothing of the mail was sent; otherwise the
   *   connection's or the server's fault, or the signal's reason
   */
  async send(mail: MimeNode, signal: AbortSignal): Promise<void> {
    const { connection } = this
    const reused = this.used
    this.used = true
    const content = mail.createReadStream()
    try {
      await settled(connection, signal, (done) =>
        connection.send(mail.getEnvelope(), content, (error) => done(error)),
      )
    } catch (error) {
      content.destroy()
      if (reused && !signal.aborted && !content.readableDidRead && isDead(error))
        throw new UnsentError('the connection was closed', { cause: error })
      if (refusedMail(error)) await this.reset(signal)
      else this.close()
      throw error
    }
  }

  /** Ends it at once. */
  close(): void {
    this.ended = true
    this.connection.close()
  }

  /** Says goodbye and ends it. */
  quit(): void {
    this.ended = true
    this.connection.quit()
  }

  /**
   * Makes it ready for the next mail after the server has refused one, or else ends it. nodemailer says nothing when the
   * connection breaks meanwhile: that is heard of by its events.
   */
  private async reset(signal: AbortSignal): Promise<void> {
    if (this.ended) return
    const { connection } = this
    let over = (): void => {}
    try {
      await settled(connection, signal, (done) => {
        const broken = () => done(closed())
        const timer = setTimeout(broken, RESET_MS)
        connection.once('error', broken).once('end', broken)
        over = () => {
          clearTimeout(timer)
          connection.off('error', broken).off('end', broken)
        }
        connection.reset((error) => done(error))
      })
    } catch {
      this.close()
    } finally {
      over()
    }
  }
}

/** Waits for something that a connection does; ends the connection when the signal says so. */
function settled(
  connection: SMTPConnection,
  signal: AbortSignal,
  begin: (done: (error?: Error | null) => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      reject(signal.reason)
      connection.close()
    }
    const done = (error?: Error | null) => {
      signal.removeEventListener('abort', stop)
      if (error) reject(error)
      else resolve()
    }
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    begin(done)
  })
}

const closed = () => Object.assign(new Error('Connection closed unexpectedly'), { code: 'ECONNECTION' })

/** Whether the connection had gone, rather than that the server was silent for too long. */
function isDead(error: unknown): boolean {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown }
  return code === 'ECONNECTION' || code === 'ESOCKET' || responseCode === 421
}

/** Whether the server refused the mail and goes on listening. */
function refusedMail(error: unknown): boolean {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown }
  return (
    (code === 'EENVELOPE' || code === 'EMESSAGE') && typeof responseCode === 'number' && responseCode !== 421
  )
}
