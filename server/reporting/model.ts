import { type Connection, Schema } from 'mongoose'
import type { Actor } from '../changes/model.ts'

/** That an operator has nothing to report for a month (零报告). One document an operator and month. */
export interface NilReportDoc {
  /** operator|month */
  _id: string
  operator: string
  month: string
  at: Date
  by: Actor
  takenBack: { at: Date; by: Actor } | null
}

const schema = new Schema<NilReportDoc>(
  { _id: { type: String, required: true } },
  { strict: false, versionKey: false, minimize: false },
)
schema.index({ month: 1 })
schema.index({ operator: 1, month: 1 })

export const nilReportModel = (connection: Connection) =>
  connection.model<NilReportDoc>('NilReport', schema, 'nil-reports')
export type NilReportModel = ReturnType<typeof nilReportModel>

export const nilReportId = (operator: string, month: string): string => `${operator}|${month}`
