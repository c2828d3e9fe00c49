import { loadImage } from '@napi-rs/canvas'
import { simpleParser } from 'mailparser'
import { createTransport } from 'nodemailer'
import { describe, expect, test } from 'vitest'
import { drawBars } from '../../jobs/mail/chart.ts'
import { html } from '../../jobs/mail/html.ts'
import { type ReportMail, renderReportMail } from '../../jobs/mail/report/index.ts'
import { judge, nextAttempt } from '../../jobs/outbox/verdict.ts'
import type { Language } from '../../server/accounts/schema.ts'
import { allRegions } from '../../server/domain/regions.ts'
import { digestOf } from '../../server/reports/digest.ts'
import type { ReportContent } from '../../server/reports/schema.ts'
import { contentFor } from '../../server/reports/views.ts'
import { nanping2024 } from '../harness/policies.ts'
import { emptyReport, sampleReport } from '../harness/reports.ts'
import { figuresWith } from './support/figures.ts'

const ADDRESS = 'https://fleet.example.org/'
const DUE = {
  ...{
    by: 'month' as const,
    today: '2026-11-30',
    until: '2027-01-31',
    policyVersion: 1,
    total: 37,
    overdue: 4,
  },
  ...{ undetermined: 0, withoutLife: [], items: [] },
  categories: [
    { category: 'bus' as const, total: 12, overdue: 1 },
    { category: 'cruising-taxi' as const, total: 25, overdue: 3 },
  ],
}

const render = (
  language: Language,
  { content = sampleReport(), ...more }: Partial<ReportMail> = {},
  address = ADDRESS,
) =>
  renderReportMail(
    {
      ...{ id: 'a'.repeat(24), content, digest: digestOf(content), scope: null },
      ...{ source: 'account', due: DUE, attached: false },
      ...more,
    },
    { language, timeZone: 'Asia/Shanghai', address, unsubscribe: address !== '' },
  )

