import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csvOf, operatorOf, PASSWORD, person, plateOf, vinOf } from '../harness/client.ts'
import { signIn, type Visit, visit } from '../harness/page.ts'
import { startTestService, type TestService } from '../harness/service.ts'

const OPERATOR = '延平公共交通有限公司'
/** Three buses in service; the third is not on the list, a fourth is new, and the second has moved. */
const bus = (n: number, more: Record<string, string> = {}) => ({
  plate: plateOf(n, 'D'),
  vin: vinOf(n),
  category: 'bus',
  energy: 'BEV',
  registeredOn: '2023-02-01',
  county: '350702',
  ...more,
})
const fleetOf = (...rows: ReturnType<typeof bus>[]) =>
  ['车牌号,车架号,车辆类别,能源类型,注册日期,县(市、区)']
    .concat(rows.map((r) => [r.plate, r.vin, r.category, r.energy, r.registeredOn, r.county].join(',')))
    .join('\n')

let service: TestService
let clerk: Visit
beforeAll(async () => {
  service = await startTestService()
  await operatorOf(service, OPERATOR)
  const stock = [1, 2, 3].map((n) => ({ ...bus(n), operator: OPERATOR, kind: 'stock', on: '2023-02-01' }))
  await service.admin.record('存量.csv', csvOf(stock))
  const { email } = await person(service, { role: 'operator', operator: OPERATOR })
  clerk = await visit(service, { signedIn: false })
  await signIn(clerk, { email, password: PASSWORD })
})
afterAll(async () => {
  await clerk?.close()
  await service?.close()
})

const rowOf = (page: Page, n: number) => page.locator('.grid-row').filter({ hasText: plateOf(n, 'D') })

describe('a list of the whole fleet', () => {
  let list: string

  it('shows what is put right, and asks of new vehicles what they are', async () => {
    const { page, go } = clerk
    await go('/uploads/send')
    const fleet = fleetOf(bus(1), bus(2, { county: '350783' }), bus(4, { registeredOn: '2026-10-08' }))
    await page
      .getByTestId('upload-input')
      .setInputFiles({ name: '现有车辆.csv', mimeType: 'text/csv', buffer: Buffer.from(fleet) })
    await page.getByTestId('chip-all').waitFor()
    list = new URL(page.url()).pathname
    await expect.poll(() => page.locator('.import-lead').innerText()).toContain('全量名单')
    await expect.poll(() => rowOf(page, 2).innerText()).toMatch(/延平区[\s→]*建瓯市/)
    await expect.poll(() => page.getByTestId('bulk-class').innerText()).toContain('1 辆')
    await rowOf(page, 4).getByTestId('class-added').click()
    await expect.poll(() => rowOf(page, 4).getAttribute('data-outcome')).toBe('new')
    await page.getByTestId('bulk-class').waitFor({ state: 'detached' })
  })

  it('asks of vehicles that are not on it what became of them, and leaves the unanswered alone', async () => {
    const { page } = clerk
    await page.getByTestId('show-missing').click()
    // A press is lost on a row that gives way to the same one of the filtered list.
    await expect.poll(() => page.locator('.grid-row').count()).toBe(1)
    const missing = rowOf(page, 3)
    await expect.poll(() => missing.innerText()).toContain('不作变动')
    await missing.getByTestId('missing-in-use').click()
    await expect.poll(() => missing.getByTestId('missing-answer').innerText()).toContain('仍在用')
    await missing.getByTestId('missing-answer').getByRole('button').click()
    await missing.getByTestId('missing-retired').click()
    await page.getByTestId('row-dialog-ok').click()
    await page.getByText('请填写日期').waitFor()
    await page.getByTestId('retired-on').fill('2026-11-02')
    await page.keyboard.press('Enter')
    await page.getByTestId('retired-how').click()
    await page.locator('.ant-select-dropdown:visible').getByText('报废', { exact: true }).click()
    await page.getByTestId('row-dialog-ok').click()
    await expect.poll(() => missing.getByTestId('missing-answer').innerText()).toContain('2026-11-02')
    await expect.poll(() => page.getByTestId('submit-list').innerText()).toContain('3')
    await page.getByTestId('submit-list').click()
    await page.getByTestId('submit-confirm').click()
    await expect.poll(() => page.getByTestId('import-status').innerText()).toBe('已报送')
    expect(clerk.complaints).toEqual([])
  })

  it('is withdrawn as one after it was recorded, with a reason', async () => {
    const officer = await visit(service)
    const { page, go } = officer
    await go(list)
    await page.getByTestId('approve').click()
    await page.getByTestId('approve-confirm').click()
    await page.getByTestId('import-applied').waitFor()
    const active = async () =>
      (await service.admin.get<{ total: number }>('/vehicles/count?category=bus&status=active')).body.total
    // One came, one went; the moved one is where it was counted.
    expect(await active()).toBe(3)
    expect((await service.admin.get(`/vehicles/${vinOf(3)}`)).body.status).toBe('retired')
    await page.getByTestId('import-more').click()
    await page.getByTestId('withdraw').click()
    await page.getByTestId('reason').fill('上传了旧版名单')
    await page.getByTestId('reason-ok').click()
    await expect.poll(() => page.getByTestId('import-withdrawn').innerText()).toContain('上传了旧版名单')
    expect((await service.admin.get(`/vehicles/${vinOf(3)}`)).body.status).toBe('active')
    expect(officer.complaints).toEqual([])
    await officer.close()
  })
})
