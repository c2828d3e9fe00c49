import type { Batteries } from './change.ts'
import type { CivilDate } from './civil-date.ts'
import type { Field, Issue } from './issue.ts'
import type { Category, Emission, Energy, Kind, Reason } from './vocabulary.ts'

/** A cell as a list holds it: text, a number (perhaps a spreadsheet's date serial), or nothing. */
export type Cell = string | number | boolean | Date | null | undefined

/** What a cell of a list can be about: a field, or the colour of the plate, which is only compared with the rest. */
export type CellField = Field | 'plateColour'

/** The cells of one row that belong to fields we know, by field, as the sender wrote them. */
export type RowCells = Partial<Record<CellField, Cell>>

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
  /** codes, chemistry and capacity of swapped packs; forms only */
  batteries?: Batteries
  toOperator?: string
  toCounty?: string
  note?: string
  /** fields that the sender marked as to be emptied (清空) */
  clears?: Field[]
}

/** A row read: its values, and what could not be read. */
export interface ReadRow {
  values: RowValues
  issues: Issue[]
}
