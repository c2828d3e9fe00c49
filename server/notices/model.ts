import { type Connection, Schema, type Types } from 'mongoose'
import type { NoticeKind } from './schema.ts'

/** One thing that one account is told of. */
export interface NoticeDoc {
  _id: Types.ObjectId
  /** kind|period|account: told once, however often the work is repeated */
  key: string
  kind: NoticeKind
  /** what it is about and when that was, e.g. a list's id and the instant of its return */
  period: string
  account: string
  at: Date
  seen: Date | null
  params: Record<string, string>
  link: string
  /** whether it still has to be put into a mail; `done` also for those who want none */
  mail: 'due' | 'done'
}

const schema = new Schema<NoticeDoc>({}, { strict: false, versionKey: false, minimize: false })
schema.index({ key: 1 }, { unique: true })
schema.index({ account: 1, at: -1, _id: -1 })
schema.index({ account: 1, seen: 1 }, { partialFilterExpression: { seen: null } })
schema.index({ mail: 1, at: 1 }, { partialFilterExpression: { mail: 'due' } })

export const noticeModel = (connection: Connection) =>
  connection.model<NoticeDoc>('Notice', schema, 'notices')
export type NoticeModel = ReturnType<typeof noticeModel>
