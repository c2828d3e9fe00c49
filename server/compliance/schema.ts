import { z } from 'zod'
import { change } from '../changes/schema.ts'
import { ASSESSMENT_STATUSES } from '../domain/assessment.ts'
import { DIMENSIONS } from '../domain/cells.ts'
import { civilDate } from '../domain/civil-date.ts'
import { REACHED_REASONS } from '../domain/forecast.ts'
import { CATEGORIES, ENERGIES } from '../domain/vocabulary.ts'
import { instant, pageOf, paging, wording } from '../http/schema.ts'

/** Which figures: what had happened by `asOf`, as known at `knownAt`; today and now unless told. */
export const complianceQuery = z.object({
  asOf: civilDate.optional(),
  knownAt: instant.optional(),
  county: z.string().max(12).optional(),
  operator: z
    .string()
    .max(100)
    .optional()
    .transform((id) => id || undefined),
  /** by the rules of this version of the policy; those in force at `knownAt` otherwise */
  policyVersion: z.coerce.number().int().min(1).max(100_000).optional(),
})

/** A part of a figure under one heading; parts add up to the whole. */
export const part = z.object({
  key: z.string(),
  label: wording,
  value: z.number().nullable(),
  numerator: z.number(),
  denominator: z.number().nullable(),
  undetermined: z.number(),
})
export type Part = z.infer<typeof part>

const dated = z.object({ on: z.string(), value: z.number() })

/** Where a figure with a target is heading; how it is made is told in docs/forecast.md. */
const outlook = {
  /** the range at the period's end, in percent for a share */
  forecast: z
    .object({ low: z.number(), expected: z.number(), high: z.number(), basisDays: z.number() })
    .nullable(),
  /** what has to come from this day on, and the line from here to the target */
  requiredFromToday: z
    .object({
      /** a count: a month; a share: percent of the further ones. null: no number does */
      value: z.number().nullable(),
      /** a share: how many further ones are expected */
      further: z.number().nullable(),
      from: dated,
      to: dated,
    })
    .nullable(),
  /** when the target is reached at the present pace, perhaps after the period's end; or was */
  reachedOn: z.string().nullable(),
  /** why there is no such day; `reached` when the day is past */
  reachedReason: z.enum(REACHED_REASONS).nullable(),
}

export const ruleFigure = z.object({
  id: z.string(),
  kind: z.enum(['share', 'count', 'rising-share']),
  title: wording,
  source: z.string(),
  readings: z.array(wording),
  value: z.number().nullable(),
  numerator: z.number(),
  denominator: z.number().nullable(),
  target: z.number().nullable(),
  unit: z.enum(['percent', 'vehicles', 'packs']),
  status: z.enum(ASSESSMENT_STATUSES),
  needed: z.number().nullable(),
  expected: z.number().nullable(),
  /** a count: the least whole number that keeps to the line; absent in figures frozen before it was told */
  expectedWhole: z.number().int().nullable().optional(),
  requiredPerMonth: z.number().nullable(),
  ...outlook,
  undetermined: z.number(),
  yearBefore: z.number().nullable(),
  /** its parts by county; by other headings see GET /compliance/:rule/breakdown */
  breakdown: z.object({ county: z.array(part) }),
})
export type RuleFigure = z.infer<typeof ruleFigure>

export const compliance = z.object({
  asOf: z.string(),
  knownAt: z.iso.datetime(),
  policy: z.object({
    id: z.string(),
    version: z.number().int(),
    title: wording,
    number: z.string(),
    period: z.object({ from: z.string(), to: z.string() }),
  }),
  rules: z.array(ruleFigure),
})
export type Compliance = z.infer<typeof compliance>

/** What narrows the changes behind a figure. */
export const evidenceFilter = complianceQuery.extend({
  category: z.enum(CATEGORIES).optional(),
  energy: z.enum(ENERGIES).optional(),
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/, { error: 'month.invalid' })
    .optional(),
  /** only the vehicles whose emission standard nobody has said */
  undetermined: z.stringbool().default(false),
})

export const evidenceQuery = evidenceFilter.extend(paging.shape)

/** A change with what it adds to a figure. */
export const evidenceItem = change.extend({
  numerator: z.number(),
  denominator: z.number(),
  undetermined: z.number(),
})
export type EvidenceItem = z.infer<typeof evidenceItem>

/** The changes behind a number, each with what it adds to it. */
export const evidence = pageOf(evidenceItem).extend({ asOf: z.string(), knownAt: z.iso.datetime() })

export const trendQuery = complianceQuery.extend({
  /** each month as it is known today, or as it was known when it was over */
  as: z.enum(['known-today', 'as-then-known']).default('known-today'),
})
export type TrendQuery = z.output<typeof trendQuery>

/** A figure's course: at each month's end (the last at `asOf`), cumulated. */
export const trend = z.object({
  rule: z.string(),
  as: z.enum(['known-today', 'as-then-known']),
  asOf: z.string(),
  knownAt: z.iso.datetime(),
  points: z.array(
    z.object({
      month: z.string(),
      on: z.string(),
      value: z.number().nullable(),
      numerator: z.number(),
      denominator: z.number().nullable(),
      /** what the required line asks for on that day; the target in percent for a share */
      required: z.number().nullable(),
    }),
  ),
  /** the required line to the period's end, for the part of the chart that lies ahead */
  requiredLine: z.array(z.object({ month: z.string(), required: z.number().nullable() })),
})
export type Trend = z.infer<typeof trend>

export const BREAKDOWN_BY = [...DIMENSIONS, 'month'] as const
export type BreakdownBy = (typeof BREAKDOWN_BY)[number]

/** Which parts of which figure. */
export const breakdownQuery = complianceQuery.extend({
  by: z.enum(BREAKDOWN_BY),
  category: z.enum(CATEGORIES).optional(),
  energy: z.enum(ENERGIES).optional(),
})
export type BreakdownQuery = z.output<typeof breakdownQuery>

const amounts = {
  /** a share in percent, rounded down to one decimal, or a count; null without data, and for what a month brought to a fleet */
  value: z.number().nullable(),
  numerator: z.number(),
  denominator: z.number().nullable(),
  undetermined: z.number(),
  /** how many contributions of changes it is made of */
  entries: z.number().int(),
}

export const breakdownPart = z.object({
  key: z.string(),
  label: wording,
  ...amounts,
  /** a denominator below ten: its share is not compared with others' */
  small: z.boolean(),
  /** its place by share or count, 1 for the highest; equal ones share it, small ones and months have none */
  rank: z.number().int().nullable(),
})
export type BreakdownPart = z.infer<typeof breakdownPart>

/** A figure in parts that add up to it; the changes behind each are GET /compliance/:rule/evidence narrowed by its key. */
export const breakdown = z.object({
  rule: z.string(),
  kind: z.enum(['share', 'count', 'rising-share']),
  by: z.enum(BREAKDOWN_BY),
  asOf: z.string(),
  knownAt: z.iso.datetime(),
  policyVersion: z.number().int(),
  /** percent, for shares */
  target: z.number().nullable(),
  total: z.object(amounts),
  items: z.array(breakdownPart),
})
export type Breakdown = z.infer<typeof breakdown>
