import { describe, expect, it } from 'vitest'
import { ExceptionLists } from '../../server/reports/exception-lists.ts'
import type { ReportException } from '../../server/reports/schema.ts'
import { contentFor } from '../../server/reports/views.ts'
import { sampleReport } from '../harness/reports.ts'

/** What a report says to an operator alone. */
const REGIONS = [{ code: '350702' }, { code: '350703' }]

const late = (n: number, operator: string, county: string, on: string): ReportException => ({
  ...{ rule: null, reason: 'recorded-late', change: String(n).padStart(24, '0'), on, days: 60 },
  ...{
    plate: `闽H${10_000 + n}`,
    vin: `V${n}`,
    operator: { id: operator, name: operator },
    county,
    note: null,
  },
})

function reportOf(found: readonly ReportException[]) {
  const lists = new ExceptionLists(REGIONS)
  for (const item of found) lists.add(item)
  const whole = sampleReport()
  return {
    ...whole,
    exceptions: lists.of(),
    counties: whole.counties.map((county) => ({ ...county, exceptions: lists.of(county.code) })),
  }
}

describe('an operator’s exceptions', () => {
  // More of others than any list holds, all of them later than its own.
  const others = Array.from({ length: 1000 }, (_, n) => late(n, 'other', '350703', '2026-11-20'))
  const own = [1, 2, 3].map((n) => late(2000 + n, 'own', '350702', `2026-06-0${n}`))
  const hidden = [4, 5].map((n) => late(2000 + n, 'hidden', '350703', `2026-06-0${n}`))
  const content = reportOf([...own, ...hidden, ...others])
  const toldTo = (operator: string) => contentFor(content, { operator }, content.figures).exceptions

  it('are counted in whole, however short the city’s list is cut', () => {
    expect(content.exceptions.items).toHaveLength(300)
    expect(toldTo('hidden')).toMatchObject({ total: 2, byReason: { 'recorded-late': 2 }, items: [] })
    expect(toldTo('other').total).toBe(1000)
    expect(toldTo('nobody')).toMatchObject({ total: 0, items: [] })
  })

  it('are listed as far as its county lists them, the latest first, each once', () => {
    expect(toldTo('own')).toMatchObject({ total: 3, items: own.toReversed() })
    const few = reportOf(own)
    expect(contentFor(few, { operator: 'own' }, few.figures).exceptions.items).toEqual(own.toReversed())
  })

  it('say nothing of anybody else, and to a county nothing by operator', () => {
    expect(JSON.stringify(toldTo('own'))).not.toContain('other')
    expect(contentFor(content, { county: '350702' }, content.figures).exceptions).not.toHaveProperty(
      'operators',
    )
  })
})
