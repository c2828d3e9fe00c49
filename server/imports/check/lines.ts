import { readRow } from '../../domain/read-row.ts'
import { cellText } from '../../domain/read-text.ts'
import type { Cell, ReadRow, RowCells } from '../../domain/row.ts'
import type { ImportDoc, MendDoc } from '../model.ts'
import { CellPlan, CODED_FIELDS, fieldsOf, wordKey } from '../plan.ts'
import type { ListFile } from '../reading/index.ts'
import { ListProblem } from '../reading/problem.ts'
import type { ColumnField, ImportNote, ImportSheet, ImportValue } from '../schema.ts'
import type { RowOrder } from './order.ts'
import type { Spool } from './spool.ts'

/** A row as it waits for its check. */
export interface Line {
  seq: number
  sheet: number
  row: number
  read: ReadRow
  /** the cells as they count, as texts */
  cells: Record<string, string>
  /** what the mended ones said before */
  mended?: Record<string, string>
}

/** What reading the rows found beside them. */
export interface LinesRead {
  sheets: ImportSheet[]
  notes: ImportNote[]
  values: ImportValue[]
}

/** Texts that are told of each coded field. */
const MOST_VALUES = 200

/** A row's key among a list's mends. */
export const mendKey = (sheet: number, row: number): string => `${sheet}:${row}`

/**
 * Reads all rows of the chosen sheets into the spool, in the file's order.
 * @param mends mended cells by row
 * @param report told how many rows are read; may throw to stop
 * @throws ListProblem when the file cannot be read to its end, or has too many rows
 */
export async function spoolLines(
  doc: ImportDoc,
  file: ListFile,
  spool: Spool,
  order: RowOrder,
  mends: ReadonlyMap<string, MendDoc['cells']>,
  options: { today: string; rowLimit: number },
  report: (rows: number) => Promise<void>,
): Promise<LinesRead> {
  const plan = new CellPlan(doc.values, doc.defaults)
  const unknown = new UnknownValues()
  const notes = [...file.notes]
  const rowsOf = new Map<number, number>()
  let seq = 0
  for (const { index } of doc.sheets.filter((s) => s.chosen)) {
    const before = seq
    const limits = { maxRows: options.rowLimit - seq }
    for await (const batch of file.rows(index, fieldsOf(doc.columns, index), limits)) {
      for (const { row, cells } of batch) {
        seq++
        const line = lineOf(seq, index, row, cells, plan, mends.get(mendKey(index, row)), options.today)
        unknown.note(line)
        order.add(spool.add(line), line.read.values)
      }
      await report(seq)
    }
    rowsOf.set(index, seq - before)
    notes.push(...file.sheetNotes(index))
  }
  if (seq === 0) throw new ListProblem('import.empty')
  const sheets = doc.sheets.map((s) => ({ ...s, rows: rowsOf.get(s.index) ?? s.rows }))
  return { sheets, notes, values: unknown.with(doc.values) }
}

export function lineOf(
  seq: number,
  sheet: number,
  row: number,
  cells: RowCells,
  plan: CellPlan,
  mend: MendDoc['cells'] | undefined,
  today: string,
): Line {
  const counted: RowCells = mend ? { ...cells, ...mend } : cells
  const line: Line = {
    ...{ seq, sheet, row },
    read: readRow(plan.apply(counted), { today }),
    cells: texts(counted),
  }
  if (mend)
    line.mended = Object.fromEntries(
      Object.keys(mend).map((field) => [field, shown(cells[field as ColumnField])]),
    )
  return line
}

export function texts(cells: RowCells): Record<string, string> {
  const all: Record<string, string> = {}
  for (const field in cells) {
    const text = shown(cells[field as ColumnField])
    if (text !== '') all[field] = text
  }
  return all
}

const shown = (cell: Cell): string =>
  cell === null || cell === undefined
    ? ''
    : cell instanceof Date
      ? cell.toISOString().slice(0, 10)
      : String(cell).slice(0, 200)

/** Counts the texts that coded fields were not understood in. */
class UnknownValues {
  private readonly found = new Map<string, ImportValue>()
  private readonly fields = new Map<ColumnField, number>()

  note({ read, cells }: Line): void {
    for (const { severity, field, code } of read.issues) {
      if (severity !== 'error' || field === null || field === 'batteries') continue
      if (!CODED_FIELDS.has(field)) continue
      if (!code.endsWith('.unknown') && !code.endsWith('.ambiguous')) continue
      const text = cellText(cells[field])
      const key = wordKey(field, text)
      const known = this.found.get(key)
      if (known) known.rows++
      else if ((this.fields.get(field) ?? 0) < MOST_VALUES) {
        this.fields.set(field, (this.fields.get(field) ?? 0) + 1)
        this.found.set(key, { field, text, value: null, rows: 1, by: 'recognised' })
      }
    }
  }

  /** What is not understood, and what somebody said of others, the commonest first. */
  with(said: readonly ImportValue[]): ImportValue[] {
    const kept = said.filter((v) => v.by !== 'recognised' && !this.found.has(wordKey(v.field, v.text)))
    return [...this.found.values(), ...kept].sort((a, b) => b.rows - a.rows)
  }
}
