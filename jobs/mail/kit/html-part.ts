/** The HTML part of a mail: tables and inline styles throughout, no more than 640 px wide and readable at 360. */
import { placeholder } from '../../outbox/new-mail.ts'
import { html, type Markup } from '../html.ts'
import { type BlockName, block, page } from './blocks.ts'
import { type Block, type Line, type MailContent, type Span, spansOf, type Tile } from './content.ts'
import { S } from './style.ts'
import { table } from './table.ts'
import { kitWords } from './words.ts'

/** Text with its line breaks; what stands in it is escaped. */
const broken = (text: string): Markup =>
  html`${text.split('\n').map((line, i) => (i === 0 ? html`${line}` : html`<br>${line}`))}`

function span({ text, href, tone, strong, muted }: Span): Markup {
  let piece = broken(text)
  if (href) piece = html`<a class="link" style="${S.link}" href="${href}">${piece}</a>`
  if (strong) piece = html`<strong>${piece}</strong>`
  if (tone) return html`<span class="${tone}" style="${S.tone(tone)}">${piece}</span>`
  return muted ? html`<span class="muted" style="${S.muted}">${piece}</span>` : piece
}

/** A line as markup. */
export const inline = (line: Line): Markup => html`${spansOf(line).map(span)}`

/** Blocks that stand in one text block with their neighbours. */
function flowing(piece: Block): Markup | null {
  if (piece.kind === 'heading') return html`<h2 class="ink" style="${S.h2}">${piece.text}</h2>`
  if (piece.kind === 'text') {
    const [name, style] = piece.muted ? ['muted', S.mutedText] : ['ink', S.text]
    return html`<p class="${name}" style="${style}">${inline(piece.text)}</p>`
  }
  if (piece.kind !== 'list') return null
  return html`<ul style="${S.list}">${piece.items.map((item) => html`<li class="ink" style="${S.item}">${inline(item)}</li>`)}</ul>`
}

const tile = ({ value, label, tone }: Tile): Markup =>
  html`<p class="${tone}" style="${S.tileValue};${S.tone(tone)}">${value}</p><p class="muted" style="${S.tileLabel}">${label}</p>`

/** The block for so many tiles beside each other. */
const TILES: Readonly<Record<number, BlockName>> = { 2: 'tiles2', 3: 'tiles3', 4: 'tiles4', 5: 'tiles5' }

/** Tiles in rows of up to five, as even as can be. */
function tileRows(tiles: readonly Tile[]): Markup {
  const size = Math.ceil(tiles.length / Math.ceil(tiles.length / 5))
  const rows: Markup[] = []
  for (let i = 0; i < tiles.length; i += size) {
    const row = tiles.slice(i, i + size).map(tile)
    while (row.length < 2) row.push(html`&nbsp;`)
    const places = Object.fromEntries(row.map((markup, place) => [place + 1, markup]))
    rows.push(block(TILES[row.length] ?? 'tiles5', places))
  }
  return html`${rows}`
}

/** Blocks that fill a row each. */
function row(piece: Block): Markup | null {
  switch (piece.kind) {
    case 'facts':
      return block('table', {
        rows: html`${piece.facts.map(
          ([name, value]) =>
            html`<tr><th scope="row" class="muted line" style="${S.factName}">${name}</th><td class="ink line" style="${S.factValue}">${inline(value)}</td></tr>`,
        )}`,
      })
    case 'table':
      return block('table', { rows: table(piece, inline) })
    case 'picture': {
      const shown = block('picture', { src: `cid:${piece.picture.cid}`, alt: piece.alt })
      if (piece.caption === undefined) return shown
      return html`${textRow(html`<p class="muted" style="${S.mutedText}">${piece.caption}</p>`)}${shown}`
    }
    case 'button':
      return block('button', { text: piece.text, href: piece.href })
    default:
      return null
  }
}

const textRow = (text: Markup): Markup => block('text', { text })

/** Blocks that lie beside each other, or on a ground of their own. */
function standing(piece: Block): Markup {
  if (piece.kind === 'tiles') return tileRows(piece.tiles)
  if (piece.kind !== 'status') throw new Error(`no block of its own: ${piece.kind}`)
  const points = piece.points.map((point) => html`<p class="ink" style="${S.point}">${inline(point)}</p>`)
  const headline = html`<p class="${piece.tone}" style="${S.headline};${S.tone(piece.tone)}">${piece.headline}</p>`
  return block('status', { edge: S.edge[piece.tone], text: html`${headline}${points}` })
}

/** The blocks: what flows gathered into one text, and rows into one stack, up to the next that stands on its own. */
function body(blocks: readonly Block[]): Markup {
  const done: Markup[] = []
  let text: Markup[] = []
  let rows: Markup[] = []
  const endText = () => {
    if (text.length > 0) rows.push(textRow(html`${text}`))
    text = []
  }
  const endRows = () => {
    endText()
    if (rows.length > 0) done.push(block('stack', { rows: html`${rows}` }))
    rows = []
  }
  for (const piece of blocks) {
    const flow = flowing(piece)
    if (flow) {
      text.push(flow)
      continue
    }
    const made = row(piece)
    if (made) {
      endText()
      rows.push(made)
    } else {
      endRows()
      done.push(standing(piece))
    }
  }
  endRows()
  return html`${done}`
}

function foot({ footer: { why, notes = [], settings, unsubscribe }, language }: MailContent): Markup {
  const words = kitWords(language)
  const links: Line = [
    ...(unsubscribe ? [{ text: words.unsubscribe, href: placeholder('unsubscribe') }] : []),
    ...(unsubscribe && settings ? [' · '] : []),
    ...(settings ? [{ text: words.settings, href: settings }] : []),
  ]
  return html`${[...notes, why, ...(links.length > 0 ? [links] : [])].map(
    (line) => html`<p class="muted" style="${S.foot}">${inline(line)}</p>`,
  )}`
}

/** The HTML part. */
export function htmlPart(content: MailContent): string {
  const { language, title, preheader, product, lead = [], blocks } = content
  const head = html`<p class="muted" style="${S.over}">${product}</p><h1 class="ink" style="${S.h1}">${title}</h1>${lead.map((line) => html`<p class="muted" style="${S.lead}">${line}</p>`)}`
  return page({ language, title, preheader, head, foot: foot(content) }, body(blocks))
}
