import { type Connection, Schema, type Types } from 'mongoose'
import type { Actor } from '../changes/model.ts'
import type { Effect } from '../changes/schema.ts'
import type { Issue } from '../domain/issue.ts'
import type { DisputeStatus, Wish } from './schema.ts'

/** What an officer has decided, kept before it is carried out. */
export interface Verdict {
  decision: 'upheld' | 'denied'
  answer: string
  by: Actor
  at: Date
  /** the rules that shall not count the row */
  rules: string[]
  /** what it does to the figures, as shown to who decided */
  effects: Effect[]
}

/** A claim about a row of a list, with its document and its decision. */
export interface DisputeDoc {
  _id: Types.ObjectId
  import: Types.ObjectId
  filename: string
  seq: number
  /** place of the row's sheet in the file, and its number there: where the row is found when a list is read anew */
  sheetIndex: number
  sheet: string | null
  row: number
  operator: string | null
  /** the county whose officers decide it, as the list's; null: the bureau's */
  county: string | null
  /** the cells of the row by field, and what was found, when it was disputed */
  cells: Record<string, string>
  issues: Issue[]
  claim: string
  wish: Wish
  rules: string[]
  /** kept in GridFS under `file` */
  document: { file: Types.ObjectId; name: string; type: string; size: number }
  status: DisputeStatus
  by: Actor
  at: Date
  /** set before a decision is carried out, so that a crash in between leaves work that is finished later */
  verdict: Verdict | null
  /** the ledger's entry that upholding recorded: it has the dispute's own id */
  change: Types.ObjectId | null
  /** the list and its row say how the dispute stands, and people have been told of it */
  settled: boolean
}

const schema = new Schema<DisputeDoc>({}, { strict: false, versionKey: false, minimize: false })
// One open dispute a row.
schema.index({ import: 1, seq: 1 }, { unique: true, partialFilterExpression: { status: 'open' } })
schema.index({ import: 1, at: 1 })
schema.index({ status: 1, at: -1, _id: -1 })
schema.index({ operator: 1, at: -1, _id: -1 })
schema.index({ settled: 1 }, { partialFilterExpression: { settled: false } })

export const disputeModel = (connection: Connection) =>
  connection.model<DisputeDoc>('Dispute', schema, 'disputes')
export type DisputeModel = ReturnType<typeof disputeModel>
