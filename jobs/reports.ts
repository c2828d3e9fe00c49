import type { Types } from 'mongoose'
import type { Compliance } from '../server/compliance/schema.ts'

/** What the weekly mail is drawn from. */
export interface ReportDoc {
  _id: Types.ObjectId
  kind: string
  period: string
  createdAt: Date
  asOf: string
  knownAt: Date
  policy: { id: string; version: number }
  figures: Compliance
  previous: { period: string; asOf: string; figures: Compliance } | null
}
