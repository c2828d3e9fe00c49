/** The top of a report's mail: how it stands, in one glance, and how far the data goes. */

import { glanceOf, type RuleLine } from '../../../server/reports/face/lines.ts'
import { completenessText } from '../../../server/reports/face/told.ts'
import type { Block, Line, Tile } from '../kit/index.ts'
import { spansOf } from '../kit/index.ts'
import { titleOf, type Writer } from './part.ts'

/** Names that are told of those who have not reported; the others are counted. */
const NAMES = 8

/** The state in a sentence, without the full stop that ends it in the report. */
export const headlineOf = (writer: Writer): string => {
  const { scope, format, targets } = writer
  if (scope?.kind === 'operator') {
    const months = missingMonths(writer)
    return months === '' ? writer.words.ownInShort.complete : writer.words.ownInShort.missing(months)
  }
  return glanceOf(targets, format).headline.replace(/[。.]\s*$/, '')
}

/** How it stands, and what needs somebody. */
export function glance(writer: Writer): Block[] {
  const { scope, format, targets } = writer
  if (scope?.kind === 'operator') return ownGlance(writer)
  const { tone, points } = glanceOf(targets, format)
  const said = points.map((line) => pointOf(line, writer))
  return [
    { kind: 'status', tone, headline: headlineOf(writer), points: said },
    ...tilesOf(targets),
    ...reporting(writer),
  ]
}

function pointOf(line: RuleLine, writer: Writer): Line {
  const { words, format } = writer
  const notes = line.notes.length > 0 ? format.words.colon + line.notes.join(format.words.semicolon) : ''
  return [
    ...spansOf(titleOf(line, writer)).map((span) => ({ ...span, strong: true })),
    ` ${words.target(line.value, line.target)}\n`,
    { text: line.status, tone: line.tone },
    { text: notes, muted: true },
  ]
}

/** How many targets are in which state. */
function tilesOf(targets: readonly RuleLine[]): Block[] {
  const counts = new Map<string, Tile & { n: number }>()
  const order = { bad: 0, warn: 1, good: 2, calm: 3 }
  for (const { status, tone } of targets) {
    const n = (counts.get(status)?.n ?? 0) + 1
    counts.set(status, { value: String(n), label: status, tone, n })
  }
  const tiles = [...counts.values()].sort((a, b) => order[a.tone] - order[b.tone])
  return tiles.length > 1 ? [{ kind: 'tiles', tiles: tiles.map(({ n: _, ...tile }) => tile) }] : []
}

/** "Data complete to …, N operators missing", with their names. */
function reporting(writer: Writer): Block[] {
  const { content, format, scope, words, link } = writer
  const { missing, month } = content.completeness
  const said = completenessText({ content, format, scope })
  if (missing.length === 0) return [{ kind: 'text', text: said }]
  const names = missing.slice(0, NAMES).map(({ name }) => name)
  const { list, colon, stop } = format.words
  const told = `${names.join(list)}${words.andMore(missing.length - names.length)}${stop.trim()} `
  const href = link('/reporting', { month })
  return [
    {
      kind: 'text',
      text: [
        `${said.replace(/[。.]$/, '')}${colon}${told}`,
        ...(href ? [{ text: words.seeMissing, href }] : []),
      ],
    },
  ]
}

/** What an operator owes, in a few words. */
const missingMonths = ({ content, format }: Writer): string =>
  content.completeness.missing
    .flatMap(({ months }) => months)
    .map(format.month)
    .join(format.words.list)

function ownState(writer: Writer): string {
  const months = missingMonths(writer)
  return months === '' ? writer.words.ownComplete : writer.words.ownMissing(months)
}

/** An operator's own: whether it owes anything, and the way to give it. */
function ownGlance(writer: Writer): Block[] {
  const { words, link, content } = writer
  const owes = content.completeness.missing.length > 0
  const href = link('/uploads')
  return [
    { kind: 'status', tone: owes ? 'bad' : 'good', headline: ownState(writer), points: [] },
    ...(owes && href ? [{ kind: 'button' as const, text: words.ownReport, href }] : []),
  ]
}
