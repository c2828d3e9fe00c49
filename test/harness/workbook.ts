import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { type CellObject, read, utils, type WorkBook, write } from '@e965/xlsx'
import { XmlDocument } from 'libxml2-wasm'
import { readRow } from '../../server/domain/read-row.ts'
import { type ListFile, openListFile } from '../../server/imports/reading/index.ts'
import type { ImportColumn } from '../../server/imports/schema.ts'
import { writeErrorsFile } from '../../server/imports/writing/errors-file.ts'
import type { RowFaults } from '../../server/imports/writing/faults.ts'
import { createWording } from '../../server/wording/index.ts'

/** Workbooks that the service wrote, read by another program and checked part by part. */

/** A cell as it was read back. */
export type ReadCell = CellObject & { s?: { fgColor?: { rgb?: string } }; c?: { t: string }[] }

export interface ReadBook {
  book: WorkBook
  names: string[]
  /** a cell, by sheet and address */
  cell(sheet: string | number, address: string): ReadCell | undefined
  /** every cell of a sheet that holds something, by address */
  cells(sheet: string | number): [string, ReadCell][]
  /** the text of a part, such as `xl/worksheets/sheet1.xml` */
  part(path: string): string
}

/** Reads an .xlsx file whole, after a check of every part: see `checkParts`. */
export function readBook(bytes: Buffer): ReadBook {
  const book = read(bytes, { cellStyles: true, cellNF: true, cellFormula: true, bookFiles: true, raw: true })
  const files = (book as unknown as { files: Record<string, { content: Uint8Array }> }).files
  const part = (path: string) => Buffer.from(files[path]?.content ?? []).toString()
  checkParts(Object.keys(files), part)
  const sheetOf = (sheet: string | number) =>
    book.Sheets[typeof sheet === 'number' ? (book.SheetNames[sheet] ?? '') : sheet]
  return {
    book,
    names: book.SheetNames,
    part,
    cell: (sheet, address) => sheetOf(sheet)?.[address] as ReadCell | undefined,
    cells: (sheet) =>
      Object.entries(sheetOf(sheet) ?? {}).filter(([at]) => !at.startsWith('!')) as [string, ReadCell][],
  }
}

/**
 * Every part is well-formed XML, every relationship leads to a part, every part has a content type, and no cell is a
 * formula. @throws what is wrong
 */
function checkParts(names: readonly string[], part: (path: string) => string): void {
  // what the library makes up for itself is left out
  const paths = names.filter((n) => /^[a-z_[]/.test(n) && !n.endsWith('/'))
  for (const path of paths) {
    using _ = XmlDocument.fromString(part(path))
  }
  for (const path of paths.filter((p) => p.endsWith('.rels'))) {
    const base = posix.dirname(posix.dirname(path))
    for (const [, target] of part(path).matchAll(/ Target="([^"]*)"/g)) {
      const leads = posix.normalize(posix.join(base, target ?? ''))
      if (!paths.includes(leads)) throw new Error(`${path} leads to ${leads}, which is not there`)
    }
  }
  const types = part('[Content_Types].xml')
  for (const path of paths.filter((p) => p !== '[Content_Types].xml')) {
    const named = types.includes(`PartName="/${path}"`)
    const ending = /\.(rels|vml)$/.test(path) && types.includes(`Extension="${path.split('.').at(-1)}"`)
    if (!named && !ending) throw new Error(`${path} has no content type`)
  }
  const sheets = paths.filter((p) => p.startsWith('xl/worksheets/sheet'))
  const formula = sheets.find((p) => /<f[ >/]/.test(part(p)))
  if (formula) throw new Error(`${formula} holds a formula`)
}

/** The columns of a file as an upload that nobody mapped has them. */
export const columnsOf = (file: ListFile): ImportColumn[] =>
  file.sheets.flatMap((sheet) =>
    sheet.columns.map(({ index, letter, header, field }) => ({
      ...{ sheet: sheet.index, index, letter, header, field, by: 'recognised' as const, samples: [] },
    })),
  )

/** What reading finds wrong with a file's rows, without a register. */
export async function* faultsOf(file: ListFile, today = '2026-11-23'): AsyncIterable<RowFaults[]> {
  for (const { index } of file.sheets.filter((s) => s.headerRow > 0)) {
    for await (const rows of file.rows(index)) {
      yield rows
        .map(({ row, cells }) => ({
          ...{ sheet: index, row, mended: {} },
          issues: readRow(cells, { today }).issues,
        }))
        .filter((r) => r.issues.length > 0)
    }
  }
}

async function* none(): AsyncIterable<never> {}

/** Everything of a test that is on disk. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'fleet-workbooks-'))

  of(name: string): string {
    return join(this.path, name)
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** Writes a file's errors file as reading alone finds them, and reads it back. */
export async function errorsOf(
  path: string,
  out: string,
  language: 'zh-CN' | 'en' = 'zh-CN',
): Promise<{ back: ReadBook; faults: RowFaults[]; columns: ImportColumn[] }> {
  const file = await openListFile(path, path)
  const faults: RowFaults[] = []
  async function* noting() {
    for await (const batch of faultsOf(file)) {
      faults.push(...batch)
      yield batch
    }
  }
  const columns = columnsOf(file)
  await writeErrorsFile(out, file, noting(), {
    sheets: file.sheets.filter((s) => s.headerRow > 0),
    ...{ columns, missing: none(), wording: createWording(language) },
  })
  await file.close()
  return { back: readBook(readFileSync(out)), faults, columns }
}

/** An .xlsx file of rows by sheet. */
export function bookOf(sheets: Record<string, unknown[][]>): Buffer {
  const book = utils.book_new()
  for (const [name, rows] of Object.entries(sheets))
    utils.book_append_sheet(book, utils.aoa_to_sheet(rows), name)
  return write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer
}
