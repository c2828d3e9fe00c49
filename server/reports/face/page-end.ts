/** A report's second half: who has reported, what is to be explained, the basis, signatures, verification, annex. */
import { codeOf } from '../digest.ts'
import type { ReportException } from '../schema.ts'
import { html, type Markup } from './html.ts'
import { ruleLines } from './lines.ts'
import { cell, type Paper, table } from './page.ts'
import { qrSvg } from './qr.ts'
import { completenessText, countyName } from './told.ts'

/** Who has reported and who has not, by name. */
export function completeness(paper: Paper): Markup {
  const { content, format, numbers } = paper
  const { words, number } = format
  const { months, missing } = content.completeness
  const say = words.complete
  // Of an operator's own months the sentence says all.
  const waits = months.some(({ pending = 0 }) => pending > 0)
  const heads = [say.month, say.expected, say.reported, ...(waits ? [say.notDue] : []), say.lacking]
  const rows = (paper.scope?.kind === 'operator' ? [] : months).map((m) => {
    const counts = [m.expected, m.reported, ...(waits ? [m.pending ?? 0] : []), m.missing]
    return html`<tr><th scope="row">${format.month(m.month)}</th>${counts.map((n) => cell(number(n), 'n'))}</tr>
`
  })
  const lacking = missing.map(
    (
      operator,
      i,
    ) => html`<tr>${cell(i + 1, 'c')}<td>${operator.name}</td><td>${countyName(operator.county, paper)}</td><td>${operator.months.map(format.month).join(words.list)}</td></tr>
`,
  )
  const c = words.columns
  return html`${numbers.section(words.sections.completeness)}
<p class="body">${completenessText(paper)}</p>
${rows.length > 0 && [numbers.table(say.months), table(say.months, heads, rows)]}
${lacking.length > 0 && [numbers.table(say.list), table(say.list, [c.no, c.operator, c.county, say.which], lacking)]}
`
}

/** The changes that somebody has to explain, one by one. */
export function exceptions(paper: Paper): Markup {
  const { content, format, numbers } = paper
  const { words, number } = format
  const { total, byReason, items } = content.exceptions
  const heading = numbers.section(words.sections.exceptions)
  if (total === 0) return html`${heading}<p class="body">${words.exceptions.none}</p>`
  const parts = Object.entries(byReason).flatMap(([reason, count]) =>
    count > 0
      ? [words.exceptions.item(reasonText(reason as ReportException['reason'], paper), number(count))]
      : [],
  )
  const c = words.columns
  const heads = [c.no, c.reason, c.on, c.plate, c.vin, c.operator, c.measure]
  const rows = items.map((item, i) => exceptionRow(item, i + 1, paper))
  return html`${heading}
<p class="body">${words.exceptions.some(number(total), parts.join(words.list))}</p>
${rows.length > 0 && [numbers.table(words.sections.exceptions), table(words.sections.exceptions, heads, rows, 'wide')]}
${items.length < total && html`<p class="key">${rows.length > 0 ? words.exceptions.cut(number(items.length), number(total)) : words.exceptions.uncited}</p>`}
`
}

const reasonText = (reason: ReportException['reason'], { format }: Paper): string =>
  format.words.reasons[reason]

function exceptionRow(item: ReportException, n: number, paper: Paper): Markup {
  const { content, format, link } = paper
  const { words } = format
  const rule = content.figures.rules.find(({ id }) => id === item.rule)
  const said = [
    item.days === null ? '' : words.exceptions.late(format.number(item.days)),
    item.note ? `${words.reasonSaid}${words.colon}${item.note}` : '',
  ].filter((text) => text !== '')
  const { asOf, knownAt } = content
  const vehicle = link(`/vehicles/${encodeURIComponent(item.vin)}`, { asOf, knownAt })
  return html`<tr>${cell(n, 'c')}<td>${reasonText(item.reason, paper)}${said.length > 0 && html`<small>${said.join(words.semicolon)}</small>`}</td>${cell(item.on, 'c')}<td class="id"><a href="${vehicle}" target="_blank" rel="noopener">${item.plate}</a></td>${cell(item.vin, 'id')}<td>${item.operator.name}<small>${countyName(item.county, paper)}</small></td><td>${rule ? format.pick(rule.title) : ''}</td></tr>
`
}

