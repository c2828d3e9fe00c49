import { z } from 'zod'

/** A civil month, `YYYY-MM`. */
export const month = z
  .string()
  .regex(/^(19|20|21)\d\d-(0[1-9]|1[0-2])$/, { error: 'month.invalid' })
  .meta({ example: '2026-11', description: 'A civil month, YYYY-MM' })

export const reportingQuery = z.object({ month })

/** Who reported in a month. */
export const REPORTED = ['list', 'nil'] as const

export const reportingItem = z.object({
  operator: z.object({ id: z.string(), name: z.string(), county: z.string().nullable() }),
  /** it is expected to report every month */
  expected: z.boolean(),
  /** a list (or changes on the ledger), that there is nothing, or not at all */
  reported: z.enum(REPORTED).nullable(),
  at: z.iso.datetime().nullable(),
  by: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** the lists that count, the first one first */
  imports: z.array(z.string()),
})
export type ReportingItem = z.infer<typeof reportingItem>

export const monthlyReporting = z.object({
  month: z.string(),
  /** the day by which the month's lists are due */
  dueOn: z.string(),
  items: z.array(reportingItem),
  /** of the operators that are expected to report: how many have, and have not */
  reported: z.number().int(),
  missing: z.number().int(),
  /** of those that have: by list, and that there is nothing */
  list: z.number().int(),
  nil: z.number().int(),
  /** nil reports for it can be made and taken back */
  open: z.boolean(),
})
export type MonthlyReporting = z.infer<typeof monthlyReporting>

/** `operator` is for officers; an operator's account reports for its own. */
export const reportNil = z.strictObject({
  month,
  operator: z.string().trim().min(1).max(100).optional(),
})

export const nilReport = z.object({
  month: z.string(),
  operator: z.string(),
  at: z.iso.datetime(),
  by: z.object({ id: z.string(), name: z.string() }),
})
export type NilReport = z.infer<typeof nilReport>
