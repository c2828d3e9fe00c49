import type { Cell, CellField } from '../../domain/row.ts'

export type ListFormat = 'xlsx' | 'xls' | 'csv'

/** A merged range, both corners included, 0-based. */
export interface Merge {
  top: number
  left: number
  bottom: number
  right: number
}

/**
 * A sheet's cells, however they were stored: what header detection and rows are made from. A reader for another kind
 * of file has only to give this.
 */
export interface Grid {
  format: ListFormat
  sheet: string | null
  encoding: string | null
  /** number of rows, empty ones included */
  length: number
  /** merged ranges; null where the format has none (csv) */
  merges: readonly Merge[] | null
  /** a row's texts as displayed; 0-based row, the empty text for an empty cell */
  texts(row: number): string[]
  /** a cell for a field: dates as `YYYY-MM-DD`, numbers as numbers */
  cell(row: number, column: number, field: CellField): Cell
}

/** How much of a file to read. */
export interface ReadLimit {
  /** rows to read at most from the top of each sheet; all when absent */
  rows?: number
}
