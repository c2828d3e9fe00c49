import type { Connection } from 'mongoose'
import { type AlertDoc, type AlertModel, alertModel, alertState } from '../server/alerts/model.ts'
import { type AlertReader, type AlertReaders, concerns } from '../server/alerts/readers.ts'
import { isDuplicateKey } from '../server/changes/writer-lock.ts'
import { Failures, isOutage, summaryOf } from './each.ts'
import { describeError, type JobLog } from './job.ts'
import { renderAlertMail } from './mail/alert-mail.ts'
import type { Outbox } from './outbox/outbox.ts'
import type { Troubles } from './trouble.ts'

/** Of one figure at most one mail is sent in so long; what comes meanwhile is gathered. */
export const GATHER_MS = 10 * 60_000
/** So many alerts go into one round of mails; the rest into the next. */
const BATCH = 200
const MAILS = { _id: 'mails' as const }
const TOPIC = 'alerts' as const

export interface AlertParts {
  connection: Connection
  /** looks at the figures and writes down what happened */
  watch: { look(now: Date): Promise<number> }
  readers: AlertReaders
  outbox: Pick<Outbox, 'enqueueMany'>
  /** a link that ends these mails for somebody; undefined while the service has no address */
  unsubscribe: { urlFor(recipient: string, topic: typeof TOPIC): string | undefined }
  /** where people reach the service; empty before it knows */
  address: () => string
  timeZone: string
  /** tells of somebody to whom no mail can be written */
  trouble?: Pick<Troubles, 'tell'> | undefined
  log: JobLog
  /** called when mails wait to be sent */
  onQueued: () => void
}

/**
 * Tells people by mail what happened to the figures, within a tick. Which alerts go into a round is written down before
 * any mail is queued: whoever finds a round begun finishes it, and the outbox takes each mail once.
 */
export class Alerts {
  private readonly parts: AlertParts
  private readonly alerts: AlertModel
  private readonly rounds
  private readonly failures = new Failures()

  constructor(parts: AlertParts) {
    this.parts = parts
    this.alerts = alertModel(parts.connection)
    this.rounds = alertState(parts.connection).rounds
  }

  /** Looks at the figures, and queues the mails that are due. Safe for several processes at once. */
  async tick(now: Date): Promise<{ alerts: number; mails: number }> {
    // What is told already goes out, whether or not the figures can be looked at.
    const [look] = await Promise.allSettled([this.parts.watch.look(now)])
    const mails = await this.mail(now)
    if (mails > 0) this.parts.onQueued()
    if (look.status === 'rejected') throw look.reason
    return { alerts: look.value, mails }
  }

  /** Queues the mails of a round that was left unfinished, then those of a new one. @returns how many */
  async mail(now: Date): Promise<number> {
    let queued = await this.finish(now)
    if (await this.begin(now)) queued += await this.finish(now)
    return queued
  }

  /** Fixes which alerts go into the next round. @returns whether there are any */
  private async begin(now: Date): Promise<boolean> {
    // Before what is due is read: a round that another process has ended meanwhile has told these already.
    const { n = 0 } = (await this.rounds.findOne(MAILS, { projection: { n: 1 } })) ?? {}
    const resting = await this.mailedLately(now)
    const due = await this.alerts.collection
      .find<AlertDoc>({ mail: 'due', ...(resting.length > 0 ? { $nor: resting } : {}) } as never)
      .sort({ at: 1, _id: 1 })
      .limit(BATCH)
      .project<Pick<AlertDoc, '_id'>>({ _id: 1 })
      .toArray()
    if (due.length === 0) return false
    const ids = due.map((alert) => alert._id)
    const set = { $set: { pending: { at: now, alerts: ids } }, $inc: { n: 1 } }
    try {
      const done = await this.rounds.updateOne({ ...MAILS, n, pending: null }, set, { upsert: true })
      return done.modifiedCount + done.upsertedCount === 1
    } catch (error) {
      // Another process has begun one.
      if (isDuplicateKey(error)) return true
      throw error
    }
  }

  /** The figures of which a mail went out less than ten minutes ago; a clock that ran ahead says nothing of that. */
  private async mailedLately(now: Date): Promise<Pick<AlertDoc, 'rule' | 'county'>[]> {
    const lately = await this.alerts.collection
      .find<AlertDoc>(mailedBetween(new Date(now.getTime() - GATHER_MS), now) as never)
      .project<AlertDoc>({ rule: 1, county: 1 })
      .toArray()
    const figures = lately.map(({ rule, county }) => [figureOf({ rule, county }), { rule, county }] as const)
    return [...new Map(figures).values()]
  }

