import type { Connection, Types } from 'mongoose'
import type { People } from '../accounts/people.ts'
import { civilDateAt } from '../domain/civil-date.ts'
import { ASK_AFTER_DAYS, daysBefore, keptUntil, lastUse, staleness } from '../domain/stale.ts'
import type { ImportFiles } from '../imports/files.ts'
import type { ImportDoc, ImportModel, ImportRowModel } from '../imports/model.ts'
import { rowsOf } from '../imports/model.ts'
import type { NoticeService } from '../notices/service.ts'
import { removeAll } from './remove.ts'

export interface StaleListParts {
  connection: Connection
  imports: ImportModel
  rows: ImportRowModel
  files: ImportFiles
  people: People
  notices: NoticeService
  timeZone: string
  /** notes in the audit log that a list was cleared */
  record(list: { id: string; filename: string; rows: number }, now: Date): Promise<void>
}

const SYSTEM = { id: 'system', name: '系统' }
/** What waits for its sender and has nothing on the ledger; nothing applied, decided on or waiting is among it. */
const UNSUBMITTED = { status: { $in: ['checked', 'rejected'] }, recorded: 0, openDisputes: 0 }

/**
 * Lists that were checked and never submitted: their senders are asked first, then rows and file go. The list's own
 * document stays, cancelled by the system, with what it was and who sent it.
 */
export class StaleLists {
  private readonly parts: StaleListParts

  constructor(parts: StaleListParts) {
    this.parts = parts
  }

  /** Asks about, and expires, what is stale. Safe to repeat. */
  async sweep(now: Date, signal: AbortSignal): Promise<{ asked: number; expired: number; rows: number }> {
    let [asked, expired] = [0, 0]
    for await (const doc of this.candidates(now)) {
      signal.throwIfAborted()
      const due = staleness(doc, doc.askedAt, now)
      if (due === null || (await this.isDisputed(doc._id))) continue
      if (due === 'ask') asked += await this.ask(doc, now)
      else expired += await this.expire(doc, now)
    }
    return { asked, expired, rows: await this.clear(now, signal) }
  }

  private candidates(now: Date) {
    const old = { ...UNSUBMITTED, sentAt: { $lte: daysBefore(now, ASK_AFTER_DAYS) } }
    return this.parts.imports.collection.find<ImportDoc>(old as never).batchSize(200)
  }

  /** What was argued about is kept whole. */
  private async isDisputed(list: Types.ObjectId): Promise<boolean> {
    const disputes = this.parts.connection.collection('disputes')
    return (await disputes.findOne({ import: list }, { projection: { _id: 1 } })) !== null
  }

  /** Asks whoever sent it. The notice's key goes by the list's last use, so that a crash in between asks once. */
  private async ask(doc: ImportDoc, now: Date): Promise<number> {
    const { imports, people, notices, timeZone } = this.parts
    const id = doc._id.toHexString()
    const whom =
      doc.sentAs === 'operator' && doc.operator !== null
        ? await people.ofOperator(doc.operator)
        : [doc.sentBy.id]
    const until = civilDateAt(keptUntil(doc, now), timeZone)
    await notices.tell(
      {
        ...{ kind: 'list-expiring', period: `${id}.${lastUse(doc).getTime().toString(36)}`, at: now },
        params: { filename: doc.filename, until, total: String(doc.counts.total) },
        link: `/uploads/${id}`,
      },
      whom,
    )
    const { modifiedCount } = await imports.collection.updateOne(
      { _id: doc._id, status: doc.status },
      { $set: { askedAt: now } },
    )
    return modifiedCount
  }

  private async expire(doc: ImportDoc, now: Date): Promise<number> {
    const seen = { ...UNSUBMITTED, _id: doc._id, status: doc.status, askedAt: doc.askedAt }
    const set = { status: 'cancelled', decidedBy: SYSTEM, decidedAt: now, lease: null }
    const { modifiedCount } = await this.parts.imports.collection.updateOne(
      { ...seen, touchedAt: doc.touchedAt ?? null } as never,
      { $set: { ...set, expired: { at: now, cleared: false } } as never },
    )
    return modifiedCount
  }

  /** Removes rows and files of what has expired, also what a crash left of it. @returns how many rows */
  private async clear(now: Date, signal: AbortSignal): Promise<number> {
    const { imports, rows: rowsModel, files, connection, record } = this.parts
    const expired = await imports.collection.find<ImportDoc>({ 'expired.cleared': false } as never).toArray()
    let rows = 0
    for (const { _id, file, filename } of expired) {
      const removed = await removeAll(rowsModel.collection, rowsOf(_id), signal)
      await connection.collection('import-mends').deleteMany({ import: _id })
      await connection.collection('import-moves').deleteMany({ _id })
      await files.remove(file)
      await record({ id: _id.toHexString(), filename, rows: removed }, now)
      await imports.collection.updateOne({ _id }, { $set: { 'expired.cleared': true } as never })
      rows += removed
    }
    return rows
  }
}
