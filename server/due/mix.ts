import { type ChangeModel, INDEXES } from '../changes/model.ts'
import { withHint } from '../database/ordered.ts'
import { codesOf } from '../database/place.ts'
import { addDays, type CivilDate } from '../domain/civil-date.ts'
import type { Mix } from '../domain/due-scenarios.ts'
import type { Policy } from '../domain/policy.ts'
import { type Category, ENERGIES, type Energy, isNewEnergy } from '../domain/vocabulary.ts'
import type { Place } from './reads.ts'
import type { PresentMix } from './schema.ts'

/** The days, today among them, whose replacements are taken for the present ones. */
const DAYS = 365

/** A category's mix: as it is applied (null: each by its own energy), and as it is told. */
export interface CategoryMix {
  parts: Mix | null
  shown: PresentMix
}

/**
 * How vehicles of each category have been replaced of late, by the energy of what came in: in the last 365 days; for a
 * category that had no replacement then, since the period began.
 */
export async function presentMixes(
  changes: ChangeModel,
  { period }: Pick<Policy, 'period'>,
  place: Place,
  today: CivilDate,
  categories: readonly Category[],
): Promise<Map<Category, CategoryMix>> {
  const yearFrom = addDays(today, 1 - DAYS)
  const year = await replacements(changes, place, yearFrom, today, categories)
  const missing = categories.filter((category) => !year.has(category))
  const wider = period.from < yearFrom && missing.length > 0
  const whole = wider ? await replacements(changes, place, period.from, today, missing) : new Map()
  return new Map(
    categories.map((category) => {
      const inYear = year.get(category)
      if (inYear) return [category, told(category, 'year', yearFrom, today, inYear)]
      const inPeriod = whole.get(category)
      if (inPeriod) return [category, told(category, 'period', period.from, today, inPeriod)]
      return [category, told(category, 'alike', null, null, null)]
    }),
  )
}

function told(
  category: Category,
  basis: PresentMix['basis'],
  from: CivilDate | null,
  to: CivilDate | null,
  found: Mix | null,
): CategoryMix {
  // In the order of the vocabulary, by which equal remainders are settled too.
  const energies = ENERGIES.flatMap((energy) => {
    const replaced = found?.get(energy)
    return replaced ? [{ energy, replaced }] : []
  })
  const parts = found && new Map(energies.map(({ energy, replaced }) => [energy, replaced]))
  const sum = (some: typeof energies) => some.reduce((total, { replaced }) => total + replaced, 0)
  const newEnergy = sum(energies.filter(({ energy }) => isNewEnergy(energy)))
  return { parts, shown: { category, basis, from, to, replaced: sum(energies), newEnergy, energies } }
}

/** Replacements of the ledger as it stands, by category and energy of the vehicle that came in: told by the index alone. */
async function replacements(
  changes: ChangeModel,
  { county, operator }: Place,
  from: CivilDate,
  to: CivilDate,
  categories: readonly Category[],
): Promise<Map<Category, Map<Energy, number>>> {
  const counties = codesOf(county)
  const pipeline = [
    {
      $match: {
        ...{ kind: 'replaced', voided: false, on: { $gte: from, $lte: to } },
        'vehicle.category': { $in: [...categories] },
        ...(counties ? { 'vehicle.county': { $in: counties } } : {}),
        ...(operator === undefined ? {} : { 'vehicle.operator': operator }),
      },
    },
    {
      $group: {
        _id: { category: '$vehicle.category', energy: '$vehicle.energy' },
        replaced: { $sum: 1 },
      },
    },
  ]
  const found = await withHint(INDEXES.replaced, (by) =>
    changes.collection
      .aggregate<{ _id: { category: Category; energy: Energy }; replaced: number }>(pipeline, by)
      .toArray(),
  )
  const mixes = new Map<Category, Map<Energy, number>>()
  for (const { _id, replaced } of found) {
    const mix = mixes.get(_id.category) ?? new Map<Energy, number>()
    mix.set(_id.energy, replaced)
    mixes.set(_id.category, mix)
  }
  return mixes
}
