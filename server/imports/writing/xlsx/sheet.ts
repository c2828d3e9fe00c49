import { CellWriter, type OutRow } from './cells.ts'
import type { Note } from './notes.ts'
import type { Style, Styles } from './styles.ts'
import { columnName, escapeXml, rangeName, XML_HEAD } from './xml.ts'

/** A merged range, both corners included, 0-based. */
export interface MergedRange {
  top: number
  left: number
  bottom: number
  right: number
}

/** A list to choose from, for a column from a row (1-based) down to the sheet's end. */
export interface Choice {
  column: number
  from: number
  /** without commas; together at most 255 characters: what a spreadsheet takes */
  values: readonly string[]
  /** what is shown when another value is entered */
  message: string
  /** another value is taken after a warning */
  lenient?: boolean
}

/** A sheet to write. */
export interface SheetSpec {
  name: string
  rows: AsyncIterable<readonly OutRow[]> | Iterable<readonly OutRow[]>
  /** in characters; null for the usual width */
  widths?: readonly (number | null)[]
  /** looks of the columns' cells that are not written */
  columnStyles?: readonly (Style | undefined)[]
  /** rows at the top that stay in view */
  frozen?: number
  merges?: readonly MergedRange[]
  choices?: readonly Choice[]
  /** columns 0 to `right` can be filtered by the header in row `header` (1-based) */
  filter?: { header: number; right: number } | undefined
}

/** The last row that a sheet can have. */
export const LAST_ROW = 1_048_576
const CHUNK = 65_536
/** Rows of all merged ranges together; more than that no list has for a reason. */
const MERGED_ROWS = 500_000
const NAMESPACES =
  'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"' +
  ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
/** The relationship of a sheet to where its notes are shown. */
export const NOTES_RELATION = 'rIdNotes'

/** One sheet as it is written: afterwards it holds the notes, and the range that can be filtered. */
export class SheetXml {
  readonly notes: Note[] = []
  filterRange: MergedRange | null = null
  private readonly spec: SheetSpec
  private readonly styles: Styles
  private readonly cells: CellWriter
  private readonly noteLimit: number
  private lastRow = 0

  /** @param noteLimit notes beyond this number are left out: spreadsheets take minutes to open a file with many */
  constructor(spec: SheetSpec, styles: Styles, noteLimit: number) {
    this.spec = spec
    this.styles = styles
    this.cells = new CellWriter(styles)
    this.noteLimit = noteLimit
  }

  /** The sheet's XML, in pieces. Rows that a sheet cannot hold are left out. */
  async *xml(): AsyncIterable<string> {
    yield this.head()
    let piece = ''
    for await (const rows of this.spec.rows) {
      for (const row of rows) {
        if (row.row <= LAST_ROW) piece += this.row(row)
        if (piece.length < CHUNK) continue
        yield piece
        piece = ''
      }
    }
    yield piece + this.tail()
  }

  private head(): string {
    const { frozen = 0 } = this.spec
    const pane =
      frozen === 0
        ? ''
        : `<pane ySplit="${frozen}" topLeftCell="A${frozen + 1}" activePane="bottomLeft" state="frozen"/>` +
          '<selection pane="bottomLeft"/>'
    return (
      `${XML_HEAD}<worksheet ${NAMESPACES}><sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews>` +
      `<sheetFormatPr defaultRowHeight="15"/>${this.columns()}<sheetData>`
    )
  }

  private columns(): string {
    const { widths = [], columnStyles = [] } = this.spec
    let xml = ''
    for (let i = 0; i < Math.max(widths.length, columnStyles.length); i++) {
      const width = widths[i] ?? null
      const style = columnStyles[i]
      if (width === null && style === undefined) continue
      const looks = style === undefined ? '' : ` style="${this.styles.indexOf(style)}"`
      xml += `<col min="${i + 1}" max="${i + 1}" width="${width ?? 9.14}" customWidth="1"${looks}/>`
    }
    return xml === '' ? '' : `<cols>${xml}</cols>`
  }

  private row({ row, hidden, height, cells }: OutRow): string {
    this.lastRow = Math.max(this.lastRow, row)
    let xml = `<row r="${row}"${height ? ` ht="${height}" customHeight="1"` : ''}${hidden ? ' hidden="1"' : ''}>`
    for (let column = 0; column < cells.length; column++) {
      const cell = cells[column]
      if (!cell) continue
      xml += this.cells.xml(cell, column, row)
      if (cell.note && this.notes.length < this.noteLimit) this.notes.push({ row, column, text: cell.note })
    }
    return `${xml}</row>`
  }

  /** What follows the cells, in the order that the format asks for. */
  private tail(): string {
    const all = rangeName(0, 1, 16_383, LAST_ROW)
    return (
      `</sheetData>${this.filter()}${this.merges()}${this.choices()}` +
      '<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>' +
      '<pageSetup paperSize="9" orientation="landscape"/>' +
      `<ignoredErrors><ignoredError sqref="${all}" numberStoredAsText="1"/></ignoredErrors>` +
      `${this.notes.length > 0 ? `<legacyDrawing r:id="${NOTES_RELATION}"/>` : ''}</worksheet>`
    )
  }

  private filter(): string {
    const { filter } = this.spec
    if (!filter || this.lastRow <= filter.header) return ''
    this.filterRange = { top: filter.header - 1, left: 0, bottom: this.lastRow - 1, right: filter.right }
    return `<autoFilter ref="${rangeName(0, filter.header, filter.right, this.lastRow)}"/>`
  }

  private merges(): string {
    const ranges = apart(this.spec.merges ?? [])
    if (ranges.length === 0) return ''
    const cells = ranges.map(
      (m) => `<mergeCell ref="${rangeName(m.left, m.top + 1, m.right, m.bottom + 1)}"/>`,
    )
    return `<mergeCells count="${ranges.length}">${cells.join('')}</mergeCells>`
  }

  private choices(): string {
    const { choices = [] } = this.spec
    const list = choices.map(({ column, from, values, message, lenient }) => {
      const range = `${columnName(column)}${from}:${columnName(column)}${LAST_ROW}`
      const formula = `"${values.map((v) => v.replaceAll('"', '""')).join(',')}"`
      return (
        `<dataValidation type="list" errorStyle="${lenient ? 'warning' : 'stop'}" allowBlank="1" showInputMessage="1"` +
        ` showErrorMessage="1" error="${escapeXml(message)}" sqref="${range}">` +
        `<formula1>${escapeXml(formula)}</formula1></dataValidation>`
      )
    })
    return list.length === 0
      ? ''
      : `<dataValidations count="${list.length}">${list.join('')}</dataValidations>`
  }
}

/** Merged ranges that lie apart: a spreadsheet refuses a file in which two overlap, or one is a single cell. */
function apart(ranges: readonly MergedRange[]): MergedRange[] {
  const taken = new Map<number, [number, number][]>()
  let rows = 0
  return ranges.filter(({ top, left, bottom, right }) => {
    if (top < 0 || left < 0 || bottom < top || right < left || bottom >= LAST_ROW || right > 16_383)
      return false
    if ((top === bottom && left === right) || rows + bottom - top > MERGED_ROWS) return false
    rows += bottom - top + 1
    for (let row = top; row <= bottom; row++) {
      if (taken.get(row)?.some(([from, to]) => left <= to && right >= from)) return false
    }
    for (let row = top; row <= bottom; row++) taken.set(row, [...(taken.get(row) ?? []), [left, right]])
    return true
  })
}
