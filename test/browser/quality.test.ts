import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDays } from '../../server/domain/civil-date.ts'
import type { Quality } from '../../server/quality/schema.ts'
import { csvOf, PASSWORD, person, vehicleOf } from '../harness/client.ts'
import { filled, picturesIn, scrollsSideways, signIn, type Visit, visit } from '../harness/page.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** The quality of reporting, from the score to the very entries that it was lost for. */
let service: TestService
let admin: Visit
let own: { email: string; operator: string | null }

const COMPANIES = ['武夷公交集团有限公司', '延平出租汽车有限公司', '建瓯货运有限公司', '浦城物流有限公司']
const COUNTIES = ['350782', '350702', '350783', '350722']

beforeAll(async () => {
  service = await startTestService({ NOW: '2026-04-10T10:00:00+08:00' })
  for (const [i, name] of COMPANIES.entries())
    await service.admin.post('/operators', { name, county: COUNTIES[i] })
  await service.admin.post('/operators', { name: '松溪网约车有限公司', county: '350724' })
  own = await person(service, { role: 'operator', operator: '浦城物流有限公司' })
  let n = 0
  for (const today of ['2026-04-10', '2026-06-28', '2026-09-02', '2026-11-23']) {
    await service.restart({ NOW: `${today}T10:00:00+08:00` })
    const rows = COMPANIES.flatMap((operator, c) =>
      Array.from({ length: 5 + c * 3 }, (_, k) => {
        const vehicle = vehicleOf(++n, {
          ...{ operator, county: COUNTIES[c], energy: k % 3 ? 'diesel' : 'BEV' },
          ...(k % 5 ? { registeredOn: '2020-06-01' } : {}),
          ...(k % 7 === 1 ? { emission: '' } : {}),
        })
        // A check digit that is wrong, in one company's.
        const vin =
          c === 2 && k === 4
            ? `${vehicle.vin.slice(0, 8)}${vehicle.vin[8] === '0' ? 1 : 0}${vehicle.vin.slice(9)}`
            : vehicle.vin
        return { ...vehicle, vin, kind: 'added', on: addDays(today, -(k * (3 + c * 4))) }
      }),
    )
    const { counts } = await service.admin.record(`${today}.csv`, csvOf(rows))
    expect(counts.error).toBe(0)
  }
  admin = await visit(service)
}, 240_000)
afterAll(async () => {
  await admin?.close()
  await service?.close()
})

const shoot = picturesIn('QUALITY_SHOTS')

