import { afterAll, beforeAll, expect, it } from 'vitest'
import { takeTyped, type Visit, visit } from '../harness/page.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** A vessel is entered by hand, under a vessel's own words. */
let service: TestService
let officer: Visit
beforeAll(async () => {
  service = await startTestService()
  await service.admin.post('/operators', { name: '闽江航运公司', county: '350702' })
  officer = await visit(service)
})
afterAll(async () => {
  await officer?.close()
  await service?.close()
})

it('asks for a vessel’s name and number, says what is wrong with them, and records it', async () => {
  const { page, go } = officer
  await go('/changes/new?kind=added')
  const choose = async (field: string, text: string) => {
    await page.getByTestId(field).click()
    await takeTyped(page, text)
  }
  await page.getByTestId('entry-save').waitFor()
  await choose('entry-category', '内河船舶')
  await page.locator('label', { hasText: '船舶识别号' }).waitFor()
  await page.locator('label', { hasText: '船名' }).waitFor()
  await page.getByTestId('entry-vin').fill('CN2018')
  await page.getByTestId('entry-plate').fill('A1')
  await page.getByTestId('entry-vin').click()
  await page.getByTestId('fault-plate-vessel.name-invalid').waitFor()
  await page.getByTestId('entry-vin').fill('cn 2018 1234567')
  await page.getByTestId('entry-plate').fill('闽南平客 0001')
  await choose('entry-energy', '纯电动')
  await page.getByTestId('entry-operator').click()
  await page.keyboard.type('闽江航运公司')
  await page.keyboard.press('Enter')
  await choose('entry-county', '延平区')
  await page.getByTestId('entry-on').fill('2026-10-01')
  await page.keyboard.press('Tab')
  await expect.poll(() => page.getByTestId('effect-green-vessels-added').innerText()).toContain('1')
  await page.keyboard.press('Control+Enter')
  await expect
    .poll(async () => (await service.admin.figures())['green-vessels-added']?.value, { timeout: 20_000 })
    .toBe(1)
  const { body } = await service.admin.get('/vehicles/CN20181234567')
  expect(body).toMatchObject({ plate: '闽南平客0001', category: 'vessel' })
})
