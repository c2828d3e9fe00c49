import { isPlate, normalisePlate } from '../../domain/plate.ts'
import type { CellField, RowCells } from '../../domain/row.ts'
import { cellFor, type FieldColumn, fieldColumns } from './data-columns.ts'
import type { Head } from './head.ts'
import type { ListRow } from './list.ts'
import { MergedDown } from './merged.ts'
import type { NoteCode, Notes } from './notes.ts'
import { type RowKind, RowKinds } from './row-kinds.ts'
import { type SheetSource, type SourceCell, type SourceRow, shown } from './source.ts'

/** Turns a sheet's rows into rows with data, and notes what it leaves out. */

/** Rows that may be remarks, kept back until it is known whether data follow. */
const MAX_HELD = 50

const LEFT_OUT: Partial<Record<RowKind, NoteCode>> = {
  total: 'note.total',
  footer: 'note.footer',
  'header-again': 'note.header-again',
  example: 'note.example',
}

export class RowReader {
  private readonly head: Head
  private readonly columns: FieldColumn[]
  private readonly kinds: RowKinds
  private readonly merged: MergedDown
  private readonly notes: Notes
  private held: ListRow[] = []

  constructor(sheet: SheetSource, head: Head, notes: Notes, fields?: ReadonlyMap<number, CellField>) {
    this.head = head
    this.notes = notes
    this.columns = fieldColumns(head, fields)
    this.kinds = new RowKinds(
      head,
      this.columns,
      sheet.top.filter((r) => r.row <= head.row + 1),
    )
    const filled = new Set([...this.columns.map((c) => c.index), ...head.prefixes])
    this.merged = new MergedDown(sheet.merges, head.row, filled)
  }

  /** The rows with data among these. */
  read(rows: readonly SourceRow[]): ListRow[] {
    const found: ListRow[] = []
    for (const source of rows) {
      if (source.row <= this.head.row + 1) continue
      const cells = this.merged.fill(source.row - 1, source.cells)
      const kind = this.kinds.kindOf(source.cells)
      const code = LEFT_OUT[kind]
      if (code !== undefined) this.notes.add(code, source.row)
      if (kind === 'data') {
        this.release(found)
        found.push(this.rowOf(source, cells))
      } else if (kind === 'maybe-footer') {
        if (this.held.length >= MAX_HELD) this.release(found)
        this.held.push(this.rowOf(source, cells))
      }
    }
    return found
  }

  /** To be called when there are no more rows: those that were kept back stand below the table. */
  end(): void {
    for (const { row } of this.held) this.notes.add('note.footer', row)
    this.held = []
  }

  private release(into: ListRow[]): void {
    if (this.held.length === 0) return
    into.push(...this.held)
    this.held = []
  }

  private rowOf(source: SourceRow, cells: SourceCell[]): ListRow {
    const { row, hidden } = source
    const read: RowCells = {}
    for (const { field, index } of this.columns) {
      const cell = cells[index]
      if (cell === undefined || cell === null || cell === '') continue
      if (typeof cell !== 'string') this.noteCell(cell, row)
      const value = cellFor(cell, field)
      if (value !== undefined && value !== '' && read[field] === undefined) read[field] = value
    }
    if (cells !== source.cells) this.notes.add('note.merged-cells', row)
    if (hidden) this.notes.add('note.hidden-rows', row)
    this.joinPlate(read, cells, row)
    return { row, cells: read, hidden }
  }

  private noteCell(cell: { text: string; formula?: boolean; error?: boolean }, row: number): void {
    if (cell.formula) this.notes.add(cell.text === '' ? 'note.formula-empty' : 'note.formulas', row)
    if (cell.error) this.notes.add('note.cell-errors', row)
  }

  private joinPlate(read: RowCells, cells: readonly SourceCell[], row: number): void {
    if (this.head.prefixes.length === 0 || read.plate === undefined) return
    const rest = shown(cells[this.columns.find((c) => c.field === 'plate')?.index ?? -1])
    if (isPlate(normalisePlate(rest))) return
    const plate = this.kinds.joinedPlate(cells, rest)
    if (plate === undefined) return
    read.plate = plate
    this.notes.add('note.plate-joined', row)
  }
}
