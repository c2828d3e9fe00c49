import { type CivilDate, civilDateAt, isCivilDate } from './civil-date.ts'
import { clean, memo } from './read-text.ts'
import type { Cell } from './row.ts'

/** Dates as lists write them: text in many forms, spreadsheet serial numbers, Date objects. */

/** A date read, or why it could not be. */
export type DateReading = { date: CivilDate } | { code: 'date.invalid' | 'date.ambiguous' }

const INVALID: DateReading = { code: 'date.invalid' }
const AMBIGUOUS: DateReading = { code: 'date.ambiguous' }

/** Serial numbers (1900 system) that are read as dates: 1990-01-01 to 2100-12-31. */
const SERIAL_MIN = 32_874
const SERIAL_MAX = 73_415

const TIME = String.raw`(?:[t,]?\s*(?:上午|下午|凌晨|中午|晚上|am|pm)?\s*\d{1,2}\s*[:时点]\s*(?:\d{1,2}\s*(?:[:分]\s*(?:\d{1,2}(?:\.\d+)?\s*秒?)?)?)?\s*(?:am|pm)?)`
const WEEKDAY = String.raw`(?:\s*\(?(?:星期|周)[一二三四五六日天]\)?)`
const TAIL = String.raw`\s*(?:${WEEKDAY}?\s*${TIME}?)\s*$`
const S = String.raw`\s*[-/.\\、,_—–]\s*`
const YEAR_FIRST = new RegExp(
  String.raw`^(\d{4})(?:\s*年\s*|${S}|\s+)(\d{1,2})(?:\s*月\s*|${S}|\s+)(\d{1,2})\s*[日号]?${TAIL}`,
)
const YEAR_LAST = new RegExp(String.raw`^(\d{1,2})${S}(\d{1,2})${S}(\d{4})${TAIL}`)
const SHORT_YEAR = new RegExp(
  String.raw`^['’]?(\d{1,2})(?:\s*年\s*|${S})(\d{1,2})(?:\s*月\s*|${S})['’]?(\d{1,2})\s*[日号]?${TAIL}`,
)
const MONTH_NAMED = new RegExp(
  String.raw`^(\d{1,2})[-/\s.]+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-/\s.,]+(\d{2}|\d{4})${TAIL}`,
)
const MONTHS = 'janfebmaraprmayjunjulaugsepoctnovdec'
const INSTANT = /^(\d{4}-\d{2}-\d{2})t\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})$/
const COMPACT = /^\d{8}(?:\d{6})?$/
const SERIAL = /^\d{5}(?:\.\d+)?$/

const pad = (n: number): string => String(n).padStart(2, '0')

/** The civil date of a year, month and day, or undefined when there is no such day. */
function civil(year: number, month: number, day: number): CivilDate | undefined {
  const text = `${String(year).padStart(4, '0')}-${pad(month)}-${pad(day)}`
  return isCivilDate(text) ? text : undefined
}

const read = (date: CivilDate | undefined): DateReading => (date === undefined ? INVALID : { date })

const compact = (digits: string): DateReading =>
  read(civil(Number(digits.slice(0, 4)), Number(digits.slice(4, 6)), Number(digits.slice(6, 8))))

/** The civil date of a serial number of the 1900 system, its time of day dropped; undefined outside 1990–2100. */
export function dateOfSerial(serial: number): CivilDate | undefined {
  const day = Math.floor(serial)
  if (!(day >= SERIAL_MIN && day <= SERIAL_MAX)) return undefined
  return new Date((day - 25_569) * 86_400_000).toISOString().slice(0, 10)
}

function ofNumber(value: number): DateReading {
  if (Number.isInteger(value) && value >= 19_000_101 && value <= 21_991_231) return compact(String(value))
  return read(dateOfSerial(value))
}

/** Day-month or month-day order: read when only one of the two is a date, or both are the same. */
function yearLast(a: number, b: number, year: number): DateReading {
  const readings = new Set([civil(year, a, b), civil(year, b, a)].filter((d) => d !== undefined))
  const [only] = readings
  return readings.size > 1 ? AMBIGUOUS : read(only)
}

/** A two-digit year is always asked about, if any order of the three makes a date. */
function shortYear(a: number, b: number, c: number): DateReading {
  const possible = civil(2000 + a, b, c) ?? civil(2000 + c, a, b) ?? civil(2000 + c, b, a)
  return possible === undefined ? INVALID : AMBIGUOUS
}

function ofText(original: string): DateReading {
  const text = clean(original).toLowerCase()
  if (text.length > 60) return INVALID
  if (INSTANT.test(text)) {
    const instant = new Date(text.toUpperCase())
    return Number.isNaN(instant.getTime()) || !isCivilDate(text.slice(0, 10))
      ? INVALID
      : read(civilDateAt(instant))
  }
  if (COMPACT.test(text)) return compact(text)
  if (SERIAL.test(text)) return ofNumber(Number(text))
  const parts = (m: RegExpExecArray): [number, number, number] => [Number(m[1]), Number(m[2]), Number(m[3])]
  const yearFirst = YEAR_FIRST.exec(text)
  if (yearFirst) return read(civil(...parts(yearFirst)))
  const last = YEAR_LAST.exec(text)
  if (last) return yearLast(...parts(last))
  const named = MONTH_NAMED.exec(text)
  if (named) {
    const [day, , year] = parts(named)
    const date = civil(year < 100 ? 2000 + year : year, MONTHS.indexOf(named[2] ?? '') / 3 + 1, day)
    return date !== undefined && year < 100 ? AMBIGUOUS : read(date)
  }
  const short = SHORT_YEAR.exec(text)
  return short ? shortYear(...parts(short)) : INVALID
}

const ofKnownText = memo(ofText, 40_000)

/**
 * The date that a cell means. Takes text (2024-05-11, 2024/5/11, 2024.5.11, 2024年5月11日, 20240511, a serial number
 * of five digits; a time behind is dropped), a number (20240511 or a serial number of the 1900 system within
 * 1990–2100) or a Date, which is an instant and read in Asia/Shanghai. Two-digit years and day-month orders that
 * could be read two ways are `date.ambiguous`. Source: domain.md "Upload vocabulary".
 */
export function readDate(cell: Cell): DateReading {
  if (typeof cell === 'number') return ofNumber(cell)
  if (typeof cell === 'string') return ofKnownText(cell)
  if (cell instanceof Date && !Number.isNaN(cell.getTime())) return read(civil(...shanghai(cell)))
  return INVALID
}

function shanghai(instant: Date): [number, number, number] {
  const text = civilDateAt(instant)
  return [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10))]
}
