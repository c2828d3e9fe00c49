import { Parser } from 'htmlparser2'
import { cellOf, type MarkupReader, MarkupSheet, openMarkup } from './markup.ts'
import type { Notes } from './notes.ts'
import { ListProblem } from './problem.ts'
import { type ListSource, MAX_COLUMNS, MAX_TEXT, type SourceCell } from './source.ts'
import type { TextFile } from './text-file.ts'

/** Tables in HTML, which many programs save under the name .xls. All tables of a page are one sheet, as in a spreadsheet. */

const MAX_DEPTH = 10_000
const MAX_SILENCE = 16_000_000
const MAX_SPAN = 65_536
const UNSEEN = new Set(['script', 'style', 'title', 'template', 'noscript'])
const BREAKS = new Set(['br', 'p', 'div', 'li'])
const HIDDEN = /display\s*:\s*none/i

/** True for a text that begins as HTML does. */
export const isHtml = (start: string): boolean =>
  /^\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--[\s\S]{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|table|style|div|center|h\d|p)\b/i.test(
    start.slice(0, 3000),
  )

/** The page's tables as one sheet. Throws ListProblem. */
export const openHtml = (file: TextFile): Promise<ListSource> =>
  openMarkup(file, 'html', (notes) => new HtmlTables(notes))

/** A row being read; tables stand in cells of others. */
interface OpenRow {
  cells: SourceCell[]
  column: number
  hidden: boolean
  cell: { text: string; colspan: number; rowspan: number } | undefined
  /** ranges that begin in it, by their columns */
  spans: { left: number; right: number; rows: number }[]
}

/** A table: which columns of the coming rows are taken by cells from above. */
interface OpenTable {
  taken: Map<number, number>
  row: OpenRow | undefined
}

class HtmlTables implements MarkupReader {
  readonly sheets = [new MarkupSheet(null)]
  private readonly sheet = this.sheets[0] as MarkupSheet
  private readonly parser: Parser
  private readonly notes: Notes
  private readonly tables: OpenTable[] = []
  private caption: string | undefined
  private depth = 0
  private unseen = 0
  private silence = 0
  private nextColumn = 0

  constructor(notes: Notes) {
    this.notes = notes
    this.parser = new Parser({
      onopentag: (name, attributes) => this.open(name, attributes),
      ontext: (text) => this.text(text),
      onclosetag: (name) => this.close(name),
    })
  }

  write(text: string): void {
    this.silence += text.length
    if (this.silence > MAX_SILENCE) throw new ListProblem('import.too-complex', { detail: 'html: length' })
    this.parser.write(text)
  }

  end(): void {
    this.parser.end()
  }

  private open(name: string, attributes: Record<string, string>): void {
    this.silence = 0
    if (++this.depth > MAX_DEPTH) throw new ListProblem('import.too-complex', { detail: 'html: depth' })
    const table = this.tables.at(-1)
    if (UNSEEN.has(name)) this.unseen++
    else if (name === 'table') this.startTable()
    else if (name === 'caption') this.caption = ''
    else if (name === 'col') this.column(attributes)
    else if (name === 'tr' && table) this.startRow(table, HIDDEN.test(attributes.style ?? ''))
    else if ((name === 'td' || name === 'th') && table) {
      if (table.row === undefined) this.startRow(table, false)
      if (table.row) this.startCell(table.row, attributes)
    } else if (BREAKS.has(name)) this.text('\n')
  }

  private text(text: string): void {
    this.silence = 0
    if (this.unseen > 0) return
    if (this.caption !== undefined) {
      if (this.caption.length < 1000) this.caption += text
      return
    }
    const cell = this.tables.at(-1)?.row?.cell
    if (cell && cell.text.length <= MAX_TEXT * 2) cell.text += text.slice(0, MAX_TEXT * 2)
  }

  private close(name: string): void {
    this.depth--
    const table = this.tables.at(-1)
    if (UNSEEN.has(name)) this.unseen = Math.max(0, this.unseen - 1)
    else if (name === 'caption') this.endCaption()
    else if (table === undefined) return
    else if (name === 'td' || name === 'th') this.endCell(table)
    else if (name === 'tr') this.endRow(table)
    else if (name === 'table') {
      this.endRow(table)
      this.tables.pop()
    }
  }

  private startTable(): void {
    this.nextColumn = 0
    this.tables.push({ taken: new Map(), row: undefined })
  }

  private endCaption(): void {
    const text = tidy(this.caption ?? '')
    this.caption = undefined
    if (text !== '') this.sheet.addRow({ row: this.sheet.lastRow + 1, hidden: false, cells: [text] })
  }

  private column(attributes: Record<string, string>): void {
    const span = spanOf(attributes.span, MAX_COLUMNS)
    if (HIDDEN.test(attributes.style ?? '')) {
      for (let c = 0; c < span; c++) this.sheet.hiddenColumns.push(this.nextColumn + c)
    }
    this.nextColumn += span
  }

  private startRow(table: OpenTable, hidden: boolean): void {
    this.endRow(table)
    table.row = { cells: [], column: 0, hidden, cell: undefined, spans: [] }
  }

  private startCell(row: OpenRow, attributes: Record<string, string>): void {
    const table = this.tables.at(-1)
    if (table) this.endCell(table)
    row.cell = {
      text: '',
      colspan: spanOf(attributes.colspan, MAX_COLUMNS),
      rowspan: spanOf(attributes.rowspan, MAX_SPAN),
    }
  }

  private endCell(table: OpenTable): void {
    const { row } = table
    if (row?.cell === undefined) return
    while ((table.taken.get(row.column) ?? 0) > 0) row.column++
    const { text, colspan, rowspan } = row.cell
    row.cell = undefined
    const left = row.column
    row.column += colspan
    const tidied = tidy(text)
    if (left >= MAX_COLUMNS) {
      if (tidied !== '')
        this.notes.add('note.columns-cut', this.sheet.lastRow + 1, { max: String(MAX_COLUMNS) })
      return
    }
    if (tidied !== '') row.cells[left] = cellOf(tidied, this.sheet.lastRow + 1, this.notes)
    if (colspan > 1 || rowspan > 1) row.spans.push({ left, right: left + colspan - 1, rows: rowspan })
  }

  private endRow(table: OpenTable): void {
    this.endCell(table)
    const { row } = table
    if (row === undefined) return
    table.row = undefined
    for (const [column, rows] of table.taken) {
      if (rows <= 1) table.taken.delete(column)
      else table.taken.set(column, rows - 1)
    }
    const number = this.sheet.lastRow + 1
    for (const { left, right, rows } of row.spans) {
      this.sheet.addMerge({ top: number - 1, bottom: number + rows - 2, left, right })
      if (rows > 1) for (let c = left; c <= Math.min(right, MAX_COLUMNS); c++) table.taken.set(c, rows - 1)
    }
    this.sheet.addRow({ row: number, hidden: row.hidden, cells: row.cells })
  }
}

const spanOf = (text: string | undefined, max: number): number =>
  Math.min(Math.max(1, Math.floor(Number(text ?? 1)) || 1), max)

/** White space as a browser shows it, line breaks of <br> kept. */
const tidy = (text: string): string =>
  text
    .replace(/[ \t\r\f\u00a0]+/g, ' ')
    .replace(/ ?\n[ \n]*/g, '\n')
    .trim()
