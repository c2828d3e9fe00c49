import type { CivilDate } from './civil-date.ts'
import type { Field, Issue } from './issue.ts'
import type { Category, Emission, Energy, Kind, Reason } from './vocabulary.ts'

/** A cell as a list holds it: text, a number (perhaps a spreadsheet's date serial), or nothing. */
export type Cell = string | number | boolean | Date | null | undefined

/** The cells of one row that belong to fields we know, by field, as the sender wrote them. */
export type RowCells = Partial<Record<Field, Cell>>

/** What a row says, in the field's standard terms. A field that is absent was empty, faulty or not in the file. */
export interface RowValues {
  /** normalised plate */
  plate?: string
  /** normalised VIN */
  vin?: string
  category?: Category
  energy?: Energy
  emission?: Emission
  registeredOn?: CivilDate
  /** the operator's name (or credit code) as written, NFKC and trimmed */
  operator?: string
  /** region code */
  county?: string
  kind?: Kind
  on?: CivilDate
  /** normalised plates or VINs of the vehicles that a replacement retires */
  replaces?: string[]
  reason?: Reason
  certificate?: string
  packs?: number
  toOperator?: string
  toCounty?: string
  note?: string
}

/** A row read: its values, and what could not be read. */
export interface ReadRow {
  values: RowValues
  issues: Issue[]
}
