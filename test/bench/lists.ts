import { openAsBlob } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { writeWorkbook } from '../../server/imports/writing/xlsx/workbook.ts'
import { makeList } from '../harness/lists.ts'
import { temporaryFolder } from './process.ts'

/** A list in a file, so that the bench need not hold it while it is sent. */
export interface ListFile {
  name: string
  rows: number
  form(): Promise<FormData>
  remove(): void
}

export type Format = 'csv' | 'xlsx'

/** Writes a list of changes: three in ten rows are stock, as in a city's first year of use. */
export async function listFile(rows: number, format: Format): Promise<ListFile> {
  const { csv } = makeList({ rows, stock: 0.3 })
  return fileOf(`bench.${format}`, rows, (path) =>
    format === 'csv' ? writeFile(path, csv) : writeXlsx(path, csv),
  )
}

/** Writes a list of stock of which one row in twenty names an energy that nobody knows. */
export function faultyFile(rows: number): Promise<ListFile> {
  const [head = '', ...lines] = makeList({ rows, stock: 1 }).csv.trimEnd().split('\r\n')
  const spoilt = lines.map((line, i) =>
    i % 20 === 7
      ? line
          .split(',')
          .map((cell, c) => (c === 5 ? '某种能源' : cell))
          .join(',')
      : line,
  )
  return fileOf('faulty.csv', rows, (path) => writeFile(path, `${[head, ...spoilt].join('\r\n')}\r\n`))
}

/** As a spreadsheet keeps a list: days as numbers, everything else as text. */
async function writeXlsx(path: string, csv: string): Promise<void> {
  const cellOf = (value: string) => ({ value: /^\d{4}-\d\d-\d\d$/.test(value) ? { date: value } : value })
  const rows = (parse(csv) as string[][]).map((cells, i) => ({ row: i + 1, cells: cells.map(cellOf) }))
  await writeWorkbook(path, 'bench', (book) => book.addSheet({ name: '变动', rows: [rows] }))
}

async function fileOf(name: string, rows: number, write: (path: string) => Promise<void>): Promise<ListFile> {
  const { path: folder, remove } = temporaryFolder()
  const path = join(folder, name)
  await write(path)
  const form = async () => {
    const made = new FormData()
    made.set('file', await openAsBlob(path), name)
    return made
  }
  return { name, rows, form, remove }
}
