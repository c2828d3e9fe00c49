import { type Connection, Schema } from 'mongoose'
import type { Actor } from '../changes/model.ts'
import type { Policy } from '../domain/policy.ts'

/** A version of the policy: written once, never edited. */
export interface PolicyDoc {
  /** `id@version`, so that of two that are published at once one is refused */
  _id: string
  /** the document as it was sent in, its open readings not yet applied */
  policy: Policy
  /** the ledger's instant from which it is in force; the first has been all along */
  takesEffectAt: Date
  /** null for the one that the product ships with */
  recordedBy: Actor | null
  note: string | null
}

const schema = new Schema<PolicyDoc>(
  {
    _id: { type: String, required: true },
    policy: { type: Schema.Types.Mixed, required: true },
    takesEffectAt: { type: Date, required: true },
    recordedBy: { type: Schema.Types.Mixed, default: null },
    note: { type: String, default: null },
  },
  { versionKey: false, minimize: false },
)

/** The collection of the policy's versions. */
export const policyModel = (connection: Connection) =>
  connection.model<PolicyDoc>('Policy', schema, 'policies')
export type PolicyModel = ReturnType<typeof policyModel>
