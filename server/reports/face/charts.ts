/** A report's charts: what is drawn in them, and what they say for those who do not see them. */
import type { Part, RuleFigure } from '../../compliance/schema.ts'
import type { ReportContent } from '../schema.ts'
import { type Bar, type Drawn, drawShares, drawSmall } from './draw.ts'
import { drawCourse } from './draw-lines.ts'
import type { ReportFormat } from './format.ts'
import type { RuleLine } from './lines.ts'

/** A picture with its values in words. */
export interface Picture extends Drawn {
  /** what stands above it where it is one of several */
  title: string
  alt: string
}

/** One figure of the report: pictures under one heading, with what their marks mean. */
export interface ReportChart {
  heading: string
  key: string
  /** how many stand side by side */
  across: 1 | 2 | 3
  pictures: Picture[]
}

/** The lines whose values are shares, and those that count towards a target, in percent of it. */
export function valueCharts(targets: RuleLine[], others: RuleLine[], format: ReportFormat): ReportChart[] {
  const { charts } = format.words
  const shares = [...targets, ...others].filter(({ rule }) => rule.unit === 'percent')
  const counts = targets.filter(({ rule }) => rule.unit !== 'percent')
  const made: [string, string, Bar[]][] = [
    [charts.shares, charts.shareMark, shares.map((line) => shareBar(line, format))],
    [charts.counts, charts.countMark, counts.map((line) => countBar(line, format))],
  ]
  return made
    .filter(([, , bars]) => bars.length > 0)
    .map(([heading, key, bars]) => ({
      ...{ heading, key, across: 1 as const },
      pictures: [{ ...drawShares(bars), title: '', alt: altOf(bars, format) }],
    }))
}

const shareBar = ({ rule, title, value, tone }: RuleLine, { words }: ReportFormat): Bar => ({
  ...{ title, tone, value: rule.value === null ? words.charts.noData : value },
  length: rule.value,
  mark: rule.target,
})

function countBar({ rule, title, tone }: RuleLine, { number }: ReportFormat): Bar {
  const target = rule.target || 1
  return {
    ...{ title, tone },
    value: `${number(rule.numerator)}/${number(target)}`,
    length: (rule.numerator * 100) / target,
    mark: rule.expected === null ? null : (rule.expected * 100) / target,
  }
}

/** Each target by county; null while no county has anything to show. */
export function countyChart(targets: RuleLine[], format: ReportFormat): ReportChart | null {
  const { charts } = format.words
  const shown = targets.filter(({ rule }) => rule.breakdown.county.length > 0)
  if (shown.length === 0) return null
  const pictures = shown.map(({ rule, number, title }) => {
    const parts = [...rule.breakdown.county].sort((a, b) => (a.key < b.key ? -1 : 1))
    const bars = parts.map((part) => countyBar(part, rule, format))
    const drawn = drawSmall(bars, rule.unit === 'percent' ? 100 : undefined)
    return { ...drawn, title: `${number}. ${title}`, alt: altOf(bars, format) }
  })
  return { heading: charts.county, key: charts.countyMark, across: 2, pictures }
}

function countyBar(
  { label, value, numerator, denominator }: Part,
  rule: RuleFigure,
  format: ReportFormat,
): Bar {
  const title = format.pick(label)
  if (rule.unit !== 'percent')
    return { title, value: format.number(numerator), length: numerator, mark: null, tone: 'calm' }
  const behind = rule.target !== null && numerator * 100 < (denominator ?? 0) * rule.target
  return {
    ...{ title, length: value, mark: rule.target, tone: behind ? 'bad' : 'good' },
    value: value === null ? format.words.charts.noData : format.percent(value),
  }
}

/** The targets' courses; null for a report without them. */
export function courseChart(
  { courses }: ReportContent,
  targets: RuleLine[],
  format: ReportFormat,
): ReportChart | null {
  const { charts } = format.words
  const pictures = targets.flatMap(({ rule, number, title }) => {
    const points = courses.find((course) => course.rule === rule.id)?.points ?? []
    if (points.length < 2) return []
    const drawn = drawCourse({
      months: points.map((point) => point.month),
      actual: points.map((point) => point.value),
      required: points.map((point) => point.required),
      unit: rule.unit,
    })
    const said = points.map(({ month, value }) => `${month} ${format.value(rule, value)}`)
    return [{ ...drawn, title: `${number}. ${title}`, alt: charts.alt(said.join(format.words.semicolon)) }]
  })
  return pictures.length === 0
    ? null
    : { heading: charts.courses, key: charts.courseMark, across: 3, pictures }
}

const altOf = (bars: Bar[], { words }: ReportFormat): string =>
  words.charts.alt(bars.map(({ title, value }) => `${title} ${value}`).join(words.semicolon))
