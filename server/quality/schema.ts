import { z } from 'zod'
import { change } from '../changes/schema.ts'
import { DOUBTS, QUALITY_ASPECTS, type QUALITY_WEIGHTS } from '../domain/quality.ts'
import { pageOf, paging } from '../http/schema.ts'
import { month } from '../reporting/schema.ts'
import { vehicle } from '../vehicles/schema.ts'

const place = {
  county: z.string().max(12).optional(),
  operator: z
    .string()
    .max(100)
    .optional()
    .transform((id) => id || undefined),
}

/** Of which months: the last twelve, this one included, unless told. */
const months = { from: month.optional(), to: month.optional() }

export const qualityFilter = z.object({ ...months, ...place })
export type QualityFilter = z.output<typeof qualityFilter>
export const qualityQuery = qualityFilter.extend(paging.shape)
export const monthsQuery = qualityFilter

/** What an aspect costs of the 100 points; the lines add up to what is missing of them. */
export const qualityLine = z.object({
  aspect: z.enum(QUALITY_ASPECTS as [keyof typeof QUALITY_WEIGHTS, ...(keyof typeof QUALITY_WEIGHTS)[]]),
  weight: z.number(),
  bad: z.number().int(),
  of: z.number().int(),
  /** points, to the tenth */
  lost: z.number(),
})

const judged = {
  /** 100 less what the lines cost; null where there is nothing to judge */
  score: z.number().nullable(),
  lines: z.array(qualityLine),
  changes: z.object({
    /** that happened in the months, without the inventory */
    total: z.number().int(),
    /** recorded more than the policy's days after they happened */
    late: z.number().int(),
    /** of the late ones, those that were sent in time: they cost nothing */
    excused: z.number().int(),
  }),
  months: z.object({
    /** whose report is due by now, since anything came of the operator */
    due: z.number().int(),
    reported: z.number().int(),
    /** the months without a report, the latest first */
    missing: z.array(z.string()),
  }),
  facts: z.object({
    /** vehicles in service */
    vehicles: z.number().int(),
    withoutRegistration: z.number().int(),
    /** diesel trucks in service, which need an emission standard */
    dieselTrucks: z.number().int(),
    withoutEmission: z.number().int(),
  }),
  warnings: z.object({
    /** entries in effect, of all times */
    entries: z.number().int(),
    /** with a doubtful VIN or plate that nobody has corrected */
    open: z.number().int(),
  }),
}

export const operatorQuality = z.object({
  operator: z.object({ id: z.string(), name: z.string(), county: z.string().nullable() }),
  /** it has to report every month */
  expected: z.boolean(),
  /** fewer than ten changes were judged, or none: not ranked */
  few: z.boolean(),
  /**
   * its place by score among those of the list (the city's or a county's) that are ranked, 1 for the best; equal ones
   * share it; null where one operator alone was asked for
   */
  rank: z.number().int().nullable(),
  ...judged,
})
export type OperatorQuality = z.infer<typeof operatorQuality>

export const quality = pageOf(operatorQuality).extend({
  from: z.string(),
  to: z.string(),
  knownAt: z.iso.datetime(),
  policyVersion: z.number().int(),
  /** a change recorded more than so many days after it happened is late */
  reportingDays: z.number().int(),
  /** all of them together, judged as one; `missing` names months only where it is one operator */
  whole: z.object(judged),
})
export type Quality = z.infer<typeof quality>

export const qualityMonths = z.object({
  reportingDays: z.number().int(),
  items: z.array(
    z.object({
      month: z.string(),
      /** the last day on which a report for it is in time */
      dueOn: z.string(),
      /** that day is over */
      due: z.boolean(),
      /** operators that have to report, from the month on in which anything first came of them */
      expected: z.number().int(),
      list: z.number().int(),
      nil: z.number().int(),
      missing: z.number().int(),
      changes: z.number().int(),
      late: z.number().int(),
      excused: z.number().int(),
    }),
  ),
})
export type QualityMonths = z.infer<typeof qualityMonths>
export type QualityMonth = QualityMonths['items'][number]

/** A late change, with how late. */
export const lateChange = change.extend({
  /** from the change to its recording; of a corrected one, to that of the first entry that said it */
  daysTaken: z.number().int(),
  /** beyond the policy's days */
  daysLate: z.number().int(),
  /** it was sent in time */
  excused: z.boolean(),
})
export type LateChange = z.infer<typeof lateChange>
export const lateChanges = pageOf(lateChange).extend({ knownAt: z.iso.datetime(), reportingDays: z.number() })

export const warningFilter = z.object(place)
export const warningQuery = warningFilter.extend(paging.shape)

/** An entry with what is doubtful in it. */
export const doubtfulChange = change.extend({ doubts: z.array(z.enum(DOUBTS)) })
export type DoubtfulChange = z.infer<typeof doubtfulChange>
export const doubtfulChanges = pageOf(doubtfulChange).extend({ knownAt: z.iso.datetime() })

export const MISSING_FACTS = ['registration', 'emission'] as const
export type MissingFact = (typeof MISSING_FACTS)[number]
export const missingFilter = z.object({ fact: z.enum(MISSING_FACTS), ...place })
export type MissingFilter = z.output<typeof missingFilter>
export const missingQuery = missingFilter.extend(paging.shape)
export const missingFacts = pageOf(vehicle)