  /** Queues the mails of the round that was begun, and ends it. */
  private async finish(now: Date): Promise<number> {
    const round = await this.rounds.findOne(MAILS)
    if (!round?.pending) return 0
    const { n, pending } = round
    const _id = { $in: pending.alerts }
    const alerts = await this.alerts.collection
      .find<AlertDoc>({ _id } as never)
      .sort({ at: 1, _id: 1 })
      .toArray()
    const { groups, faults } = await this.groups(alerts, n, now)
    let queued = 0
    for (const group of groups) {
      try {
        queued += await this.queue(group, String(n), pending.at)
      } catch (error) {
        if (isOutage(error)) throw error
        if (!(await this.putAside(group.members, n, error, now))) faults.push(error)
      }
    }
    // The round stays begun: who has his mail gets none again.
    if (faults.length > 0) throw summaryOf(faults, 'readers of alerts have no mail')
    const told = { mail: 'done', mailedAt: pending.at }
    await this.alerts.collection.updateMany({ _id } as never, { $set: told as never })
    await this.rounds.updateOne({ ...MAILS, n }, { $set: { pending: null } })
    return queued
  }

  /** The readers whom these alerts concern, those together who get the very same mail. */
  private async groups(alerts: AlertDoc[], round: number, now: Date) {
    const groups = new Map<string, Group>()
    const faults: unknown[] = []
    for (const reader of await this.parts.readers()) {
      const own = alerts.filter((alert) => concerns(alert, reader))
      if (own.length === 0) continue
      const { id, language, scope, source } = reader
      try {
        const url = this.parts.unsubscribe.urlFor(id, TOPIC)
        const key = JSON.stringify([language, scope.county, source, url !== undefined])
        const group = groups.get(key) ?? { language, source, own, members: [] }
        group.members.push({ ...reader, url })
        groups.set(key, group)
      } catch (error) {
        if (!(await this.putAside([reader], round, error, now))) faults.push(error)
      }
    }
    return { groups: [...groups.values()], faults }
  }

  /** Leaves readers out of a round after too many attempts, so that the next round can begin; that is told. */
  private async putAside(
    readers: readonly AlertReader[],
    round: number,
    error: unknown,
    now: Date,
  ): Promise<boolean> {
    const [first] = readers
    if (!first || !this.failures.add(`${round}|${first.id}`)) return false
    const { log, trouble } = this.parts
    const reason = describeError(error)
    const accounts = readers.map(({ id }) => id)
    log.error({ accounts, round, error: reason }, 'put aside: no mail of alerts can be made')
    const detail = { failed: String(readers.length), address: first.email, reason }
    await trouble?.tell(
      { key: `mails-failed|alerts|${round}|${first.id}`, kind: 'mails-failed', detail },
      now,
    )
    return true
  }

  /** Queues one mail for a group, written once. @returns how many are new */
  private async queue({ language, source, own, members }: Group, round: string, now: Date): Promise<number> {
    const { outbox, timeZone, log } = this.parts
    // Who has no account can open no page.
    const address = (source === 'account' && this.parts.address()) || undefined
    const unsubscribe = members.some(({ url }) => url !== undefined)
    const mail = renderAlertMail(own, { language, timeZone, address, unsubscribe })
    const { queued, unusable } = await outbox.enqueueMany(
      { kind: 'alert', period: round, topic: TOPIC, language, ...mail },
      members.map(({ id, name, email, url }) => ({
        ...{ account: id, to: { name, address: email } },
        ...(url === undefined ? {} : { unsubscribe: url }),
      })),
      now,
    )
    if (unusable > 0) log.warn({ round, count: unusable }, 'recipients left out')
    return queued
  }
}

/** Readers who get the very same mail, but for the link that ends it. */
interface Group extends Pick<AlertReader, 'language' | 'source'> {
  own: AlertDoc[]
  members: (AlertReader & { url: string | undefined })[]
}

/** Alerts that went out in mails lately. */
export const mailedBetween = (from: Date, to: Date) => ({ mail: 'done', mailedAt: { $gt: from, $lte: to } })

const figureOf = ({ county, rule }: Pick<AlertDoc, 'county' | 'rule'>): string => `${county}|${rule}`
