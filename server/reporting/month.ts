import { DateTime } from 'luxon'
import { civilDateAt, monthOf } from '../domain/civil-date.ts'

/** True for the month that it is at an instant, and the one before: those for which nil reports are taken. */
export function isOpenMonth(month: string, now: Date, timeZone: string): boolean {
  const present = monthOf(civilDateAt(now, timeZone))
  const before = DateTime.fromISO(`${present}-01`, { zone: 'utc' }).minus({ months: 1 }).toFormat('yyyy-MM')
  return month === present || month === before
}
