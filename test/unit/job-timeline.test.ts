import { describe, expect, test } from 'vitest'
import { cronFault } from '../../jobs/crons.ts'
import { SCHEDULE, scheduleOf } from '../../jobs/schedule.ts'
import { MOST_SLOTS } from '../../jobs/slots.ts'
import { latestDue, nextDue, scheduleAt, slotsDue, type Timeline, unedited } from '../../jobs/timeline.ts'

const at = (iso: string) => new Date(iso)
/** Slots as civil minutes in Shanghai. */
const civil = (slots: Date[]) =>
  slots.map((slot) => new Date(slot.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' '))
const between = (timeline: Timeline, from: string, to: string) => civil(slotsDue(timeline, at(from), at(to)))

describe('the calendar', () => {
  const due = (cron: string, from: string, to: string) => between(unedited(scheduleOf(cron)), from, to)

  test('the monthly report comes on every first, whatever the month before was like', () => {
    expect(due(SCHEDULE.monthlyReport, '2028-01-15T00:00:00Z', '2028-04-15T00:00:00Z')).toEqual([
      ...['2028-02-01 08:00', '2028-03-01 08:00', '2028-04-01 08:00'],
    ])
  })

  test('the quarterly report comes four times a year, over the turn of the year too', () => {
    expect(due(SCHEDULE.quarterlyReport, '2026-12-31T16:00:00Z', '2028-01-01T00:00:00Z')).toEqual([
      ...['2027-01-01 08:00', '2027-04-01 08:00', '2027-07-01 08:00', '2027-10-01 08:00', '2028-01-01 08:00'],
    ])
  })

  test('29 February has its daily check, in a leap year only', () => {
    expect(due(SCHEDULE.dailyCheck, '2028-02-27T16:00:00Z', '2028-03-01T16:00:00Z')).toEqual([
      ...['2028-02-28 06:00', '2028-02-29 06:00', '2028-03-01 06:00'],
    ])
    expect(due(SCHEDULE.dailyCheck, '2027-02-27T16:00:00Z', '2027-03-01T16:00:00Z')).toEqual([
      ...['2027-02-28 06:00', '2027-03-01 06:00'],
    ])
    expect(civil(nextDue(unedited(scheduleOf('0 6 29 2 *')), at('2026-01-01T00:00:00Z'), 2))).toEqual([
      ...['2028-02-29 06:00', '2032-02-29 06:00'],
    ])
  })

  test('the last of the month is the 28th to the 31st; a schedule for the 31st leaves out the short months', () => {
    expect(due('0 18 L * *', '2027-01-30T00:00:00Z', '2027-05-01T00:00:00Z')).toEqual([
      ...['2027-01-31 18:00', '2027-02-28 18:00', '2027-03-31 18:00', '2027-04-30 18:00'],
    ])
    expect(due('0 18 31 * *', '2027-01-30T00:00:00Z', '2027-06-01T00:00:00Z')).toEqual([
      ...['2027-01-31 18:00', '2027-03-31 18:00', '2027-05-31 18:00'],
    ])
  })
})

