import { type Connection, Schema, type Types } from 'mongoose'
import type { Scope } from '../accounts/permissions.ts'
import type { Actor } from '../changes/model.ts'
import type { Effect } from '../changes/schema.ts'
import type { Issue } from '../domain/issue.ts'
import type { RowValues } from '../domain/row.ts'
import type { ImportCounts, ImportStatus, Outcome } from './schema.ts'

/** A sent list. The file itself is kept in GridFS under `file`. */
export interface ImportDoc {
  _id: Types.ObjectId
  filename: string
  size: number
  sha256: string
  file: Types.ObjectId
  status: ImportStatus
  progress: { done: number; total: number }
  counts: ImportCounts
  codes: { code: string; rows: number }[]
  effects: Effect[]
  columns: { letter: string; header: string; field: string | null }[]
  sheet: string | null
  headerRow: number
  /** operators that approving registers */
  newOperators: string[]
  recorded: number
  sentBy: Actor
  /** the part of the city to which its sender is limited */
  scope?: Scope
  sentAt: Date
  /** when its operator sent it in; null for an officer's own upload */
  reportedAt: Date | null
  decidedBy: Actor | null
  decidedAt: Date | null
  rejectReason: string | null
  appliedAt: Date | null
  error: { code: string; detail: string } | null
  /** who works on it, and until when it is taken to be alive (machine time) */
  lease: { owner: string; until: Date } | null
  /** how often work on it has begun */
  tries: number
  /** how often applying it met a fault of ours */
  failures: number
}

/** A row of a list, in the order in which its changes apply. */
export interface ImportRowDoc {
  /** import id and place in the order, so that a range of ids is a range of rows */
  _id: string
  import: Types.ObjectId
  row: number
  outcome: Outcome
  /** the issues' codes, once each; `warning` beside them when there is one */
  codes: string[]
  issues: Issue[]
  cells: Record<string, string>
  values: RowValues
}

const importSchema = new Schema<ImportDoc>({}, { strict: false, versionKey: false, minimize: false })
importSchema.index({ sentAt: -1, _id: -1 })
importSchema.index({ status: 1, 'lease.until': 1 })

const rowSchema = new Schema<ImportRowDoc>(
  { _id: String },
  { strict: false, versionKey: false, minimize: false },
)
rowSchema.index({ import: 1, row: 1 })
rowSchema.index({ import: 1, outcome: 1, row: 1 })
rowSchema.index({ import: 1, codes: 1, row: 1 })

export const importModel = (connection: Connection) =>
  connection.model<ImportDoc>('Import', importSchema, 'imports')
export const importRowModel = (connection: Connection) =>
  connection.model<ImportRowDoc>('ImportRow', rowSchema, 'import-rows')
export type ImportModel = ReturnType<typeof importModel>
export type ImportRowModel = ReturnType<typeof importRowModel>

/** A row's id: its import and its place. */
export const rowId = (importId: Types.ObjectId, place: number): string =>
  `${importId.toHexString()}-${String(place).padStart(8, '0')}`

export const noCounts = (): ImportCounts => ({
  total: 0,
  new: 0,
  changed: 0,
  unchanged: 0,
  warning: 0,
  error: 0,
  missing: 0,
})
