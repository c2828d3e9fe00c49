import { describe, expect, it } from 'vitest'
import type { RuleFigure } from '../../server/compliance/schema.ts'
import { ExceptionLists } from '../../server/reports/exception-lists.ts'
import { createReportFormat } from '../../server/reports/face/format.ts'
import { ruleLines } from '../../server/reports/face/lines.ts'
import { completenessText } from '../../server/reports/face/told.ts'
import type { ReportContent, ReportException } from '../../server/reports/schema.ts'
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

describe('an operator’s months', () => {
  const month = { expected: 3, reported: 1, missing: 1 }
  const whole = sampleReport()
  const content: ReportContent = {
    ...whole,
    completeness: {
      ...{ completeTo: null, firstGap: { month: '2026-10', missing: 1 }, month: '2026-11' },
      ...{ expected: 3, reported: 1 },
      months: [
        { month: '2026-10', ...month },
        { month: '2026-11', ...month, missing: 0, pending: 2, dueOn: '2026-12-05' },
      ],
      missing: [{ id: 'late', name: '晚', county: null, months: ['2026-10'] }],
      operators: [
        { id: 'late', name: '晚', reported: [], pending: ['2026-11'] },
        { id: 'waits', name: '等', reported: ['2026-10'], pending: ['2026-11'] },
        { id: 'done', name: '毕', reported: ['2026-10', '2026-11'], pending: [] },
      ],
    },
  }
  const format = createReportFormat('zh-CN', 'Asia/Shanghai')
  const said = (operator: string) =>
    completenessText({
      ...{ content: contentFor(content, { operator }, whole.figures), format },
      scope: { kind: 'operator', name: operator },
    })

  it.each([
    ['late', '本企业2026年10月尚未报送。本企业2026年11月名单未到期，应于2026年12月5日前报送。'],
    ['waits', '本企业2026年11月名单未到期，应于2026年12月5日前报送。本企业2026年10月名单已报送。'],
    ['done', '本企业2026年10月、2026年11月名单已报送。'],
    // It may be that it need not report: of it nothing is said but what is certain.
    ['nobody', '本企业2026年10月、2026年11月没有缺报。'],
  ])('of %s', (operator, text) => expect(said(operator)).toBe(text))

  it('are counted for it alone', () => {
    expect(contentFor(content, { operator: 'waits' }, whole.figures).completeness).toEqual({
      ...{ completeTo: null, firstGap: null, month: '2026-11', expected: 1, reported: 0, missing: [] },
      months: [
        { month: '2026-10', expected: 1, reported: 1, missing: 0 },
        { month: '2026-11', expected: 1, reported: 0, missing: 0, pending: 1, dueOn: '2026-12-05' },
      ],
    })
  })

  it('in the whole report, those not due yet are told apart from those missing', () => {
    expect(completenessText({ content, format, scope: null })).toBe(
      '尚无全部企业均已报送的月份，1家企业尚未报送；2026年11月名单应于2026年12月5日前报送，尚有2家企业未报送（未到期）。',
    )
  })
})

describe('what a count should have come to by now', () => {
  const format = createReportFormat('zh-CN', 'Asia/Shanghai')
  const lineOf = (given: Partial<RuleFigure>) => {
    const whole = sampleReport()
    const rules = whole.figures.rules.map((rule) => (rule.unit === 'percent' ? rule : { ...rule, ...given }))
    const { targets } = ruleLines({ ...whole, figures: { ...whole.figures, rules } }, format)
    return targets.find(({ rule }) => rule.unit === 'vehicles')?.expected
  }

  it('is rounded up from the line itself; in reports of an earlier form, from what they have of it', () => {
    expect(lineOf({ expected: 3, expectedWhole: 4 })).toBe('4辆')
    expect(lineOf({ expected: 291.2 })).toBe('292辆')
  })
})
