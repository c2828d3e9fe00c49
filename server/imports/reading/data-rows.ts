import { isPlate, normalisePlate } from '../../domain/plate.ts'
import { isNone } from '../../domain/read-text.ts'
import type { CellField, RowCells } from '../../domain/row.ts'
import { isVin, normaliseVin } from '../../domain/vin.ts'
import type { Grid } from './grid.ts'
import type { Column, Head } from './head.ts'

/** The rows below a header that hold data. */

const TOTAL = /^(?:合|总|小|累|共)\s*计|^本页[合小]计/
const BELOW_TABLE =
  /^(?:填表|填报|制表|编制|审核|审批|复核|核对|负责人|单位负责人|分管领导|领导签|经办|联系人|联系电话|电话|备\s*注|注\s*[:：\d]|说\s*明|填表说明|日\s*期\s*[:：]|盖章|单位[(（:：]|统计人|报送|以上|本表|上述)/

/** A row of a list. */
export interface ReadListRow {
  row: number
  cells: RowCells
  raw: string[]
}

interface KnownColumn extends Column {
  field: CellField
}

const knownColumns = (head: Head): KnownColumn[] =>
  head.columns.filter((c): c is KnownColumn => c.field !== null)

/** True if the row names a vehicle by a well-formed plate or VIN. */
function namesVehicle(texts: readonly string[], columns: readonly KnownColumn[]): boolean {
  return columns.some(({ field, index }) => {
    const text = texts[index] ?? ''
    if (text === '') return false
    return (
      (field === 'plate' && isPlate(normalisePlate(text))) || (field === 'vin' && isVin(normaliseVin(text)))
    )
  })
}

const isBlank = (texts: readonly string[], columns: readonly KnownColumn[]): boolean =>
  columns.every(({ index }) => {
    const text = texts[index]
    return text === undefined || isNone(text) || text.trim() === ''
  })

const isHeaderAgain = (texts: readonly string[], columns: readonly KnownColumn[]): boolean =>
  columns.filter(({ index, header }) => (texts[index] ?? '').trim() === header).length >=
  Math.min(3, columns.length)

/**
 * The 0-based numbers of the rows with data. Left out are rows that have nothing in any known column (blank ones,
 * numbered but empty ones), the header repeated at a page's top, totals, and signatures and remarks below the table.
 */
export function dataRows(grid: Grid, head: Head): number[] {
  const columns = knownColumns(head)
  const rows: number[] = []
  for (let row = head.row + 1; row < grid.length; row++) {
    const texts = grid.texts(row)
    if (isBlank(texts, columns)) continue
    const first = texts.find((t) => t !== '')?.trim() ?? ''
    if (TOTAL.test(first) && !namesVehicle(texts, columns)) continue
    if (isHeaderAgain(texts, columns)) continue
    rows.push(row)
  }
  for (let last = rows.at(-1); last !== undefined; last = rows.at(-1)) {
    const texts = grid.texts(last)
    const first = texts.find((t) => t.trim() !== '')?.trim() ?? ''
    if (!BELOW_TABLE.test(first) || namesVehicle(texts, columns)) break
    rows.pop()
  }
  return rows
}

/** The rows of those numbers, with the cells of the known columns. */
export function* listRows(grid: Grid, head: Head, rows: readonly number[]): Iterable<ReadListRow> {
  const columns = knownColumns(head)
  const width = head.columns.length
  for (const row of rows) {
    const cells: RowCells = {}
    for (const { field, index } of columns) {
      const cell = grid.cell(row, index, field)
      if (cell !== undefined && cell !== '') cells[field] = cell
    }
    const raw = grid.texts(row).slice()
    while (raw.length < width) raw.push('')
    yield { row: row + 1, cells, raw }
  }
}
