import { labelOf } from '../compliance/labels.ts'
import { type CivilDate, civilDateAt, isCivilDate } from '../domain/civil-date.ts'
import { endOfLife, lifeGroups, monthOfEnd, withoutLife } from '../domain/due.ts'
import type { Policy } from '../domain/policy.ts'
import { CATEGORIES, type Category } from '../domain/vocabulary.ts'
import { allPages, badCursor, decodeCursor, isRowNumber, pageFrom } from '../http/cursor.ts'
import type { Operators } from '../operators/service.ts'
import type { PolicySource } from '../policies/source.ts'
import type { VehicleModel } from '../vehicles/model.ts'
import { type DueListed, dueAll, dueNext, type NumberedGroup } from './merge.ts'
import { DueReads, type ListedVehicle, windowOf } from './reads.ts'
import type {
  Due,
  DueBy,
  DueFilter,
  DueListFilter,
  DueListQuery,
  DuePart,
  DueQuery,
  DueVehicle,
} from './schema.ts'
import { DueSums } from './sums.ts'
import { dueVehicleView } from './view.ts'

export interface DueParts {
  vehicles: VehicleModel
  operators: Operators
  policies: PolicySource
  timeZone: string
}

/** Vehicles read at a time for an export. */
const BATCH = 200

/** What the index knows of a vehicle, by which it is counted. */
const KEYS: Record<DueBy, unknown> = {
  month: { $substrBytes: ['$registeredOn', 0, 7] },
  county: '$county',
  operator: '$operator',
}

/** The vehicles that must go: how many, and which. All of it is the register of now. Places are the caller's already. */
export class DueService {
  private readonly parts: DueParts
  private readonly reads: DueReads

  constructor(parts: DueParts) {
    this.parts = parts
    this.reads = new DueReads(parts.vehicles)
  }

  /** How many vehicles must go by a day, by month, county or operator. */
  async summary(query: DueQuery, now: Date): Promise<Due> {
    const { by } = query
    const policy = this.parts.policies.current()
    const today = civilDateAt(now, this.parts.timeZone)
    const until = query.until ?? policy.period.to
    const sums = new DueSums()
    const noLife = new Map<Category, number>()
    await Promise.all([
      ...groupsOf(policy, query).map(async (group) => {
        const { category, years } = group
        const found = await this.reads.count<string>(group, query, { to: until }, today, KEYS[by])
        for (const { key, ...sum } of found)
          sums.add(by === 'month' ? monthOfEnd(key, years) : key, category, { ...sum, undetermined: 0 })
        // Nobody knows the month.
        const undated = await this.reads.undated<string | null>(
          group,
          query,
          by === 'month' ? null : KEYS[by],
        )
        for (const { key, total } of undated)
          sums.add(key, category, { total: 0, overdue: 0, undetermined: total })
      }),
      ...withoutLife(policy)
        .filter((like) => wants(query, like.category))
        .map(async (like) => {
          const energies = like.energies.filter((energy) => !query.energy || query.energy.includes(energy))
          const total = await this.reads.total({ ...like, energies }, query)
          if (total > 0) noLife.set(like.category, total)
        }),
    ])
    const names = by === 'operator' ? await this.parts.operators.names() : new Map<string, string>()
    return {
      ...{ by, today, until, policyVersion: policy.version, ...sums.whole() },
      withoutLife: CATEGORIES.flatMap((category) => {
        const total = noLife.get(category)
        return total ? [{ category, total }] : []
      }),
      items: sums
        .parts()
        .map(({ key, ...sum }): DuePart => ({ key, label: labelOf(by, key, names), ...sum }))
        .sort(by === 'month' ? byKey : byTotal),
    }
  }

  /** A page of the vehicles that must go, or of those of which nobody knows. @throws Problem 400 for a bad cursor */
  async list(query: DueListQuery, now: Date) {
    const place = query.cursor === undefined ? undefined : placeOf(query.cursor)
    const policy = place ? await this.parts.policies.asked(now, place.version) : this.parts.policies.current()
    const today = civilDateAt(now, this.parts.timeZone)
    const until = query.until ?? policy.period.to
    const groups = groupsOf(policy, query)
    const limit = query.limit + 1
    const found = query.undetermined
      ? await this.undated(groups, query, limit, place)
      : await dueNext(this.reads, groups, query, windowOf(query, until, today), limit, within(place, policy))
    const { items, nextCursor } = pageFrom(found, query.limit, ({ vehicle, group }) => [
      ...[String(policy.version), String(group.number), vehicle.registeredOn ?? '', vehicle._id],
    ])
    const total = !place && nextCursor === null ? { total: items.length } : {}
    return {
      items: await this.views(items, today),
      ...{ nextCursor, today, until, ...total },
    }
  }

