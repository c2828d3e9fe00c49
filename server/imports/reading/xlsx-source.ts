import type { Notes } from './notes.ts'
import { numberFormat } from './number-format.ts'
import { ListProblem } from './problem.ts'
import { readSharedStrings, SharedStrings } from './shared-strings.ts'
import { batches, type ListSource, type SheetSource, type SourceRow, TOP_ROWS } from './source.ts'
import { readBook, readFormats } from './xlsx-book.ts'
import { type BookParts, SheetHandler } from './xlsx-sheet.ts'
import { XmlReader, xmlText } from './xml.ts'
import { type ZipEntry, ZipFile } from './zip-file.ts'

/** Workbooks in the zip format (.xlsx, .xlsm). Formulas are never evaluated: the values that the file stores are used. */

const ROWS_END = /<\/(?:[\w.-]{1,20}:)?sheetData\s{0,10}>/

/** Opens a workbook; its cells are read when they are asked for. Throws ListProblem and others. */
export async function openXlsx(path: string): Promise<ListSource> {
  const zip = await ZipFile.open(path)
  try {
    const book = await readBook(zip)
    if (book.sheets.length === 0) throw new ListProblem('import.empty')
    const parts: BookParts = {
      strings: book.strings ? await readSharedStrings(zip.chunks(book.strings)) : new SharedStrings(),
      formats: book.styles ? await readFormats(zip.chunks(book.styles), book.date1904) : [],
      general: numberFormat('General', book.date1904),
    }
    const sheets: SheetSource[] = []
    for (const { name, hidden, entry } of book.sheets) {
      const look = await lookAt(zip, entry, parts)
      sheets.push({ name, hidden, ...look, rows: (notes) => rowsOf(zip, entry, parts, notes) })
    }
    const macros = zip.entries.some((e) => /vbaProject\.bin$/i.test(e.name))
    return { format: 'xlsx', encoding: null, macros, sheets, close: () => zip.close() }
  } catch (error) {
    await zip.close()
    throw error
  }
}

type Look = Pick<SheetSource, 'top' | 'complete' | 'merges' | 'widths' | 'hiddenColumns'>

/**
 * Looks at a sheet: its first rows and, as merged ranges stand behind the rows, what stands there. What lies between
 * is unpacked, so that damage is found at once, but not parsed.
 */
async function lookAt(zip: ZipFile, entry: ZipEntry, parts: BookParts): Promise<Look> {
  const head = new SheetHandler(parts, null)
  const tail = new SheetHandler(parts, null)
  const headReader = new XmlReader(head)
  const tailReader = new XmlReader(tail)
  let where: 'head' | 'between' | 'tail' = 'head'
  let kept = ''
  const isFull = (): boolean => (head.rows.at(-1)?.row ?? 0) > TOP_ROWS
  for await (const text of xmlText(zip.chunks(entry))) {
    if (where === 'tail') {
      tailReader.write(text)
      // a text that only looks like the end of the rows must not let them pile up
      tail.rows = []
    }
    if (where === 'head') {
      headReader.write(text)
      if (isFull()) where = 'between'
    }
    if (where !== 'between') continue
    const piece = kept + text
    kept = piece.slice(-40)
    const end = piece.includes('sheetData') ? ROWS_END.exec(piece) : null
    if (end === null) continue
    where = 'tail'
    tailReader.write(`<worksheet>${piece.slice(end.index + end[0].length)}`)
    tail.rows = []
  }
  if (where === 'head') headReader.end()
  if (where === 'between') throw new ListProblem('import.corrupt', { detail: 'sheet: cut short' })
  const complete = !isFull()
  return {
    top: head.rows.filter((r) => r.row <= TOP_ROWS),
    complete,
    merges: where === 'head' ? head.merges : tail.merges,
    widths: head.widths,
    hiddenColumns: head.hiddenColumns,
  }
}

async function* rowsOf(
  zip: ZipFile,
  entry: ZipEntry,
  parts: BookParts,
  notes: Notes,
): AsyncGenerator<SourceRow[]> {
  const handler = new SheetHandler(parts, notes)
  const reader = new XmlReader(handler)
  for await (const text of xmlText(zip.chunks(entry))) {
    reader.write(text)
    const { rows } = handler
    handler.rows = []
    yield* batches(rows)
    if (handler.done) return
  }
  reader.end()
}
