import { describe, expect, it } from 'vitest'
import { keptUntil, staleness } from '../../server/domain/stale.ts'

const DAY = 24 * 3600_000
const sentAt = new Date('2026-01-01T00:00:00Z')
const daysAfter = (days: number) => new Date(sentAt.getTime() + days * DAY)
const list = { sentAt, submittedAt: null, decidedAt: null }

describe('a list that nobody submits', () => {
  it.each([
    [59, undefined, null],
    [60, undefined, 'ask'],
    [89, 60, null],
    [90, 60, 'expire'],
    // The service was away: whoever sent it has a month all the same.
    [400, undefined, 'ask'],
    [429, 400, null],
    [430, 400, 'expire'],
  ] as const)('after %i days, asked after %s: %s', (days, asked, due) => {
    expect(staleness(list, asked === undefined ? undefined : daysAfter(asked), daysAfter(days))).toBe(due)
  })

  it('is asked about anew when somebody went on with it', () => {
    const touched = { ...list, touchedAt: daysAfter(61) }
    expect(staleness(touched, daysAfter(60), daysAfter(95))).toBeNull()
    expect(staleness(touched, daysAfter(60), daysAfter(121))).toBe('ask')
    expect(staleness({ ...list, decidedAt: daysAfter(61) }, daysAfter(60), daysAfter(91))).toBeNull()
  })

  it('is kept for a month after it was asked about', () => {
    expect(keptUntil(list, daysAfter(60))).toEqual(daysAfter(90))
    expect(keptUntil(list, daysAfter(200))).toEqual(daysAfter(230))
  })
})
