import { createHash } from 'node:crypto'
import { ObjectId } from 'mongodb'
import type { Connection } from 'mongoose'
import { isWithin, liesWithin, type Scope } from '../accounts/permissions.ts'
import type { Actor, ChangeDoc, ChangeModel } from '../changes/model.ts'
import type { AttachmentView } from '../changes/schema.ts'
import type { WriterLock } from '../changes/writer-lock.ts'
import { DocumentStore } from '../documents/store.ts'
import { nameForType } from '../documents/type.ts'
import { notFound, Problem } from '../http/problem.ts'
import type { AttachmentDoc, AttachmentModel } from './model.ts'
import { attachmentView } from './view.ts'

export interface AttachmentParts {
  attachments: AttachmentModel
  changes: ChangeModel
  lock: WriterLock
}

const DAY_MS = 86_400_000

/** Documents that go with ledger entries: their uploader's own until an entry takes them, then kept for ever. */
export class Attachments {
  private readonly parts: AttachmentParts
  private readonly store: DocumentStore
  private strays: Date | undefined

  constructor(connection: Connection, parts: AttachmentParts) {
    this.parts = parts
    this.store = new DocumentStore(connection, 'attachment-files')
  }

  /** Keeps a document. Its bytes come first, so that an attachment never lacks them. */
  async receive(
    file: { name: string; type: string; bytes: Buffer },
    by: Actor,
    now: Date,
  ): Promise<AttachmentView> {
    const { type, bytes } = file
    const name = nameForType(file.name, type)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const made = { type, name, sha256, size: bytes.length, by, at: now, changes: [], loose: true }
    const doc: AttachmentDoc = { _id: new ObjectId(), ...made }
    await this.store.put(doc._id, name, bytes)
    await this.parts.attachments.collection.insertOne(doc as never)
    return attachmentView(doc)
  }

  /**
   * Looks whether an entry can take attachments: those that the caller uploaded and no entry has, and those that the
   * entry which it corrects has. @throws Problem 422 that names the others
   */
  async mustBeFree(ids: readonly ObjectId[], by: Actor, corrected?: ObjectId): Promise<void> {
    if (ids.length === 0) return
    const own = { loose: true, 'by.id': by.id }
    const free = corrected ? { $or: [own, { changes: corrected }] } : own
    const found = await this.parts.attachments.collection
      .find({ ...free, _id: { $in: [...ids] } } as never, { projection: { _id: 1 } })
      .toArray()
    const known = new Set(found.map((f) => String(f._id)))
    const code = 'attachment.unknown'
    const faults = ids
      .filter((id) => !known.has(String(id)))
      .map((id) => ({ path: 'attachments', code, message: code, params: { id: String(id) } }))
    if (faults.length > 0) throw new Problem(422, 'change.invalid', undefined, faults)
  }

  /** Links attachments with a recorded entry that names them. Safe to repeat. */
  async take(ids: readonly ObjectId[], change: ObjectId): Promise<void> {
    if (ids.length === 0) return
    const update = { $addToSet: { changes: change }, $set: { loose: false } }
    await this.parts.attachments.collection.updateMany({ _id: { $in: [...ids] } } as never, update as never)
  }

  /**
   * Has the attachments of entries go with the entries that say those anew, too. Safe to repeat.
   * @param anew an entry, and the one that says it anew
   */
  async follow(anew: readonly { of: ObjectId; by: ObjectId }[]): Promise<void> {
    if (anew.length === 0) return
    const { collection } = this.parts.attachments
    const found = await collection
      .find<Pick<AttachmentDoc, 'changes'>>({ changes: { $in: anew.map((a) => a.of) } } as never, {
        projection: { changes: 1 },
      })
      .toArray()
    const having = new Set(found.flatMap((f) => f.changes.map(String)))
    const links = anew
      .filter(({ of }) => having.has(String(of)))
      .map(({ of, by }) => ({
        updateMany: { filter: { changes: of }, update: { $addToSet: { changes: by } } },
      }))
    if (links.length > 0) await collection.bulkWrite(links as never)
  }

  /** The ids of an entry's attachments. */
  async of(change: ObjectId): Promise<ObjectId[]> {
    const found = await this.parts.attachments.collection
      .find({ changes: change } as never, { projection: { _id: 1 } })
      .sort({ at: 1, _id: 1 })
      .toArray()
    return found.map((f) => f._id as unknown as ObjectId)
  }

