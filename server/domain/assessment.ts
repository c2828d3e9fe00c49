import type { CivilDate } from './civil-date.ts'
import { addDays, calendarMonths, daysBetween } from './civil-date.ts'
import { countOutlook, NO_OUTLOOK, type Outlook, type SumUpTo, shareOutlook } from './outlook.ts'
import type { CountRule, Policy, RisingShareRule, Rule, ShareRule } from './policy.ts'
import type { Sum } from './series.ts'
import { neededForShare, percent, reachesShare } from './share.ts'

export { neededForShare, percent, reachesShare, type SumUpTo }

export const ASSESSMENT_STATUSES = [
  'no-data',
  'on-track',
  'at-risk',
  'behind',
  'breached',
  'met',
  'missed',
  'reported',
] as const
export type AssessmentStatus = (typeof ASSESSMENT_STATUSES)[number]

/** A rule's figure and what it means on a day. */
export interface Assessment extends Outlook {
  id: string
  kind: Rule['kind']
  /** a share in percent, rounded down to one decimal; a count in its unit; null without data */
  value: number | null
  numerator: number
  /** null for counts */
  denominator: number | null
  /** percent or count; null where the plan sets no number */
  target: number | null
  unit: 'percent' | 'vehicles' | 'packs'
  status: AssessmentStatus
  /** share: further new-energy replacements in a row that regain it; count: what is missing; null where it has no meaning */
  needed: number | null
  /** counts: what the line asks for by this day, rounded down to one decimal */
  expected: number | null
  /** counts: the least whole number that keeps to the line on this day */
  expectedWhole: number | null
  /** counts: what each month until the period's end must bring, rounded up to one decimal; null once it is over */
  requiredPerMonth: number | null
  undetermined: number
  /** rising shares: the figure a year before, in percent */
  yearBefore: number | null
}

/** The required line of a count as a fraction: straight from 0 at the start over the milestones to the target. */
export function lineAt(
  rule: CountRule,
  period: Policy['period'],
  asOf: CivilDate,
): { over: number; under: number } {
  const points = [
    { on: period.from, value: 0 },
    ...rule.milestones.filter((m) => m.on > period.from && m.on < period.to),
    { on: period.to, value: rule.target ?? 0 },
  ].sort((a, b) => (a.on < b.on ? -1 : 1))
  if (asOf <= period.from) return { over: 0, under: 1 }
  for (let i = 1; i < points.length; i++) {
    const from = points[i - 1]
    const to = points[i]
    if (!from || !to || asOf > to.on) continue
    const span = daysBetween(from.on, to.on)
    return { over: from.value * span + (to.value - from.value) * daysBetween(from.on, asOf), under: span }
  }
  return { over: rule.target ?? 0, under: 1 }
}

/**
 * Assesses one rule on a day.
 * @param sumUpTo the rule's sum up to and including a given day
 * @param whole false when the sums are a part's (a county's, an operator's): a count is then only reported
 * Statuses and comparisons: domain rules 3 and 5, and the plan's own text on what counts as reached.
 */
export function assess(
  policy: Policy,
  rule: Rule,
  asOf: CivilDate,
  sumUpTo: SumUpTo,
  whole = true,
): Assessment {
  switch (rule.kind) {
    case 'share':
      return assessShare(policy, rule, asOf, sumUpTo)
    case 'count':
      // The plan sets a count for the whole city only.
      return assessCount(policy, whole ? rule : { ...rule, target: undefined }, asOf, sumUpTo)
    case 'rising-share':
      return assessRisingShare(rule, sumUpTo(asOf), sumUpTo(yearEarlier(asOf)))
  }
}

const blank = (rule: Rule, sum: Sum) => ({
  id: rule.id,
  kind: rule.kind,
  numerator: sum.numerator,
  undetermined: sum.undetermined,
  needed: null,
  expected: null,
  expectedWhole: null,
  requiredPerMonth: null,
  ...NO_OUTLOOK,
  yearBefore: null,
})

function assessShare(policy: Policy, rule: ShareRule, asOf: CivilDate, sumUpTo: SumUpTo): Assessment {
  const sum = sumUpTo(asOf)
  const { numerator, denominator } = sum
  const over = asOf > policy.period.to
  const reached = reachesShare(numerator, denominator, rule.target)
  const below = over ? 'missed' : rule.target === 100 ? 'breached' : 'behind'
  const status = denominator === 0 ? 'no-data' : reached ? (over ? 'met' : 'on-track') : below
  return {
    ...blank(rule, sum),
    value: percent(numerator, denominator),
    denominator,
    target: rule.target,
    unit: 'percent',
    status,
    needed: over || denominator === 0 ? null : neededForShare(numerator, denominator, rule.target),
    ...shareOutlook(policy.period, rule.target, asOf, sumUpTo),
  }
}

function assessCount(policy: Policy, rule: CountRule, asOf: CivilDate, sumUpTo: SumUpTo): Assessment {
  const sum = sumUpTo(asOf)
  const value = sum.numerator
  const base = { ...blank(rule, sum), value, denominator: null, unit: rule.unit }
  if (rule.target === undefined) return { ...base, target: null, status: 'reported' }
  const { period } = policy
  const { target } = rule
  const line = lineAt(rule, period, asOf)
  const missing = Math.max(0, target - value)
  const over = asOf > period.to
  const months = calendarMonths(asOf, period.to)
  const perMonth = months > 0 ? Math.ceil(Math.round((missing / months) * 1e6) / 1e5) / 10 : null
  return {
    ...base,
    target,
    status: countStatus(value, target, line, over),
    needed: over ? null : missing,
    expected: Math.floor((line.over * 10) / line.under) / 10,
    expectedWhole: Math.ceil(line.over / line.under),
    requiredPerMonth: perMonth,
    ...countOutlook(period, target, perMonth, asOf, sumUpTo),
  }
}

function countStatus(
  value: number,
  target: number,
  line: { over: number; under: number },
  over: boolean,
): AssessmentStatus {
  if (value >= target) return 'met'
  if (over) return 'missed'
  if (value * line.under >= line.over) return 'on-track'
  return value * line.under * 100 >= line.over * 80 ? 'at-risk' : 'behind'
}

/** A share that is whole cannot rise; one without a fleet a year before has nothing to rise from. */
function assessRisingShare(rule: RisingShareRule, now: Sum, before: Sum): Assessment {
  const rising = now.numerator * before.denominator > before.numerator * now.denominator
  const whole = now.numerator === now.denominator
  return {
    ...blank(rule, now),
    value: percent(now.numerator, now.denominator),
    denominator: now.denominator,
    target: null,
    unit: 'percent',
    status:
      now.denominator === 0
        ? 'no-data'
        : before.denominator === 0
          ? 'reported'
          : rising || whole
            ? 'on-track'
            : 'behind',
    yearBefore: percent(before.numerator, before.denominator),
  }
}

/** The same day a year earlier; 29 February becomes 28. */
export function yearEarlier(day: CivilDate): CivilDate {
  const year = Number(day.slice(0, 4)) - 1
  return day.endsWith('-02-29') ? `${year}-02-28` : addDays(`${year}${day.slice(4)}`, 0)
}
