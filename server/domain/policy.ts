import { z } from 'zod'
import { civilDate } from './civil-date.ts'
import { CATEGORIES, ENERGIES, KINDS, REASONS } from './vocabulary.ts'

/** A policy document: a city's plan as data. Nothing of a city stands in code. */

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
  /** the readings that the document leaves open, as chosen here, shown beside the figure */
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

export const policy = z
  .strictObject({
    id: z.string().min(1),
    version: z.number().int().positive(),
    title: wording,
    issuer: z.string().min(1),
    number: z.string().min(1),
    issuedOn: civilDate,
    /** the region code that it governs */
    region: z.string().min(2),
    /** both days included */
    period: z.strictObject({ from: civilDate, to: civilDate }),
    rules: z.array(rule).min(1),
  })
  .refine((p) => p.period.from < p.period.to, { error: 'policy.period', path: ['period'] })
  .refine((p) => new Set(p.rules.map((r) => r.id)).size === p.rules.length, {
    error: 'policy.duplicate-rule',
    path: ['rules'],
  })
export type Policy = z.infer<typeof policy>
