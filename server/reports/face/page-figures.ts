/** A report's figures: head, summary, targets, counties, what moved. */
import type { Part, RuleFigure } from '../../compliance/schema.ts'
import { countyChart, courseChart, valueCharts } from './charts.ts'
import { html, type Markup } from './html.ts'
import { glanceOf, type MovedLine, movedLines, type RuleLine, ruleLines } from './lines.ts'
import { cell, figure, type Paper, table } from './page.ts'
import { completenessText } from './told.ts'

/** The red head, as an office's papers have it, and the title. */
export function head({ content, format, scope }: Paper): Markup {
  const { words } = format
  const kind = words.kinds[content.kind]
  const city = format.pick(content.city.name)
  const span = `${format.day(content.from)}—${format.day(content.asOf)}`
  return html`<header><div class="mast">${words.masthead(city, kind)}</div>
<div class="filing"><span>${content.number}</span><span>${format.dayOf(content.createdAt)}</span></div>
<div class="rule"></div>
<h1>${words.title(city, kind)}</h1>
<p class="sub">${words.span(format.period(content.period), span)}</p>
${scope && html`<p class="extract">${words.extract(scope.name)}</p>`}</header>
`
}

/** The state in one glance, what needs somebody, and how far the data goes. */
export function summary(paper: Paper): Markup {
  const { content, format, numbers } = paper
  const { words } = format
  const { targets } = ruleLines(content, format)
  const { tone, headline, points } = glanceOf(targets, format)
  const items = points.map(
    (
      line,
      i,
    ) => html`<li>${i + 1}. ${words.point(line.title, line.value, line.target)}<strong class="${line.tone}">${line.status}</strong>${line.notes.length > 0 && html`<span class="said">${line.notes.join(words.semicolon)}${words.stop}</span>`}</li>
`,
  )
  const stood = content.standsFor.slice(0, -1).map(format.period)
  return html`${numbers.section(words.sections.summary)}
<p class="body">${words.lead(format.day(content.asOf), format.instant(content.knownAt))}${words.space}<strong class="${tone}">${headline}</strong></p>
<ol class="points">${items}</ol>
<p class="body">${completenessText(paper)}</p>
${stood.length > 0 && html`<p class="body">${words.standsFor(stood.join(words.list), format.period(content.period))}</p>`}
${content.occasion === 'on-demand' && html`<p class="body">${words.onDemand}</p>`}
`
}

/** The targets with their charts, then the figures without a target. */
export function figures(paper: Paper): Markup {
  const { content, format, numbers } = paper
  const { words } = format
  const { targets, others } = ruleLines(content, format)
  const c = words.columns
  const rows = targets.map((line) => targetRows(line, paper))
  const heads = [c.no, c.measure, c.present, c.parts, c.target, c.expected, c.status]
  const [shares, ...counts] = valueCharts(targets, others, format)
  const courses = courseChart(content, targets, format)
  return html`${targets.length > 0 && [numbers.section(words.sections.targets), numbers.table(words.sections.targets), table(words.sections.targets, heads, rows, 'grouped')]}
${shares && figure(shares, numbers)}
${counts.map((chart) => figure(chart, numbers))}
${courses && figure(courses, numbers)}
${others.length > 0 && otherFigures(others, paper)}
`
}

/** A target, and over the whole width below it what to do or expect. */
function targetRows(line: RuleLine, paper: Paper): Markup {
  const { words } = paper.format
  const noted = line.notes.length > 0
  return html`<tbody><tr>${cell(line.number, 'c')}<th scope="row">${titleOf(line, paper)}</th>${[line.value, line.parts, line.target, line.expected].map((text) => cell(text, 'n'))}<td class="c"><span class="${line.tone}">${line.status}</span></td></tr>
${noted && html`<tr class="note"><td></td><td colspan="6">${line.notes.join(words.semicolon)}</td></tr>`}</tbody>
`
}

function otherFigures(others: RuleLine[], paper: Paper): Markup {
  const { format, numbers } = paper
  const { words } = format
  const c = words.columns
  const rows = others.map(
    (
      line,
    ) => html`<tr>${cell(line.number, 'c')}<th scope="row">${titleOf(line, paper)}</th>${cell(line.value, 'n')}${cell(line.parts, 'n')}${cell(yearBefore(line, paper), 'n')}<td class="c">${line.status}</td></tr>
`,
  )
  const heads = [c.no, c.measure, c.present, c.parts, c.yearBefore, c.status]
  return html`${numbers.section(words.sections.others)}${numbers.table(words.sections.others)}${table(words.sections.others, heads, rows)}`
}

