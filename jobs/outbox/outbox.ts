import type { Troubles } from '../trouble.ts'
import { Contents } from './contents.ts'
import { Decisions, type Which } from './decide.ts'
import { Delivery, type DeliveryResult, MAIL_LEASE_MS } from './delivery.ts'
import { DisabledAddresses } from './disabled.ts'
import { tellEnded } from './ended.ts'
import { OutboxHealth } from './health.ts'
import type { ContentModel, DisabledModel, MailModel } from './model.ts'
import type { MailAddressee, NewMail, SharedMail } from './new-mail.ts'
import { Queue, type Queued, type Seal } from './queue.ts'
import { Reading } from './reading.ts'
import type { MailView, OutboxQuery } from './schema.ts'
import { giveUpSecrets, type LeaseClock } from './stale.ts'
import type { Sender } from './transport.ts'

export { type NewMail, placeholder, type SharedMail } from './new-mail.ts'
export type { Queued, Seal } from './queue.ts'

export interface OutboxParts {
  mails: MailModel
  contents: ContentModel
  disabled: DisabledModel
  /** absent when no mail server is set: mails stay queued, to be read in the application */
  sender: Sender | undefined
  /** the domain in Message-IDs */
  domain: string
  machineNow?: () => Date
  leaseMs?: number
  /** encrypts what opens an account; without it no such mail is taken */
  seal?: Seal | undefined
  /** tells the administrators of addresses that are disabled, and of an outbox that is stuck */
  trouble?: Pick<Troubles, 'tell'> | undefined
}

/** Mails on their way: queued once for each kind, period and account, then delivered, with retries. */
export class Outbox {
  /** the addresses to which no mail is tried */
  readonly disabled: DisabledAddresses
  private readonly parts: OutboxParts
  private readonly queue: Queue
  private readonly decisions: Decisions
  private readonly reading: Reading
  private readonly health: OutboxHealth
  private readonly delivery: Delivery | undefined

  constructor(parts: OutboxParts) {
    this.parts = parts
    const { mails, domain, seal, sender, trouble } = parts
    const server = sender !== undefined
    const contents = new Contents(parts.contents)
    const disabled = new DisabledAddresses({ disabled: parts.disabled, mails, trouble })
    this.disabled = disabled
    const leases = () => this.leases()
    this.queue = new Queue({ mails, contents, disabled, domain, seal, server })
    this.decisions = new Decisions({ mails, disabled, domain, server })
    this.reading = new Reading({ mails, contents, server })
    this.health = new OutboxHealth({ mails, disabled, server, leases })
    this.delivery = sender && new Delivery({ ...parts, sender, contents, disabled })
  }

  /** Queues a mail. @returns false when the account has this one already, in whatever state */
  enqueue(mail: NewMail, now: Date): Promise<boolean> {
    return this.queue.enqueue(mail, now)
  }

  /**
   * Queues one content for many recipients, stored once; what is each recipient's own stands in it as
   * `placeholder(…)`. Safe to repeat: a call that was cut off is completed by the next.
   */
  enqueueMany(shared: SharedMail, recipients: readonly MailAddressee[], now: Date): Promise<Queued> {
    return this.queue.enqueueMany(shared, recipients, now)
  }

  /** Whether an account has its mail of a kind and period. */
  has(kind: string, period: string, account: string): Promise<boolean> {
    return this.queue.has(kind, period, account)
  }

  /**
   * Sends what is due; without a mail server mails wait, until what they open is over. Never throws for a mail that
   * cannot be sent.
   */
  async deliverDue(now: Date): Promise<DeliveryResult> {
    if (this.delivery) return this.delivery.run(now)
    await giveUpSecrets(this.parts.mails, now, this.leases(), false)
    return { sent: 0, postponed: 0, failed: 0 }
  }

  /**
   * Gives up mails that are still queued because nobody wants them any more, as a reminder of what has come in.
   * @param reason why, for people to read on the mail's page
   * @returns how many
   */
  withdraw(which: Which, reason: string): Promise<number> {
    return this.decisions.withdraw(which, reason)
  }

  /** Sends a mail that is not sent yet as soon as possible. @throws Problem 404, 409 */
  async retry(id: string, now: Date): Promise<MailView> {
    return this.reading.view(await this.decisions.retry(id, now))
  }

  /** Sends a mail that has ended once more, on purpose, as a new mail. @throws Problem 404, 409 */
  async resend(id: string, now: Date): Promise<MailView> {
    return this.reading.view(await this.decisions.resend(id, now))
  }

  /** A page of the mails, newest first. */
  list(query: OutboxQuery) {
    return this.reading.list(query)
  }

  /** A mail with its content. @throws Problem 404 */
  get(id: string) {
    return this.reading.get(id)
  }

  /** An attachment of a mail, by its place. @throws Problem 404 */
  attachment(id: string, place: number) {
    return this.reading.attachment(id, place)
  }

  /** How many mails there are in each state. */
  countByState() {
    return this.health.countByState()
  }

  /** The same as an estimate that costs little, for metrics. */
  estimateByState() {
    return this.health.estimateByState()
  }

  /** Whether mails get out. */
  stuck(now: Date) {
    return this.health.stuck(now)
  }

  /** What a page says of the outbox as a whole. */
  summary(now: Date) {
    return this.health.summary(now)
  }

  /** Tells the administrators of mails that do not arrive: of those that ended, and of a stuck outbox, once a day. */
  async watch(now: Date): Promise<void> {
    await this.disabled.tell(now)
    await tellEnded(this.parts.mails, this.parts.trouble, now)
    const { stuck, oldestDueAt, queued } = await this.health.stuck(now)
    if (!stuck) return
    const detail = { waiting: String(queued), since: (oldestDueAt ?? now).toISOString() }
    const key = `outbox-stuck|${now.toISOString().slice(0, 10)}`
    await this.parts.trouble?.tell({ key, kind: 'outbox-stuck', detail }, now)
  }

  /** By which the leases of mails being sent are judged. */
  private leases(): LeaseClock {
    const { machineNow, leaseMs = MAIL_LEASE_MS } = this.parts
    return { machineNow: machineNow?.() ?? new Date(), leaseMs }
  }

  /** Makes mails of earlier versions findable. */
  async complete(): Promise<void> {
    await this.parts.mails.collection.updateMany({ address: null as never }, [
      { $set: { address: { $toLower: '$to.address' } } },
    ])
  }

  /** Ends the leases of processes that are known to be gone. */
  async releaseAll(): Promise<void> {
    await this.parts.mails.collection.updateMany(
      { status: 'sending' },
      { $set: { 'lease.until': new Date(0) } },
    )
  }

  /** Ends what is being sent, as failed attempts, and the connections to the mail server. */
  async stop(patienceMs?: number): Promise<void> {
    await this.delivery?.stop(patienceMs)
  }
}
