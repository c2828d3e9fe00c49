import { type Connection, Schema, type Types } from 'mongoose'
import type { ReportContent, ReportKind } from './schema.ts'

/** A report as stored: its content, frozen, and what it is found by. Inserted once, never edited, never deleted. */
export interface ReportDoc {
  _id: Types.ObjectId
  kind: ReportKind
  period: string
  number: string
  shortNumber: string
  createdAt: Date
  asOf: string
  content: ReportContent
  /** SHA-256 in hex over the content's canonical JSON (RFC 8785) */
  digest: string
  /** it does not stand in the audit log yet */
  unnoted?: boolean
}

const schema = new Schema<ReportDoc>(
  {
    kind: { type: String, required: true },
    period: { type: String, required: true },
    number: String,
    shortNumber: String,
    createdAt: { type: Date, required: true },
    asOf: { type: String, required: true },
    content: Schema.Types.Mixed,
    digest: String,
  },
  { versionKey: false, minimize: false },
)
schema.index({ kind: 1, period: 1 }, { unique: true })
schema.index({ kind: 1, asOf: -1 })
schema.index({ asOf: -1, _id: -1 })
schema.index({ unnoted: 1 }, { partialFilterExpression: { unnoted: true } })
for (const number of ['number', 'shortNumber'])
  schema.index({ [number]: 1 }, { unique: true, partialFilterExpression: { [number]: { $exists: true } } })

/** The reports' model on a connection. */
export const reportModel = (connection: Connection) =>
  connection.model<ReportDoc>('Report', schema, 'reports')
export type ReportModel = ReturnType<typeof reportModel>
