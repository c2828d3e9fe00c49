/** A report's charts as pictures in its mail, each with its values in words. */
import type { RuleLine } from '../../../server/reports/face/lines.ts'
import { type Bar, drawBars } from '../chart.ts'
import type { Block } from '../kit/index.ts'
import type { Writer } from './part.ts'

/** Shares in percent, counts in percent of their targets; one without bars is left out. */
export function charts(writer: Writer): Block[] {
  const { words, format, targets, others } = writer
  const { shareMark, countMark } = format.words.charts
  const shares = [...targets, ...others].filter(({ rule }) => rule.unit === 'percent')
  const counts = targets.filter(({ rule }) => rule.unit !== 'percent')
  return [
    ...chart(
      'shares',
      words.chartShares,
      shareMark,
      shares.map((line) => shareBar(line, writer)),
      writer,
    ),
    ...chart(
      'counts',
      words.chartCounts,
      countMark,
      counts.map((line) => countBar(line, writer)),
      writer,
    ),
  ]
}

function chart(
  name: string,
  heading: string,
  mark: string,
  bars: Bar[],
  { format, content }: Writer,
): Block[] {
  if (bars.length === 0) return []
  const { content: png } = drawBars(bars)
  const said = bars.map(({ title, value }) => `${title} ${value}`).join(format.words.semicolon)
  const filename = `${content.shortNumber}-${name}.png`
  return [
    { kind: 'heading', text: heading },
    {
      kind: 'picture',
      picture: { cid: `${name}@${content.shortNumber}`, filename, type: 'image/png', content: png },
      alt: said,
      caption: mark,
    },
  ]
}

const shareBar = ({ rule, title, value, tone }: RuleLine, { format }: Writer): Bar => ({
  ...{ title, tone, value: rule.value === null ? format.words.charts.noData : value },
  percent: rule.value,
  mark: rule.target,
})

function countBar({ rule, title, tone }: RuleLine, { format }: Writer): Bar {
  const target = rule.target || 1
  return {
    ...{ title, tone },
    value: `${format.number(rule.numerator)}/${format.number(target)}`,
    percent: (rule.numerator * 100) / target,
    mark: rule.expected === null ? null : (rule.expected * 100) / target,
  }
}
