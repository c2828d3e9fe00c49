import { extname } from 'node:path'
import type { CellField } from '../../domain/row.ts'
import { textOfRow } from './data-columns.ts'
import { findHead, type Head, type Merge } from './head.ts'
import type { ListFile, ListRow, RawCell, RawRow, SheetHead } from './list.ts'
import { saysNotAList } from './markers.ts'
import { Notes } from './notes.ts'
import { openSource } from './open-source.ts'
import { asListProblem, ListProblem } from './problem.ts'
import { RowReader } from './row-reader.ts'
import { BATCH, type ListSource, type SheetSource, type SourceCell, shown } from './source.ts'
import { topGrid } from './top.ts'

/** Opens uploaded lists: file → cells (by kind of file) → header → rows. */

export interface OpenOptions {
  /** rows with data of a sheet at most; 300,000 unless told */
  maxRows?: number
}

const MAX_ROWS = 300_000
const SAMPLES = 3
const SAMPLE_LENGTH = 60

/**
 * Opens a list on disk. The kind of file is told by its content; the name is needed only to say when it is wrong.
 * Memory does not grow with the number of rows (that of shared texts aside, which are kept apart from the heap).
 * Throws ListProblem, and nothing else, when the file is no list that can be read, no sheet has a header, or there
 * are no rows below any.
 */
export async function openListFile(
  path: string,
  filename: string,
  options: OpenOptions = {},
): Promise<ListFile> {
  let source: ListSource | undefined
  try {
    source = await openSource(path)
    const list = new OpenList(source, filename, options.maxRows ?? MAX_ROWS)
    await list.refuseEmpty()
    return list
  } catch (error) {
    await source?.close()
    throw asListProblem(error)
  }
}

interface Sheet {
  source: SheetSource
  head: Head | undefined
  shown: SheetHead
  /** notes that do not hang on its rows */
  fixed: Notes
  /** notes of reading its rows, the last time */
  read: Notes
}

class OpenList implements ListFile {
  readonly format
  readonly encoding
  readonly sheets: SheetHead[]
  readonly notes
  private readonly source: ListSource
  private readonly all: Sheet[]
  private readonly maxRows: number

  constructor(source: ListSource, filename: string, maxRows: number) {
    this.source = source
    this.format = source.format
    this.encoding = source.encoding
    this.maxRows = maxRows
    this.all = source.sheets.map(sheetOf)
    this.sheets = this.all.map((s) => s.shown)
    this.notes = [...fileNotes(source, filename), ...this.all.flatMap(aboutSheet)]
  }

  async *rows(
    index: number,
    fields?: ReadonlyMap<number, CellField>,
    limits: { maxRows?: number } = {},
  ): AsyncGenerator<ListRow[]> {
    const sheet = this.sheet(index)
    if (sheet.head === undefined) return
    const max = limits.maxRows ?? this.maxRows
    const notes = new Notes(sheet.source.name)
    sheet.read = notes
    let count = 0
    try {
      const reader = new RowReader(sheet.source, sheet.head, notes, fields)
      for await (const batch of sheet.source.rows(notes)) {
        const rows = reader.read(batch)
        count += rows.length
        if (count > max) throw new ListProblem('import.too-many-rows', { max: String(max) })
        for (let at = 0; at < rows.length; at += BATCH) {
          yield rows.length > BATCH ? rows.slice(at, at + BATCH) : rows
        }
      }
      reader.end()
    } catch (error) {
      throw asListProblem(error)
    }
  }

  async *raw(index: number): AsyncGenerator<RawRow[]> {
    try {
      for await (const batch of this.sheet(index).source.rows(new Notes(null))) {
        yield batch.map(({ row, hidden, cells }) => ({ row, hidden, cells: Array.from(cells, rawCell) }))
      }
    } catch (error) {
      throw asListProblem(error)
    }
  }

  sheetNotes(index: number) {
    const { fixed, read } = this.sheet(index)
    return [...fixed.list(), ...read.list()]
  }

  merges(index: number): Merge[] {
    return [...(this.sheet(index).source.merges ?? [])]
  }

  widths(index: number): (number | null)[] {
    return [...this.sheet(index).source.widths]
  }

  close(): Promise<void> {
    return this.source.close()
  }

