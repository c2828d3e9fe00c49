import { describe, expect, it } from 'vitest'
import { monthsBetween } from '../../server/domain/civil-date.ts'
import { monthDueAt, standsForDue, windowOf } from '../../server/domain/list-month.ts'
import { dueDateOf } from '../../server/domain/reminder-steps.ts'

describe('the month whose list is due when one is sent in', () => {
  it.each([
    ['2026-11-03', 5, '2026-10'],
    ['2026-11-05', 5, '2026-10'],
    ['2026-11-06', 5, '2026-11'],
    ['2026-11-30', 5, '2026-11'],
    ['2027-01-05', 5, '2026-12'],
    ['2026-03-01', 28, '2026-02'],
    ['2026-02-28', 28, '2026-01'],
    ['2028-02-29', 28, '2028-02'],
    ['2026-12-01', 1, '2026-11'],
  ])('on %s, due on the %i, is %s', (on, dueDay, month) => {
    expect(monthDueAt(on, { dueDay })).toBe(month)
  })

  it('leaves no day out and has none twice, whatever the day', () => {
    for (let dueDay = 1; dueDay <= 28; dueDay++)
      for (const month of monthsBetween('2027-10-01', '2028-06-01')) {
        const { from, to } = windowOf(month, { dueDay })
        expect([monthDueAt(from, { dueDay }), monthDueAt(to, { dueDay })]).toEqual([month, month])
        expect(to).toBe(dueDateOf(month, { dueDay }))
        expect(monthDueAt(windowOf(month, { dueDay: 5 }).from, { dueDay: 5 })).toBe(month)
      }
    expect(windowOf('2026-11', { dueDay: 5 })).toEqual({ from: '2026-11-06', to: '2026-12-05' })
  })

  it.each([
    ['2026-11', undefined, true],
    ['2026-11', '2026-10-31', false],
    ['2026-11', '2026-11-01', true],
    ['2026-10', '2026-11-02', true],
  ])('%s counts for a list whose latest change is of %s: %s', (month, latest, counts) => {
    expect(standsForDue(month, latest)).toBe(counts)
  })
})
