import type { RuleLine, WeeklyContent } from './content.ts'
import type { Format } from './format.ts'

/** The text part: everything that the HTML says, the charts' numbers included, as they stand in the tables. */
export function weeklyText(content: WeeklyContent, format: Format): string {
  const { words } = format
  const sections = [
    [`${content.heading} ${words.kind}`, content.week, ...content.lead],
    [content.glance.headline, ...content.glance.points.map((line) => `! ${pointText(line, format)}`)],
    section(
      words.targets,
      content.targets.map((line) => targetText(line, format)),
    ),
    section(
      words.others,
      content.others.map((line) => otherText(line, format)),
    ),
    section(content.movement.heading, [
      ...content.movement.lines.map(({ title, text }) => `- ${title}${words.colon}${text}`),
      ...content.movement.notes,
    ]),
    section(words.counties, countyLines(content, format)),
    [...content.footer, ...(content.home ? [content.home] : [])],
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

const section = (heading: string, lines: string[]): string[] =>
  lines.length === 0 ? [] : [`== ${heading} ==`, ...lines]

/** A target that needs somebody, in one sentence. */
export const pointText = ({ title, value, target, status, notes }: RuleLine, { words }: Format): string =>
  [`${title}${words.colon}${words.above(value, target)}`, status, ...notes].join(words.semicolon)

function targetText(line: RuleLine, { words }: Format): string {
  const figure = line.parts ? `${line.value} (${line.parts})` : line.value
  const facts = [`${words.present} ${figure}`, `${words.target} ${line.target}`, line.status, ...line.notes]
  return [
    `${line.number}. ${line.title}`,
    `   ${facts.join(words.semicolon)}`,
    ...(line.link ? [`   ${line.link}`] : []),
  ].join('\n')
}

function otherText(line: RuleLine, format: Format): string {
  const { words } = format
  const figure = line.parts ? `${line.value} (${line.parts})` : line.value
  const before =
    line.rule.kind === 'rising-share' ? [`${words.yearBefore} ${format.percent(line.rule.yearBefore)}`] : []
  const facts = [figure, ...before, line.status, ...line.notes].join(words.semicolon)
  return [`- ${line.title}${words.colon}${facts}`, ...(line.link ? [`  ${line.link}`] : [])].join('\n')
}

function countyLines({ counties }: WeeklyContent, { words }: Format): string[] {
  if (!counties) return [words.noCounties]
  const row = (name: string, cells: string[]) =>
    `${name}${words.colon}${cells.map((cell, i) => `[${i + 1}] ${cell}`).join('  ')}`
  return [
    ...counties.rows.map(({ name, cells }) => row(name, cells)),
    row(words.total, counties.total),
    words.countyKey,
  ]
}
