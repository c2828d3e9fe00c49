import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MailView } from '../../jobs/schema.ts'
import type { ScenarioView } from '../../server/scenarios/schema.ts'
import { csvOf, PASSWORD, type Page, person, plateOf, vehicleOf, vinOf } from '../harness/client.ts'
import { picturesIn, scrollsSideways, signIn, takeTyped, type Visit, visit } from '../harness/page.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** What if, in the browser: the numbers moved by hand and by keys, the targets changing, kept, compared, sent. */
let service: TestService
let admin: Visit
beforeAll(async () => {
  service = await startTestService()
  const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
  const taxi = { category: 'cruising-taxi', operator: '延平出租汽车公司' }
  const old = numbers(1, 30).map((n) => ({ ...vehicleOf(n, { ...taxi, energy: 'gasoline' }), kind: 'stock' }))
  const fresh = numbers(101, 120).map((n) => ({
    ...vehicleOf(n, { ...taxi, ...(n > 112 ? { energy: 'gasoline', emission: '6' } : { energy: 'BEV' }) }),
    ...{ kind: 'replaced', on: '2026-03-01', replaces: plateOf(n - 100) },
  }))
  const trucks = numbers(201, 260).map((n) => ({ ...vehicleOf(n), kind: 'stock' }))
  const gone = numbers(201, 240).map((n) => ({
    ...{ vin: vinOf(n), kind: 'retired', on: '2026-04-01', reason: 'scrapped' },
  }))
  const more = numbers(301, 360).map((n) => ({
    ...vehicleOf(n, { emission: '6' }),
    kind: 'added',
    on: '2026-05-01',
  }))
  await service.admin.record('ledger.csv', csvOf([...old, ...trucks]))
  await service.admin.record('changes.csv', csvOf([...fresh, ...gone, ...more]))
  admin = await visit(service)
})
afterAll(async () => {
  await admin?.close()
  await service?.close()
})

const shoot = picturesIn('SCENARIO_SHOTS')
const kept = async () => (await service.admin.get<Page<ScenarioView>>('/scenarios')).body.items
const saveAs = async ({ page }: Visit, name: string) => {
  await page.getByTestId('scenario-name').fill(name)
  await page.getByTestId('scenario-save-ok').click()
  await expect.poll(() => page.getByTestId('scenario-open').innerText()).toContain(name)
}

