import { type Connection, Schema, type Types } from 'mongoose'
import type { Language, Role } from './schema.ts'

export interface AccountDoc {
  _id: Types.ObjectId
  email: string
  name: string
  role: Role
  county: string | null
  operator: string | null
  language: Language
  weeklyReport: boolean
  /** wants to be told of lists by mail; absent: does */
  listMails?: boolean
  active: boolean
  /** argon2id */
  passwordHash: string
  /** sessions opened before it are over: raised when password or rights change */
  epoch: number
  /** set on the first administrator only, so that there can be but one first */
  first?: true
  createdAt: Date
}

const schema = new Schema<AccountDoc>(
  {
    email: { type: String, required: true },
    name: { type: String, required: true },
    role: { type: String, required: true },
    county: { type: String, default: null },
    operator: { type: String, default: null },
    language: { type: String, required: true },
    weeklyReport: { type: Boolean, required: true },
    listMails: { type: Boolean, default: true },
    active: { type: Boolean, required: true },
    passwordHash: { type: String, required: true },
    epoch: { type: Number, required: true },
    first: Boolean as never,
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
)
schema.index({ email: 1 }, { unique: true })
schema.index({ operator: 1 })
schema.index({ first: 1 }, { unique: true, partialFilterExpression: { first: true } })

export const accountModel = (connection: Connection) =>
  connection.model<AccountDoc>('Account', schema, 'accounts')
export type AccountModel = ReturnType<typeof accountModel>
