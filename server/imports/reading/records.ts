import { Parser } from 'csv-parse'
import { ListProblem } from './problem.ts'
import { MAX_COLUMNS } from './source.ts'

/** Separated text cut into records as it streams, quotes and quoted line breaks understood. */

/** One more field than is used: it holds the first text beyond them, if there is one. */
const MAX_FIELDS = MAX_COLUMNS + 1
const MAX_RECORD = 32 * 1024 ** 2
const LONG_RUN = 64 * 1024
const MAX_SEPARATORS = 100_000

const problemOf = (error: unknown): ListProblem => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'CSV_MAX_RECORD_SIZE')
    return new ListProblem('import.too-complex', { detail: 'record' }, { cause: error })
  return new ListProblem(
    'import.corrupt',
    { detail: code === '' ? String(error).slice(0, 100) : code },
    { cause: error },
  )
}

/**
 * The records of a text in batches as they come. As long as no quote has come, the text is cut at its separators and
 * line breaks: the same result several times faster. Throws ListProblem (a quote never closed).
 */
export async function* records(text: AsyncIterable<string>, separator: string): AsyncGenerator<string[][]> {
  let rest = ''
  let quoted: QuotedRecords | undefined
  let first = true
  for await (const piece of text) {
    if (quoted === undefined && piece.includes('"')) {
      quoted = new QuotedRecords(separator)
      yield await quoted.write(rest + piece)
      rest = ''
    } else if (quoted !== undefined) {
      yield await quoted.write(piece)
    } else {
      rest += piece
      if (rest.length > MAX_RECORD) throw new ListProblem('import.too-complex', { detail: 'record' })
      if (!/[\r\n]/.test(piece)) continue
      const end = lastBreak(rest)
      if (end < 0) continue
      yield cutLines(rest.slice(0, end + 1), separator)
      rest = rest.slice(end + 1)
    }
    first = false
  }
  if (quoted !== undefined) yield await quoted.end()
  else if (rest !== '' || first) yield cutLines(rest, separator)
}

/** Where the last line break ends a line for certain; -1 when there is none. A return at the very end may be half of one. */
function lastBreak(text: string): number {
  const from = text.length - (text.endsWith('\r') ? 2 : 1)
  return from < 0 ? -1 : Math.max(text.lastIndexOf('\n', from), text.lastIndexOf('\r', from))
}

function cutLines(text: string, separator: string): string[][] {
  const lines = text.includes('\r') ? text.split(/\r\n|\n|\r/) : text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.map((line) => {
    const fields = line.split(separator, MAX_FIELDS)
    if (fields.length === MAX_FIELDS) fields[MAX_COLUMNS] = beyond(line, separator)
    return fields
  })
}

/** Something of what stands in a line beyond the fields that are used, or the empty text. */
function beyond(line: string, separator: string): string {
  let at = 0
  for (let i = 0; i < MAX_COLUMNS; i++) at = line.indexOf(separator, at) + 1
  for (; at < line.length; at++) if (line[at] !== separator) return line[at] ?? ''
  return ''
}

/** csv-parse, fed piece by piece. */
class QuotedRecords {
  private readonly parser: Parser
  private readonly separator: string
  private batch: string[][] = []
  private failure: ListProblem | undefined
  private run = 0
  private separators = 0

  constructor(separator: string) {
    this.separator = separator
    this.parser = new Parser({
      delimiter: separator,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
      max_record_size: MAX_RECORD,
    })
    this.parser.on('data', (record: string[]) => {
      if (record.length > MAX_COLUMNS) {
        record[MAX_COLUMNS] = record.slice(MAX_COLUMNS).find((field) => field !== '') ?? ''
        record.length = MAX_FIELDS
      }
      this.batch.push(record)
    })
    this.parser.on('error', (error) => {
      this.failure ??= problemOf(error)
    })
  }

  /** @returns the records that are complete by now */
  async write(text: string): Promise<string[][]> {
    this.guard(text)
    await new Promise<void>((resolve) => {
      this.parser.write(text, () => resolve())
    })
    return this.take()
  }

  async end(): Promise<string[][]> {
    await new Promise<void>((resolve) => {
      this.parser.once('close', resolve)
      this.parser.end()
    })
    return this.take()
  }

  private take(): string[][] {
    if (this.failure) throw this.failure
    const { batch } = this
    this.batch = []
    return batch
  }

  /** A record of countless fields would fill the memory before it is complete. */
  private guard(text: string): void {
    const last = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'))
    if (last >= 0) {
      this.run = 0
      this.separators = 0
    }
    this.run += text.length - last - 1
    if (this.run < LONG_RUN) return
    for (let i = text.indexOf(this.separator, last + 1); i >= 0; i = text.indexOf(this.separator, i + 1)) {
      if (++this.separators > MAX_SEPARATORS)
        throw new ListProblem('import.too-complex', { detail: 'record' })
    }
  }
}
