/** The text part of a mail: everything that the HTML part says, and every address that it links to. */
import { placeholder } from '../../outbox/new-mail.ts'
import { type Block, type Column, type Line, type MailContent, type Row, spansOf } from './content.ts'
import { type KitWords, kitWords } from './words.ts'

/** A line as plain text, the addresses that it links to below it, where every program makes links of them. */
const plain = (line: Line): string => [said(line), ...addresses(line)].join('\n')

const said = (line: Line): string =>
  spansOf(line)
    .map(({ text }) => text)
    .join('')
    .trim()

const addresses = (line: Line): string[] =>
  spansOf(line)
    .flatMap(({ href, text }) => (href && href !== text ? [href.replace(/^mailto:/, '')] : []))
    .filter((href) => !said(line).includes(href))

/** What a line says, in one line. */
const inOne = (line: Line): string => said(line).replace(/\s*\n\s*/g, ' ')

/** The text part. */
export function textPart(content: MailContent): string {
  const { product, title, lead = [], blocks, footer, language } = content
  const words = kitWords(language)
  const foot = [
    ...(footer.notes ?? []).map((note) => plain(note)),
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
    sections.push([...headings, sayBlock(block, words)].join('\n'))
    headings = []
  }
  return [...sections, ...headings]
}

function sayBlock(block: Exclude<Block, { kind: 'heading' }>, words: KitWords): string {
  switch (block.kind) {
    case 'text':
      return plain(block.text)
    case 'list':
      return block.items.map((item) => `- ${indented(plain(item))}`).join('\n')
    case 'status':
      return [block.headline, ...block.points.map((point) => `! ${indented(plain(point))}`)].join('\n')
    case 'tiles':
      return block.tiles.map(({ value, label }) => `${label} ${value}`).join(words.semicolon)
    case 'facts':
      return block.facts.map(([name, value]) => `${name}${words.colon}${plain(value)}`).join('\n')
    case 'table':
      return block.rows.map((row) => rowText(row, block.columns, words)).join('\n')
    case 'picture':
      return block.alt
    case 'button':
      return `${block.text}${words.colon}\n${block.href}`
  }
}

const indented = (text: string): string => text.replaceAll('\n', '\n  ')

/** A column's head; one that stands for something longer in brackets, to be told from the numbers. */
const nameOf = (column: Column | undefined): string =>
  column?.title === undefined ? (column?.text ?? '') : `[${column.text}]`

/** A row in one line, its note and the addresses that it links to below it. */
function rowText({ cells, note }: Row, columns: readonly Column[], words: KitWords): string {
  const [name = '', ...values] = cells.map(inOne)
  const figures = values.flatMap((value, i) =>
    value === '' ? [] : [`${nameOf(columns[i + 1])} ${value}`.trim()],
  )
  const line = figures.length > 0 ? `${name}${words.colon}${figures.join(words.semicolon)}` : name
  const below = [...(note === undefined ? [] : [inOne(note)]), ...cells.flatMap(addresses)]
  return [line, ...below.map((text) => `  ${text}`)].join('\n')
}
