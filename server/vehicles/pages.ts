import type { Document } from 'mongodb'
import { readOrdered, withHint } from '../database/ordered.ts'
import { codesOf } from '../database/place.ts'
import type { CivilDate } from '../domain/civil-date.ts'
import { CATEGORIES, ENERGIES, STATUSES } from '../domain/vocabulary.ts'
import { byAge, conditions, inServiceOn } from './filter.ts'
import { byFragments, fragmentTexts, holding, SHORTEST } from './fragments.ts'
import { INDEXES, type VehicleDoc, type VehicleModel } from './model.ts'
import type { VehicleFilter } from './schema.ts'

type Condition = Record<string, unknown>
type ListedVehicle = Omit<VehicleDoc, 'life' | 'fragments' | 'spells' | 'returned'>

/** What lists do not show. */
export const UNLISTED = { life: 0, fragments: 0, spells: 0, returned: 0 } as const

/**
 * A fragment that so many vehicles hold is met soon while walking along a list; those of a rarer one are found by the
 * index of fragments and put in order.
 */
const COMMON = 1000
/** So many common fragments are remembered. */
const REMEMBERED = 1000

/** How a list is read. */
export interface VehiclePlan {
  /**
   * what the list consists of, in this order, each without the ordering field's place; without a hint the few that
   * there are are found by whatever index suits and put in order; of one with `above` all lie above that day
   */
  parts: { where: Condition[]; hint: Document | undefined; merged: boolean; above?: CivilDate }[]
  order: 'enteredOn' | 'registeredOn'
}

/** Lists of vehicles as they are, page by page along an index, whatever they are narrowed by. */
export class VehiclePages {
  private readonly vehicles: VehicleModel
  /** Fragments that were common: registers grow, and a list is the same whichever way it is read. */
  private readonly common = new Set<string>()

  constructor(vehicles: VehicleModel) {
    this.vehicles = vehicles
  }

  /**
   * Vehicles in the list's order.
   * @param after the ordering date and the VIN of the last one before, and how many of that date there were up to it
   * @returns at most `limit`
   */
  async read(
    plan: VehiclePlan | null,
    limit: number,
    after?: { on: string; vin: string; passed: number } | undefined,
  ): Promise<ListedVehicle[]> {
    const found: ListedVehicle[] = []
    for (const { where, hint, merged, above } of plan?.parts ?? []) {
      if (after && above !== undefined && after.on <= above) continue
      const more = await readOrdered<ListedVehicle>(this.vehicles.collection as never, {
        ...{ where, hint, merged, projection: UNLISTED, limit: limit - found.length },
        ...(after ? { after: [after.on, after.vin] as const, passed: after.passed } : {}),
        order: [
          [plan?.order ?? 'enteredOn', -1],
          ['_id', 1],
        ],
      })
      found.push(...more)
      if (found.length === limit) break
    }
    return found
  }

  /** How a list is to be read; null when nothing can be in it. */
  async plan(asked: VehicleFilter, today: CivilDate): Promise<VehiclePlan | null> {
    const order = byAge(asked) ? 'registeredOn' : 'enteredOn'
    const where = conditions(asked, today)
    const sought = asked.q ? await this.seek(fragmentTexts(asked.q)) : null
    if (sought === 'nowhere') return null
    if (sought) where.push(sought.where)
    const walk = sought?.rare ? { hint: sought.hint, more: [], merged: false } : walkFor(asked, order)
    const whole = [...where, ...walk.more]
    const part = (more: Condition[], hint = walk.hint, merged = walk.merged) => ({
      where: [...whole, ...more],
      ...{ hint, merged },
    })
    const day = asked.inServiceOn
    if (day === undefined) return { order, parts: [part([])] }
    const then = inServiceOn(day)
    if (order === 'registeredOn' || sought?.rare) return { order, parts: [part([then])] }
    // Those that came into service since were in service before only if they have been twice: few.
    const since = [{ returned: true }, { enteredOn: { $gt: day } }, then]
    return {
      order,
      parts: [
        { ...part(since, INDEXES.returned, false), above: day },
        part([{ enteredOn: { $lte: day } }, then]),
      ],
    }
  }

  /**
   * How a fragment is looked for: by its own index when few vehicles hold it; a short one, of which only the beginning
   * counts, by those of plates and VINs.
   */
  private async seek(
    texts: string[],
  ): Promise<{ where: Condition; rare: boolean; hint?: Document | undefined } | 'nowhere'> {
    if (texts.length === 0) return 'nowhere'
    const walking = { where: holding(texts), rare: false }
    const key = texts.join(' ')
    if (this.common.has(key)) return walking
    // One text is the other with more taken away, so that both are long or both are short.
    const long = texts.every((text) => text.length >= SHORTEST)
    const where = long ? byFragments(texts) : holding(texts)
    const hint = long ? INDEXES.fragments : undefined
    const count = await this.countUpTo(where, COMMON + 1, hint)
    if (count === 0) return 'nowhere'
    if (count <= COMMON) return { where, rare: true, hint }
    if (this.common.size >= REMEMBERED) this.common.clear()
    this.common.add(key)
    return walking
  }

  private countUpTo(where: Condition, limit: number, hint?: Document): Promise<number> {
    const count = (by: { hint?: Document }) =>
      this.vehicles.collection.countDocuments(where as never, { limit, ...by } as never)
    return withHint(hint, count)
  }

  /** How many vehicles a list holds. */
  async count(plan: VehiclePlan | null): Promise<number> {
    let total = 0
    for (const { where, hint } of plan?.parts ?? [])
      total += await withHint(hint, (by) =>
        this.vehicles.collection.countDocuments(
          (where.length > 0 ? { $and: where } : {}) as never,
          by as never,
        ),
      )
    return total
  }
}

/**
 * The index to walk along for filters. A company's fleet is small; a county holds about a tenth of the register; kinds
 * of vehicle and emission standards may be rare anywhere, and old standards lie far down among the latest vehicles.
 */
function walkFor(
  asked: VehicleFilter,
  order: VehiclePlan['order'],
): { hint: Document; more: Condition[]; merged: boolean } {
  const plain = (hint: Document) => ({ hint, more: [], merged: false })
  if (asked.operator) return plain(INDEXES.operator)
  if (order === 'registeredOn') return plain(INDEXES.age)
  // Along the kinds every field before the order must have values, for their ranges to be merged.
  if (asked.category || asked.energy) {
    const more: Condition[] = []
    if (!asked.category) more.push({ category: { $in: [...CATEGORIES] } })
    if (!asked.energy) more.push({ energy: { $in: [...ENERGIES] } })
    if (!asked.status) more.push({ status: { $in: [...STATUSES] } })
    return { hint: INDEXES.kind, more, merged: true }
  }
  if (asked.emission) return { hint: INDEXES.emission, more: [], merged: true }
  if (codesOf(asked.county)) return { hint: INDEXES.county, more: [], merged: true }
  return plain(asked.status === 'retired' ? INDEXES.left : INDEXES.newest)
}
