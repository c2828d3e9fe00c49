import { type Connection, Schema, type Types } from 'mongoose'
import type { Permission } from './permissions.ts'

/** A token by which a program acts for an account. The token itself stands nowhere. */
export interface TokenDoc {
  _id: Types.ObjectId
  account: string
  name: string
  permissions: Permission[]
  /** SHA-256 of the token */
  hash: string
  createdAt: Date
  expiresAt: Date
  lastUsedAt: Date | null
}

const schema = new Schema<TokenDoc>({}, { strict: false, versionKey: false })
schema.index({ hash: 1 }, { unique: true })
schema.index({ account: 1, _id: 1 })

export const tokenModel = (connection: Connection) => connection.model<TokenDoc>('Token', schema, 'tokens')
