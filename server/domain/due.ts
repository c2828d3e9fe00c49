import type { CivilDate } from './civil-date.ts'
import { addDays, endOfMonth, isCivilDate } from './civil-date.ts'
import type { CountRule, Policy, VehicleCondition } from './policy.ts'
import { CATEGORIES, type Category, ENERGIES, type Energy } from './vocabulary.ts'

/**
 * When vehicles must go. The years come from the policy; how they are counted from 机动车强制报废标准规定（2012 年第 12
 * 号令）, by which they begin on the day of registration, and 民法典 第 202 条, by which a period of years ends with the
 * day of the same date, or where the month has none with the month's last.
 */

/** Vehicles of a category that have the same service life by a policy. */
export interface LifeGroup {
  category: Category
  energies: readonly Energy[]
  years: number
}

/** Vehicles of a category of which a policy says no service life. */
export type Unlimited = Omit<LifeGroup, 'years'>

/**
 * The service lives of a policy, no vehicle in more than one of them: of the lives that fit, the first applies.
 * Groups are in the policy's order.
 */
export function lifeGroups({ serviceLives }: Pick<Policy, 'serviceLives'>): LifeGroup[] {
  const taken = new Set<string>()
  return serviceLives.flatMap(({ category, energies = ENERGIES, years }) => {
    const own = energies.filter((energy) => !taken.has(`${category}|${energy}`))
    for (const energy of own) taken.add(`${category}|${energy}`)
    return own.length > 0 ? [{ category, energies: own, years }] : []
  })
}

/** The vehicles of which a policy says no service life, by category. */
export function withoutLife(policy: Pick<Policy, 'serviceLives'>): Unlimited[] {
  const groups = lifeGroups(policy)
  const has = (category: Category, energy: Energy) =>
    groups.some((group) => group.category === category && group.energies.includes(energy))
  return CATEGORIES.flatMap((category) => {
    const energies = ENERGIES.filter((energy) => !has(category, energy))
    return energies.length > 0 ? [{ category, energies }] : []
  })
}

/** The same day of another year, as a text to compare days with: it may name a 29 February that is not there. */
const sameDay = (day: CivilDate, years: number): string =>
  `${String(Number(day.slice(0, 4)) + years).padStart(4, '0')}${day.slice(4)}`

/** The last day of the service life of a vehicle registered on a day. */
export function endOfLife(registeredOn: CivilDate, years: number): CivilDate {
  const day = sameDay(registeredOn, years)
  const exists: boolean = isCivilDate(day)
  return exists ? day : endOfMonth(day.slice(0, 7))
}

/** The month `YYYY-MM` in which the service life of vehicles registered in a month ends. */
export const monthOfEnd = (registeredIn: string, years: number): string => sameDay(registeredIn, years)

/**
 * What a day of registration must be below (compared as texts) for the service life to end on a day or before.
 * The day behind is set back, as on 28 February the lives of those registered on a 29 end too.
 */
export const registeredBelow = (lastDay: CivilDate, years: number): string =>
  sameDay(addDays(lastDay, 1), -years)

/** How old a vehicle is on a day, in full years; 0 for one that is registered later. */
export function fullYears(registeredOn: CivilDate, today: CivilDate): number {
  const years = Number(today.slice(0, 4)) - Number(registeredOn.slice(0, 4))
  return Math.max(0, today.slice(5) < registeredOn.slice(5) ? years - 1 : years)
}

/** What counts as old and is to leave the roads: the rule that says so, and which vehicles it means. */
export interface OldVehicles {
  rule: CountRule
  where: VehicleCondition & { emissionAtMost: number }
}

/**
 * The policy's old trucks: those whose retirement it counts, up to an emission standard. Null for a policy that counts
 * none.
 * @param policy with its readings applied
 */
export function oldTrucks(policy: Pick<Policy, 'rules'>): OldVehicles | null {
  for (const rule of policy.rules) {
    if (rule.kind !== 'count') continue
    for (const { where, kinds, of } of rule.sum) {
      const { categories, emissionAtMost } = where
      if (emissionAtMost === undefined || !categories?.includes('truck')) continue
      if (kinds.includes('retired') || of === 'replaced-vehicles')
        return { rule, where: { ...where, emissionAtMost } }
    }
  }
  return null
}
