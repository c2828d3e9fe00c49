import type { Merge } from './head.ts'
import type { Notes } from './notes.ts'

/** What a reader for one kind of file gives: sheets of rows of cells, streamed. Headers and rows are made from it. */

export type SourceFormat = 'xlsx' | 'xls' | 'csv' | 'tsv' | 'html'

/** A cell that is more than its text. */
export interface RichCell {
  /** as displayed */
  readonly text: string
  readonly value: string | number | boolean
  /** `YYYY-MM-DD` when it is formatted as a date */
  readonly date?: string | undefined
  /** a number as a date's serial in the 1900 system, whatever system the workbook uses */
  readonly serial?: number
  /** shown with leading zeros, as codes are: the text is what is meant */
  readonly padded?: boolean
  /** the stored value of a formula; an empty text when none is stored */
  readonly formula?: boolean
  /** #N/A, #REF! … */
  readonly error?: boolean
}

/** A text, something richer, or nothing. */
export type SourceCell = string | RichCell | null | undefined

/** A row with at least one cell; cells from column A on, with holes. */
export interface SourceRow {
  /** 1-based */
  row: number
  hidden: boolean
  cells: SourceCell[]
}

export interface SheetSource {
  name: string | null
  hidden: boolean
  /** the rows numbered up to TOP_ROWS */
  top: SourceRow[]
  /** there are no rows beyond `top` */
  complete: boolean
  /** merged ranges; null where the format has none */
  merges: readonly Merge[] | null
  /** widths of columns in characters, as far as they are known */
  widths: (number | null)[]
  /** 0-based */
  hiddenColumns: number[]
  /** every row from the top, in batches; can be asked for again. Row numbers rise. Throws ListProblem and others. */
  rows(notes: Notes): AsyncIterable<SourceRow[]>
}

/** An open file. */
export interface ListSource {
  format: SourceFormat
  encoding: string | null
  macros: boolean
  sheets: SheetSource[]
  close(): Promise<void>
}

/** Rows that are read ahead of everything else, to find the header in. */
export const TOP_ROWS = 60
/** Columns that are read; what stands further right is left out and said. */
export const MAX_COLUMNS = 500
/** Characters of a cell that are kept: as many as a spreadsheet's cell can hold. */
export const MAX_TEXT = 32_767
export const BATCH = 1000

/** A cell's text as displayed; empty for nothing. */
export const shown = (cell: SourceCell): string =>
  typeof cell === 'string' ? cell : cell === null || cell === undefined ? '' : cell.text

/** Puts rows into batches of at most BATCH. */
export function* batches(rows: SourceRow[]): Iterable<SourceRow[]> {
  if (rows.length <= BATCH) {
    if (rows.length > 0) yield rows
    return
  }
  for (let at = 0; at < rows.length; at += BATCH) yield rows.slice(at, at + BATCH)
}
