import { describe, expect, it } from 'vitest'
import {
  type Assessment,
  assess,
  lineAt,
  neededForShare,
  percent,
  reachesShare,
} from '../../server/domain/assessment.ts'
import { addDays } from '../../server/domain/civil-date.ts'
import { forecastCount, forecastWindow } from '../../server/domain/forecast.ts'
import { type CountRule, type Policy, policy, type Rule, shareRule } from '../../server/domain/policy.ts'
import { emptySum, type Sum } from '../../server/domain/series.ts'
import { nanping2024 } from '../harness/policies.ts'

const { period } = nanping2024
const rule = (id: string): Rule => {
  const found = nanping2024.rules.find((r) => r.id === id)
  if (!found) throw new Error(`no rule ${id}`)
  return found
}
const countRule = (id: string, over: Partial<CountRule> = {}): CountRule => {
  const found = rule(id)
  if (found.kind !== 'count') throw new Error(`${id} is not a count`)
  return { ...found, ...over }
}
const TRUCKS = countRule('old-diesel-trucks-retired')

/** A course: amounts by day, each a change of its own. */
const course =
  (...amounts: [on: string, amount: number][]) =>
  (day: string): Sum => {
    const sum = emptySum()
    for (const [on, amount] of amounts) {
      if (on > day) continue
      sum.numerator += amount
      sum.squares += amount * amount
      sum.entries++
    }
    return sum
  }
const ones = (on: string, n: number) => Array.from({ length: n }, (): [string, number] => [on, 1])
const count = (asOf: string, sumUpTo: (day: string) => Sum, over: Rule = TRUCKS): Assessment =>
  assess(nanping2024, over, asOf, sumUpTo)

describe('shares', () => {
  it.each([
    [699, 1000, 69.9],
    [6996, 10_000, 69.9],
    [69_999_999, 100_000_000, 69.9],
    [7, 10, 70],
    [2, 3, 66.6],
    [1, 3, 33.3],
    [9_999, 10_000, 99.9],
    [0, 5, 0],
    [5, 5, 100],
    [1, 1001, 0],
    [999_999_999_999, 1_000_000_000_000, 99.9],
  ])('%d of %d show as %d %%', (n, d, shown) => expect(percent(n, d)).toBe(shown))

  it('nothing of nothing is no share', () => expect(percent(0, 0)).toBeNull())

  it.each([
    [63, 90, 70, true],
    [62, 90, 70, false],
    [699_999_999, 1_000_000_000, 70, false],
    [700_000_000, 1_000_000_000, 70, true],
    [5, 8, 62.5, true],
    [62_499_999, 100_000_000, 62.5, false],
    [57, 100, 57, true],
    [29, 100, 29, true],
    [2_871, 9_900, 29, true],
    [2_870, 9_900, 29, false],
    [999_999_999, 1_000_000_000, 100, false],
    [6_667, 10_000, 66.67, true],
    [6_666, 10_000, 66.67, false],
    [0, 1, 0.01, false],
    [1, 10_000, 0.01, true],
  ])('%d of %d reach %d %%: %s', (n, d, target, reached) => expect(reachesShare(n, d, target)).toBe(reached))

  it.each([
    [63, 90, 70, 0],
    [63, 91, 70, 3],
    [699_999_999, 1_000_000_000, 70, 4],
    [62, 100, 62.5, 2],
    [0, 1, 70, 3],
    [0, 3, 70, 7],
    [0, 1, 99.99, 9999],
    [10, 11, 100, null],
    [11, 11, 100, 0],
  ])('%d of %d need for %d %%: %s', (n, d, target, needed) =>
    expect(neededForShare(n, d, target)).toBe(needed),
  )

  it('what is needed is the smallest number that suffices, whatever the figures', () => {
    for (let d = 1; d <= 60; d++) {
      for (let n = 0; n <= d; n++) {
        for (const target of [12.5, 33.33, 62.5, 70, 95]) {
          const needed = neededForShare(n, d, target) ?? Number.NaN
          expect(reachesShare(n + needed, d + needed, target)).toBe(true)
          if (needed > 0) expect(reachesShare(n + needed - 1, d + needed - 1, target)).toBe(false)
        }
      }
    }
  })

  const DURING = ['2023-06-30', '2024-01-01', '2027-12-31']
  const share = (id: string, asOf: string, numerator: number, denominator: number) =>
    assess(nanping2024, rule(id), asOf, () => ({ ...emptySum(), numerator, denominator }))

  it.each([
    ['taxi-renewal', 70, 100, 'on-track', 'met'],
    ['taxi-renewal', 71, 100, 'on-track', 'met'],
    ['taxi-renewal', 69, 100, 'behind', 'missed'],
    ['taxi-renewal', 0, 0, 'no-data', 'no-data'],
    ['bus-renewal', 100, 100, 'on-track', 'met'],
    ['bus-renewal', 99, 100, 'breached', 'missed'],
    ['bus-renewal', 0, 1, 'breached', 'missed'],
    ['bus-renewal', 0, 0, 'no-data', 'no-data'],
  ])('%s with %d of %d: %s, after the period %s', (id, n, d, during, after) => {
    for (const asOf of DURING) expect(share(id, asOf, n, d).status).toBe(during)
    for (const asOf of ['2028-01-01', '2031-05-05'])
      expect(share(id, asOf, n, d)).toMatchObject({ status: after, needed: null })
  })

  it('a share has no line and no monthly need', () => {
    expect(share('taxi-renewal', '2025-06-30', 69, 100)).toMatchObject({
      unit: 'percent',
      target: 70,
      needed: 4,
      expected: null,
      requiredPerMonth: null,
      yearBefore: null,
    })
  })
})

