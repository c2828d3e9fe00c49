import { z } from 'zod'
import { compliance, ruleFigure, trend } from '../compliance/schema.ts'
import { REPORT_KINDS, type ReportKind } from '../domain/report-period.ts'
import { KINDS } from '../domain/vocabulary.ts'
import { objectId, pageOf, paging, wording } from '../http/schema.ts'

/** What a report is, from the bottom up. What is frozen in it is `reportContent`; the rest is how it is asked for. */

export type { ReportKind }
export { REPORT_KINDS }

const operatorRef = z.object({ id: z.string(), name: z.string(), county: z.string().nullable() })

/** Whether everybody who must report every month has, for the months that a report covers. */
export const completeness = z.object({
  /** the last day up to whose month every operator that must report has; null where there is no such month */
  completeTo: z.string().nullable(),
  /** the first month behind it, and how many have not reported for it; null where nothing is missing */
  firstGap: z.object({ month: z.string(), missing: z.number().int() }).nullable(),
  /** the latest month that was over by `asOf`, `YYYY-MM`; `expected` and `reported` are of it */
  month: z.string(),
  expected: z.number().int(),
  reported: z.number().int(),
  /** each month that the report covers, oldest first: the last is `month` */
  months: z.array(
    z.object({
      month: z.string(),
      expected: z.number().int(),
      reported: z.number().int(),
      /** those that had time enough, and have not */
      missing: z.number().int(),
      /** those that have not, and had until `dueOn`: not over when the report was made; absent where there are none */
      pending: z.number().int().optional(),
      dueOn: z.string().optional(),
    }),
  ),
  /** the operators that have not reported in time for some of these months, by name */
  missing: z.array(operatorRef.extend({ months: z.array(z.string()) })),
  /** the city's alone: of each operator that must report, for which of these months it has, and for which it still had time */
  operators: z
    .array(
      z.object({
        ...{ id: z.string(), name: z.string() },
        ...{ reported: z.array(z.string()), pending: z.array(z.string()) },
      }),
    )
    .optional(),
})
export type Completeness = z.infer<typeof completeness>

/**
 * Why an entry is named:
 * - `not-new-energy`: it counts in a share without being counted. Under a target of 100 % it stays named as long as the
 *   plan runs; under another one it is named in the report that it comes new to.
 * - `breach-confirmed`: the same, but an officer recorded it knowing that it breaks the target; the reason is in `note`.
 * - `undetermined`: nobody has said its emission standard; named until somebody does.
 * - `recorded-late`: recorded more than the policy's days after it happened; in the report that it comes new to.
 */
export const EXCEPTION_REASONS = [
  'not-new-energy',
  'undetermined',
  'breach-confirmed',
  'recorded-late',
] as const
export type ExceptionReason = (typeof EXCEPTION_REASONS)[number]

export const exception = z.object({
  /** the rule that it is an exception to; null where it is none to a certain rule */
  rule: z.string().nullable(),
  reason: z.enum(EXCEPTION_REASONS),
  /** id of the ledger's entry */
  change: z.string(),
  on: z.string(),
  /** of the vehicle that is meant: the entry's own, or the old one that it retires */
  plate: z.string(),
  vin: z.string(),
  operator: z.object({ id: z.string(), name: z.string() }),
  county: z.string(),
  /** in people's own words: why it was recorded all the same */
  note: z.string().nullable(),
  /** `recorded-late`: days from the change to its recording */
  days: z.number().int().nullable(),
})
export type ReportException = z.infer<typeof exception>

const byReason = z.record(z.enum(EXCEPTION_REASONS), z.number().int())

export const exceptions = z.object({
  /** all that there are; `items` may hold fewer */
  total: z.number().int(),
  byReason,
  /** the city's alone: how many each operator has, for its own extract; absent in reports of an earlier form */
  operators: z.array(z.object({ id: z.string(), byReason })).optional(),
  /** by reason, the latest first; so many of each reason at most */
  items: z.array(exception),
})
export type Exceptions = z.infer<typeof exceptions>

