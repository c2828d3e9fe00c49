import type { Merge } from './head.ts'
import type { Notes } from './notes.ts'
import { NumberCell, type NumberFormat } from './number-format.ts'
import { ListProblem } from './problem.ts'
import type { SharedStrings } from './shared-strings.ts'
import { MAX_COLUMNS, MAX_TEXT, type SourceCell, type SourceRow } from './source.ts'
import { unescapeText, type XmlHandler } from './xml.ts'

/** The parts of a worksheet's XML that hold cells, columns and merged ranges. */

const MAX_ROW = 1_048_576
/** Characters of an attribute of a row or cell: references, numbers and names of types. */
const MAX_VALUE = 500
const MAX_MERGES = 500_000

/** What a worksheet's cells refer to. */
export interface BookParts {
  strings: SharedStrings
  /** by the cells' style numbers */
  formats: readonly NumberFormat[]
  general: NumberFormat
}

/** The 0-based column of a reference such as `AB12`, or -1 when it has none. */
export function columnOf(reference: string): number {
  let column = 0
  for (let i = 0; i < reference.length; i++) {
    const code = reference.charCodeAt(i) & 0xdf
    if (code < 65 || code > 90) break
    column = column * 26 + code - 64
    if (column > 20_000) break
  }
  return column - 1
}

/** A range such as `A1:C3`; undefined when it is none or a single cell. */
export function rangeOf(reference: string): Merge | undefined {
  const [from = '', to = ''] = reference.split(':')
  const top = Number(/\d+$/.exec(from)?.[0]) - 1
  const bottom = Number(/\d+$/.exec(to)?.[0]) - 1
  const left = columnOf(from)
  const right = columnOf(to)
  return top >= 0 && bottom >= top && left >= 0 && right >= left ? { top, left, bottom, right } : undefined
}

const isTrue = (value: string): boolean => value === '1' || value === 'true'

/** Reads a worksheet: rows pile up in `rows` for whoever feeds it to take away. */
export class SheetHandler implements XmlHandler {
  rows: SourceRow[] = []
  readonly merges: Merge[] = []
  readonly widths: (number | null)[] = []
  readonly hiddenColumns: number[] = []
  /** the end of the rows has been seen */
  done = false
  private readonly parts: BookParts
  private readonly notes: Notes | null
  private element = ''
  private rowNumber = 0
  private inRow = false
  private hidden = false
  private cells: SourceCell[] = []
  private any = false
  private column = -1
  private type = 'n'
  private style = 0
  private formula = false
  private value = ''
  /** a value is stored, be it the empty text that a formula came to */
  private stored = false
  private capture = false
  private phonetic = false
  private cut = false
  private col = { min: 0, max: 0, width: null as number | null, hidden: false }

  /** @param notes told of what is left out; null while only the top is looked at */
  constructor(parts: BookParts, notes: Notes | null) {
    this.parts = parts
    this.notes = notes
  }

  open(name: string): void {
    this.element = name
    if (name === 'c') {
      this.column++
      this.type = 'n'
      this.style = 0
      this.formula = false
      this.value = ''
      this.stored = false
    } else if (name === 'v') {
      this.capture = true
      this.stored = true
    } else if (name === 't') this.capture = !this.phonetic
    else if (name === 'f') this.formula = true
    else if (name === 'rPh') this.phonetic = true
    else if (name === 'row') {
      if (this.inRow) throw new ListProblem('import.corrupt', { detail: 'a row within a row' })
      this.rowNumber++
      this.inRow = true
      this.hidden = false
      this.cells = []
      this.any = false
      this.cut = false
      this.column = -1
    } else if (name === 'col') this.col = { min: 0, max: 0, width: null, hidden: false }
  }

  attribute(name: string, value: string): void {
    const { element } = this
    // a quote that is missing makes cells part of a value, and they would be lost
    if (value.length > MAX_VALUE && (element === 'c' || element === 'row')) {
      throw new ListProblem('import.corrupt', { detail: 'an attribute of a cell' })
    }
    if (element === 'c') {
      if (name === 'r') this.moveTo(columnOf(value))
      else if (name === 's') this.style = Number(value)
      else if (name === 't') this.type = value
    } else if (element === 'row') {
      if (name === 'r') this.startRow(Number(value))
      else if (name === 'hidden') this.hidden = isTrue(value)
    } else if (element === 'col') this.columnAttribute(name, value)
    else if (element === 'mergeCell' && name === 'ref') this.addMerge(value)
  }

