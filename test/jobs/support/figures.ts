import type { Compliance, Part, RuleFigure } from '../../../server/compliance/schema.ts'
import { allRegions } from '../../../server/domain/regions.ts'
import { nanping2024 } from '../../harness/policies.ts'

/** Figures of a rule, as a test wants them; the rest is empty. */
export type Given = Partial<Omit<RuleFigure, 'breakdown'>> & {
  counties?: Record<string, [number, number | null]>
}

const percent = (n: number, d: number | null) =>
  d === null ? n : d === 0 ? null : Math.floor((n * 1000) / d) / 10

/** Nanping's figures with what a test gives for some of the rules. */
export function figuresWith(given: Record<string, Given>, at: { asOf: string; knownAt: string }): Compliance {
  const { id, version, title, number, period } = nanping2024
  const rules = nanping2024.rules.map((rule): RuleFigure => {
    const { counties = {}, ...figure } = given[rule.id] ?? {}
    const counted = rule.kind === 'count'
    const numerator = figure.numerator ?? 0
    const denominator = counted ? null : (figure.denominator ?? 0)
    const target = 'target' in rule ? (rule.target ?? null) : null
    const part = ([key, [n, d]]: [string, [number, number | null]]): Part => {
      const region = allRegions().find((r) => r.code === key)
      const label = { zh: region?.name ?? key, en: region?.english ?? key }
      return { key, label, value: percent(n, d), numerator: n, denominator: d, undetermined: 0 }
    }
    return {
      ...{ id: rule.id, kind: rule.kind, title: rule.title, source: rule.source, readings: rule.readings },
      ...{ value: percent(numerator, denominator), numerator, denominator, target },
      unit: counted ? rule.unit : 'percent',
      status: counted
        ? target === null
          ? 'reported'
          : 'behind'
        : denominator === 0
          ? 'no-data'
          : 'on-track',
      ...{
        needed: null,
        expected: null,
        requiredPerMonth: null,
        forecast: null,
        requiredFromToday: null,
        reachedOn: null,
        reachedReason: null,
        undetermined: 0,
        yearBefore: null,
      },
      ...figure,
      breakdown: { county: Object.entries(counties).map(part) },
    }
  })
  return { ...at, policy: { id, version, title, number, period }, rules }
}

/** A city in the middle of its plan: something of every status. */
export const busyCity = (at: { asOf: string; knownAt: string }): Compliance =>
  figuresWith(
    {
      'bus-renewal': {
        ...{ numerator: 112, denominator: 113, status: 'breached' },
        counties: { '350702': [40, 41], '350703': [22, 22], '350781': [30, 30], '350783': [20, 20] },
      },
      'taxi-renewal': {
        ...{ numerator: 63, denominator: 91, status: 'behind', needed: 3 },
        counties: { '350702': [33, 48], '350703': [10, 20], '350782': [12, 14], '350783': [8, 9] },
      },
      'old-diesel-trucks-retired': {
        ...{
          numerator: 271,
          status: 'at-risk',
          needed: 129,
          expected: 291.2,
          requiredPerMonth: 9.9,
          undetermined: 14,
        },
        forecast: { low: 360, expected: 385, high: 410, basisDays: 365 },
        counties: {
          '350702': [92, null],
          '350703': [61, null],
          '350721': [18, null],
          '350782': [55, null],
          '3507WY': [45, null],
        },
      },
      'freight-vehicles-added': {
        ...{ numerator: 1604, status: 'on-track', needed: 396, expected: 1456.2, requiredPerMonth: 30.4 },
        forecast: { low: 2105, expected: 2160, high: 2215, basisDays: 365 },
        counties: {
          '350702': [700, null],
          '350703': [404, null],
          '350724': [100, null],
          '350725': [400, null],
        },
      },
      'bus-batteries-swapped': {
        ...{ numerator: 2016, status: 'met', needed: 0, expected: 1456.2, requiredPerMonth: 0 },
        forecast: { low: 2400, expected: 2500, high: 2600, basisDays: 365 },
        counties: { '350702': [1200, null], '350703': [816, null] },
      },
      'bus-fleet': { numerator: 702, denominator: 760, yearBefore: 88.1 },
      'taxi-fleet': { numerator: 611, denominator: 1044, yearBefore: 51.3 },
      'freight-fleet': { numerator: 903, denominator: 12_406, yearBefore: 7.4, status: 'behind' },
      'sanitation-fleet': { numerator: 88, denominator: 301, yearBefore: 20.2 },
      'vessels-retired': { numerator: 4 },
      'green-vessels-added': { numerator: 2 },
    },
    at,
  )

/** The same city a week before. */
export function weekBefore(): Compliance {
  const now = busyCity({ asOf: '2026-11-22', knownAt: '2026-11-23T00:00:03.000Z' })
  const was: Record<string, Partial<RuleFigure>> = {
    'bus-renewal': { numerator: 110, denominator: 110, value: 100, status: 'on-track' },
    'taxi-renewal': { numerator: 63, denominator: 90, value: 70, status: 'on-track' },
    'old-diesel-trucks-retired': { numerator: 262, value: 262 },
  }
  return { ...now, rules: now.rules.map((rule) => ({ ...rule, ...was[rule.id] })) }
}
