import type { Cell } from './row.ts'

/** Text of cells: what every reader of a list's words starts from. */

/** Format and zero-width characters, and control characters that are not white space. */
const CONTROL = /\p{Cf}|(?!\s)\p{Cc}/gu
/** Printable ASCII and common ideographs, which NFKC leaves as they are. */
const USUAL = /^[ -~一-\u9fff]*$/
const NONE = new Set([
  ...['', '/', '//', '\\', '-', '--', '---', '—', '——', '–', '─', '──', '―', '_', '*', '~', '.', '、'],
  ...['无', '空', '没有', '暂无', '不涉及', '不适用', 'none', 'n/a', 'na', 'null', 'nil', '(无)', '(空)'],
])

/**
 * A cell's text in NFKC without control and zero-width characters, trimmed. A whole number is written out, a Date
 * becomes its ISO text, nothing becomes the empty text.
 */
export function cellText(cell: Cell): string {
  if (typeof cell === 'string') return clean(cell)
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '' : cell.toISOString()
  return String(cell)
}

/** NFKC, without control and zero-width characters, trimmed. Spaces and line breaks inside stay. */
export function clean(text: string): string {
  if (USUAL.test(text)) return text.trim()
  return text.replace(CONTROL, '').normalize('NFKC').trim()
}

/** A text for looking up: cleaned, without any white space, in lower case. */
export const plain = (text: string): string => clean(text).replace(/\s+/g, '').toLowerCase()

/** True for a text that says "nothing here": empty, `/`, a dash, 无, 不适用 … Takes any text. */
export const isNone = (text: string): boolean => text === '' || (text.length < 8 && NONE.has(plain(text)))

const CLEAR = new Set([
  '清空',
  '清除',
  '<clear>',
  '{clear}',
  '[clear]',
  '<清空>',
  '(清空)',
  '【清空】',
  '[清空]',
  '(清除)',
  '【清除】',
  '[清除]',
  '<清除>',
])

const CLEAR_START = /清|clear/i

/** True for the written mark by which a sender empties a field: 清空, (清空), 【清空】, 清除, <clear>. Takes any text. */
export const isClearMark = (text: string): boolean =>
  text.length > 1 && text.length < 16 && CLEAR_START.test(text) && CLEAR.has(plain(text))

/** A text for a message: at most 60 characters, the last an ellipsis when it was cut. */
export function excerpt(text: string): string {
  if (text.length <= 60) return text
  const characters = Array.from(text.length > 200 ? text.slice(0, 200) : text)
  return characters.length > 60 ? `${characters.slice(0, 59).join('')}…` : text
}

/**
 * The same function with its answers kept by text: lists repeat few words very often. Texts of more than 64
 * characters are not kept, and the store is emptied at `limit` texts, so that a hostile list cannot fill the memory.
 */
export function memo<T>(read: (text: string) => T, limit = 10_000): (text: string) => T {
  const kept = new Map<string, T>()
  return (text) => {
    const known = kept.get(text)
    if (known !== undefined || kept.has(text)) return known as T
    const answer = read(text)
    if (text.length <= 64) {
      if (kept.size >= limit) kept.clear()
      kept.set(text, answer)
    }
    return answer
  }
}