const yearBefore = ({ rule }: RuleLine, { format }: Paper): string => format.value(rule, rule.yearBefore)

/** A measure's title, leading to the changes that make it up. */
function titleOf({ rule, title }: RuleLine, { content, link }: Paper): Markup {
  const { asOf, knownAt } = content
  const address = link(`/evidence/${encodeURIComponent(rule.id)}`, { asOf, knownAt })
  return html`<a href="${address}" target="_blank" rel="noopener">${title}</a>`
}

/** The targets by county: a table of amounts that add up, and what they look like. */
export function counties(paper: Paper): Markup {
  const { content, format, numbers, scope } = paper
  // An extract is one county's, or one operator's: there is nothing to compare.
  if (scope) return html``
  const { words } = format
  const { targets } = ruleLines(content, format)
  const names = new Map<string, Part['label']>(content.counties.map(({ code, name }) => [code, name]))
  for (const { rule } of targets) for (const part of rule.breakdown.county) names.set(part.key, part.label)
  const heading = numbers.section(words.sections.counties)
  if (!targets.some(({ rule }) => rule.breakdown.county.length > 0))
    return html`${heading}<p class="body">${words.noCounties}</p>`
  const rows = [...names].map(([key, label]) => {
    const cells = targets.map(({ rule }) =>
      amount(
        rule.breakdown.county.find((part) => part.key === key),
        paper,
      ),
    )
    return html`<tr><th scope="row">${format.pick(label)}</th>${cells}</tr>
`
  })
  const total = html`<tr class="sum"><th scope="row">${words.total}</th>${targets.map(({ rule }) => amount(rule, paper))}</tr>`
  const heads = [
    words.columns.county,
    ...targets.map(({ number, title }) => html`${number}<small> ${title}</small>`),
  ]
  const chart = countyChart(targets, format)
  return html`${heading}${numbers.table(words.sections.counties)}${table(words.sections.counties, heads, [...rows, total], 'wide')}
<p class="key">${words.countyKey}</p>
${chart && figure(chart, numbers)}
`
}

function amount(
  part: Pick<RuleFigure, 'numerator' | 'denominator' | 'value'> | undefined,
  { format }: Paper,
): Markup {
  if (!part || (part.numerator === 0 && (part.denominator ?? 0) === 0)) return cell('–', 'n')
  if (part.denominator === null) return cell(format.number(part.numerator), 'n')
  return cell(html`${format.parts(part)}<small>${format.percent(part.value)}</small>`, 'n')
}

/** What moved since the previous report, and why: parts that add up. */
export function moved({ content, format, numbers, scope }: Paper): Markup {
  const { words } = format
  const { previous } = content
  // What an operator's own figures moved by was not frozen.
  if (scope?.kind === 'operator') return html``
  const heading = numbers.section(words.sections.moved)
  if (!previous) return html`${heading}<p class="body">${words.first}</p>`
  const { lines, same } = movedLines(content, format)
  const c = words.columns
  const heads = [c.measure, c.before, c.now, c.change, c.happened, c.late, c.corrected, c.policy]
  const notes = [
    lines.length === 0 ? words.nothingMoved : words.movedCount(lines.length, same),
    previous.policyVersion === content.policy.version ? '' : words.policyChanged,
    previous.dropped.length === 0
      ? ''
      : words.dropped(previous.dropped.map(({ title }) => format.pick(title)).join(words.list)),
  ].filter((note) => note !== '')
  return html`${heading}
<p class="body">${words.movedLead(format.period(previous.period), previous.number, format.day(previous.asOf))}${notes.join(words.space)}</p>
${lines.length > 0 && [numbers.table(words.sections.moved), table(words.sections.moved, heads, lines.map(movedRow), 'wide'), html`<p class="key">${words.movedKey}</p>`]}
`
}

const movedRow = (line: MovedLine): Markup =>
  html`<tr><th scope="row">${line.title}${line.status !== null && html`<small>${line.status}</small>`}</th>${cell(line.before, 'n')}${cell(line.now, 'n')}${cell(html`<b>${line.change}</b>`, 'n')}${[line.happened, line.late, line.corrected, line.policy].map((text) => cell(text, 'n'))}</tr>
`
