import type { Document } from 'mongodb'
import type { z } from 'zod'
import { isLimited, type Scope } from '../accounts/permissions.ts'
import { withHint } from '../database/ordered.ts'
import type { Operators } from '../operators/service.ts'
import { conditions } from './filter.ts'
import { byFragments, fragmentTexts, holding, SHORTEST } from './fragments.ts'
import { INDEXES, type VehicleDoc, type VehicleModel } from './model.ts'
import type { suggestQuery, VehicleSuggestion } from './schema.ts'

type Found = Pick<VehicleDoc, '_id' | 'plate' | 'category' | 'energy' | 'operator' | 'county' | 'status'>

const SHOWN = { plate: 1, category: 1, energy: 1, operator: 1, county: 1, status: 1 } as const
/** Vehicles that are put in order of how well they fit, for each one that is shown. */
const CANDIDATES = 3
/** Vehicles looked at for one answer, at first and when too few fitted: a fragment that more hold is to be typed on. */
const LOOKED_AT = [300, 3000] as const

/** Vehicles while somebody types a fragment of a plate or VIN: in a time that does not grow with the register. */
export class VehicleSuggestions {
  private readonly vehicles: VehicleModel
  private readonly operators: Operators

  constructor(parts: { vehicles: VehicleModel; operators: Operators }) {
    this.vehicles = parts.vehicles
    this.operators = parts.operators
  }

  /** The vehicles within a scope that fit a fragment best: exactly, then in service, then by their plates' ends. */
  async suggest(asked: z.output<typeof suggestQuery>, scope: Scope): Promise<{ items: VehicleSuggestion[] }> {
    const texts = fragmentTexts(asked.q).filter((text) => text.length >= SHORTEST)
    if (texts.length === 0) return { items: [] }
    const { category, status } = asked
    const where = conditions({ category, status, ...scope }, '')
    const found = await this.candidates(texts, where, asked.limit, scope)
    const ranked = found
      .map((vehicle) => ({ vehicle, rank: rankOf(vehicle, texts) }))
      .sort((a, b) => a.rank - b.rank || (a.vehicle.plate < b.vehicle.plate ? -1 : 1))
      .slice(0, asked.limit)
    const names = await this.operators.namesOf(ranked.map(({ vehicle }) => vehicle.operator))
    return { items: ranked.map(({ vehicle }) => suggestionOf(vehicle, names)) }
  }

  private async candidates(
    texts: string[],
    where: Document[],
    limit: number,
    scope: Scope,
  ): Promise<Found[]> {
    const sought = byFragments(texts)
    if (where.length === 0) return this.first(sought, CANDIDATES * limit)
    const fitting = { $and: where }
    if (!isLimited(scope)) return this.among(INDEXES.fragments, sought, fitting, limit)
    // Those of the whole city that hold a common fragment may all be others'; one's own are then met soon on the way.
    const most = LOOKED_AT[1]
    const count = await withHint(INDEXES.fragments, (by) =>
      this.vehicles.collection.countDocuments(sought, { limit: most + 1, ...by } as never),
    )
    if (count <= most) return this.among(INDEXES.fragments, sought, fitting, limit)
    const along = scope.operator === undefined ? INDEXES.county : INDEXES.operator
    return this.among(along, fitting, holding(texts), limit)
  }

  /** The first vehicles that hold a fragment, in the order of what follows it. */
  private first(sought: Document, limit: number): Promise<Found[]> {
    return withHint(INDEXES.fragments, (by) =>
      this.vehicles.collection
        .find<Found>(sought, { projection: SHOWN, ...by })
        .limit(limit)
        .toArray(),
    )
  }

  /** The first vehicles that an index leads to and that meet `where` too, among so many of them. */
  private async among(hint: Document, lead: Document, where: Document, limit: number): Promise<Found[]> {
    let found: Found[] = []
    for (const lookedAt of LOOKED_AT) {
      const stages = [
        ...[{ $match: lead }, { $limit: lookedAt }, { $match: where }],
        ...[{ $limit: CANDIDATES * limit }, { $project: SHOWN }],
      ]
      found = await withHint(hint, (by) => this.vehicles.collection.aggregate<Found>(stages, by).toArray())
      if (found.length >= limit) break
    }
    return found
  }
}

function rankOf({ _id, plate, status }: Found, texts: readonly string[]): number {
  const gone = status === 'active' ? 0 : 1
  if (texts.includes(plate) || texts.includes(_id)) return gone
  const place = texts.some((text) => plate.endsWith(text))
    ? 0
    : texts.some((text) => plate.includes(text))
      ? 1
      : texts.some((text) => _id.endsWith(text))
        ? 2
        : 3
  return 2 + 4 * gone + place
}

function suggestionOf(found: Found, names: ReadonlyMap<string, string>): VehicleSuggestion {
  const { _id, operator, ...rest } = found
  return { vin: _id, ...rest, operatorName: names.get(operator) ?? operator }
}
