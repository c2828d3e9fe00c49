import { regionByCode } from '../../server/domain/regions.ts'
import type { ScenarioMailDoc } from '../../server/scenarios/model.ts'
import type { RuleProjection } from '../../server/scenarios/schema.ts'
import { outcomeText, planText, rulesOf, type ScenarioWords } from '../../server/wording/scenario-text.ts'
import { type Tone, toneOf } from './content.ts'
import { createFormat, type Format } from './format.ts'
import { html, type Markup } from './html.ts'
import type { RenderedMail } from './list-mail.ts'
import { mailPage } from './page.ts'
import { type ScenarioMailWords, scenarioMailWords } from './scenario-words.ts'
import { S, toneStyle } from './style.ts'

type Wish = Pick<ScenarioMailDoc, 'language' | 'by' | 'message' | 'content' | 'scenario'>

/**
 * A scenario that somebody sent, in its reader's language. Both parts say the same.
 * @param options.publicUrl where the service is to be reached; without it there is no link
 */
export function renderScenarioMail(
  wish: Wish,
  options: { publicUrl?: string | undefined; timeZone: string },
): RenderedMail {
  const format = createFormat(wish.language, options.timeZone)
  const words = scenarioMailWords(wish.language)
  const product = format.wording.t('product.name')
  const content = contentOf(wish, format, words, options.publicUrl)
  return {
    subject: `${product}${words.colon}${content.heading}`.slice(0, 400),
    html: inHtml(content, product, words, wish.language),
    text: inText(content, product, words),
  }
}

interface Row {
  title: string
  now: string
  end: string
  pace: string
  /** without units, for columns */
  narrow: { now: string; end: string }
  /** null where the plan sets no number */
  target: string | null
  status: string
  tone: Tone
  note: string | null
}

interface Content {
  heading: string
  sentBy: string
  message: string
  note: string
  basis: string
  steps: string[]
  rows: Row[]
  link: string | undefined
}

function contentOf(
  { content, by, message, scenario }: Wish,
  format: Format,
  words: ScenarioMailWords,
  publicUrl: string | undefined,
): Content {
  const { wording, language, number } = format
  const names = new Map(content.operators.map((o) => [o.id, o.name]))
  const said: ScenarioWords = {
    ...{ t: wording.t, label: wording.label, number },
    county: (code) => {
      const region = regionByCode(code)
      return (language === 'en' ? region?.english : region?.name) ?? code
    },
    operator: (id) => names.get(id) ?? id,
  }
  // Wishes of before it was kept have none.
  const county = content.county ?? null
  const plan = planText(content.inputs, content.steps, said)
  return {
    heading: words.subject(content.name, county && said.county(county)),
    ...{ sentBy: words.sentBy(by), message, note: content.note },
    basis: words.basis(
      format.day(content.basis.asOf),
      format.day(content.basis.until),
      county && said.county(county),
    ),
    steps: [...plan.steps, plan.others],
    rows: rulesOf(content.rules, county).map((rule) => rowOf(rule, format, outcomeText(rule, said))),
    link: publicUrl === undefined ? undefined : new URL(`/scenarios?id=${scenario}`, publicUrl).href,
  }
}

function rowOf(rule: RuleProjection, format: Format, note: string | null): Row {
  const figure = (s: RuleProjection['end']) => format.value(rule, s.value)
  const short = ({ value }: RuleProjection['end']) =>
    rule.unit === 'percent' || value === null ? format.percent(value) : format.number(value)
  const aim = rule.unit === 'percent' ? `${rule.target}%` : format.value(rule, rule.target)
  return {
    ...{ title: format.pick(rule.title), target: rule.target === null ? null : aim, note },
    ...{ now: figure(rule.now), end: figure(rule.end), pace: figure(rule.pace) },
    narrow: { now: short(rule.now), end: short(rule.end) },
    status: format.wording.label('assessment', rule.end.status),
    tone: toneOf(rule.end.status),
  }
}

function inText(content: Content, product: string, words: ScenarioMailWords): string {
  const { colon } = words
  const sections = [
    [product, content.heading, content.sentBy],
    [content.message, content.note].filter((text) => text !== ''),
    [`${words.steps}${colon}`, ...content.steps.map((step) => `- ${step}`)],
    [
      content.basis,
      ...content.rows.map(({ title, now, end, pace, target, status, note }) => {
        const parts = [
          `${words.now} ${now}`,
          `${words.end} ${end}`,
          status,
          ...(target === null ? [] : [`${words.target} ${target}`]),
          `${words.pace} ${pace}`,
          ...(note === null ? [] : [note]),
        ]
        return `- ${title}${colon}${parts.join(' / ')}`
      }),
    ],
    content.link === undefined ? [] : [`${words.open}${colon}${content.link}`],
    [words.why],
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function inHtml(content: Content, product: string, words: ScenarioMailWords, language: string): string {
  const { heading, sentBy, message, note, basis, steps, rows, link } = content
  const said = [message, note].filter((text) => text !== '')
  return mailPage(
    { language, title: heading, preview: rows.map((r) => `${r.title} ${r.end}`).join(' ') },
    html`<p class="muted" style="${S.over}">${product}</p>
<h1 class="ink" style="${S.h1};font-size:19px">${heading}</h1>
<p class="muted" style="${S.small}">${sentBy}</p>
${said.map((text) => html`<p class="ink" style="${S.point};white-space:pre-wrap">${text}</p>`)}
<h2 class="ink" style="${S.h2}">${words.steps}</h2>
<ul style="${S.list}">${steps.map((step) => html`<li class="ink" style="${S.item}">${step}</li>`)}</ul>
<h2 class="ink" style="${S.h2}">${words.end}</h2>
<p class="muted" style="${S.small}">${basis}</p>
${table(rows, words)}
${link !== undefined && html`<p style="margin:18px 0 0"><a class="link" style="${S.link};font-size:15px" href="${link}">${words.open}</a></p>`}
<div class="line" style="${S.footer}"><p class="muted" style="${S.small}">${words.why}</p></div>`,
  )
}

function table(rows: Row[], words: ScenarioMailWords): Markup {
  const head = (text: string, style: string) =>
    html`<th scope="col" class="muted line" style="${style}">${text}</th>`
  const row = ({ title, narrow, pace, target, status, tone, note }: Row) => {
    const aim = target === null ? [] : [`${words.target} ${target}`]
    const notes = [...aim, `${words.pace} ${pace}`, ...(note === null ? [] : [note])]
    return html`<tr><td class="ink" style="${S.tdLeft};border-bottom:0">${title}
<br><span class="${tone}" style="${toneStyle(tone)}">${status}</span></td>
<td class="ink" style="${S.td};border-bottom:0">${narrow.now}</td>
<td class="ink" style="${S.td};border-bottom:0"><strong>${narrow.end}</strong></td></tr>
<tr><td colspan="3" class="muted line" style="${S.notes}">${notes.join(words.dot)}</td></tr>`
  }
  return html`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="${S.table}"><tr>${head(words.rule, S.thLeft)}${head(words.now, S.th)}${head(words.end, S.th)}</tr>${rows.map(row)}</table>`
}