/** A figure in short. */
export const outline = ruleFigure.pick({ value: true, numerator: true, denominator: true, status: true })
export type Outline = z.infer<typeof outline>

/** Part of a movement, in the rule's own unit: vehicles or packs, negative where it took some away. */
export const movementPart = z.object({ numerator: z.number(), denominator: z.number().nullable() })
export type MovementPart = z.infer<typeof movementPart>

/** What a rule's figure moved by since the previous report, and why. */
export const movement = z.object({
  rule: z.string(),
  /** null for a rule that there was not */
  before: outline.nullable(),
  after: outline,
  /** these add up exactly to what numerator and denominator moved by */
  because: z.object({
    /** happened since the day of the previous report */
    happened: movementPart,
    /** had happened by then, but was recorded later */
    late: movementPart,
    /** had been counted then, and was withdrawn or said anew since */
    corrected: movementPart,
    /** another version of the policy counts otherwise */
    policy: movementPart,
  }),
})
export type Movement = z.infer<typeof movement>

/** A county's own part, for its officers. */
export const countyReport = z.object({
  code: z.string(),
  name: wording,
  figures: compliance,
  completeness,
  exceptions,
  moved: z.array(movement),
})

/** Everything that a report says: frozen when it is made, and the same for ever after. */
export const reportContent = z.object({
  kind: z.enum(REPORT_KINDS),
  /** `2026-W48`, `2026-11`, `2026-Q4` */
  period: z.string(),
  /** as documents are cited: mark, kind, `〔2026〕48号` */
  number: z.string(),
  /** the same for addresses: `W2026-48`, `M2026-11`, `Q2026-4` */
  shortNumber: z.string(),
  createdAt: z.iso.datetime(),
  /** made at its time, or asked for by somebody when its period was long over */
  occasion: z.enum(['scheduled', 'on-demand']),
  /** every period that it stands for after downtime, oldest first, its own last */
  standsFor: z.array(z.string()),
  /** first day of its period */
  from: z.string(),
  /** last day of its period: what had happened by then is counted */
  asOf: z.string(),
  /** what was known at this instant is counted */
  knownAt: z.iso.datetime(),
  city: z.object({ code: z.string(), name: wording }),
  policy: z.object({
    id: z.string(),
    version: z.number().int(),
    title: wording,
    /** the policy document's own number */
    number: z.string(),
    issuer: z.string(),
    reportingDays: z.number().int(),
  }),
  /** the city's, as GET /compliance gives them for `asOf`, `knownAt` and the policy's version */
  figures: compliance,
  counties: z.array(countyReport),
  /** the city's course of each rule by month, as known at `knownAt` */
  courses: z.array(trend.pick({ rule: true, points: true })),
  completeness,
  exceptions,
  /** the latest report of the kind before this one */
  previous: z
    .object({
      id: z.string(),
      number: z.string(),
      period: z.string(),
      asOf: z.string(),
      knownAt: z.iso.datetime(),
      policyVersion: z.number().int(),
      /** rules that there were then and are no more */
      dropped: z.array(z.object({ rule: z.string(), title: wording })),
    })
    .nullable(),
  /** compared with the previous report, rule by rule; empty where there is none */
  moved: z.array(movement),
})
export type ReportContent = z.infer<typeof reportContent>

/** An entry that changed a figure after a report was made. */
export const sinceEntry = z.object({
  change: z.string(),
  kind: z.enum(KINDS),
  on: z.string(),
  plate: z.string(),
  vin: z.string(),
  operator: z.object({ id: z.string(), name: z.string() }),
  county: z.string(),
  what: z.enum(['recorded', 'voided']),
  at: z.iso.datetime(),
  /** the entry that it says anew */
  corrects: z.string().nullable(),
  /** the rules in which it counts */
  rules: z.array(z.string()),
})
export type SinceEntry = z.infer<typeof sinceEntry>

