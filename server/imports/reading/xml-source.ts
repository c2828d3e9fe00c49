import { cellOf, type MarkupReader, MarkupSheet, openMarkup } from './markup.ts'
import type { Notes } from './notes.ts'
import { NumberCell, numberFormat } from './number-format.ts'
import { ListProblem } from './problem.ts'
import { type ListSource, MAX_COLUMNS, MAX_TEXT, type SourceCell } from './source.ts'
import type { TextFile } from './text-file.ts'
import { type XmlHandler, XmlReader } from './xml.ts'

/** Workbooks in the XML of 2003 (XML Spreadsheet), which many programs save under the name .xls. */

const MAX_ROW = 1_048_576
const GENERAL = numberFormat('General', false)

/** True for a text that begins as an XML Spreadsheet does. */
export const isXmlSpreadsheet = (start: string): boolean =>
  /^\s*<(?:\?xml|\w*:?Workbook)/.test(start) &&
  /urn:schemas-microsoft-com:office:spreadsheet/.test(start.slice(0, 10_000))

/** Opens such a workbook. Throws ListProblem. */
export const openXmlSpreadsheet = (file: TextFile): Promise<ListSource> =>
  openMarkup(file, 'xls', (notes) => new XmlSheets(notes))

class XmlSheets implements MarkupReader, XmlHandler {
  readonly sheets: MarkupSheet[] = []
  private readonly reader = new XmlReader(this)
  private readonly notes: Notes
  private element = ''
  private name = ''
  private row = 0
  private inRow = false
  private hidden = false
  private cells: SourceCell[] = []
  private column = -1
  private across = 0
  private down = 0
  private formula = false
  private type = ''
  private value: string | undefined
  private text_ = ''
  private capture: 'data' | 'visible' | undefined
  private col = { index: 0, span: 0, hidden: false }

  constructor(notes: Notes) {
    this.notes = notes
  }

  write(text: string): void {
    this.reader.write(text)
  }

  end(): void {
    this.reader.end()
  }

  open(name: string): void {
    this.element = name
    if (name === 'Worksheet') {
      this.name = ''
      this.row = 0
      this.col = { index: 0, span: 0, hidden: false }
    } else if (name === 'Table') this.sheets.push(new MarkupSheet(this.name))
    else if (name === 'Row') {
      if (this.inRow) throw new ListProblem('import.corrupt', { detail: 'a row within a row' })
      this.row++
      this.inRow = true
      this.hidden = false
      this.cells = []
      this.column = -1
    } else if (name === 'Cell') {
      this.column++
      this.across = 0
      this.down = 0
      this.formula = false
      this.value = undefined
    } else if (name === 'Data' || name === 'Visible') {
      this.type = ''
      this.text_ = ''
      this.capture = name === 'Data' ? 'data' : 'visible'
    } else if (name === 'Column') this.col = { index: this.col.index + 1, span: 0, hidden: false }
  }

  attribute(qualified: string, value: string): void {
    const name = qualified.slice(qualified.indexOf(':') + 1)
    const number = Number(value)
    const index = name === 'Index' && Number.isInteger(number) ? number : undefined
    if (this.element === 'Worksheet' && name === 'Name') this.name = value.slice(0, 200)
    else if (this.element === 'Row') {
      if (index !== undefined && index > this.row) this.moveTo(index)
      else if (name === 'Hidden') this.hidden = value === '1'
    } else if (this.element === 'Cell') {
      if (index !== undefined && index - 1 > this.column) this.column = index - 1
      else if (name === 'MergeAcross') this.across = Math.min(Math.max(0, number || 0), MAX_COLUMNS)
      else if (name === 'MergeDown') this.down = Math.min(Math.max(0, number || 0), MAX_ROW)
      else if (name === 'Formula') this.formula = true
    } else if (this.element === 'Data' && name === 'Type') this.type = value
    else if (this.element === 'Column') {
      if (index !== undefined) this.col.index = index
      else if (name === 'Span') this.col.span = Math.min(Math.max(0, number || 0), MAX_COLUMNS)
      else if (name === 'Hidden') this.col.hidden = value === '1'
    }
  }

  text(piece: string): void {
    if (this.capture && this.text_.length <= MAX_TEXT) this.text_ += piece.slice(0, MAX_TEXT + 1)
  }

  close(name: string): void {
    const sheet = this.sheets.at(-1)
    if (name === 'Data') this.value = this.text_
    else if (name === 'Cell') this.endCell()
    else if (name === 'Row') this.endRow(sheet)
    else if (name === 'Column') this.endColumn()
    else if (name === 'Visible' && sheet)
      sheet.hidden = this.text_.trim() !== '' && this.text_.trim() !== 'SheetVisible'
    if (name === 'Data' || name === 'Visible') this.capture = undefined
    this.element = ''
  }

  private endRow(sheet: MarkupSheet | undefined): void {
    if (this.inRow) sheet?.addRow({ row: this.row, hidden: this.hidden, cells: this.cells })
    this.cells = []
    this.inRow = false
  }

  private moveTo(row: number): void {
    if (row > MAX_ROW) throw new ListProblem('import.corrupt', { detail: `row ${row}` })
    this.row = row
  }

  private endCell(): void {
    if (!this.inRow) return
    const left = this.column
    this.column += this.across
    const range = { top: this.row - 1, bottom: this.row - 1 + this.down, left, right: left + this.across }
    if (left < MAX_COLUMNS) this.sheets.at(-1)?.addMerge(range)
    const cell = this.cell()
    if (cell === undefined) return
    if (left >= MAX_COLUMNS) this.notes.add('note.columns-cut', this.row, { max: String(MAX_COLUMNS) })
    else this.cells[left] = cell
  }

  private cell(): SourceCell {
    const { value, type, formula } = this
    if (value === undefined) return formula ? { text: '', value: '', formula } : undefined
    if (value === '') return undefined
    if (type === 'Number' && value.trim() !== '' && Number.isFinite(Number(value))) {
      return new NumberCell(Number(value), GENERAL, formula)
    }
    if (type === 'DateTime' && /^\d{4}-\d\d-\d\dT/.test(value)) {
      const date = value.slice(0, 10)
      return { text: value.endsWith('T00:00:00.000') ? date : value, value, date, formula }
    }
    if (type === 'Boolean') return { text: value === '1' ? 'TRUE' : 'FALSE', value: value === '1', formula }
    if (type === 'Error') return { text: value, value, error: true, formula }
    const text = cellOf(value, this.row, this.notes)
    return formula ? { text, value: text, formula } : text
  }

  private endColumn(): void {
    const sheet = this.sheets.at(-1)
    const { index, span, hidden } = this.col
    if (hidden)
      for (let c = index - 1; c < Math.min(index + span, MAX_COLUMNS); c++) sheet?.hiddenColumns.push(c)
    this.col.index += span
  }
}
