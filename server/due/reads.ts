import type { Document } from 'mongodb'
import { readOrdered, withHint } from '../database/ordered.ts'
import { codesOf } from '../database/place.ts'
import type { CivilDate } from '../domain/civil-date.ts'
import { addDays, endOfMonth } from '../domain/civil-date.ts'
import { type LifeGroup, registeredBelow, type Unlimited } from '../domain/due.ts'
import type { Emission, Energy } from '../domain/vocabulary.ts'
import { INDEXES, type VehicleDoc, type VehicleModel } from '../vehicles/model.ts'

/** What is read of a vehicle for a list. */
export type ListedVehicle = Omit<VehicleDoc, 'life' | 'fragments' | 'spells' | 'returned' | 'plates'>

const LISTED = {
  life: 0,
  fragments: 0,
  spells: 0,
  returned: 0,
  plates: 0,
  replaces: 0,
  replacedBy: 0,
} as const

/** The part of the city that is asked about. */
export interface Place {
  county?: string | undefined
  operator?: string | undefined
}

/** The days, both included, on which a service life must end. */
export interface Window {
  from?: CivilDate | undefined
  to: CivilDate
}

/** The window of a list: up to a day, perhaps in one month, perhaps before today or from today on. */
export function windowOf(
  asked: { month?: string | undefined; overdue?: boolean | undefined },
  until: CivilDate,
  today: CivilDate,
): Window {
  const { month, overdue } = asked
  const ends = [until]
  const starts: CivilDate[] = []
  if (month !== undefined) {
    starts.push(`${month}-01`)
    ends.push(endOfMonth(month))
  }
  if (overdue === true) ends.push(addDays(today, -1))
  if (overdue === false) starts.push(today)
  return {
    ...(starts.length > 0 ? { from: starts.reduce((a, b) => (a > b ? a : b)) } : {}),
    to: ends.reduce((a, b) => (a < b ? a : b)),
  }
}

/** Days of registration by which the service life ends within a window, as the database takes them. */
export const registeredWithin = ({ from, to }: Window, years: number): Record<string, string> => ({
  // Above the empty text: a missing date is none of them.
  $gte: from === undefined ? '' : registeredBelow(addDays(from, -1), years),
  $lt: registeredBelow(to, years),
})

/** Vehicles in service of a like, as conditions along the index. */
const like = ({ category, energies }: Unlimited, { county, operator }: Place): Document[] => {
  const counties = codesOf(county)
  return [
    { status: 'active', category, energy: { $in: [...energies] } },
    ...(counties ? [{ county: { $in: counties } }] : []),
    ...(operator === undefined ? [] : [{ operator }]),
  ]
}

/** A company's fleet is small; all else is told by the index alone. */
const hintFor = ({ operator }: Place): Document => (operator === undefined ? INDEXES.due : INDEXES.operator)

/** What is counted of vehicles of a like. */
export interface Counted<K> {
  key: K
  total: number
  overdue: number
}

/** Reads vehicles by when they were registered, without looking at those that are not asked for. */
export class DueReads {
  private readonly vehicles: VehicleModel

  constructor(vehicles: VehicleModel) {
    this.vehicles = vehicles
  }

  /**
   * Counts vehicles whose service life ends within a window, by something that the index knows of them.
   * @param key an expression of the database
   */
  async count<K>(
    group: LifeGroup,
    place: Place,
    window: Window,
    today: CivilDate,
    key: unknown,
  ): Promise<Counted<K>[]> {
    const past = registeredBelow(addDays(today, -1), group.years)
    return this.grouped<K>(
      [...like(group, place), { registeredOn: registeredWithin(window, group.years) }],
      place,
      {
        key,
        overdue: { $sum: { $cond: [{ $lt: ['$registeredOn', past] }, 1, 0] } },
      },
    )
  }

  /** Counts vehicles without a date of registration. */
  undated<K>(like_: Unlimited, place: Place, key: unknown): Promise<Counted<K>[]> {
    return this.grouped<K>([...like(like_, place), { registeredOn: null }], place, {
      key,
      overdue: { $sum: 0 },
    })
  }

  /** How many vehicles of a like there are. @param more further conditions */
  async total(like_: Unlimited, place: Place, more: Document[] = []): Promise<number> {
    const [all] = await this.grouped<null>([...like(like_, place), ...more], place, {
      key: null,
      overdue: { $sum: 0 },
    })
    return all?.total ?? 0
  }

  private async grouped<K>(
    and: Document[],
    place: Place,
    { key, overdue }: { key: unknown; overdue: Document },
  ): Promise<Counted<K>[]> {
    const pipeline = [{ $match: { $and: and } }, { $group: { _id: key, total: { $sum: 1 }, overdue } }]
    const found = await withHint(hintFor(place), (by) =>
      this.vehicles.collection.aggregate<{ _id: K; total: number; overdue: number }>(pipeline, by).toArray(),
    )
    return found.map(({ _id, total, overdue }) => ({ key: _id, total, overdue }))
  }

  /** By energy and emission standard. */
  kinds(group: LifeGroup, place: Place, window: Window, today: CivilDate) {
    const key = { energy: '$energy', emission: '$emission' }
    return this.count<{ energy: Energy; emission?: Emission | null }>(group, place, window, today, key)
  }

  /**
   * Vehicles of a like by day of registration and VIN, the oldest first.
   * @param on conditions on the day of registration; null for those without one
   * @param after the last one before
   */
  list(
    like_: Unlimited,
    place: Place,
    on: Record<string, string> | null,
    limit: number,
    {
      after,
      more = [],
    }: { after?: { registeredOn: string | null; vin: string } | undefined; more?: Document[] } = {},
  ): Promise<ListedVehicle[]> {
    const where = [...like(like_, place), { registeredOn: on }, ...more]
    const read = {
      ...{ limit, hint: hintFor(place), merged: place.operator === undefined, projection: LISTED },
      order: [
        ['registeredOn', 1],
        ['_id', 1],
      ] as const,
    }
    const collection = this.vehicles.collection as never
    // Alike in the first field, all of them: only the second goes on.
    if (on === null)
      return readOrdered<ListedVehicle>(collection, {
        ...read,
        where: after ? [...where, { _id: { $gt: after.vin } }] : where,
      })
    return readOrdered<ListedVehicle>(collection, {
      ...{ ...read, where },
      ...(after ? { after: [after.registeredOn, after.vin] as const } : {}),
    })
  }
}
