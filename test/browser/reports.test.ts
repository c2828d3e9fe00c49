import { readFileSync } from 'node:fs'
import { ObjectId } from 'mongodb'
import type { FrameLocator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReportItem } from '../../server/reports/schema.ts'
import { PASSWORD, type Page, vehicleOf } from '../harness/client.ts'
import { picturesIn, scrollsSideways, signIn, takeTyped, text, type Visit, visit } from '../harness/page.ts'
import { countyOfficer, type ReportCity, recordReportCity } from '../harness/report-city.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { readBook } from '../harness/workbook.ts'

/** Reports in the browser: asked for, opened, printed, compared with the ledger of today, and checked by a stranger. */
let service: TestService
let admin: Visit
let city: ReportCity
beforeAll(async () => {
  service = await startTestService()
  admin = await visit(service)
})
afterAll(async () => {
  await admin?.close()
  await service?.close()
})

const shoot = picturesIn('REPORT_SHOTS')
const frameOf = ({ page }: Visit): FrameLocator => page.frameLocator('[data-testid=report-frame]')
const opened = async (at: Visit, id = city.report.id) => {
  await at.go(`/reports/${id}`)
  await frameOf(at).locator('h1').waitFor()
}
const reportsOf = async () => (await service.admin.get<Page<ReportItem>>('/reports')).body.items

describe('the list of reports', () => {
  it('says, while there is none, when the first one comes', async () => {
    await admin.go('/reports')
    await expect
      .poll(() => text(admin, 'empty'))
      .toMatch(/还没有报告[\s\S]*首份.报将于 20\d\d-\d\d-\d\d 0\d:00 自动编制[\s\S]*现在补编/)
    await shoot(admin, 'list-empty')
  })

  it('has one on a past period made, by keys alone', async () => {
    await service.admin.mustChange({ kind: 'stock', vehicle: vehicleOf(900) })
    const { page } = admin
    await page.getByTestId('order-report').focus()
    await page.keyboard.press('Enter')
    const period = page.locator('#order-period')
    await period.focus()
    await takeTyped(page, '2026-09-30', '2026年9月')
    await page.getByTestId('order-ok').focus()
    await page.keyboard.press('Enter')
    await frameOf(admin).locator('h1').waitFor()
    await expect
      .poll(() => frameOf(admin).locator('.filing').innerText())
      .toContain('南平交运更新月报〔2026〕9号')
    await expect.poll(() => frameOf(admin).locator('main').innerText()).toContain('本期系事后补编')
    expect((await reportsOf()).map(({ shortNumber }) => shortNumber)).toEqual(['M2026-09'])
  })

  it('refuses a second one on the same period, in words', async () => {
    const { page } = admin
    await admin.go('/reports')
    await page.getByTestId('order-report').click()
    await page.locator('#order-period').focus()
    await takeTyped(page, '2026-09-30', '2026年9月')
    await page.getByTestId('order-ok').click()
    await expect.poll(() => text(admin, 'order-problem')).toContain('已经有了')
  })

  it('shows each with its state, how complete it is, and only the kind that is chosen', async () => {
    city = await recordReportCity(service)
    const { page } = admin
    await admin.go('/reports')
    const table = page.getByTestId('reports-table')
    await expect.poll(() => table.innerText()).toMatch(/2026年第47周 周报[\s\S]*南平交运更新周报〔2026〕47号/)
    await expect.poll(() => table.innerText()).toMatch(/已不达标 1 项[\s\S]*达到要求 1 项/)
    await shoot(admin, 'list')
    await page.getByTestId('report-kinds').getByText('月报').click()
    await expect.poll(() => table.innerText()).not.toContain('周报')
    await page.getByTestId('report-kinds').getByText('季报').click()
    await expect.poll(() => text(admin, 'empty')).toContain('还没有季报')
  })
})

