import { describe, expect, it } from 'vitest'
import { addDays } from '../../server/domain/civil-date.ts'
import {
  DEFAULT_PLAN,
  type DueStep,
  dueDateOf,
  nextStep,
  stepsOf,
  stepsWithin,
} from '../../server/domain/reminder-steps.ts'

const short = ({ month, kind, offset, on }: DueStep) => `${month} ${kind} ${offset} ${on}`

describe('the day on which a month’s list is due', () => {
  it.each([
    ['2026-11', 5, '2026-12-05'],
    ['2026-12', 5, '2027-01-05'],
    ['2027-01', 28, '2027-02-28'],
    ['2028-01', 28, '2028-02-28'],
    ['2026-11', 1, '2026-12-01'],
  ])('%s by the %i', (month, dueDay, on) => {
    expect(dueDateOf(month, { dueDay })).toBe(on)
  })
})

describe('the steps of a month', () => {
  it('come before and after the day, the officer last', () => {
    expect(stepsOf('2026-11', DEFAULT_PLAN).map(short)).toEqual([
      '2026-11 remind -14 2026-11-21',
      '2026-11 remind -7 2026-11-28',
      '2026-11 remind -1 2026-12-04',
      '2026-11 remind 1 2026-12-06',
      '2026-11 escalate 3 2026-12-08',
    ])
  })

  it('count the 29th of February in leap years', () => {
    const plan = { ...DEFAULT_PLAN, dueDay: 1 }
    expect(stepsOf('2028-02', plan).map((s) => s.on)).toEqual([
      '2028-02-16',
      '2028-02-23',
      '2028-02-29',
      '2028-03-02',
      '2028-03-04',
    ])
    expect(stepsOf('2027-02', plan).map((s) => s.on)[2]).toBe('2027-02-28')
  })

  it('are followed by the next one', () => {
    expect(nextStep('2026-11', DEFAULT_PLAN, '2026-11-21')?.on).toBe('2026-11-28')
    expect(nextStep('2026-11', DEFAULT_PLAN, '2026-12-07')).toMatchObject({ kind: 'escalate' })
    expect(nextStep('2026-11', DEFAULT_PLAN, '2026-12-08')).toBeNull()
  })
})

describe('what falls due', () => {
  it('on one day is its step, on most days nothing', () => {
    expect(stepsWithin(DEFAULT_PLAN, '2026-11-28', '2026-11-28').map(short)).toEqual([
      '2026-11 remind -7 2026-11-28',
    ])
    expect(stepsWithin(DEFAULT_PLAN, '2026-11-29', '2026-11-29')).toEqual([])
    expect(stepsWithin(DEFAULT_PLAN, '2026-11-29', '2026-11-28')).toEqual([])
  })

  it('over several days is the latest reminder of each month, and the escalation', () => {
    expect(stepsWithin(DEFAULT_PLAN, '2026-11-20', '2026-12-05').map(short)).toEqual([
      '2026-11 remind -1 2026-12-04',
    ])
    expect(stepsWithin(DEFAULT_PLAN, '2026-11-20', '2026-12-22').map(short)).toEqual([
      '2026-11 remind 1 2026-12-06',
      '2026-11 escalate 3 2026-12-08',
      '2026-12 remind -14 2026-12-22',
    ])
  })

  it('day by day is every step of every month, once, whatever the plan and the lengths of months', () => {
    for (const plan of [DEFAULT_PLAN, { dueDay: 28, steps: [-28, -1, 13], escalateAfter: 14 }]) {
      const seen: string[] = []
      for (let day = '2027-12-01'; day <= '2028-04-30'; day = addDays(day, 1))
        seen.push(...stepsWithin(plan, day, day).map(short))
      const expected = ['2027-10', '2027-11', '2027-12', '2028-01', '2028-02', '2028-03', '2028-04']
        .flatMap((month) => stepsOf(month, plan))
        .filter(({ on }) => on >= '2027-12-01' && on <= '2028-04-30')
        .map(short)
      expect(seen.toSorted()).toEqual(expected.toSorted())
    }
  })
})
