import { describe, expect, it } from 'vitest'
import { type Assessment, assess } from '../../server/domain/assessment.ts'
import { addDays, daysBetween } from '../../server/domain/civil-date.ts'
import { forecastShare, type Pace } from '../../server/domain/forecast.ts'
import type { Policy, Rule } from '../../server/domain/policy.ts'
import { emptySum, type Sum } from '../../server/domain/series.ts'
import { reachesShare } from '../../server/domain/share.ts'
import { nanping2024 } from '../harness/policies.ts'

/** Forecasts on made-up courses whose answer is known. The period is 2024-01-01 to 2027-12-31. */

const ruleOf = (id: string): Rule => {
  const found = nanping2024.rules.find((r) => r.id === id)
  if (!found) throw new Error(`no rule ${id}`)
  return found
}
/** Replacements by day: how many count, and how many do not. */
type Course = [on: string, counted: number, others: number][]
const upTo =
  (course: Course) =>
  (day: string): Sum => {
    const sum = emptySum()
    for (const [on, counted, others] of course) {
      if (on > day) continue
      sum.numerator += counted
      sum.denominator += counted + others
      sum.squares += counted
      sum.entries += counted + others
    }
    return sum
  }
const at = (id: string, asOf: string, course: Course, policy: Policy = nanping2024): Assessment =>
  assess(policy, ruleOf(id), asOf, upTo(course))
const every = (from: string, to: string, step: number, counted: number, others: number): Course => {
  const course: Course = []
  for (let on = from; on <= to; on = addDays(on, step)) course.push([on, counted, others])
  return course
}
/** A repeatable source of chance (mulberry32). */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
function poisson(mean: number, random: () => number): number {
  const floor = Math.exp(-mean)
  let [n, product] = [0, random()]
  while (product > floor) {
    n++
    product *= random()
  }
  return n
}

describe('a share’s forecast', () => {
  it('of a course that goes on as it was: the share stays, 730 days bring twice what 365 did', () => {
    // 365 days with 60 of 100; 60 + 120 of 100 + 200
    const { forecast } = at('taxi-renewal', '2025-12-31', [['2025-06-01', 60, 40]])
    expect(forecast).toMatchObject({ expected: 60, basisDays: 365 })
    const half = at('taxi-renewal', '2025-12-31', [['2025-06-01', 50, 50]]).forecast
    expect(half?.expected).toBe(50)
    // As many on either side, so the range is the same on either side.
    expect((half?.low ?? 0) + (half?.high ?? 0)).toBeCloseTo(100, 6)
  })

  it('of a mix that turned: the last year’s goes on', () => {
    // 20 of 100 before; 90 of 100 in the last year; two more years like that: 20 + 90 + 180 of 100 + 100 + 200
    const course: Course = [
      ['2024-06-01', 20, 80],
      ['2025-06-01', 90, 10],
    ]
    expect(at('taxi-renewal', '2025-12-31', course).forecast?.expected).toBe(72.5)
  })

  it('is the figure itself on the last day, rounded down and up, and none before, after or without data', () => {
    const course: Course = [['2025-06-01', 2, 1]]
    expect(at('taxi-renewal', '2027-12-31', course).forecast).toEqual({
      ...{ low: 66.6, expected: 66.6, high: 66.7, basisDays: 365 },
    })
    for (const [asOf, known] of [
      ['2028-01-01', course],
      ['2023-12-31', course],
      ['2026-01-01', []],
    ] as [string, Course][])
      expect(at('taxi-renewal', asOf, known).forecast).toBeNull()
  })

  it('claims no certainty from few: ten of ten may yet be fewer', () => {
    const { forecast } = at('bus-renewal', '2025-12-31', [['2025-06-01', 10, 0]])
    expect(forecast).toMatchObject({ expected: 100, high: 100 })
    expect(forecast?.low).toBeLessThan(97)
    expect(forecast?.low).toBeGreaterThan(75)
    const many = at('bus-renewal', '2025-12-31', [['2025-06-01', 1000, 0]]).forecast
    expect(many?.low).toBeGreaterThan(99)
  })

  it('is a range around the expected, within 0 and 100, whatever the course', () => {
    const random = dice(5)
    for (let i = 0; i < 3000; i++) {
      const most = 10 ** Math.floor(random() * 5)
      const [n, m, n0, m0] = [1, 2, 3, 4].map(() => Math.floor(random() * most)) as [
        number,
        number,
        number,
        number,
      ]
      const now = { numerator: n + n0, denominator: n + n0 + m + m0 }
      const days = 1 + Math.floor(random() * 365)
      const pace: Pace = {
        window: { numerator: n, denominator: n + m, squares: n },
        ...{ days, restDays: Math.floor(random() * 1461) },
      }
      const f = forecastShare(now, pace)
      if (now.denominator === 0) {
        expect(f).toBeNull()
        continue
      }
      if (!f) throw new Error('no forecast')
      const order = [0, f.low, f.expected, f.high, 100]
      expect(order).toEqual([...order].sort((a, b) => a - b))
    }
  })

  // What the range promises: of courses whose true pace and mix are known, four in five end within it.
  it.each([
    ['many', 0.5, 0.35, 11],
    ['few', 0.06, 0.05, 12],
    ['nearly all', 0.3, 0.02, 13],
  ])('holds in about four of five courses of known pace: %s', (_, counted, others, seed) => {
    const random = dice(seed)
    let within = 0
    const rounds = 600
    for (let i = 0; i < rounds; i++) {
      const draw = (days: number): [number, number] => [
        poisson(counted * days, random),
        poisson(others * days, random),
      ]
      const [n0, m0] = draw(365)
      const [n, m] = draw(365)
      const [n1, m1] = draw(400)
      const now = { numerator: n0 + n, denominator: n0 + n + m0 + m }
      const window = { numerator: n, denominator: n + m, squares: n }
      const f = forecastShare(now, { window, days: 365, restDays: 400 })
      const end = ((n0 + n + n1) * 100) / (n0 + m0 + n + m + n1 + m1)
      if (f && f.low <= end && end <= f.high) within++
    }
    expect(within / rounds).toBeGreaterThan(0.76)
    expect(within / rounds).toBeLessThan(0.9)
  })
})

