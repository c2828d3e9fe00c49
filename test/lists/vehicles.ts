import type { RowValues } from '../../server/domain/row.ts'
import { vinCheckCharacter } from '../../server/domain/vin.ts'
import type { NoteCode } from '../../server/imports/reading/index.ts'

/** The vehicles that nasty lists hold, and how such a list is described. */

/** What must come out of a row: its number, its values, and the codes of its issues if there are any. */
export type ExpectedRow = readonly [row: number, values: RowValues, codes?: readonly string[]]

export interface Expected {
  /** rows of the sheets in order; of every sheet that has a header and is not hidden */
  rows?: readonly ExpectedRow[]
  /** what the columns of the first sheet with a header are read as: `A序号 B车牌号=plate …` */
  columns?: string
  /** notes about the file and those sheets: code, how often, and rows where it has some */
  notes?: readonly (readonly [code: NoteCode, count: number, rows?: readonly number[]])[]
  format?: string
  encoding?: string | null
  title?: string | null
  /** the code of the problem, when it cannot be read */
  problem?: string
  /** what an upload counts when its visible sheets are read */
  counts?: { total: number }
}

export interface NastyList {
  name: string
  filename: string
  bytes(): Buffer
  expect: Expected
}

export const HEADER = [
  ...['序号', '车牌号', '车架号', '车辆类别', '能源类型'],
  ...['注册日期', '所属企业', '县(市、区)', '变动类型', '变动日期'],
]

export const plate = (i: number): string => `闽HD${10_000 + i}`
export function vin(i: number): string {
  const start = 'LZYTAGB6'
  const rest = `P11${String(i).padStart(5, '0')}`
  return `${start}${vinCheckCharacter(`${start}0${rest}`)}${rest}`
}

/** The cells of a vehicle's row below HEADER. */
export const line = (i: number): string[] => [
  ...[String(i), plate(i), vin(i), '城市公交', '纯电动'],
  ...['2024-05-11', '南平公交', '延平区', '新增', '2024-06-01'],
]

/** What such a row says. */
export const values = (i: number, other: RowValues = {}): RowValues => ({
  plate: plate(i),
  vin: vin(i),
  category: 'bus',
  energy: 'BEV',
  registeredOn: '2024-05-11',
  operator: '南平公交',
  county: '350702',
  kind: 'added',
  on: '2024-06-01',
  ...other,
})

/** A row of a vehicle with some cells otherwise, by column. */
export function lineWith<T>(i: number, other: Readonly<Record<number, T>>): (string | T)[] {
  return line(i).map((cell, c) => (c in other ? (other[c] as T) : cell))
}

export const csv = (rows: readonly (readonly string[])[], separator = ','): string =>
  rows.map((r) => `${r.join(separator)}\r\n`).join('')

/** A list that must be refused. */
export const refused = (name: string, filename: string, problem: string, bytes: () => Buffer): NastyList => ({
  name,
  filename,
  bytes,
  expect: { problem },
})
