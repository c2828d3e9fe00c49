import { type Connection, Schema, type Types } from 'mongoose'
import type { Scope } from '../accounts/permissions.ts'
import type { Actor } from '../changes/model.ts'
import type { Effect } from '../changes/schema.ts'
import type { Issue } from '../domain/issue.ts'
import type { RowValues } from '../domain/row.ts'
import {
  type ColumnField,
  type ImportColumn,
  type ImportCounts,
  type ImportMode,
  type ImportNote,
  type ImportSheet,
  type ImportStatus,
  type ImportValue,
  OUTCOMES,
  type Outcome,
} from './schema.ts'

/** A sent list. The file itself is kept in GridFS under `file`. */
export interface ImportDoc {
  _id: Types.ObjectId
  filename: string
  size: number
  sha256: string
  file: Types.ObjectId
  format: string
  encoding: string | null
  status: ImportStatus
  mode: ImportMode
  modeFound: boolean
  asOf: string | null
  /** id of the operator whose list it is */
  operator: string | null
  /** the county whose officers it is for: its operator's, or its sender's own; null: the bureau's */
  county: string | null
  progress: { done: number; total: number }
  counts: ImportCounts
  codes: { code: string; rows: number }[]
  /** on the figures of the part of the city that its sender sees */
  effects: Effect[]
  /** on the whole city's */
  effectsCity: Effect[]
  /** recording has worked out the two above, before the list counted: a try after a crash must not do so again */
  effectsKept?: true
  sheets: ImportSheet[]
  columns: ImportColumn[]
  values: ImportValue[]
  defaults: Partial<Record<ColumnField, string>>
  notes: ImportNote[]
  touches: { id: string; rows: number }[]
  /** counties that its rows to record touch */
  counties: string[]
  /** operators that approving registers */
  newOperators: string[]
  recorded: number
  openDisputes: number
  sentBy: Actor
  /** role of its sender's account */
  sentAs: string
  /** the part of the city to which its sender is limited */
  scope?: Scope
  sentAt: Date
  submittedAt: Date | null
  /** when its operator sent it in; null for an officer's own upload */
  reportedAt: Date | null
  decidedBy: Actor | null
  decidedAt: Date | null
  /** which rows were approved */
  approved: 'all' | 'clean' | null
  automatic: boolean
  rejectReason: string | null
  appliedAt: Date | null
  withdrawn: { at: Date; by: Actor; reason: string } | null
  error: { code: string; detail: string } | null
  /** who works on it, and until when it is taken to be alive (machine time) */
  lease: { owner: string; until: Date } | null
  /** how often work on it has begun */
  tries: number
  /** how often applying it met a fault of ours */
  failures: number
  /** the status of which the people concerned have been told */
  told: ImportStatus | null
  /** when it was last mended or checked anew; absent: never */
  touchedAt?: Date
  /** when its sender was asked whether it is still needed */
  askedAt?: Date
  /** cancelled as nobody submitted it for long; `cleared`: its rows and its file are gone */
  expired?: { at: Date; cleared: boolean }
}

/** Differences that a row makes to the register. */
export interface Difference {
  field: string
  before: string | null
  after: string | null
}

/** A row of a list, in the order in which its changes apply. */
export interface ImportRowDoc {
  /** import id and place in the order, so that a range of ids is a range of rows */
  _id: string
  import: Types.ObjectId
  /** place in the file over all sheets, 1-based; missing vehicles behind them */
  seq: number
  /** place of the sheet in the file */
  sheet: number
  /** as the sheet numbers it; 0 for a missing vehicle */
  row: number
  outcome: Outcome
  /** approving records something for it */
  records: boolean
  /** the issues' codes, once each; `warning` beside them when there is one; absent when there is none */
  codes?: string[]
  issues: Issue[]
  cells: Record<string, string>
  values: RowValues
  mended?: Record<string, string>
  differences?: Difference[]
  /** ids of operators other than the row's own whose vehicles it touches */
  touches?: string[]
  /** the entries that a row of a fleet list records, as drafts, and those that it withdraws */
  dispute?: { id: Types.ObjectId; status: 'open' | 'upheld' | 'denied' }
}

