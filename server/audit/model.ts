import { type Connection, Schema, type Types } from 'mongoose'
import type { AuditChannel, AuditOutcome } from './actions.ts'

/** Who did something, as they were then. */
export interface AuditActor {
  id: string
  name: string
  email: string
  role: string
}

/** What something was done to. */
export interface AuditTarget {
  kind: string
  id: string | null
  label: string | null
}

/**
 * An entry of the audit log. Append-only: it is inserted once, and no code may update or delete one. It holds no
 * secrets; they are cut out before it is made (`redact.ts`).
 */
export interface AuditDoc {
  _id: Types.ObjectId
  at: Date
  /** null for somebody who is not signed in, and for the service itself */
  actor: AuditActor | null
  via: AuditChannel | null
  /** name of the API token that was used */
  token: string | null
  address: string | null
  method: string | null
  /** with the ids in it, without the query */
  path: string | null
  action: string
  status: number | null
  outcome: AuditOutcome
  /** code of the problem that was answered */
  problem: string | null
  target: AuditTarget | null
  /** only what differs */
  before: unknown
  after: unknown
  /** what else belongs to it: reasons, filters of an export, what was asked for */
  detail: unknown
  /** id of the request, as the logs have it */
  request: string | null
}

const schema = new Schema<AuditDoc>(
  {
    at: { type: Date, required: true },
    actor: { type: Schema.Types.Mixed, default: null },
    via: { type: String, default: null },
    token: { type: String, default: null },
    address: { type: String, default: null },
    method: { type: String, default: null },
    path: { type: String, default: null },
    action: { type: String, required: true },
    status: { type: Number, default: null },
    outcome: { type: String, required: true },
    problem: { type: String, default: null },
    target: { type: Schema.Types.Mixed, default: null },
    before: { type: Schema.Types.Mixed, default: null },
    after: { type: Schema.Types.Mixed, default: null },
    detail: { type: Schema.Types.Mixed, default: null },
    request: { type: String, default: null },
  },
  { versionKey: false, minimize: false },
)

schema.index({ at: -1, _id: -1 })
schema.index({ 'actor.id': 1, at: -1, _id: -1 })
schema.index({ action: 1, at: -1, _id: -1 })
schema.index({ outcome: 1, at: -1, _id: -1 })
schema.index({ 'target.kind': 1, 'target.id': 1, at: -1, _id: -1 })

/** The audit log's model on a connection. */
export const auditModel = (connection: Connection) => connection.model<AuditDoc>('Audit', schema, 'audit')
export type AuditModel = ReturnType<typeof auditModel>