  /** Throws `import.empty`, `import.no-header` or `import.not-a-list` when there is nothing to read in any sheet. */
  async refuseEmpty(): Promise<void> {
    const readable = this.all.filter((s) => s.head !== undefined)
    if (readable.length === 0) {
      const blank = this.all.every((s) => s.source.top.every(isBlank))
      // A page without a table is no list that somebody forgot to fill in.
      if (blank && this.format === 'html') throw new ListProblem('import.not-a-list', { found: 'html' })
      throw new ListProblem(blank ? 'import.empty' : 'import.no-header')
    }
    for (const sheet of readable) {
      if (!sheet.source.complete) return
      const index = sheet.shown.index
      for await (const batch of this.rows(index, undefined, { maxRows: Number.POSITIVE_INFINITY })) {
        if (batch.length > 0) return
      }
      sheet.read = new Notes(sheet.source.name)
    }
    throw new ListProblem('import.empty', { headerRow: String(readable[0]?.shown.headerRow ?? 0) })
  }

  private sheet(index: number): Sheet {
    const sheet = this.all[index]
    if (sheet === undefined) throw new ListProblem('import.corrupt', { detail: `no sheet ${index}` })
    return sheet
  }
}

/** A sheet of a workbook that we gave out, such as an explanation, that says that it is no list. */
const isOurs = ({ top }: SheetSource): boolean => saysNotAList(shown(top[0]?.cells[0]))

const isBlank = ({ cells }: { cells: readonly SourceCell[] }): boolean => textOfRow(cells) === ''

function sheetOf(source: SheetSource, index: number): Sheet {
  const head = isOurs(source) ? undefined : findHead(topGrid(source))
  const fixed = new Notes(source.name)
  if (head) {
    for (const column of head.columns) column.samples = samplesOf(source, head, column.index)
    noteColumns(fixed, head, head.duplicates, 'note.duplicate-header')
    const used = source.hiddenColumns.filter((c) => head.columns[c]?.field)
    noteColumns(fixed, head, used, 'note.hidden-columns')
  }
  const shownHead: SheetHead = {
    index,
    name: source.name,
    hidden: source.hidden,
    title: head?.title ?? null,
    headerRow: head ? head.row + 1 : 0,
    columns: head?.columns ?? [],
  }
  return { source, head, shown: shownHead, fixed, read: new Notes(source.name) }
}

function noteColumns(
  notes: Notes,
  head: Head,
  columns: readonly number[],
  code: 'note.duplicate-header' | 'note.hidden-columns',
): void {
  const named = columns.flatMap((c) => head.columns[c] ?? [])
  const params = {
    columns: named
      .map((c) => `${c.letter} ${c.header}`.slice(0, 40))
      .slice(0, 20)
      .join('、'),
  }
  for (const _ of named) notes.add(code, undefined, params)
}

function samplesOf(source: SheetSource, head: Head, column: number): string[] {
  const samples: string[] = []
  for (const { row, cells } of source.top) {
    const text = row > head.row + 1 ? shown(cells[column]).trim() : ''
    if (text !== '') samples.push(text.slice(0, SAMPLE_LENGTH))
    if (samples.length === SAMPLES) break
  }
  return samples
}

const EXTENSIONS: Readonly<Record<ListSource['format'], readonly string[]>> = {
  xlsx: ['.xlsx', '.xlsm', '.xltx', '.xltm'],
  xls: ['.xls', '.xlt', '.et', '.ett'],
  csv: ['.csv', '.txt', '.tsv', '.tab'],
  tsv: ['.tsv', '.txt', '.tab', '.csv'],
  html: ['.html', '.htm'],
}

function fileNotes(source: ListSource, filename: string) {
  const notes = new Notes(null)
  const extension = extname(filename).toLowerCase()
  if (extension !== '' && !EXTENSIONS[source.format].includes(extension)) {
    notes.add('note.wrong-extension', undefined, { extension: extension.slice(1, 12), format: source.format })
  }
  if (source.macros) notes.add('note.macros')
  return notes.list()
}

function aboutSheet({ source, head }: Sheet) {
  const notes = new Notes(source.name)
  if (source.hidden && head) notes.add('note.hidden-sheet')
  if (!head && !isOurs(source) && !source.top.every(isBlank)) notes.add('note.no-header-sheet')
  return notes.list()
}

function rawCell(cell: SourceCell): RawCell {
  if (cell === undefined || cell === null || cell === '') return null
  if (typeof cell === 'string') return { text: cell, value: cell }
  const { text, value, date } = cell
  return date === undefined ? { text, value } : { text, value, date }
}
