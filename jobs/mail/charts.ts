import type { Picture } from '../outbox/model.ts'
import { type Bar, drawBars } from './chart.ts'
import type { RuleLine, WeeklyContent } from './content.ts'
import type { Format } from './format.ts'

/** A chart in the mail: the picture, and what it says for those who do not see it. */
export interface MailChart {
  heading: string
  /** what the mark means */
  key: string
  alt: string
  size: { width: number; height: number }
  picture: Picture
}

/** The mail's charts: shares in percent, counts in percent of their targets. One without bars is left out. */
export function drawCharts({ targets, others }: WeeklyContent, format: Format): MailChart[] {
  const { words } = format
  const shares = [...targets, ...others].filter(({ rule }) => rule.unit === 'percent')
  const counts = targets.filter(({ rule }) => rule.unit !== 'percent')
  return [
    chart('shares', words.charts.shares, words.chartTick.shares, shares.map(shareBar), format),
    chart(
      'counts',
      words.charts.counts,
      words.chartTick.counts,
      counts.map((line) => countBar(line, format)),
      format,
    ),
  ].filter((made) => made !== null)
}

function chart(cid: string, heading: string, key: string, bars: Bar[], format: Format): MailChart | null {
  if (bars.length === 0) return null
  const { content, size } = drawBars(bars)
  const said = bars.map((bar) => `${bar.title} ${bar.value}`).join(format.words.semicolon)
  return {
    ...{ heading, key, size, alt: `${heading}${format.words.colon}${said}` },
    picture: { cid: `${cid}@weekly-report`, filename: `${cid}.png`, type: 'image/png', content },
  }
}

const shareBar = ({ rule, title, value, tone }: RuleLine): Bar => ({
  ...{ title, value, tone },
  percent: rule.value,
  mark: rule.target,
})

function countBar({ rule, title, tone }: RuleLine, { number }: Format): Bar {
  const target = rule.target ?? 1
  return {
    ...{ title, tone },
    value: `${number(rule.numerator)}/${number(target)}`,
    percent: (rule.numerator * 100) / target,
    mark: rule.expected === null ? null : (rule.expected * 100) / target,
  }
}
