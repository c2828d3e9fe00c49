import { type Connection, Schema, Types } from 'mongoose'
import { isDuplicateKey } from '../server/changes/writer-lock.ts'
import { type Compliance, compliance } from '../server/compliance/schema.ts'
import { frozenRule } from './figures.ts'
import { newestFirst, type PageQuery } from './paging.ts'
import type { AssessmentView } from './schema.ts'

/** The frozen result of a check: one a slot, never changed. */
export interface AssessmentDoc {
  _id: Types.ObjectId
  slot: Date
  manual: boolean
  asOf: string
  knownAt: Date
  policy: { id: string; version: number }
  figures: Compliance
}

const schema = new Schema<AssessmentDoc>(
  {
    slot: { type: Date, required: true },
    manual: { type: Boolean, required: true },
    asOf: { type: String, required: true },
    knownAt: { type: Date, required: true },
    policy: { type: Schema.Types.Mixed, required: true },
    figures: { type: Schema.Types.Mixed, required: true },
  },
  { versionKey: false, minimize: false },
)
schema.index({ slot: -1 }, { unique: true })

/** The assessments on a connection. */
export function createAssessments(connection: Connection) {
  const model = connection.model<AssessmentDoc>('Assessment', schema, 'assessments')
  return {
    /** Keeps the figures of a slot. @returns false when the slot has its figures already */
    async keep(slot: Date, manual: boolean, figures: Compliance): Promise<boolean> {
      const { id, version } = figures.policy
      try {
        await model.collection.insertOne({
          ...{
            _id: new Types.ObjectId(),
            slot,
            manual,
            asOf: figures.asOf,
            knownAt: new Date(figures.knownAt),
          },
          ...{ policy: { id, version }, figures },
        } satisfies AssessmentDoc)
        return true
      } catch (error) {
        if (isDuplicateKey(error)) return false
        throw error
      }
    },
    /** Whether a slot has its figures. */
    async has(slot: Date): Promise<boolean> {
      return (await model.collection.findOne({ slot }, { projection: { _id: 1 } })) !== null
    },
    /** A page of the assessments, newest first. */
    list: (query: PageQuery) => newestFirst<AssessmentDoc, AssessmentView>(model, query, view),
  }
}
export type Assessments = ReturnType<typeof createAssessments>

const view = (doc: AssessmentDoc): AssessmentView => ({
  id: doc._id.toHexString(),
  slot: doc.slot.toISOString(),
  manual: doc.manual,
  asOf: doc.asOf,
  knownAt: doc.knownAt.toISOString(),
  policy: doc.policy,
  rules: compliance.parse(doc.figures).rules.map(frozenRule),
})
