import type { DateValue } from '../imports/writing/xlsx/cells.ts'

/** A moment as a file shows it: the civil date and the time of day in the policy's zone. */
export interface Moment extends DateValue {
  /** hours, minutes and seconds as `HH:mm:ss` */
  clock: string
}

/** A value of an exported cell. */
export type Value = string | number | DateValue | Moment | null

export interface Column<T> {
  head: string
  /** in characters */
  width: number
  value: (row: T) => Value
}

/** A list as it is exported. */
export interface Table<T> {
  /** what the list is called; the file's name begins with it */
  title: string
  columns: Column<T>[]
  rows: AsyncIterable<readonly T[]>
  /** what the file says of itself: who made it when, and what it is narrowed by */
  about: { title: string; lines: [string, string][]; rows: string }
}

export const FORMATS = ['xlsx', 'csv'] as const
export type Format = (typeof FORMATS)[number]
