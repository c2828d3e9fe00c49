/** How the outbox is, for pages and for whoever runs the service. */

import { dueBy, leftAt } from './delivery.ts'
import type { DisabledAddresses } from './disabled.ts'
import type { MailDoc, MailModel } from './model.ts'
import { MAIL_STATUSES, type OutboxSummary } from './schema.ts'
import type { LeaseClock } from './stale.ts'

/** How long a due mail may wait while nothing leaves, and for how long the server may fail everything. */
const WAITING_MS = 30 * 60_000
const FAILING_MS = 60 * 60_000
/** While something left as lately as this, what is due is only behind others. */
const LATELY_MS = 10 * 60_000
const LEFT_AT_MOST = 1_000

/** Whether mails get out. */
export interface Stuck {
  stuck: boolean
  /** `waiting`: nothing leaves although it is due; `failing`: the mail server fails every mail */
  reason: 'waiting' | 'failing' | null
  /** since when the oldest due mail waits; null when none does */
  oldestDueAt: Date | null
  /** how many mails wait: those that are queued, and those that a dead process left while it sent them */
  queued: number
}

export type MailCounts = Record<MailDoc['status'], number>

export interface HealthParts {
  mails: MailModel
  disabled: DisabledAddresses
  server: boolean
  leases: () => LeaseClock
}

/** Mails that were sent lately; those that a clock which ran ahead has sent say nothing of it. */
export const sentBetween = (from: Date, now: Date) => ({
  ...{ status: 'sent', sentAt: { $gt: from, $lte: now } },
})
/** Old mails whose last attempt failed for want of a working server. */
export const failingSince = (at: Date) => ({
  ...{ serverFault: true, status: 'queued', createdAt: { $lte: at } },
})

export class OutboxHealth {
  private readonly parts: HealthParts

  constructor(parts: HealthParts) {
    this.parts = parts
  }

  /** How many mails there are in each state, counted along an index. */
  async countByState(): Promise<MailCounts> {
    const counts = await Promise.all(MAIL_STATUSES.map((status) => this.count(status)))
    return Object.fromEntries(MAIL_STATUSES.map((status, i) => [status, counts[i] ?? 0])) as MailCounts
  }

  /**
   * The same for metrics, which ask every few seconds: mails are kept for ever and nearly all of them are sent, so those
   * are what is left when the others are taken from what the database estimates that there is. After the database was
   * killed the estimate can be out by a few.
   */
  async estimateByState(): Promise<MailCounts> {
    const others = MAIL_STATUSES.filter((status) => status !== 'sent')
    const [all, ...counts] = await Promise.all([
      this.parts.mails.collection.estimatedDocumentCount(),
      ...others.map((status) => this.count(status)),
    ])
    const sent = all - counts.reduce((sum, count) => sum + count, 0)
    const known = new Map<MailDoc['status'], number>(others.map((status, i) => [status, counts[i] ?? 0]))
    known.set('sent', Math.max(0, sent))
    return Object.fromEntries(MAIL_STATUSES.map((status) => [status, known.get(status) ?? 0])) as MailCounts
  }

  /**
   * Whether mails get out. Without a mail server nothing is stuck: mails wait to be read in the application. A mailbox
   * that takes nothing for now does not count: the server is there.
   */
  async stuck(now: Date): Promise<Stuck> {
    const [oldest, left, queued] = await Promise.all([this.oldestDue(now), this.left(), this.count('queued')])
    const since = [oldest, ...left].flatMap((mail) => mail?.nextAttemptAt?.getTime() ?? [])
    const oldestDueAt = since.length === 0 ? null : new Date(Math.min(...since))
    const reason = this.parts.server ? await this.reason(oldestDueAt, now) : null
    return { stuck: reason !== null, reason, oldestDueAt, queued: queued + left.length }
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
    if (oldestDueAt && oldestDueAt <= ago(WAITING_MS) && !(await this.sentSince(ago(LATELY_MS), now)))
      return 'waiting'
    const { collection } = this.parts.mails
    const failing = await collection.findOne(failingSince(ago(FAILING_MS)), { projection: { _id: 1 } })
    return failing && !(await this.sentSince(ago(FAILING_MS), now)) ? 'failing' : null
  }

  private async sentSince(at: Date, now: Date): Promise<boolean> {
    const found = await this.parts.mails.collection.findOne(sentBetween(at, now), {
      // The order says along which index to look.
      ...{ sort: { sentAt: -1 }, projection: { _id: 1 } },
    })
    return found !== null
  }

  /** Mails in dead hands: as many as there are connections, a process. */
  private async left(): Promise<Pick<MailDoc, 'nextAttemptAt'>[]> {
    const { machineNow, leaseMs } = this.parts.leases()
    const found = await this.parts.mails.collection
      .find(leftAt(machineNow, leaseMs), { projection: { nextAttemptAt: 1 }, limit: LEFT_AT_MOST })
      .toArray()
    return found as unknown as Pick<MailDoc, 'nextAttemptAt'>[]
  }

  private async oldestDue(now: Date): Promise<Pick<MailDoc, 'nextAttemptAt'> | null> {
    const found = await this.parts.mails.collection.findOne(dueBy(now), {
      sort: { nextAttemptAt: 1 },
      projection: { nextAttemptAt: 1 },
    })
    return found as unknown as Pick<MailDoc, 'nextAttemptAt'> | null
  }

  private count(status: MailDoc['status']): Promise<number> {
    return this.parts.mails.collection.countDocuments({ status })
  }
}
