import { describe, expect, it } from 'vitest'
import { assess } from '../../server/domain/assessment.ts'
import type { Policy } from '../../server/domain/policy.ts'
import { monthsLeft, plannedSums, project, type Step, stepTotal } from '../../server/domain/scenario.ts'
import { emptySum, type Sum } from '../../server/domain/series.ts'
import { linhai2025, nanping2024 } from '../harness/policies.ts'

/** What if, worked out by hand. */

const step = (over: Partial<Step>): Step => ({
  ...{ kind: 'replaced', category: 'cruising-taxi', county: null, operators: [] },
  ...{ amount: 10, per: 'period', newEnergy: 100, oldDiesel: 0 },
  ...over,
})
type Known = Record<string, [on: string, numerator: number, denominator: number][]>
/** Sums by day of made-up rules. */
const sums =
  (known: Known) =>
  (rule: string) =>
  (day: string): Sum => {
    const sum = emptySum()
    for (const [on, numerator, denominator] of known[rule] ?? []) {
      if (on > day) continue
      sum.numerator += numerator
      sum.denominator += denominator
      sum.squares += numerator
    }
    return sum
  }
const run = (
  known: Known,
  steps: Step[],
  others: 'nothing' | 'pace' = 'nothing',
  asOf = '2026-12-31',
  policy: Policy = nanping2024,
) => {
  const found = project(policy, asOf, { others, steps }, sums(known))
  return Object.fromEntries(found.map((p) => [p.id, p]))
}

describe('how much a step comes to', () => {
  const year = monthsLeft(nanping2024.period, '2026-12-31')
  it('a month’s amount times the months that are left, whole ones, rounded down', () => {
    expect(year).toBe(12)
    expect(stepTotal(step({ amount: 7, per: 'month' }), year).total).toBe(84)
    // 26 November 2026: 13 months and 5 of 30 days, by the calendar
    const rest = monthsLeft(nanping2024.period, '2026-11-26')
    expect(rest).toBeGreaterThan(13.1)
    expect(rest).toBeLessThan(13.2)
    expect(stepTotal(step({ amount: 100, per: 'month' }), rest).total).toBe(Math.floor(100 * rest))
    expect(stepTotal(step({ amount: 0, per: 'month' }), rest).total).toBe(0)
    expect(monthsLeft(nanping2024.period, '2028-05-01')).toBe(0)
    // Before the period begins, it is the period’s own length.
    expect(monthsLeft(nanping2024.period, '2023-01-01')).toBe(48)
  })

  it('of a share of them, whole ones, rounded down: 70 % of 90 are exactly 63', () => {
    expect(stepTotal(step({ amount: 90, newEnergy: 70 }), 1)).toEqual({
      total: 90,
      newEnergy: 63,
      oldDiesel: 0,
    })
    expect(stepTotal(step({ amount: 91, newEnergy: 70 }), 1).newEnergy).toBe(63)
    expect(stepTotal(step({ amount: 1000, newEnergy: 33.3 }), 1).newEnergy).toBe(333)
    expect(stepTotal(step({ kind: 'retired', amount: 9, oldDiesel: 50 }), 1)).toMatchObject({
      newEnergy: 0,
      oldDiesel: 4,
    })
  })
})