/** What a reader sees of the HTML. */
const seen = (markup: string): string =>
  markup
    .replace(/<!--[\s\S]*?-->/g, ' ')
    .replace(/<(style|title)[^>]*>[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replace(/&#\d+;/g, ' ')
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

describe.each(['zh-CN', 'en'] as const)('the mail of a report in %s', (language) => {
  test('says the same in HTML and text: every figure, status and county', () => {
    const { html: markup, text } = render(language)
    const shown = seen(markup)
    for (const part of [
      ...['99.1%', '112/113', '69.2%', '63/91', '271', '1,604', '2,016', '92.3%', '88.1%', '12,406', '40/41'],
      // completeness, exceptions, what is due, and by what it is checked
      ...['建阳区顺达出租汽车有限公司', '37', '南平交运更新周报〔2026〕48号', '360', '410'],
      digestOf(sampleReport()).slice(0, 20),
    ]) {
      expect(shown, part).toContain(part)
      expect(text, part).toContain(part)
    }
    for (const rule of nanping2024.rules) {
      const title = language === 'en' ? rule.title.en : rule.title.zh
      expect(shown).toContain(title)
      expect(text).toContain(title)
      const link = `https://fleet.example.org/evidence/${rule.id}?asOf=2026-11-29&knownAt=2026-11-30T00%3A00%3A03.000Z`
      expect(markup).toContain(`href="${link.replaceAll('&', '&amp;')}"`)
      expect(text).toContain(link)
    }
  })

  test('says word for word in the text what the HTML says', () => {
    const { html: markup, text } = render(language)
    const words = (said: string) => new Set(said.match(/[\p{L}\p{N}.%/,]{2,}/gu))
    const inText = words(text)
    // What a picture's marks mean is of use with the picture alone, and what stands over names with the table.
    const alone = /竖线|upright|line|target|due|by|now|指标|Measure|County/
    expect([...words(seen(markup))].filter((word) => !inText.has(word) && !alone.test(word))).toEqual([])
  })

  test('shows what moved since the last report, and why, in parts that add up', () => {
    const { text } = render(language)
    expect(text).toContain('100.0% (110/110) → 99.1% (112/113)')
    expect(text).toContain(
      language === 'en'
        ? 'of which happened since +2/+3, recorded late +1/+1, corrected or withdrawn −1/−1'
        : '其中本期发生 +2/+3、补报以往 +1/+1、更正作废 −1/−1',
    )
    expect(text).toContain(language === 'en' ? 'all of it happened since' : '均为本期发生')
  })

  test('refers to each picture that it carries, with words for those who do not see it', async () => {
    const { html: markup, pictures } = render(language)
    expect(pictures).toHaveLength(2)
    for (const { cid, content } of pictures) {
      expect(markup).toContain(`src="cid:${cid}"`)
      const image = await loadImage(content)
      expect([image.width, image.height > 200]).toEqual([720, true])
    }
    expect(markup).toMatch(/alt="[^"]*69\.2%/)
  })

  test('has no links when nobody knows where the service is', () => {
    const { html: markup, text } = render(language, {}, '')
    expect(markup).not.toContain('href')
    expect(text).not.toMatch(/https?:/)
  })

  test('has no door for somebody without an account but the one that is open to all', () => {
    const { html: markup, text } = render(language, { source: 'list' })
    const links = [...markup.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)
    const code = digestOf(sampleReport()).slice(0, 20)
    expect(new Set(links)).toEqual(
      new Set([`https://fleet.example.org/check/W2026-48?code=${code}`, '__own:unsubscribe__']),
    )
    expect(text).toContain('__own:unsubscribe__')
  })

  test('escapes what people wrote, and what a policy says', () => {
    const content = sampleReport()
    const rules = content.figures.rules.map((rule) => ({
      ...rule,
      title: { zh: '<b>甲</b>', en: '<b>A</b>' },
    }))
    const missing = [{ id: 'x', name: '<script>alert(1)</script>', county: null, months: ['2026-10'] }]
    const { html: markup, text } = render(language, {
      content: {
        ...content,
        figures: { ...content.figures, rules },
        completeness: { ...content.completeness, missing },
      },
    })
    expect(markup).not.toMatch(/<b>(甲|A)|<script/)
    expect(markup).toContain('&lt;b&gt;')
    expect(text).toContain('<script>alert(1)</script>')
  })

  test('is whole in mail programs that cut what is longer than 102 kB', () => {
    expect(Buffer.byteLength(render(language).html)).toBeLessThan(90_000)
  })
})

describe('the part of the city that a reader sees', () => {
  const other = ['武夷山市旅游客运有限公司', '南平市公共交通有限责任公司']

  test('is a county for its officers: its own figures and who is missing there, nobody else’s', () => {
    const whole = sampleReport()
    const content = contentFor(whole, { county: '350703' }, whole.figures)
    const {
      subject,
      text,
      html: markup,
    } = render('zh-CN', {
      content,
      scope: { kind: 'county', name: '建阳区' },
    })
    expect(subject).toContain('建阳区')
    expect(text).toContain('10/20')
    expect(text).toContain('建阳区顺达出租汽车有限公司')
    for (const word of [...other, '63/91', '延平区']) expect(text + markup, word).not.toContain(word)
  })

  test('is its own fleet for an operator: no place, no target’s state, no picture, and what it owes', () => {
    const whole = sampleReport()
    const own = figuresWith(
      { 'taxi-renewal': { numerator: 8, denominator: 11, value: 72.7, status: 'behind' } },
      { asOf: whole.asOf, knownAt: whole.knownAt },
    )
    const content = contentFor(whole, { operator: 'op-2' }, own)
    const scope = { kind: 'operator' as const, name: '建阳区顺达出租汽车有限公司' }
    const mail = render('zh-CN', { content, scope })
    expect(mail.pictures).toEqual([])
    expect(mail.subject).toContain('2026年10月名单尚未报送')
    expect(mail.text).toContain('更新出租车新能源占比：现值 72.7%；新能源/全部 8/11')
    for (const word of [...other, '63/91', '进度落后', '更新公交车', '名次'])
      expect(mail.text, word).not.toContain(word)
    const operators = [{ id: 'op-8', name: '八', reported: ['2026-10'], pending: [] }]
    const told = { ...whole, completeness: { ...whole.completeness, operators } }
    const toldTo = (operator: string) =>
      render('zh-CN', { content: contentFor(told, { operator }, figuresWith({}, whole)), scope })
    expect(toldTo('op-8').subject).toMatch(/：2026年10月名单已报送$/)
    // Of one that need not report nothing is said, least of all that all is in.
    const quiet = toldTo('op-9')
    expect(quiet.subject).toMatch(/建阳区顺达出租汽车有限公司）$/)
    expect(quiet.text).not.toMatch(/名单|报送/)
    expect(quiet.text).toContain('没有计入各项指标的变动')
  })

  test('is a city in which nothing has happened yet', () => {
    const { subject, text } = render('zh-CN', { content: emptyReport(figuresWith({}, sampleReport())) })
    expect(subject).toContain('还没有可统计的变动')
    expect(text).toContain('本期为首期，没有可比的上期')
  })
})

test('names what it stands for after downtime, and when it was made afterwards', () => {
  const content: ReportContent = { ...sampleReport(), standsFor: ['2026-W46', '2026-W47', '2026-W48'] }
  expect(render('zh-CN', { content }).text).toContain(
    '系统停用期间应出的2026年第46周、2026年第47周未单独编制',
  )
  const late = render('zh-CN', { content: { ...content, occasion: 'on-demand' } })
  expect(late.text).toContain('事后补编')
})

test('instants are written in the policy’s zone wherever the machine stands', () => {
  const own = process.env.TZ
  process.env.TZ = 'America/New_York'
  try {
    expect(render('zh-CN').text).toContain('按2026年11月30日 08:00（北京时间）前已入账的变动计算')
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
