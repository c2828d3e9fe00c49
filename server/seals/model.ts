import { type Connection, Schema } from 'mongoose'
import { isCivilDate } from '../domain/civil-date.ts'
import type { ChunkDoc } from './chunk.ts'

/** The seal of a civil day: made once; what it seals by is never changed. */
export interface SealDoc {
  /** the civil day */
  _id: string
  /** what it covers: from the end of the day before, without its own end */
  from: Date
  until: Date
  /** entries recorded, and withdrawn, in it */
  recorded: number
  voided: number
  /** SHA-256 over the day's leaves, in hexadecimal */
  digest: string
  /** SHA-256 over the chain value of the day before, the day, its bounds and its digest */
  chain: string
  sealedAt: Date
  /** it is still to be told of, as in the audit log */
  untold?: true
}

/** Whether a seal is of a day: somebody may have put one under any id. */
export const isOfDay = ({ _id }: SealDoc): boolean => typeof _id === 'string' && isCivilDate(_id)

/** Whether a seal says from when to when it covers; any other values may have been put there. */
export const isDated = ({ from, until }: SealDoc): boolean => isInstant(from) && isInstant(until)

/** True for an instant: dates of the database reach beyond those that there are here. */
export const isInstant = (value: unknown): value is Date =>
  value instanceof Date && !Number.isNaN(value.getTime())

const seal = new Schema<SealDoc>(
  {
    _id: { type: String, required: true },
    from: { type: Date, required: true },
    until: { type: Date, required: true },
    recorded: { type: Number, required: true },
    voided: { type: Number, required: true },
    digest: { type: String, required: true },
    chain: { type: String, required: true },
    sealedAt: { type: Date, required: true },
    untold: { type: Boolean },
  },
  { versionKey: false },
)
seal.index({ untold: 1 }, { sparse: true })

const chunk = new Schema<ChunkDoc>(
  {
    _id: { type: String, required: true },
    day: { type: String, required: true },
    kind: { type: String, required: true },
    seq: { type: Number, required: true },
    count: { type: Number, required: true },
    fields: { type: [String], required: true },
    leaves: { type: Schema.Types.Mixed as never, required: true },
    prints: { type: Schema.Types.Mixed as never, required: true },
    names: { type: String, default: '' },
  },
  { versionKey: false },
)

/** The seals' model on a connection. */
export const sealModel = (connection: Connection) => connection.model<SealDoc>('Seal', seal, 'seals')
export type SealModel = ReturnType<typeof sealModel>

/** The model of the leaves of seals on a connection. */
export const leafModel = (connection: Connection) =>
  connection.model<ChunkDoc>('SealLeaves', chunk, 'seal-leaves')
export type LeafModel = ReturnType<typeof leafModel>
