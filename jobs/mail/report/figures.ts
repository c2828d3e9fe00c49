/** A report's figures in its mail: tables of the targets, of the other figures and of the counties. */
import type { Part } from '../../../server/compliance/schema.ts'
import type { RuleLine } from '../../../server/reports/face/lines.ts'
import type { Block, Row } from '../kit/index.ts'
import { spansOf } from '../kit/index.ts'
import { hasAny, titleOf, type Writer } from './part.ts'

/** The targets, each with its value and what to do or expect. */
export function targets(writer: Writer): Block[] {
  const { format, targets: lines } = writer
  const { columns, sections } = format.words
  if (lines.length === 0) return []
  return [
    { kind: 'heading', text: sections.targets },
    {
      kind: 'table',
      columns: [columns.measure, columns.present, columns.target].map((text) => ({ text })),
      rows: lines.map((line) => {
        const { rule, target } = line
        // The unit stands beside it, below the value.
        const aim = rule.unit === 'percent' || rule.target === null ? target : format.number(rule.target)
        return figureRow(line, aim, writer)
      }),
    },
  ]
}

/** The figures without a target. */
export function others(writer: Writer): Block[] {
  const { format, others: lines } = writer
  const { columns, sections } = format.words
  if (lines.length === 0) return []
  return [
    { kind: 'heading', text: sections.others },
    {
      kind: 'table',
      columns: [columns.measure, columns.present, columns.yearBefore].map((text) => ({ text })),
      rows: lines.map((line) => {
        const { rule } = line
        const before = rule.yearBefore === null ? '' : format.value(rule, rule.yearBefore)
        return figureRow(line, before, writer)
      }),
    },
  ]
}

/** A measure with its state, its value with what it is made of, and one more. */
function figureRow(line: RuleLine, last: string, writer: Writer): Row {
  const { rule, number, value, parts, status, tone, notes } = line
  const { format } = writer
  // A unit below the number, what a share is made of below the share: so that a phone has room for the names.
  const counted = rule.unit !== 'percent' && rule.value !== null
  const shown = counted ? format.number(rule.value ?? 0) : value
  const below = counted ? format.wording.label('unit', rule.unit) : rule.denominator === null ? '' : parts
  return {
    cells: [
      [...spansOf(titleOf(line, writer, number)), '\n', { text: status, tone }],
      [{ text: shown, strong: true }, ...(below === '' ? [] : ['\n', { text: below, muted: true }])],
      last,
    ],
    note: notes.length > 0 ? notes.join(format.words.semicolon) : undefined,
  }
}

/** An operator's own figures: those in which anything of its fleet counts, beside nobody's. */
export function ownFigures(writer: Writer): Block[] {
  const { format, words } = writer
  const lines = [...writer.targets.filter(({ rule }) => hasAny(rule)), ...writer.others]
  if (lines.length === 0) return [{ kind: 'text', text: words.ownNothing }]
  const { columns } = format.words
  return [
    { kind: 'heading', text: words.ownFigures },
    {
      kind: 'table',
      columns: [columns.measure, columns.present, columns.parts].map((text) => ({ text })),
      rows: lines.map((line) => ({
        cells: [
          titleOf(line, writer),
          { text: line.value, strong: true },
          line.rule.denominator === null ? '' : line.parts,
        ],
        note:
          line.rule.undetermined > 0
            ? format.words.notes.undetermined(format.number(line.rule.undetermined))
            : undefined,
      })),
    },
  ]
}

/** The targets by county, in amounts that add up to the city's. */
export function counties({ format, words, targets: lines, content, scope }: Writer): Block[] {
  if (scope || lines.length === 0) return []
  const names = new Map<string, Part['label']>(content.counties.map(({ code, name }) => [code, name]))
  for (const { rule } of lines) for (const part of rule.breakdown.county) names.set(part.key, part.label)
  const heading: Block = { kind: 'heading', text: format.words.sections.counties }
  if (lines.every(({ rule }) => rule.breakdown.county.length === 0))
    return [heading, { kind: 'text', text: format.words.noCounties }]
  const amount = (part: Pick<Part, 'numerator' | 'denominator'> | undefined) =>
    !part || !hasAny(part)
      ? '–'
      : part.denominator === null
        ? format.number(part.numerator)
        : format.parts(part)
  const row = ([key, label]: [string, Part['label']]): Row => ({
    cells: [
      format.pick(label),
      ...lines.map(({ rule }) => amount(rule.breakdown.county.find((part) => part.key === key))),
    ],
  })
  return [
    heading,
    {
      kind: 'table',
      dense: true,
      columns: [
        { text: format.words.columns.county },
        ...lines.map(({ number, title }) => ({ text: String(number), title })),
      ],
      rows: [
        ...[...names].sort(([a], [b]) => (a < b ? -1 : 1)).map(row),
        { cells: [format.words.total, ...lines.map(({ rule }) => amount(rule))], strong: true },
      ],
    },
    { kind: 'text', text: words.countyKey, muted: true },
  ]
}