describe('a report', () => {
  it('is the very paper, as high as it is, in a frame in which nothing runs', async () => {
    await opened(admin)
    const { page } = admin
    const frame = page.getByTestId('report-frame')
    await expect
      .poll(() => frameOf(admin).locator('.filing').innerText())
      .toContain('南平交运更新周报〔2026〕47号')
    await expect.poll(() => frame.getAttribute('sandbox')).not.toContain('allow-scripts')
    const inside = () =>
      frame.evaluate((f: HTMLIFrameElement) => {
        const root = f.contentDocument?.documentElement
        return {
          height: root?.getBoundingClientRect().height ?? 0,
          hidden: (root?.scrollHeight ?? 0) - f.clientHeight,
        }
      })
    // All of it is there, with nothing to scroll within.
    await expect.poll(async () => (await inside()).height).toBeGreaterThan(3000)
    await expect.poll(async () => (await inside()).hidden).toBe(0)
    await expect
      .poll(async () => Math.abs(((await frame.boundingBox())?.height ?? 0) - (await inside()).height))
      .toBeLessThan(4)
    await shoot(admin, 'report')
  })

  it('is printed by itself, without the application around it', async () => {
    const { page } = admin
    const frame = page.getByTestId('report-frame')
    await frame.evaluate((f: HTMLIFrameElement) => {
      const inside = f.contentWindow as Window
      inside.print = () => f.setAttribute('data-printed', inside.document.title)
    })
    await page.getByTestId('report-print').click()
    await expect.poll(() => frame.getAttribute('data-printed')).toContain('南平交运更新周报〔2026〕47号')
  })

  it('is had as .xlsx and .html, in the language that is chosen for it', async () => {
    const { page } = admin
    const taken = async (format: 'xlsx' | 'html') => {
      const coming = page.waitForEvent('download')
      await page.getByTestId(`report-${format}`).click()
      const file = await coming
      return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) }
    }
    const chinese = await taken('xlsx')
    expect(chinese.name).toBe('南平交运更新周报〔2026〕47号.xlsx')
    expect(readBook(chinese.bytes).names[0]).toBe('指标')
    await page.locator('.report-language').getByText('English').click()
    await expect.poll(() => frameOf(admin).locator('.mast').innerText()).toContain('Weekly report')
    await expect.poll(() => text(admin, 'since')).toContain('一致')
    const english = await taken('html')
    expect(english.bytes.toString()).toContain('<html lang="en">')
  })

  it('says what has changed since beside the paper, which stays the same', async () => {
    await opened(admin)
    const before = await frameOf(admin).locator('main').innerHTML()
    await expect.poll(() => text(admin, 'since')).toContain('与本报告一致')
    await city.changeSince()
    await opened(admin)
    expect((await frameOf(admin).locator('main').innerHTML()) === before).toBe(true)
    const taxis = admin.page.getByTestId('since-taxi-renewal')
    // One more was recorded, one voided: 3/4 as before, of others.
    await expect.poll(() => taxis.innerText()).toMatch(/75\.0%[\s\S]*3\/4[\s\S]*75\.0%[\s\S]*3\/4/)
    await expect.poll(() => taxis.innerText()).toMatch(/补报 \+1\/\+1[\s\S]*更正作废 −1\/−1/)
    const entries = await text(admin, 'since-entries')
    for (const said of [/闽HD00105.*入账/, /闽HD00102.*作废/]) expect(entries).toMatch(said)
    await shoot(admin, 'since')
    await admin.page.getByTestId('since-evidence-taxi-renewal').click()
    await expect.poll(() => admin.page.url()).toContain('/evidence/taxi-renewal?asOf=2026-11-22')
    await admin.page.goBack()
  })

  it('is compared with the one before, and leads there', async () => {
    await opened(admin)
    const { page } = admin
    await page.getByTestId('tab-moved').click()
    await expect
      .poll(() => page.getByTestId('moved-taxi-renewal').innerText())
      .toMatch(/66\.6%[\s\S]*2\/3[\s\S]*75\.0%[\s\S]*3\/4[\s\S]*本期发生 \+1\/\+1/)
    await shoot(admin, 'moved')
    await page.getByTestId('tab-who').click()
    await expect.poll(() => text(admin, 'who')).toContain('没有发出邮件')
    await page.getByTestId('report-previous').click()
    await expect
      .poll(() => frameOf(admin).locator('.filing').innerText())
      .toContain('南平交运更新周报〔2026〕46号')
  })

  it('fits a telephone', async () => {
    const phone = await visit(service, { size: 'phone' })
    await phone.go('/reports')
    await phone.page.getByTestId('report-W2026-47').waitFor()
    await expect.poll(() => scrollsSideways(phone.page)).toBe(false)
    await shoot(phone, 'list-phone')
    await opened(phone)
    await expect.poll(() => scrollsSideways(phone.page)).toBe(false)
    const wide = () =>
      phone.page
        .getByTestId('report-frame')
        .evaluate(
          (f: HTMLIFrameElement) => (f.contentDocument?.documentElement.scrollWidth ?? 0) - f.clientWidth,
        )
    await expect.poll(wide).toBeLessThanOrEqual(0)
    await shoot(phone, 'report-phone')
    expect(phone.complaints).toEqual([])
    await phone.close()
  })

  it('shows a county officer its county alone', async () => {
    const officer = await countyOfficer(service)
    const county = await visit(service, { signedIn: false })
    await signIn(county, { email: officer.email, password: PASSWORD })
    await county.go('/reports')
    await county.page.getByTestId('report-W2026-47').click()
    await frameOf(county).locator('h1').waitFor()
    const said = () => frameOf(county).locator('main').innerText()
    await expect.poll(said).toContain('只含延平区的数据')
    await expect.poll(said).not.toContain('乙公司')
    await expect.poll(() => county.page.getByTestId('tab-who').count()).toBe(0)
    await expect.poll(() => county.page.getByTestId('order-report').count()).toBe(0)
    expect(county.complaints).toEqual([])
    await county.close()
  })

  it('speaks English to who reads English', async () => {
    const english = await visit(service, { locale: 'en-GB' })
    await english.page.evaluate(() => localStorage.setItem('language', 'en'))
    await opened(english)
    await expect.poll(() => frameOf(english).locator('.mast').innerText()).toContain('Nanping')
    await expect
      .poll(() => english.page.getByRole('heading', { level: 1 }).innerText())
      .toBe('Week 47 of 2026 Weekly report')
    await english.close()
  })
})

