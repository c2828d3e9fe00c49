import type { LedgerClock } from '../changes/ledger-clock.ts'
import { isWhole } from '../compliance/figure.ts'
import type { LedgerViews } from '../compliance/views.ts'
import { type CivilDate, civilDateAt, isCivilDate } from '../domain/civil-date.ts'
import { type OldVehicles, oldTrucks, type Unlimited } from '../domain/due.ts'
import { type Policy, serviceYears } from '../domain/policy.ts'
import { EMISSIONS, ENERGIES, hasExhaust } from '../domain/vocabulary.ts'
import { allPages, decodeCursor, pageFrom } from '../http/cursor.ts'
import { DueReads, type ListedVehicle } from './reads.ts'
import type { DueVehicle, OldTruckFilter, OldTruckPage, OldTruckQuery } from './schema.ts'
import type { DueParts } from './service.ts'
import { dueVehicleView } from './view.ts'

interface Parts extends DueParts {
  views: LedgerViews
  clock: LedgerClock
}

/** Vehicles read at a time for an export. */
const BATCH = 200
/** Any date of registration. */
const DATED = { $gt: '' }

/** The old trucks that are still running, as a work list: the oldest first. Places are the caller's already. */
export class OldTrucks {
  private readonly parts: Parts
  private readonly reads: DueReads

  constructor(parts: Parts) {
    this.parts = parts
    this.reads = new DueReads(parts.vehicles)
  }

  /** A page of them. @throws Problem 400 for a bad cursor */
  async list(query: OldTruckQuery, now: Date): Promise<OldTruckPage> {
    const policy = this.parts.policies.current()
    const today = civilDateAt(now, this.parts.timeZone)
    const old = oldTrucks(policy)
    const after = query.cursor === undefined ? undefined : placeOf(query.cursor)
    const found = old ? await this.read(old, query, query.limit + 1, after) : []
    const { items, nextCursor } = pageFrom(found, query.limit, (last) => [last.registeredOn ?? '', last._id])
    const names = await this.parts.operators.namesOf(items.map((doc) => doc.operator))
    return {
      items: items.map((doc) => dueVehicleView(doc, serviceYears(policy, doc), today, names)),
      ...{ nextCursor, today },
      ...(!after && nextCursor === null ? { total: items.length } : {}),
      ...(after ? {} : { about: await this.about(policy, old, query, today, now) }),
    }
  }

  /** All of them, in batches. */
  all(filter: OldTruckFilter, now: Date): AsyncIterable<DueVehicle[]> {
    return allPages<DueVehicle>((cursor) => this.list({ ...filter, limit: BATCH, cursor }, now))
  }

  /** How many there are. */
  async count(filter: OldTruckFilter): Promise<{ total: number }> {
    const old = oldTrucks(this.parts.policies.current())
    if (!old) return { total: 0 }
    return { total: await this.sum(likesOf(old), filter, [isOld(old)]) }
  }

  /** Those with a date of registration, by it; then those without. */
  private async read(
    old: OldVehicles,
    place: OldTruckFilter,
    limit: number,
    after: { registeredOn: string | null; vin: string } | undefined,
  ): Promise<ListedVehicle[]> {
    const more = [isOld(old)]
    const dated =
      after && after.registeredOn === null ? [] : await this.merged(old, place, DATED, limit, after, more)
    const left = limit - dated.length
    if (left === 0) return dated
    const behind = after?.registeredOn === null ? after : undefined
    return [...dated, ...(await this.merged(old, place, null, left, behind, more))]
  }

  /** A condition may name several categories, each of which is read by itself. */
  private async merged(
    old: OldVehicles,
    place: OldTruckFilter,
    on: Record<string, string> | null,
    limit: number,
    after: { registeredOn: string | null; vin: string } | undefined,
    more: object[],
  ): Promise<ListedVehicle[]> {
    const parts = await Promise.all(
      likesOf(old).map((like) => this.reads.list(like, place, on, limit, { after, more })),
    )
    return parts.flat().sort(byAge).slice(0, limit)
  }

  private async about(
    policy: Policy,
    old: OldVehicles | null,
    place: OldTruckFilter,
    today: CivilDate,
    now: Date,
  ): Promise<NonNullable<OldTruckPage['about']>> {
    if (!old) return { rule: null, undetermined: 0, undated: 0 }
    const likes = likesOf(old)
    const withExhaust = likes.map((like) => ({ ...like, energies: like.energies.filter(hasExhaust) }))
    const [undetermined, undated] = await Promise.all([
      this.sum(withExhaust, place, [{ emission: null }]),
      this.sum(likes, place, [isOld(old), { registeredOn: null }]),
    ])
    const { id, title, source, target } = old.rule
    const view = await this.parts.views.at(await this.parts.clock.horizon(now), policy.version)
    const retired = view.tally.total(id, today, place).numerator
    const wanted = isWhole(place) ? (target ?? null) : null
    return {
      rule: {
        ...{ id, title, source, emissionAtMost: old.where.emissionAtMost, target: wanted, retired },
        missing: wanted === null ? null : Math.max(0, wanted - retired),
      },
      ...{ undetermined, undated },
    }
  }

  private async sum(likes: readonly Unlimited[], place: OldTruckFilter, more: object[]): Promise<number> {
    const totals = await Promise.all(likes.map((like) => this.reads.total(like, place, more)))
    return totals.reduce((sum, total) => sum + total, 0)
  }
}

const likesOf = ({ where }: OldVehicles): Unlimited[] =>
  (where.categories ?? []).map((category) => ({ category, energies: where.energies ?? ENERGIES }))

const isOld = ({ where }: OldVehicles) => ({
  emission: { $in: EMISSIONS.filter((emission) => Number(emission) <= where.emissionAtMost) },
})

function placeOf(cursor: string): { registeredOn: string | null; vin: string } {
  const isDay = (part: string) => part === '' || isCivilDate(part)
  const [registeredOn = '', vin = ''] = decodeCursor(cursor, 2, [isDay, (part) => part !== ''])
  return { registeredOn: registeredOn || null, vin }
}

function byAge(a: ListedVehicle, b: ListedVehicle): number {
  const [x, y] = [a.registeredOn ?? '', b.registeredOn ?? '']
  return x < y ? -1 : x > y ? 1 : a._id < b._id ? -1 : 1
}
