import type { Merge } from './head.ts'
import { Notes } from './notes.ts'
import { ListProblem } from './problem.ts'
import {
  batches,
  type ListSource,
  MAX_COLUMNS,
  MAX_TEXT,
  type SheetSource,
  type SourceRow,
  TOP_ROWS,
} from './source.ts'
import type { TextFile } from './text-file.ts'

/** What tables in HTML and workbooks in XML have in common: one text that holds all sheets, read as it streams. */

const MAX_MERGES = 500_000
const MAX_SHEETS = 255

/** A sheet as a reader of markup finds it. */
export class MarkupSheet {
  readonly name: string | null
  hidden = false
  readonly merges: Merge[] = []
  readonly widths: (number | null)[] = []
  readonly hiddenColumns: number[] = []
  /** rows that nobody has taken yet */
  rows: SourceRow[] = []
  lastRow = 0

  constructor(name: string | null) {
    this.name = name
  }

  addRow(row: SourceRow): void {
    this.lastRow = row.row
    if (row.cells.length > 0) this.rows.push(row)
  }

  /** Adds a range, cut to the columns that are read; single cells are none. */
  addMerge(merge: Merge): void {
    if (merge.right === merge.left && merge.bottom === merge.top) return
    if (this.merges.length >= MAX_MERGES)
      throw new ListProblem('import.too-complex', { detail: 'merged cells' })
    this.merges.push({ ...merge, right: Math.min(merge.right, MAX_COLUMNS - 1) })
  }
}

/** A reader of one kind of markup. */
export interface MarkupReader {
  /** as far as they have been met; the last one is being read */
  readonly sheets: MarkupSheet[]
  write(text: string): void
  end(): void
}

/** A text cut to what a cell can hold, with a note when it had to be. */
export function cellOf(text: string, row: number, notes: Notes): string {
  if (text.length <= MAX_TEXT) return text
  notes.add('note.text-cut', row, { max: String(MAX_TEXT) })
  return text.slice(0, MAX_TEXT)
}

/** Opens a text of markup: goes through it once for the sheets' tops and merged ranges. Throws ListProblem. */
export async function openMarkup(
  file: TextFile,
  format: 'html' | 'xls',
  reader: (notes: Notes) => MarkupReader,
): Promise<ListSource> {
  const look = reader(new Notes(null))
  const tops: SourceRow[][] = []
  const keepTops = (): void => {
    look.sheets.forEach((sheet, i) => {
      tops[i] ??= []
      for (const row of sheet.rows) if (row.row <= TOP_ROWS) tops[i]?.push(row)
      sheet.rows = []
    })
    if (look.sheets.length > MAX_SHEETS) throw new ListProblem('import.too-complex', { detail: 'sheets' })
  }
  for await (const text of file.text()) {
    look.write(text)
    keepTops()
  }
  look.end()
  keepTops()
  const sheets = look.sheets.map(
    (sheet, i): SheetSource => ({
      name: sheet.name,
      hidden: sheet.hidden,
      top: tops[i] ?? [],
      complete: sheet.lastRow <= TOP_ROWS,
      merges: sheet.merges,
      widths: sheet.widths,
      hiddenColumns: sheet.hiddenColumns,
      rows: (notes) => rowsOf(file, reader(notes), i),
    }),
  )
  if (sheets.length === 0) throw new ListProblem('import.empty')
  return { format, encoding: file.encoding, macros: false, sheets, close: () => file.close() }
}

async function* rowsOf(file: TextFile, reader: MarkupReader, index: number): AsyncGenerator<SourceRow[]> {
  const take = (): SourceRow[] => {
    const rows = reader.sheets[index]?.rows ?? []
    for (const sheet of reader.sheets) sheet.rows = []
    return rows
  }
  for await (const text of file.text()) {
    reader.write(text)
    yield* batches(take())
    if (reader.sheets.length > index + 1) return
  }
  reader.end()
  yield* batches(take())
}
