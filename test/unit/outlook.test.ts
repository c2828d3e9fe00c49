import { describe, expect, it } from 'vitest'
import { seriesOf } from '../../client/src/components/chart/series.ts'
import { dueAddress, outlookOf } from '../../client/src/pages/dashboard/outlook.ts'
import type { RuleFigure, Trend } from '../../server/compliance/schema.ts'
import type { Rule } from '../../server/domain/policy.ts'

/** What is said of where a target is heading. */

type Outlook = Parameters<typeof outlookOf>[0]
const COUNT: Outlook = {
  ...{ unit: 'vehicles', target: 400, status: 'at-risk', needed: 100 },
  ...{ forecast: null, requiredFromToday: null, reachedOn: null, reachedReason: null },
}
const SHARE: Outlook = { ...COUNT, unit: 'percent', target: 70, status: 'behind' }
const END = '2027-12-31'
const range = (low: number, expected: number, high: number): RuleFigure['forecast'] => ({
  ...{ low, expected, high, basisDays: 365 },
})
const of = (rule: Outlook) => outlookOf(rule, '辆', END)

describe('the verdict', () => {
  it.each([
    [400, 450, 'outlook.willMeet'],
    [399, 450, 'outlook.nearlyMeet', 400],
    [300, 450, 'outlook.mayMeet', 399],
    [300, 400, 'outlook.mayMeet'],
    [300, 399, 'outlook.wontMeet'],
  ])('of a count expected from %i to %i', (low, high, said, expected = low) => {
    expect(of({ ...COUNT, forecast: range(low, expected, high) }).verdict?.key).toBe(said)
  })

  it.each([
    [70, 71, 'outlook.willHold'],
    [69.9, 72, 'outlook.nearlyHold', 70],
    [69.9, 70, 'outlook.mayHold'],
    [60, 69.9, 'outlook.wontHold'],
  ])('of a share expected from %d to %d', (low, high, said, expected = low) => {
    expect(of({ ...SHARE, forecast: range(low, expected, high) }).verdict?.key).toBe(said)
  })

  it('is left to the figure where all must be new-energy and all have been', () => {
    const whole = { ...SHARE, target: 100, status: 'on-track' } as const
    expect(of({ ...whole, forecast: range(97.8, 100, 100) }).verdict).toBeNull()
    expect(of({ ...whole, forecast: range(97.8, 99.9, 100) }).verdict?.key).toBe('outlook.mayHold')
  })

  it.each(['breached', 'missed', 'met'] as const)('is not given on what is settled: %s', (status) => {
    expect(of({ ...COUNT, status, forecast: range(1, 2, 3) }).verdict).toBeNull()
  })

  it('is not given where the plan sets no number, or nothing is known', () => {
    expect(of({ ...COUNT, target: null, forecast: range(1, 2, 3) }).verdict).toBeNull()
    expect(of(COUNT)).toEqual({ verdict: null, range: null, next: null })
  })
})

describe('what is expected', () => {
  it('is a range with what it rests on, one number where it is one', () => {
    expect(of({ ...COUNT, forecast: range(1300, 1400, 1500) }).range).toEqual({
      key: 'outlook.range',
      params: { end: END, expected: '1,400 辆', low: '1,300', high: '1,500', days: '365' },
    })
    expect(of({ ...SHARE, forecast: range(100, 100, 100) }).range).toMatchObject({
      ...{ key: 'outlook.exact', params: { expected: '100.0%' } },
    })
  })
})

describe('what comes next', () => {
  const next = (rule: Partial<Outlook>, from = COUNT) => of({ ...from, ...rule }).next

  it('is the month in which the target is reached, within the period or after it', () => {
    expect(next({ reachedOn: END })).toEqual({ key: 'outlook.reachedOn', params: { month: '2027-12' } })
    expect(next({ reachedOn: '2028-01-01' })).toEqual({
      ...{ key: 'outlook.reachedLate', params: { month: '2028-01' } },
    })
    expect(next({ reachedOn: '2026-05-06', reachedReason: 'reached' })).toEqual({
      ...{ key: 'outlook.reachedPast', params: { on: '2026-05-06' } },
    })
  })

  it.each([
    ['no-pace', 'outlook.noPace'],
    ['mix-too-low', 'outlook.mixTooLow'],
    ['too-far', 'outlook.tooFar'],
    ['held', undefined],
    ['breached', undefined],
    ['over', undefined],
  ] as const)('or why there is none: %s', (reachedReason, key) => {
    expect(next({ reachedReason })?.key).toBe(key)
  })

  it('is for a share that is behind the part of what comes that must count', () => {
    const dates = { from: { on: '2026-11-23', value: 60 }, to: { on: END, value: 70 } }
    const asked = (value: number | null, further: number | null) =>
      next({ requiredFromToday: { value, further, ...dates }, reachedReason: 'mix-too-low' }, SHARE)
    expect(asked(82.5, 240)).toEqual({ key: 'outlook.shareNeeded', params: { n: '240', share: '82.5%' } })
    expect(asked(null, 240)?.key).toBe('outlook.shareOutOfReach')
    expect(asked(null, 0)?.key).toBe('outlook.mixTooLow')
  })
})

describe('the due vehicles behind a rule', () => {
  const head = { id: 'a', title: { zh: '', en: '' }, source: '', readings: [], target: 70 }
  const measure = { of: 'vehicle', weight: 'one' } as const
  const taxis = { categories: ['cruising-taxi', 'ride-hailing'] } as const
  const renewal = {
    ...{ ...head, kind: 'share', counted: { energies: ['BEV'] } },
    over: { ...measure, kinds: ['replaced'], where: taxis },
  } as unknown as Rule
  const count = (kinds: string[], where: object) =>
    ({ ...head, kind: 'count', unit: 'vehicles', sum: [{ ...measure, kinds, where }] }) as unknown as Rule

  it('are those of its categories that are replaced, in the same place', () => {
    expect(dueAddress(renewal, { county: '350702', operator: '' })).toBe(
      '/due?county=350702&category=cruising-taxi%2Cride-hailing',
    )
  })

  it('are the old ones where age by emission standard is asked for', () => {
    expect(dueAddress(count(['retired'], { emissionAtMost: 3 }), {})).toBe('/due?view=old-trucks')
  })

  it('are none where no going moves it', () => {
    expect(dueAddress(count(['added'], {}), {})).toBeNull()
    expect(dueAddress({ ...head, kind: 'rising-share' } as unknown as Rule, {})).toBeNull()
    expect(dueAddress(undefined, {})).toBeNull()
  })
})

describe('a chart', () => {
  it('leads from the last known month straight to the target, and to both ends of the range', () => {
    const months = ['2027-08', '2027-09', '2027-10', '2027-11', '2027-12']
    const point = (month: string, value: number) => ({
      ...{ month, on: `${month}-28`, value, numerator: value, denominator: null, required: null },
    })
    const trend: Trend = {
      rule: 'a',
      as: 'known-today',
      asOf: '2027-09-28',
      knownAt: '2027-09-28T00:00:00Z',
      points: [point('2027-08', 80), point('2027-09', 100)],
      requiredLine: months.map((month) => ({ month, required: 400 })),
    }
    const drawn = seriesOf(trend, range(130, 160, 190), 400)
    expect(drawn.fromToday).toEqual([null, 100, 200, 300, 400])
    expect(drawn.low).toEqual([null, 100, 110, 120, 130])
    expect(drawn.high).toEqual([null, 100, 130, 160, 190])
    expect(seriesOf(trend, null, null).fromToday).toEqual(months.map(() => null))
  })
})