describe('an edited schedule', () => {
  // 06:00 until Tuesday noon, then Fridays at 09:00, then 06:00 again.
  const edited: Timeline = [
    { schedule: scheduleOf('0 6 * * *'), after: null },
    { schedule: scheduleOf('0 9 * * 5'), after: at('2026-11-24T12:00:00+08:00') },
    { schedule: scheduleOf('0 6 * * *'), after: at('2026-12-01T12:00:00+08:00') },
  ]

  test('each slot is judged by the version that was in force at its instant', () => {
    expect(between(edited, '2026-11-22T00:00:00Z', '2026-12-03T00:00:00Z')).toEqual([
      ...['2026-11-23 06:00', '2026-11-24 06:00', '2026-11-27 09:00', '2026-12-02 06:00', '2026-12-03 06:00'],
    ])
    expect(civil([latestDue(edited, at('2026-12-01T13:00:00+08:00'))])).toEqual(['2026-11-27 09:00'])
    expect(civil([latestDue(edited, at('2026-11-24T13:00:00+08:00'))])).toEqual(['2026-11-24 06:00'])
    expect(civil(nextDue(edited, at('2026-11-23T07:00:00+08:00'), 3))).toEqual([
      ...['2026-11-24 06:00', '2026-11-27 09:00', '2026-12-02 06:00'],
    ])
    expect(scheduleAt(edited, at('2026-11-25T00:00:00Z')).cron).toBe('0 9 * * 5')
  })

  test('a slot at the very instant of the edit is the former version’s, once', () => {
    const instant = at('2026-11-24T06:00:00+08:00')
    const to = (cron: string): Timeline => [
      { schedule: scheduleOf('0 6 * * *'), after: null },
      { schedule: scheduleOf(cron), after: instant },
    ]
    expect(between(to('0 6 * * *'), '2026-11-23T00:00:00Z', '2026-11-25T00:00:00Z')).toEqual([
      ...['2026-11-24 06:00', '2026-11-25 06:00'],
    ])
    // The new version's own slot at that instant does not make another of it.
    expect(between(to('0 6 * * 2'), '2026-11-23T00:00:00Z', '2026-12-01T00:00:00Z')).toEqual([
      ...['2026-11-24 06:00', '2026-12-01 06:00'],
    ])
    expect(between(to('0 7 * * *'), '2026-11-23T00:00:00Z', '2026-11-25T00:00:00Z')).toEqual([
      ...['2026-11-24 06:00', '2026-11-24 07:00', '2026-11-25 07:00'],
    ])
  })

  test('versions that follow each other at once leave nothing between them', () => {
    const instant = at('2026-11-24T05:00:00+08:00')
    const hasty: Timeline = [
      { schedule: scheduleOf('0 6 * * *'), after: null },
      { schedule: scheduleOf('0 * * * *'), after: instant },
      { schedule: scheduleOf('0 7 * * *'), after: instant },
    ]
    expect(between(hasty, '2026-11-23T00:00:00Z', '2026-11-24T08:00:00Z')).toEqual(['2026-11-24 07:00'])
  })

  test('of very many the latest thousand', () => {
    const slots = slotsDue(edited, at('2016-01-01T00:00:00Z'), at('2026-12-03T00:00:00Z'))
    expect(slots).toHaveLength(MOST_SLOTS)
    expect(civil(slots.slice(-3))).toEqual(['2026-11-27 09:00', '2026-12-02 06:00', '2026-12-03 06:00'])
  })
})

describe('a schedule that somebody types in', () => {
  test.each([
    ...[
      '0 6 * * *',
      '0 8 * * 1',
      ' 0   8 1 * * ',
      '0 8 L * *',
      '0 8 * * 1#1',
      '0 8 ? * MON',
      '0 8 1 JAN,jul *',
    ],
    ...['5 * * * *', '0 8,17 * * 1-5', '0 */2 * * *', '0 6 29 2 *', '0 8 * * 7', '0 8 31 * *'],
  ])('%s is taken', (cron) => {
    expect(cronFault(cron, 'Asia/Shanghai')).toBeNull()
  })

  test.each([
    ...['', '6', 'daily', '@daily', '0 6 * *', '0 0 6 * * *', '60 6 * * *', '0 24 * * *', '0 6 32 * *'],
    ...[
      '0 6 * 13 *',
      '0 6 * * 8',
      'H 6 * * *',
      '0 H * * *',
      '0 6 1W * *',
      '-1 6 * * *',
      '0 6 * * * ; rm',
      '0 6 a * *',
    ],
  ])('“%s” is none', (cron) => {
    expect(cronFault(cron, 'Asia/Shanghai')).toBe('cron.invalid')
  })

  test.each(['* * * * *', '*/30 * * * *', '0,30 8 * * *', '0-5 6 1 1 *'])('%s is too often', (cron) => {
    expect(cronFault(cron, 'Asia/Shanghai')).toBe('cron.too-often')
  })

  test.each(['0 6 31 2 *', '0 6 30 2 *', '0 6 31 4,6,9,11 *'])('%s never comes', (cron) => {
    expect(cronFault(cron, 'Asia/Shanghai')).toBe('cron.never')
  })
})
