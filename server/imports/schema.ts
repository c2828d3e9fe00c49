import { z } from 'zod'
import { effect } from '../changes/schema.ts'
import { objectId, paging } from '../http/schema.ts'

export const IMPORT_STATUSES = [
  'parsing',
  'checked',
  'submitted',
  'applying',
  'applied',
  'rejected',
  'failed',
] as const
export type ImportStatus = (typeof IMPORT_STATUSES)[number]

export const OUTCOMES = ['new', 'changed', 'unchanged', 'error', 'missing'] as const
export type Outcome = (typeof OUTCOMES)[number]

export const importCounts = z.object({
  total: z.number().int(),
  new: z.number().int(),
  changed: z.number().int(),
  unchanged: z.number().int(),
  /** rows with a warning, whatever their outcome */
  warning: z.number().int(),
  error: z.number().int(),
  missing: z.number().int(),
})
export type ImportCounts = z.infer<typeof importCounts>

/** A sent list and what became of it. */
export const importView = z.object({
  id: objectId,
  filename: z.string(),
  size: z.number().int(),
  status: z.enum(IMPORT_STATUSES),
  /** rows done of rows in all, of checking or applying */
  progress: z.object({ done: z.number().int(), total: z.number().int() }),
  counts: importCounts,
  /** how many rows bear each issue code */
  codes: z.record(z.string(), z.number().int()),
  effects: z.array(effect),
  /** columns as recognised: header and the field it was read as, null for one that means nothing to us */
  columns: z.array(z.object({ letter: z.string(), header: z.string(), field: z.string().nullable() })),
  sheet: z.string().nullable(),
  headerRow: z.number().int(),
  /** rows that approving recorded */
  recorded: z.number().int(),
  sentBy: z.object({ id: z.string(), name: z.string() }),
  sentAt: z.iso.datetime(),
  decidedBy: z.object({ id: z.string(), name: z.string() }).nullable(),
  decidedAt: z.iso.datetime().nullable(),
  rejectReason: z.string().nullable(),
  appliedAt: z.iso.datetime().nullable(),
  error: z.object({ code: z.string(), detail: z.string() }).nullable(),
})
export type ImportView = z.infer<typeof importView>

export const issueView = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  field: z.string().nullable(),
  /** header of the column in the sender's file */
  column: z.string().nullable(),
  message: z.string(),
  /** the values that belong in the message */
  params: z.record(z.string(), z.string()),
})

export const importRow = z.object({
  /** row number in the sheet, as a spreadsheet shows it */
  row: z.number().int(),
  outcome: z.enum(OUTCOMES),
  issues: z.array(issueView),
  /** the cells as sent, by field */
  values: z.record(z.string(), z.string()),
})
export type ImportRowView = z.infer<typeof importRow>

export const rowsQuery = paging.extend({
  outcome: z.enum([...OUTCOMES, 'warning']).optional(),
  code: z.string().max(60).optional(),
})

export const rejectImport = z.strictObject({ reason: z.string().trim().min(1).max(500) })
export const importMode = z.enum(['changes', 'fleet'])
