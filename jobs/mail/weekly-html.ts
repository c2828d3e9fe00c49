import type { MailChart } from './charts.ts'
import type { RuleLine, WeeklyContent } from './content.ts'
import type { Format } from './format.ts'
import { html, type Markup } from './html.ts'
import { mailPage } from './page.ts'
import { S, toneStyle } from './style.ts'
import { pointText } from './weekly-text.ts'

/**
 * The HTML part, for mail clients as they are: tables for what is a table, styles inline, the style sheet only for
 * dark pages, no more than 640 px wide and readable at 360. Nothing is said by colour or picture alone.
 */
export function weeklyHtml(content: WeeklyContent, charts: MailChart[], format: Format): string {
  const { words, language } = format
  const preview = content.glance.points.map((line) => pointText(line, format)).join(' ')
  return mailPage(
    { language, title: content.subject, preview },
    html`<p class="muted" style="${S.over}">${content.heading}</p>
<h1 class="ink" style="${S.h1}">${words.kind} · ${content.week}</h1>
<p class="muted" style="${S.small}">${content.lead.join(words.join)}</p>
${glance(content, format)}
${heading(words.targets)}
${targetTable(content, format)}
${charts.map(chartBlock)}
${heading(content.movement.heading)}
${movement(content, format)}
${heading(words.counties)}
${counties(content, format)}
${content.others.length > 0 && [heading(words.others), otherTable(content, format)]}
${footer(content, format)}`,
  )
}

const heading = (text: string): Markup => html`<h2 class="ink" style="${S.h2}">${text}</h2>`

function glance({ glance: { tone, headline, points } }: WeeklyContent, format: Format): Markup {
  const { words } = format
  const items = points.map(
    (
      line,
    ) => html`<tr><td class="ink" style="${S.point}"><strong>${titleOf(line)}</strong> ${words.above(line.value, line.target)}
<br><span class="${line.tone}" style="${toneStyle(line.tone)}">${line.status}</span>${line.notes.length > 0 && html`<span class="muted" style="${S.muted}">${words.colon}${line.notes.join(words.semicolon)}</span>`}</td></tr>`,
  )
  return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="glance ${tone}-edge" style="${S.glance};border-left:5px solid ${S.edge[tone]}">
<tr><td style="padding:12px 14px"><p class="${tone}" style="${S.headline};${toneStyle(tone)}">${headline}</p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">${items}</table></td></tr></table>`
}

/** A rule's title, as a link to its evidence where there is an address for it. */
const titleOf = ({ title, link }: RuleLine): Markup =>
  link ? html`<a class="link" style="${S.link}" href="${link}">${title}</a>` : html`${title}`

const cells = (names: string[]): Markup[] =>
  names.map(
    (name, i) => html`<th scope="col" class="muted line" style="${i === 0 ? S.thLeft : S.th}">${name}</th>`,
  )

function targetTable({ targets }: WeeklyContent, { words }: Format): Markup {
  const rows = targets.map((line) => figureRows(line, line.narrow.target, words.semicolon))
  return figureTable([words.measure, words.present, words.target], rows)
}

function otherTable({ others }: WeeklyContent, format: Format): Markup {
  const { words } = format
  const rows = others.map((line) => {
    const before = line.rule.kind === 'rising-share' ? format.percent(line.rule.yearBefore) : ''
    return figureRows(line, before, words.semicolon)
  })
  return figureTable([words.measure, words.present, words.yearBefore], rows)
}

const figureTable = (heads: string[], rows: Markup[]): Markup =>
  html`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="${S.table}"><tr>${cells(heads)}</tr>${rows}</table>`

/** A rule: title and status, its value, one more column; below, over the whole width, its notes. */
function figureRows(line: RuleLine, last: string, semicolon: string): Markup {
  const noted = line.notes.length > 0
  const edge = noted ? 'border-bottom:0' : ''
  const ruled = noted ? 'ink' : 'ink line'
  return html`<tr><td class="${ruled}" style="${S.tdLeft};${edge}">${line.number && `${line.number}. `}${titleOf(line)}
<br><span class="${line.tone}" style="${toneStyle(line.tone)}">${line.status}</span></td>
<td class="${ruled}" style="${S.td};${edge}"><strong>${line.narrow.value}</strong><br><span class="muted" style="${S.note}">${line.narrow.below}</span></td>
<td class="${ruled}" style="${S.td};${edge}">${last}</td></tr>
${noted && html`<tr><td colspan="3" class="muted line" style="${S.notes}">${line.notes.join(semicolon)}</td></tr>`}`
}

const chartBlock = ({ heading: text, key, alt, size, picture }: MailChart): Markup => html`${heading(text)}
<p class="muted" style="${S.small}">${key}</p>
<img src="cid:${picture.cid}" alt="${alt}" width="${size.width}" class="ink" style="${S.chart}">`

function movement({ movement: { lines, notes } }: WeeklyContent, { words }: Format): Markup {
  return html`${lines.length > 0 && html`<ul style="${S.list}">${lines.map(({ title, text }) => html`<li class="ink" style="${S.item}"><strong>${title}</strong>${words.colon}${text}</li>`)}</ul>`}
${notes.map((note) => html`<p class="muted" style="${S.small}">${note}</p>`)}`
}

function counties({ counties: table }: WeeklyContent, { words }: Format): Markup {
  if (!table) return html`<p class="muted" style="${S.small}">${words.noCounties}</p>`
  const row = (name: string, values: string[], style: string) =>
    html`<tr><th scope="row" class="ink line" style="${S.county};${style}">${name}</th>${values.map((value) => html`<td class="ink line" style="${S.figure};${style}">${value}</td>`)}</tr>`
  const head = table.columns.map(
    ({ number, title }) =>
      html`<th scope="col" class="muted line" style="${S.figureHead}" title="${title}" abbr="${title}">${number}</th>`,
  )
  return html`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="${S.table}"><tr><th scope="col" class="muted line" style="${S.thLeft}">${words.county}</th>${head}</tr>
${table.rows.map(({ name, cells: values }) => row(name, values, ''))}${row(words.total, table.total, 'font-weight:700')}</table>
<p class="muted" style="${S.small}">${words.countyKey}</p>`
}

function footer({ footer: lines, home }: WeeklyContent, { words }: Format): Markup {
  return html`<div class="line" style="${S.footer}">${home && html`<p style="margin:0 0 10px"><a class="link" style="${S.link}" href="${home}">${words.footer.open}</a></p>`}
${lines.map((line) => html`<p class="muted" style="${S.small}">${line}</p>`)}</div>`
}
