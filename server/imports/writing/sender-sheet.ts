import type { Issue } from '../../domain/issue.ts'
import type { Wording } from '../../wording/index.ts'
import type { ListFile, RawCell, RawRow } from '../reading/index.ts'
import { FAULTS_HEADER, isFaultsHeader } from '../reading/markers.ts'
import type { ColumnField, ImportColumn } from '../schema.ts'
import { type FaultCursor, FaultWords, type RowFaults } from './faults.ts'
import { errorCell, errorText, faultsHeader, warningCell, warningText } from './looks.ts'
import { dateSerial, type OutCell, type OutRow } from './xlsx/cells.ts'
import type { SheetSpec } from './xlsx/sheet.ts'
import { MAX_NOTES } from './xlsx/workbook.ts'

const LAST_COLUMN = 16_383
const FAULTS_WIDTH = 60
/** A taller header than this would fill a small screen if it stayed in view. */
const FROZEN_AT_MOST = 8
const MEASURED_ROWS = 300
const WIDEST = 40

/** What is needed of a sender's file to write it back. */
export type SourceFile = Pick<ListFile, 'raw' | 'merges' | 'widths'> & {
  sheets: readonly { index: number; headerRow: number }[]
}

/** What of a sheet has to be known before its first row is written. */
interface Shape {
  /** columns with anything in them */
  width: number
  /** of texts, in characters of half width, by column */
  lengths: number[]
}

/** A sheet of a sender's file as it is written back. */
export interface SenderSheet {
  index: number
  name: string | null
  columns: readonly ImportColumn[]
  /** faults of the whole list, if known */
  faults?: number | undefined
}

/**
 * The sender's own sheet, row for row and cell for cell, with its faulty cells coloured and noted and one more column
 * at the far right that names the faults. A column of faults from an earlier time is written anew in its place.
 */
export async function senderSheet(
  source: SourceFile,
  sheet: SenderSheet,
  faults: FaultCursor,
  wording: Wording,
): Promise<SheetSpec> {
  const shape = await measure(source, sheet.index)
  const head = source.sheets.find((s) => s.index === sheet.index)
  const headerRow = head?.headerRow ?? 0
  const old = sheet.columns.find((c) => isFaultsHeader(c.header))?.index
  const place = old ?? Math.min(Math.max(shape.width, sheet.columns.length), LAST_COLUMN)
  const writer = new SenderRows(sheet, faults, headerRow, place, wording)
  const merges = source.merges(sheet.index)
  return {
    name: sheet.name ?? wording.t('workbook.sheet'),
    rows: writer.rows(source.raw(sheet.index)),
    widths: widths(source.widths(sheet.index), shape.lengths, place),
    frozen: headerRow <= FROZEN_AT_MOST ? headerRow : 0,
    merges: merges.map((m) => (m.left < place && m.right >= place ? { ...m, right: place - 1 } : m)),
    filter: headerRow > 0 ? { header: headerRow, right: Math.max(place, shape.width - 1) } : undefined,
  }
}

async function measure(source: SourceFile, sheet: number): Promise<Shape> {
  const lengths: number[] = []
  let width = 0
  let rows = 0
  for await (const batch of source.raw(sheet)) {
    for (const { cells } of batch) {
      let end = cells.length
      while (end > width && !cells[end - 1]?.text) end--
      width = Math.max(width, end)
      if (rows++ > MEASURED_ROWS || cells.filter((c) => c?.text).length < 2) continue
      cells.forEach((cell, i) => {
        lengths[i] = Math.max(lengths[i] ?? 0, halves(cell?.text ?? ''))
      })
    }
  }
  return { width, lengths }
}

const halves = (text: string): number => Math.min(WIDEST, text.replace(/[^\0-\xff]/g, 'xx').length)

function widths(
  known: readonly (number | null)[],
  lengths: readonly number[],
  place: number,
): (number | null)[] {
  const count = Math.max(known.length, lengths.length, place + 1)
  return Array.from({ length: count }, (_, i) =>
    i === place ? FAULTS_WIDTH : (known[i] ?? Math.max(9, (lengths[i] ?? 0) + 2)),
  )
}

/** Writes the rows of one sheet. */
class SenderRows {
  private readonly sheet: SenderSheet
  private readonly faults: FaultCursor
  private readonly headerRow: number
  private readonly place: number
  private readonly words: FaultWords
  private readonly language: Wording['language']
  private readonly columnOf: ReadonlyMap<ColumnField, number>
  private readonly tooMany: boolean

