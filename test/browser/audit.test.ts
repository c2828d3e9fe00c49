import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csvOf, type Recorded, vehicleOf } from '../harness/client.ts'
import { picturesIn, scrollsSideways, type Visit, visit } from '../harness/page.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { until } from '../jobs/support/world.ts'

let service: TestService
let reader: Visit
const vehicle = vehicleOf(1)
beforeAll(async () => {
  service = await startTestService()
  const { admin } = service
  const made = await admin.post<Recorded>('/changes', { kind: 'stock', vehicle })
  await admin.post(`/changes/${made.body.id}/void`, { reason: '录入有误' })
  const account = {
    email: 'wang@example.com',
    name: '王芳',
    password: 'long enough to be taken',
    role: 'viewer',
  }
  const { id } = (await admin.post<{ id: string }>('/accounts', account)).body
  await admin.send('PATCH', `/accounts/${id}`, { role: 'county-officer', county: '350702' })
  await service.visitor().post('/session', { email: 'nobody@example.com', password: 'guess' })
  await admin.check('名单.csv', csvOf([{ ...vehicleOf(2), kind: 'stock' }]))
  const audit = service.services.connection.collection('audit')
  for (const action of ['ledger.seal', 'job.finished'])
    await until(`${action} is recorded`, async () => (await audit.countDocuments({ action })) > 0)
  reader = await visit(service)
})
afterAll(async () => {
  await reader?.close()
  await service?.close()
})

const keep = picturesIn('PICTURES')
const picture = (name: string) => keep(reader, name, false)

describe('the audit log’s page', () => {
  it('is in the menu, lists what was done in words, and opens what was before and after', async () => {
    const { page } = reader
    await page.getByTestId('nav-audit').click()
    await page.getByTestId('audit-table').waitFor()
    const shown = () => page.getByTestId('audit-table').innerText()
    for (const word of ['登录', '录入变动', '作废变动', '修改账号', '上传名单', '封存台账', '定时任务运行'])
      await expect.poll(shown).toContain(word)
    await expect.poll(() => shown()).not.toMatch(/session\.open|change\.|\{"/)
    await picture('audit-desk')
    await page.getByTestId('audit-account.update').getByTestId('audit-open').click()
    const difference = page.getByTestId('audit-difference')
    await difference.waitFor()
    const rows = (await difference.locator('tbody tr').allInnerTexts()).map((row) => row.split('\t'))
    expect(rows.slice(0, 2)).toEqual([
      ['角色', '查阅人', '县级经办人'],
      ['县（市、区）', '无', '延平区'],
    ])
    // Mails that nobody chose or refused go with the role.
    for (const [what, before, after] of rows.slice(2)) {
      expect(what).toMatch(/^接收(周报|季报|预警)$/)
      expect([before, after]).toEqual(['否', '是'])
    }
    await expect.poll(() => page.getByTestId('audit-entry').innerText()).toContain('wang@example.com')
    await picture('audit-entry-desk')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByTestId('audit-entry').count()).toBe(0)
  })

  it('is filtered by what is in its address, and says when nothing fits', async () => {
    const { page } = reader
    await reader.go('/audit?action=session.open&outcome=refused')
    await page.getByTestId('audit-table').waitFor()
    await expect.poll(() => page.getByTestId('audit-open').count()).toBe(1)
    await expect.poll(() => page.getByTestId('audit-table').innerText()).toContain('nobody@example.com')
    await page.getByTestId('audit-search').fill(vehicle.plate)
    await page.getByTestId('empty').waitFor()
    await page.getByTestId('clear-filters').click()
    await page.getByTestId('audit-table').waitFor()
    await page.getByTestId('audit-search').fill(vehicle.plate)
    await page.waitForURL(/q=/)
    await expect.poll(() => page.getByTestId('audit-open').allInnerTexts()).toEqual(['作废变动', '录入变动'])
    await page.getByTestId('audit-change.void').getByTestId('audit-open').click()
    await page.getByTestId('audit-entry').getByRole('link').click()
    await page.waitForURL(new RegExp(vehicle.vin))
  })

  it('saves what it shows as a file', async () => {
    const { page } = reader
    await reader.go('/audit?action=session.open')
    const saved = page.waitForEvent('download')
    await page.getByTestId('export-csv').click()
    expect((await saved).suggestedFilename()).toBe('操作日志.csv')
  })

  it('shows the seals and what they mean', async () => {
    const { page } = reader
    await reader.go('/audit')
    await page.getByTestId('tab-seals').click()
    await page.getByTestId('seal-2026-11-22').waitFor()
    await expect.poll(() => page.getByTestId('seals-latest').innerText()).toContain('2026-11-22')
    await expect.poll(() => page.getByTestId('seals-table').innerText()).toMatch(/[0-9a-f]{64}/)
    expect(new URL(page.url()).search).toBe('?tab=seals')
    await reader.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByRole('button', { name: '复制 2026-11-22 的链值' }).click()
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toMatch(/^2026-11-22=[0-9a-f]{64}$/)
    await picture('seals-desk')
  })

  it('fits a telephone', async () => {
    const { page } = reader
    await page.setViewportSize({ width: 390, height: 844 })
    for (const path of ['/audit', '/audit?tab=seals']) {
      await reader.go(path)
      await page.locator('.cards').waitFor()
      expect([path, await scrollsSideways(page)]).toEqual([path, false])
      await picture(path.includes('seals') ? 'seals-phone' : 'audit-phone')
    }
    await reader.go('/audit?action=account.update')
    await page.getByTestId('audit-open').click()
    await page.getByTestId('audit-difference').waitFor()
    await expect.poll(() => scrollsSideways(page)).toBe(false)
    await picture('audit-entry-phone')
    expect(reader.complaints).toEqual([])
  })
})
