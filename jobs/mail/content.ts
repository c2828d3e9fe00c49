/** What the weekly mail says, once for both of its parts, HTML and text. */
import type { Compliance, RuleFigure } from '../../server/compliance/schema.ts'
import type { ReportDoc } from '../reports.ts'
import { type CountyTable, countyTable } from './counties.ts'
import type { Format } from './format.ts'
import { type Movement, movements } from './movements.ts'

/** How a status looks: words always say it too. */
export type Tone = 'good' | 'warn' | 'bad' | 'calm'

/** From the gravest on. */
const GRAVITY: readonly RuleFigure['status'][] = [
  ...(['missed', 'breached', 'behind', 'at-risk', 'on-track', 'met', 'reported', 'no-data'] as const),
]

export const toneOf = (status: RuleFigure['status']): Tone => {
  if (status === 'missed' || status === 'breached' || status === 'behind') return 'bad'
  if (status === 'at-risk') return 'warn'
  return status === 'on-track' || status === 'met' ? 'good' : 'calm'
}

/** A rule as a line of a table. */
export interface RuleLine {
  rule: RuleFigure
  /** the place among the targets, from 1; null for figures without a target */
  number: number | null
  title: string
  link: string | null
  value: string
  /** what the value is made of, as `63/91` */
  parts: string | null
  target: string
  /** value and target for narrow columns, with what stands below the value: its parts, or its unit */
  narrow: { value: string; below: string; target: string }
  status: string
  tone: Tone
  /** what to do or expect, in short sentences */
  notes: string[]
}

export interface WeeklyContent {
  subject: string
  heading: string
  week: string
  lead: string[]
  glance: { tone: Tone; headline: string; points: RuleLine[] }
  targets: RuleLine[]
  others: RuleLine[]
  movement: Movement
  counties: CountyTable | null
  footer: string[]
  home: string | null
}

/** Where evidence is found: the very figures of the report. */
function linkTo(publicUrl: string | undefined, figures: Compliance, rule: string): string | null {
  if (!publicUrl) return null
  const query = new URLSearchParams({ asOf: figures.asOf, knownAt: figures.knownAt })
  return `${publicUrl.replace(/\/+$/, '')}/evidence/${encodeURIComponent(rule)}?${query}`
}

export function weeklyContent(
  report: ReportDoc,
  format: Format,
  publicUrl: string | undefined,
): WeeklyContent {
  const { words, pick } = format
  const figures = report.figures
  const withTarget = figures.rules.filter((rule) => rule.target !== null)
  const line = (rule: RuleFigure, number: number | null): RuleLine => ({
    ...ruleLine(rule, format),
    number,
    link: linkTo(publicUrl, figures, rule.id),
  })
  const targets = withTarget.map((rule, i) => line(rule, i + 1))
  const glance = glanceOf(targets, format)
  const week = format.week(report.period)
  const { title, number, version } = figures.policy
  return {
    subject: words.subject(week, glance.headline),
    heading: format.wording.t('product.name'),
    week,
    lead: [words.state(format.day(figures.asOf)), words.known(format.instant(figures.knownAt))],
    glance,
    targets,
    others: figures.rules.filter((rule) => rule.target === null).map((rule) => line(rule, null)),
    movement: movements(report, format),
    counties: countyTable(withTarget, format),
    footer: [
      words.footer.policy(pick(title), number, version),
      publicUrl ? words.footer.frozen : words.footer.frozenNoLinks,
      words.footer.why,
    ],
    home: publicUrl ?? null,
  }
}

/** The state of all targets in one sentence, and those that need somebody. */
function glanceOf(targets: RuleLine[], { words, wording }: Format): WeeklyContent['glance'] {
  const points = targets
    .filter((line) => line.tone === 'bad' || line.tone === 'warn')
    .sort((a, b) => GRAVITY.indexOf(a.rule.status) - GRAVITY.indexOf(b.rule.status))
  const counted = GRAVITY.map((status) => ({
    status,
    count: targets.filter((line) => line.rule.status === status).length,
  })).filter(({ count }) => count > 0)
  const tone = points.some((line) => line.tone === 'bad') ? 'bad' : points.length > 0 ? 'warn' : 'good'
  if (targets.every((line) => line.rule.status === 'no-data' || isUntouched(line.rule))) {
    return { tone: 'calm', headline: words.noData, points: [] }
  }
  if (targets.every((line) => line.tone === 'good'))
    return { tone, headline: words.allGood(targets.length), points }
  const headline = counted
    .map(({ status, count }) => words.item(wording.label('assessment', status), count))
    .join(words.join)
  return { tone, headline, points }
}

/** A count that nothing has been counted for. */
const isUntouched = (rule: RuleFigure): boolean => rule.kind === 'count' && rule.numerator === 0

function ruleLine(rule: RuleFigure, format: Format): Omit<RuleLine, 'number' | 'link'> {
  return {
    rule,
    title: format.pick(rule.title),
    value: format.value(rule, rule.value),
    parts: format.parts(rule),
    target: rule.unit === 'percent' ? `${rule.target}%` : format.value(rule, rule.target),
    narrow: narrow(rule, format),
    status: format.wording.label('assessment', rule.status),
    tone: toneOf(rule.status),
    notes: notesOf(rule, format),
  }
}

function narrow(rule: RuleFigure, format: Format): RuleLine['narrow'] {
  if (rule.unit === 'percent') {
    return { value: format.percent(rule.value), below: format.parts(rule) ?? '', target: `${rule.target}%` }
  }
  const number = (value: number | null) => (value === null ? '—' : format.number(value))
  return {
    value: number(rule.value),
    below: format.wording.label('unit', rule.unit),
    target: number(rule.target),
  }
}

function notesOf(rule: RuleFigure, format: Format): string[] {
  const { words } = format
  const notes: string[] = []
  const amount = (value: number) => format.value(rule, value)
  if (rule.kind === 'share' && rule.target !== null) {
    if (rule.status === 'breached') notes.push(words.notNewEnergy((rule.denominator ?? 0) - rule.numerator))
    else if (rule.needed) notes.push(words.needed(rule.needed))
  }
  if (rule.kind === 'count' && rule.target !== null && rule.needed) {
    if (rule.expected !== null) notes.push(words.expected(amount(Math.ceil(rule.expected))))
    notes.push(words.missing(amount(rule.needed)))
    if (rule.requiredPerMonth !== null) notes.push(words.perMonth(amount(rule.requiredPerMonth)))
    if (rule.forecast)
      notes.push(words.forecast(format.number(rule.forecast.low), amount(rule.forecast.high)))
  }
  if (rule.undetermined > 0) notes.push(words.undetermined(rule.undetermined))
  return notes
}
