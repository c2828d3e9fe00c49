import { describe, expect, it } from 'vitest'
import {
  lastPeriodBefore,
  monthsJudged,
  periodWith,
  placeOf,
  readPeriod,
} from '../../server/domain/report-period.ts'

const ZONE = 'Asia/Shanghai'
const last = (kind: 'weekly' | 'monthly' | 'quarterly', at: string) => {
  const { name, from, to } = lastPeriodBefore(kind, new Date(at), ZONE)
  return [name, from, to]
}

describe('the last period that was over', () => {
  it('is the week before a Monday, whatever day the schedule was moved to', () => {
    expect(last('weekly', '2026-11-30T08:00:00+08:00')).toEqual(['2026-W48', '2026-11-23', '2026-11-29'])
    expect(last('weekly', '2026-12-04T17:00:00+08:00')).toEqual(['2026-W48', '2026-11-23', '2026-11-29'])
    // Sunday is not over yet, not even a second before midnight; Monday has begun.
    expect(last('weekly', '2026-11-29T23:59:59+08:00')).toEqual(['2026-W47', '2026-11-16', '2026-11-22'])
    expect(last('weekly', '2026-11-30T00:00:00+08:00')[0]).toBe('2026-W48')
  })

  it('is a month in leap years, at month ends and over a year’s end', () => {
    expect(last('monthly', '2028-03-01T08:00:00+08:00')).toEqual(['2028-02', '2028-02-01', '2028-02-29'])
    expect(last('monthly', '2027-03-31T23:00:00+08:00')).toEqual(['2027-02', '2027-02-01', '2027-02-28'])
    expect(last('monthly', '2027-01-01T08:00:00+08:00')).toEqual(['2026-12', '2026-12-01', '2026-12-31'])
    // In Greenwich it is still the 30th.
    expect(last('monthly', '2026-11-30T16:00:00Z')[0]).toBe('2026-11')
    expect(last('monthly', '2026-11-30T15:59:59Z')[0]).toBe('2026-10')
  })

  it('is a quarter', () => {
    expect(last('quarterly', '2027-01-01T08:00:00+08:00')).toEqual(['2026-Q4', '2026-10-01', '2026-12-31'])
    expect(last('quarterly', '2026-12-31T23:59:00+08:00')).toEqual(['2026-Q3', '2026-07-01', '2026-09-30'])
  })
})

it('a week over the new year belongs to the year with most of its days', () => {
  expect(periodWith('weekly', '2027-01-01').name).toBe('2026-W53')
  expect(periodWith('weekly', '2024-12-30').name).toBe('2025-W01')
  expect(placeOf({ name: '2026-W53' })).toEqual({ year: 2026, nth: 53 })
  expect(placeOf({ name: '2026-09' })).toEqual({ year: 2026, nth: 9 })
  expect(placeOf({ name: '2026-Q3' })).toEqual({ year: 2026, nth: 3 })
})

it('reads names, and refuses what is none', () => {
  expect(readPeriod('weekly', '2026-W53')).toMatchObject({ from: '2026-12-28', to: '2027-01-03' })
  expect(readPeriod('monthly', '2024-02')).toMatchObject({ from: '2024-02-01', to: '2024-02-29' })
  expect(readPeriod('quarterly', '2026-Q4')).toMatchObject({ from: '2026-10-01', to: '2026-12-31' })
  // 2025 has 52 weeks.
  for (const name of ['2025-W53', '2026-W00', '2026-W5', 'W53', '', '2026-11', '99999-W01'])
    expect(readPeriod('weekly', name), name).toBeUndefined()
  for (const name of ['2026-13', '2026-1', '2026-00', '2026-W01'])
    expect(readPeriod('monthly', name), name).toBeUndefined()
  for (const name of ['2026-Q5', '2026-Q0', '2026-4'])
    expect(readPeriod('quarterly', name), name).toBeUndefined()
})

it('judges the months that were over', () => {
  const judged = (kind: 'weekly' | 'monthly' | 'quarterly', name: string) => {
    const period = readPeriod(kind, name)
    return period && monthsJudged(period)
  }
  expect(judged('weekly', '2026-W48')).toEqual(['2026-10'])
  // 30 November to 6 December: November ended in it.
  expect(judged('weekly', '2026-W49')).toEqual(['2026-11'])
  expect(judged('monthly', '2026-11')).toEqual(['2026-11'])
  expect(judged('quarterly', '2026-Q4')).toEqual(['2026-10', '2026-11', '2026-12'])
  expect(judged('weekly', '2027-W01')).toEqual(['2026-12'])
})
