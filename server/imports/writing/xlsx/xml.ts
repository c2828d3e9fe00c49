/** Texts of spreadsheet XML. */

const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu
const ESCAPED = /[&<>"]/g
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const ALL_PLAIN = /^[ !#-%'-;=?-^`-~\u00a1-\ud7ff]*$/
/** A spreadsheet would read this as a character's number. */
const CODED = /_(?=x[0-9a-f]{4}_)/gi
/** The longest text that a cell can hold. */
const CELL_LIMIT = 32_767

/** A text for an attribute or element: escaped, without what XML 1.0 cannot hold (halves of surrogate pairs too). */
export function escapeXml(text: string): string {
  if (ALL_PLAIN.test(text)) return text
  return text
    .replace(/\r\n?/g, '\n')
    .replace(FORBIDDEN, '')
    .replace(ESCAPED, (mark) => ENTITIES[mark] ?? mark)
}

/** A cell's text as a `<t>` element: kept to the letter, but cut at what a cell can hold. */
export function textElement(text: string): string {
  const cut = text.length > CELL_LIMIT ? text.slice(0, CELL_LIMIT) : text
  const escaped = escapeXml(cut.includes('_x') || cut.includes('_X') ? cut.replace(CODED, '_x005F_') : cut)
  return /^\s|\s$|\n|\s\s/.test(escaped) ? `<t xml:space="preserve">${escaped}</t>` : `<t>${escaped}</t>`
}

const letters: string[] = []

/** The letters of a column, 0-based: 0 → A, 26 → AA. */
export function columnName(index: number): string {
  const known = letters[index]
  if (known !== undefined) return known
  const rest = Math.floor(index / 26) - 1
  const name = (rest >= 0 ? columnName(rest) : '') + String.fromCharCode(65 + (index % 26))
  letters[index] = name
  return name
}

/** A range of cells, columns 0-based and rows as a spreadsheet numbers them: `A1:C9`. */
export const rangeName = (left: number, top: number, right: number, bottom: number): string =>
  `${columnName(left)}${top}:${columnName(right)}${bottom}`

export const XML_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
