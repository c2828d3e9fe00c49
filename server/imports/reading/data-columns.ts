import { clean } from '../../domain/read-text.ts'
import type { Cell, CellField } from '../../domain/row.ts'
import type { Head } from './head.ts'
import { type SourceCell, shown } from './source.ts'

/** The columns of a sheet that hold fields, and what their cells are worth. */

export interface FieldColumn {
  index: number
  header: string
  field: CellField
}

/** The columns that are read, by a mapping of 0-based columns to fields, or as the header says. */
export function fieldColumns(head: Head, fields?: ReadonlyMap<number, CellField>): FieldColumn[] {
  const headers = new Map(head.columns.map((c) => [c.index, c.header]))
  const mapping: Iterable<readonly [number, CellField | null]> =
    fields ?? head.columns.map((c) => [c.index, c.field] as const)
  return Array.from(mapping)
    .flatMap(([index, field]) => (field === null ? [] : [{ index, field, header: headers.get(index) ?? '' }]))
    .sort((a, b) => a.index - b.index)
}

const DATE_FIELDS: ReadonlySet<CellField> = new Set<CellField>(['registeredOn', 'on'])

/** A cell's value for a field; a number in a date's field becomes the date that the spreadsheet shows. */
export function cellFor(cell: SourceCell, field: CellField): Cell {
  if (typeof cell === 'string') return withoutMark(cell)
  if (cell === null || cell === undefined) return undefined
  if (DATE_FIELDS.has(field)) return cell.date ?? cell.serial ?? cell.value
  return cell.padded ? cell.text : cell.value
}

/** A text without what only said that it is one: a leading apostrophe, or `="…"` around it. */
function withoutMark(text: string): string {
  const first = text.charCodeAt(0)
  if (first === 39) return text.slice(1)
  return first === 61 ? (/^="([^"]*)"$/.exec(text)?.[1] ?? text) : text
}

/** A row's first text, trimmed. */
export function firstText(cells: readonly SourceCell[]): string {
  for (const cell of cells) {
    if (cell === undefined || cell === null || cell === '') continue
    const text = shown(cell).trim()
    if (text !== '') return text
  }
  return ''
}

/** A row's texts as one, to compare rows by. */
export const textOfRow = (cells: readonly SourceCell[]): string => {
  const texts: string[] = []
  for (const cell of cells) {
    const text = clean(shown(cell)).replace(/\s+/g, '')
    if (text !== '') texts.push(text)
  }
  return texts.join('\t')
}
