import type { CivilDate } from './civil-date.ts'
import { FIELDS, type Field, type Issue, type IssueCode, issue } from './issue.ts'
import { colourBesidePlate, contradictsColour, contradictsEnergy, isPlate, normalisePlate } from './plate.ts'
import { readDate } from './read-date.ts'
import { cellText, clean, excerpt, isClearMark, isNone, memo } from './read-text.ts'
import type { Cell, CellField, ReadRow, RowCells, RowValues } from './row.ts'
import { isVesselNumber, readVesselName } from './vessel.ts'
import { hasVinCheckDigit, isVin, normaliseVin, vinCheckCharacter } from './vin.ts'
import type { Category } from './vocabulary.ts'
import {
  readCategory,
  readCounty,
  readEmission,
  readEnergy,
  readKind,
  readPlateColour,
  readReason,
} from './words.ts'

/** What reading a row needs to know beside the row. */
export interface ReadContext {
  /** today in Asia/Shanghai; a later date is in the future */
  today: CivilDate
}

/** The highest number of packs that one vehicle can take; above it a date or a code slipped into the column. */
export const MAX_PACKS = 9999

type Finding = { code: IssueCode; field: Field; value: string; more?: Record<string, string> }

/** The row being read: its values and findings so far. */
interface Reading {
  cells: RowCells
  values: RowValues
  found: Finding[]
}

const note = (
  r: Reading,
  code: IssueCode,
  field: Field,
  value: string,
  more?: Record<string, string>,
): void => {
  r.found.push({ code, field, value, ...(more ? { more } : {}) })
}

const someText = (text: string): string => (isNone(text) || isClearMark(text) ? '' : clean(text))
const keptText = memo(someText, 20_000)
/** Fields whose texts hardly ever repeat, so that keeping them would only fill the memory. */
const UNIQUE: ReadonlySet<CellField> = new Set<CellField>(['plate', 'vin', 'replaces', 'certificate', 'note'])

/** A field's text, or the empty text when the cell is empty, says that there is nothing, or is a mark to clear it. */
function textOf(cells: RowCells, field: CellField): string {
  const cell = cells[field]
  if (cell === undefined || cell === null || cell === '') return ''
  if (typeof cell !== 'string') return cellText(cell)
  return UNIQUE.has(field) ? someText(cell) : keptText(cell)
}

function readWord<T>(
  r: Reading,
  field: Field,
  code: IssueCode,
  read: (text: string) => T | undefined,
): T | undefined {
  const text = textOf(r.cells, field)
  if (text === '') return undefined
  const value = read(text)
  if (value === undefined) note(r, code, field, text)
  return value
}

/** What a row says of the category, before what is wrong with that is noted. */
const categoryOf = (r: Reading): Category | undefined => readCategory(textOf(r.cells, 'category'))
const saidVessel = (r: Reading): boolean => categoryOf(r) === 'vessel'
/** Where nobody says, the register will tell (see nameIssues). */
const mayBeVessel = (r: Reading): boolean => (categoryOf(r) ?? 'vessel') === 'vessel'

function readPlate(r: Reading): void {
  const cell = r.cells.plate
  const text = textOf(r.cells, 'plate')
  if (text === '') return
  const plate = isPlate(text) ? text : normalisePlate(text)
  if (typeof cell === 'string' && isPlate(plate)) {
    r.values.plate = plate
    return
  }
  const name = mayBeVessel(r) ? readVesselName(text) : undefined
  if (name !== undefined) r.values.plate = name
  else note(r, saidVessel(r) ? 'vessel.name-invalid' : 'plate.invalid', 'plate', text)
}

/** Says once when the plate does not fit the energy, be it by its form or by its colour. */
function comparePlate(r: Reading): void {
  const { plate, energy } = r.values
  if (plate === undefined) return
  if (energy !== undefined && contradictsEnergy(plate, energy)) {
    note(r, 'plate.energy-mismatch', 'plate', plate, { energy })
    return
  }
  const written = textOf(r.cells, 'plateColour') || colourBesidePlate(String(r.cells.plate))
  const colour = written === '' ? undefined : readPlateColour(written)
  if (colour !== undefined && contradictsColour(plate, colour, energy)) {
    note(r, 'plate.energy-mismatch', 'plate', plate, { colour: excerpt(written), ...(energy && { energy }) })
  }
}

/** The fields whose cells hold the mark to clear them. */
function readClears(r: Reading): void {
  const clears = FIELDS.filter((field) => {
    const cell = r.cells[field]
    return typeof cell === 'string' && isClearMark(cell)
  })
  if (clears.length > 0) r.values.clears = clears
}

function readVin(r: Reading): void {
  const cell = r.cells.vin
  const text = textOf(r.cells, 'vin')
  if (text === '') return
  const vin = isVin(text) ? text : normaliseVin(text)
  if (isVesselNumber(vin) ? !mayBeVessel(r) : saidVessel(r) && !isVin(vin)) {
    note(r, 'vessel.number-invalid', 'vin', text)
    return
  }
  // a number cannot be a VIN: a spreadsheet keeps only 15 of its digits
  if (!isVesselNumber(vin) && (typeof cell !== 'string' || !isVin(vin))) {
    note(r, 'vin.invalid', 'vin', text, { length: String(vin.length) })
    return
  }
  r.values.vin = vin
  if (!hasVinCheckDigit(vin)) note(r, 'vin.check-digit', 'vin', vin, { expected: vinCheckCharacter(vin) })
}