/** Cells of a row that were mended, kept apart from the row so that they outlive another check. */
export interface MendDoc {
  /** import id, and the row's key (`sheet:row`, or the VIN of a missing vehicle) */
  _id: string
  import: Types.ObjectId
  key: string
  cells: Partial<Record<ColumnField, string>>
}

/** How an operator's lists are to be read, as somebody said once. */
export interface MappingDoc {
  /** operator id, or `account:…` for lists of several operators */
  _id: string
  columns: { header: string; field: ColumnField | null }[]
  values: { field: ColumnField; text: string; value: string }[]
  defaults: Partial<Record<ColumnField, string>>
  savedBy: Actor
  savedAt: Date
}

const importSchema = new Schema<ImportDoc>({}, { strict: false, versionKey: false, minimize: false })
importSchema.index({ sentAt: -1, _id: -1 })
importSchema.index({ status: 1, 'lease.until': 1 })
importSchema.index({ file: 1 })
importSchema.index({ status: 1, told: 1 })
importSchema.index({ operator: 1, sentAt: -1, _id: -1 })
importSchema.index({ 'expired.cleared': 1 }, { partialFilterExpression: { 'expired.cleared': false } })
// By which it is told for which months operators sent lists, without reading these.
importSchema.index({ operator: 1, status: 1, submittedAt: 1, appliedAt: 1, _id: 1 })

const rowSchema = new Schema<ImportRowDoc>(
  { _id: String },
  { strict: false, versionKey: false, minimize: false },
)
rowSchema.index({ import: 1, outcome: 1, seq: 1 })
rowSchema.index({ import: 1, codes: 1, seq: 1 }, { partialFilterExpression: { codes: { $exists: true } } })

const mendSchema = new Schema<MendDoc>({ _id: String }, { strict: false, versionKey: false, minimize: false })
mendSchema.index({ import: 1 })

const mappingSchema = new Schema<MappingDoc>(
  { _id: String },
  { strict: false, versionKey: false, minimize: false },
)

export const importModel = (connection: Connection) =>
  connection.model<ImportDoc>('Import', importSchema, 'imports')
export const importRowModel = (connection: Connection) =>
  connection.model<ImportRowDoc>('ImportRow', rowSchema, 'import-rows')
export const mendModel = (connection: Connection) =>
  connection.model<MendDoc>('ImportMend', mendSchema, 'import-mends')
export const mappingModel = (connection: Connection) =>
  connection.model<MappingDoc>('ImportMapping', mappingSchema, 'import-mappings')
export type ImportModel = ReturnType<typeof importModel>
export type ImportRowModel = ReturnType<typeof importRowModel>
export type MendModel = ReturnType<typeof mendModel>
export type MappingModel = ReturnType<typeof mappingModel>

/** Rows by their places in the file, as the index has them. */
export const bySeq = (importId: Types.ObjectId, seqs: readonly number[]) => ({
  import: importId,
  outcome: { $in: [...OUTCOMES] },
  seq: { $in: [...seqs] },
})

/** A row's id: its import and its place. */
export const rowId = (importId: Types.ObjectId, place: number): string =>
  `${importId.toHexString()}-${String(place).padStart(8, '0')}`

/** A list's rows behind one, or all of them, by their ids. */
export const rowsOf = (importId: Types.ObjectId, after = '') => ({
  _id: { $gt: after || rowId(importId, 0).slice(0, -8), $lt: `${importId.toHexString()}-~` },
})

export const noCounts = (): ImportCounts => ({
  total: 0,
  new: 0,
  changed: 0,
  unchanged: 0,
  warning: 0,
  error: 0,
  missing: 0,
  toRecord: 0,
  toRecordClean: 0,
})
