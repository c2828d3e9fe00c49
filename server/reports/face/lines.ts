/** What a report says of its rules, put into words once: for the page, the tables and the charts alike. */
import type { RuleFigure } from '../../compliance/schema.ts'
import type { Movement, MovementPart, Outline, ReportContent } from '../schema.ts'
import type { ReportFormat } from './format.ts'

/** How a status looks; words always say it too. */
export type Tone = 'good' | 'warn' | 'bad' | 'calm'

/** From the gravest on. */
const GRAVITY: readonly RuleFigure['status'][] = [
  ...(['missed', 'breached', 'behind', 'at-risk', 'on-track', 'met', 'reported', 'no-data'] as const),
]

const TONES: Record<RuleFigure['status'], Tone> = {
  ...{ missed: 'bad', breached: 'bad', behind: 'bad', 'at-risk': 'warn' },
  ...{ 'on-track': 'good', met: 'good', reported: 'calm', 'no-data': 'calm' },
}

/** Where a status stands among the others, the gravest being 0. */
export const gravityOf = (status: RuleFigure['status']): number => GRAVITY.indexOf(status)

/** How a status looks. */
export const toneOf = (status: RuleFigure['status']): Tone => TONES[status]

/** A rule as a line of a table. */
export interface RuleLine {
  rule: RuleFigure
  /** its number in the report, from 1 */
  number: number
  title: string
  value: string
  /** what a share is made of, as `63/91` */
  parts: string
  target: string
  /** what a count should have come to by now */
  expected: string
  status: string
  tone: Tone
  /** what to do or expect, in short sentences */
  notes: string[]
}

/** The rules with a target, and the others, numbered through. */
export function ruleLines(content: ReportContent, format: ReportFormat) {
  const { rules } = content.figures
  const withTarget = rules.filter((rule) => rule.target !== null)
  const others = rules.filter((rule) => rule.target === null)
  return {
    targets: withTarget.map((rule, i) => ruleLine(rule, i + 1, format)),
    others: others.map((rule, i) => ruleLine(rule, withTarget.length + i + 1, format)),
  }
}

function ruleLine(rule: RuleFigure, number: number, format: ReportFormat): RuleLine {
  return {
    ...{ rule, number },
    title: format.pick(rule.title),
    value: format.value(rule, rule.value),
    parts: format.parts(rule),
    target: targetText(rule, format),
    expected: format.value(rule, expectedOf(rule)),
    status: format.wording.label('assessment', rule.status),
    tone: toneOf(rule.status),
    notes: notesOf(rule, format),
  }
}

/** What a count should have come to by now, in whole units: of the line itself, not of its value cut to one decimal. */
export const expectedOf = ({ expected, expectedWhole }: RuleFigure): number | null =>
  expectedWhole ?? (expected === null ? null : Math.ceil(expected))

/** A target with its unit; a share's without a needless decimal. */
export const targetText = (rule: Pick<RuleFigure, 'unit' | 'target'>, format: ReportFormat): string =>
  rule.unit === 'percent' && rule.target !== null
    ? `${format.number(rule.target)}%`
    : format.value(rule, rule.target)

function notesOf(rule: RuleFigure, format: ReportFormat): string[] {
  const { words, number } = format
  const notes: string[] = []
  if (rule.kind === 'share' && rule.target !== null) {
    if (rule.status === 'breached')
      notes.push(words.notes.notNewEnergy(number((rule.denominator ?? 0) - rule.numerator)))
    else if (rule.needed) notes.push(words.notes.needed(number(rule.needed)))
  }
  if (rule.kind === 'count' && rule.target !== null && rule.needed) {
    const amount = (value: number) => format.value(rule, value)
    notes.push(words.notes.missing(amount(rule.needed)))
    if (rule.requiredPerMonth !== null) notes.push(words.notes.perMonth(amount(rule.requiredPerMonth)))
    if (rule.forecast) {
      const { low, high } = rule.forecast
      notes.push(
        low === high
          ? words.notes.forecastOne(amount(high))
          : words.notes.forecast(number(low), amount(high)),
      )
    }
  }
  if (rule.undetermined > 0) notes.push(words.notes.undetermined(number(rule.undetermined)))
  return notes
}

/** The state of all targets in one sentence, how it looks, and the targets that need somebody, the gravest first. */
export function glanceOf(targets: RuleLine[], { words, wording }: ReportFormat) {
  const points = targets
    .filter((line) => line.tone === 'bad' || line.tone === 'warn')
    .sort((a, b) => gravityOf(a.rule.status) - gravityOf(b.rule.status))
  const untouched = ({ rule }: RuleLine) =>
    rule.status === 'no-data' || (rule.kind === 'count' && rule.numerator === 0)
  if (targets.every(untouched)) return { tone: 'calm' as Tone, headline: words.glance.noData, points: [] }
  if (targets.every((line) => line.tone === 'good'))
    return { tone: 'good' as Tone, headline: words.glance.good(targets.length), points }
  const counted = GRAVITY.flatMap((status) => {
    const count = targets.filter((line) => line.rule.status === status).length
    return count === 0 ? [] : [words.glance.item(wording.label('assessment', status), count)]
  })
  const tone: Tone = points.some((line) => line.tone === 'bad') ? 'bad' : points.length > 0 ? 'warn' : 'good'
  return { tone, headline: words.glance.counted(targets.length, counted.join(words.list)), points }
}

/** A rule that moved since the previous report, as a line of a table. */
export interface MovedLine {
  title: string
  before: string
  now: string
  /** by how much its numerator and denominator moved, and what that is made of */
  change: string
  happened: string
  late: string
  corrected: string
  policy: string
  /** status then and now, where it is another */
  status: string | null
}

/** The rules that moved; how many did not. */
export function movedLines(content: ReportContent, format: ReportFormat) {
  const byId = new Map(content.figures.rules.map((rule) => [rule.id, rule]))
  const lines: MovedLine[] = []
  for (const movement of content.moved) {
    const rule = byId.get(movement.rule)
    if (rule && hasMoved(movement)) lines.push(movedLine(movement, rule, format))
  }
  return { lines, same: content.moved.length - lines.length }
}

/** Whether anything is there to be said of a movement; parts that cancel each other out are, too. */
const hasMoved = ({ before, after, because }: Movement): boolean =>
  before === null ||
  before.status !== after.status ||
  Object.values(because).some(({ numerator, denominator }) => numerator !== 0 || (denominator ?? 0) !== 0)

function movedLine({ before, after, because }: Movement, rule: RuleFigure, format: ReportFormat): MovedLine {
  const { words, wording } = format
  const said = (outline: Outline) =>
    format.value(rule, outline.value) + (outline.denominator === null ? '' : ` (${format.parts(outline)})`)
  const part = ({ numerator, denominator }: MovementPart) =>
    denominator === null
      ? format.signed(numerator)
      : `${format.signed(numerator)}/${format.signed(denominator)}`
  const sum: MovementPart = {
    numerator: after.numerator - (before?.numerator ?? 0),
    denominator: after.denominator === null ? null : after.denominator - (before?.denominator ?? 0),
  }
  const status = (outline: Outline) => wording.label('assessment', outline.status)
  return {
    title: format.pick(rule.title),
    before: before ? said(before) : words.added,
    now: said(after),
    change: part(sum),
    ...{ happened: part(because.happened), late: part(because.late) },
    ...{ corrected: part(because.corrected), policy: part(because.policy) },
    status: before && before.status !== after.status ? `${status(before)} → ${status(after)}` : null,
  }
}
