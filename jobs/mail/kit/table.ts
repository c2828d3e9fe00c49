/** Tables of a mail: a first column of words, and further ones of numbers. */
import { html, type Markup } from '../html.ts'
import type { Block, Column, Line, Row } from './content.ts'
import { S } from './style.ts'

type Table = Extract<Block, { kind: 'table' }>

/** The rows of a table, its head among them. @param inline writes a line */
export function table({ columns, rows, dense }: Table, inline: (line: Line) => Markup): Markup {
  const styles = dense ? S.dense : S.cell
  // Numbers take what they need, and names the rest; columns of words share the room.
  const first = columns.some(({ words }) => words) ? S.head.first : `${S.head.first};width:100%`
  const head = columns.map(
    ({ text, title, words }, i) =>
      html`<th scope="col" class="muted line" style="${i === 0 ? first : S.head.other}${words ? `;${S.words}` : ''}"${title && html` title="${title}" abbr="${title}"`}>${text}</th>`,
  )
  return html`<tr>${head}</tr>${rows.map((row) => lines(row, columns, styles, inline))}`
}

function lines(
  { cells, note, strong }: Row,
  columns: readonly Column[],
  styles: { first: string; other: string },
  inline: (line: Line) => Markup,
): Markup {
  const extra = `${strong ? `;${S.strong}` : ''}${note === undefined ? '' : `;${S.noLine}`}`
  const ruled = note === undefined ? 'ink line' : 'ink'
  const made = cells.map((cell, i) =>
    i === 0
      ? html`<th scope="row" class="${ruled}" style="${styles.first}${extra}">${inline(cell)}</th>`
      : html`<td class="${ruled}" style="${styles.other}${columns[i]?.words ? `;${S.words}` : ''}${extra}">${inline(cell)}</td>`,
  )
  const below =
    note !== undefined &&
    html`<tr><td colspan="${columns.length}" class="muted line" style="${S.note}">${inline(note)}</td></tr>`
  return html`<tr>${made}</tr>${below}`
}
