import { parse } from 'csv-parse/sync'
import iconv from 'iconv-lite'
import type { Grid, ReadLimit } from './grid.ts'
import { ListProblem } from './problem.ts'
import { isTextLike } from './sniff.ts'

/** Comma-separated text, in the encodings and with the separators that spreadsheets write. */

const SEPARATORS = [',', ';', '\t'] as const
const SAMPLE_ROWS = 30
const SAMPLE_CHARACTERS = 200_000
/** Bytes that are enough for the rows that a peek reads. */
const PEEK_BYTES = 1_000_000

/** Text and the encoding that it was in. */
export interface Decoded {
  text: string
  encoding: 'UTF-8' | 'UTF-16LE' | 'UTF-16BE' | 'GB18030'
}

/**
 * Decodes a text: UTF-16 by its mark, else UTF-8 (with or without mark) if it is valid, else GB18030 if that decodes
 * cleanly. `cut` says that the end may fall within a character. Throws `import.encoding`, `import.not-a-list`.
 */
export function decode(bytes: Buffer, cut = false): Decoded {
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return { text: iconv.decode(bytes, 'utf-16le'), encoding: 'UTF-16LE' }
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return { text: iconv.decode(bytes, 'utf-16be'), encoding: 'UTF-16BE' }
  if (!isTextLike(bytes)) throw new ListProblem('import.not-a-list', { found: 'binary' })
  try {
    return {
      text: new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut }),
      encoding: 'UTF-8',
    }
  } catch {
    let text = iconv.decode(bytes, 'gb18030')
    if (cut) text = text.replace(/\ufffd$/, '')
    if (text.includes('\ufffd')) throw new ListProblem('import.encoding')
    return { text, encoding: 'GB18030' }
  }
}

const OTHER_TEXTS: readonly [string, RegExp][] = [
  ['html', /^\s*<(?:!doctype html|html|head|body|meta|table|!--)/i],
  ['xml', /^\s*<\?xml/i],
  ['json', /^\s*(?:\{\s*"|\[\s*[{[])/],
]

/** Records of a text, quotes and quoted line breaks understood. Throws csv-parse's errors (a quote never closed). */
export function records(text: string, separator: string, to?: number): string[][] {
  // without a quote in it, a text is cut at its separators and line breaks: the same result many times faster
  if (to === undefined && !text.includes('"')) {
    const lines = text.split(/\r\n|\n|\r/)
    if (lines.at(-1) === '') lines.pop()
    return lines.map((line) => line.split(separator))
  }
  return parse(text, {
    delimiter: separator,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: false,
    ...(to === undefined ? {} : { to }),
  })
}

/** How regularly a separator cuts the first rows: the fields of the commonest width, over the rows that have it. */
function regularity(sample: string, separator: string): number {
  const widths = new Map<number, number>()
  try {
    for (const { length } of records(sample, separator, SAMPLE_ROWS)) {
      if (length > 1) widths.set(length, (widths.get(length) ?? 0) + 1)
    }
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

/**
 * A text file's cells: cut at the likeliest separator and, only if that is asked for, at the others. Throws
 * ListProblem, or csv-parse's error when a quote is never closed.
 */
export function* csvGrids(bytes: Buffer, limit: ReadLimit = {}): Iterable<Grid> {
  const cut = limit.rows !== undefined && bytes.length > PEEK_BYTES
  const decoded = decode(cut ? bytes.subarray(0, PEEK_BYTES) : bytes, cut)
  const text = decoded.text.charCodeAt(0) === 0xfeff ? decoded.text.slice(1) : decoded.text
  const found = OTHER_TEXTS.find(([, pattern]) => pattern.test(text.slice(0, 500)))?.[0]
  if (found !== undefined) throw new ListProblem('import.not-a-list', { found })
  for (const separator of separatorsOf(text.slice(0, SAMPLE_CHARACTERS))) {
    const rows = records(text, separator, limit.rows)
    yield {
      format: 'csv',
      sheet: null,
      encoding: decoded.encoding,
      length: rows.length,
      merges: null,
      texts: (row) => rows[row] ?? [],
      cell: (row, column) => rows[row]?.[column],
    }
  }
}