describe('what a step adds is for the policy to say', () => {
  const added = (policy: Policy, s: Step) =>
    Object.fromEntries(
      [...plannedSums(policy, [s], 12)].map(([id, { numerator, denominator }]) => [
        id,
        [numerator, denominator],
      ]),
    )

  it('replaced taxis: the renewal’s share, and the fleet’s', () => {
    expect(added(nanping2024, step({ amount: 90, newEnergy: 70 }))).toEqual({
      'taxi-renewal': [63, 90],
      // 63 new-energy ones in, 90 fuel ones out for 90
      'taxi-fleet': [63, 0],
    })
    // The other city counts them apart.
    expect(added(linhai2025, step({ amount: 90, newEnergy: 70 }))).toEqual({
      'cruising-taxi-renewal': [63, 90],
      'taxi-fleet': [63, 0],
    })
  })

  it('replaced trucks retire old ones, and are added only where a policy reads it so', () => {
    const trucks = step({ category: 'truck', amount: 10, newEnergy: 40, oldDiesel: 80 })
    expect(added(nanping2024, trucks)).toEqual({
      'old-diesel-trucks-retired': [8, 0],
      'freight-fleet': [4, 0],
    })
    const rule = nanping2024.rules.map((r) =>
      r.id === 'freight-vehicles-added' && r.kind === 'count'
        ? { ...r, sum: r.sum.map((m) => ({ ...m, kinds: ['added' as const, 'replaced' as const] })) }
        : r,
    )
    expect(added({ ...nanping2024, rules: rule }, trucks)['freight-vehicles-added']).toEqual([10, 0])
  })

  it('retired, added, swapped', () => {
    const monthly = { category: 'truck', amount: 5, per: 'month' } as const
    expect(added(nanping2024, step({ ...monthly, kind: 'retired', oldDiesel: 100 }))).toEqual({
      ...{ 'old-diesel-trucks-retired': [60, 0], 'freight-fleet': [0, -60] },
    })
    expect(added(nanping2024, step({ ...monthly, kind: 'retired', oldDiesel: 0 }))).toEqual({
      'freight-fleet': [0, -60],
    })
    expect(added(nanping2024, step({ ...monthly, kind: 'added', newEnergy: 50 }))).toEqual({
      ...{ 'freight-vehicles-added': [60, 0], 'freight-fleet': [30, 60] },
    })
    expect(
      added(nanping2024, step({ kind: 'battery-swap', category: 'bus', amount: 8, per: 'month' })),
    ).toEqual({
      'bus-batteries-swapped': [96, 0],
    })
    expect(
      added(nanping2024, step({ kind: 'battery-swap', category: 'truck', amount: 8, per: 'month' })),
    ).toEqual({})
  })
})