describe('what is required from today', () => {
  it('of a count: the straight line from today’s figure to the target', () => {
    const course = every('2024-01-05', '2025-12-31', 7, 1, 0)
    const { requiredFromToday, value, requiredPerMonth } = at(
      'old-diesel-trucks-retired',
      '2025-12-31',
      course,
    )
    expect(requiredFromToday).toEqual({
      ...{ value: requiredPerMonth, further: null },
      from: { on: '2025-12-31', value },
      to: { on: '2027-12-31', value: 400 },
    })
    // 24 months for what is missing
    expect(requiredPerMonth).toBe(Math.ceil(((400 - (value ?? 0)) / 24) * 10) / 10)
    expect(at('old-diesel-trucks-retired', '2028-01-01', course).requiredFromToday).toBeNull()
  })

  it('of a share: the percentage of the further ones, with which the target is just reached', () => {
    // 60 of 100 in the last year, so 200 more are expected: 70 % of 300 are 210, 150 of the 200
    const course: Course = [['2025-06-01', 60, 40]]
    expect(at('taxi-renewal', '2025-12-31', course).requiredFromToday).toEqual({
      ...{ value: 75, further: 200 },
      from: { on: '2025-12-31', value: 60 },
      to: { on: '2027-12-31', value: 70 },
    })
    const random = dice(9)
    for (let i = 0; i < 500; i++) {
      const [n, m] = [Math.floor(random() * 300), 1 + Math.floor(random() * 300)]
      const { requiredFromToday } = at('taxi-renewal', '2026-07-01', [['2026-02-01', n, m]])
      const { value, further } = requiredFromToday ?? { value: null, further: null }
      if (further === null) throw new Error('no further ones')
      const enough = (percent: number) => reachesShare(n + (further * percent) / 100, n + m + further, 70)
      if (value === null) expect(enough(100)).toBe(false)
      else {
        expect(enough(value)).toBe(true)
        if (value > 0) expect(enough(value - 0.11)).toBe(false)
      }
    }
  })

  it('of a share that no further ones can lift, or when none come: no number', () => {
    // 10 of 1000, and 20 more expected
    const course: Course = [
      ['2024-06-01', 0, 990],
      ['2025-06-01', 10, 0],
    ]
    expect(at('taxi-renewal', '2025-12-31', course).requiredFromToday).toMatchObject({
      value: null,
      further: 20,
    })
    const still: Course = [['2024-06-01', 5, 5]]
    expect(at('taxi-renewal', '2026-12-31', still).requiredFromToday).toMatchObject({
      value: null,
      further: 0,
    })
    expect(at('bus-fleet', '2026-12-31', still).requiredFromToday).toBeNull()
  })
})