/** By what the figures are made. */
export function basis({ content, format, numbers }: Paper): Markup {
  const { words } = format
  const { title, number, version } = content.policy
  const { period } = content.figures.policy
  const sources = content.figures.rules.map(
    (
      rule,
    ) => html`<tr><th scope="row">${format.pick(rule.title)}</th><td>${rule.source}</td><td>${rule.readings.map(format.pick).join(words.semicolon)}</td></tr>
`,
  )
  const span = `${format.day(period.from)}—${format.day(period.to)}`
  return html`${numbers.section(words.sections.basis)}
<p class="body">${words.basis.policy(format.pick(title), number, version)}${words.space}${words.basis.frozenAt(span)}${words.stop}</p>
<p class="body">${words.basis.rounding}</p>
<p class="body">${words.basis.frozen}</p>
${numbers.table(words.basis.sources)}${table(words.basis.sources, [words.columns.measure, words.basis.source, words.basis.reading], sources)}
`
}

/** Where it is signed and sealed. */
export function signatures({ format }: Paper): Markup {
  const { signs } = format.words
  const colon = format.words.colon
  return html`<section class="signs"><div>${signs.signed}${colon}</div><div>${signs.reviewed}${colon}</div><div>${signs.made}${colon}</div><div class="seal">${signs.seal}<br>${signs.date}</div></section>
`
}

/** How whoever holds the paper sees that it is genuine. */
export function verification({ content, format, numbers, link }: Paper, digest: string): Markup {
  const { words } = format
  const { shortNumber } = content
  const code = codeOf(digest)
  const address = link(`/check/${encodeURIComponent(shortNumber)}`)
  const direct = link(`/check/${encodeURIComponent(shortNumber)}`, { code })
  const lines: [string, Markup][] = [
    [words.check.number, html`${content.number}`],
    [words.check.short, html`<code>${shortNumber}</code>`],
    [words.check.code, html`<code>${grouped(code, 5)}</code>`],
    [words.check.digest, html`<code>${grouped(digest, 8)}</code>`],
    [words.check.address, html`<a href="${direct}" target="_blank" rel="noopener">${address}</a>`],
  ]
  return html`${numbers.section(words.sections.check)}
<div class="check">${qrSvg(direct, words.check.qr)}<div><p>${words.check.lead}</p><dl>${lines.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></div></div>
`
}

const grouped = (hex: string, size: number): string =>
  hex.match(new RegExp(`.{1,${size}}`, 'g'))?.join(' ') ?? hex

/** The numbers behind the courses, on pages of their own. */
export function annex({ content, format }: Paper): Markup {
  const { words } = format
  const { targets } = ruleLines(content, format)
  const courses = targets.map(
    ({ rule }) => content.courses.find((course) => course.rule === rule.id)?.points ?? [],
  )
  const months = [...new Set(courses.flatMap((points) => points.map(({ month }) => month)))].sort()
  if (months.length < 2) return html``
  const rows = months.map((month) => {
    const cells = courses.map((points, i) => {
      const point = points.find((p) => p.month === month)
      const rule = targets[i]?.rule
      if (!point || !rule || point.denominator === 0) return cell('–', 'n')
      if (point.denominator === null) return cell(format.number(point.numerator), 'n')
      return cell(`${format.parts(point)} (${format.percent(point.value)})`, 'n')
    })
    return html`<tr><th scope="row">${format.month(month)}</th>${cells}</tr>
`
  })
  const heads = [
    words.columns.month,
    ...targets.map(({ number, title }) => html`${number}<small> ${title}</small>`),
  ]
  return html`<section class="annex"><h2>${words.annex}</h2>${table(words.annex, heads, rows, 'wide tight')}<p class="key">${words.annexKey}</p></section>
`
}
