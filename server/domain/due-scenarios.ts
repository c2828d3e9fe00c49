import type { ChangeDraft, VehicleFacts } from './change.ts'
import type { CivilDate } from './civil-date.ts'
import { contributionsOf } from './contribution.ts'
import type { Policy } from './policy.ts'
import { addSum, emptySum, type Sum } from './series.ts'
import { type Category, type Emission, type Energy, hasExhaust } from './vocabulary.ts'

/** Vehicles whose service life ends, as far as rules tell them apart. */
export interface DueKind {
  category: Category
  energy: Energy
  emission: Emission | null
  vehicles: number
}

/** How many of each energy; of new vehicles, or of those that came before. */
export type Mix = ReadonlyMap<Energy, number>

/** What becomes of vehicles whose service life ends. */
export const SCENARIOS = ['new-energy', 'mix', 'none'] as const
export type ScenarioName = (typeof SCENARIOS)[number]

/**
 * Divides a number of vehicles in given proportions, in whole vehicles: each gets its part rounded down, and what is
 * left goes to the largest remainders (of equal ones to the first named).
 * @param parts not all zero
 */
export function apportion(vehicles: number, parts: Mix): Map<Energy, number> {
  const whole = [...parts.values()].reduce((sum, part) => sum + part, 0)
  const shares = [...parts].map(([energy, part]) => ({
    energy,
    vehicles: Math.floor((vehicles * part) / whole),
    remainder: (vehicles * part) % whole,
  }))
  let left = vehicles - shares.reduce((sum, share) => sum + share.vehicles, 0)
  for (const share of shares.toSorted((a, b) => b.remainder - a.remainder)) {
    if (left === 0) break
    share.vehicles++
    left--
  }
  return new Map(shares.filter((s) => s.vehicles > 0).map((s) => [s.energy, s.vehicles]))
}

/** How the vehicles that replace those of a category divide over energies; null: each by one of its own energy. */
export type MixOf = (category: Category) => Mix | null

/**
 * What a scenario adds to each rule's figure: every due vehicle leaves, and in its place comes a battery-electric one,
 * one by the present mix, or none. Figures of rules are sums over changes, so it does not matter which vehicle is
 * replaced by which; only how many of each there are.
 * @param on the day on which all of it is taken to happen; within the period, to count
 */
export function scenarioSums(
  policy: Policy,
  due: readonly DueKind[],
  scenario: ScenarioName,
  mixOf: MixOf,
  on: CivilDate,
): Map<string, Sum> {
  const sums = new Map<string, Sum>()
  const add = (change: ChangeDraft, times: number) => {
    for (const c of contributionsOf(policy, change)) {
      const sum = sums.get(c.rule) ?? emptySum()
      const one = { ...c, squares: c.numerator * c.numerator, entries: 1 }
      addSum(sum, one, times)
      sums.set(c.rule, sum)
    }
  }
  for (const category of new Set(due.map((kind) => kind.category))) {
    const olds = due.filter((kind) => kind.category === category)
    if (scenario === 'none') {
      for (const old of olds) add(leaving(old, on), old.vehicles)
      continue
    }
    const all = olds.reduce((sum, old) => sum + old.vehicles, 0)
    const mix = scenario === 'new-energy' ? new Map<Energy, number>([['BEV', 1]]) : mixOf(category)
    if (!mix) for (const old of olds) add(replacing(old, old.energy, on), old.vehicles)
    else for (const [old, energy, n] of pairs(olds, apportion(all, mix))) add(replacing(old, energy, on), n)
  }
  return sums
}

/** Puts so many old vehicles and as many new ones side by side. */
function* pairs(olds: readonly DueKind[], news: Mix): Iterable<[old: DueKind, energy: Energy, n: number]> {
  const coming = [...news].map(([energy, vehicles]) => ({ energy, vehicles }))
  for (const old of olds) {
    let left = old.vehicles
    while (left > 0) {
      const next = coming[0]
      if (!next) return
      const n = Math.min(left, next.vehicles)
      yield [old, next.energy, n]
      left -= n
      next.vehicles -= n
      if (next.vehicles === 0) coming.shift()
    }
  }
}

const facts = (category: Category, energy: Energy, emission: Emission | null): VehicleFacts => ({
  ...{ vin: '', plate: '', operator: '', county: '', registeredOn: null },
  ...{ category, energy, emission },
})

/** A vehicle that is registered now has the standard that all new ones must have. */
const asNew = (category: Category, energy: Energy): VehicleFacts =>
  facts(category, energy, hasExhaust(energy) ? '6' : null)

const draft = (change: Pick<ChangeDraft, 'kind' | 'on' | 'vehicle' | 'retires' | 'reason'>): ChangeDraft => ({
  ...change,
  ...{ from: null, certificate: null, packs: null, note: null },
})

const leaving = ({ category, energy, emission }: DueKind, on: CivilDate): ChangeDraft =>
  draft({
    ...{ kind: 'retired', reason: 'scrapped', on, retires: [] },
    vehicle: facts(category, energy, emission),
  })

const replacing = ({ category, energy, emission }: DueKind, by: Energy, on: CivilDate): ChangeDraft =>
  draft({
    ...{ kind: 'replaced', reason: null, on, vehicle: asNew(category, by) },
    retires: [facts(category, energy, emission)],
  })
