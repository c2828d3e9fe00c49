import { type Connection, Schema, type Types } from 'mongoose'
import type { Language } from '../accounts/schema.ts'
import type { MailTopic } from './schema.ts'

/** A further address that gets mails: somebody without an account. */
export interface ListedDoc {
  _id: Types.ObjectId
  email: string
  name: string
  language: Language
  county: string | null
  operator: string | null
  topics: MailTopic[]
  /** topics that its owner has ended; not among `topics` */
  ended: MailTopic[]
  attach: boolean
  createdAt: Date
}

const schema = new Schema<ListedDoc>(
  {
    email: { type: String, required: true },
    name: { type: String, required: true },
    language: { type: String, required: true },
    county: { type: String, default: null },
    operator: { type: String, default: null },
    topics: { type: [String], required: true } as never,
    ended: { type: [String], required: true } as never,
    attach: { type: Boolean, required: true },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
)
// An address may be told of two counties, each by a mail of its own.
schema.index({ email: 1, county: 1, operator: 1 }, { unique: true })

/** The model of further addresses on a connection. */
export const listedModel = (connection: Connection) =>
  connection.model<ListedDoc>('MailRecipient', schema, 'mail-recipients')
export type ListedModel = ReturnType<typeof listedModel>
