import { type Connection, Schema, type Types } from 'mongoose'
import type { Actor } from '../changes/model.ts'

/** The collection's name. */
export const ATTACHMENTS = 'attachments'

/** A document that goes with ledger entries. Its bytes are in GridFS under the same id. */
export interface AttachmentDoc {
  _id: Types.ObjectId
  name: string
  /** media type by content */
  type: string
  /** in bytes */
  size: number
  sha256: string
  by: Actor
  at: Date
  /** the entries that it goes with; none until one takes it */
  changes: Types.ObjectId[]
  /** true until an entry takes it: what is left of those is swept */
  loose: boolean
}

const schema = new Schema<AttachmentDoc>({}, { strict: false, versionKey: false, minimize: false })
schema.index({ changes: 1 })
schema.index({ at: 1 }, { partialFilterExpression: { loose: true } })

/** The model of attachments on a connection. */
export const attachmentModel = (connection: Connection) =>
  connection.model<AttachmentDoc>('Attachment', schema, ATTACHMENTS)
export type AttachmentModel = ReturnType<typeof attachmentModel>
