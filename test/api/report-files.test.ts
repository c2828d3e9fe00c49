import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../server/audit/schema.ts'
import type { ReportCheck, ReportView } from '../../server/reports/schema.ts'
import { type Client, download, type Page, person } from '../harness/client.ts'
import { countyOfficer, NASTY, type ReportCity, recordReportCity } from '../harness/report-city.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { readBook } from '../harness/workbook.ts'

/** Reports as files: a paper that stands alone, and a workbook of real numbers. */
let service: TestService
let admin: Client
let city: ReportCity

beforeAll(async () => {
  service = await startTestService({ PUBLIC_URL: 'https://ledger.example.cn' })
  admin = service.admin
  city = await recordReportCity(service)
})
afterAll(() => service?.close())

/** Whether a document holds a text; a failure names the text alone, not pages of pictures. */
const holds = (html: string, text: string) => expect(html.includes(text), text)
const paper = async (client = admin, query = '', id = city.report.id) => {
  const { status, headers, bytes } = await download(client, `/reports/${id}.html${query}`)
  return { status, headers, html: bytes.toString('utf8') }
}
const workbook = async (client = admin, query = '', id = city.report.id) => {
  const { status, headers, bytes } = await download(client, `/reports/${id}.xlsx${query}`)
  return { status, headers, bytes }
}
/** A sheet's rows by what stands in a column, each as head and value. */
const rowsOf = (book: ReturnType<typeof readBook>, sheet: string) => {
  const cells = new Map(book.cells(sheet))
  const columns = [...cells.keys()].filter((at) => /^[A-Z]+1$/.test(at)).map((at) => at.slice(0, -1))
  const last = Math.max(...[...cells.keys()].map((at) => Number(at.replace(/\D/g, ''))))
  return Array.from({ length: last - 1 }, (_, i) =>
    Object.fromEntries(columns.map((c) => [String(cells.get(`${c}1`)?.v), cells.get(`${c}${i + 2}`)])),
  )
}

