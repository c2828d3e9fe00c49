import { cellText, isNone, plain } from '../domain/read-text.ts'
import type { RowCells } from '../domain/row.ts'
import type { ImportDoc, MappingDoc } from './model.ts'
import type { SheetHead } from './reading/index.ts'
import type { ColumnField, ImportColumn, ImportMode, ImportSheet, ImportValue } from './schema.ts'

/** How a file is read: which sheets, which column as what, which words as which codes. */

/** Fields whose texts stand for codes, so that a text that nobody knows can be told what it means. */
export const CODED_FIELDS: ReadonlySet<ColumnField> = new Set<ColumnField>([
  ...(['category', 'energy', 'emission', 'county', 'kind', 'reason', 'operator'] as const),
  ...(['toCounty', 'toOperator'] as const),
])

/** The columns of all sheets, as the vocabulary recognises them, or as this sender's lists were mapped before. */
export function planColumns(heads: readonly SheetHead[], memory: MappingDoc | null): ImportColumn[] {
  const remembered = new Map(memory?.columns.map((c) => [plain(c.header), c.field]))
  return heads.flatMap((head) => {
    const columns = head.columns.map(({ index, letter, header, field, samples }): ImportColumn => {
      const kept = remembered.get(plain(header))
      const known = header !== '' && kept !== undefined && kept !== field
      return {
        ...{ sheet: head.index, index, letter, header, samples },
        field: known ? kept : field,
        by: known ? 'remembered' : 'recognised',
      }
    })
    return settleClaims(columns)
  })
}

/** One column a field: what a person said wins over what was recognised, then the first. */
export function settleClaims(columns: readonly ImportColumn[]): ImportColumn[] {
  const holder = new Map<ColumnField, ImportColumn>()
  const weight = { mapped: 2, remembered: 1, recognised: 0 }
  for (const column of columns) {
    if (column.field === null) continue
    const held = holder.get(column.field)
    if (!held || weight[column.by] > weight[held.by]) holder.set(column.field, column)
  }
  return columns.map((c) => (c.field === null || holder.get(c.field) === c ? c : { ...c, field: null }))
}

/** The sheets with a word on which are read: all that are visible and have a header, else the first that has one. */
export function planSheets(heads: readonly SheetHead[]): ImportSheet[] {
  const readable = heads.filter((h) => h.headerRow > 0)
  const visible = readable.filter((h) => !h.hidden)
  const chosen = new Set((visible.length > 0 ? visible : readable.slice(0, 1)).map((h) => h.index))
  return heads.map(({ index, name, hidden, title, headerRow }) => ({
    ...{ index, name, hidden, title, headerRow, rows: null },
    chosen: chosen.has(index),
  }))
}

/** A list without a column for the kind of change says what a whole fleet is. */
export function modeOf(
  sheets: readonly ImportSheet[],
  columns: readonly ImportColumn[],
  defaults: ImportDoc['defaults'],
): ImportMode {
  const read = new Set(sheets.filter((s) => s.chosen).map((s) => s.index))
  const has = columns.some((c) => c.field === 'kind' && read.has(c.sheet)) || defaults.kind !== undefined
  return has ? 'changes' : 'fleet'
}

/** The fields of a sheet's columns, by their places. */
export const fieldsOf = (columns: readonly ImportColumn[], sheet: number): Map<number, ColumnField> =>
  new Map(
    columns.flatMap(({ sheet: of, index, field }) =>
      of === sheet && field !== null ? [[index, field] as const] : [],
    ),
  )

/** Puts a list's own words into those that everybody knows, and fills what the list leaves out. */
export class CellPlan {
  private readonly words = new Map<string, string>()
  private readonly defaults: [ColumnField, string][]

  constructor(values: readonly ImportValue[], defaults: ImportDoc['defaults']) {
    for (const { field, text, value, by } of values)
      if (by !== 'recognised' && value !== null) this.words.set(wordKey(field, text), value)
    this.defaults = Object.entries(defaults) as [ColumnField, string][]
  }

  /** The cells as they are to be read. */
  apply(cells: RowCells): RowCells {
    if (this.words.size === 0 && this.defaults.length === 0) return cells
    const read: RowCells = { ...cells }
    for (const [field, text] of this.defaults) {
      const cell = read[field]
      if (cell === undefined || cell === null || (typeof cell === 'string' && isNone(cell)))
        read[field] = text
    }
    if (this.words.size > 0) {
      for (const field of CODED_FIELDS) {
        const cell = read[field]
        if (cell === undefined || cell === null) continue
        const word = this.words.get(wordKey(field, cellText(cell)))
        if (word !== undefined) read[field] = word
      }
    }
    return read
  }
}

export const wordKey = (field: ColumnField, text: string): string => `${field}|${plain(text)}`
