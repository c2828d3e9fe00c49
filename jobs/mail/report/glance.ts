/** The top of a report's mail: how it stands, in one glance, and how far the data goes. */

import { glanceOf, type RuleLine } from '../../../server/reports/face/lines.ts'
import { completenessText, ownMonths } from '../../../server/reports/face/told.ts'
import type { Block, Line, Tile } from '../kit/index.ts'
import { spansOf } from '../kit/index.ts'
import { titleOf, type Writer } from './part.ts'

/** Names that are told of those who have not reported; the others are counted. */
const NAMES = 8

/** The state in a sentence, without the full stop that ends it in the report; '' for an operator that need not report. */
export const headlineOf = (writer: Writer): string => {
  const { scope, format, targets } = writer
  if (scope?.kind === 'operator') {
    const { missing, pending, reported, dueOn } = ownMonths(writer)
    const { ownInShort } = writer.words
    if (missing !== '') return ownInShort.missing(missing)
    if (pending !== '') return ownInShort.pending(pending, dueOn)
    return reported === '' ? '' : ownInShort.complete(reported)
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

/** An operator's own: whether it owes anything, and the way to give it; nothing of one that need not report. */
function ownGlance(writer: Writer): Block[] {
  const { words, link, format } = writer
  const { missing, pending, reported, dueOn } = ownMonths(writer)
  const said = [
    missing && words.ownMissing(missing),
    pending && words.ownPending(pending, dueOn),
    reported && words.ownComplete(reported),
  ].filter((text) => text !== '')
  if (said.length === 0) return []
  const tone = missing !== '' ? 'bad' : pending !== '' ? 'warn' : 'good'
  const href = tone === 'good' ? null : link('/uploads')
  return [
    { kind: 'status', tone, headline: said.join(format.words.space), points: [] },
    ...(href ? [{ kind: 'button' as const, text: words.ownReport, href }] : []),
  ]
}
