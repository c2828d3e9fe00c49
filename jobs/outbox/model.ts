import { type Connection, Schema, type Types } from 'mongoose'
import type { Lease } from '../leases.ts'
import type { MAIL_STATUSES, MailCause } from './schema.ts'

/** A file that goes with a mail. */
export interface MailFile {
  filename: string
  type: string
  content: Buffer
}

/** A picture that the HTML shows by its `cid:`. */
export interface Picture extends MailFile {
  cid: string
}

/** What stands in a mail; see `personal` for what is each recipient's own. */
export interface MailContent {
  html: string
  text: string
  pictures: Picture[]
  attachments?: MailFile[]
}

/**
 * A mail as stored: with its content it is complete, so that what was sent can be read for ever. The content stands
 * in `mail-contents` under its digest, once for all of its recipients; in the mail itself where it is secret, and in
 * mails of earlier versions.
 */
export interface MailDoc extends Partial<MailContent> {
  _id: Types.ObjectId
  /** kind|period|account: one mail a report and person; with `#2` … when it was sent again on purpose */
  key: string
  kind: string
  period: string
  account: string
  topic?: string
  to: { name: string; address: string }
  /** the address in lower case, by which it is found; absent in mails of earlier versions */
  address?: string
  language: string
  subject: string
  /** digest of its document in `mail-contents` */
  content?: string
  /** this recipient's own values */
  values?: Record<string, string>
  unsubscribe?: string
  /** derived from the key: a mail that must be sent again after a crash is recognised as the same */
  messageId: string
  /** the mail that this one repeats on purpose */
  resendOf?: Types.ObjectId
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
  /** why it ended without the server's word on it */
  cause?: MailCause
  /** why nobody wants it any more, told while it was being sent */
  withdrawn?: string
  /** the last attempt failed for want of a working mail server, not because of this mail */
  serverFault?: boolean
  /** was queued, or asked for again, while a mail server was set: it is not given up before it was tried */
  served?: true
  /** how often the service ended while it sent this mail, since an attempt of it came to an end */
  interrupted?: number
  /** the day on which administrators were told that it did not arrive; '' until they are */
  told?: string
  lease: Lease | null
}

const schema = new Schema<MailDoc>({}, { strict: false, versionKey: false, minimize: false })
schema.index({ key: 1 }, { unique: true })
schema.index({ status: 1, nextAttemptAt: 1 })
schema.index({ status: 1, _id: -1 })
// Mails that nobody ever tried to send.
schema.index({ status: 1, attempts: 1, giveUpAt: 1 })
// What a dead process left while sending.
schema.index({ 'lease.until': 1 }, { partialFilterExpression: { status: 'sending' } })
// Mails that nobody wants any more, and the filters of the list.
schema.index({ kind: 1, status: 1, period: 1 })
schema.index({ kind: 1, _id: -1 })
schema.index({ kind: 1, status: 1, _id: -1 })
schema.index({ address: 1, status: 1 })
schema.index({ 'to.name': 1 })
// Whether anything leaves.
schema.index({ status: 1, sentAt: -1 })
schema.index({ createdAt: 1 }, { partialFilterExpression: { serverFault: true } })
schema.index({ resendOf: 1 }, { partialFilterExpression: { resendOf: { $exists: true } } })
// Secret mails that still have their content: those that have ended are looked for at each delivery.
schema.index({ secret: 1, status: 1 }, { partialFilterExpression: { secret: true, html: { $gt: '' } } })
// Those whose link has run out.
schema.index({ giveUpAt: 1 }, { partialFilterExpression: { secret: true, html: { $gt: '' } } })
// Mails that did not arrive, as far as administrators must hear of them.
schema.index({ told: 1 }, { partialFilterExpression: { told: { $gte: '' } } })

/** The mails' model on a connection. */
export const mailModel = (connection: Connection) => connection.model<MailDoc>('Mail', schema, 'outbox')
export type MailModel = ReturnType<typeof mailModel>

/** A content under its digest; never changed, never removed. */
export interface ContentDoc extends Required<MailContent> {
  _id: string
  createdAt: Date
}
const contents = new Schema<ContentDoc>(
  { _id: String },
  { strict: false, versionKey: false, minimize: false },
)
export const contentModel = (connection: Connection) =>
  connection.model<ContentDoc>('MailContent', contents, 'mail-contents')
export type ContentModel = ReturnType<typeof contentModel>

/** An address to which no mail is tried any more. */
export interface DisabledDoc {
  _id: Types.ObjectId
  /** in lower case */
  address: string
  at: Date
  /** the server's words */
  reason: string
  mail: Types.ObjectId
  /** whether the administrators have been told */
  told: boolean
}
const disabled = new Schema<DisabledDoc>({}, { strict: false, versionKey: false, minimize: false })
disabled.index({ address: 1 }, { unique: true })
disabled.index({ told: 1 }, { partialFilterExpression: { told: false } })
export const disabledModel = (connection: Connection) =>
  connection.model<DisabledDoc>('DisabledAddress', disabled, 'disabled-addresses')
export type DisabledModel = ReturnType<typeof disabledModel>

/** The bytes of a stored file; the driver gives binary values as a class of its own. */
export const bytesOf = (content: Buffer | { buffer: Uint8Array }): Uint8Array =>
  Buffer.isBuffer(content) ? content : (content.buffer as Uint8Array)