describe('what the line asks for in whole units', () => {
  // 400 in 1460 days: 11 days ask for 3.01, of which 3 would fall short.
  it.each([
    ['2024-01-01', 0, 0],
    ['2024-01-02', 0.2, 1],
    ['2024-01-12', 3, 4],
    ['2025-12-31', 200, 200],
    ['2027-12-31', 400, 400],
  ])('on %s: %d, so %d', (asOf, expected, expectedWhole) => {
    const found = count(asOf, course())
    expect(found).toMatchObject({ expected, expectedWhole })
    expect(count(asOf, course([asOf, expectedWhole])).status).toMatch(/on-track|met/)
    if (expectedWhole > 0) expect(count(asOf, course([asOf, expectedWhole - 1])).status).not.toBe('on-track')
  })
})

describe('counts', () => {
  // 1460 days from the first day to the last; 2025-12-31 is the 730th, where the line is at 200 and 80 % of it at 160
  it.each([
    ['2023-12-31', 0, 'on-track'],
    ['2024-01-01', 0, 'on-track'],
    ['2024-01-02', 0, 'behind'],
    ['2024-01-02', 1, 'on-track'],
    ['2025-12-31', 201, 'on-track'],
    ['2025-12-31', 200, 'on-track'],
    ['2025-12-31', 199, 'at-risk'],
    ['2025-12-31', 160, 'at-risk'],
    ['2025-12-31', 159, 'behind'],
    ['2025-12-31', 0, 'behind'],
    ['2025-12-31', 399, 'on-track'],
    ['2025-12-31', 400, 'met'],
    ['2025-12-31', 401, 'met'],
    ['2026-01-01', 200, 'at-risk'],
    ['2027-12-31', 399, 'at-risk'],
    ['2027-12-31', 320, 'at-risk'],
    ['2027-12-31', 319, 'behind'],
    ['2027-12-31', 400, 'met'],
    ['2028-01-01', 399, 'missed'],
    ['2028-01-01', 0, 'missed'],
    ['2028-01-01', 400, 'met'],
  ] as const)('on %s, %d of 400 are %s', (asOf, n, status) => {
    const figure = count(asOf, course(...ones('2024-01-01', n)))
    expect(figure).toMatchObject({
      value: n,
      numerator: n,
      denominator: null,
      target: 400,
      unit: 'vehicles',
      status,
    })
    expect(figure.needed).toBe(asOf > period.to ? null : Math.max(0, 400 - n))
  })

  it('the line is straight from the first day to the last', () => {
    const at = (asOf: string) => {
      const { over, under } = lineAt(TRUCKS, period, asOf)
      return over / under
    }
    expect(['2023-01-01', '2024-01-01', '2025-12-31', '2027-12-31', '2029-01-01'].map(at)).toEqual([
      0, 0, 200, 400, 400,
    ])
    expect(at('2024-12-31')).toBeCloseTo((400 * 365) / 1460, 12)
    expect(count('2024-12-31', course()).expected).toBe(100)
    expect(count('2024-01-02', course()).expected).toBe(0.2)
    expect(count('2028-01-01', course()).expected).toBe(400)
  })

  it('milestones bend the line; they may come in any order, and only those within the period count', () => {
    const bent = countRule('old-diesel-trucks-retired', {
      milestones: [
        { on: '2025-12-31', value: 300 },
        { on: '2024-12-31', value: 50 },
        { on: '2024-01-01', value: 77 },
        { on: '2027-12-31', value: 10 },
        { on: '2023-01-01', value: 99 },
      ],
    })
    const at = (asOf: string) => {
      const { over, under } = lineAt(bent, period, asOf)
      return over / under
    }
    expect(['2024-01-01', '2024-12-31', '2025-12-31', '2027-12-31', '2028-01-01'].map(at)).toEqual([
      0, 50, 300, 400, 400,
    ])
    expect(at('2024-07-01')).toBeCloseTo((50 * 182) / 365, 12)
    expect(at('2025-01-01')).toBeCloseTo(50 + 250 / 365, 12)
    expect(at('2026-12-31')).toBe(350)
    const status = (asOf: string, n: number) => count(asOf, course(...ones('2024-01-01', n)), bent).status
    expect([49, 50].map((n) => status('2024-12-31', n))).toEqual(['at-risk', 'on-track'])
    expect([39, 40].map((n) => status('2024-12-31', n))).toEqual(['behind', 'at-risk'])
    expect([239, 240, 299, 300].map((n) => status('2025-12-31', n))).toEqual([
      'behind',
      'at-risk',
      'at-risk',
      'on-track',
    ])
  })

  it.each([
    ['2023-12-31', 0, 8.4], // 400 ÷ 48 = 8.33…
    ['2025-12-31', 200, 8.4], // 200 ÷ 24
    ['2025-12-31', 160, 10],
    ['2025-12-31', 159, 10.1], // 241 ÷ 24 = 10.04…
    ['2026-12-31', 364, 3],
    ['2027-11-30', 399, 1],
    ['2027-12-30', 399, 31], // a day of a month of 31
    ['2027-06-30', 400, 0],
    ['2027-12-31', 399, null],
    ['2028-01-01', 0, null],
  ])('on %s with %d of 400, each month must bring %s', (asOf, n, each) => {
    expect(count(asOf, course(...ones('2024-01-01', n))).requiredPerMonth).toBe(each)
  })

  it('without a target a count is only reported', () => {
    for (const asOf of ['2024-06-30', '2028-01-01'])
      expect(count(asOf, course(...ones('2024-01-01', 3)), rule('vessels-retired'))).toMatchObject({
        value: 3,
        target: null,
        status: 'reported',
        needed: null,
        requiredPerMonth: null,
        forecast: null,
      })
  })
})

