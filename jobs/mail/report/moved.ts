/** What moved since the report before, and why. */
import { type MovedLine, movedLines } from '../../../server/reports/face/lines.ts'
import type { Block, Line } from '../kit/index.ts'
import type { Writer } from './part.ts'

const CAUSES = ['happened', 'late', 'corrected', 'policy'] as const
/** Parts that say that nothing is of this cause. */
const NOTHING: readonly string[] = ['0', '0/0']

/** What moved; nothing for an operator, of whom it was not frozen. */
export function moved(writer: Writer): Block[] {
  const { content, format, scope } = writer
  if (scope?.kind === 'operator') return []
  const { words } = format
  const heading: Block = { kind: 'heading', text: words.sections.moved }
  const { previous } = content
  if (!previous) return [heading, { kind: 'text', text: words.first }]
  const { lines, same } = movedLines(content, format)
  const notes = [
    lines.length === 0 ? words.nothingMoved : words.movedCount(lines.length, same),
    previous.policyVersion === content.policy.version ? '' : words.policyChanged,
    previous.dropped.length === 0
      ? ''
      : words.dropped(previous.dropped.map(({ title }) => format.pick(title)).join(words.list)),
  ].filter((note) => note !== '')
  const lead = words.movedLead(format.period(previous.period), previous.number, format.day(previous.asOf))
  return [
    heading,
    { kind: 'text', text: `${lead}${notes.join(words.space)}` },
    ...(lines.length > 0
      ? [
          { kind: 'list' as const, items: lines.map((line) => movedItem(line, writer)) },
          ...(lines.some(({ change }) => change.includes('/'))
            ? [{ kind: 'text' as const, text: writer.words.movedKey, muted: true }]
            : []),
        ]
      : []),
  ]
}

/** `Taxis: 70.0% (63/90) → 69.2% (63/91), +0/+1, of which …` */
function movedItem(line: MovedLine, { words, format }: Writer): Line {
  const { colon, join, list } = format.words
  const causes = CAUSES.filter((cause) => !NOTHING.includes(line[cause]))
  const [only] = causes
  const parts = causes.map((cause) => `${words.because[cause]} ${line[cause]}`).join(list)
  const reason =
    only === undefined ? null : causes.length === 1 ? words.allOf(words.because[only]) : words.madeOf(parts)
  return [
    { text: line.title, strong: true },
    `${colon}${line.before} → ${line.now}`,
    ...(NOTHING.includes(line.change) && causes.length === 0
      ? []
      : [`${join}${format.words.columns.change} ${line.change}`]),
    ...(line.status === null ? [] : [`${join}${line.status}`]),
    ...(reason === null ? [] : [{ text: `\n${reason}`, muted: true }]),
  ]
}
