import { csvGrids } from './csv.ts'
import { dataRows, listRows, type ReadListRow } from './data-rows.ts'
import type { Grid, ListFormat, ReadLimit } from './grid.ts'
import { type Column, findHead, type Head } from './head.ts'
import { asListProblem, ListProblem } from './problem.ts'
import { sniff } from './sniff.ts'
import { xlsGrids, xlsxGrids } from './workbook.ts'

/** Opens uploaded lists: bytes → cells (by kind of file) → header → rows. */

/** What the top of a list says. */
export interface ListHead {
  format: ListFormat
  sheet: string | null
  encoding: string | null
  headerRow: number
  columns: Column[]
  title: string | null
}

/** A list, read whole. */
export interface List extends ListHead {
  rowCount: number
  rows(): Iterable<ReadListRow>
}

export interface OpenOptions {
  /** rows with data at most; 200,000 unless told */
  maxRows?: number
}

const MAX_ROWS = 200_000
const PEEK_ROWS = 40

/** The sheets in a file. The kind of file is told by its content; the name is not needed for it. */
function gridsOf(bytes: Uint8Array, limit: ReadLimit): Iterable<Grid> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const container = sniff(bytes)
  if (container === 'zip') return xlsxGrids(buffer, limit)
  if (container === 'text') return csvGrids(buffer, limit)
  return xlsGrids(buffer, limit)
}

interface Found {
  grid: Grid
  head: Head
  rows: number[]
}

/** The first sheet with a header and rows, else the first with a header. Throws ListProblem. */
function findList(bytes: Uint8Array, limit: ReadLimit): Found {
  let found: Found | undefined
  let empty = true
  for (const grid of gridsOf(bytes, limit)) {
    const head = findHead(grid)
    empty &&= isEmpty(grid)
    if (!head) continue
    const rows = dataRows(grid, head)
    if (rows.length > 0) return { grid, head, rows }
    found ??= { grid, head, rows }
  }
  if (found) return found
  throw new ListProblem(empty ? 'import.empty' : 'import.no-header')
}

function isEmpty(grid: Grid): boolean {
  for (let row = 0; row < Math.min(grid.length, 100); row++) {
    if (grid.texts(row).some((t) => t.trim() !== '')) return false
  }
  return true
}

const headOf = ({ grid, head }: Found): ListHead => ({
  format: grid.format,
  sheet: grid.sheet,
  encoding: grid.encoding,
  headerRow: head.row + 1,
  columns: head.columns,
  title: head.title,
})

/**
 * Opens a list. Takes the file's bytes and name (for messages and logs; the kind is found by content); reads it whole.
 * Throws ListProblem, and nothing else, when the file is no list that can be read, has no header, no rows or more
 * than `maxRows`.
 */
export function openList(bytes: Uint8Array, _filename: string, options: OpenOptions = {}): List {
  const max = options.maxRows ?? MAX_ROWS
  try {
    const found = findList(bytes, {})
    const { grid, head, rows } = found
    if (rows.length === 0) throw new ListProblem('import.empty', { headerRow: String(head.row + 1) })
    if (rows.length > max) {
      throw new ListProblem('import.too-many-rows', { max: String(max), rows: String(rows.length) })
    }
    return { ...headOf(found), rowCount: rows.length, rows: () => listRows(grid, head, rows) }
  } catch (error) {
    throw asListProblem(error)
  }
}

/**
 * What the first 40 rows say, cheaply, to answer an upload at once. Throws ListProblem when there is no header in
 * them, or when the whole file fits in them and holds no data.
 */
export function peekList(bytes: Uint8Array, _filename: string): ListHead {
  try {
    const found = findList(bytes, { rows: PEEK_ROWS })
    if (found.rows.length === 0 && found.grid.length < PEEK_ROWS) {
      throw new ListProblem('import.empty', { headerRow: String(found.head.row + 1) })
    }
    return headOf(found)
  } catch (error) {
    throw asListProblem(error)
  }
}
