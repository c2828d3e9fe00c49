import type { RowCells } from '../../domain/row.ts'
import type { ListFormat } from './grid.ts'
import type { Column } from './head.ts'

/** A row of a list. */
export interface ListRow {
  /** 1-based number of the row in the sheet, as a spreadsheet's user sees it */
  row: number
  /** the cells of the columns that we know */
  cells: RowCells
  /** every cell as displayed, from the first column on */
  raw: string[]
}

/** What the top of a list says. */
export interface ListHead {
  format: ListFormat
  sheet: string | null
  encoding: string | null
  /** 1-based as in the sheet */
  headerRow: number
  columns: Column[]
  title: string | null
}

/** A list of vehicles or changes, read. */
export interface List extends ListHead {
  /** rows with data: without empty ones, repeated headers, totals and what stands below the table */
  rowCount: number
  /** the rows, from the top; can be asked for again */
  rows(): Iterable<ListRow>
}
