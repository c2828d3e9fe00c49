import { randomUUID } from 'node:crypto'
import { bulkWrites } from '../../server/database/connect.ts'
import { insist } from '../insist.ts'
import { deadLease } from '../leases.ts'
import type { Contents } from './contents.ts'
import { addressKey, type DisabledAddresses, toDisabled } from './disabled.ts'
import { restAfter, TOO_OFTEN, untold } from './ended.ts'
import type { MailContent, MailDoc, MailModel } from './model.ts'
import { personal } from './new-mail.ts'
import type { Seal } from './queue.ts'
import { giveUpStale, giveUpWithdrawn, NO_CONTENT, withdrawnBecause } from './stale.ts'
import type { Sender } from './transport.ts'
import { judge, LEAST_ATTEMPTS, LONGEST_PAUSE_MS, nextAttempt } from './verdict.ts'

/** How long a mail being sent is taken to be in living hands; longer than a mail may take. */
export const MAIL_LEASE_MS = 180_000
/** A round ends after this long, so that the next one begins with a later `now`. */
const ROUND_MS = 30_000

/** As the mail server's own word that it will never take a mail. */
const UNREADABLE = { code: 'EMESSAGE', responseCode: 554 }

export interface DeliveryParts {
  mails: MailModel
  contents: Contents
  disabled: DisabledAddresses
  sender: Sender
  machineNow?: () => Date
  leaseMs?: number
  seal?: Seal | undefined
}

/** Mails that are due. */
export const dueBy = (now: Date) => ({ status: 'queued', nextAttemptAt: { $lte: now } })
/** Mails that a dead process left while it sent them. */
export const leftAt = (machineNow: Date, leaseMs: number) => ({
  status: 'sending',
  ...deadLease(machineNow, leaseMs),
})
/** Mails that a clock which ran ahead has put off: no pause is that long. */
export const dueTooLate = (now: Date) => ({
  status: 'queued',
  nextAttemptAt: { $gt: new Date(now.getTime() + 2 * LONGEST_PAUSE_MS) },
})

/** What a round of deliveries did, in mails. */
export interface DeliveryResult {
  sent: number
  /** to be tried again */
  postponed: number
  /** failed for good */
  failed: number
}

/** What a round knows while it lasts. */
interface Round {
  now: Date
  endsAt: Date
  /** the server's words on disabled addresses */
  refused: Map<string, string>
  /** faults of the server or of connections since a mail was answered */
  faults: number
  result: DeliveryResult
}

/**
 * Sends due mails, as many at a time as there are connections. A mail is claimed by a conditional update before it is
 * sent, and its outcome is recorded before the next one is claimed in its place: so one that a dead process left in
 * between is at most one a connection, and is sent again when its lease is over, under the same Message-ID.
 */
export class Delivery {
  private readonly parts: DeliveryParts
  private readonly machineNow: () => Date
  private readonly stopping = new AbortController()
  private readonly owner = randomUUID()
  private claims = 0
  private closing = false
  private round: Promise<DeliveryResult> | undefined
  private next: { now: Date; round: Promise<DeliveryResult> } | undefined

  constructor(parts: DeliveryParts) {
    this.parts = parts
    this.machineNow = parts.machineNow ?? (() => new Date())
  }

  /** Sends what is due, after a round that is under way; those who ask meanwhile share the one after it. */
  run(now: Date): Promise<DeliveryResult> {
    if (this.next) {
      this.next.now = now
      return this.next.round
    }
    if (!this.round) return this.begin(now)
    const next = { now, round: this.round }
    next.round = this.round
      .catch(() => {})
      .then(() => {
        this.next = undefined
        return this.begin(next.now)
      })
    this.next = next
    return next.round
  }

  /** Takes up no more mails, and ends what is being sent after a while; it counts as a failed attempt. */
  async stop(patienceMs = 5_000): Promise<void> {
    this.closing = true
    const timer = setTimeout(() => this.stopping.abort(new Error('the service was stopped')), patienceMs)
    await (this.next?.round ?? this.round)?.catch(() => {})
    clearTimeout(timer)
    this.stopping.abort(new Error('the service was stopped'))
    await this.parts.sender.close()
  }

  private begin(now: Date): Promise<DeliveryResult> {
    const round = this.deliver(now).finally(() => {
      if (this.round === round) this.round = undefined
    })
    this.round = round
    return round
  }

  private async deliver(now: Date): Promise<DeliveryResult> {
    const { mails, disabled, sender } = this.parts
    const result = { sent: 0, postponed: 0, failed: 0 }
    if (this.closing) return result
    const started = this.machineNow()
    await giveUpStale(mails, now, { machineNow: started, leaseMs: this.leaseMs })
    const endsAt = new Date(started.getTime() + ROUND_MS)
    const round: Round = { now, endsAt, refused: await disabled.all(), faults: 0, result }
    const workers = Array.from({ length: sender.connections }, () => this.work(round))
    // None is left behind when another one fails: what it sends must be recorded.
    const [fault] = (await Promise.allSettled(workers)).filter((one) => one.status === 'rejected')
    if (fault) throw fault.reason
    return result
  }

  private async work(round: Round): Promise<void> {
    for (let mail = await this.claim(round); mail; mail = await this.claim(round)) {
      const outcome = await this.attempt(mail, round)
      if (outcome) round.result[outcome] += 1
    }
  }

