import { DateTime } from 'luxon'
import { z } from 'zod'

/** The zone in which a civil date is meant. */
export const POLICY_ZONE = 'Asia/Shanghai'

/** A day of the calendar, `YYYY-MM-DD`; never an instant. Compares correctly as a string. */
export type CivilDate = string

const FORM = /^\d{4}-\d{2}-\d{2}$/

/** True if the text is `YYYY-MM-DD` and such a day exists, 1900 to 2199. */
export function isCivilDate(text: string): text is CivilDate {
  if (!FORM.test(text)) return false
  const year = Number(text.slice(0, 4))
  const month = Number(text.slice(5, 7))
  const day = Number(text.slice(8, 10))
  return (
    year >= 1900 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
  )
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** A civil date in requests and documents. */
export const civilDate = z
  .string()
  .refine(isCivilDate, { error: 'date.invalid' })
  .meta({ format: 'date', example: '2026-11-02', description: 'A civil date, YYYY-MM-DD' })

/** The civil date at an instant in a zone (Asia/Shanghai unless told). */
export function civilDateAt(instant: Date, zone: string = POLICY_ZONE): CivilDate {
  return DateTime.fromJSDate(instant, { zone }).toFormat('yyyy-MM-dd')
}

/** The instant at which a civil date begins in a zone (Asia/Shanghai unless told). */
export const startOfDay = (date: CivilDate, zone: string = POLICY_ZONE): Date =>
  DateTime.fromISO(date, { zone }).startOf('day').toJSDate()

const dayNumber = (date: CivilDate): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000

/** Days from one civil date to another; negative when `to` is earlier. */
export const daysBetween = (from: CivilDate, to: CivilDate): number => dayNumber(to) - dayNumber(from)

/** The civil date so many days later (earlier when negative). */
export const addDays = (date: CivilDate, days: number): CivilDate =>
  new Date((dayNumber(date) + days) * 86_400_000).toISOString().slice(0, 10)

/** `YYYY-MM` of a civil date. */
export const monthOf = (date: CivilDate): string => date.slice(0, 7)

/** The last day of a month given as `YYYY-MM`. */
export function endOfMonth(month: string): CivilDate {
  const year = Number(month.slice(0, 4))
  return `${month}-${String(daysInMonth(year, Number(month.slice(5, 7)))).padStart(2, '0')}`
}

/** The months `YYYY-MM` from one date's month to another's, both included. */
export function monthsBetween(from: CivilDate, to: CivilDate): string[] {
  const months: string[] = []
  for (let m = monthOf(from); m <= monthOf(to); m = monthOf(addDays(endOfMonth(m), 1))) months.push(m)
  return months
}

/** Months and their fraction from the end of one day to the end of another, by the calendar. */
export function calendarMonths(from: CivilDate, to: CivilDate): number {
  const start = DateTime.fromISO(addDays(from, 1), { zone: 'utc' })
  return DateTime.fromISO(addDays(to, 1), { zone: 'utc' }).diff(start, 'months').months
}