describe('forecasts', () => {
  it('look back 365 days, or to the period’s first day', () => {
    expect(forecastWindow('2024-01-01', '2025-12-31')).toEqual({ before: '2024-12-31', days: 365 })
    expect(forecastWindow('2024-01-01', '2024-12-30')).toEqual({ before: '2023-12-31', days: 365 })
    expect(forecastWindow('2024-01-01', '2024-12-29')).toEqual({ before: '2023-12-31', days: 364 })
    expect(forecastWindow('2024-01-01', '2024-01-01')).toEqual({ before: '2023-12-31', days: 1 })
    expect(forecastWindow('2024-01-01', '2023-12-31').days).toBe(0)
  })

  it('200 in the last 365 days, 730 to go: 600, give or take 44.4', () => {
    // 1.2816 × √(200 × (2 + 2²)) = 44.4
    expect(count('2025-12-31', course(...ones('2025-07-01', 200))).forecast).toEqual({
      low: 555,
      expected: 600,
      high: 645,
      basisDays: 365,
    })
  })

  it('packs come in lots, which widens the range', () => {
    // S = 20, Q = 4 × 25, ratio 2: growth 40 ± 1.2816 × √600 = 31.4
    const lots = course(['2025-02-01', 5], ['2025-03-01', 5], ['2025-04-01', 5], ['2025-05-01', 5])
    expect(count('2025-12-31', lots, rule('bus-batteries-swapped')).forecast).toEqual({
      low: 28,
      expected: 60,
      high: 92,
      basisDays: 365,
    })
  })

  it('what is older than 365 days says nothing of the pace', () => {
    const at = (on: string) => count('2025-12-31', course(...ones(on, 100))).forecast
    expect(at('2024-12-31')).toEqual({ low: 100, expected: 100, high: 100, basisDays: 365 })
    expect(at('2025-01-01')).toMatchObject({ expected: 300 })
  })

  it('never fall below what has been reached, are exact on the last day, and none once it is over or before it begins', () => {
    expect(count('2024-01-01', course(['2024-01-01', 1])).forecast).toEqual({
      low: 1,
      expected: 1461,
      high: 3333,
      basisDays: 1,
    })
    expect(count('2027-12-31', course(...ones('2027-12-31', 399))).forecast).toEqual({
      low: 399,
      expected: 399,
      high: 399,
      basisDays: 365,
    })
    expect(count('2028-01-01', course(...ones('2027-12-31', 399))).forecast).toBeNull()
    expect(count('2023-12-31', course()).forecast).toBeNull()
    expect(forecastCount(5, { numerator: 5, squares: 5 }, 0, 100)).toBeNull()
    expect(forecastCount(5, { numerator: 5, squares: 5 }, 365, -3)).toEqual({
      low: 5,
      expected: 5,
      high: 5,
      basisDays: 365,
    })
  })

  it('are ranges in order, narrower towards the end', () => {
    const daily = (from: string, days: number) =>
      course(...Array.from({ length: days }, (_, i): [string, number] => [addDays(from, i), 1]))
    const steady = daily('2024-01-01', 1461)
    const widths = ['2024-12-31', '2025-12-31', '2026-12-31', '2027-12-31'].map((asOf) => {
      const forecast = count(asOf, steady, countRule('freight-vehicles-added')).forecast
      if (!forecast) throw new Error('no forecast')
      expect(forecast.low).toBeLessThanOrEqual(forecast.expected)
      expect(forecast.expected).toBeLessThanOrEqual(forecast.high)
      expect(forecast.expected).toBe(1461)
      return forecast.high - forecast.low
    })
    expect(widths).toEqual([...widths].sort((a, b) => b - a))
    expect(widths.at(-1)).toBe(0)
    expect(new Set(widths).size).toBe(4)
  })
})

