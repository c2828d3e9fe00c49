import type { LedgerViews } from '../compliance/views.ts'
import { assess, type SumUpTo, yearEarlier } from '../domain/assessment.ts'
import type { CivilDate } from '../domain/civil-date.ts'
import type { Policy } from '../domain/policy.ts'
import { CITY, type Standing } from './model.ts'

/** The places whose figures are watched: the city and each of its regions. */
export const placesOf = (policy: Policy): string[] => [CITY, ...policy.regions.map((r) => r.code)]

/** A place as figures are narrowed to it; undefined: all of the city. */
export const countyOf = (place: string): string | undefined => (place === CITY ? undefined : place)

/**
 * How every rule stands in every place on a day, as known at an instant that is settled. Read from the sums that are
 * kept in memory, all in one go.
 */
export async function standingsAt(
  views: Pick<LedgerViews, 'at'>,
  knownAt: Date,
  day: CivilDate,
): Promise<{ policy: Policy; standings: Record<string, Standing> }> {
  const { tally, policy } = await views.at(knownAt)
  const before = (sumUpTo: SumUpTo) => {
    const { numerator, denominator } = sumUpTo(yearEarlier(day))
    return { numerator, denominator }
  }
  const standingOf = (place: string): Standing => {
    const county = countyOf(place)
    return Object.fromEntries(
      policy.rules.map((rule) => {
        const sumUpTo = (on: CivilDate) => tally.total(rule.id, on, county === undefined ? {} : { county })
        const found = assess(policy, rule, day, sumUpTo, county === undefined)
        const { value, numerator, denominator, status, needed } = found
        const figure = { value, numerator, denominator, status, needed }
        return [rule.id, rule.kind === 'rising-share' ? { ...figure, yearBefore: before(sumUpTo) } : figure]
      }),
    )
  }
  return { policy, standings: Object.fromEntries(placesOf(policy).map((p) => [p, standingOf(p)])) }
}