describe('when a target is reached at the present pace', () => {
  it('a count: one a day reaches 400 on the day when the 400th comes', () => {
    // 365 in the last 365 days; 35 are missing
    const course = every('2025-01-01', '2025-12-31', 1, 1, 0)
    const { value, reachedOn, reachedReason } = at('old-diesel-trucks-retired', '2025-12-31', course)
    expect(value).toBe(365)
    expect([reachedOn, reachedReason]).toEqual(['2026-02-04', null])
    // Had it gone on like that, that is the day.
    const gone = every('2025-01-01', '2026-02-04', 1, 1, 0)
    expect(upTo(gone)('2026-02-04').numerator).toBe(400)
    expect(upTo(gone)('2026-02-03').numerator).toBe(399)
  })

  it('a count that is reached: the day on which it was', () => {
    const course = every('2024-01-01', '2026-11-26', 2, 1, 0)
    const { reachedOn, reachedReason } = at('old-diesel-trucks-retired', '2026-11-26', course)
    expect([reachedOn, reachedReason]).toEqual([addDays('2024-01-01', 2 * 399), 'reached'])
    expect(at('old-diesel-trucks-retired', '2028-02-01', course)).toMatchObject({ reachedOn })
    const atOnce: Course = [['2024-01-01', 400, 0]]
    expect(at('old-diesel-trucks-retired', '2024-01-01', atOnce)).toMatchObject({ reachedOn: '2024-01-01' })
  })

  it('may lie behind the period’s end', () => {
    // 73 a year: 327 more take 1635 days
    const course: Course = [['2026-06-01', 73, 0]]
    const { reachedOn } = at('old-diesel-trucks-retired', '2026-12-31', course)
    expect(reachedOn).toBe(addDays('2026-12-31', 1635))
    expect(reachedOn && reachedOn > '2027-12-31').toBe(true)
  })

  it('a share: the day on which the better mix has made up for the worse', () => {
    const course: Course = [
      ['2024-06-01', 0, 100],
      ['2025-06-01', 73, 0],
    ]
    // 73 of 173 = 42.1 %; (73 + x) ÷ (173 + x) ≥ 0.7 from x = 160.33 on, at 0.2 a day
    const { reachedOn, needed } = at('taxi-renewal', '2025-12-31', course)
    expect(needed).toBe(161)
    expect(daysBetween('2025-12-31', reachedOn ?? '')).toBe(Math.ceil(160.3333 / 0.2))
  })

  it.each<[string, string, string, Course, string]>([
    ['a share at its target', 'taxi-renewal', '2026-12-31', [['2026-06-01', 70, 30]], 'held'],
    ['nothing recorded', 'taxi-renewal', '2026-12-31', [], 'no-data'],
    ['nothing in the last year', 'taxi-renewal', '2026-12-31', [['2024-06-01', 1, 9]], 'no-pace'],
    ['a mix below the target', 'taxi-renewal', '2026-12-31', [['2026-06-01', 60, 40]], 'mix-too-low'],
    [
      'a mix just at the target',
      'taxi-renewal',
      '2026-12-31',
      [
        ['2024-01-05', 0, 9],
        ['2026-06-01', 7, 3],
      ],
      'mix-too-low',
    ],
    ['100 % once broken', 'bus-renewal', '2026-12-31', [['2026-06-01', 60, 1]], 'breached'],
    ['the period over', 'taxi-renewal', '2028-01-01', [['2026-06-01', 6, 4]], 'over'],
    [
      'a count with nothing in the last year',
      'old-diesel-trucks-retired',
      '2026-12-31',
      [['2024-06-01', 9, 0]],
      'no-pace',
    ],
    ['a count before the period', 'old-diesel-trucks-retired', '2023-12-31', [], 'not-begun'],
    [
      'a count that would take a century',
      'freight-vehicles-added',
      '2026-12-31',
      [['2026-06-01', 1, 0]],
      'too-far',
    ],
    ['a count after the period', 'freight-vehicles-added', '2028-01-01', [['2026-06-01', 1, 0]], 'over'],
  ])('says why there is no day: %s', (_, id, asOf, course, reason) => {
    expect(at(id, asOf, course)).toMatchObject({ reachedOn: null, reachedReason: reason })
  })

  it('nothing is said of rules without a target', () => {
    for (const id of ['bus-fleet', 'vessels-retired'])
      expect(at(id, '2026-12-31', [['2026-06-01', 6, 4]])).toMatchObject({
        ...{ forecast: null, requiredFromToday: null, reachedOn: null, reachedReason: null },
      })
  })
})
