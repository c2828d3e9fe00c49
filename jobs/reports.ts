import { type Connection, Schema, Types } from 'mongoose'
import { type Compliance, compliance } from '../server/compliance/schema.ts'
import { isDuplicate } from './database.ts'
import { frozenRule } from './figures.ts'
import { newestFirst, type PageQuery } from './paging.ts'
import type { ReportView } from './schema.ts'

/** A report: its figures, and those of the report that it is compared with, frozen. */
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

const schema = new Schema<ReportDoc>(
  {
    kind: { type: String, required: true },
    period: { type: String, required: true },
    createdAt: { type: Date, required: true },
    asOf: { type: String, required: true },
    knownAt: { type: Date, required: true },
    policy: { type: Schema.Types.Mixed, required: true },
    figures: { type: Schema.Types.Mixed, required: true },
    previous: { type: Schema.Types.Mixed, default: null },
  },
  { versionKey: false, minimize: false },
)
schema.index({ kind: 1, period: 1 }, { unique: true })
schema.index({ kind: 1, asOf: -1 })

/** The reports on a connection. */
export function createReports(connection: Connection) {
  const model = connection.model<ReportDoc>('Report', schema, 'reports')
  const find = async (kind: string, period: string): Promise<ReportDoc | null> =>
    model.collection.findOne<ReportDoc>({ kind, period })
  return {
    find,
    /**
     * Makes a report, unless its period has one: figures that were frozen once stay as they are.
     * @returns the report that the period has now
     */
    async make(kind: string, period: string, figures: Compliance, now: Date): Promise<ReportDoc> {
      const before = await model.collection.findOne<ReportDoc>(
        { kind, asOf: { $lt: figures.asOf } },
        { sort: { asOf: -1 } },
      )
      const { id, version } = figures.policy
      const report: ReportDoc = {
        ...{ _id: new Types.ObjectId(), kind, period, createdAt: now, asOf: figures.asOf },
        ...{ knownAt: new Date(figures.knownAt), policy: { id, version }, figures },
        previous: before && { period: before.period, asOf: before.asOf, figures: before.figures },
      }
      try {
        await model.collection.insertOne(report)
        return report
      } catch (error) {
        const other = isDuplicate(error) ? await find(kind, period) : null
        if (other) return other
        throw error
      }
    },
    /** A page of the reports, newest first. */
    list: (query: PageQuery) => newestFirst<ReportDoc, ReportView>(model, query, view),
  }
}
export type Reports = ReturnType<typeof createReports>

const view = (doc: ReportDoc): ReportView => ({
  id: doc._id.toHexString(),
  kind: doc.kind,
  period: doc.period,
  createdAt: doc.createdAt.toISOString(),
  asOf: doc.asOf,
  knownAt: doc.knownAt.toISOString(),
  policy: doc.policy,
  comparedWith: doc.previous && { period: doc.previous.period, asOf: doc.previous.asOf },
  rules: compliance.parse(doc.figures).rules.map(frozenRule),
})
