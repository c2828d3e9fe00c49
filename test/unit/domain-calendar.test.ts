import { afterEach, describe, expect, it } from 'vitest'
import { yearEarlier } from '../../server/domain/assessment.ts'
import {
  addDays,
  calendarMonths,
  civilDate,
  civilDateAt,
  daysBetween,
  endOfMonth,
  isCivilDate,
  monthOf,
  monthsBetween,
} from '../../server/domain/civil-date.ts'

const ZONE = process.env.TZ

afterEach(() => {
  if (ZONE === undefined) delete process.env.TZ
  else process.env.TZ = ZONE
})

/** Moves the process to a zone, and makes sure that it went there. */
function moveTo(zone: string, hoursBehindUtc: number): void {
  process.env.TZ = zone
  expect(new Date('2026-01-15T12:00:00Z').getTimezoneOffset()).toBe(hoursBehindUtc * 60)
}

describe('civil dates', () => {
  it.each(['2024-02-29', '2000-02-29', '1900-01-01', '2199-12-31', '2027-12-31'])('%s is one', (text) => {
    expect(isCivilDate(text)).toBe(true)
    expect(civilDate.safeParse(text).success).toBe(true)
  })

  it.each([
    '2023-02-29',
    '2100-02-29',
    '2024-02-30',
    '2024-04-31',
    '2024-13-01',
    '2024-00-10',
    '2024-01-00',
    '1899-12-31',
    '2200-01-01',
    '2024-1-01',
    '2024-01-01T00:00:00Z',
    ' 2024-01-01',
    '２０２４-01-01',
    '',
  ])('%j is none', (text) => {
    expect(isCivilDate(text)).toBe(false)
    expect(civilDate.safeParse(text).success).toBe(false)
  })

  it('counts days over month ends, leap days and years', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29')
    expect(addDays('2023-02-28', 1)).toBe('2023-03-01')
    expect(addDays('2024-03-01', -1)).toBe('2024-02-29')
    expect(addDays('2024-12-31', 1)).toBe('2025-01-01')
    expect(addDays('2024-01-01', 1460)).toBe('2027-12-31')
    expect(daysBetween('2024-01-01', '2027-12-31')).toBe(1460)
    expect(daysBetween('2024-03-01', '2024-02-28')).toBe(-2)
    expect(daysBetween('2024-03-01', '2024-03-01')).toBe(0)
  })

  it('knows the ends of months', () => {
    expect(['2024-02', '2023-02', '2100-02', '2000-02', '2024-04', '2024-12'].map(endOfMonth)).toEqual([
      '2024-02-29',
      '2023-02-28',
      '2100-02-28',
      '2000-02-29',
      '2024-04-30',
      '2024-12-31',
    ])
    expect(monthOf('2024-02-29')).toBe('2024-02')
  })

  it('lists the months from one date to another', () => {
    expect(monthsBetween('2023-11-30', '2024-02-01')).toEqual(['2023-11', '2023-12', '2024-01', '2024-02'])
    expect(monthsBetween('2024-02-29', '2024-02-29')).toEqual(['2024-02'])
    expect(monthsBetween('2024-03-01', '2024-02-29')).toEqual([])
    expect(monthsBetween('2024-01-01', '2027-12-31')).toHaveLength(48)
  })

  it.each([
    ['2024-12-31', '2027-12-31', 36],
    ['2024-02-29', '2024-03-31', 1],
    ['2024-01-31', '2027-12-31', 47],
    ['2023-12-31', '2027-12-31', 48],
    ['2027-12-30', '2027-12-31', 1 / 31],
    ['2027-12-31', '2027-12-31', 0],
    ['2024-01-30', '2024-02-29', 1 + 1 / 31],
  ])('from the end of %s to the end of %s are %d months', (from, to, months) => {
    expect(calendarMonths(from, to)).toBeCloseTo(months, 9)
  })

  it('is negative once the end has passed', () => {
    expect(calendarMonths('2028-01-31', '2027-12-31')).toBe(-1)
  })

  it.each([
    ['2025-03-01', '2024-03-01'],
    ['2024-02-29', '2023-02-28'],
    ['2025-02-28', '2024-02-28'],
    ['2024-03-01', '2023-03-01'],
    ['2024-12-31', '2023-12-31'],
  ])('a year before %s was %s', (day, before) => expect(yearEarlier(day)).toBe(before))
})

describe.each([
  ['UTC', 0],
  ['America/New_York', 5],
  ['Asia/Shanghai', -8],
])('on a machine in %s', (zone, hours) => {
  it.each([
    ['2026-11-01T15:59:59.999Z', '2026-11-01'],
    ['2026-11-01T16:00:00.000Z', '2026-11-02'],
    ['2024-02-28T16:00:00Z', '2024-02-29'],
    ['2024-02-29T15:59:59Z', '2024-02-29'],
    ['2023-02-28T16:00:00Z', '2023-03-01'],
    ['2027-12-31T15:59:59.999Z', '2027-12-31'],
    ['2027-12-31T16:00:00Z', '2028-01-01'],
    // 02:30 in New York, which that clock skips on the day it changes
    ['2026-03-08T07:30:00Z', '2026-03-08'],
  ])('it is the policy zone that says what day %s is', (instant, day) => {
    moveTo(zone, hours)
    expect(civilDateAt(new Date(instant))).toBe(day)
  })

  it('another zone can be asked for', () => {
    moveTo(zone, hours)
    const instant = new Date('2026-01-01T03:00:00Z')
    expect(civilDateAt(instant, 'America/New_York')).toBe('2025-12-31')
    expect(civilDateAt(instant, 'UTC')).toBe('2026-01-01')
  })

  it('the calendar is the same', () => {
    moveTo(zone, hours)
    expect(addDays('2026-03-08', 1)).toBe('2026-03-09')
    expect(addDays('2026-11-01', -1)).toBe('2026-10-31')
    expect(daysBetween('2026-03-07', '2026-03-09')).toBe(2)
    expect(endOfMonth('2026-11')).toBe('2026-11-30')
    expect(calendarMonths('2026-10-31', '2027-12-31')).toBe(14)
    expect(monthsBetween('2026-10-31', '2026-11-01')).toEqual(['2026-10', '2026-11'])
    expect(yearEarlier('2024-02-29')).toBe('2023-02-28')
  })
})
