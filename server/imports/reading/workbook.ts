import { type CellObject, type ParsingOptions, read, SSF, set_cptable, type WorkBook } from '@e965/xlsx'
import * as cptable from '@e965/xlsx/dist/cpexcel'

import type { Cell, CellField } from '../../domain/row.ts'
import type { Grid, ListFormat, Merge, ReadLimit } from './grid.ts'
import { ListProblem } from './problem.ts'
import { repack, zipEntries } from './unzip.ts'

/** Sheets of .xlsx and .xls files. Formulas are never evaluated: the values that the file stores are used. */

// code pages of .xls files from before Unicode (936 is GBK)
set_cptable(cptable)

const OPTIONS: ParsingOptions = {
  type: 'buffer',
  dense: true,
  cellNF: true,
  cellText: false,
  cellHTML: false,
  cellFormula: false,
  cellDates: false,
}
const ERRORS: Readonly<Record<number, string>> = {
  ...{
    0: '#NULL!',
    7: '#DIV/0!',
    15: '#VALUE!',
    23: '#REF!',
    29: '#NAME?',
    36: '#NUM!',
    42: '#N/A',
    43: '#GETTING_DATA',
  },
}
const DATE_FIELDS: ReadonlySet<CellField> = new Set<CellField>(['registeredOn', 'on'])
/** Days between the two date systems of spreadsheets, 1900 and 1904. */
const DAYS_1904 = 1462

const OTHER_ZIPS: readonly [string, RegExp][] = [
  ['xlsb', /^xl\/workbook\.bin$/],
  ['docx', /^word\//],
  ['pptx', /^ppt\//],
  ['ods', /^content\.xml$/],
  ['numbers', /^Index\//],
]

/** The sheets of a zip-based workbook (.xlsx, .xlsm), in the order to try them. Throws ListProblem. */
export function xlsxGrids(bytes: Buffer, limit: ReadLimit = {}): Iterable<Grid> {
  const entries = zipEntries(bytes)
  if (!entries.some((e) => /^xl\/[^/]*workbook[^/]*\.xml$/i.test(e.name))) {
    const found = OTHER_ZIPS.find(([, name]) => entries.some((e) => name.test(e.name)))?.[0] ?? 'zip'
    throw new ListProblem('import.not-a-list', { found })
  }
  return grids(repack(bytes, entries), 'xlsx', limit)
}

/** The sheets of an .xls workbook, in the order to try them. Throws ListProblem. */
export function xlsGrids(bytes: Buffer, limit: ReadLimit = {}): Iterable<Grid> {
  return grids(bytes, 'xls', limit)
}

/** The first visible sheet, then, only if asked for, the others. */
function* grids(bytes: Buffer, format: ListFormat, limit: ReadLimit): Iterable<Grid> {
  const options: ParsingOptions = { ...OPTIONS, ...(limit.rows ? { sheetRows: limit.rows } : {}) }
  const first = parse(bytes, { ...options, sheets: 0 })
  const visible = first.Workbook?.Sheets?.map((s) => !s.Hidden) ?? []
  const firstName = first.SheetNames[0]
  if (firstName === undefined) throw new ListProblem('import.empty')
  const firstHidden = visible[0] === false
  if (!firstHidden) yield gridOf(first, firstName, format)
  if (first.SheetNames.length < 2) {
    if (firstHidden) yield gridOf(first, firstName, format)
    return
  }
  const book = parse(bytes, options)
  const rest = book.SheetNames.filter((_, i) => i > 0 || firstHidden)
  const isVisible = (name: string): boolean => visible[book.SheetNames.indexOf(name)] !== false
  for (const name of [...rest.filter(isVisible), ...rest.filter((n) => !isVisible(n))])
    yield gridOf(book, name, format)
}

function parse(bytes: Buffer, options: ParsingOptions): WorkBook {
  try {
    return read(bytes, options)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const about = (pattern: RegExp): boolean => pattern.test(message) && !message.includes('ZIP')
    if (about(/password|ECMA-376|encryption/i))
      throw new ListProblem('import.encrypted', {}, { cause: error })
    if (about(/not find workbook|unsupported|unrecognized/i)) {
      throw new ListProblem('import.not-a-list', { found: 'document' }, { cause: error })
    }
    throw error
  }
}

function gridOf(book: WorkBook, name: string, format: ListFormat): Grid {
  const sheet = book.Sheets[name]
  const data: readonly (readonly (CellObject | undefined)[] | undefined)[] = sheet?.['!data'] ?? []
  const date1904 = book.Workbook?.WBProps?.date1904 === true
  const merges = (sheet?.['!merges'] ?? []).map(
    (m): Merge => ({ top: m.s.r, left: m.s.c, bottom: m.e.r, right: m.e.c }),
  )
  return {
    format,
    sheet: name,
    encoding: null,
    length: data.length,
    merges,
    texts: (row) => Array.from(data[row] ?? [], (cell) => display(cell, date1904)),
    cell: (row, column, field) => cellValue(data[row]?.[column], field, date1904),
  }
}

const dateFormats = new Map<string, boolean>()
function isDateFormat(format: string): boolean {
  const kept = dateFormats.get(format)
  if (kept !== undefined) return kept
  let known = false
  try {
    known = SSF.is_date(format) === true
  } catch {
    // a format that nobody can read shows no date
  }
  if (dateFormats.size > 1000) dateFormats.clear()
  dateFormats.set(format, known)
  return known
}

/** A cell's value for a field; a number in a date's field becomes the date that the spreadsheet shows. */
function cellValue(cell: CellObject | undefined, field: CellField, date1904: boolean): Cell {
  if (cell === undefined || cell === null || cell.v === undefined) return undefined
  if (cell.t === 'e') return ERRORS[Number(cell.v)] ?? '#ERROR!'
  if (cell.t !== 'n' || !DATE_FIELDS.has(field)) return cell.v
  const serial = Number(cell.v)
  const formatted = typeof cell.z === 'string' && isDateFormat(cell.z)
  if (formatted) return dateShown(serial, date1904) ?? serial
  return date1904 && serial < 100_000 ? serial + DAYS_1904 : serial
}

/** `YYYY-MM-DD` of a serial number; undefined when it is no day (a time of day alone, a negative number). */
function dateShown(serial: number, date1904: boolean): string | undefined {
  const parts: { y: number; m: number; d: number } | null =
    serial >= 1 ? SSF.parse_date_code(serial, { date1904 }) : null
  if (!parts || parts.d < 1) return undefined
  return `${String(parts.y).padStart(4, '0')}-${String(parts.m).padStart(2, '0')}-${String(parts.d).padStart(2, '0')}`
}

/** A cell as the spreadsheet shows it. */
function display(cell: CellObject | undefined, date1904: boolean): string {
  if (cell === undefined || cell === null || cell.v === undefined) return ''
  if (cell.t === 's') return String(cell.v)
  if (cell.t === 'e') return ERRORS[Number(cell.v)] ?? '#ERROR!'
  if (cell.t === 'b') return cell.v ? 'TRUE' : 'FALSE'
  if (cell.t !== 'n') return String(cell.v)
  const general = cell.z === undefined || cell.z === 'General'
  if (general && Number.isInteger(cell.v) && Math.abs(Number(cell.v)) < 1e11) return String(cell.v)
  try {
    // format 14 is the machine's own short date, which the library takes for the American one
    const format = cell.z === 'm/d/yy' ? 'yyyy/m/d' : (cell.z ?? 'General')
    return SSF.format(format, cell.v, { date1904 })
  } catch {
    return String(cell.v)
  }
}
