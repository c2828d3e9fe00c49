import { z } from 'zod'
import { civilDate } from '../domain/civil-date.ts'
import { SCENARIOS } from '../domain/due-scenarios.ts'
import { CATEGORIES, ENERGIES } from '../domain/vocabulary.ts'
import { oneOrMore, pageOf, paging, wording } from '../http/schema.ts'
import { vehicle } from '../vehicles/schema.ts'

/** Shapes of what is told of vehicles whose service life ends. */

const place = {
  county: z.string().max(12).optional(),
  operator: z.string().max(100).optional(),
}

const dueFilter = z.object({
  ...place,
  category: oneOrMore(CATEGORIES).optional(),
  energy: oneOrMore(ENERGIES).optional(),
  /** the last day on which a service life must end to be told; the period's last day unless told */
  until: civilDate.optional(),
})
export type DueFilter = z.output<typeof dueFilter>

export const DUE_BY = ['month', 'county', 'operator'] as const
export type DueBy = (typeof DUE_BY)[number]

export const dueQuery = dueFilter.extend({ by: z.enum(DUE_BY).default('month') })
export type DueQuery = z.output<typeof dueQuery>

const ofCategory = z.object({ category: z.enum(CATEGORIES), total: z.number().int() })

const amounts = {
  /** in service, with a service life that ends by `until`; the overdue among them */
  total: z.number().int(),
  /** whose service life ended before today */
  overdue: z.number().int(),
  /** in service without a date of registration, so that nobody can tell; not in the total */
  undetermined: z.number().int(),
  /** the total and the overdue among it by category; those without any are left out */
  categories: z.array(ofCategory.extend({ overdue: z.number().int() })),
}

export const duePart = z.object({ key: z.string(), label: wording, ...amounts })
export type DuePart = z.infer<typeof duePart>

/**
 * How many vehicles in service must go by a day, in parts that add up to the total: by the month in which the service
 * life ends (in order), by county or by operator (the most first).
 */
export const due = z.object({
  by: z.enum(DUE_BY),
  today: z.string(),
  until: z.string(),
  /** whose service lives are applied */
  policyVersion: z.number().int(),
  ...amounts,
  /** vehicles in service of which the policy says no service life, by category; in no other number */
  withoutLife: z.array(ofCategory),
  items: z.array(duePart),
})
export type Due = z.infer<typeof due>

/** What narrows the list: as the counts, and to one of their parts. */
export const dueListFilter = dueFilter.extend({
  /** the month in which the service life ends */
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/, { error: 'month.invalid' })
    .optional(),
  /** only those whose service life ended before today; or, when false, only those that are yet to come */
  overdue: z.stringbool().optional(),
  /** only those without a date of registration, instead of those that are due */
  undetermined: z.stringbool().default(false),
})
export type DueListFilter = z.output<typeof dueListFilter>
export const dueListQuery = dueListFilter.extend(paging.shape)
export type DueListQuery = z.output<typeof dueListQuery>

/** A vehicle in service, with when it must go. */
export const dueVehicle = vehicle
  .omit({ status: true, exitedOn: true, exitReason: true, replaces: true, replacedBy: true })
  .extend({
    /** its service life by the policy; null where the policy says none */
    years: z.number().int().nullable(),
    /** the last day of it; null where it has none, or without a date of registration */
    dueOn: z.string().nullable(),
    /** from today to that day, negative when it has passed */
    daysLeft: z.number().int().nullable(),
    /** full years since registration */
    age: z.number().int().nullable(),
  })
export type DueVehicle = z.infer<typeof dueVehicle>

/** By the day on which the service life ends, the earliest first; without dates by category. */
export const duePage = pageOf(dueVehicle).extend({ today: z.string(), until: z.string() })

export const oldTruckFilter = z.object(place)
export type OldTruckFilter = z.output<typeof oldTruckFilter>
export const oldTruckQuery = oldTruckFilter.extend(paging.shape)
export type OldTruckQuery = z.output<typeof oldTruckQuery>

/**
 * Trucks in service whose retirement the policy counts, the oldest first; those without a date of registration last.
 * What stands beside the list is on its first page only.
 */
export const oldTruckPage = pageOf(dueVehicle).extend({
  today: z.string(),
  about: z
    .object({
      /** the rule that says which trucks are old; null where the policy has none, and then nothing is listed */
      rule: z
        .object({
          id: z.string(),
          title: wording,
          source: z.string(),
          emissionAtMost: z.number().int(),
          /** of the whole city; null in a part of it, and where the plan sets no number */
          target: z.number().int().nullable(),
          /** retired so far */
          retired: z.number().int(),
          /** how many of the target are left; null without one */
          missing: z.number().int().nullable(),
        })
        .nullable(),
      /** trucks that may be old: nobody has said their emission standard */
      undetermined: z.number().int(),
      /** old ones without a date of registration */
      undated: z.number().int(),
    })
    .optional(),
})
export type OldTruckPage = z.infer<typeof oldTruckPage>

export const scenarioQuery = z.object(place)
export type ScenarioQuery = z.output<typeof scenarioQuery>

const figure = {
  /** a share in percent, rounded down to one decimal, or a count; null without data */
  value: z.number().nullable(),
  numerator: z.number(),
  denominator: z.number().nullable(),
}

/** How replacements of a category have divided over energies, and where that is known from. */
export const presentMix = z.object({
  category: z.enum(CATEGORIES),
  /**
   * `year`: replacements of the last 365 days; `period`: all since the period began, as there were none in the year;
   * `alike`: there were none at all, each vehicle is taken to be replaced by one of its own energy
   */
  basis: z.enum(['year', 'period', 'alike']),
  /** both included; null for `alike` */
  from: z.string().nullable(),
  to: z.string().nullable(),
  replaced: z.number().int(),
  newEnergy: z.number().int(),
  energies: z.array(z.object({ energy: z.enum(ENERGIES), replaced: z.number().int() })),
})
export type PresentMix = z.infer<typeof presentMix>

export const scenarioOutcome = z.object({
  scenario: z.enum(SCENARIOS),
  ...figure,
  /** null where there is no target, or no data */
  reached: z.boolean().nullable(),
  /** further new-energy replacements, or vehicles, or packs, that it takes; null where no number does */
  missing: z.number().nullable(),
})
export type ScenarioOutcome = z.infer<typeof scenarioOutcome>

/**
 * Each rule's figure at the period's end if all vehicles whose service life ends by then are replaced by
 * battery-electric ones, by the present mix, or leave without replacement. Nothing else is taken to happen until then.
 */
export const dueScenarios = z.object({
  today: z.string(),
  until: z.string(),
  knownAt: z.iso.datetime(),
  policyVersion: z.number().int(),
  /** the period has ended: nothing is left to come, and there are no outcomes */
  over: z.boolean(),
  due: z.object(amounts),
  mix: z.array(presentMix),
  rules: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['share', 'count', 'rising-share']),
      title: wording,
      unit: z.enum(['percent', 'vehicles', 'packs']),
      /** of a count in a part of the city there is none */
      target: z.number().nullable(),
      today: z.object(figure),
      outcomes: z.array(scenarioOutcome),
    }),
  ),
})
export type DueScenarios = z.infer<typeof dueScenarios>
