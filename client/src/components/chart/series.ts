import type { RuleFigure, Trend } from '../../../../server/compliance/schema.ts'

/** What a burn-up or share chart draws, month by month over the whole period; null where there is nothing. */
export interface Series {
  months: string[]
  actual: (number | null)[]
  required: (number | null)[]
  /** the forecast's range, from the last known month to the period's end */
  low: (number | null)[]
  high: (number | null)[]
  /** what has to come from the last known month on, straight to the target at the period's end */
  fromToday: (number | null)[]
}

/**
 * Lays a rule's course and its required line along the months of the period. Between the last known month and the
 * end, the forecast's range opens in a straight line: it is an outlook, not a course.
 * @param goal the target of a count that is still to be reached; null draws no line to it
 * @param withLine false for a part of the city, to which the city's line does not apply
 */
export function seriesOf(
  trend: Trend,
  forecast: RuleFigure['forecast'],
  goal: number | null,
  withLine = true,
): Series {
  const months = trend.requiredLine.map((p) => p.month)
  const points = new Map(trend.points.map((p) => [p.month, p.value]))
  const actual = months.map((m) => points.get(m) ?? null)
  const required = trend.requiredLine.map((p) => (withLine ? p.required : null))
  const last = actual.findLastIndex((value) => value !== null)
  const reached = actual[last]
  const end = months.length - 1
  const towards = (height: number | undefined) =>
    months.map((_, i) => {
      if (height === undefined || last < 0 || last >= end || i < last || typeof reached !== 'number')
        return null
      return reached + ((height - reached) * (i - last)) / (end - last)
    })
  const [low, high] = [towards(forecast?.low), towards(forecast?.high)]
  return { months, actual, required, low, high, fromToday: towards(goal ?? undefined) }
}
