import { codesOf } from '../database/place.ts'
import type { CivilDate } from '../domain/civil-date.ts'
import type { VehicleFilter } from './schema.ts'

/** What narrows a list of vehicles, without the fragment: conditions on vehicles as they are stored. */
export function conditions(asked: VehicleFilter, today: CivilDate): Record<string, unknown>[] {
  const and: Record<string, unknown>[] = []
  if (asked.category) and.push({ category: { $in: asked.category } })
  if (asked.energy) and.push({ energy: { $in: asked.energy } })
  if (asked.emission) and.push({ emission: { $in: asked.emission.map((e) => (e === 'none' ? null : e)) } })
  if (asked.status) and.push({ status: asked.status })
  const counties = codesOf(asked.county)
  if (counties) and.push({ county: { $in: counties } })
  if (asked.operator) and.push({ operator: asked.operator })
  const registered = registeredBetween(asked, today)
  if (registered) and.push({ registeredOn: registered })
  return and
}

/** In service at the end of a day, by the times in service that are kept with a vehicle. */
export const inServiceOn = (day: CivilDate): Record<string, unknown> => ({
  spells: { $elemMatch: { from: { $lte: day }, $or: [{ to: null }, { to: { $gt: day } }] } },
})

/**
 * The days of registration of vehicles of some age on a day, in full years; undefined when any age will do.
 * @returns bounds as the database takes them
 */
export function registeredBetween(
  { ageFrom, ageTo }: Pick<VehicleFilter, 'ageFrom' | 'ageTo'>,
  today: CivilDate,
): { $lte?: CivilDate; $gt?: CivilDate } | undefined {
  if (ageFrom === undefined && ageTo === undefined) return undefined
  return {
    ...(ageFrom === undefined ? {} : { $lte: yearsBefore(today, ageFrom) }),
    ...(ageTo === undefined ? {} : { $gt: yearsBefore(today, ageTo + 1) }),
  }
}

/** The same day so many years before: to compare with, as 29 February may not be there. */
const yearsBefore = (day: CivilDate, years: number): string =>
  `${String(Number(day.slice(0, 4)) - years).padStart(4, '0')}${day.slice(4)}`

/** True for a filter by age. */
export const byAge = ({ ageFrom, ageTo }: VehicleFilter): boolean =>
  ageFrom !== undefined || ageTo !== undefined
