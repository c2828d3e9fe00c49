import type { CivilDate } from './civil-date.ts'
import { addDays, calendarMonths, daysBetween } from './civil-date.ts'
import type { Forecast } from './forecast.ts'
import { forecastCount, forecastWindow } from './forecast.ts'
import type { CountRule, Policy, RisingShareRule, Rule, ShareRule } from './policy.ts'
import type { Sum } from './tally.ts'

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
export interface Assessment {
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
  /** counts: what the line asks for by this day */
  expected: number | null
  /** counts: what each month until the period's end must bring, rounded up to one decimal; null once it is over */
  requiredPerMonth: number | null
  forecast: Forecast | null
  undetermined: number
  /** rising shares: the figure a year before, in percent */
  yearBefore: number | null
}

/** Sums of one rule: up to a day, a window back, as the assessment asks for them. */
export type SumUpTo = (day: CivilDate) => Sum

/** numerator ÷ denominator in percent, rounded down to one decimal; null for an empty denominator. */
export const percent = (numerator: number, denominator: number): number | null =>
  denominator === 0 ? null : Math.floor((numerator * 1000) / denominator) / 10

/** Whether a share reaches a target in percent: compared exactly, in integers (hundredths of a percent). */
export const reachesShare = (numerator: number, denominator: number, target: number): boolean =>
  numerator * 10_000 >= denominator * Math.round(target * 100)

/**
 * The smallest number of further new-energy replacements in a row that lifts a share to its target; 0 when it is
 * there, null when no number does (a target of 100 % once broken).
 */
export function neededForShare(numerator: number, denominator: number, target: number): number | null {
  if (reachesShare(numerator, denominator, target)) return 0
  const hundredths = Math.round(target * 100)
  if (hundredths >= 10_000) return null
  return Math.ceil((denominator * hundredths - numerator * 10_000) / (10_000 - hundredths))
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
      return assessShare(policy, rule, asOf, sumUpTo(asOf))
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
  requiredPerMonth: null,
  forecast: null,
  yearBefore: null,
})

function assessShare(policy: Policy, rule: ShareRule, asOf: CivilDate, sum: Sum): Assessment {
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
  }
}

function assessCount(policy: Policy, rule: CountRule, asOf: CivilDate, sumUpTo: SumUpTo): Assessment {
  const sum = sumUpTo(asOf)
  const value = sum.numerator
  const base = { ...blank(rule, sum), value, denominator: null, unit: rule.unit }
  if (rule.target === undefined) return { ...base, target: null, status: 'reported' }
  const { period } = policy
  const line = lineAt(rule, period, asOf)
  const missing = Math.max(0, rule.target - value)
  const months = calendarMonths(asOf, period.to)
  const window = forecastWindow(period.from, asOf)
  const recent = sumUpTo(window.before)
  const pace = { numerator: value - recent.numerator, squares: sum.squares - recent.squares }
  return {
    ...base,
    target: rule.target,
    status: countStatus(value, rule.target, line, asOf > period.to),
    needed: asOf > period.to ? null : missing,
    expected: Math.floor((line.over * 10) / line.under) / 10,
    requiredPerMonth: months > 0 ? Math.ceil(Math.round((missing / months) * 1e6) / 1e5) / 10 : null,
    forecast: asOf > period.to ? null : forecastCount(value, pace, window.days, daysBetween(asOf, period.to)),
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
