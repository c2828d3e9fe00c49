import type { Dayjs } from 'dayjs'
import type { ReportKind } from '../../../../server/reports/schema.ts'

/** The Thursday of a day's week, which says to which year the week belongs (ISO 8601). */
const thursdayOf = (day: Dayjs): Dayjs => day.add(4 - (day.day() || 7), 'day')

/** A day's ISO week, as `2026-W48`. */
export function isoWeekOf(day: Dayjs): string {
  const thursday = thursdayOf(day)
  const week = Math.floor(thursday.diff(thursday.startOf('year'), 'day') / 7) + 1
  return `${thursday.year()}-W${String(week).padStart(2, '0')}`
}

/** The last day of the week, month or quarter that a day lies in. */
export function lastDayOf(kind: ReportKind, day: Dayjs): Dayjs {
  if (kind === 'weekly') return day.add(7 - (day.day() || 7), 'day')
  const last = kind === 'monthly' ? day.month() : Math.floor(day.month() / 3) * 3 + 2
  return day.startOf('month').month(last).endOf('month')
}
