import { type Connection, Schema, type Types } from 'mongoose'
import type { Language, Role } from './schema.ts'
import { WISHES } from './wishes.ts'

/** A link by which an account's password can be set once. The link itself is derived, and stands nowhere. */
export interface LinkState {
  /** what the link is derived from, beside the account and a key that is not in the database */
  nonce: string
  /** SHA-256 of the link's token */
  hash: string
  createdAt: Date
  expiresAt: Date
  /** whether its mail still has to be queued */
  mail: 'due' | 'done'
  /** when it was asked for; absent where an administrator made it */
  requestedAt?: Date
}

/** An authenticator. */
export interface Authenticator {
  /** encrypted */
  secret: string
  /** the last time step whose code was used; each can be used once */
  lastStep: number
}

export interface AccountDoc {
  _id: Types.ObjectId
  email: string
  name: string
  role: Role
  county: string | null
  operator: string | null
  language: Language
  /** what it has chosen of mails; absent: as its role begins (wishes.ts) */
  weeklyReport?: boolean
  monthlyReport?: boolean
  quarterlyReport?: boolean
  alerts?: boolean
  attachTables?: boolean
  listMails?: boolean
  active: boolean
  /** argon2id; null until somebody who was invited sets a password */
  passwordHash: string | null
  invitation?: LinkState
  reset?: LinkState
  authenticator?: Authenticator
  /** an authenticator that waits for its first code, encrypted */
  pendingSecret?: string
  /** authentication codes of the recovery codes that are left */
  recoveryCodes?: string[]
  lastSignInAt?: Date
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
    ...Object.fromEntries(WISHES.map((wish) => [wish, Boolean as never])),
    active: { type: Boolean, required: true },
    passwordHash: { type: String, default: null },
    invitation: Schema.Types.Mixed as never,
    reset: Schema.Types.Mixed as never,
    authenticator: Schema.Types.Mixed as never,
    pendingSecret: String,
    recoveryCodes: Schema.Types.Mixed as never,
    lastSignInAt: Date,
    epoch: { type: Number, required: true },
    first: Boolean as never,
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
)
schema.index({ email: 1 }, { unique: true })
schema.index({ operator: 1 })
schema.index({ first: 1 }, { unique: true, partialFilterExpression: { first: true } })
for (const kind of ['invitation', 'reset'] as const) {
  schema.index(
    { [`${kind}.hash`]: 1 },
    { partialFilterExpression: { [`${kind}.hash`]: { $type: 'string' } } },
  )
  schema.index({ [`${kind}.mail`]: 1 }, { partialFilterExpression: { [`${kind}.mail`]: 'due' } })
}

export const accountModel = (connection: Connection) =>
  connection.model<AccountDoc>('Account', schema, 'accounts')
export type AccountModel = ReturnType<typeof accountModel>
