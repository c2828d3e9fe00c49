import type { Readable } from 'node:stream'
import { explanation, header } from '../imports/writing/looks.ts'
import type { OutCell, OutRow } from '../imports/writing/xlsx/cells.ts'
import { LAST_ROW } from '../imports/writing/xlsx/sheet.ts'
import { streamWorkbook } from '../imports/writing/xlsx/workbook.ts'
import type { Column, Table } from './table.ts'

/** A list as .xlsx, as it is being read: its rows, over as many sheets as they need, and a sheet that says what it is. */
export function workbookOf<T>(table: Table<T>, lastRow = LAST_ROW): Readable {
  return streamWorkbook(table.title, async (book) => {
    const source = new RowSource(table.rows)
    const { columns, title, about } = table
    do {
      await book.addSheet({
        name: title,
        rows: sheetRows(columns, source, lastRow),
        widths: columns.map((column) => column.width),
        frozen: 1,
        filter: { header: 1, right: columns.length - 1 },
      })
    } while (!(await source.isAtEnd()))
    const lines = [[title, ''], ...about.lines, [about.rows, source.taken]] as const
    const cells = (line: readonly [string, string | number]): OutCell[] => [
      { value: line[0], style: header },
      { value: line[1], style: explanation },
    ]
    await book.addSheet({
      name: about.title,
      rows: [lines.map((line, i): OutRow => ({ row: i + 1, cells: cells(line) }))],
      widths: [24, 80],
    })
  })
}

async function* sheetRows<T>(
  columns: Column<T>[],
  source: RowSource<T>,
  lastRow: number,
): AsyncIterable<OutRow[]> {
  yield [{ row: 1, cells: columns.map(({ head }) => ({ value: head, style: header })) }]
  for (let row = 2; row <= lastRow; ) {
    const batch = await source.take(lastRow - row + 1)
    if (batch.length === 0) return
    yield batch.map((one): OutRow => ({ row: row++, cells: columns.map((c) => ({ value: c.value(one) })) }))
  }
}

/** Rows that come in batches, taken as many at a time as a sheet has room for. */
class RowSource<T> {
  /** how many have been taken */
  taken = 0
  private readonly batches: AsyncIterator<readonly T[]>
  private batch: readonly T[] = []
  private ended = false

  constructor(rows: AsyncIterable<readonly T[]>) {
    this.batches = rows[Symbol.asyncIterator]()
  }

  /** The next rows, at most so many; none at the end. */
  async take(atMost: number): Promise<readonly T[]> {
    if (await this.isAtEnd()) return []
    const rows = this.batch.slice(0, atMost)
    this.batch = this.batch.slice(atMost)
    this.taken += rows.length
    return rows
  }

  async isAtEnd(): Promise<boolean> {
    while (this.batch.length === 0 && !this.ended) {
      const next = await this.batches.next()
      if (next.done) this.ended = true
      else this.batch = next.value
    }
    return this.batch.length === 0
  }
}
