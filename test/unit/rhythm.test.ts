import { describe, expect, test } from 'vitest'
import { cronOf, rhythmOf } from '../../client/src/pages/jobs/rhythm.ts'
import { shortly } from '../../jobs/metrics.ts'
import { SCHEDULE } from '../../jobs/schedule.ts'

describe('a schedule as one would choose it', () => {
  test.each([
    ['10 0 * * *', { kind: 'daily', time: '00:10' }],
    ['0 8 * * 1', { kind: 'weekly', time: '08:00', weekday: 1 }],
    ['30 9 * * 0', { kind: 'weekly', time: '09:30', weekday: 0 }],
    ['0 8 1 * *', { kind: 'monthly', time: '08:00', day: 1 }],
    ['0 8 5 1,4,7,10 *', { kind: 'quarterly', time: '08:00', day: 5 }],
    ['0 8 * * 1-5', { kind: 'free' }],
    ['0 8 L * *', { kind: 'free' }],
    ['5 * * * *', { kind: 'free' }],
    ['0 8 1 2,5,8,11 *', { kind: 'free' }],
    ['0 8 1 * 1', { kind: 'free' }],
  ])('%s, and back', (cron, expected) => {
    const rhythm = rhythmOf(cron)
    expect(rhythm).toMatchObject(expected)
    expect(cronOf(rhythm)).toBe(cron)
  })

  test('Sunday is one day, whichever way it is counted', () => {
    expect(cronOf(rhythmOf('0 8 * * 7'))).toBe('0 8 * * 0')
  })

  test('every default is one that can be chosen', () => {
    for (const cron of Object.values(SCHEDULE))
      expect([cron, rhythmOf(cron).kind]).not.toEqual([cron, 'free'])
  })
})

describe('what is read at a scrape', () => {
  test('is read once for many, and anew after a failure', async () => {
    let reads = 0
    const read = shortly(async () => {
      reads += 1
      if (reads === 1) throw new Error('no database')
      return reads
    }, 60_000)
    await expect(read()).rejects.toThrow('no database')
    expect(await Promise.all([read(), read(), read()])).toEqual([2, 2, 2])
    expect(await read()).toBe(2)
  })
})
