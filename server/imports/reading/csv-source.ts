import { parse } from 'csv-parse/sync'
import { findHead } from './head.ts'
import { Notes } from './notes.ts'
import { ListProblem } from './problem.ts'
import { records } from './records.ts'
import {
  BATCH,
  type ListSource,
  MAX_COLUMNS,
  MAX_TEXT,
  type SheetSource,
  type SourceRow,
  TOP_ROWS,
} from './source.ts'
import type { TextFile } from './text-file.ts'
import { topGrid } from './top.ts'

/** Separated text (.csv, .txt, and tab-separated text that calls itself .xls). */

const SEPARATORS = [',', ';', '\t', '|'] as const
const SAMPLE_ROWS = 30

const OTHER_TEXTS: readonly [string, RegExp][] = [
  ['xml', /^\s*<\?xml/i],
  ['html', /^\s*<[a-z!]/i],
  ['json', /^\s*(?:\{\s*"|\[\s*[{[])/],
]

/** How regularly a separator cuts the first rows: the fields of the commonest width, over the rows that have it. */
function regularity(sample: string, separator: string): number {
  const widths = new Map<number, number>()
  try {
    const rows: string[][] = parse(sample, {
      delimiter: separator,
      relax_column_count: true,
      relax_quotes: true,
      to: SAMPLE_ROWS,
    })
    for (const { length } of rows) if (length > 1) widths.set(length, (widths.get(length) ?? 0) + 1)
  } catch {
    return 0
  }
  return Math.max(0, ...Array.from(widths, ([width, rows]) => (width - 1) * rows))
}

/** The separators that cut the sample at all, the likeliest first; a comma when none does. */
function separatorsOf(sample: string): string[] {
  const scored = SEPARATORS.map((separator) => ({ separator, score: regularity(sample, separator) }))
  const likely = scored.filter((s) => s.score > 0).sort((a, b) => b.score - a.score)
  return likely.length > 0 ? likely.map((s) => s.separator) : [SEPARATORS[0]]
}

/** `sep=;` in the first line, by which spreadsheets are told the separator; they do not count it as a row. */
const TOLD = /^sep=(.)\r?\n?/i

/** A text's only sheet, cut at the likeliest separator that gives a header. Throws ListProblem. */
export async function openCsv(file: TextFile): Promise<ListSource> {
  const found = OTHER_TEXTS.find(([, pattern]) => pattern.test(file.start.slice(0, 500)))?.[0]
  if (found !== undefined) throw new ListProblem('import.not-a-list', { found })
  const told = TOLD.exec(file.start)
  let chosen: { separator: string; sheet: SheetSource } | undefined
  for (const separator of told?.[1] ? [told[1]] : separatorsOf(file.start)) {
    const sheet = await sheetOf(file, separator, told?.[0].length ?? 0)
    const identified = findHead(topGrid(sheet)) !== undefined
    if (chosen === undefined || identified) chosen = { separator, sheet }
    if (identified) break
  }
  if (chosen === undefined) throw new ListProblem('import.empty')
  return {
    format: chosen.separator === '\t' ? 'tsv' : 'csv',
    encoding: file.encoding,
    macros: false,
    sheets: [chosen.sheet],
    close: () => file.close(),
  }
}

async function sheetOf(file: TextFile, separator: string, skip: number): Promise<SheetSource> {
  const rows = (notes: Notes) => sourceRows(from(file.text(), skip), separator, notes)
  const top: SourceRow[] = []
  let complete = true
  for await (const batch of rows(new Notes(null))) {
    top.push(...batch)
    if ((top.at(-1)?.row ?? 0) > TOP_ROWS) {
      complete = false
      break
    }
  }
  return {
    name: null,
    hidden: false,
    top: top.filter((r) => r.row <= TOP_ROWS),
    complete,
    merges: null,
    widths: [],
    hiddenColumns: [],
    rows,
  }
}

async function* from(text: AsyncIterable<string>, skip: number): AsyncGenerator<string> {
  let left = skip
  for await (const piece of text) {
    yield left > 0 ? piece.slice(left) : piece
    left = Math.max(0, left - piece.length)
  }
}

async function* sourceRows(
  text: AsyncIterable<string>,
  separator: string,
  notes: Notes,
): AsyncGenerator<SourceRow[]> {
  let row = 0
  let batch: SourceRow[] = []
  for await (const some of records(text, separator)) {
    for (const cells of some) {
      row++
      if (cells.length === 1 && cells[0] === '') continue
      batch.push({ row, hidden: false, cells: trimmed(cells, row, notes) })
      if (batch.length < BATCH) continue
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}

/** The cells that are used, with texts of no more than what a spreadsheet's cell holds. */
function trimmed(cells: string[], row: number, notes: Notes): string[] {
  if (cells.length > MAX_COLUMNS) {
    if (cells[MAX_COLUMNS] !== '') {
      notes.add('note.columns-cut', row, { max: String(MAX_COLUMNS) })
    }
    cells.length = MAX_COLUMNS
  }
  for (let i = 0; i < cells.length; i++) {
    const text = cells[i]
    if (text === undefined || text.length <= MAX_TEXT) continue
    notes.add('note.text-cut', row, { max: String(MAX_TEXT) })
    cells[i] = text.slice(0, MAX_TEXT)
  }
  return cells
}