describe('the paper', () => {
  it('says what a filed report has to: number, date, figures, counties, basis, signatures, digest and code', async () => {
    const { status, headers, html } = await paper()
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(headers.get('content-disposition')).toContain(encodeURIComponent('南平交运更新周报〔2026〕47号'))
    for (const text of [
      ...['南平市车辆更新周报', '南平交运更新周报〔2026〕47号', '2026年11月23日', '2026年第47周'],
      ...['更新出租车新能源占比', '75.0%', '3/4', '70%', '达到要求', '已不达标'],
      ...['各县（市、区）情况', '延平区', '建阳区', '与上期比较', '依据与口径', '南政规〔2024〕8号', '第1版'],
      ...['签发', '审核', '制表', '（盖章处）', '本期系事后补编'],
    ])
      holds(html, text).toBe(true)
    const { digest, code } = city.report
    holds(html, digest.match(/.{8}/g)?.join(' ') ?? '').toBe(true)
    holds(html, `https://ledger.example.cn/check/W2026-47?code=${code}`).toBe(true)
    holds(html, '<svg class="qr"').toBe(true)
  })

  it('stands alone: no script, nothing fetched, pictures inside with their values in words', async () => {
    const { html } = await paper()
    expect(/<script|<link|@import|url\(|\son\w+=/i.test(html)).toBe(false)
    const sources = [...html.matchAll(/<img[^>]* src="([^"]*)"/g)].map(([, src]) => src ?? '')
    expect(sources.length).toBeGreaterThan(3)
    expect(sources.every((src) => src.startsWith('data:image/svg+xml;base64,'))).toBe(true)
    const [alt = ''] = /(?<=<img[^>]* alt=")[^"]*/.exec(html) ?? []
    expect(alt).toContain('更新出租车新能源占比 75.0%')
    const svg = Buffer.from(sources[0]?.split(',')[1] ?? '', 'base64').toString()
    // Drawn as paths: it needs no font of the reader's.
    expect(svg).toContain('<path')
    expect(svg).not.toContain('<text')
  })

  it('tells what people entered as text, never as markup', async () => {
    const { html } = await paper(admin, '', city.earlier.id)
    holds(html, '=甲&lt;b&gt;公司&amp;&quot;&#39;&lt;/b&gt;').toBe(true)
    holds(html, '=山区线路&lt;i&gt;暂无&lt;/i&gt;充电条件').toBe(true)
    holds(html, '<i>').toBe(false)
  })

  it('is in the language that is asked for, else in the account’s', async () => {
    const { html } = await paper(admin, '?language=en')
    for (const text of [
      'Weekly report on vehicle renewal',
      'week 47 of 2026',
      'Breached',
      'Yanping',
      'Approved by',
    ])
      holds(html.toLowerCase(), text.toLowerCase()).toBe(true)
    holds(html, '各县').toBe(false)
    expect((await paper(admin, '?language=fr')).status).toBe(400)
  })

  it('is to a county an extract with its own figures, to an operator its own fleet', async () => {
    const county = await countyOfficer(service)
    const { html } = await paper(county)
    holds(html, '本件为节录，只含延平区的数据').toBe(true)
    holds(html, '3/4').toBe(true)
    // The bus of the other county, its operator, and the reason given for it.
    for (const text of ['建阳区', '乙公司', '山区线路']) holds(html, text).toBe(false)
    // Of its own digest, which proves this paper and opens no other's figures.
    holds(html, city.report.digest.slice(0, 8)).toBe(false)
    const { code, digest } = (await county.get<ReportView>(`/reports/${city.report.id}`)).body
    holds(html, digest.slice(0, 8)).toBe(true)
    // As somebody types it from the paper.
    const typed = encodeURIComponent('ｗ2026－47 ')
    const check = (await service.visitor().get<ReportCheck>(`/reports/check/${typed}?code=${code}`)).body
    expect(check).toMatchObject({
      verdict: 'genuine',
      report: { digest, part: { kind: 'county', name: { zh: '延平区' } } },
    })
    const operator = await person(service, { role: 'operator', operator: '乙公司' })
    const own = (await paper(operator)).html
    holds(own, '只含乙公司的数据').toBe(true)
    holds(own, '0/1').toBe(true)
    for (const text of ['延平区', '公司&amp;', '3/4']) holds(own, text).toBe(false)
  })
})

describe('the workbook', () => {
  it('has numbers as numbers, and percentages that a spreadsheet cannot round up', async () => {
    const { status, bytes } = await workbook()
    expect(status).toBe(200)
    const book = readBook(bytes)
    expect(book.names).toEqual([
      ...['指标', '各县（市、区）', '与上期比较', '逐月走势', '报送情况'],
      // Nobody had to report, so that there is no sheet of those that have not.
      ...['需要说明的变动', '说明'],
    ])
    const taxis = rowsOf(book, '指标').find((row) => row.指标?.v === '更新出租车新能源占比')
    expect(taxis).toMatchObject({
      ...{ '数量（分子）': { t: 'n', v: 3 }, '全部（分母）': { t: 'n', v: 4 } },
      ...{ 占比: { t: 'n', v: 0.75, z: '0.0%' }, '目标 (%)': { t: 'n', v: 0.7 } },
    })
    const counties = rowsOf(book, '各县（市、区）')
    const share = (name: string) =>
      counties.find((row) => row['县（市、区）']?.v === name)?.['2. 更新出租车新能源占比·占比']
    expect(share('延平区')?.v).toBe(0.75)
    expect(share('全市')?.v).toBe(0.75)
    expect(share('建阳区')?.v).toBeUndefined()
  })

  it('has the numbers behind the charts, and reasons that add up', async () => {
    const book = readBook((await workbook()).bytes)
    const months = rowsOf(book, '逐月走势').filter((row) => row.指标?.v === '更新出租车新能源占比')
    expect(months.at(-1)).toMatchObject({ 月份: { v: '2026-11' }, '数量（分子）': { t: 'n', v: 3 } })
    expect(months).toHaveLength(35)
    const moved = rowsOf(book, '与上期比较').find((row) => row.指标?.v === '更新出租车新能源占比') ?? {}
    const of = (head: string) => Number(moved[head]?.v)
    const parts = ['本期发生', '补报以往', '更正作废', '口径调整']
    const sum = parts.reduce((total, part) => total + of(`${part}·数量（分子）`), 0)
    expect(of('本期数量（分子）') - of('上期数量（分子）')).toBe(sum)
    expect(of('本期发生·数量（分子）')).toBe(1)
  })

  it('holds no formula, whatever people entered', async () => {
    // Reading fails on one (see `checkParts`).
    const book = readBook((await workbook(admin, '', city.earlier.id)).bytes)
    const named = rowsOf(book, '需要说明的变动')
    const note = named.map((row) => row.说明).find((cell) => String(cell?.v).startsWith('='))
    expect(note).toMatchObject({ t: 's', v: '=山区线路<i>暂无</i>充电条件', z: '@' })
    expect(named.map((row) => row.所属企业?.v)).toContain(NASTY)
  })

  it('says what it is', async () => {
    const book = readBook((await workbook()).bytes)
    const about = new Map(
      book
        .cells('说明')
        .flatMap(([at, cell]) =>
          at.startsWith('A') ? [[String(cell.v), book.cell('说明', at.replace('A', 'B'))?.v]] : [],
        ),
    )
    const { digest, content } = city.report
    expect(about.get('文号')).toBe(content.number)
    expect(about.get('数字摘要（SHA-256）')).toBe(digest)
    expect(about.get('数据截至')).toBe('2026-11-22')
    expect(about.get('规则版本')).toBe(1)
    expect(about.get('数据完整性')).toBe('2026年10月没有应报送的企业。')
  })
})

describe('a report opened again after later corrections', () => {
  it('gives the same paper and the same workbook, to the byte', async () => {
    const before = { html: (await paper()).html, bytes: (await workbook()).bytes }
    await city.changeSince()
    await service.restart()
    admin = service.admin
    await admin.signIn('admin@example.com', 'a good long password')
    const after = { html: (await paper()).html, bytes: (await workbook()).bytes }
    // Compared as a whole first: a difference would print pages of pictures.
    expect(after.html === before.html).toBe(true)
    expect(after.bytes.equals(before.bytes)).toBe(true)
    const { since } = (await admin.get<ReportCity['report']>(`/reports/${city.report.id}`)).body
    expect(since.changed).toBe(true)
  })
})

describe('who may, and what is noted', () => {
  it('is nobody who is not signed in, and an unknown report is not found', async () => {
    for (const ending of ['.html', '.xlsx', '/paper']) {
      expect((await download(service.visitor(), `/reports/${city.report.id}${ending}`)).status).toBe(401)
      expect((await download(admin, `/reports/${'0'.repeat(24)}${ending}`)).status).toBe(404)
    }
  })

  it('is noted when it takes a file away, not when it looks', async () => {
    const count = async () =>
      (await admin.get<Page<AuditEntry>>('/audit?action=report.export&limit=200')).body.items.length
    const before = await count()
    await admin.get(`/reports/${city.report.id}/paper`)
    await workbook()
    await paper()
    expect(await count()).toBe(before + 2)
  })
})
