import { z } from 'zod'
import { civilDate } from '../domain/civil-date.ts'
import { objectId, paging } from '../http/schema.ts'
import { CHANNELS, OUTCOMES } from './actions.ts'

/** An entry of the audit log. */
export const auditEntry = z.object({
  id: objectId,
  at: z.iso.datetime(),
  /** null for somebody who was not signed in, and for the service itself */
  actor: z.object({ id: z.string(), name: z.string(), email: z.string(), role: z.string() }).nullable(),
  /** how they were signed in; `system` for the service itself */
  via: z.enum(CHANNELS).nullable(),
  token: z.string().nullable(),
  address: z.string().nullable(),
  method: z.string().nullable(),
  path: z.string().nullable(),
  action: z.string(),
  status: z.number().int().nullable(),
  outcome: z.enum(OUTCOMES),
  problem: z.string().nullable(),
  target: z.object({ kind: z.string(), id: z.string().nullable(), label: z.string().nullable() }).nullable(),
  /** the fields that differ, as they were and as they became */
  before: z.unknown(),
  after: z.unknown(),
  detail: z.unknown(),
  request: z.string().nullable(),
})
export type AuditEntry = z.infer<typeof auditEntry>

const filters = z.object({
  /** first and last civil day */
  from: civilDate.optional(),
  to: civilDate.optional(),
  /** an account's id, or a part of its name or address */
  actor: z.string().trim().min(1).max(100).optional(),
  /** one or more actions, separated by commas; `change.` stands for all that begin so */
  action: z.string().max(1000).optional(),
  /** what it was done to: `kind`, or `kind:id` */
  target: z.string().max(200).optional(),
  outcome: z.enum(OUTCOMES).optional(),
  /** a part of the name or id of what it was done to */
  q: z.string().trim().min(1).max(100).optional(),
})
export const auditFilters = filters
export const auditQuery = paging.extend(filters.shape)
export type AuditFilters = z.output<typeof filters>