describe('the what-if page', () => {
  it('begins with a step for each target, and shows where each will stand', async () => {
    const { page, go } = admin
    await go('/scenarios')
    const taxis = page.getByTestId('end-taxi-renewal')
    await expect.poll(() => taxis.innerText()).toMatch(/60\.0%[\s\S]*12\/20[\s\S]*还须连续更新 7 辆新能源车/)
    for (const id of [
      'replaced-bus',
      'replaced-cruising-taxi',
      'retired-truck',
      'added-truck',
      'battery-swap-bus',
    ])
      await expect.poll(() => page.getByTestId(`step-${id}`).count()).toBe(1)
    await expect.poll(() => page.getByTestId('scenario-met').innerText()).toBe('5 项目标中 0 项达标')
    await expect
      .poll(() => page.getByTestId('scenario-basis').innerText())
      .toMatch(/以 2026-11-23 的数字为起点.*还有 13\.2 个月/)
    await shoot(admin, 'scenarios-start-zh')
  })

  it('changes the targets as numbers are typed, and as a slider is moved by keys', async () => {
    const { page } = admin
    await page.getByTestId('amount-replaced-cruising-taxi').fill('10')
    const taxis = page.getByTestId('end-taxi-renewal')
    // 12 and 10 of 30
    await expect.poll(() => taxis.innerText()).toMatch(/73\.3%[\s\S]*22\/30/)
    await expect.poll(() => page.getByTestId('end-status-taxi-renewal').innerText()).toBe('已完成')
    await page.getByTestId('new-energy-replaced-cruising-taxi').fill('80')
    // 12 and 8 of 30
    await expect.poll(() => taxis.innerText()).toMatch(/66\.6%[\s\S]*20\/30[\s\S]*还须连续更新 4 辆新能源车/)
    const slider = page.getByTestId('step-retired-truck').getByRole('slider', { name: '数量' })
    await slider.focus()
    for (let i = 0; i < 28; i++) await page.keyboard.press('ArrowRight')
    await expect.poll(() => page.getByTestId('amount-retired-truck').inputValue()).toBe('28')
    // 28 in each of 13 months and a quarter, and the 40 that went
    const trucks = page.getByTestId('end-old-diesel-trucks-retired')
    await expect.poll(() => trucks.innerText()).toMatch(/411[\s\S]*按均匀进度，预计 2027-12-\d\d 达标/)
    await expect
      .poll(() => page.getByTestId('end-status-old-diesel-trucks-retired').innerText())
      .toBe('已完成')
    const step = page.getByTestId('step-retired-truck')
    await expect.poll(() => step.innerText()).toMatch(/到期末共 371 辆/)
    await expect.poll(() => step.innerText()).toContain('超出在营车辆：当前只有 80 辆')
    await expect.poll(() => page.getByTestId('scenario-met').innerText()).toBe('5 项目标中 1 项达标')
  })

  it('goes on at the present pace when told to, and takes movements back', async () => {
    const { page } = admin
    const trucks = page.getByTestId('end-value-freight-vehicles-added')
    await expect.poll(() => trucks.innerText()).toBe('60')
    await page.getByTestId('scenario-beside').getByText('按近一年进度').click()
    await expect.poll(() => trucks.innerText()).toBe('126')
    await page.getByRole('heading', { name: '措施' }).click()
    await page.keyboard.press('Control+z')
    await expect.poll(() => trucks.innerText()).toBe('60')
    // What follows quickly on each other is taken back together; a busy machine makes pauses.
    const moved = () => page.getByTestId('amount-retired-truck').inputValue()
    for (let i = 0; i < 28 && (await moved()) !== '0'; i++) await page.keyboard.press('Control+z')
    await expect.poll(moved).toBe('0')
    await expect.poll(() => page.getByTestId('new-energy-replaced-cruising-taxi').inputValue()).toBe('80')
    await page.getByTestId('step-battery-swap-bus').getByRole('button', { name: /删去/ }).click()
    await expect.poll(() => page.getByTestId('step-battery-swap-bus').count()).toBe(0)
    await page.getByTestId('scenario-undo').click()
    await expect.poll(() => page.getByTestId('step-battery-swap-bus').count()).toBe(1)
  })

  it('is saved under a name, by keys too, and opened again as it was', async () => {
    const { page, go } = admin
    await page.keyboard.press('Control+s')
    await saveAs(admin, '八成新能源')
    await expect.poll(async () => (await kept()).map((s) => s.name)).toEqual(['八成新能源'])
    const [first] = await kept()
    await go('/scenarios')
    await page.getByRole('link', { name: '八成新能源' }).click()
    await expect.poll(() => page.getByTestId('end-taxi-renewal').innerText()).toMatch(/66\.6%/)
    expect(page.url()).toContain(`id=${first?.id}`)
    await expect.poll(() => page.getByTestId('new-energy-replaced-cruising-taxi').inputValue()).toBe('80')
    // The same name twice is refused, and what was entered stays.
    await page.getByTestId('new-energy-replaced-cruising-taxi').fill('100')
    await page.getByTestId('amount-added-truck').fill('150')
    await expect.poll(() => page.getByTestId('scenario-open').innerText()).toContain('有未保存的修改')
    await page.getByTestId('scenario-save-as').click()
    await page.getByTestId('scenario-name').fill('八成新能源')
    await page.getByTestId('scenario-save-ok').click()
    await expect.poll(() => page.getByTestId('scenario-problem').innerText()).toContain('已有同名的测算方案')
    await saveAs(admin, '全部新能源')
    expect(await kept()).toHaveLength(2)
    await shoot(admin, 'scenarios-kept-zh')
  })

  it('is changed by keys after a copy was given up, and not copied; where nothing was changed, keys ask nothing', async () => {
    const { page } = admin
    await page.keyboard.press('Control+s')
    // A dialogue would lie over the button.
    await page.getByTestId('amount-battery-swap-bus').fill('5')
    await expect.poll(() => page.getByTestId('scenario-open').innerText()).toContain('有未保存的修改')
    await page.getByTestId('scenario-save-as').click()
    const name = page.getByTestId('scenario-name')
    await expect.poll(() => name.inputValue()).toBe('')
    await name.fill('八成新能源')
    await page.getByTestId('scenario-save-ok').click()
    await expect.poll(() => page.getByTestId('scenario-problem').count()).toBe(1)
    await page.keyboard.press('Escape')
    await expect.poll(() => name.count()).toBe(0)
    await page.keyboard.press('Control+s')
    await expect.poll(() => name.inputValue()).toBe('全部新能源')
    await expect.poll(() => page.getByTestId('scenario-problem').count()).toBe(0)
    await page.getByTestId('scenario-save-ok').click()
    await expect
      .poll(async () => (await kept()).map((k) => [k.name, k.revision]))
      .toEqual([
        ['全部新能源', 2],
        ['八成新能源', 1],
      ])
    await expect.poll(() => page.getByTestId('scenario-open').innerText()).not.toContain('有未保存的修改')
  })

  it('compares those that are chosen side by side', async () => {
    const { page } = admin
    for (const box of await page.getByTestId('scenario-list').getByRole('checkbox').all()) await box.check()
    await page.getByTestId('scenario-compare').click()
    const row = page.getByTestId('compare-taxi-renewal')
    await expect.poll(() => row.innerText()).toMatch(/73\.3%[\s\S]*已完成[\s\S]*66\.6%[\s\S]*未完成/)
    const table = () => page.getByTestId('scenario-table').innerText()
    await expect.poll(table).toContain('全市更新巡游出租车 10 辆，新能源占 80%')
    await expect.poll(table).toMatch(/全市新增营运货车 每月 150 辆，共 1,9\d\d 辆/)
    await expect.poll(table).not.toMatch(/scenario\.|whatIf\.|undefined|NaN/)
    await shoot(admin, 'scenarios-compare-zh')
    await page.getByTestId('scenario-compare-off').click()
    await expect.poll(() => page.getByTestId('scenario-table').count()).toBe(0)
  })

  it('sends one to a colleague, who opens it in another language', async () => {
    const leader = await person(service, { role: 'viewer' })
    expect((await leader.send('PATCH', '/me', { language: 'en' })).status).toBe(200)
    const { page } = admin
    await page.getByTestId('scenario-mail').click()
    await page.getByTestId('scenario-mail-to').click()
    await takeTyped(page, 'viewer')
    await page.getByTestId('scenario-mail-note').fill('请审阅')
    await page.getByTestId('scenario-mail-ok').click()
    const mails = async () => (await service.admin.get<Page<MailView>>('/outbox?kind=scenario')).body.items
    await expect
      .poll(async () => (await mails()).map((m) => [m.kind, m.to]))
      .toEqual([['scenario', leader.email]])
    const [scenario] = (await kept()).filter((s) => s.name === '全部新能源')
    const reader = await visit(service, { locale: 'en', signedIn: false, size: 'phone' })
    await signIn(reader, { email: leader.email, password: PASSWORD })
    try {
      await reader.go(`/scenarios?id=${scenario?.id}`)
      const taxis = reader.page.getByTestId('end-taxi-renewal')
      await expect.poll(() => taxis.innerText()).toMatch(/73\.3%[\s\S]*Now 60\.0%[\s\S]*Target 70%/)
      await expect.poll(() => reader.page.getByTestId('scenario-save').count()).toBe(0)
      await expect
        .poll(() => reader.page.locator('main').innerText())
        .not.toMatch(/scenario\.|whatIf\.|undefined|NaN/)
      // Leadership moves the numbers, too.
      await reader.page.getByTestId('amount-replaced-cruising-taxi').fill('0')
      await expect.poll(() => taxis.innerText()).toContain('60.0%')
      await expect.poll(() => scrollsSideways(reader.page)).toBe(false)
      await shoot(reader, 'scenarios-en-phone')
      await shoot(reader, 'scenarios-en-phone-top', false)
      expect(reader.complaints).toEqual([])
    } finally {
      await reader.close()
    }
  })

  it('is deleted and brought back', async () => {
    const { page } = admin
    const item = page.getByTestId('scenario-saved-item').filter({ hasText: '八成新能源' })
    await item.getByTestId('scenario-delete').click()
    await expect.poll(() => item.count()).toBe(0)
    await page.getByTestId('scenario-restore').click()
    await expect.poll(() => item.count()).toBe(1)
  })

  it('of a county is opened with that county’s figures by those who see the city, and says so', async () => {
    const { page, go } = admin
    const county = await person(service, { role: 'county-officer', county: '350703' })
    const truck = { kind: 'retired', category: 'truck', amount: 3, per: 'period', oldDiesel: 100 }
    const inputs = { others: 'nothing', steps: [truck] }
    expect((await county.post('/scenarios', { name: '建阳方案', inputs })).status).toBe(201)
    await go('/scenarios')
    const item = page.getByTestId('scenario-saved-item').filter({ hasText: '建阳方案' })
    await expect.poll(() => item.getByTestId('scenario-county').innerText()).toBe('建阳区')
    await page.getByRole('link', { name: '建阳方案' }).click()
    const trucks = page.getByTestId('end-old-diesel-trucks-retired')
    await expect.poll(() => trucks.innerText()).toMatch(/0 → 3$/)
    await expect.poll(() => page.getByTestId('scenario-basis').innerText()).toContain('以下为建阳区的数字')
    // Its steps lie in it: nothing else is offered.
    await expect
      .poll(() => page.getByTestId('step-retired-truck').getByTestId('filter-county').count())
      .toBe(0)
    await page.getByTestId('amount-retired-truck').fill('4')
    await expect.poll(() => trucks.innerText()).toMatch(/0 → 4$/)
    await page.getByTestId('scenario-save').click()
    await page.getByTestId('scenario-save-ok').click()
    await expect.poll(async () => (await kept())[0]?.revision).toBe(2)
    const [own] = await kept()
    expect(own).toMatchObject({ county: '350703', name: '建阳方案' })
    expect(own?.rules.find((r) => r.id === 'old-diesel-trucks-retired')?.end.value).toBe(4)
    for (const other of ['建阳方案', '全部新能源'])
      await page.getByTestId('scenario-saved-item').filter({ hasText: other }).getByRole('checkbox').check()
    await page.getByTestId('scenario-compare').click()
    const table = page.getByTestId('scenario-table')
    await expect.poll(() => table.innerText()).toMatch(/建阳区 · 起点[\s\S]*全市 · 起点/)
    await page.getByTestId('scenario-compare-off').click()
    await go('/scenarios')
  })

  it('asks before changes that are not saved are left', async () => {
    const { page } = admin
    await page.getByTestId('amount-replaced-bus').fill('5')
    await page.getByTestId('nav-vehicles').click()
    await page.getByTestId('leave-stay').click()
    expect(page.url()).toContain('/scenarios')
    await page.getByTestId('nav-vehicles').click()
    await page.getByTestId('leave-discard').click()
    await expect.poll(() => page.url()).toContain('/vehicles')
    expect(admin.complaints).toEqual([])
  })
})
