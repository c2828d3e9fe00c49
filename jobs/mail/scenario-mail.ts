import { regionByCode } from '../../server/domain/regions.ts'
import { toneOf } from '../../server/reports/face/lines.ts'
import type { ScenarioMailDoc } from '../../server/scenarios/model.ts'
import type { RuleProjection } from '../../server/scenarios/schema.ts'
import { outcomeText, planText, rulesOf, type ScenarioWords } from '../../server/wording/scenario-text.ts'
import { createFormat, type Format } from './format.ts'
import { type Block, type ComposedMail, composeMail, type Row as TableRow, type Tone } from './kit/index.ts'
import { type ScenarioMailWords, scenarioMailWords } from './scenario-words.ts'

type Wish = Pick<ScenarioMailDoc, 'language' | 'by' | 'message' | 'content' | 'scenario'>

/**
 * A scenario that somebody sent, in its reader's language. Both parts say the same.
 * @param options.publicUrl where the service is to be reached; without it there is no link
 */
export function renderScenarioMail(
  wish: Wish,
  options: { publicUrl?: string | undefined; timeZone: string },
): ComposedMail {
  const format = createFormat(wish.language, options.timeZone)
  const words = scenarioMailWords(wish.language)
  const product = format.wording.t('product.name')
  const content = contentOf(wish, format, words, options.publicUrl)
  return composeMail({
    ...{ language: wish.language, product, title: content.heading, lead: [content.sentBy] },
    subject: `${product}${words.colon}${content.heading}`,
    preheader: content.rows.map((row) => `${row.title} ${row.end}`).join(' '),
    blocks: blocksOf(content, words),
    footer: { why: words.why },
  })
}

interface Row {
  title: string
  now: string
  end: string
  pace: string
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
  const aim = rule.unit === 'percent' ? `${rule.target}%` : format.value(rule, rule.target)
  return {
    ...{ title: format.pick(rule.title), target: rule.target === null ? null : aim, note },
    ...{ now: figure(rule.now), end: figure(rule.end), pace: figure(rule.pace) },
    status: format.wording.label('assessment', rule.end.status),
    tone: toneOf(rule.end.status),
  }
}

/** What is the plan, and what it comes to. */
function blocksOf({ message, note, basis, steps, rows, link }: Content, words: ScenarioMailWords): Block[] {
  const said = [message, note].filter((text) => text !== '')
  return [
    ...said.map((text) => ({ kind: 'text' as const, text })),
    { kind: 'heading', text: words.steps },
    { kind: 'list', items: steps },
    { kind: 'heading', text: words.end },
    { kind: 'text', text: basis, muted: true },
    {
      kind: 'table',
      columns: [words.rule, words.now, words.end].map((text) => ({ text })),
      rows: rows.map((row) => lineOf(row, words)),
    },
    ...(link === undefined ? [] : [{ kind: 'button' as const, text: words.open, href: link }]),
  ]
}

function lineOf(
  { title, now, end, pace, target, status, tone, note }: Row,
  words: ScenarioMailWords,
): TableRow {
  const aim = target === null ? [] : [`${words.target} ${target}`]
  return {
    cells: [[title, '\n', { text: status, tone }], now, { text: end, strong: true }],
    note: [...aim, `${words.pace} ${pace}`, ...(note === null ? [] : [note])].join(words.dot),
  }
}
