/** The text part of a mail: everything that the HTML part says, and every address that it links to. */
import { placeholder } from '../../outbox/new-mail.ts'
import { type Block, type Line, type MailContent, type Row, spansOf } from './content.ts'
import { type KitWords, kitWords } from './words.ts'

/** A line as plain text, a linked piece followed by its address. */
const plain = (line: Line): string =>
  spansOf(line)
    .map(({ text, href }) => (href && href !== text ? `${text} <${href}>` : text))
    .join('')

/** The same within another line, where a line break is a space. */
const within = (line: Line): string => plain(line).replaceAll('\n', ' ').trim()

/** The text part. */
export function textPart(content: MailContent): string {
  const { product, title, lead = [], blocks, footer, language } = content
  const words = kitWords(language)
  const foot = [
    ...(footer.notes ?? []).map(plain),
    footer.why,
    ...(footer.unsubscribe ? [`${words.unsubscribe}${words.colon}${placeholder('unsubscribe')}`] : []),
    ...(footer.settings ? [`${words.settings}${words.colon}${footer.settings}`] : []),
  ]
  const sections = [
    [product, title, ...lead].join('\n'),
    ...sectionsOf(blocks, words),
    `-- \n${foot.join('\n')}`,
  ]
  return `${sections.join('\n\n')}\n`
}

/** Each block a section of its own, a heading at the top of the one after it. */
function sectionsOf(blocks: readonly Block[], words: KitWords): string[] {
  const sections: string[] = []
  let headings: string[] = []
  for (const block of blocks) {
    if (block.kind === 'heading') {
      headings.push(`== ${block.text} ==`)
      continue
    }
    const text = said(block, words)
    if (text === null) continue
    sections.push([...headings, text].join('\n'))
    headings = []
  }
  return [...sections, ...headings]
}

function said(block: Exclude<Block, { kind: 'heading' }>, words: KitWords): string | null {
  switch (block.kind) {
    case 'text':
      return plain(block.text)
    case 'list':
      return block.items.map((item) => `- ${plain(item)}`).join('\n')
    case 'status':
      return [block.headline, ...block.points.map((point) => `! ${within(point)}`)].join('\n')
    case 'tiles':
      return block.tiles.map(({ value, label }) => `${label} ${value}`).join(words.semicolon)
    case 'facts':
      return block.facts.map(([name, value]) => `${name}${words.colon}${plain(value)}`).join('\n')
    case 'table':
      return block.rows.map((row) => rowText(row, block.columns, words)).join('\n')
    case 'picture':
      return block.told ? null : block.alt
    case 'button':
      return `${block.text}${words.colon}${block.href}`
  }
}

function rowText({ cells, note }: Row, columns: readonly { text: string }[], words: KitWords): string {
  const [name = '', ...values] = cells.map(within)
  const figures = values.flatMap((value, i) =>
    value === '' ? [] : [`${columns[i + 1]?.text ?? ''} ${value}`.trim()],
  )
  const line = figures.length > 0 ? `${name}${words.colon}${figures.join(words.semicolon)}` : name
  return note === undefined ? line : `${line}\n  ${within(note)}`
}
