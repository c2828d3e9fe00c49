import type { Document } from 'mongodb'
import { narrow, type Scope } from '../accounts/permissions.ts'
import { readOrdered, withHint } from '../database/ordered.ts'
import { codesOf } from '../database/place.ts'
import { allPages, decodeCursor, pageFrom } from '../http/cursor.ts'
import type { Operators } from '../operators/service.ts'
import { INDEXES, UNCLASSED, UNREGISTERED, type VehicleDoc, type VehicleModel } from '../vehicles/model.ts'
import { UNLISTED } from '../vehicles/pages.ts'
import type { Vehicle } from '../vehicles/schema.ts'
import { vehicleView, withoutForeign } from '../vehicles/view.ts'
import type { MissingFact, MissingFilter } from './schema.ts'

interface Parts {
  vehicles: VehicleModel
  operators: Operators
}

/** Where each fact is found to be missing. */
const WHERE: Record<MissingFact, { where: Record<string, unknown>; hint: Document }> = {
  registration: { where: UNREGISTERED, hint: INDEXES.unregistered },
  emission: { where: UNCLASSED, hint: INDEXES.unclassed },
}
/** Vehicles read at a time for an export. */
const BATCH = 100

/** The vehicles in service of which a fact is missing: a date of registration, a diesel truck's emission standard. */
export class MissingFacts {
  private readonly parts: Parts

  constructor(parts: Parts) {
    this.parts = parts
  }

  /** How many there are, by operator; nothing for those of whom nothing is missing. */
  async counts(fact: MissingFact, part: Scope): Promise<Map<string, number>> {
    const { where, hint } = WHERE[fact]
    const pipeline = [
      { $match: { ...where, ...within(part) } },
      { $group: { _id: '$operator', n: { $sum: 1 } } },
    ]
    const groups = await withHint(hint, (by) =>
      this.parts.vehicles.collection.aggregate<{ _id: string; n: number }>(pipeline, by).toArray(),
    )
    return new Map(groups.map(({ _id, n }) => [_id, n]))
  }

  /** A page of them, by operator and VIN. */
  async page(asked: MissingFilter & { limit: number; cursor?: string | undefined }, scope: Scope) {
    const query = narrow(asked, scope)
    if (!query) return { items: [] as Vehicle[], nextCursor: null, total: 0 }
    const { vehicles, operators } = this.parts
    const { where, hint } = WHERE[query.fact]
    const after = query.cursor ? decodeCursor(query.cursor, 2) : undefined
    const found = await readOrdered<VehicleDoc>(vehicles.collection as never, {
      where: [where, within(query)],
      order: [
        ['operator', 1],
        ['_id', 1],
      ],
      after: after && [after[0], after[1]],
      ...{ hint, limit: query.limit + 1, projection: UNLISTED },
    })
    const page = pageFrom(found, query.limit, (last) => [last.operator, last._id])
    const names = await operators.namesOf(page.items.map((doc) => doc.operator))
    const views = page.items.map((doc) => vehicleView(doc, names))
    const items = await withoutForeign(views, scope, vehicles)
    return { ...page, items, total: await this.count(query) }
  }

  private count({ fact, ...part }: MissingFilter): Promise<number> {
    const { where, hint } = WHERE[fact]
    return withHint(hint, (by) =>
      this.parts.vehicles.collection.countDocuments({ ...where, ...within(part) } as never, by as never),
    )
  }

  /** All of them, in batches, in the list's order. */
  all(asked: MissingFilter, scope: Scope): AsyncIterable<Vehicle[]> {
    return allPages<Vehicle>((cursor) => this.page({ ...asked, limit: BATCH, cursor }, scope))
  }
}

function within({ county, operator }: Scope): Record<string, unknown> {
  const counties = codesOf(county)
  return {
    ...(operator === undefined ? {} : { operator }),
    ...(counties ? { county: { $in: counties } } : {}),
  }
}