describe('rising shares', () => {
  const rising = (asOf: string, before: [number, number], now: [number, number], on: string) =>
    assess(nanping2024, rule('bus-fleet'), asOf, (day) => {
      const [numerator, denominator] = day >= on ? now : before
      return { ...emptySum(), numerator, denominator }
    })

  it.each([
    [[30, 100], [31, 100], 'on-track', 31, 30],
    [[30, 100], [29, 100], 'behind', 29, 30],
    [[30, 100], [300, 1000], 'behind', 30, 30],
    [[30, 100], [300_001, 1_000_000], 'on-track', 30, 30],
    [[30, 100], [299_999, 1_000_000], 'behind', 29.9, 30],
    [[1, 3], [33, 100], 'behind', 33, 33.3],
    [[0, 10], [0, 12], 'behind', 0, 0],
    [[0, 0], [0, 10], 'reported', 0, null],
    [[5, 10], [0, 0], 'no-data', null, 50],
    [[10, 10], [20, 20], 'on-track', 100, 100],
  ] as [[number, number], [number, number], string, number | null, number | null][])(
    'from %j to %j is %s',
    (before, now, status, value, yearBefore) => {
      expect(rising('2026-06-30', before, now, '2025-07-01')).toMatchObject({
        status,
        value,
        yearBefore,
        target: null,
        needed: null,
      })
    },
  )

  it('is compared with the same day a year earlier, 29 February with the 28th', () => {
    const at = (asOf: string, on: string) => rising(asOf, [1, 10], [5, 10], on).yearBefore
    expect([at('2026-06-30', '2025-06-30'), at('2026-06-30', '2025-07-01')]).toEqual([50, 10])
    expect([at('2024-02-29', '2023-02-28'), at('2024-02-29', '2023-03-01')]).toEqual([50, 10])
    // after the period too: it has no end
    expect(rising('2029-06-30', [1, 10], [5, 10], '2029-01-01').status).toBe('on-track')
  })
})

