import { z } from 'zod'
import { civilDate } from './civil-date.ts'
import { CATEGORIES, type Category, ENERGIES, type Energy, KINDS, REASONS } from './vocabulary.ts'

/**
 * A policy document: a city's plan as data. Nothing of a city stands in code. What the plan leaves open is a reading with
 * its options; `effectivePolicy` (policy-readings.ts) gives the rules as they are counted.
 */

const wording = z.object({ zh: z.string().min(1), en: z.string().min(1) })

/** Which vehicles a rule means. Every condition given must hold. */
export const vehicleCondition = z.strictObject({
  categories: z.array(z.enum(CATEGORIES)).min(1).optional(),
  energies: z.array(z.enum(ENERGIES)).min(1).optional(),
  emissionAtMost: z.number().int().min(0).max(6).optional(),
})
export type VehicleCondition = z.infer<typeof vehicleCondition>

/** Which changes a rule measures, and how much each weighs. */
export const measure = z.strictObject({
  kinds: z.array(z.enum(KINDS)).min(1),
  reasons: z.array(z.enum(REASONS)).min(1).optional(),
  /** the change's own vehicle, or each vehicle that a replacement retires */
  of: z.enum(['vehicle', 'replaced-vehicles']),
  where: vehicleCondition,
  weight: z.enum(['one', 'packs']).default('one'),
})
export type Measure = z.infer<typeof measure>

const ruleHead = {
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: wording,
  /** where the rule comes from: document and item */
  source: z.string().min(1),
  /** what the rule is shown with beside its figure; the readings chosen add their own words */
  readings: z.array(wording).default([]),
}

export const shareRule = z.strictObject({
  ...ruleHead,
  kind: z.literal('share'),
  over: measure,
  counted: vehicleCondition,
  /** percent, to the hundredth */
  target: z.number().positive().max(100).multipleOf(0.01),
})

export const countRule = z.strictObject({
  ...ruleHead,
  kind: z.literal('count'),
  sum: z.array(measure).min(1),
  unit: z.enum(['vehicles', 'packs']),
  /** absent for a figure that is reported without a target */
  target: z.number().int().positive().optional(),
  /** the administrator's yearly milestones; between them the line is straight */
  milestones: z.array(z.strictObject({ on: civilDate, value: z.number().int().nonnegative() })).default([]),
})

export const risingShareRule = z.strictObject({
  ...ruleHead,
  kind: z.literal('rising-share'),
  fleet: vehicleCondition,
  counted: vehicleCondition,
})

export const rule = z.discriminatedUnion('kind', [shareRule, countRule, risingShareRule])
export type Rule = z.infer<typeof rule>
export type ShareRule = z.infer<typeof shareRule>
export type CountRule = z.infer<typeof countRule>
export type RisingShareRule = z.infer<typeof risingShareRule>

/** A county-level division, a place within one, or a functional area that the city reports like one. */
export const region = z.strictObject({
  /** GB/T 2260 or GB/T 10114; an area without a statutory code has one of the policy's own. Codes nest by prefix. */
  code: z.string().regex(/^[0-9A-Z]{4,12}$/),
  name: z.string().trim().min(1).max(40),
  english: z.string().trim().min(1).max(60),
  /** other wordings seen in lists, former names and codes among them */
  aliases: z.array(z.string().trim().min(1).max(40)).default([]),
  statutory: z.boolean(),
})
export type Region = z.infer<typeof region>

const city = z.strictObject({
  /** the code in which all of its regions' codes nest */
  code: z.string().regex(/^[0-9A-Z]{2,12}$/),
  name: wording,
  /** what lists write before a region's name: the province's and the city's names, long and short */
  prefixes: z.array(z.string().min(1)).default([]),
  /** how its plates begin, for examples: province character and letter */
  plates: z.string().regex(/^\p{Script=Han}[A-Z]$/u),
  /** what its reports' numbers begin with (机关代字); made of its name unless told */
  mark: z.string().trim().min(1).max(20).optional(),
})

/** How long vehicles may stay in service. */
export const serviceLife = z.strictObject({
  category: z.enum(CATEGORIES),
  /** only these; all of the category when absent. The first that fits a vehicle applies. */
  energies: z.array(z.enum(ENERGIES)).min(1).optional(),
  years: z.number().int().min(1).max(60),
  /** where the number comes from */
  source: z.string().trim().min(1).max(200),
})
export type ServiceLife = z.infer<typeof serviceLife>

