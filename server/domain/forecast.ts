import type { CivilDate } from './civil-date.ts'
import { addDays, daysBetween } from './civil-date.ts'
import type { Sum } from './series.ts'
import { neededForShare, percent } from './share.ts'

/**
 * Where a figure is heading at the period's end: an 80 % range around the present pace. Counts in their unit; shares in
 * percent, `low` and `expected` rounded down, `high` up to one decimal. The method is told in docs/forecast.md.
 */
export interface Forecast {
  low: number
  expected: number
  high: number
  /** the days of the course that it rests on, at most 365 */
  basisDays: number
}

/** What has to come from today on so that the target is reached on the period's last day. */
export interface Required {
  /**
   * a count: so many a month; a share: so many percent of the further ones; rounded up to one decimal. Null where no
   * number does: on the last day, for a share that further ones in that number cannot lift, or when none are expected
   */
  value: number | null
  /** a share: how many further ones are expected by the period's end at the present pace; null for a count */
  further: number | null
  /** the straight line from today's figure to the target on the period's last day */
  from: { on: CivilDate; value: number }
  to: { on: CivilDate; value: number }
}

/** Why there is no date on which a target will be reached; `reached` where the date is in the past. */
export const REACHED_REASONS = [
  'reached',
  'held',
  'no-data',
  'not-begun',
  'no-pace',
  'mix-too-low',
  'breached',
  'too-far',
  'over',
] as const
export type ReachedReason = (typeof REACHED_REASONS)[number]

/** When a target is reached at the present pace; it may lie behind the period's end. Null, both, without a target. */
export interface Reached {
  reachedOn: CivilDate | null
  reachedReason: ReachedReason | null
}

/** What the last 365 days brought, and what is left: what every outlook rests on. */
export interface Pace {
  /** what was added within the window */
  window: Pick<Sum, 'numerator' | 'denominator' | 'squares'>
  /** the window's length in days */
  days: number
  /** days from the day asked for to the period's end */
  restDays: number
}

const WINDOW_DAYS = 365
/** The standard normal quantile that leaves 10 % on either side. */
const Z_80 = 1.2816
/** Jeffreys' prior for a Poisson rate: half an arrival more than was seen, so that none seen is not none to come. */
const HALF = 0.5
/** Nobody plans further ahead, in days. */
const HORIZON_DAYS = 100 * 366

/** The day before the window on which a forecast rests begins, and the window's length in days. */
export function forecastWindow(periodFrom: CivilDate, asOf: CivilDate): { before: CivilDate; days: number } {
  const days = Math.min(WINDOW_DAYS, Math.max(0, daysBetween(periodFrom, asOf) + 1))
  return { before: addDays(asOf, -days), days }
}

const ratioOf = ({ days, restDays }: Pace): number => Math.max(0, restDays) / days

/** What is still to come at the present pace, rounded; nothing before the window begins. */
export function growth(pace: Pace): { numerator: number; denominator: number } {
  if (pace.days <= 0) return { numerator: 0, denominator: 0 }
  const { numerator, denominator } = pace.window
  const ratio = ratioOf(pace)
  const counted = Math.round(numerator * ratio)
  return { numerator: counted, denominator: counted + Math.round((denominator - numerator) * ratio) }
}

/**
 * Forecasts a count at the period's end from the pace of the last 365 days (fewer at the period's start).
 * Arrivals are taken as a compound Poisson process: over `rest` days the expected growth is S·rest/days, its variance
 * Q·rest/days for the future's own chance plus Q·(rest/days)² for the pace being an estimate (S the sum, Q the sum
 * of squared amounts in the window). Never below what has been reached.
 * @returns null before the first day of the window
 */
export function forecastCount(
  value: number,
  window: Pick<Sum, 'numerator' | 'squares'>,
  days: number,
  restDays: number,
): Forecast | null {
  if (days <= 0) return null
  const ratio = Math.max(0, restDays) / days
  const growth = window.numerator * ratio
  const spread = Z_80 * Math.sqrt(Math.max(0, window.squares) * (ratio + ratio * ratio))
  return {
    low: value + Math.max(0, Math.floor(growth - spread)),
    expected: value + Math.round(growth),
    high: value + Math.ceil(growth + spread),
    basisDays: days,
  }
}

/**
 * Forecasts a share at the period's end. Those that count and those that do not are taken as two independent Poisson
 * processes, each with the mean and variance of the count's forecast; the range of the share that they make is
 * Fieller's (E. C. Fieller, "Some problems in interval estimation", JRSS B 16, 1954): the shares s for which
 * (counted − s·all) is no further from 0 than the quantile times its standard deviation.
 * @returns null without data and before the first day of the window
 */
