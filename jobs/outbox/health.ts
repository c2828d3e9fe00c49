/** How the outbox is, for pages and for whoever runs the service. */

import type { DisabledAddresses } from './disabled.ts'
import type { MailDoc, MailModel } from './model.ts'
import { MAIL_STATUSES, type OutboxSummary } from './schema.ts'

/** How long a due mail may wait while nothing leaves, and for how long the server may fail everything. */
const WAITING_MS = 30 * 60_000
const FAILING_MS = 60 * 60_000
/** While something left as lately as this, what is due is only behind others. */
const LATELY_MS = 10 * 60_000

/** Whether mails get out. */
export interface Stuck {
  stuck: boolean
  /** `waiting`: nothing leaves although it is due; `failing`: the mail server fails every mail */
  reason: 'waiting' | 'failing' | null
  /** since when the oldest due mail waits; null when none does */
  oldestDueAt: Date | null
  /** how many mails are queued */
  queued: number
}

export type MailCounts = Record<MailDoc['status'], number>

export interface HealthParts {
  mails: MailModel
  disabled: DisabledAddresses
  server: boolean
}

export class OutboxHealth {
  private readonly parts: HealthParts

  constructor(parts: HealthParts) {
    this.parts = parts
  }

  /** How many mails there are in each state; counted along an index. */
  async countByState(): Promise<MailCounts> {
    const counts = await Promise.all(MAIL_STATUSES.map((status) => this.count(status)))
    return Object.fromEntries(MAIL_STATUSES.map((status, i) => [status, counts[i] ?? 0])) as MailCounts
  }

  /**
   * Whether mails get out. Without a mail server nothing is stuck: mails wait to be read in the application. A mailbox
   * that takes nothing for now does not count: the server is there.
   */
  async stuck(now: Date): Promise<Stuck> {
    const [oldest, queued] = await Promise.all([this.oldestDue(now), this.count('queued')])
    const oldestDueAt = oldest?.nextAttemptAt ?? null
    const reason = this.parts.server ? await this.reason(oldestDueAt, now) : null
    return { stuck: reason !== null, reason, oldestDueAt, queued }
  }

  /** What the page of mails says above its list. */
  async summary(now: Date): Promise<OutboxSummary> {
    const [counts, kinds, { reason, oldestDueAt }, disabledAddresses] = await Promise.all([
      this.countByState(),
      this.parts.mails.collection.distinct('kind'),
      this.stuck(now),
      this.parts.disabled.count(),
    ])
    return {
      ...{ counts, kinds: kinds as string[], server: this.parts.server, stuck: reason, disabledAddresses },
      oldestDueAt: oldestDueAt?.toISOString() ?? null,
    }
  }

  private async reason(oldestDueAt: Date | null, now: Date): Promise<Stuck['reason']> {
    const ago = (ms: number) => new Date(now.getTime() - ms)
    if (oldestDueAt && oldestDueAt <= ago(WAITING_MS) && !(await this.sentSince(ago(LATELY_MS))))
      return 'waiting'
    const { collection } = this.parts.mails
    const failing = await collection.findOne(
      { serverFault: true, status: 'queued', createdAt: { $lte: ago(FAILING_MS) } },
      { projection: { _id: 1 } },
    )
    return failing && !(await this.sentSince(ago(FAILING_MS))) ? 'failing' : null
  }

  private async sentSince(at: Date): Promise<boolean> {
    const found = await this.parts.mails.collection.findOne(
      { status: 'sent', sentAt: { $gt: at } },
      // The order says along which index to look.
      { sort: { sentAt: -1 }, projection: { _id: 1 } },
    )
    return found !== null
  }

  private async oldestDue(now: Date): Promise<Pick<MailDoc, 'nextAttemptAt'> | null> {
    const found = await this.parts.mails.collection.findOne(
      { status: 'queued', nextAttemptAt: { $lte: now } },
      { sort: { nextAttemptAt: 1 }, projection: { nextAttemptAt: 1 } },
    )
    return found as unknown as Pick<MailDoc, 'nextAttemptAt'> | null
  }

  private count(status: MailDoc['status']): Promise<number> {
    return this.parts.mails.collection.countDocuments({ status })
  }
}
