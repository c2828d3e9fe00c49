import { ObjectId } from 'mongodb'
import type { Logger } from 'pino'
import { literal } from '../database/pattern.ts'
import { addDays, startOfDay } from '../domain/civil-date.ts'
import { decodeCursor, isId, isInstant, pageFrom } from '../http/cursor.ts'
import type { AuditActor, AuditDoc, AuditModel } from './model.ts'
import { difference, redacted } from './redact.ts'
import type { AuditEntry, AuditFilters } from './schema.ts'

/** An entry before it is stored. */
export type NewEntry = Omit<AuditDoc, '_id'>

/** What the service did by itself. */
export interface OwnDeed {
  at: Date
  action: string
  outcome: AuditDoc['outcome']
  target?: AuditDoc['target']
  detail?: Record<string, unknown>
}

/** Who did what, when, from where, and what it changed. Entries are only ever added. */
export class AuditLog {
  private readonly entries: AuditModel
  private readonly log: Logger
  private readonly timeZone: string

  constructor(parts: { entries: AuditModel; log: Logger; timeZone: string }) {
    this.entries = parts.entries
    this.log = parts.log
    this.timeZone = parts.timeZone
  }

  /** Stores an entry, without secrets and with only what differs of before and after. */
  async record(entry: NewEntry): Promise<void> {
    const { before, after } = difference(entry.before, entry.after)
    const target = redacted(entry.target) as AuditDoc['target']
    const detail = redacted(entry.detail ?? null)
    const path = redacted(entry.path) as string | null
    const doc: AuditDoc = { ...entry, _id: new ObjectId(), path, target, before, after, detail }
    await this.entries.collection.insertOne(doc as never)
  }

  /** Stores what the service itself did, such as a scheduled job. */
  async recordOwn({ at, action, outcome, target, detail }: OwnDeed): Promise<void> {
    await this.record({
      ...{ at, action, outcome, target: target ?? null, detail: detail ?? null, via: 'system' },
      ...{ actor: null, token: null, address: null, method: null, path: null, status: null, problem: null },
      ...{ before: null, after: null, request: null },
    })
  }

  /** Somebody by the id of an account, as the log keeps them. */
  async actor(account: string): Promise<AuditActor | null> {
    const doc = await this.entries.db
      .collection<{ _id: ObjectId; name: string; email: string; role: string }>('accounts')
      .findOne({ _id: new ObjectId(account) }, { projection: { name: 1, email: 1, role: 1 } })
    return doc && { id: account, name: doc.name, email: doc.email, role: doc.role }
  }

  /** Says in the service's own log that an entry could not be stored. */
  failed(error: unknown, path: string): void {
    this.log.error({ err: error, path }, 'an entry of the audit log was not stored')
  }

  /** Entries, newest first. */
  async list(query: AuditFilters & { limit: number; cursor?: string | undefined }) {
    const found = await this.find(query, query.cursor)
      .limit(query.limit + 1)
      .toArray()
    const page = pageFrom(found, query.limit, (last) => [last.at.toISOString(), last._id.toHexString()])
    return { ...page, items: page.items.map(auditView) }
  }

  /**
   * All entries that fit, newest first, one at a time.
   * @param asking the request that asks for them: its own entry may be stored before they are read, and is not among them
   */
  async *all(query: AuditFilters, asking: string | null): AsyncGenerator<AuditEntry> {
    for await (const doc of this.find(query).batchSize(500))
      if (asking === null || doc.request !== asking) yield auditView(doc)
  }

  private find(query: AuditFilters, cursor?: string) {
    const filter = this.filterOf(query)
    const [at, id] = cursor ? decodeCursor(cursor, 2, [isInstant, isId]) : []
    const before = at && new Date(at)
    const after =
      before && id ? { $or: [{ at: { $lt: before } }, { at: before, _id: { $lt: new ObjectId(id) } }] } : {}
    return this.entries.collection
      .find<AuditDoc>({ $and: [filter, after] } as never)
      .sort({ at: -1, _id: -1 })
  }

  private filterOf({ from, to, actor, action, target, outcome, q }: AuditFilters): Record<string, unknown> {
    const and: Record<string, unknown>[] = [{}]
    if (from) and.push({ at: { $gte: startOfDay(from, this.timeZone) } })
    if (to) and.push({ at: { $lt: startOfDay(addDays(to, 1), this.timeZone) } })
    if (actor)
      and.push(isObjectId(actor) ? { 'actor.id': actor } : anyOf(['actor.name', 'actor.email'], actor))
    if (action) and.push({ action: { $in: action.split(',').filter(Boolean).slice(0, 100).map(actionLike) } })
    if (target) and.push(targetLike(target))
    if (outcome) and.push({ outcome })
    if (q) and.push(anyOf(['target.label', 'target.id'], q))
    return { $and: and }
  }
}

const isObjectId = (text: string): boolean => /^[0-9a-f]{24}$/.test(text)

const anyOf = (fields: readonly string[], part: string) => ({
  $or: fields.map((field) => ({ [field]: { $regex: literal(part), $options: 'i' } })),
})

const actionLike = (action: string): string | RegExp =>
  action.endsWith('.') ? new RegExp(`^${literal(action)}`) : action

function targetLike(target: string): Record<string, unknown> {
  const at = target.indexOf(':')
  if (at < 0) return { 'target.kind': target }
  return { 'target.kind': target.slice(0, at), 'target.id': target.slice(at + 1) }
}

function auditView({ _id, at, ...rest }: AuditDoc): AuditEntry {
  return { id: _id.toHexString(), at: at.toISOString(), ...rest }
}
