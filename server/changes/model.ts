import { type Connection, Schema, type Types } from 'mongoose'
import type { Batteries, VehicleFacts } from '../domain/change.ts'
import type { Kind, Reason } from '../domain/vocabulary.ts'

/** A person in the ledger: the account's id, and the name that it had. */
export interface Actor {
  id: string
  name: string
}

/** The row of an upload that an entry came from. */
export interface ChangeSource {
  import: Types.ObjectId
  /** place in the file over all its sheets */
  seq: number
  /** as the sheet numbers it */
  row: number
  /** null where there is only one */
  sheet: string | null
  filename: string
}

/** A ledger entry as stored. Inserted once, never edited but for its voiding, never deleted. */
export interface ChangeDoc {
  _id: Types.ObjectId
  /** vehicle|kind|date: recorded once while not voided */
  key: string
  /** what only one entry can hold at a time: a vehicle's n-th coming into service, its n-th leaving */
  holds: string[]
  kind: Kind
  on: string
  vehicle: VehicleFacts
  retires: VehicleFacts[]
  from: { operator: string; county: string } | null
  reason: Reason | null
  certificate: string | null
  packs: number | null
  /** absent for nearly all */
  batteries?: Batteries
  note: string | null
  /** why it was recorded although it breaks a target; absent for nearly all */
  breachReason?: string
  /** documents given when it was recorded; more may have been added since, see server/attachments */
  attachments?: Types.ObjectId[]
  /** rules that do not count it; absent for nearly all */
  exemptFrom?: string[]
  /** the dispute whose decision recorded it; absent for nearly all */
  dispute?: Types.ObjectId
  /** every vehicle that it touches */
  vins: string[]
  source: ChangeSource | null
  /** the entry that this one says anew, with a fact put right */
  corrects?: Types.ObjectId
  /** the row of an upload that had it withdrawn to be said anew */
  voidedFor?: { import: Types.ObjectId; seq: number }
  /**
   * Withdrawn by hand to be said anew: `by` is the entry that says the first of those withdrawn together anew. The
   * first holds all that is to be said, so that a crash in between leaves nothing out.
   */
  saidAnew?: { by: Types.ObjectId; entries?: SaidAnew[] }
  reportedAt: Date | null
  recordedAt: Date
  recordedBy: Actor
  voided: boolean
  voidedAt: Date | null
  voidedBy: Actor | null
  voidReason: string | null
}

/** An entry that is to be withdrawn, and the one that says it anew. */
export interface SaidAnew {
  of: Types.ObjectId
  entry: ChangeDoc
}

/** The indexes that lists of the ledger are read by: withdrawn entries lie apart, as a whole list's may be many. */
export const INDEXES = {
  newest: { voided: 1, on: -1, _id: -1 },
  kind: { kind: 1, voided: 1, 'vehicle.category': 1, on: -1, _id: -1 },
  retiredOf: { 'retires.operator': 1, voided: 1, on: -1, _id: -1 },
  retired: { 'retires.category': 1, voided: 1, on: -1, _id: -1 },
  operator: { 'vehicle.operator': 1, voided: 1, on: -1, _id: -1 },
  county: { 'vehicle.county': 1, voided: 1, on: -1, _id: -1 },
  import: { 'source.import': 1, 'source.seq': 1, _id: 1 },
  /** by what vehicles were replaced, told without looking at the entries (see server/due/mix.ts) */
  replaced: {
    ...({ kind: 1, voided: 1, 'vehicle.category': 1, on: 1 } as const),
    ...({ 'vehicle.energy': 1, 'vehicle.county': 1, 'vehicle.operator': 1 } as const),
  },
} as const

const schema = new Schema<ChangeDoc>(
  {
    key: { type: String, required: true },
    holds: { type: [String], default: undefined },
    kind: { type: String, required: true },
    on: { type: String, required: true },
    vehicle: { type: Schema.Types.Mixed, required: true },
    retires: { type: [Schema.Types.Mixed], required: true } as never,
    from: { type: Schema.Types.Mixed, default: null },
    reason: { type: String, default: null },
    certificate: { type: String, default: null },
    packs: { type: Number, default: null },
    batteries: { type: Schema.Types.Mixed, default: undefined },
    note: { type: String, default: null },
    breachReason: { type: String, default: undefined },
    attachments: { type: [Schema.Types.ObjectId], default: undefined },
    exemptFrom: { type: [String], default: undefined },
    dispute: { type: Schema.Types.ObjectId, default: undefined },
    vins: { type: [String], required: true },
    source: { type: Schema.Types.Mixed, default: null },
    corrects: Schema.Types.ObjectId,
    voidedFor: Schema.Types.Mixed,
    saidAnew: Schema.Types.Mixed,
    reportedAt: { type: Date, default: null },
    recordedAt: { type: Date, required: true },
    recordedBy: { type: Schema.Types.Mixed, required: true },
    voided: { type: Boolean, required: true },
    voidedAt: { type: Date, default: null },
    voidedBy: { type: Schema.Types.Mixed, default: null },
    voidReason: { type: String, default: null },
  },
  { versionKey: false, minimize: false },
)

schema.index({ key: 1 }, { unique: true, partialFilterExpression: { voided: false } })
schema.index(
  { holds: 1 },
  { unique: true, partialFilterExpression: { voided: false, holds: { $exists: true } } },
)
schema.index({ vins: 1 })
// By id within an instant, as a whole list has one: the order in which days are sealed.
schema.index({ recordedAt: 1, _id: 1 })
schema.index({ voidedAt: 1, _id: 1 }, { partialFilterExpression: { voided: true } })
schema.index(INDEXES.newest)
schema.index(INDEXES.kind)
for (const index of [INDEXES.retired, INDEXES.retiredOf])
  schema.index(index, { partialFilterExpression: { kind: 'replaced' } })
schema.index(INDEXES.operator)
schema.index(INDEXES.replaced, { partialFilterExpression: { kind: 'replaced', voided: false } })
schema.index(INDEXES.county)
schema.index({ 'vehicle.vin': 1 }, { partialFilterExpression: { voided: true } })
schema.index({ 'saidAnew.by': 1 }, { partialFilterExpression: { 'saidAnew.by': { $exists: true } } })
schema.index({ corrects: 1 }, { partialFilterExpression: { corrects: { $exists: true } } })
for (const field of ['batteries.installed', 'batteries.removed'])
  schema.index({ [field]: 1 }, { partialFilterExpression: { [field]: { $exists: true } } })
// By which a document is told that an entry names, or one that a correction is yet to say.
for (const field of ['attachments', 'saidAnew.entries.entry.attachments'])
  schema.index({ [field]: 1 }, { partialFilterExpression: { [field]: { $exists: true } } })
schema.index(
  { 'voidedFor.import': 1, 'voidedFor.seq': 1 },
  { partialFilterExpression: { 'voidedFor.import': { $exists: true } } },
)
schema.index(INDEXES.import, { partialFilterExpression: { 'source.import': { $exists: true } } })

/** The ledger's model on a connection. */
export const changeModel = (connection: Connection) =>
  connection.model<ChangeDoc>('Change', schema, 'changes')
export type ChangeModel = ReturnType<typeof changeModel>
