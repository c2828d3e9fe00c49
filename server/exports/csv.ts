import { pipeline, Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import type { Table, Value } from './table.ts'

/** A list as CSV, as it is being read: first what it is, in lines that begin with `#`. */
export function csvOf<T>({ title, columns, rows, about }: Table<T>): Readable {
  async function* lines() {
    yield [`# ${title}`]
    for (const [name, text] of about.lines) yield [`# ${name}`, text]
    yield columns.map((column) => column.head)
    for await (const batch of rows)
      for (const row of batch) yield columns.map((column) => cell(column.value(row)))
  }
  return csvStream(lines())
}

/**
 * Lines as CSV in UTF-8 with its mark, as they are being made. No cell can be taken for a formula (OWASP, CSV
 * injection).
 */
export function csvStream(lines: AsyncIterable<readonly (string | number)[]>): Readable {
  async function* guarded() {
    for await (const line of lines) yield line.map((text) => (typeof text === 'string' ? plain(text) : text))
  }
  const file = stringify({ bom: true, escape_formulas: true, record_delimiter: 'windows' })
  // Its failure ends the file with the error, which whoever sends it meets.
  pipeline(Readable.from(guarded()), file, () => undefined)
  return file
}

function cell(value: Value): string | number {
  if (value === null) return ''
  if (typeof value === 'number' || typeof value === 'string') return value
  return 'clock' in value ? `${value.date} ${value.clock}` : value.date
}

/** The stringifier looks at the first character only, some spreadsheets at the first behind blanks. */
const plain = (text: string): string => (/^[\s\p{Cf}]+[=+\-@＝＋－＠]/u.test(text) ? `'${text}` : text)