/** How an option of a reading changes a rule; what is absent stays as it is. */
export const rulePatch = z.strictObject({
  /** replaces the conditions of the same name in every measure (or of the fleet) */
  where: vehicleCondition.optional(),
  /** replaces the conditions of the same name of what is counted */
  counted: vehicleCondition.optional(),
  /** replaces the kinds of the measures that look at the change's own vehicle */
  kinds: z.array(z.enum(KINDS)).min(1).optional(),
  /** replaces the reasons of the measures that have any */
  reasons: z.array(z.enum(REASONS)).min(1).optional(),
  weight: z.enum(['one', 'packs']).optional(),
  unit: z.enum(['vehicles', 'packs']).optional(),
  /** not pooled: one rule for each of these in place of the one, each with the target */
  apart: z
    .array(
      z.strictObject({ id: ruleHead.id, title: wording, categories: z.array(z.enum(CATEGORIES)).min(1) }),
    )
    .min(2)
    .optional(),
})
export type RulePatch = z.infer<typeof rulePatch>

const option = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  ...wording.shape,
  /** by rule; a rule that is only named is shown with the option's words, and counted as it stands */
  rules: z.record(z.string(), rulePatch),
})

/** Something that the document leaves open, and how it is read. */
export const reading = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  question: wording,
  chosen: z.string(),
  options: z.array(option).min(1),
})
export type Reading = z.infer<typeof reading>

const unique = (values: readonly string[]): boolean => new Set(values).size === values.length

export const policy = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]*$/),
    version: z.number().int().positive(),
    title: wording,
    issuer: z.string().min(1),
    number: z.string().min(1),
    issuedOn: civilDate,
    /** the city that it governs */
    city,
    /** in the order in which they are listed; a region comes after the one in which it lies */
    regions: z.array(region).min(1),
    /** both days included */
    period: z.strictObject({ from: civilDate, to: civilDate }),
    rules: z.array(rule).min(1),
    readings: z.array(reading).default([]),
    serviceLives: z.array(serviceLife).default([]),
    /** a change recorded more than so many days after it happened is late */
    reportingDays: z.number().int().min(1).max(366).default(30),
  })
  .refine((p) => p.period.from < p.period.to, { error: 'policy.period', path: ['period'] })
  .refine((p) => unique(p.rules.map((r) => r.id)), { error: 'policy.duplicate-rule', path: ['rules'] })
  .refine((p) => unique(p.regions.map((r) => r.code)), {
    error: 'policy.duplicate-region',
    path: ['regions'],
  })
  .refine((p) => p.regions.every((r) => r.code.startsWith(p.city.code) && r.code !== p.city.code), {
    error: 'policy.region-outside',
    path: ['regions'],
  })
  .check(({ value, issues }) => {
    for (const { path, code } of faultsOf(value))
      issues.push({ code: 'custom', input: value, path, message: code })
  })
export type Policy = z.infer<typeof policy>

/** What cannot be said of a single field. */
function* faultsOf(p: {
  period: { from: string; to: string }
  rules: Rule[]
  readings: Reading[]
  serviceLives: ServiceLife[]
}): Iterable<{ path: (string | number)[]; code: string }> {
  const ids = new Set(p.rules.map((r) => r.id))
  for (const [i, { chosen, options }] of p.readings.entries()) {
    if (!options.some((o) => o.id === chosen))
      yield { path: ['readings', i, 'chosen'], code: 'policy.no-option' }
    for (const [j, o] of options.entries())
      if (Object.keys(o.rules).some((id) => !ids.has(id)))
        yield { path: ['readings', i, 'options', j, 'rules'], code: 'policy.no-rule' }
  }
  for (const [i, r] of p.rules.entries()) {
    if (r.kind !== 'count') continue
    const { milestones } = r
    const rises = milestones.every((m, n) => {
      const before = milestones[n - 1]
      return !before || (before.on < m.on && before.value <= m.value)
    })
    const fits = milestones.every(
      (m) => m.on >= p.period.from && m.on < p.period.to && (r.target === undefined || m.value <= r.target),
    )
    if (!rises || !fits) yield { path: ['rules', i, 'milestones'], code: 'policy.milestones' }
  }
  const lives = p.serviceLives.map(({ category, energies }) => JSON.stringify([category, energies ?? []]))
  for (const [i, life] of lives.entries())
    if (lives.indexOf(life) < i) yield { path: ['serviceLives', i], code: 'policy.duplicate-life' }
}

/** How many years a vehicle may stay in service by a policy; null when the policy says nothing of its like. */
export function serviceYears(
  policy: Pick<Policy, 'serviceLives'>,
  vehicle: { category: Category; energy: Energy },
): number | null {
  const fits = policy.serviceLives.find(
    (life) =>
      life.category === vehicle.category && (!life.energies || life.energies.includes(vehicle.energy)),
  )
  return fits?.years ?? null
}
