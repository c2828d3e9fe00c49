import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { bytesOf, type MailDoc, type MailModel } from './model.ts'
import type { Seal } from './outbox.ts'
import type { Send } from './transport.ts'
import { judge, nextAttempt } from './verdict.ts'

/** How long a mail being sent is taken to be in living hands; longer than a mail may take. */
export const MAIL_LEASE_MS = 180_000
/** Mails sent at a time: a hanging server then holds back the others less. */
const AT_A_TIME = 3
const RECORD_TRIES = 10
const RECORD_PAUSE_MS = 500

/** Why a mail was given up that nobody ever tried to send. */
const NO_SERVER = 'no mail server was set while this mail was new'
/** Why a mail was given up that was being sent when the service died. */
const BROKEN_OFF = 'the service ended while it sent this mail'

/** What is left of a secret mail's content once it is sent or given up. */
const NO_CONTENT = { html: '', text: '' }
const ENDED = ['sent', 'failed', 'given-up']
/** Mails that a crash left between the end of a secret mail and the removal of its content. */
export const LEFT_CONTENT = { secret: true, status: { $in: ENDED }, html: { $gt: '' } }
/** As the mail server's own word that it will never take a mail. */
const UNREADABLE = { code: 'EMESSAGE', responseCode: 554 }

export interface DeliveryParts {
  mails: MailModel
  send: Send
  machineNow?: () => Date
  leaseMs?: number
  seal?: Seal | undefined
}

/** What a round of deliveries did, in mails. */
export interface DeliveryResult {
  sent: number
  /** to be tried again */
  postponed: number
  /** failed for good */
  failed: number
}

/**
 * Sends due mails. A mail is claimed by a conditional update before it is sent and marked after it; one that a dead
 * process left in between is sent again when its lease is over, under the same Message-ID.
 */
export class Delivery {
  private readonly mails: MailModel
  private readonly send: Send
  private readonly machineNow: () => Date
  private readonly leaseMs: number
  private readonly seal: Seal | undefined
  private readonly stopping = new AbortController()
  private round: Promise<DeliveryResult> | undefined

  constructor(parts: DeliveryParts) {
    this.mails = parts.mails
    this.send = parts.send
    this.machineNow = parts.machineNow ?? (() => new Date())
    this.seal = parts.seal
    this.leaseMs = parts.leaseMs ?? MAIL_LEASE_MS
  }

  /** Sends everything that is due, after a round that is under way. */
  async run(now: Date): Promise<DeliveryResult> {
    const before = this.round
    const round = (async () => {
      await before?.catch(() => {})
      return this.deliver(now)
    })()
    this.round = round
    return round
  }

  /** Ends what is being sent after a while; it counts as a failed attempt. */
  async stop(patienceMs = 5_000): Promise<void> {
    const timer = setTimeout(() => this.stopping.abort(new Error('the service was stopped')), patienceMs)
    await this.round?.catch(() => {})
    clearTimeout(timer)
    this.stopping.abort(new Error('the service was stopped'))
  }

  private async deliver(now: Date): Promise<DeliveryResult> {
    await this.giveUpStale(now)
    const result = { sent: 0, postponed: 0, failed: 0 }
    const work = async () => {
      for (let mail = await this.claim(now); mail; mail = await this.claim(now)) {
        result[await this.attempt(mail, now)] += 1
      }
    }
    await Promise.all(Array.from({ length: AT_A_TIME }, work))
    return result
  }

  /** What has lain for too long is of no use to anybody: mails that were never tried, and what opens nothing any more. */
  private async giveUpStale(now: Date): Promise<void> {
    await this.mails.collection.updateMany(
      { status: 'queued', attempts: 0, giveUpAt: { $lte: now } },
      {
        $set: {
          status: 'given-up',
          nextAttemptAt: null,
          lastError: NO_SERVER,
        },
      },
    )
    await giveUpSecrets(this.mails, now, this.machineNow())
    await this.mails.collection.updateMany(LEFT_CONTENT, { $set: NO_CONTENT })
  }

