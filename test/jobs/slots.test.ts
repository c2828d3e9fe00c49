import { afterEach, describe, expect, test } from 'vitest'
import { dayReported } from '../../jobs/periods.ts'
import { SCHEDULE, scheduleOf } from '../../jobs/schedule.ts'
import { checkSchedule, latestSlot, nextSlots, slotsBetween } from '../../jobs/slots.ts'

const daily = scheduleOf(SCHEDULE.dailyCheck)
const weekly = scheduleOf(SCHEDULE.weeklyReport)
const at = (iso: string) => new Date(iso)
const iso = (dates: Date[]) => dates.map((date) => date.toISOString())
const ownZone = process.env.TZ

afterEach(() => {
  if (ownZone === undefined) delete process.env.TZ
  else process.env.TZ = ownZone
})

describe.each(['UTC', 'Asia/Shanghai', 'America/New_York', 'Pacific/Apia'])(
  'slots on a machine in %s',
  (zone) => {
    test('06:00 in Shanghai is the latest slot from its very instant on', () => {
      process.env.TZ = zone
      expect(latestSlot(daily, at('2026-11-29T22:00:00.000Z'))).toEqual(at('2026-11-29T22:00:00Z'))
      expect(latestSlot(daily, at('2026-11-29T21:59:59.999Z'))).toEqual(at('2026-11-28T22:00:00Z'))
    })

    test('Monday 08:00 in Shanghai', () => {
      process.env.TZ = zone
      expect(latestSlot(weekly, at('2026-12-03T11:11:11Z'))).toEqual(at('2026-11-30T00:00:00Z'))
      expect(iso(nextSlots(weekly, at('2026-11-30T00:00:00Z'), 2))).toEqual([
        '2026-12-07T00:00:00.000Z',
        '2026-12-14T00:00:00.000Z',
      ])
    })

    test('the day reported is the last complete one', () => {
      process.env.TZ = zone
      expect(dayReported(at('2026-11-30T00:00:00Z'), 'Asia/Shanghai')).toBe('2026-11-29')
      expect(dayReported(at('2027-12-31T22:00:00Z'), 'Asia/Shanghai')).toBe('2027-12-31')
    })
  },
)

test('slots between two instants: after the first, up to and including the second', () => {
  const slots = slotsBetween(daily, at('2026-11-26T22:00:00Z'), at('2026-11-29T22:00:00Z'))
  expect(iso(slots)).toEqual([
    '2026-11-27T22:00:00.000Z',
    '2026-11-28T22:00:00.000Z',
    '2026-11-29T22:00:00.000Z',
  ])
  expect(slotsBetween(daily, at('2026-11-29T22:00:00Z'), at('2026-11-30T21:59:59Z'))).toEqual([])
  expect(slotsBetween(daily, at('2026-11-30T00:00:00Z'), at('2026-11-29T00:00:00Z'))).toEqual([])
})

test('of very many slots the latest thousand', () => {
  const slots = slotsBetween(daily, at('2016-01-01T00:00:00Z'), at('2026-11-29T22:00:00Z'))
  expect(slots).toHaveLength(1000)
  expect(slots.at(-1)).toEqual(at('2026-11-29T22:00:00Z'))
})

test.each([
  ['0 6 * * *', 'Asia/Shangai'],
  ['0 6 * * *', ''],
  ['0 25 * * *', 'Asia/Shanghai'],
  ['', 'Asia/Shanghai'],
  ['daily', 'Asia/Shanghai'],
  ['0 0 31 2 *', 'Asia/Shanghai'],
])('"%s" in "%s" is refused', (cron, timeZone) => {
  expect(() => checkSchedule({ cron, timeZone })).toThrow(RangeError)
})
