import { DATE_FORMAT, DATE_TIME_FORMAT, type Style, type Styles, TEXT_FORMAT } from './styles.ts'
import { columnName, textElement } from './xml.ts'

/** A civil date `YYYY-MM-DD`, with the part of the day that has passed (0 for none). */
export interface DateValue {
  date: string
  time?: number
}

/** A cell to write. A text is always written as text, whatever it looks like: there are no formulas. */
export interface OutCell {
  value: string | number | boolean | DateValue | null
  style?: Style | undefined
  /** shown when the pointer rests on the cell */
  note?: string | undefined
}

export interface OutRow {
  /** 1-based */
  row: number
  hidden?: boolean
  /** points */
  height?: number
  /** from column A on */
  cells: readonly (OutCell | null)[]
}

const DAY = 86_400_000
const ORIGIN = Date.UTC(1899, 11, 30)

/**
 * The number by which a spreadsheet knows a day; undefined for what is no day or lies before March 1900, where
 * spreadsheets count a day that never was.
 */
export function dateSerial(date: string): number | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date)
  if (!parts) return undefined
  const serial = (Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])) - ORIGIN) / DAY
  return serial > 60 ? serial : undefined
}

/** A text that a spreadsheet would take for a formula or a number as soon as somebody edits its cell. */
const LOOKS_OTHERWISE = /^\s*[=+\-@]|^\s*\d[\d.,eE+\s]*$/

/** Gives the styles of cells as they are needed: the given style with another number format. */
export class CellWriter {
  private readonly styles: Styles
  private readonly formatted = new Map<string, WeakMap<Style, Style>>()

  constructor(styles: Styles) {
    this.styles = styles
  }

  /** A cell as XML; the empty text for an empty cell without looks. */
  xml(cell: OutCell, column: number, row: number): string {
    const at = `<c r="${columnName(column)}${row}"`
    const { value, style } = cell
    if (typeof value === 'string' && value !== '') {
      const looks = LOOKS_OTHERWISE.test(value) ? this.withFormat(style, TEXT_FORMAT) : style
      return `${at}${this.s(looks)} t="inlineStr"><is>${textElement(value)}</is></c>`
    }
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) return `${at}${this.s(style)}/>`
      return `${at}${this.s(style)}><v>${value}</v></c>`
    }
    if (typeof value === 'boolean') return `${at}${this.s(style)} t="b"><v>${value ? 1 : 0}</v></c>`
    if (typeof value === 'object' && value !== null) return this.date(at, value, style)
    return style === undefined ? '' : `${at}${this.s(style)}/>`
  }

  private date(at: string, { date, time = 0 }: DateValue, style: Style | undefined): string {
    const serial = dateSerial(date)
    if (serial === undefined) return `${at}${this.s(style)} t="inlineStr"><is>${textElement(date)}</is></c>`
    const looks = this.withFormat(style, time > 0 ? DATE_TIME_FORMAT : DATE_FORMAT)
    return `${at}${this.s(looks)}><v>${serial + time}</v></c>`
  }

  private s(style: Style | undefined): string {
    const index = style === undefined ? 0 : this.styles.indexOf(style)
    return index === 0 ? '' : ` s="${index}"`
  }

  private withFormat(style: Style = PLAIN, format: string): Style {
    if (style.format !== undefined) return style
    const known = this.formatted.get(format) ?? new WeakMap<Style, Style>()
    this.formatted.set(format, known)
    const made = known.get(style) ?? { ...style, format }
    known.set(style, made)
    return made
  }
}

const PLAIN: Style = {}
