import type { CivilDate } from './civil-date.ts'
import { addDays, daysBetween } from './civil-date.ts'
import type { Sum } from './tally.ts'

/** Where a count is heading at the period's end: an 80 % range around the present pace. */
export interface Forecast {
  low: number
  expected: number
  high: number
  /** the days of the course that it rests on, at most 365 */
  basisDays: number
}

const WINDOW_DAYS = 365
/** The standard normal quantile that leaves 10 % on either side. */
const Z_80 = 1.2816

/** The day before the window on which a forecast rests begins, and the window's length in days. */
export function forecastWindow(periodFrom: CivilDate, asOf: CivilDate): { before: CivilDate; days: number } {
  const days = Math.min(WINDOW_DAYS, Math.max(0, daysBetween(periodFrom, asOf) + 1))
  return { before: addDays(asOf, -days), days }
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
