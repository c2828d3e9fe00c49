import { readFile, stat } from 'node:fs/promises'
import {
  type CellObject,
  type ParsingOptions,
  read,
  set_cptable,
  utils,
  type WorkBook,
  type WorkSheet,
} from '@e965/xlsx'
import * as cptable from '@e965/xlsx/dist/cpexcel'
import { calmXls } from './biff.ts'
import type { Notes } from './notes.ts'
import { NumberCell, type NumberFormat, numberFormat } from './number-format.ts'
import { ListProblem } from './problem.ts'
import {
  BATCH,
  type ListSource,
  MAX_COLUMNS,
  MAX_TEXT,
  type SheetSource,
  type SourceCell,
  type SourceRow,
  TOP_ROWS,
} from './source.ts'

/** Sheets of .xls files, read whole by a library: they have 65,536 rows at most. One sheet is in memory at a time. */

// code pages of .xls files from before Unicode (936 is GBK)
set_cptable(cptable)

const MAX_BYTES = 128 * 1024 ** 2
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
  ...{ 0: '#NULL!', 7: '#DIV/0!', 15: '#VALUE!', 23: '#REF!', 29: '#NAME?', 36: '#NUM!', 42: '#N/A' },
  43: '#GETTING_DATA',
}

/** Opens an .xls workbook. Throws ListProblem and others. */
export async function openXls(path: string): Promise<ListSource> {
  if ((await stat(path)).size > MAX_BYTES)
    throw new ListProblem('import.too-large', { bytes: String(MAX_BYTES) })
  const { bytes, macros } = calmXls(await readFile(path))
  // cellStyles is what makes the library tell the columns' widths
  const book = parse(bytes, { ...OPTIONS, sheetRows: TOP_ROWS + 1, cellStyles: true })
  if (book.SheetNames.length === 0) throw new ListProblem('import.empty')
  const sheets = book.SheetNames.map((name, i) => sheetOf(book, name, i, bytes))
  return { format: 'xls', encoding: null, macros, sheets, close: async () => undefined }
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

function sheetOf(book: WorkBook, name: string, index: number, bytes: Buffer): SheetSource {
  const sheet = book.Sheets[name] ?? {}
  const top = [...sourceRows(book, name, null)].flat().filter((r) => r.row <= TOP_ROWS)
  const columns = (sheet['!cols'] ?? []).slice(0, MAX_COLUMNS)
  return {
    name,
    hidden: (book.Workbook?.Sheets?.[index]?.Hidden ?? 0) !== 0,
    top,
    complete: lastRow(sheet) < TOP_ROWS,
    merges: (sheet['!merges'] ?? []).map((m) => ({ top: m.s.r, left: m.s.c, bottom: m.e.r, right: m.e.c })),
    widths: Array.from(columns, (c) => c?.width ?? null),
    hiddenColumns: Array.from(columns, (c, i) => (c?.hidden ? i : -1)).filter((i) => i >= 0),
    async *rows(notes) {
      const whole = parse(bytes, { ...OPTIONS, sheets: index })
      yield* sourceRows(whole, name, notes)
    },
  }
}

/** The 0-based last row that the sheet says it has, whether it was read or not. */
function lastRow(sheet: WorkSheet): number {
  const range: string | undefined = sheet['!fullref'] ?? sheet['!ref']
  return range === undefined ? -1 : utils.decode_range(range).e.r
}

function* sourceRows(book: WorkBook, name: string, notes: Notes | null): Iterable<SourceRow[]> {
  const sheet = book.Sheets[name]
  const data: readonly (readonly (CellObject | undefined)[] | undefined)[] = sheet?.['!data'] ?? []
  const formats = new Formats(book.Workbook?.WBProps?.date1904 === true)
  let batch: SourceRow[] = []
  for (let r = 0; r < data.length; r++) {
    const line = data[r]
    if (line === undefined || line.length === 0) continue
    const cells: SourceCell[] = []
    for (let c = 0; c < Math.min(line.length, MAX_COLUMNS); c++) {
      const cell = convert(line[c], formats)
      if (cell !== undefined) cells[c] = cell
    }
    if (line.length > MAX_COLUMNS) notes?.add('note.columns-cut', r + 1, { max: String(MAX_COLUMNS) })
    if (cells.length === 0) continue
    batch.push({ row: r + 1, hidden: sheet?.['!rows']?.[r]?.hidden === true, cells })
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** Number formats by their codes. */
class Formats {
  private readonly known = new Map<string, NumberFormat>()
  private readonly date1904: boolean

  constructor(date1904: boolean) {
    this.date1904 = date1904
  }

  of(code: string): NumberFormat {
    const known = this.known.get(code) ?? numberFormat(code, this.date1904)
    this.known.set(code, known)
    return known
  }
}

function convert(cell: CellObject | undefined, formats: Formats): SourceCell {
  if (cell === undefined || cell === null || cell.v === undefined || cell.t === 'z') return undefined
  const { v } = cell
  if (cell.t === 'e') {
    const text = ERRORS[Number(v)] ?? '#ERROR!'
    return { text, value: text, error: true }
  }
  if (typeof v === 'boolean') return { text: v ? 'TRUE' : 'FALSE', value: v }
  if (typeof v === 'number') return new NumberCell(v, formats.of(String(cell.z ?? 'General')))
  return String(v).slice(0, MAX_TEXT) || undefined
}
