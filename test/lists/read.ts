import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import {
  type ListFile,
  ListProblem,
  type ListRow,
  type OpenOptions,
  openListFile,
  type RawRow,
  type SheetHead,
} from '../../server/imports/reading/index.ts'
import type { ImportNote } from '../../server/imports/schema.ts'

/** A list read to its end: the first visible sheet with a header and rows, else a hidden one. */
export interface WholeList {
  format: string
  encoding: string | null
  sheet: string | null
  headerRow: number
  title: string | null
  columns: SheetHead['columns']
  rowCount: number
  rows: ListRow[]
  raw: RawRow[]
  notes: ImportNote[]
}

/** Lets a file with these bytes be used while `use` runs. */
export async function withFile<T>(bytes: Uint8Array, use: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'list-'))
  try {
    const path = join(folder, 'list')
    writeFileSync(path, bytes)
    return await use(path)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export async function all<T>(batches: AsyncIterable<T[]>): Promise<T[]> {
  const items: T[] = []
  for await (const batch of batches) for (const item of batch) items.push(item)
  return items
}

/** Reads a list. Throws what opening or reading it throws. */
export const readList = (
  bytes: Uint8Array,
  filename = 'list',
  options: OpenOptions = {},
): Promise<WholeList> =>
  withFile(bytes, async (path) => {
    const file = await openListFile(path, filename, options)
    try {
      return await whole(file)
    } finally {
      await file.close()
    }
  })

async function whole(file: ListFile): Promise<WholeList> {
  const readable = file.sheets.filter((s) => s.headerRow > 0)
  const inOrder = [...readable.filter((s) => !s.hidden), ...readable.filter((s) => s.hidden)]
  for (const { index, name, headerRow, title, columns } of inOrder) {
    const rows = await all(file.rows(index))
    if (rows.length === 0) continue
    return {
      ...{ format: file.format, encoding: file.encoding, sheet: name, headerRow, title, columns },
      ...{ rowCount: rows.length, rows, raw: await all(file.raw(index)) },
      notes: [...file.notes, ...file.sheetNotes(index)],
    }
  }
  throw new Error('no rows')
}

/** The code and params of the problem that an action meets; fails when it meets none, or another exception. */
export async function problemOf(
  action: Promise<unknown>,
): Promise<{ code: string; params: Readonly<Record<string, string>> }> {
  try {
    await action
  } catch (error) {
    expect(error).toBeInstanceOf(ListProblem)
    return error as ListProblem
  }
  throw new Error('no problem')
}