  /**
   * Adds an attachment to an entry that is recorded already.
   * @throws Problem 404, 403; 409 `change.already-voided`; 422 for one that is not the caller's or taken
   */
  add(change: string, attachment: string, by: Actor, scope: Scope): Promise<AttachmentView[]> {
    const { lock, changes, attachments } = this.parts
    return lock.run(async () => {
      const entry = await changes.collection.findOne<ChangeDoc>({ _id: new ObjectId(change) })
      if (!entry || !isWithin(entry.vehicle, scope)) throw notFound()
      if (!liesWithin(entry, scope)) throw new Problem(403, 'permission.denied')
      if (entry.voided) throw new Problem(409, 'change.already-voided')
      const id = new ObjectId(attachment)
      // Asked a second time it is there already.
      await this.mustBeFree([id], by, entry._id)
      await this.take([id], entry._id)
      const docs = await attachments.collection
        .find<AttachmentDoc>({ changes: entry._id } as never)
        .sort({ at: 1, _id: 1 })
        .toArray()
      return docs.map(attachmentView)
    })
  }

  /** A document of an entry, for whoever may see the entry. @throws Problem 404 */
  async read(change: string, attachment: string, scope: Scope) {
    const { changes, attachments } = this.parts
    const entry = await changes.collection.findOne<ChangeDoc>({ _id: new ObjectId(change) })
    if (!entry || !isWithin(entry.vehicle, scope)) throw notFound()
    const filter = { _id: new ObjectId(attachment), changes: entry._id }
    const doc = await attachments.collection.findOne<AttachmentDoc>(filter as never)
    if (!doc) throw notFound()
    return { ...attachmentView(doc), content: this.store.read(doc._id) }
  }

  /** Removes the caller's own upload that no entry has taken. @returns what it was @throws Problem 404, 409 `attachment.taken` */
  remove(id: string, by: Actor): Promise<AttachmentView> {
    const { lock, attachments } = this.parts
    return lock.run(async () => {
      const own = { _id: new ObjectId(id), 'by.id': by.id }
      const doc = await attachments.collection.findOne<AttachmentDoc>(own as never)
      if (!doc) throw notFound()
      if (!doc.loose || (await this.isNamed(doc._id))) throw new Problem(409, 'attachment.taken')
      await attachments.collection.deleteOne({ ...own, loose: true } as never)
      await this.store.remove(doc._id)
      return attachmentView(doc)
    })
  }

  /** Removes what was uploaded more than a day ago and is in no entry. @returns how many */
  async sweep(now: Date): Promise<number> {
    const { attachments, lock } = this.parts
    const old = { loose: true, at: { $lt: new Date(now.getTime() - DAY_MS) } }
    const found = await attachments.collection
      .find<AttachmentDoc>(old as never)
      .limit(500)
      .toArray()
    let removed = 0
    for (const { _id } of found) {
      await lock.run(async () => {
        // An entry names it whose writer died before it was linked: that is made up for, not swept.
        if (await this.isNamed(_id)) return
        const done = await attachments.collection.deleteOne({ ...old, _id } as never)
        if (done.deletedCount === 0) return
        await this.store.remove(_id)
        removed++
      })
    }
    return removed + (await this.sweepStrays())
  }

  /** Whether an entry names an attachment, be it one that a correction which was cut off has yet to say. */
  private async isNamed(id: ObjectId): Promise<boolean> {
    const named = [{ attachments: id }, { 'saidAnew.entries.entry.attachments': id }]
    const entry = await this.parts.changes.collection.findOne({ $or: named } as never, {
      projection: { _id: 1 },
    })
    return entry !== null
  }

  /** Once a day: bytes without an attachment, as a crash between the two leaves them. By the machine's clock. */
  private async sweepStrays(): Promise<number> {
    const dayAgo = new Date(Date.now() - DAY_MS)
    if (this.strays && this.strays > dayAgo) return 0
    this.strays = new Date()
    const kept = await this.store.keptBefore(ObjectId.createFromTime(Math.floor(dayAgo.getTime() / 1000)))
    const named = await this.parts.attachments.collection
      .find({ _id: { $in: kept } } as never, { projection: { _id: 1 } })
      .toArray()
    const known = new Set(named.map((n) => String(n._id)))
    const strays = kept.filter((id) => !known.has(id.toHexString()))
    for (const id of strays) await this.store.remove(id)
    return strays.length
  }
}
