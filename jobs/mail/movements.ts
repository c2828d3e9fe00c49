import type { RuleFigure } from '../../server/compliance/schema.ts'
import type { ReportDoc } from '../reports.ts'
import type { Format } from './format.ts'

/** What moved since the last report. */
export interface Movement {
  heading: string
  lines: { title: string; text: string }[]
  /** what there is to say besides: that nothing moved, that the rules changed */
  notes: string[]
}

export function movements(report: ReportDoc, format: Format): Movement {
  const { words } = format
  const { previous, figures } = report
  if (!previous) return { heading: words.movedFirst, lines: [], notes: [words.first] }
  const before = new Map(previous.figures.rules.map((rule) => [rule.id, rule]))
  const lines = figures.rules.flatMap((rule) => {
    const text = difference(before.get(rule.id), rule, format)
    return text ? [{ title: format.pick(rule.title), text }] : []
  })
  const same = figures.rules.length - lines.length
  const notes = lines.length === 0 ? [words.nothingMoved] : same > 0 ? [words.othersSame(same)] : []
  const [from, to] = [previous.figures.policy.version, figures.policy.version]
  if (from !== to) notes.push(words.policyChanged(from, to))
  return { heading: words.moved(format.week(previous.period), format.day(previous.asOf)), lines, notes }
}

/** How a figure moved, or null when it did not. */
function difference(before: RuleFigure | undefined, now: RuleFigure, format: Format): string | null {
  const { words, wording } = format
  if (!before) return words.newRule
  const moved = before.numerator !== now.numerator || before.denominator !== now.denominator
  if (!moved && before.status === now.status) return null
  const told: string[] = []
  if (moved) told.push(`${figure(before, format)} → ${figure(now, format)}${delta(before, now, format)}`)
  if (before.status !== now.status) {
    told.push(`${wording.label('assessment', before.status)} → ${wording.label('assessment', now.status)}`)
  }
  return told.join(words.join)
}

function figure(rule: RuleFigure, format: Format): string {
  const parts = format.parts(rule)
  return format.value(rule, rule.value) + (parts ? ` (${parts})` : '')
}

/** The growth of a count, as ` (+11)`. */
function delta(before: RuleFigure, now: RuleFigure, { number }: Format): string {
  if (now.kind !== 'count') return ''
  const growth = now.numerator - before.numerator
  return growth === 0 ? '' : ` (${growth > 0 ? '+' : '−'}${number(Math.abs(growth))})`
}