export function forecastShare(now: Pick<Sum, 'numerator' | 'denominator'>, pace: Pace): Forecast | null {
  const { window, days } = pace
  if (days <= 0 || now.denominator <= 0) return null
  const ratio = ratioOf(pace)
  const more = growth(pace)
  const expected = percent(now.numerator + more.numerator, now.denominator + more.denominator) ?? 0
  if (ratio === 0) return { low: expected, expected, high: ceilTenth(now), basisDays: days }
  // Packs come in lots: one arrival weighs as much as they do on average.
  const lot = window.numerator > 0 && window.squares > 0 ? window.squares / window.numerator : 1
  const arrivals = (amount: number) => Math.max(0, amount) / lot + HALF
  const counted = arrivals(window.numerator)
  const others = arrivals(window.denominator - window.numerator)
  const variance = (n: number) => lot * lot * n * (ratio + ratio * ratio)
  const top = now.numerator + lot * counted * ratio
  const all = now.denominator + lot * (counted + others) * ratio
  const [low, high] = fieller(top, all, variance(counted), variance(others))
  return {
    low: Math.min(expected, Math.floor(low * 1000 + 1e-6) / 10),
    expected,
    high: Math.max(expected, Math.ceil(high * 1000 - 1e-6) / 10),
    basisDays: days,
  }
}

const ceilTenth = ({ numerator, denominator }: Pick<Sum, 'numerator' | 'denominator'>): number =>
  Math.ceil((numerator * 1000) / denominator) / 10

/** Where (top − s·all)² = z²·((1−s)²·v + s²·w), within 0 and 1; all of it when too little is known. */
function fieller(top: number, all: number, v: number, w: number): [number, number] {
  const zz = Z_80 * Z_80
  const a = all * all - zz * (v + w)
  if (a <= 0) return [0, 1]
  const b = top * all - zz * v
  const root = Math.sqrt(Math.max(0, b * b - a * (top * top - zz * v)))
  return [Math.max(0, (b - root) / a), Math.min(1, (b + root) / a)]
}

/**
 * The share that is required of the further ones, as many as are expected, so that the target is reached at the end.
 * @param target percent
 */
export function requiredShare(
  now: Pick<Sum, 'numerator' | 'denominator'>,
  target: number,
  pace: Pace,
): Pick<Required, 'value' | 'further'> {
  const further = growth(pace).denominator
  if (further <= 0) return { value: null, further: Math.max(0, further) }
  // In hundredths of a percent, exactly.
  const missing = (now.denominator + further) * Math.round(target * 100) - now.numerator * 10_000
  const value = Math.max(0, Math.ceil(missing / (10 * further)) / 10)
  return { value: value > 100 ? null : value, further }
}

/** The day on which a count reaches its target at the present pace. */
export function countReached(value: number, target: number, asOf: CivilDate, pace: Pace): Reached {
  if (pace.days <= 0) return never('not-begun')
  const { numerator } = pace.window
  if (numerator <= 0) return never('no-pace')
  return after(asOf, ((target - value) * pace.days) / numerator)
}

/**
 * The day on which a share that is below its target reaches it, if what comes is as much, and of the same mix, as in
 * the window.
 * @param target percent
 */
export function shareReached(
  now: Pick<Sum, 'numerator' | 'denominator'>,
  target: number,
  asOf: CivilDate,
  pace: Pace,
): Reached {
  if (neededForShare(now.numerator, now.denominator, target) === null) return never('breached')
  if (pace.days <= 0) return never('not-begun')
  const { numerator, denominator } = pace.window
  if (denominator <= 0) return never('no-pace')
  const hundredths = Math.round(target * 100)
  const gain = numerator * 10_000 - denominator * hundredths
  if (gain <= 0) return never('mix-too-low')
  const missing = now.denominator * hundredths - now.numerator * 10_000
  return after(asOf, (missing * pace.days) / gain)
}

export const never = (reachedReason: ReachedReason): Reached => ({ reachedOn: null, reachedReason })

function after(asOf: CivilDate, days: number): Reached {
  // Whole numbers of days are not to become a day more by the division's rounding.
  const whole = Math.ceil(days - 1e-9)
  return whole > HORIZON_DAYS ? never('too-far') : { reachedOn: addDays(asOf, whole), reachedReason: null }
}

/** The first day of a period by whose end a count had reached a value that it has on the last one. */
export function firstDayWith(
  value: number,
  from: CivilDate,
  to: CivilDate,
  countUpTo: (day: CivilDate) => number,
): CivilDate {
  let [low, high] = [0, Math.max(0, daysBetween(from, to))]
  while (low < high) {
    const middle = (low + high) >> 1
    if (countUpTo(addDays(from, middle)) >= value) high = middle
    else low = middle + 1
  }
  return addDays(from, low)
}
