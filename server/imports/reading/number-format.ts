import { SSF } from '@e965/xlsx'
import type { RichCell } from './source.ts'

/** How spreadsheets show numbers: dates in both systems, codes with leading zeros. */

/** Days between the two date systems of spreadsheets, 1900 and 1904. */
const DAYS_1904 = 1462

const MOST_DAYS = 20_000

/** Formats that Chinese spreadsheets take for granted by number (ECMA-376 part 1, 18.8.30, zh-cn). */
const CHINESE: Readonly<Record<number, string>> = {
  ...{ 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: 'm/d/yy', 31: 'yyyy"年"m"月"d"日"' },
  ...{ 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: 'h"时"mm"分"', 35: 'h"时"mm"分"ss"秒"' },
  ...{ 36: 'yyyy"年"m"月"', 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"' },
  ...{ 54: 'm"月"d"日"', 55: 'h"时"mm"分"', 56: 'h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"' },
}

/** A number format with what matters of it. */
export interface NumberFormat {
  readonly code: string
  readonly general: boolean
  readonly isDate: boolean
  readonly padded: boolean
  readonly date1904: boolean
}

/** The format of a code such as `yyyy-mm-dd`. Never throws: a format that nobody can read shows no date. */
export function numberFormat(code: string, date1904: boolean): NumberFormat {
  let isDate = false
  try {
    isDate = code.length <= 255 && SSF.is_date(code) === true
  } catch {
    // as the docstring says
  }
  return {
    code: code === 'm/d/yy' ? 'yyyy/m/d' : code,
    general: code === '' || code === 'General' || code.length > 255,
    isDate,
    padded: /^0{2,}$/.test(code),
    date1904,
  }
}

/** The code of a format that the workbook does not spell out. */
export const builtInFormat = (id: number): string =>
  CHINESE[id] ?? (SSF.get_table() as Record<number, string | undefined>)[id] ?? 'General'

const pad = (n: number, width: number): string => String(n).padStart(width, '0')

/** The day of a serial number, kept by number: lists repeat few days very often. */
function daysOf(date1904: boolean): (serial: number) => string | undefined {
  const known = new Map<number, string | undefined>()
  return (serial) => {
    if (known.has(serial)) return known.get(serial)
    const parts: { y: number; m: number; d: number } | null = SSF.parse_date_code(serial, { date1904 })
    const day = parts && parts.d >= 1 ? `${pad(parts.y, 4)}-${pad(parts.m, 2)}-${pad(parts.d, 2)}` : undefined
    if (known.size >= MOST_DAYS) known.clear()
    known.set(serial, day)
    return day
  }
}

const dayOf1900 = daysOf(false)
const dayOf1904 = daysOf(true)

/** A number; how it is shown is worked out only when somebody asks. */
export class NumberCell implements RichCell {
  readonly value: number
  readonly formula: boolean
  private readonly format: NumberFormat

  constructor(value: number, format: NumberFormat, formula = false) {
    this.value = value
    this.format = format
    this.formula = formula
  }

  get text(): string {
    const { general, code, date1904 } = this.format
    if (general && Number.isInteger(this.value) && Math.abs(this.value) < 1e11) return String(this.value)
    try {
      return SSF.format(general ? 'General' : code, this.value, { date1904 })
    } catch {
      return String(this.value)
    }
  }

  get padded(): boolean {
    return this.format.padded
  }

  /** The day shown; undefined when it is formatted otherwise, or is no day (a time alone, a negative number). */
  get date(): string | undefined {
    if (!this.format.isDate || this.value < 1) return undefined
    return this.format.date1904 ? dayOf1904(this.value) : dayOf1900(this.value)
  }

  get serial(): number {
    const shifted = this.format.date1904 && !this.format.isDate && this.value < 100_000
    return shifted ? this.value + DAYS_1904 : this.value
  }
}