  constructor(sheet: SenderSheet, faults: FaultCursor, headerRow: number, place: number, wording: Wording) {
    this.sheet = sheet
    this.faults = faults
    this.headerRow = headerRow
    this.place = place
    this.words = new FaultWords(wording, sheet.columns)
    this.language = wording.language
    this.tooMany = (sheet.faults ?? 0) > MAX_NOTES
    const known = sheet.columns.flatMap((c) => (c.field === null ? [] : [[c.field, c.index] as const]))
    this.columnOf = new Map(known.reverse())
  }

  async *rows(raw: AsyncIterable<readonly RawRow[]>): AsyncIterable<OutRow[]> {
    for await (const batch of raw) {
      const last = batch.at(-1)
      if (!last) continue
      const found = await this.faults.upTo(this.sheet.index, last.row)
      yield batch.map((row) => this.row(row, found.get(row.row)))
    }
  }

  private row({ row, hidden, cells }: RawRow, faults: RowFaults | undefined): OutRow {
    const out: (OutCell | null)[] = cells.map(outCell)
    if (out.length > this.place || row === this.headerRow || faults) {
      while (out.length < this.place) out.push(null)
      out[this.place] = null
    }
    if (row === this.headerRow) out[this.place] = this.header()
    if (faults) this.mark(out, faults)
    return { row, hidden: hidden && !faults, cells: out }
  }

  private header(): OutCell {
    const note = this.tooMany ? this.words.t('workbook.noteLimit', { count: MAX_NOTES }) : undefined
    return { value: FAULTS_HEADER[this.language], style: faultsHeader, note }
  }

  private mark(out: (OutCell | null)[], { issues, mended }: RowFaults): void {
    const lines: string[] = []
    const notes = new Map<number, { texts: string[]; error: boolean }>()
    for (const issue of issues) {
      const text = this.words.issue(issue)
      lines.push(text)
      const column = this.columnFor(issue)
      if (column === undefined) continue
      const note = notes.get(column) ?? { texts: [], error: false }
      note.texts.push(text)
      note.error ||= issue.severity === 'error'
      notes.set(column, note)
    }
    for (const [field, value] of Object.entries(mended) as [ColumnField, string][]) {
      const column = this.columnOf.get(field)
      if (column === undefined) lines.push(this.words.noColumn(field, value))
      else out[column] = { value: mendedValue(field, value) }
    }
    for (const [column, { texts, error }] of notes) {
      const style = error ? errorCell : warningCell
      out[column] = { value: out[column]?.value ?? null, style, note: texts.join('\n') }
    }
    if (lines.length === 0) return
    const grave = issues.some((i) => i.severity === 'error')
    out[this.place] = { value: lines.join('\n'), style: grave ? errorText : warningText }
  }

  private columnFor({ field }: Issue): number | undefined {
    return field === null || field === 'batteries' ? undefined : this.columnOf.get(field)
  }
}

/** Numbers that are shown as codes with leading zeros, or as percentages, go on being shown so. */
function formatOf(text: string, value: number): string | undefined {
  if (/^0\d+$/.test(text) && Number(text) === value) return '0'.repeat(text.length)
  return /^-?\d+(\.\d+)?%$/.test(text) ? (text.includes('.') ? '0.00%' : '0%') : undefined
}

function outCell(cell: RawCell | undefined): OutCell | null {
  if (!cell) return null
  const { text, value, date } = cell
  if (typeof value !== 'number') return date !== undefined && value === date ? { value: { date } } : { value }
  if (!Number.isFinite(value)) return { value: text }
  if (date !== undefined && dateSerial(date) !== undefined)
    return { value: { date, time: value - Math.floor(value) } }
  const format = formatOf(text, value)
  return format === undefined ? { value } : { value, style: numberStyle(format) }
}

const numberStyles = new Map<string, { format: string }>()
function numberStyle(format: string): { format: string } {
  const style = numberStyles.get(format) ?? { format }
  if (numberStyles.size < 100) numberStyles.set(format, style)
  return style
}

const DATES: ReadonlySet<string> = new Set(['registeredOn', 'on'])

/** What somebody typed on the page, as a spreadsheet would have taken it. */
function mendedValue(field: ColumnField, text: string): OutCell['value'] {
  if (DATES.has(field) && dateSerial(text) !== undefined) return { date: text }
  return field === 'packs' && /^\d{1,9}$/.test(text) ? Number(text) : text
}