  text(piece: string): void {
    if (!this.capture || this.value.length > MAX_TEXT) return
    this.value += piece.length > MAX_TEXT ? piece.slice(0, MAX_TEXT + 1) : piece
  }

  close(name: string): void {
    if (name === 'c') this.endCell()
    else if (name === 'v' || name === 't') this.capture = false
    else if (name === 'rPh') this.phonetic = false
    else if (name === 'row') this.endRow()
    else if (name === 'col') this.endColumn()
    else if (name === 'sheetData') this.done = true
  }

  private moveTo(column: number): void {
    if (column >= 0) this.column = column
  }

  /** A row that does not come after the last one gets the next number, so that numbers name rows. */
  private startRow(number: number): void {
    if (number > MAX_ROW) throw new ListProblem('import.corrupt', { detail: `row ${number}` })
    if (number > this.rowNumber) this.rowNumber = number
  }

  private endCell(): void {
    const { column } = this
    if (!this.inRow || (this.value === '' && (this.stored || !this.formula))) return
    if (column >= MAX_COLUMNS) {
      if (!this.cut) this.notes?.add('note.columns-cut', this.rowNumber, { max: String(MAX_COLUMNS) })
      this.cut = true
      return
    }
    this.cells[column] = this.cell()
    this.any = true
  }

  private cell(): SourceCell {
    const { type, formula, parts } = this
    if (type === 's' && this.value !== '') return this.textCell(this.shared())
    if (type === 'str' || type === 'inlineStr') return this.textCell(this.kept(unescapeText(this.value)))
    const value = this.kept(this.value.trim())
    if (value === '') return { text: '', value: '', formula }
    if (type === 'b') return { text: isTrue(value) ? 'TRUE' : 'FALSE', value: isTrue(value), formula }
    if (type === 'e') return { text: value, value, error: true, formula }
    if (type === 'd') return { text: value, value, date: /^\d{4}-\d\d-\d\d/.exec(value)?.[0], formula }
    const number = Number(value)
    if (!Number.isFinite(number)) return this.textCell(value)
    return new NumberCell(number, parts.formats[this.style] ?? parts.general, formula)
  }

  private shared(): string {
    const text = this.parts.strings.get(Number(this.value))
    if (text === undefined)
      throw new ListProblem('import.corrupt', { detail: `shared text ${this.value}`.slice(0, 60) })
    return text
  }

  private textCell(text: string): SourceCell {
    return this.formula ? { text, value: text, formula: true } : text
  }

  private kept(text: string): string {
    if (text.length <= MAX_TEXT) return text
    this.notes?.add('note.text-cut', this.rowNumber, { max: String(MAX_TEXT) })
    return text.slice(0, MAX_TEXT)
  }

  private endRow(): void {
    if (this.any) this.rows.push({ row: this.rowNumber, hidden: this.hidden, cells: this.cells })
    this.cells = []
    this.any = false
    this.inRow = false
  }

  private columnAttribute(name: string, value: string): void {
    if (name === 'min') this.col.min = Number(value)
    else if (name === 'max') this.col.max = Number(value)
    else if (name === 'width') this.col.width = Number.isFinite(Number(value)) ? Number(value) : null
    else if (name === 'hidden') this.col.hidden = isTrue(value)
  }

  private endColumn(): void {
    const { min, max, width, hidden } = this.col
    for (let c = Math.max(0, min - 1); c < Math.min(max, MAX_COLUMNS); c++) {
      while (this.widths.length < c) this.widths.push(null)
      this.widths[c] = width
      if (hidden) this.hiddenColumns.push(c)
    }
  }

  private addMerge(reference: string): void {
    const range = rangeOf(reference)
    if (range === undefined) return
    if (this.merges.length >= MAX_MERGES)
      throw new ListProblem('import.too-complex', { detail: 'merged cells' })
    this.merges.push(range)
  }
}
