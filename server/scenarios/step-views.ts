import type { Document } from 'mongodb'
import { withHint } from '../database/ordered.ts'
import { codesOf } from '../database/place.ts'
import type { Policy } from '../domain/policy.ts'
import { type Step, stepTotal } from '../domain/scenario.ts'
import { type Category, EMISSIONS, ENERGIES } from '../domain/vocabulary.ts'
import { INDEXES, type VehicleModel } from '../vehicles/model.ts'
import type { StepView } from './schema.ts'

/** Vehicles in service, and the diesel ones among them that a policy calls old. */
interface Fleet {
  all: number
  old: number
}

type Place = Pick<Step, 'category' | 'county' | 'operators'>

/**
 * What steps come to, with a warning where more go than are in service by the register of now. Steps of the same
 * vehicles are counted for once.
 * @param months that are left of the period
 */
export async function stepViews(
  vehicles: VehicleModel,
  policy: Policy,
  steps: readonly Step[],
  months: number,
): Promise<StepView[]> {
  const fleets = new Map<string, Promise<Fleet>>()
  const fleetOf = (step: Step): Promise<Fleet> => {
    const key = JSON.stringify([step.category, step.county, [...step.operators].sort()])
    const found = fleets.get(key) ?? inService(vehicles, step, oldestOf(policy, step.category))
    fleets.set(key, found)
    return found
  }
  return Promise.all(
    steps.map(async (step) => {
      const { total, newEnergy, oldDiesel } = stepTotal(step, months)
      const leaves = step.kind === 'replaced' || step.kind === 'retired'
      const fleet = leaves && total > 0 ? await fleetOf(step) : null
      const asksOld = oldDiesel > 0 && oldestOf(policy, step.category) !== null
      const warnings: StepView['warnings'] = []
      if (fleet && total > fleet.all) warnings.push({ code: 'more-than-fleet', inService: fleet.all })
      else if (fleet && asksOld && oldDiesel > fleet.old)
        warnings.push({ code: 'more-than-old', inService: fleet.old })
      return { total, newEnergy, oldDiesel, warnings }
    }),
  )
}

/** Told by the index alone; a company's fleet is small. */
async function inService(
  vehicles: VehicleModel,
  { category, county, operators }: Place,
  oldest: readonly string[] | null,
): Promise<Fleet> {
  const counties = codesOf(county ?? undefined)
  const where: Document = {
    ...{ status: 'active', category, energy: { $in: [...ENERGIES] } },
    ...(counties ? { county: { $in: counties } } : {}),
    ...(operators.length > 0 ? { operator: { $in: [...operators] } } : {}),
  }
  const isOld = { $and: [{ $eq: ['$energy', 'diesel'] }, { $in: ['$emission', oldest ?? []] }] }
  const pipeline = [
    { $match: where },
    { $group: { _id: null, all: { $sum: 1 }, old: { $sum: { $cond: [isOld, 1, 0] } } } },
  ]
  const [found] = await withHint(operators.length > 0 ? INDEXES.operator : INDEXES.due, (by) =>
    vehicles.collection.aggregate<Fleet>(pipeline, by).toArray(),
  )
  return found ?? { all: 0, old: 0 }
}

/** The emission standards up to which a policy calls a diesel vehicle of a category old; null where it does not say. */
function oldestOf(policy: Policy, category: Category): readonly string[] | null {
  const bounds = policy.rules.flatMap((rule) => {
    if (rule.kind !== 'count') return []
    return rule.sum.flatMap(({ where: { categories, energies, emissionAtMost } }) =>
      emissionAtMost !== undefined &&
      (!categories || categories.includes(category)) &&
      (!energies || energies.includes('diesel'))
        ? [emissionAtMost]
        : [],
    )
  })
  if (bounds.length === 0) return null
  return EMISSIONS.filter((e) => Number(e) <= Math.max(...bounds))
}
