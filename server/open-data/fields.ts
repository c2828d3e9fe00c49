import type { WordGroup } from '../wording/index.ts'
import type { openDataZh } from '../wording/quality.zh-CN.ts'

export type Cell = string | number | boolean | null
/** The types of Frictionless' Table Schema that are used. */
export type FieldType =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'yearmonth'
  | 'year'
export type Described = keyof typeof openDataZh.field

/** A column of a data set: its name in the file, what it is, and its value in a row. */
export interface Field<T> {
  name: string
  type: FieldType
  described: Described
  /** fills in the description */
  rule?: { zh: string; en: string }
  /** the closed set that its values are of: they are codes, and these are their words */
  codes?: { group: WordGroup; values: readonly string[] }
  required?: boolean
  value: (row: T) => Cell
}

/** A row of a data set as its columns say it. */
export const cellsOf = <T>(fields: readonly Field<T>[], row: T): (string | number)[] =>
  fields.map(({ value }) => {
    const cell = value(row)
    if (cell === null) return ''
    return typeof cell === 'boolean' ? String(cell) : cell
  })
