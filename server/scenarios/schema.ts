import { z } from 'zod'
import { ASSESSMENT_STATUSES } from '../domain/assessment.ts'
import { civilDate } from '../domain/civil-date.ts'
import { STEP_KINDS } from '../domain/scenario.ts'
import { CATEGORIES } from '../domain/vocabulary.ts'
import { instant, objectId, pageOf, paging, wording } from '../http/schema.ts'

/** Shapes of the what-if's endpoints. */

const percentage = z.number({ error: 'scenario.percent' }).min(0, { error: 'scenario.percent' }).max(100, {
  error: 'scenario.percent',
})

/** More steps than these nobody overlooks. */
export const MOST_STEPS = 20
export const MOST_AMOUNT = 100_000

/** So much of one kind of change from the day of the figures to the period's end. */
export const step = z.strictObject({
  kind: z.enum(STEP_KINDS),
  category: z.enum(CATEGORIES),
  /** a region's code; null for all that the caller sees */
  county: z.string().min(1).max(12).nullable().default(null),
  /** operators' ids; all when empty */
  operators: z
    .array(z.string().min(1).max(100))
    .max(50, { error: 'scenario.too-many-operators' })
    .default([]),
  /** vehicles, or packs for a battery swap */
  amount: z
    .number({ error: 'scenario.amount' })
    .int({ error: 'scenario.amount' })
    .min(0, { error: 'scenario.amount' })
    .max(MOST_AMOUNT, { error: 'scenario.amount' }),
  per: z.enum(['period', 'month']),
  /** of the vehicles that come in, so many percent are new-energy */
  newEnergy: percentage.default(100),
  /** of the vehicles that go, so many percent are diesel ones of the oldest emission standard */
  oldDiesel: percentage.default(0),
})

export const scenarioInputs = z.strictObject({
  /** what comes beside the steps: nothing, or as much as at the pace of the last 365 days */
  others: z.enum(['nothing', 'pace']),
  steps: z.array(step).max(MOST_STEPS, { error: 'scenario.too-many-steps' }),
})

/** The figures to start from; today's unless told. */
const start = z.strictObject({
  asOf: civilDate.optional(),
  knownAt: instant.optional(),
  policyVersion: z.number().int().min(1).max(100_000).optional(),
})
export type Start = z.infer<typeof start>

export const previewScenario = z.strictObject({
  inputs: scenarioInputs,
  basis: start.default({}),
  /** whose figures: a region's code; null for all that the caller sees */
  county: z.string().min(1).max(12).nullable().default(null),
})

/** What the figures started from. */
export const basis = z.object({
  asOf: z.string(),
  knownAt: z.iso.datetime(),
  policyVersion: z.number().int(),
  /** the period's last day */
  until: z.string(),
  /** months from `asOf` to the period's end, rounded down to one decimal */
  months: z.number(),
})
export type Basis = z.infer<typeof basis>

const standing = z.object({
  value: z.number().nullable(),
  numerator: z.number(),
  denominator: z.number().nullable(),
  status: z.enum(ASSESSMENT_STATUSES),
})

/** A rule today and at the period's end. */
export const projection = z.object({
  id: z.string(),
  title: wording,
  kind: z.enum(['share', 'count', 'rising-share']),
  unit: z.enum(['percent', 'vehicles', 'packs']),
  target: z.number().nullable(),
  now: standing,
  /** when the period is over */
  end: standing,
  /** the same if nothing is done but all goes on at the pace of the last 365 days */
  pace: standing,
  /** what is missing at the end: vehicles or packs, or new-energy ones in a row; null where no number helps or none is asked */
  short: z.number().nullable(),
  /** a count: the day on which its target is reached if what is planned comes evenly */
  reachedOn: z.string().nullable(),
  /** a step bears on it */
  moved: z.boolean(),
})
export type RuleProjection = z.infer<typeof projection>

export const STEP_WARNINGS = ['more-than-fleet', 'more-than-old'] as const

/** What a step comes to. */
export const stepView = z.object({
  total: z.number().int(),
  newEnergy: z.number().int(),
  oldDiesel: z.number().int(),
  /** more go than are in service there: `inService` says how many are */
  warnings: z.array(z.object({ code: z.enum(STEP_WARNINGS), inService: z.number().int() })),
})
export type StepView = z.infer<typeof stepView>

export const scenarioResult = z.object({
  basis,
  rules: z.array(projection),
  steps: z.array(stepView),
})
export type ScenarioResult = z.infer<typeof scenarioResult>

const name = z
  .string({ error: 'scenario.name' })
  .trim()
  .min(1, { error: 'scenario.name' })
  .max(60, { error: 'scenario.name' })
const note = z.string().trim().max(500, { error: 'scenario.note' })

export const newScenario = previewScenario.extend({ name, note: note.default('') })

/** What is absent stays; `basis: "today"` counts anew from today's figures, by the rules of now. */
export const changeScenario = z.strictObject({
  /** the scenario's `revision` as it was read */
  revision: z.number().int().min(1),
  name: name.optional(),
  note: note.optional(),
  inputs: scenarioInputs.optional(),
  basis: z.literal('today').optional(),
})

const person = z.object({ id: z.string(), name: z.string() })

/** A scenario that is kept, with the figures as they were made. */
export const scenarioView = scenarioResult.extend({
  id: objectId,
  name: z.string(),
  note: z.string(),
  inputs: scenarioInputs,
  /** the part of the city whose figures they are; null for all of it */
  county: z.string().nullable(),
  /** the operators that the steps name */
  operators: z.array(person),
  revision: z.number().int(),
  createdBy: person,
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  /** the caller may change and delete it */
  editable: z.boolean(),
  /** somebody has deleted it; it can be restored */
  deleted: z.boolean(),
})
export type ScenarioView = z.infer<typeof scenarioView>

export const scenarioPage = pageOf(scenarioView)
export const scenariosQuery = paging

export const byId = z.object({ id: objectId })

export const mailScenario = z.strictObject({
  to: z
    .array(objectId)
    .min(1, { error: 'scenario.nobody' })
    .max(50, { error: 'scenario.too-many-recipients' }),
  /** a sentence of the sender's own */
  note: note.default(''),
})

/** To whom a mail was queued, and who has had this very one today already. */
export const mailedScenario = z.object({ queued: z.array(person), already: z.array(person) })
export type MailedScenario = z.infer<typeof mailedScenario>

export const recipients = z.object({
  items: z.array(
    z.object({ id: z.string(), name: z.string(), role: z.string(), county: z.string().nullable() }),
  ),
})
