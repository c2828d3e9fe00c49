/** The HTML part of a mail: tables and inline styles throughout, no more than 640 px wide and readable at 360. */
import { placeholder } from '../../outbox/new-mail.ts'
import { html, type Markup } from '../html.ts'
import { block, page } from './blocks.ts'
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

/** Tiles in rows of up to four, none alone in its row. */
function tileRows(tiles: readonly Tile[]): Markup {
  const size = tiles.length % 4 === 1 ? 3 : 4
  const rows: Markup[] = []
  for (let i = 0; i < tiles.length; i += size) {
    const row = tiles.slice(i, i + size)
    const blank = row.length === 1 ? html`&nbsp;` : null
    const name = row.length === 4 ? 'tiles4' : row.length === 3 ? 'tiles3' : 'tiles2'
    rows.push(
      block(
        name,
        Object.fromEntries([...row.map(tile), ...(blank ? [blank] : [])].map((m, n) => [n + 1, m])),
      ),
    )
  }
  return html`${rows}`
}

function standing(piece: Block): Markup {
  switch (piece.kind) {
    case 'status': {
      const points = piece.points.map((point) => html`<p class="ink" style="${S.point}">${inline(point)}</p>`)
      const headline = html`<p class="${piece.tone}" style="${S.headline};${S.tone(piece.tone)}">${piece.headline}</p>`
      return block('status', { edge: S.edge[piece.tone], text: html`${headline}${points}` })
    }
    case 'tiles':
      return tileRows(piece.tiles)
    case 'facts':
      return block('table', {
        rows: html`${piece.facts.map(
          ([name, value]) =>
            html`<tr><th scope="row" class="muted line" style="${S.factName}">${name}</th><td class="ink line" style="${S.factValue}">${inline(value)}</td></tr>`,
        )}`,
      })
    case 'table':
      return block('table', { rows: table(piece, inline) })
    case 'picture':
      return block('picture', { src: `cid:${piece.picture.cid}`, alt: piece.alt })
    case 'button':
      return block('button', { text: piece.text, href: piece.href })
    default:
      throw new Error(`no block of its own: ${piece.kind}`)
  }
}

/** The blocks, with what flows gathered into one text block up to the next that stands on its own. */
function body(blocks: readonly Block[]): Markup {
  const done: Markup[] = []
  let text: Markup[] = []
  const flush = () => {
    if (text.length > 0) done.push(block('text', { text: html`${text}` }))
    text = []
  }
  for (const piece of blocks) {
    const markup = flowing(piece)
    if (markup) text.push(markup)
    else {
      flush()
      done.push(standing(piece))
    }
  }
  flush()
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
