import type { Merge } from './head.ts'
import type { SourceCell } from './source.ts'

/** Gives the cells that a merged range covers downwards the value of its first cell, row by row from the top. */
export class MergedDown {
  private readonly waiting: Merge[]
  private next = 0
  private readonly active = new Map<number, { bottom: number; cell: SourceCell }>()
  private readonly columns: ReadonlySet<number>

  /**
   * @param header 0-based row of the header; ranges that begin above it or in it are no data
   * @param columns the columns to fill
   */
  constructor(merges: readonly Merge[] | null, header: number, columns: ReadonlySet<number>) {
    this.columns = columns
    this.waiting = (merges ?? [])
      .filter((m) => m.bottom > m.top && m.top > header && columns.has(m.left))
      .sort((a, b) => a.top - b.top)
  }

  /**
   * A row's cells with what reaches down into it.
   * @param row 0-based
   * @returns the same array when nothing does
   */
  fill(row: number, cells: SourceCell[]): SourceCell[] {
    for (let merge = this.waiting[this.next]; merge && merge.top <= row; merge = this.waiting[++this.next]) {
      // the first cell's own row is empty when the range begins above this row
      const cell = merge.top === row ? cells[merge.left] : undefined
      this.active.set(merge.left, { bottom: merge.bottom, cell })
    }
    if (this.active.size === 0) return cells
    let filled = cells
    for (const [column, { bottom, cell }] of this.active) {
      if (bottom < row) this.active.delete(column)
      else if (cell !== undefined && cell !== '' && isEmpty(cells[column]) && this.columns.has(column)) {
        if (filled === cells) filled = cells.slice()
        filled[column] = cell
      }
    }
    return filled
  }
}

const isEmpty = (cell: SourceCell): boolean => cell === undefined || cell === null || cell === ''