  /** The next due mail, unless the round is over: when the server fails mail after mail it is left alone for a while. */
  private async claim(round: Round): Promise<MailDoc | null> {
    const at = this.machineNow()
    if (this.closing || at >= round.endsAt || round.faults >= this.parts.sender.connections) return null
    // One after the other: for all at a time the database would sort all that is due, for each mail.
    return (
      (await this.take(dueBy(round.now), { nextAttemptAt: 1 }, at)) ??
      (await this.take(leftAt(at, this.leaseMs), { 'lease.until': 1 }, at, { interrupted: 1 })) ??
      (await this.take(dueTooLate(round.now), { nextAttemptAt: 1 }, at))
    )
  }

  private get leaseMs(): number {
    return this.parts.leaseMs ?? MAIL_LEASE_MS
  }

  /**
   * Takes a mail into these hands, or nobody's. A claim need not be on disk by itself: one that is lost with the power
   * leaves the mail queued, as its outcome would be unknown in any case.
   */
  private async take(
    which: object,
    order: Record<string, 1>,
    at: Date,
    more: { interrupted?: 1 } = {},
  ): Promise<MailDoc | null> {
    const until = new Date(at.getTime() + this.leaseMs)
    const { collection, db } = this.parts.mails
    const mail = await collection.findOneAndUpdate(
      which,
      {
        $set: { status: 'sending', lease: { owner: `${this.owner}-${++this.claims}`, until } },
        $inc: { attempts: 1, ...more },
      },
      { sort: order, returnDocument: 'after', ...bulkWrites(db) },
    )
    return mail as unknown as MailDoc | null
  }

  /** Tries to send a claimed mail and records how it went. @returns null when it is in other hands by now */
  private async attempt(mail: MailDoc, round: Round): Promise<keyof DeliveryResult | null> {
    const refused = round.refused.get(addressKey(mail.to.address))
    if (refused !== undefined) {
      await this.record(mail, { ...toDisabled(refused), attempts: mail.attempts - 1 })
      return 'failed'
    }
    if (mail.withdrawn !== undefined) {
      await this.record(mail, { ...withdrawnBecause(mail.withdrawn), attempts: mail.attempts - 1 })
      return 'failed'
    }
    // One that ends the process each time would be taken up for ever.
    if ((mail.interrupted ?? 0) >= TOO_OFTEN) {
      await this.record(mail, { ...restAfter(mail), attempts: mail.attempts - 1 })
      return 'failed'
    }
    const content = await this.parts.contents.of(mail)
    // A process that was suspended meanwhile finds that another has taken it up.
    if (!mail.lease || this.machineNow() >= mail.lease.until) return null
    try {
      await this.parts.sender.send({ ...mail, ...this.opened(mail, content) }, this.stopping.signal)
    } catch (failure) {
      return this.failed(mail, failure, round)
    }
    round.faults = 0
    const sent = { status: 'sent' as const, sentAt: round.now, nextAttemptAt: null }
    await this.record(mail, { ...sent, lastError: null, serverFault: false })
    return 'sent'
  }

  private async failed(mail: MailDoc, failure: unknown, round: Round): Promise<keyof DeliveryResult> {
    const { final, address, server, error } = judge(failure)
    round.faults = server ? round.faults + 1 : 0
    const over = !final && round.now >= mail.giveUpAt && (mail.secret || mail.attempts >= LEAST_ATTEMPTS)
    const status = final ? 'failed' : over ? 'given-up' : 'queued'
    const nextAttemptAt = status === 'queued' ? nextAttempt(mail.attempts, round.now) : null
    if (address) {
      // Before the mail ends: should the service die here, the mail is still there to be found refused.
      await this.parts.disabled.disable(mail, error, round.now)
      round.refused.set(addressKey(mail.to.address), error)
    }
    // Of an address that is refused administrators hear by itself.
    const tell = status === 'queued' || address ? {} : untold(mail)
    await this.record(mail, { status, nextAttemptAt, lastError: error, serverFault: server, ...tell })
    if (status === 'queued') await giveUpWithdrawn(this.parts.mails, mail)
    return status === 'queued' ? 'postponed' : 'failed'
  }

  /** The content of a mail as its recipient gets it. @throws when it is not to be had: it cannot be sent any more */
  private opened({ secret, key, values }: MailDoc, content: MailContent | null): MailContent {
    if (!content) throw Object.assign(new Error('the content of this mail is missing'), UNREADABLE)
    if (!secret) return { ...content, ...personal(content, values ?? {}) }
    const { seal } = this.parts
    const opened = { html: seal?.open(content.html, key), text: seal?.open(content.text, key) }
    if (typeof opened.html !== 'string' || typeof opened.text !== 'string')
      throw Object.assign(new Error('SESSION_SECRET has changed since this mail was written'), UNREADABLE)
    return { ...content, html: opened.html, text: opened.text }
  }

  /** Records the outcome, insisting for a while: a mail that was sent and not recorded would be sent again. */
  private async record(mail: MailDoc, state: Partial<MailDoc>): Promise<void> {
    const mine = { _id: mail._id, status: 'sending', 'lease.owner': mail.lease?.owner }
    const over = mail.secret && state.status !== 'queued' ? NO_CONTENT : {}
    const change = { $set: { ...state, ...over, lease: null }, $unset: { interrupted: '' } }
    await insist(
      () => this.parts.mails.collection.updateOne(mine, change as never),
      // A service that stops waits no longer: the mail is taken up again when its lease is over.
      () => this.stopping.signal.aborted,
    )
  }
}