/** What has changed since a report was made, by its day. The report itself stays as it is. */
export const sinceReport = z.object({
  /** the report's day, and what was known when it was made */
  asOf: z.string(),
  knownAt: z.iso.datetime(),
  /** what is known now: GET /compliance/:rule/evidence with either of the two lists the entries behind each figure */
  knownNow: z.iso.datetime(),
  /** versions: of the report, and in force now */
  policy: z.object({ before: z.number().int(), after: z.number().int() }),
  /** false when the report says what would be said of its day today */
  changed: z.boolean(),
  rules: z.array(
    z.object({
      rule: z.string(),
      /** null for a rule that there was not */
      before: outline.nullable(),
      after: outline,
      because: z.object({ late: movementPart, corrected: movementPart, policy: movementPart }),
      /** contributions of entries recorded since that count there, those that say others anew included */
      recorded: z.number().int(),
      /** contributions of entries withdrawn since that had counted there */
      voided: z.number().int(),
    }),
  ),
  /** rules that there are no more */
  dropped: z.array(z.object({ rule: z.string(), title: wording })),
  /** the first of these entries, in the order in which they came */
  entries: z.array(sinceEntry),
})
export type SinceReport = z.infer<typeof sinceReport>

/** What anybody may see of a figure: in the list, and on checking a paper. */
export const shownFigure = ruleFigure.pick({
  ...{ id: true, title: true, value: true, numerator: true, denominator: true },
  ...{ target: true, unit: true, status: true },
})
export type ShownFigure = z.infer<typeof shownFigure>

/** What anybody who holds a report on paper is told. */
export const reportCheck = z.object({
  /** `unknown`: there is no report of this number with this code. `altered`: what is stored is not what was frozen. */
  verdict: z.enum(['genuine', 'altered', 'unknown']),
  report: z
    .object({
      number: z.string(),
      shortNumber: z.string(),
      kind: z.enum(REPORT_KINDS),
      period: z.string(),
      from: z.string(),
      asOf: z.string(),
      knownAt: z.iso.datetime(),
      createdAt: z.iso.datetime(),
      /** the paper's: an extract bears one of its own */
      digest: z.string(),
      /** of what part of the city the paper is an extract; null for the whole report */
      part: z.object({ kind: z.enum(['county', 'operator']), name: wording }).nullable(),
      city: z.object({ code: z.string(), name: wording }),
      policy: z.object({ title: wording, number: z.string(), version: z.number().int() }),
      rules: z.array(shownFigure),
    })
    .nullable(),
})
export type ReportCheck = z.infer<typeof reportCheck>

export const checkQuery = z.object({ code: z.string().trim().toLowerCase().max(64).default('') })

export const reportsQuery = paging.extend({ kind: z.enum(REPORT_KINDS).optional() })

/** The report on a period that is over. */
export const orderReport = z.strictObject({ kind: z.enum(REPORT_KINDS), period: z.string().trim().max(20) })

/** A report in a list: the figures of the caller's part of the city in short. */
export const reportItem = z.object({
  id: objectId,
  ...reportContent.pick({ kind: true, period: true, number: true, shortNumber: true }).shape,
  ...reportContent.pick({ createdAt: true, occasion: true, standsFor: true, from: true }).shape,
  ...reportContent.pick({ asOf: true, knownAt: true }).shape,
  policy: z.object({ id: z.string(), version: z.number().int() }),
  /** of the whole report or a county's extract; null for an operator's, which covers the figures that are left out here */
  digest: z.string().nullable(),
  /** the report that it was compared with */
  comparedWith: z
    .object({ id: z.string(), number: z.string(), period: z.string(), asOf: z.string() })
    .nullable(),
  completeness: completeness.omit({ missing: true, operators: true }).extend({
    /** how many operators are missing for some of its months */
    lacking: z.number().int(),
  }),
  exceptions: z.number().int(),
  rules: z.array(shownFigure),
})
export type ReportItem = z.infer<typeof reportItem>

/** A report as the caller sees it, and what has changed since. */
export const reportView = z.object({
  id: objectId,
  /** of the whole report; of an extract for who sees a part */
  digest: z.string(),
  /** what stands in its QR code */
  code: z.string(),
  content: reportContent,
  since: sinceReport,
})
export type ReportView = z.infer<typeof reportView>

export const reportList = pageOf(reportItem)