describe('the printed paper', () => {
  it('is A4 pages on which nothing is cut and table heads are repeated', async () => {
    const { html } = (
      await service.admin.get<{ html: string }>(`/reports/${city.report.id}/paper?language=zh-CN`)
    ).body
    const page = await admin.context.newPage()
    // As wide as A4 within its margins: 170 mm.
    await page.setViewportSize({ width: 642, height: 960 })
    await page.emulateMedia({ media: 'print' })
    await page.setContent(html)
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth))
      .toBeLessThanOrEqual(642)
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll('td,th,dd,p,h1,h2')]
        .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')
        .map((e) => e.textContent),
    )
    expect(cut).toEqual([])
    await expect
      .poll(() => page.evaluate(() => getComputedStyle(document.querySelector('thead') as Element).display))
      .toBe('table-header-group')
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
    const sizes = [...pdf.matchAll(/\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, w, h]) => [
      Number(w),
      Number(h),
    ])
    expect(sizes.length).toBeGreaterThan(4)
    // A4 in points
    for (const [w = 0, h = 0] of sizes) {
      expect(Math.abs(w - 595)).toBeLessThan(2)
      expect(Math.abs(h - 842)).toBeLessThan(2)
    }
    await page.close()
  })
})

describe('the page on which a paper is checked', () => {
  let stranger: Visit
  beforeAll(async () => {
    stranger = await visit(service, { signedIn: false, size: 'phone' })
  })
  afterAll(() => stranger?.close())
  const verdict = ({ page }: Visit) => page.getByTestId('verdict').getAttribute('data-verdict')

  it('tells whoever holds the paper that it is genuine, with the figures to compare', async () => {
    // What stands in the QR code.
    const { html } = (await service.admin.get<{ html: string }>(`/reports/${city.report.id}/paper`)).body
    const [, address = ''] = /href="([^"]*\/check\/[^"]*)"/.exec(html) ?? []
    expect(address).toContain(service.url)
    await stranger.page.goto(address.replaceAll('&amp;', '&'))
    await expect.poll(() => verdict(stranger)).toBe('genuine')
    const taxis = () => stranger.page.getByTestId('check-taxi-renewal').innerText()
    await expect.poll(taxis).toMatch(/更新出租车新能源占比[\s\S]*75\.0%[\s\S]*3\/4[\s\S]*70%[\s\S]*达到要求/)
    await expect.poll(() => stranger.page.locator('main').innerText()).toContain('如何核对')
    await expect.poll(() => scrollsSideways(stranger.page)).toBe(false)
    await shoot(stranger, 'check-phone')
  })

  it('says nothing to who has not the code, and asks for it', async () => {
    const { page } = stranger
    await stranger.go('/check/W2026-47?code=00000000000000000000')
    await expect.poll(() => verdict(stranger)).toBe('unknown')
    await expect.poll(() => page.locator('main').innerText()).not.toMatch(/75\.0%|达到要求/)
    await shoot(stranger, 'check-unknown-phone')
  })

  it('takes number and code as they stand on the paper, by keys', async () => {
    const { page } = stranger
    await stranger.go('/check')
    await page.getByTestId('check-number').fill('W2026-47')
    await page.getByTestId('check-code').fill('12')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('main').innerText()).toContain('核验码应为 20 位')
    const typed = city.report.code.toUpperCase().match(/.{5}/g)?.join(' ') ?? ''
    await page.getByTestId('check-code').fill(typed)
    await page.keyboard.press('Enter')
    await expect.poll(() => verdict(stranger)).toBe('genuine')
  })

  it('says so when what is stored is not what was frozen', async () => {
    const reports = service.services.connection.collection('reports')
    const one = { _id: new ObjectId(city.report.id) }
    await reports.updateOne(one, { $set: { 'content.figures.rules.1.numerator': 4 } })
    await stranger.go(`/check/W2026-47?code=${city.report.code}`)
    await expect.poll(() => verdict(stranger)).toBe('altered')
    await expect.poll(() => stranger.page.locator('main').innerText()).not.toContain('3/4')
    await shoot(stranger, 'check-altered-phone')
    await reports.updateOne(one, { $set: { 'content.figures.rules.1.numerator': 3 } })
    await stranger.page.reload()
    await expect.poll(() => verdict(stranger)).toBe('genuine')
  })

  it('complains of nothing', () => {
    expect(stranger.complaints).toEqual([])
    expect(admin.complaints).toEqual([])
  })
})
