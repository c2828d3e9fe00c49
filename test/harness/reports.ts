import type { Compliance, RuleFigure } from '../../server/compliance/schema.ts'
import { endOfMonth, monthsBetween } from '../../server/domain/civil-date.ts'
import { allRegions } from '../../server/domain/regions.ts'
import type {
  Completeness,
  Exceptions,
  MovementPart,
  Outline,
  ReportContent,
  ReportException,
} from '../../server/reports/schema.ts'
import { busyCity, weekBefore } from '../jobs/support/figures.ts'
import { nanping2024 } from './policies.ts'

const AT = { asOf: '2026-11-29', knownAt: '2026-11-30T00:00:03.000Z' }

/** The weekly report of a busy city, compared with the week before: something of everything. */
export function sampleReport(given: Partial<ReportContent> = {}): ReportContent {
  const figures = given.figures ?? busyCity(AT)
  const before = weekBefore()
  const { id, version, title, number, issuer, reportingDays, city } = nanping2024
  const exceptions = EXCEPTIONS
  return {
    kind: 'weekly',
    period: '2026-W48',
    number: '南平交运更新周报〔2026〕48号',
    shortNumber: 'W2026-48',
    createdAt: '2026-11-30T00:00:04.000Z',
    occasion: 'scheduled',
    standsFor: ['2026-W48'],
    from: '2026-11-23',
    asOf: figures.asOf,
    knownAt: figures.knownAt,
    city: { code: city.code, name: city.name },
    policy: { id, version, title, number, issuer, reportingDays },
    figures,
    counties: allRegions().map(({ code, name, english }) => ({
      ...{ code, name: { zh: name, en: english }, figures: ofCounty(figures, code) },
      completeness: ofCountyComplete(code),
      exceptions: exceptionsOf(exceptions.items.filter((item) => item.county === code)),
      moved: ofCounty(figures, code).rules.map((rule) => movedFrom(undefined, rule)),
    })),
    courses: figures.rules.map((rule) => courseOf(rule, figures)),
    completeness: COMPLETENESS,
    exceptions,
    previous: {
      ...{ id: 'c'.repeat(24), number: '南平交运更新周报〔2026〕47号', period: '2026-W47' },
      ...{ asOf: before.asOf, knownAt: before.knownAt, policyVersion: version, dropped: [] },
    },
    moved: figures.rules.map((rule) =>
      movedFrom(
        before.rules.find((r) => r.id === rule.id),
        rule,
      ),
    ),
    ...given,
  }
}

/** The same of a city in which nothing has happened yet, without a report before it. */
export const emptyReport = (figures: Compliance): ReportContent => ({
  ...sampleReport({ figures, previous: null, moved: [] }),
  exceptions: exceptionsOf([]),
  completeness: { ...COMPLETENESS, completeTo: '2026-10-31', firstGap: null, reported: 214, missing: [] },
  counties: [],
})

const MISSING = [
  { id: 'op-1', name: '南平市公共交通有限责任公司', county: '350702' },
  { id: 'op-2', name: '建阳区顺达出租汽车有限公司', county: '350703' },
  { id: 'op-3', name: '武夷山市旅游客运有限公司', county: '350782' },
]

const COMPLETENESS: Completeness = {
  completeTo: '2026-09-30',
  firstGap: { month: '2026-10', missing: 3 },
  ...{ month: '2026-10', expected: 214, reported: 211 },
  months: [{ month: '2026-10', expected: 214, reported: 211, missing: 3 }],
  missing: MISSING.map((operator) => ({ ...operator, months: ['2026-10'] })),
}

function ofCountyComplete(code: string): Completeness {
  const missing = COMPLETENESS.missing.filter(({ county }) => county === code)
  const counts = { expected: 20, reported: 20 - missing.length }
  const complete = missing.length === 0
  return {
    completeTo: complete ? '2026-10-31' : '2026-09-30',
    firstGap: complete ? null : { month: '2026-10', missing: missing.length },
    ...{ month: '2026-10', ...counts, missing },
    months: [{ month: '2026-10', ...counts, missing: missing.length }],
  }
}

