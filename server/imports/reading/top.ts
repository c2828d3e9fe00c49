import type { HeadGrid } from './head.ts'
import { type SheetSource, type SourceCell, shown } from './source.ts'

/** A sheet's first rows as a grid, to find the header in. */
export function topGrid(sheet: Pick<SheetSource, 'top' | 'merges'>): HeadGrid {
  const rows = new Map(sheet.top.map((r) => [r.row - 1, textsOf(r.cells)]))
  return { length: sheet.top.at(-1)?.row ?? 0, merges: sheet.merges, texts: (row) => rows.get(row) ?? [] }
}

/** A row's texts as displayed, from the first column on. */
export const textsOf = (cells: readonly SourceCell[]): string[] => Array.from(cells, shown)
