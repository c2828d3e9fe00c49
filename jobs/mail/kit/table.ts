/** Tables of a mail: a first column of words, and further ones of numbers. */
import { html, type Markup } from '../html.ts'
import type { Block, Line, Row } from './content.ts'
import { S } from './style.ts'

type Table = Extract<Block, { kind: 'table' }>

/** The rows of a table, its head among them. @param inline writes a line */
export function table({ columns, rows, dense }: Table, inline: (line: Line) => Markup): Markup {
  const styles = dense ? S.dense : S.cell
  const head = columns.map(
    ({ text, title }, i) =>
      html`<th scope="col" class="muted line" style="${i === 0 ? S.head.first : S.head.other}"${title && html` title="${title}" abbr="${title}"`}>${text}</th>`,
  )
  return html`<tr>${head}</tr>${rows.map((row) => lines(row, columns.length, styles, inline))}`
}

function lines(
  { cells, note, strong }: Row,
  width: number,
  styles: { first: string; other: string },
  inline: (line: Line) => Markup,
): Markup {
  const extra = `${strong ? `;${S.strong}` : ''}${note === undefined ? '' : `;${S.noLine}`}`
  const ruled = note === undefined ? 'ink line' : 'ink'
  const made = cells.map((cell, i) =>
    i === 0
      ? html`<th scope="row" class="${ruled}" style="${styles.first}${extra}">${inline(cell)}</th>`
      : html`<td class="${ruled}" style="${styles.other}${extra}">${inline(cell)}</td>`,
  )
  const below =
    note !== undefined &&
    html`<tr><td colspan="${width}" class="muted line" style="${S.note}">${inline(note)}</td></tr>`
  return html`<tr>${made}</tr>${below}`
}
