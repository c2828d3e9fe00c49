import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Visit, visit } from '../harness/page.ts'
import { startTestService, type TestService } from '../harness/service.ts'

const SAMPLES = fileURLToPath(new URL('../fixtures/samples/', import.meta.url))
const expected = JSON.parse(readFileSync(`${SAMPLES}expected.json`, 'utf8')) as {
  upload: string[]
  total: Record<string, number>
}

let service: TestService
let officer: Visit
beforeAll(async () => {
  service = await startTestService()
  officer = await visit(service)
})
afterAll(async () => {
  await officer?.close()
  await service?.close()
})

/** Sends a list by the page and waits for its preview. */
async function send(name: string): Promise<void> {
  const { page, go } = officer
  await go('/uploads/send')
  await page.getByTestId('upload-input').setInputFiles(SAMPLES + name)
  await page.getByTestId('chip-all').waitFor()
}

const number = async (testId: string): Promise<number> => {
  const text = await officer.page.getByTestId(testId).innerText()
  return Number((/[\d,]+/.exec(text)?.[0] ?? 'NaN').replaceAll(',', ''))
}

describe('the upload pages', () => {
  it('refuse what is no list in words, and take the next', async () => {
    const { page, go } = officer
    await go('/uploads/send')
    await page.getByTestId('upload-input').setInputFiles({
      name: '扫描件.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.7 nothing'),
    })
    await expect.poll(() => page.getByTestId('upload-problem').innerText()).toContain('.xlsx')
    const { body } = await service.admin.get<{ total: number }>('/imports')
    expect(body.total).toBe(0)
  })

  it('take the six lists from preview to ledger', { timeout: 180_000 }, async () => {
    const { page } = officer
    for (const name of expected.upload) {
      await send(name)
      await page.getByTestId('approve').click()
      await page.getByTestId('approve-confirm').click()
      await page.getByTestId('import-applied').waitFor()
    }
    await officer.go('/')
    const { total } = expected
    await expect
      .poll(() => page.getByTestId('card-bus-renewal').innerText())
      .toContain(`${total.busReplacedNev}/${total.busReplaced}`)
    await expect
      .poll(() => page.getByTestId('card-taxi-renewal').innerText())
      .toContain(`${total.taxiReplacedNev}/${total.taxiReplaced}`)
    await expect.poll(() => page.getByTestId('value-taxi-renewal').innerText()).toBe('70.0%')
    await expect.poll(() => number('value-old-diesel-trucks-retired')).toBe(total.oldDieselTrucksRetired)
    await expect.poll(() => number('value-freight-vehicles-added')).toBe(total.trucksAdded)
    await expect.poll(() => number('value-bus-batteries-swapped')).toBe(total.packsReplaced)
  })

  it('offer nothing to approve when a list is sent again', async () => {
    for (const name of expected.upload) {
      await send(name)
      const text = await officer.page.getByTestId('import-nothing').innerText()
      expect(text).toMatch(/\p{Script=Han}/u)
      await expect.poll(() => officer.page.getByTestId('approve').count()).toBe(0)
    }
  })

  it('show each fault of a list in words, by outcome and by kind', async () => {
    const { page } = officer
    await send('errors.xlsx')
    await expect.poll(() => page.getByTestId('chip-error').innerText()).toMatch(/24/)
    await page.getByTestId('code-vin.invalid').click()
    await expect.poll(() => page.getByTestId('row-8').count()).toBe(1)
    await expect.poll(() => page.getByTestId('row-4').count()).toBe(0)
    await expect.poll(() => page.getByTestId('row-8').innerText()).toContain('17')
    await page.getByTestId('reject').click()
    await page.getByTestId('reason').fill('请按标出的问题修改后重报')
    await page.getByTestId('reason-ok').click()
    await expect
      .poll(() => page.getByTestId('import-rejected').innerText())
      .toContain('请按标出的问题修改后重报')
  })

  it('log no errors on the way', () => {
    expect(officer.complaints).toEqual([])
  })
})