describe('policy documents', () => {
  const edit = (change: (p: Policy) => unknown) =>
    policy.safeParse(change(structuredClone(nanping2024))).success

  it('Nanping’s is one, and has the rules of the plan with their targets', () => {
    expect(edit((p) => p)).toBe(true)
    expect(nanping2024.period).toEqual({ from: '2024-01-01', to: '2027-12-31' })
    expect(
      nanping2024.rules.flatMap((r) =>
        r.kind === 'rising-share' || r.target === undefined ? [] : [[r.id, r.kind, r.target]],
      ),
    ).toEqual([
      ['bus-renewal', 'share', 100],
      ['taxi-renewal', 'share', 70],
      ['old-diesel-trucks-retired', 'count', 400],
      ['freight-vehicles-added', 'count', 2000],
      ['bus-batteries-swapped', 'count', 2000],
    ])
    expect(nanping2024.rules.filter((r) => r.kind === 'rising-share').map((r) => r.id)).toEqual([
      'bus-fleet',
      'taxi-fleet',
      'freight-fleet',
      'sanitation-fleet',
    ])
  })

  it('takes targets to the hundredth and nothing finer, nor beyond 100', () => {
    const takes = (target: number) => shareRule.safeParse({ ...rule('taxi-renewal'), target }).success
    expect([62.5, 66.67, 0.01, 0.29, 99.99, 100].map(takes)).toEqual(Array(6).fill(true))
    expect([0, -1, 100.01, 66.667, Number.NaN].map(takes)).toEqual(Array(5).fill(false))
  })

  it('refuses a period that ends before it begins, a rule twice, and words it does not know', () => {
    expect(edit((p) => ({ ...p, period: { from: '2027-12-31', to: '2024-01-01' } }))).toBe(false)
    expect(edit((p) => ({ ...p, period: { from: '2024-02-30', to: '2027-12-31' } }))).toBe(false)
    expect(edit((p) => ({ ...p, rules: [...p.rules, ...p.rules.slice(0, 1)] }))).toBe(false)
    expect(edit((p) => ({ ...p, rules: [] }))).toBe(false)
    expect(edit((p) => ({ ...p, rules: [{ ...p.rules[0], kind: 'average' }] }))).toBe(false)
    expect(edit((p) => ({ ...p, rules: [{ ...p.rules[0], weight: 'one' }] }))).toBe(false)
  })
})