  /** The day up to which is told where none is asked for. */
  until(): CivilDate {
    return this.parts.policies.current().period.to
  }

  /** All of them, in batches, in the list's order. */
  async *all(filter: DueListFilter, now: Date): AsyncIterable<DueVehicle[]> {
    if (filter.undetermined)
      return yield* allPages<DueVehicle>((cursor) => this.list({ ...filter, limit: BATCH, cursor }, now))
    const policy = this.parts.policies.current()
    const today = civilDateAt(now, this.parts.timeZone)
    const window = windowOf(filter, filter.until ?? policy.period.to, today)
    for await (const batch of dueAll(this.reads, groupsOf(policy, filter), filter, window, BATCH))
      yield await this.views(batch, today)
  }

  private async views(
    found: readonly Pick<DueListed, 'vehicle' | 'group'>[],
    today: CivilDate,
  ): Promise<DueVehicle[]> {
    const names = await this.parts.operators.namesOf(found.map(({ vehicle }) => vehicle.operator))
    return found.map(({ vehicle, group }) => dueVehicleView(vehicle, group.years, today, names))
  }

  /** How many the list holds. */
  async count(filter: DueListFilter, now: Date): Promise<{ total: number }> {
    const policy = this.parts.policies.current()
    const today = civilDateAt(now, this.parts.timeZone)
    const window = windowOf(filter, filter.until ?? policy.period.to, today)
    const counted = await Promise.all(
      groupsOf(policy, filter).map((group) =>
        filter.undetermined
          ? this.reads.undated<null>(group, filter, null)
          : this.reads.count<null>(group, filter, window, today, null),
      ),
    )
    return { total: counted.flat().reduce((sum, { total }) => sum + total, 0) }
  }

  private async undated(
    groups: readonly NumberedGroup[],
    query: DueListQuery,
    limit: number,
    place: Place | undefined,
  ): Promise<{ vehicle: ListedVehicle; group: NumberedGroup }[]> {
    const found: { vehicle: ListedVehicle; group: NumberedGroup }[] = []
    for (const group of groups) {
      if (place && group.number < place.group) continue
      const after = place?.group === group.number ? { registeredOn: null, vin: place.vin } : undefined
      const more = await this.reads.list(group, query, null, limit - found.length, { after })
      found.push(...more.map((vehicle) => ({ vehicle, group })))
      if (found.length === limit) break
    }
    return found
  }
}

const wants = (filter: DueFilter, category: Category): boolean =>
  !filter.category || filter.category.includes(category)

/** The policy's groups, numbered, as far as they are asked for. */
export function groupsOf(policy: Policy, filter: DueFilter): NumberedGroup[] {
  return lifeGroups(policy).flatMap((group, number) => {
    if (!wants(filter, group.category)) return []
    const energies = group.energies.filter((energy) => !filter.energy || filter.energy.includes(energy))
    return energies.length > 0 ? [{ ...group, energies, number }] : []
  })
}

interface Place {
  version: number
  group: number
  registeredOn: string
  vin: string
}

/** Where a page ended; the version of the policy goes with it, so that a list is of one version to its end. */
function placeOf(cursor: string): Place {
  const isDay = (part: string) => part === '' || isCivilDate(part)
  const parts = decodeCursor(cursor, 4, [isRowNumber, isRowNumber, isDay, (part) => part !== ''])
  const [version = '', group = '', registeredOn = '', vin = ''] = parts
  return { version: Number(version), group: Number(group), registeredOn, vin }
}

/** @throws Problem 400 for a place that the list has not */
function within(place: Place | undefined, policy: Policy): (Place & { dueOn: CivilDate }) | undefined {
  if (!place) return undefined
  const years = lifeGroups(policy)[place.group]?.years
  if (years === undefined || place.registeredOn === '') throw badCursor()
  return { ...place, dueOn: endOfLife(place.registeredOn, years) }
}

const byKey = (a: DuePart, b: DuePart): number => (a.key < b.key ? -1 : 1)
const byTotal = (a: DuePart, b: DuePart): number =>
  b.total - a.total || b.overdue - a.overdue || b.undetermined - a.undetermined || byKey(a, b)