  private async claim(now: Date): Promise<MailDoc | null> {
    if (this.stopping.signal.aborted) return null
    const at = this.machineNow()
    const lease = { owner: randomUUID(), until: new Date(at.getTime() + this.leaseMs) }
    const mail = await this.mails.collection.findOneAndUpdate(
      {
        $or: [
          { status: 'queued', nextAttemptAt: { $lte: now } },
          { status: 'sending', 'lease.until': { $lte: at } },
        ],
      },
      { $set: { status: 'sending', lease }, $inc: { attempts: 1 } },
      { sort: { nextAttemptAt: 1 }, returnDocument: 'after' },
    )
    return mail as unknown as MailDoc | null
  }

  /** Tries to send a claimed mail and records how it went. */
  private async attempt(mail: MailDoc, now: Date): Promise<keyof DeliveryResult> {
    try {
      const pictures = mail.pictures.map((p) => ({ ...p, content: Buffer.from(bytesOf(p.content)) }))
      await this.send({ ...mail, ...this.opened(mail), pictures }, this.stopping.signal)
    } catch (failure) {
      const { final, error } = judge(failure)
      const over = !final && now >= mail.giveUpAt
      const status = final ? 'failed' : over ? 'given-up' : 'queued'
      const nextAttemptAt = status === 'queued' ? nextAttempt(mail.attempts, now) : null
      await this.record(mail, { status, nextAttemptAt, lastError: error })
      return status === 'queued' ? 'postponed' : 'failed'
    }
    await this.record(mail, { status: 'sent', sentAt: now, nextAttemptAt: null, lastError: null })
    return 'sent'
  }

  /** The content of a secret mail. @throws when it was encrypted with another key: it cannot be sent any more */
  private opened({ secret, key, html, text }: MailDoc): Pick<MailDoc, 'html' | 'text'> {
    if (!secret) return { html, text }
    const opened = { html: this.seal?.open(html, key), text: this.seal?.open(text, key) }
    if (typeof opened.html !== 'string' || typeof opened.text !== 'string')
      throw Object.assign(new Error('SESSION_SECRET has changed since this mail was written'), UNREADABLE)
    return { html: opened.html, text: opened.text }
  }

  /** Records the outcome, insisting for a while: a mail that was sent and not recorded would be sent again. */
  private async record(mail: MailDoc, state: Partial<MailDoc>): Promise<void> {
    const mine = { _id: mail._id, status: 'sending', 'lease.owner': mail.lease?.owner }
    const over = mail.secret && state.status !== 'queued' ? NO_CONTENT : {}
    for (let tries = 1; ; tries++) {
      try {
        await this.mails.collection.updateOne(mine, { $set: { ...state, ...over, lease: null } as never })
        return
      } catch (error) {
        if (tries >= RECORD_TRIES) throw error
        await pause(RECORD_PAUSE_MS)
      }
    }
  }
}

/**
 * Gives up the mails that open an account when what they open is over, whether or not they were tried. One that is
 * being sent is left to its sender.
 * @param machineNow by which leases are judged
 */
export async function giveUpSecrets(mails: MailModel, now: Date, machineNow: Date): Promise<void> {
  const inNoHands = [{ status: 'queued' }, { status: 'sending', 'lease.until': { $lte: machineNow } }]
  const untold = { $cond: [{ $eq: ['$attempts', 0] }, NO_SERVER, BROKEN_OFF] }
  await mails.collection.updateMany({ secret: true, giveUpAt: { $lte: now }, $or: inNoHands }, [
    {
      $set: {
        ...{ status: 'given-up', nextAttemptAt: null, lease: null, ...NO_CONTENT },
        lastError: { $ifNull: ['$lastError', untold] },
      },
    },
  ])
}