function readEnergyOf(r: Reading): void {
  const energy = readWord(r, 'energy', 'energy.unknown', readEnergy)
  if (energy === 'ambiguous') note(r, 'energy.ambiguous', 'energy', textOf(r.cells, 'energy'))
  else if (energy !== undefined) r.values.energy = energy
}

function readDay(r: Reading, field: 'registeredOn' | 'on', today: CivilDate): void {
  const cell = r.cells[field]
  const text = textOf(r.cells, field)
  if (text === '') return
  const reading = readDate(typeof cell === 'string' ? text : cell)
  if ('code' in reading) note(r, reading.code, field, text)
  else if (reading.date > today) note(r, 'date.future', field, text, { date: reading.date, today })
  else r.values[field] = reading.date
}

function readKindAndReason(r: Reading): void {
  const kind = readWord(r, 'kind', 'kind.unknown', readKind)
  if (kind !== undefined) r.values.kind = kind.kind
  const reason = readWord(r, 'reason', 'reason.unknown', readReason)
  if (reason !== undefined) r.values.reason = reason
  else if (kind?.reason !== undefined && textOf(r.cells, 'reason') === '') r.values.reason = kind.reason
}

const PACKS = /^\+?0*([1-9]\d{0,4})(?:\.0+)?\s*[块个]?$/

function readPacks(r: Reading): void {
  const text = textOf(r.cells, 'packs')
  if (text === '') return
  const packs = Number(PACKS.exec(text)?.[1])
  if (packs >= 1 && packs <= MAX_PACKS) r.values.packs = packs
  else note(r, 'packs.invalid', 'packs', text)
}

/** A plate or VIN, or a vessel's number or name, in its normal form; or undefined. */
function identity(text: string, vessel: boolean): string | undefined {
  if (isPlate(text)) return text
  const plate = normalisePlate(text)
  if (isPlate(plate)) return plate
  const vin = normaliseVin(text)
  if (isVin(vin)) return vin
  return vessel ? readVesselName(text) : undefined
}

/** The identities in a text without separators but spaces, which may also stand within a plate; the bad part else. */
function identitiesIn(text: string, vessel: boolean): { found: string[]; bad?: string } {
  const whole = identity(text, vessel)
  if (whole !== undefined) return { found: [whole] }
  const found: string[] = []
  let pending = ''
  for (const part of text.replace(/(?<=[0-9A-Za-z])(?=\p{Script=Han}[A-Za-z])/gu, ' ').split(/\s+/)) {
    pending = pending === '' ? part : `${pending} ${part}`
    const one = identity(pending, vessel)
    if (one !== undefined) {
      found.push(one)
      pending = ''
    }
  }
  return pending === '' ? { found } : { found, bad: pending }
}

function readReplaces(r: Reading): void {
  const cell = r.cells.replaces
  const text = textOf(r.cells, 'replaces')
  if (text === '') return
  const all = new Set<string>()
  const vessel = saidVessel(r)
  let bad = typeof cell === 'string' || (vessel && isVesselNumber(text)) ? undefined : text
  for (const piece of bad === undefined ? text.split(/[、,;/\\|\r\n。和及与+&]+/) : []) {
    if (isNone(piece.trim())) continue
    const { found, bad: wrong } = identitiesIn(piece.trim(), vessel)
    for (const one of found) all.add(one)
    bad ??= wrong
  }
  if (bad !== undefined) note(r, saidVessel(r) ? 'vessel.name-invalid' : 'plate.invalid', 'replaces', bad)
  else if (all.size > 0) r.values.replaces = [...all]
}

const inOneLine = memo((text: string) => text.replace(/\s+/g, ' '), 20_000)

function readTexts(r: Reading): void {
  for (const field of ['operator', 'toOperator', 'certificate'] as const) {
    const text = textOf(r.cells, field)
    if (text !== '') r.values[field] = inOneLine(text)
  }
  const remark = textOf(r.cells, 'note')
  if (remark !== '') r.values.note = remark
}

const toIssue = ({ code, field, value, more }: Finding): Issue =>
  issue(code, field, { ...more, value: excerpt(value) })

/**
 * Reads a row's cells into the standard terms. Returns the values that could be read and every issue of the row, in
 * the order of the fields; an issue's params hold the offending text as `value`. Never throws. Which fields a row must
 * have, and what the ledger knows of its vehicles, is not decided here. Source: domain.md "Upload vocabulary",
 * "Identifiers" and its issue codes.
 */
export function readRow(cells: RowCells, context: ReadContext): ReadRow {
  const r: Reading = { cells, values: {}, found: [] }
  const { values } = r
  readPlate(r)
  readVin(r)
  const category = readWord(r, 'category', 'category.unknown', readCategory)
  if (category !== undefined) values.category = category
  readEnergyOf(r)
  comparePlate(r)
  const emission = readWord(r, 'emission', 'emission.unknown', readEmission)
  if (emission !== undefined && emission !== 'none') values.emission = emission
  readDay(r, 'registeredOn', context.today)
  for (const field of ['county', 'toCounty'] as const) {
    const code = readWord(r, field, 'county.unknown', readCounty)
    if (code !== undefined) values[field] = code
  }
  readKindAndReason(r)
  readDay(r, 'on', context.today)
  readReplaces(r)
  readPacks(r)
  readTexts(r)
  readClears(r)
  return { values, issues: r.found.map(toIssue) }
}

/** True if a row's cells are all empty. */
export const isEmptyRow = (cells: readonly Cell[]): boolean => cells.every((c) => cellText(c) === '')