const exception = (given: Partial<ReportException>, i: number): ReportException => ({
  ...{ rule: 'bus-renewal', reason: 'not-new-energy', change: String(i).padStart(24, '0') },
  ...{ on: '2026-11-24', plate: `闽H${10_000 + i}`, vin: `LZYTBGBW${String(i).padStart(9, '0')}` },
  ...{
    operator: { id: 'op-1', name: '南平市公共交通有限责任公司' },
    county: '350702',
    note: null,
    days: null,
  },
  ...given,
})

const EXCEPTIONS = exceptionsOf(
  [
    { note: '山区线路暂无充电条件，经局务会同意' },
    { rule: 'taxi-renewal', county: '350703', operator: { id: 'op-2', name: '建阳区顺达出租汽车有限公司' } },
    ...['350702', '350781', '350782'].map((county) => ({
      ...{ rule: 'old-diesel-trucks-retired', reason: 'undetermined' as const, county, on: '2025-06-01' },
    })),
    { reason: 'breach-confirmed' as const, note: '山区线路暂无充电条件，经局务会同意' },
    { rule: null, reason: 'recorded-late' as const, on: '2026-08-03', days: 112, county: '350724' },
  ].map(exception),
)

function exceptionsOf(items: ReportException[]): Exceptions {
  const count = (reason: ReportException['reason']) => items.filter((i) => i.reason === reason).length
  return {
    total: items.length,
    byReason: {
      'not-new-energy': count('not-new-energy'),
      undetermined: count('undetermined'),
      'breach-confirmed': count('breach-confirmed'),
      'recorded-late': count('recorded-late'),
    },
    items,
  }
}

/** A county's own figures: its part of the city's, without what only the city has. */
const ofCounty = (figures: Compliance, code: string): Compliance => ({
  ...figures,
  rules: figures.rules.map((rule): RuleFigure => {
    const county = rule.breakdown.county.filter(({ key }) => key === code)
    const [part] = county
    const counted = rule.kind === 'count'
    return {
      ...rule,
      ...{ value: part?.value ?? (counted ? 0 : null), numerator: part?.numerator ?? 0 },
      denominator: counted ? null : (part?.denominator ?? 0),
      ...(counted
        ? { target: null, needed: null, expected: null, requiredPerMonth: null }
        : { needed: null }),
      status: counted ? 'reported' : part ? rule.status : 'no-data',
      ...{ forecast: null, requiredFromToday: null, reachedOn: null, reachedReason: null, undetermined: 0 },
      breakdown: { county },
    }
  }),
})

function courseOf(rule: RuleFigure, { asOf }: Compliance): ReportContent['courses'][number] {
  const months = monthsBetween('2024-01-01', asOf)
  const upTo = (whole: number, i: number) => Math.floor((whole * (i + 1)) / months.length)
  const points = months.map((month, i) => {
    const numerator = upTo(rule.numerator, i)
    const denominator = rule.denominator === null ? null : upTo(rule.denominator, i)
    const value = denominator === null ? numerator : percent(numerator, denominator)
    const required = rule.target === null ? null : denominator === null ? upTo(rule.target, i) : rule.target
    const end = endOfMonth(month)
    return { month, on: end < asOf ? end : asOf, value, numerator, denominator, required }
  })
  return { rule: rule.id, points }
}

const percent = (n: number, d: number) => (d === 0 ? null : Math.floor((n * 1000) / d) / 10)

const outlineOf = ({ value, numerator, denominator, status }: RuleFigure): Outline => ({
  ...{ value, numerator, denominator, status },
})

/** All of it happened in the week, but for one that was recorded late and one that was withdrawn. */
function movedFrom(before: RuleFigure | undefined, after: RuleFigure): ReportContent['moved'][number] {
  const moved = {
    numerator: after.numerator - (before?.numerator ?? 0),
    denominator: after.denominator === null ? null : after.denominator - (before?.denominator ?? 0),
  }
  const part = (numerator: number): MovementPart => ({
    numerator,
    denominator: moved.denominator === null ? null : numerator,
  })
  const aside = moved.numerator === 0 ? 0 : 1
  return {
    rule: after.id,
    before: before ? outlineOf(before) : null,
    after: outlineOf(after),
    because: {
      ...{ happened: moved, late: part(aside), corrected: part(-aside), policy: part(0) },
    },
  }
}
