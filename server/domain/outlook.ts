import type { CivilDate } from './civil-date.ts'
import { daysBetween } from './civil-date.ts'
import {
  countReached,
  type Forecast,
  firstDayWith,
  forecastCount,
  forecastShare,
  forecastWindow,
  never,
  type Pace,
  type Reached,
  type Required,
  requiredShare,
  shareReached,
} from './forecast.ts'
import type { Policy } from './policy.ts'
import type { Sum } from './series.ts'
import { percent, reachesShare } from './share.ts'

/** Sums of one rule: up to a day, a window back, as the assessment asks for them. */
export type SumUpTo = (day: CivilDate) => Sum

/** Where a figure is heading. All of it is null for rules without a target. */
export interface Outlook extends Reached {
  /** the range at the period's end; null once it is over, before it begins, and without data */
  forecast: Forecast | null
  /** what has to come from this day on; null once the period is over, and without data */
  requiredFromToday: Required | null
}

export const NO_OUTLOOK: Outlook = {
  forecast: null,
  requiredFromToday: null,
  reachedOn: null,
  reachedReason: null,
}

/** What the days before one brought, and how many are left after it. */
export function paceOn(period: Policy['period'], asOf: CivilDate, sumUpTo: SumUpTo): Pace {
  const { before, days } = forecastWindow(period.from, asOf)
  const [now, then] = [sumUpTo(asOf), sumUpTo(before)]
  const window = {
    numerator: now.numerator - then.numerator,
    denominator: now.denominator - then.denominator,
    squares: now.squares - then.squares,
  }
  return { window, days, restDays: daysBetween(asOf, period.to) }
}

/** Where a share is heading. @param target percent */
export function shareOutlook(
  period: Policy['period'],
  target: number,
  asOf: CivilDate,
  sumUpTo: SumUpTo,
): Outlook {
  const sum = sumUpTo(asOf)
  const over = asOf > period.to
  const value = percent(sum.numerator, sum.denominator)
  if (value === null) return { ...NO_OUTLOOK, ...never('no-data') }
  const held = reachesShare(sum.numerator, sum.denominator, target)
  if (over) return { ...NO_OUTLOOK, ...never(held ? 'held' : 'over') }
  const pace = paceOn(period, asOf, sumUpTo)
  return {
    forecast: forecastShare(sum, pace),
    requiredFromToday: {
      ...requiredShare(sum, target, pace),
      from: { on: asOf, value },
      to: { on: period.to, value: target },
    },
    ...(held ? never('held') : shareReached(sum, target, asOf, pace)),
  }
}

/**
 * Where a count is heading.
 * @param perMonth what each month until the period's end must bring
 */
export function countOutlook(
  period: Policy['period'],
  target: number,
  perMonth: number | null,
  asOf: CivilDate,
  sumUpTo: SumUpTo,
): Outlook {
  const value = sumUpTo(asOf).numerator
  const pace = paceOn(period, asOf, sumUpTo)
  const reached = countReachedOn(period, value, target, asOf, pace, sumUpTo)
  if (asOf > period.to) return { ...NO_OUTLOOK, ...reached }
  return {
    forecast: forecastCount(value, pace.window, pace.days, pace.restDays),
    requiredFromToday: {
      ...{ value: perMonth, further: null },
      from: { on: asOf, value },
      to: { on: period.to, value: target },
    },
    ...reached,
  }
}

/** When a count reached its target, or will at the present pace. */
function countReachedOn(
  period: Policy['period'],
  value: number,
  target: number,
  asOf: CivilDate,
  pace: Pace,
  sumUpTo: SumUpTo,
): Reached {
  if (value >= target) {
    const last = asOf < period.to ? asOf : period.to
    const countUpTo = (day: CivilDate) => sumUpTo(day).numerator
    return { reachedOn: firstDayWith(target, period.from, last, countUpTo), reachedReason: 'reached' }
  }
  return asOf > period.to ? never('over') : countReached(value, target, asOf, pace)
}
