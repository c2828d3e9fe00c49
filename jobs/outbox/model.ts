import { type Connection, Schema, type Types } from 'mongoose'
import type { Lease } from '../database.ts'
import { MAIL_STATUSES } from '../schema.ts'

/** A picture that the HTML shows by its `cid:`. */
export interface Picture {
  cid: string
  filename: string
  type: string
  content: Buffer
}

/** A mail as stored: complete, so that what was sent can be read for ever. */
export interface MailDoc {
  _id: Types.ObjectId
  /** kind|period|account: one mail a report and person */
  key: string
  kind: string
  period: string
  account: string
  to: { name: string; address: string }
  language: string
  subject: string
  html: string
  text: string
  pictures: Picture[]
  /** derived from the key: a mail that must be sent again after a crash is recognised as the same */
  messageId: string
  /** opens an account: the content is encrypted, shown to nobody, and gone once the mail is sent or given up */
  secret?: true
  status: (typeof MAIL_STATUSES)[number]
  attempts: number
  createdAt: Date
  nextAttemptAt: Date | null
  /** from when on a failed attempt is the last */
  giveUpAt: Date
  sentAt: Date | null
  lastError: string | null
  lease: Lease | null
}

const schema = new Schema<MailDoc>(
  {
    key: { type: String, required: true },
    kind: { type: String, required: true },
    period: { type: String, required: true },
    account: { type: String, required: true },
    to: { type: Schema.Types.Mixed, required: true },
    language: { type: String, required: true },
    subject: { type: String, required: true },
    html: { type: String, required: true },
    text: { type: String, required: true },
    pictures: { type: [Schema.Types.Mixed], required: true } as never,
    messageId: { type: String, required: true },
    secret: Boolean as never,
    status: { type: String, enum: MAIL_STATUSES, required: true },
    attempts: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    nextAttemptAt: { type: Date, default: null },
    giveUpAt: { type: Date, required: true },
    sentAt: { type: Date, default: null },
    lastError: { type: String, default: null },
    lease: { type: Schema.Types.Mixed, default: null },
  },
  { versionKey: false, minimize: false },
)

schema.index({ key: 1 }, { unique: true })
schema.index({ status: 1, nextAttemptAt: 1 })
schema.index({ status: 1, _id: -1 })
// Secret mails that still have their content: those that have ended are looked for at each delivery.
schema.index({ secret: 1, status: 1 }, { partialFilterExpression: { secret: true, html: { $gt: '' } } })

/** The mails' model on a connection. */
export const mailModel = (connection: Connection) => connection.model<MailDoc>('Mail', schema, 'outbox')
export type MailModel = ReturnType<typeof mailModel>

/** The bytes of a stored picture; the driver gives binary values as a class of its own. */
export const bytesOf = (content: Buffer | { buffer: Uint8Array }): Uint8Array =>
  Buffer.isBuffer(content) ? content : (content.buffer as Uint8Array)
