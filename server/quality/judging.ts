import { type CivilDate, endOfMonth, monthsBetween } from '../domain/civil-date.ts'
import { type Faults, isFewChanges, type QualityAspect, qualityScore } from '../domain/quality.ts'
import type { QualityTally } from '../domain/quality-tally.ts'
import type { OperatorDoc } from '../operators/model.ts'
import { dueOn, type Months, type Reported } from './reported.ts'
import type { OperatorQuality } from './schema.ts'

/** What operators are judged by. */
export interface Evidence {
  tally: QualityTally
  reported: Reported
  missing: { registration: ReadonlyMap<string, number>; emission: ReadonlyMap<string, number> }
  span: Months
  county: string | undefined
  today: CivilDate
  reportingDays: number
}

type Judged = Omit<OperatorQuality, 'operator' | 'expected' | 'few' | 'rank'>

/** What is known of an operator, and its score. The place by score is for `ranked` to say. */
export function judged(doc: OperatorDoc, evidence: Evidence): OperatorQuality {
  const { tally, missing, county, span } = evidence
  const operator = doc._id
  const expected = doc.reportsMonthly ?? true
  const { within: sum, always } = tally.ofOperator(operator, county, span)
  const fleet = tally.fleet(operator, county)
  const raw = {
    changes: { total: sum.changes, late: sum.late, excused: sum.excused },
    months: expected ? monthsOf(operator, evidence) : { due: 0, reported: 0, missing: [] },
    facts: {
      vehicles: fleet.vehicles,
      withoutRegistration: missing.registration.get(operator) ?? 0,
      dieselTrucks: fleet.dieselTrucks,
      withoutEmission: missing.emission.get(operator) ?? 0,
    },
    warnings: { entries: always.entries, open: always.doubtful },
  }
  return {
    operator: { id: operator, name: doc.name, county: doc.county },
    ...{ expected, few: isFewChanges(sum.changes), rank: null },
    ...scored(raw),
  }
}

/** Those months of a span whose report is due, since anything came of the operator. */
function monthsOf(
  operator: string,
  { reported, span, today, reportingDays }: Evidence,
): OperatorQuality['months'] {
  const due = monthsBetween(`${span.from}-01`, endOfMonth(span.to)).filter(
    (month) => reported.since(operator, month) && dueOn(month, reportingDays) < today,
  )
  const missing = due.filter((month) => reported.of(operator, month) === null)
  return { due: due.length, reported: due.length - missing.length, missing: missing.reverse() }
}

function scored(raw: Omit<Judged, 'score' | 'lines'>): Judged {
  const { changes, months, facts, warnings } = raw
  const faults: Record<QualityAspect, Faults> = {
    late: { bad: changes.late - changes.excused, of: changes.total },
    months: { bad: months.due - months.reported, of: months.due },
    facts: {
      bad: facts.withoutRegistration + facts.withoutEmission,
      of: facts.vehicles + facts.dieselTrucks,
    },
    warnings: { bad: warnings.open, of: warnings.entries },
  }
  const { score, lines } = qualityScore(faults)
  return { score, lines: lines.map((line) => ({ ...line, lost: line.lost / 10 })), ...raw }
}

/** All of them judged as one. The missing months are named where it is one. */
export function judgedTogether(items: readonly OperatorQuality[]): Judged {
  const changes = { total: 0, late: 0, excused: 0 }
  const months = { due: 0, reported: 0 }
  const facts = { vehicles: 0, withoutRegistration: 0, dieselTrucks: 0, withoutEmission: 0 }
  const warnings = { entries: 0, open: 0 }
  for (const item of items) {
    add(changes, item.changes)
    add(months, item.months)
    add(facts, item.facts)
    add(warnings, item.warnings)
  }
  const [only, ...others] = items
  const missing = only && others.length === 0 ? only.months.missing : []
  return scored({ changes, months: { ...months, missing }, facts, warnings })
}

function add<T extends Record<keyof T, number>>(to: T, more: Record<keyof T, unknown>): void {
  for (const name of Object.keys(to) as (keyof T)[]) (to[name] as number) += more[name] as number
}

/**
 * Operators with their places by score, the worst first; those without a score come last. Those with few changes are
 * not placed, so that nobody is last for one late change.
 */
export function ranked(items: readonly OperatorQuality[]): OperatorQuality[] {
  const scores = items.flatMap(({ few, score }) => (few || score === null ? [] : [score]))
  const placed = new Map<number, number>()
  for (const [i, score] of scores.sort((a, b) => b - a).entries())
    if (!placed.has(score)) placed.set(score, i + 1)
  const rank = ({ few, score }: OperatorQuality) =>
    few || score === null ? null : (placed.get(score) ?? null)
  return items.map((item) => ({ ...item, rank: rank(item) })).sort(worstFirst)
}

const worstFirst = (a: OperatorQuality, b: OperatorQuality): number => {
  const [first, second] = [sortKey(a), sortKey(b)]
  return first < second ? -1 : first > second ? 1 : 0
}

/** What operators are ordered by, as a text that compares so. */
export const sortKey = ({ score, operator }: Pick<OperatorQuality, 'score' | 'operator'>): string =>
  `${score === null ? '9999' : String(Math.round(score * 10)).padStart(4, '0')}|${operator.id}`
