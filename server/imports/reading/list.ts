import type { CellField, RowCells } from '../../domain/row.ts'
import type { ImportNote } from '../schema.ts'
import type { Column, Merge } from './head.ts'
import type { SourceFormat } from './source.ts'

/** What the top of a sheet says. */
export interface SheetHead {
  /** place in the file, 0-based */
  index: number
  /** null for text files */
  name: string | null
  hidden: boolean
  title: string | null
  /** 1-based as in the sheet; 0 when none was found, and the sheet cannot be read */
  headerRow: number
  columns: Column[]
}

/** A row with data. */
export interface ListRow {
  /** 1-based number of the row in the sheet, as a spreadsheet's user sees it */
  row: number
  /** the cells of the columns that are read */
  cells: RowCells
  hidden: boolean
}

/** A cell as it stands in the file. */
export type RawCell = null | {
  /** as displayed */
  text: string
  value: string | number | boolean
  /** `YYYY-MM-DD` if it is formatted as a date */
  date?: string
}

/** A row as it stands in the file, every cell from column A on. */
export interface RawRow {
  row: number
  hidden: boolean
  cells: RawCell[]
}

/** An open list of vehicles or changes. */
export interface ListFile {
  format: SourceFormat
  encoding: string | null
  /** all sheets of the file, in its order */
  sheets: SheetHead[]
  /** about the file as a whole */
  notes: ImportNote[]
  /**
   * The rows with data of a sheet: without empty ones, repeated headers, totals, examples and what stands below the
   * table. In batches of at most 1000, from the top; can be asked for again.
   * @param fields what its columns (0-based) are read as; as the header says unless told
   * @param limits rows at most; as said at opening unless told
   * Throws ListProblem, `import.too-many-rows` among them.
   */
  rows(
    sheet: number,
    fields?: ReadonlyMap<number, CellField>,
    limits?: { maxRows?: number },
  ): AsyncIterable<ListRow[]>
  /** What its sender should know of how a sheet was read; complete once its rows have been read to the end. */
  sheetNotes(sheet: number): ImportNote[]
  /** Every row of a sheet that has a cell, titles and header included, in batches. Throws ListProblem. */
  raw(sheet: number): AsyncIterable<RawRow[]>
  merges(sheet: number): Merge[]
  /** widths of columns in characters, null where they are not known */
  widths(sheet: number): (number | null)[]
  close(): Promise<void>
}
