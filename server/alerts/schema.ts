import { z } from 'zod'
import { ruleFigure } from '../compliance/schema.ts'
import { DIRECTIONS } from '../domain/alert.ts'
import { civilDate } from '../domain/civil-date.ts'
import { KINDS } from '../domain/vocabulary.ts'
import { objectId, pageOf, paging, wording } from '../http/schema.ts'

/** What made an alert: a status that changed, or an entry that broke a target whose status stayed. */
export const ALERT_KINDS = ['status', 'breach'] as const
/** Why a figure stands otherwise: what was recorded or withdrawn, a new version of the policy, or the calendar. */
export const ALERT_CAUSES = ['changes', 'policy', 'day'] as const

const figure = ruleFigure.pick({ value: true, numerator: true, denominator: true, status: true })

/** An entry of the ledger behind an alert. */
export const alertChange = z.object({
  id: objectId,
  kind: z.enum(KINDS),
  on: z.string(),
  plate: z.string(),
  vin: z.string(),
  operator: z.object({ id: z.string(), name: z.string() }),
  county: z.string(),
  /** who recorded it; who withdrew it, where its withdrawal is what counts */
  by: z.string(),
  /** why it was recorded although it breaks the target, or why it was withdrawn */
  reason: z.string().nullable(),
  voided: z.boolean(),
  /** the list that it came from */
  import: objectId.nullable(),
})
export type AlertChange = z.infer<typeof alertChange>

const facts = {
  kind: z.enum(ALERT_KINDS),
  direction: z.enum(DIRECTIONS),
  /** a county's code; null: the whole city */
  county: z.string().nullable(),
  rule: z.string(),
  title: wording,
  unit: ruleFigure.shape.unit,
  target: z.number().nullable(),
  before: figure,
  after: figure,
  /** what regains a share, or is missing from a count; null where nothing does */
  needed: z.number().nullable(),
  because: z.array(z.enum(ALERT_CAUSES)),
  /** entries behind it, the first twenty of so many; of other places none is named */
  changes: z.object({ items: z.array(alertChange), total: z.number().int() }),
  asOf: civilDate,
  policy: z.object({ id: z.string(), version: z.number().int() }),
}

/** What an alert says; its instants are dates where it is stored. */
export type AlertFacts = z.infer<z.ZodObject<typeof facts>> & { knownAt: Date }

export const alert = z.object({ id: objectId, at: z.iso.datetime(), ...facts, knownAt: z.iso.datetime() })
export type AlertView = z.infer<typeof alert>
export const alertPage = pageOf(alert)

/** `county`: that county's own alerts; `city` the whole city's; both unless told. */
export const alertsQuery = paging.extend({
  rule: z.string().min(1).max(60).optional(),
  county: z.string().min(1).max(12).optional(),
  direction: z.enum(DIRECTIONS).optional(),
  from: civilDate.optional(),
  to: civilDate.optional(),
})
export type AlertsQuery = z.output<typeof alertsQuery>