describe('the page of the data quality', () => {
  it('says what the score was lost for, each line as the service counts it', async () => {
    const { page, go } = admin
    await go('/quality')
    const { whole, items } = (await service.admin.get<Quality>('/quality?limit=200')).body
    await expect.poll(() => page.getByTestId('score').innerText()).toBe(String(whole.score))
    const line = (aspect: string) => page.getByTestId(`line-${aspect}`).innerText()
    await expect
      .poll(() => line('late'))
      .toContain(`${whole.changes.total} 条变动中 ${whole.changes.late} 条迟报`)
    for (const { aspect, lost } of whole.lines)
      await expect.poll(() => line(aspect)).toContain(lost > 0 ? `扣 ${lost} 分` : '不扣分')
    const table = page.getByTestId('quality-table')
    await expect
      .poll(() => table.locator('tbody tr a[href^="/quality?"]').allInnerTexts())
      .toEqual(items.map((i) => i.operator.name))
    await expect.poll(() => page.getByTestId('quality-松溪网约车有限公司').innerText()).toContain('从未报送')
    await expect
      .poll(() => page.getByTestId('month-2026-07').innerText())
      .toMatch(/2026\s*年\s*7\s*月[\s\S]*家已报/)
    await page.getByTestId('how-scored').locator('summary').click()
    await expect.poll(() => page.getByTestId('how-scored').innerText()).toContain('迟报（40 分）')
    await shoot(admin, 'quality-zh')
  })

  it('opens the late changes, and goes back', async () => {
    const { page } = admin
    await page.getByTestId('line-late').locator('a').first().click()
    await page.waitForURL(/\/quality\/late/)
    const { whole } = (await service.admin.get<Quality>('/quality')).body
    await expect.poll(() => page.getByTestId('behind-total').innerText()).toBe(`共 ${whole.changes.late} 条`)
    await expect.poll(() => page.getByTestId('late-table').innerText()).toMatch(/发生后第 \d+ 天入账/)
    await shoot(admin, 'late-zh')
    await page.locator('.page-back').click()
    await page.waitForURL(/\/quality($|\?)/)
  })

  it('opens what is missing and what is doubtful, which can be corrected there', async () => {
    const { page, go } = admin
    await page.getByTestId('line-facts').locator('a').first().click()
    await page.waitForURL(/\/quality\/missing\?fact=registration/)
    await page.getByTestId('behind-total').waitFor()
    await shoot(admin, 'missing-zh')
    await page.getByTestId('missing-fact').getByText('排放标准').click()
    await page.waitForURL(/fact=emission/)
    await expect.poll(() => page.locator('h1').innerText()).toBe('缺排放标准的柴油货车')
    await go('/quality/warnings')
    const table = page.getByTestId('doubtful-table')
    await expect.poll(() => table.innerText()).toContain('车架号校验位不符')
    await shoot(admin, 'warnings-zh')
    await table.getByRole('link', { name: '更正' }).first().click()
    await page.waitForURL(/\/changes\/[0-9a-f]{24}\/correct/)
  })

  it('shows one company by a click on its name', async () => {
    const { page, go } = admin
    await go('/quality')
    await page.getByTestId('quality-建瓯货运有限公司').locator('a').first().click()
    await page.waitForURL(/operator=op-/)
    await expect
      .poll(() => page.getByTestId('score-panel').locator('h2').innerText())
      .toBe('建瓯货运有限公司')
    const { items } = (await service.admin.get<Quality>('/quality')).body
    const item = items.find((i) => i.operator.name === '建瓯货运有限公司')
    await expect.poll(() => page.getByTestId('score').innerText()).toBe(String(item?.score))
  })

  it('is for a company’s own account its own', async () => {
    const company = await visit(service, { signedIn: false })
    try {
      await signIn(company, { email: own.email, password: PASSWORD })
      await company.go('/quality')
      await expect
        .poll(() => company.page.getByTestId('score-panel').locator('h2').innerText())
        .toBe('浦城物流有限公司')
      await expect.poll(() => company.page.getByTestId('quality-table').count()).toBe(0)
      await expect.poll(() => company.page.getByTestId('nav-open-data').count()).toBe(0)
      await shoot(company, 'quality-own-zh')
      expect(company.complaints).toEqual([])
    } finally {
      await company.close()
    }
  })
})

describe('the page of the open data', () => {
  it('describes every column, and gives the files', async () => {
    const { page, go } = admin
    await go('/quality')
    await page.getByTestId('nav-open-data').click()
    await page.waitForURL(/\/open-data/)
    const figures = page.getByTestId('open-figures')
    await expect.poll(() => figures.innerText()).toContain('numerator')
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      figures.getByTestId('export-csv').click(),
    ])
    expect(file.suggestedFilename()).toMatch(/^fleet-ledger-figures-2026-11-23\.csv$/)
    await shoot(admin, 'open-data-zh')
  })
})

describe('on a telephone, and in English', () => {
  it.each([
    ['phone', 'zh-CN'],
    ['phone', 'en-US'],
    ['desk', 'en-US'],
  ] as const)('(%s, %s) the pages fit and complain of nothing', async (size, locale) => {
    const visitor = await visit(service, { size, locale, signedIn: false })
    try {
      // The account speaks Chinese; the browser was told otherwise.
      const language = locale === 'en-US' ? 'en' : 'zh-CN'
      await visitor.context.addInitScript((l) => localStorage.setItem('language', l), language)
      await signIn(visitor)
      for (const path of [
        '/quality',
        '/quality/late',
        '/quality/missing',
        '/quality/warnings',
        '/open-data',
      ]) {
        await visitor.go(path)
        await visitor.page.locator('h1').waitFor()
        await visitor.page
          .locator('[data-testid=behind-total], [data-testid=quality-months], [data-testid=open-changes]')
          .first()
          .waitFor()
        await filled(visitor.page)
        expect([path, await scrollsSideways(visitor.page)]).toEqual([path, false])
        await expect
          .poll(() => visitor.page.locator('main').innerText())
          .not.toMatch(/qualityPage\.|openDataPage\.|\{\{/)
        const isChinese = /\p{Script=Han}{2}/u.test(await visitor.page.locator('h1').innerText())
        expect([path, isChinese]).toEqual([path, language === 'zh-CN'])
        await shoot(visitor, `${path.slice(1).replace('/', '-')}-${size}-${locale}`)
      }
      expect(visitor.complaints).toEqual([])
    } finally {
      await visitor.close()
    }
  })
})
