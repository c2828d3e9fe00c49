import { loadImage } from '@napi-rs/canvas'
import { simpleParser } from 'mailparser'
import { Types } from 'mongoose'
import { createTransport } from 'nodemailer'
import { describe, expect, test } from 'vitest'
import { drawBars } from '../../jobs/mail/chart.ts'
import { html } from '../../jobs/mail/html.ts'
import { renderWeeklyReport } from '../../jobs/mail/weekly-report.ts'
import { judge, nextAttempt } from '../../jobs/outbox/verdict.ts'
import type { ReportDoc } from '../../jobs/reports.ts'
import { allRegions } from '../../server/domain/regions.ts'
import { nanping2024 } from '../harness/policies.ts'
import { busyCity, weekBefore } from './support/figures.ts'

const at = { asOf: '2026-11-29', knownAt: '2026-11-30T00:00:02.345Z' }
const report = (more: Partial<ReportDoc> = {}): ReportDoc => ({
  ...{
    _id: new Types.ObjectId(),
    kind: 'weekly',
    period: '2026-W48',
    createdAt: new Date(at.knownAt),
    asOf: at.asOf,
  },
  ...{ knownAt: new Date(at.knownAt), policy: { id: 'nanping-2024', version: 1 }, figures: busyCity(at) },
  previous: { period: '2026-W47', asOf: '2026-11-22', figures: weekBefore() },
  ...more,
})
const render = (
  language: 'zh-CN' | 'en',
  doc = report(),
  publicUrl: string | undefined = 'https://fleet.example.org/',
) => renderWeeklyReport(doc, { language, timeZone: 'Asia/Shanghai', publicUrl })

/** What a reader sees of the HTML. */
const seen = (markup: string): string =>
  markup
    .replace(/<(style|title)>[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')

describe('html', () => {
  test('escapes what is put in, in texts and attributes, and takes over markup', () => {
    const evil = `<img src=x onerror="alert('1')">&`
    expect(
      html`<p title="${evil}">${evil}${html`<b>${1}</b>`}${[html`<i>a</i>`, '<']}${null}${false}</p>`.toString(),
    ).toBe(
      '<p title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;">&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;<b>1</b><i>a</i>&lt;</p>',
    )
  })
})

describe.each(['zh-CN', 'en'] as const)('the weekly report in %s', (language) => {
  test('says the same in HTML and text: every figure, status and county', () => {
    const { html: markup, text } = render(language)
    const shown = seen(markup)
    for (const part of [
      '99.1%',
      '112/113',
      '69.2%',
      '63/91',
      '271',
      '1,604',
      '2,016',
      '92.3%',
      '88.1%',
      '12,406',
      '40/41',
    ]) {
      expect(shown, part).toContain(part)
      expect(text, part).toContain(part)
    }
    for (const rule of nanping2024.rules) {
      const title = language === 'en' ? rule.title.en : rule.title.zh
      expect(shown).toContain(title)
      expect(text).toContain(title)
      const link = `https://fleet.example.org/evidence/${rule.id}?asOf=2026-11-29&knownAt=2026-11-30T00%3A00%3A02.345Z`
      expect(markup).toContain(`href="${link.replaceAll('&', '&amp;')}"`)
      expect(text).toContain(link)
    }
  })

  test('shows what moved since the last report, and only that', () => {
    const { text } = render(language)
    expect(text).toContain('100.0% (110/110) → 99.1% (112/113)')
    expect(text).toContain('(+9)')
    expect(text).toContain(language === 'en' ? '8 other figures have not changed.' : '其余8项无变化。')
  })

  test('refers to each picture that it carries, with words for those who do not see it', async () => {
    const { html: markup, pictures } = render(language)
    expect(pictures).toHaveLength(2)
    for (const { cid, content } of pictures) {
      expect(markup).toContain(`src="cid:${cid}"`)
      const image = await loadImage(content)
      expect([image.width, image.height > 200]).toEqual([800, true])
    }
    expect(markup).toMatch(/alt="[^"]*69\.2%/)
  })

  test('has no links when nobody said where the service is', () => {
    const { html: markup, text } = renderWeeklyReport(report(), { language, timeZone: 'Asia/Shanghai' })
    expect(markup).not.toContain('href')
    expect(text).not.toContain('http')
  })

  test('escapes what a policy says', () => {
    const figures = busyCity(at)
    const rules = figures.rules.map((rule) => ({ ...rule, title: { zh: '<b>甲</b>', en: '<b>A</b>' } }))
    const { html: markup } = render(language, report({ figures: { ...figures, rules }, previous: null }))
    expect(markup).not.toMatch(/<b>(甲|A)/)
    expect(markup).toContain('&lt;b&gt;')
  })
})

test('instants are written in the policy’s zone wherever the machine stands', () => {
  const own = process.env.TZ
  process.env.TZ = 'America/New_York'
  try {
    expect(render('zh-CN').text).toContain('按2026年11月30日 08:00（北京时间）时已入账的变动计算')
  } finally {
    if (own === undefined) delete process.env.TZ
    else process.env.TZ = own
  }
})

test('charts draw every character of the policy and the counties with the product’s own font', () => {
  const picture = (title: string) =>
    drawBars([{ title, value: '', percent: null, mark: null, tone: 'calm' }]).content.toString('base64')
  const nothing = picture(' ')
  const notdef = picture('\u{10FFFD}')
  const texts = [
    ...nanping2024.rules.flatMap((r) => [r.title.zh, r.title.en]),
    ...allRegions().flatMap((r) => [r.name, r.english]),
  ]
  const characters = new Set([...texts.join('').replace(/\s/g, ''), ...'0123456789.%/,…—'])
  const missing = [...characters].filter((character) => [nothing, notdef].includes(picture(character)))
  expect(missing).toEqual([])
})

test('a mail of this report comes through MIME unharmed', async () => {
  const mail = render('zh-CN')
  const composed = await createTransport({ streamTransport: true, buffer: true }).sendMail({
    ...{
      from: 'a@example.org',
      to: 'b@example.org',
      subject: mail.subject,
      html: mail.html,
      text: mail.text,
    },
    attachments: mail.pictures.map(({ cid, filename, content }) => ({ cid, filename, content })),
  })
  const parsed = await simpleParser(composed.message as Buffer)
  expect(parsed.subject).toBe(mail.subject)
  expect(parsed.text?.trim()).toBe(mail.text.trim())
  expect(parsed.attachments.map((a) => a.cid)).toEqual(mail.pictures.map((picture) => picture.cid))
})

test.each([
  ['the mailbox does not exist', { code: 'EENVELOPE', responseCode: 550 }, true],
  ['the content is refused', { code: 'EMESSAGE', responseCode: 554 }, true],
  ['grey-listing', { code: 'EENVELOPE', responseCode: 451 }, false],
  ['a wrong password, which somebody will mend', { code: 'EAUTH', responseCode: 535 }, false],
  ['a server that greets with a refusal', { code: 'EPROTOCOL', responseCode: 554 }, false],
  ['no connection', { code: 'ECONNREFUSED' }, false],
  ['anything else', {}, false],
])('%s: final %o %s', (_, fault, final) => {
  expect(judge(Object.assign(new Error('fault'), fault))).toMatchObject({ final })
})

test('pauses grow to four hours', () => {
  const now = new Date('2026-11-30T00:00:00Z')
  const minutes = [1, 2, 3, 4, 5, 6, 50].map((n) => (nextAttempt(n, now).getTime() - now.getTime()) / 60_000)
  expect(minutes).toEqual([1, 5, 15, 60, 240, 240, 240])
})
