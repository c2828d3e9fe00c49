import { ObjectId } from 'mongodb'
import { isInserted } from '../changes/writer-lock.ts'
import { decodeCursor, isId, isInstant, pageFrom } from '../http/cursor.ts'
import type { NoticeDoc, NoticeModel } from './model.ts'
import type { NoticeKind, NoticeView } from './schema.ts'

/** What is to be told, and to whom. */
export interface NewNotice {
  kind: NoticeKind
  /** at most 60 characters, the same whenever the same is told */
  period: string
  at: Date
  params: Record<string, string>
  link: string
  /** `done`: a mail of its own tells the same; ListMails puts the others into mails */
  mail?: 'done'
}

/** What people have been told in the application; their mails are made of it. */
export class NoticeService {
  private readonly notices: NoticeModel

  constructor(notices: NoticeModel) {
    this.notices = notices
  }

  /** Tells accounts of something. Safe to repeat: nobody is told twice. */
  async tell(given: NewNotice, accounts: Iterable<string>): Promise<void> {
    for (const account of new Set(accounts)) {
      const key = `${given.kind}|${given.period}|${account}`
      const doc: NoticeDoc = { _id: new ObjectId(), key, mail: 'due', ...given, account, seen: null }
      await isInserted(this.notices.collection.insertOne(doc as never))
    }
  }

  /** An account's notices, newest first, with how many it has not seen. */
  async list(account: string, query: { limit: number; cursor?: string | undefined }) {
    const [at, id] = query.cursor ? decodeCursor(query.cursor, 2, [isInstant, isId]) : []
    const before =
      at && id
        ? { $or: [{ at: { $lt: new Date(at) } }, { at: new Date(at), _id: { $lt: new ObjectId(id) } }] }
        : {}
    const found = await this.notices.collection
      .find<NoticeDoc>({ $and: [{ account }, before] } as never)
      .sort({ at: -1, _id: -1 })
      .limit(query.limit + 1)
      .toArray()
    const page = pageFrom(found, query.limit, (last) => [last.at.toISOString(), last._id.toHexString()])
    return { ...page, items: page.items.map(noticeView), unseen: await this.unseen(account) }
  }

  /** How many notices an account has not seen. */
  unseen(account: string): Promise<number> {
    return this.notices.collection.countDocuments({ account, seen: null })
  }

  /** Marks an account's notices as seen, all or those named; others' are left alone. */
  async markSeen(account: string, ids: readonly string[] | undefined, now: Date): Promise<void> {
    const named = ids === undefined ? {} : { _id: { $in: ids.map((id) => new ObjectId(id)) } }
    await this.notices.collection.updateMany({ account, seen: null, ...named }, { $set: { seen: now } })
  }

  /** Notices that still have to be put into mails, the oldest first. */
  mailDue(limit: number): Promise<NoticeDoc[]> {
    return this.notices.collection.find<NoticeDoc>({ mail: 'due' }).sort({ at: 1 }).limit(limit).toArray()
  }

  /** Says that a notice needs no mail any more. */
  async mailDone(id: NoticeDoc['_id']): Promise<void> {
    await this.notices.collection.updateOne({ _id: id }, { $set: { mail: 'done' } })
  }
}

const noticeView = ({ _id, kind, at, seen, params, link }: NoticeDoc): NoticeView => ({
  id: _id.toHexString(),
  kind,
  at: at.toISOString(),
  seen: seen !== null,
  params,
  link,
})
