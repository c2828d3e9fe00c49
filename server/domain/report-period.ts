import { DateTime } from 'luxon'
import { addDays, type CivilDate, civilDateAt, endOfMonth, monthOf, monthsBetween } from './civil-date.ts'

/** The periods that reports are of: whole ISO weeks (ISO 8601), months and quarters. Pure; days, never instants. */

export const REPORT_KINDS = ['weekly', 'monthly', 'quarterly'] as const
export type ReportKind = (typeof REPORT_KINDS)[number]

/** A period by its name, first and last day. */
export interface ReportPeriod {
  kind: ReportKind
  /** `2026-W48`, `2026-11`, `2026-Q4`: weeks belong to the year that has most of their days */
  name: string
  from: CivilDate
  to: CivilDate
}

const UNIT = { weekly: 'week', monthly: 'month', quarterly: 'quarter' } as const
const NAME = { weekly: "kkkk-'W'WW", monthly: 'yyyy-MM', quarterly: "yyyy-'Q'q" } as const

/** The period in which a day lies. */
export function periodWith(kind: ReportKind, day: CivilDate): ReportPeriod {
  const at = DateTime.fromISO(day, { zone: 'utc' })
  const unit = UNIT[kind]
  return {
    ...{ kind, name: at.toFormat(NAME[kind]) },
    from: at.startOf(unit).toFormat('yyyy-MM-dd'),
    to: at.endOf(unit).toFormat('yyyy-MM-dd'),
  }
}

/** The last period that was over when the day of an instant began, whenever a schedule asks. */
export function lastPeriodBefore(kind: ReportKind, instant: Date, timeZone: string): ReportPeriod {
  return periodWith(kind, addDays(periodWith(kind, civilDateAt(instant, timeZone)).from, -1))
}

/** The period of a name; undefined for a name that is none. */
export function readPeriod(kind: ReportKind, name: string): ReportPeriod | undefined {
  const at = {
    weekly: () => DateTime.fromFormat(name, NAME.weekly, { zone: 'utc' }),
    monthly: () => DateTime.fromFormat(name, NAME.monthly, { zone: 'utc' }),
    quarterly: () => DateTime.fromFormat(name, NAME.quarterly, { zone: 'utc' }),
  }[kind]()
  if (!at.isValid || at.year < 1900 || at.year >= 2200) return undefined
  const period = periodWith(kind, at.toFormat('yyyy-MM-dd'))
  return period.name === name ? period : undefined
}

/** A period's year and its number in it: of 2026-W48, 2026 and 48. */
export function placeOf({ name }: Pick<ReportPeriod, 'name'>): { year: number; nth: number } {
  return { year: Number(name.slice(0, 4)), nth: Number(name.slice(5).replace(/^\D/, '')) }
}

/**
 * The months that a report on a period judges: those in it that are over by its end; for a week in the middle of a
 * month, the month before.
 */
export function monthsJudged({ from, to }: Pick<ReportPeriod, 'from' | 'to'>): string[] {
  const over = monthsBetween(from, to).filter((month) => endOfMonth(month) <= to)
  return over.length > 0 ? over : [monthOf(addDays(`${monthOf(to)}-01`, -1))]
}