describe('every target at the period’s end', () => {
  it('a share: 63 of 91 is behind; three new-energy ones more and it is met', () => {
    const known: Known = { 'taxi-renewal': [['2026-06-01', 63, 91]] }
    const two = run(known, [step({ amount: 2 })])['taxi-renewal']
    expect(two).toMatchObject({
      now: { value: 69.2, numerator: 63, denominator: 91, status: 'behind' },
      end: { value: 69.8, numerator: 65, denominator: 93, status: 'missed' },
      ...{ short: 1, moved: true, reachedOn: null },
    })
    expect(run(known, [step({ amount: 3 })])['taxi-renewal']).toMatchObject({
      ...{ end: { value: 70.2, status: 'met' }, short: 0 },
    })
  })

  it('a count: reached on the day when what is planned evenly has come', () => {
    const known: Known = { 'old-diesel-trucks-retired': [['2026-06-01', 280, 0]] }
    const retire = step({ kind: 'retired', category: 'truck', amount: 20, per: 'month', oldDiesel: 100 })
    const { end, reachedOn, short } = run(known, [retire])['old-diesel-trucks-retired'] ?? {}
    expect([end?.value, end?.status, short]).toEqual([520, 'met', 0])
    // 120 of 240 in 365 days: on the 183rd
    expect(reachedOn).toBe('2027-07-02')
    const fewer = run(known, [{ ...retire, amount: 9 }])['old-diesel-trucks-retired']
    expect(fewer).toMatchObject({ end: { value: 388, status: 'missed' }, short: 12, reachedOn: null })
  })

  it('100 % once broken stays broken, whatever is planned', () => {
    const known: Known = { 'bus-renewal': [['2026-06-01', 10, 11]] }
    expect(run(known, [step({ category: 'bus', amount: 1000 })])['bus-renewal']).toMatchObject({
      ...{ end: { value: 99.9, status: 'missed' }, short: null },
    })
  })

  it('beside the steps all else stops, or goes on at the pace of the last 365 days', () => {
    // 2026: 100 of 120; 365 more days bring as much again
    const known: Known = {
      'taxi-renewal': [
        ['2025-06-01', 0, 80],
        ['2026-06-01', 100, 120],
      ],
    }
    expect(run(known, [])['taxi-renewal']).toMatchObject({
      ...{
        end: { numerator: 100, denominator: 200 },
        pace: { numerator: 200, denominator: 320 },
        moved: false,
      },
    })
    expect(run(known, [step({ amount: 30 })], 'pace')['taxi-renewal']).toMatchObject({
      ...{ end: { numerator: 230, denominator: 350 }, pace: { numerator: 200, denominator: 320 } },
    })
  })

  it('what goes on at the present pace is the forecast’s own middle', () => {
    const known: Known = {
      'old-diesel-trucks-retired': [['2026-03-01', 111, 0]],
      'taxi-renewal': [['2026-03-01', 77, 91]],
    }
    for (const asOf of ['2026-04-01', '2026-12-31', '2027-02-03']) {
      const projected = run(known, [], 'pace', asOf)
      for (const id of Object.keys(known)) {
        const rule = nanping2024.rules.find((r) => r.id === id)
        if (!rule) throw new Error(id)
        const { forecast } = assess(nanping2024, rule, asOf, sums(known)(id))
        expect(projected[id]?.end.value).toBe(forecast?.expected)
        expect(projected[id]?.pace).toEqual(projected[id]?.end)
      }
    }
  })

  it('a fleet is never more than all new-energy, nor less than none', () => {
    const known: Known = { 'taxi-fleet': [['2023-01-01', 95, 100]] }
    const fleet = (steps: Step[]) => run(known, steps)['taxi-fleet']
    expect(fleet([step({ amount: 3 })])?.end).toMatchObject({ numerator: 98, denominator: 100 })
    expect(fleet([step({ amount: 60 })])?.end).toMatchObject({ numerator: 100, denominator: 100, value: 100 })
    expect(fleet([step({ kind: 'retired', amount: 500 })])?.end).toMatchObject({
      ...{ numerator: 0, denominator: 0, value: null, status: 'no-data' },
    })
  })

  it('a fleet’s share is compared with what it will be a year before the end', () => {
    const known: Known = { 'taxi-fleet': [['2023-01-01', 40, 100]] }
    expect(run(known, [], 'nothing', '2026-06-30')['taxi-fleet']?.end.status).toBe('behind')
    expect(run(known, [step({ amount: 50 })], 'nothing', '2026-06-30')['taxi-fleet']?.end.status).toBe(
      'on-track',
    )
  })

  it('runs by another city’s policy as well: milestones, halves of a percent, other readings', () => {
    const known: Known = { 'sanitation-renewal': [['2026-06-01', 4, 8]] }
    const { end } =
      run(
        known,
        [step({ category: 'sanitation', amount: 8, newEnergy: 75 })],
        'nothing',
        '2026-12-31',
        linhai2025,
      )['sanitation-renewal'] ?? {}
    // 10 of 16 is 62.5 %, exactly the target
    expect(end).toMatchObject({ numerator: 10, denominator: 16, value: 62.5, status: 'met' })
  })

  it('of a part of the city has no counts to reach', () => {
    const inputs = {
      others: 'nothing',
      steps: [step({ kind: 'retired', category: 'truck', oldDiesel: 100 })],
    } as const
    const found = project(nanping2024, '2026-12-31', inputs, sums({}), false)
    expect(found.find((p) => p.id === 'old-diesel-trucks-retired')).toMatchObject({
      ...{ target: null, end: { value: 10, status: 'reported' }, short: null, reachedOn: null, moved: true },
    })
  })
})
