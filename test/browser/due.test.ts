import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csvOf, PASSWORD, person, vehicleOf, vinOf } from '../harness/client.ts'
import { filled, picturesIn, scrollsSideways, signIn, text, type Visit, visit } from '../harness/page.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** What is due, looked at on 2026-11-23 by those who must act on it. */

let service: TestService
let admin: Visit

const COUNTIES = ['350702', '350703', '350721', '350722', '350781']
const KINDS = [
  ['bus', 'gas', 13, '公交公司'],
  ['cruising-taxi', 'gasoline', 8, '出租公司'],
  ['ride-hailing', 'gasoline', 8, '网约公司'],
  ['truck', 'diesel', 15, '货运公司'],
  ['sanitation', 'diesel', 15, '环卫公司'],
] as const

/** Service lives that end from 2025-07 to 2028-06, one vehicle of each kind a month. */
const FLEET = Array.from({ length: 36 }, (_, month) => {
  const year = 2025 + Math.floor((month + 6) / 12)
  const of = String(((month + 6) % 12) + 1).padStart(2, '0')
  return KINDS.map(([category, energy, years, operator], k) => ({
    ...vehicleOf(month * 5 + k, { category, energy, operator, county: COUNTIES[(month + k) % 5] }),
    ...{ kind: 'stock', registeredOn: `${year - years}-${of}-${String(3 + (month % 20)).padStart(2, '0')}` },
    emission: month % 4 === 0 ? '3' : '4',
  }))
}).flat()
const MORE = [
  { ...vehicleOf(900, { operator: '货运公司', emission: '2' }), kind: 'stock' },
  { ...vehicleOf(901, { operator: '货运公司', emission: '' }), kind: 'stock', registeredOn: '2013-02-02' },
  { ...vehicleOf(902, { operator: '货运公司', emission: '3' }), kind: 'stock', registeredOn: '2009-02-02' },
  { vin: vinOf(902), kind: 'retired', on: '2025-06-01', reason: 'scrapped' },
  // 3 of 4 taxis replaced of late are new-energy
  ...[0, 1, 2, 3].flatMap((n) => [
    {
      ...vehicleOf(910 + n, { category: 'cruising-taxi', energy: 'gasoline', operator: '出租公司' }),
      ...{ kind: 'stock', registeredOn: '2018-01-01' },
    },
    {
      ...vehicleOf(920 + n, {
        category: 'cruising-taxi',
        energy: n === 3 ? 'HEV' : 'BEV',
        operator: '出租公司',
      }),
      ...{ kind: 'replaced', on: '2026-03-01', registeredOn: '2026-03-01', replaces: vinOf(910 + n) },
      ...(n === 3 ? { emission: '6' } : {}),
    },
  ]),
]

beforeAll(async () => {
  service = await startTestService()
  const { counts } = await service.admin.record('fleet.csv', csvOf([...FLEET, ...MORE]))
  expect(counts.error).toBe(0)
  admin = await visit(service)
}, 240_000)
afterAll(async () => {
  await admin?.close()
  await service?.close()
})

const shoot = picturesIn('DUE_SHOTS')

describe('what is due', () => {
  it('says how many, how many are overdue and of how many nobody can tell', async () => {
    await admin.go('/due')
    await expect.poll(() => text(admin, 'due-total')).toMatch(/到期车辆\s*150\s*2027-12-31 前/)
    await expect.poll(() => text(admin, 'due-overdue')).toMatch(/已逾期\s*85\s/)
    await expect.poll(() => text(admin, 'due-undetermined')).toMatch(/注册日期待补充\s*1\s/)
    await admin.page.locator('.chart-bars canvas').waitFor()
    await expect
      .poll(() => admin.page.locator('.chart-bars').getAttribute('aria-label'))
      .toMatch(/已逾期 85 辆/)
    await expect.poll(() => text(admin, 'due-listed')).toBe('共 150 辆')
    await shoot(admin, 'due-zh')
  })

  it('opens the vehicles behind each number', async () => {
    const { page } = admin
    await page.getByTestId('due-overdue').click()
    await expect.poll(() => text(admin, 'due-listed')).toBe('共 85 辆')
    await expect.poll(() => text(admin, 'due-table')).toMatch(/逾期 \d+ 天/)
    const december = page.getByTestId('due-parts').getByRole('row', { name: /^2026-12/ })
    await december.getByRole('link').first().click()
    await expect.poll(() => text(admin, 'due-listed')).toBe('共 5 辆')
    await expect.poll(() => text(admin, 'filter-chips')).toMatch(/2026-12/)
    await expect.poll(() => text(admin, 'due-table')).toMatch(/还有 \d+ 天/)
    await page.getByTestId('clear-filters').click()
    await page.getByTestId('due-by').getByText('按企业').click()
    const trucks = page.getByTestId('due-parts').getByRole('row', { name: /货运公司/ })
    await expect.poll(() => trucks.innerText()).toMatch(/货运公司\s+30\s+17\s+1\s/)
    await trucks.getByRole('link').nth(2).click()
    await expect.poll(() => text(admin, 'due-listed')).toBe('共 1 辆')
    await expect.poll(() => text(admin, 'due-undetermined')).toMatch(/1/)
    await page.getByTestId('clear-filters').click()
    await expect.poll(() => text(admin, 'due-listed')).toBe('共 150 辆')
  })

  it('chooses a month by its bar', async () => {
    const { page } = admin
    await admin.go('/due')
    const chart = page.locator('.chart-bars canvas')
    await chart.waitFor()
    // What comes later may move it.
    await expect.poll(() => text(admin, 'due-listed')).toBe('共 150 辆')
    await page.getByTestId('due-parts').waitFor()
    const box = await chart.boundingBox()
    if (!box) throw new Error('there is no chart')
    // The last bar stands at the right edge.
    await chart.click({ position: { x: box.width - 16, y: box.height - 60 } })
    await expect.poll(() => text(admin, 'filter-chips')).toMatch(/2027-12/)
    await expect.poll(() => text(admin, 'due-listed')).toBe('共 5 辆')
  })
})

describe('the old trucks', () => {
  it('are a work list beside the target, from which a vehicle’s leaving is entered', async () => {
    const { page } = admin
    await admin.go('/due')
    await page.getByTestId('due-views').getByText('老旧货车').click()
    await expect
      .poll(() => text(admin, 'old-standing'))
      .toMatch(/仍在营[\s\S]*已淘汰\s*1\s*目标 400 辆[\s\S]*距目标还差\s*399/)
    await expect.poll(() => text(admin, 'old-undetermined')).toMatch(/排放标准待补充\s*1/)
    await expect.poll(() => text(admin, 'old-listed')).toBe('共 10 辆')
    await shoot(admin, 'old-zh')
    await page.getByTestId('old-table').getByRole('link', { name: '登记退出' }).first().click()
    await page.waitForURL(/\/changes\/new\?kind=retired&plate=/)
  })
})

describe('what the targets come to', () => {
  it('is said of each scenario in plain words, with what the mix rests on', async () => {
    const { page } = admin
    await admin.go('/due?view=scenarios')
    await expect
      .poll(() => text(admin, 'scenario-new-energy'))
      .toMatch(/全部换成新能源车[\s\S]*达标 2 项[\s\S]*未达标 1 项/)
    await expect.poll(() => text(admin, 'outcome-taxi-renewal-new-energy')).toMatch(/98\.4%\s*达标/)
    await expect
      .poll(() => text(admin, 'outcome-taxi-renewal-mix'))
      .toMatch(/未达标\s*还需连续更新 \d+ 辆新能源车/)
    await expect.poll(() => text(admin, 'outcome-bus-renewal-mix')).toMatch(/0\.0%\s*未达标\s*期内已无法达标/)
    await expect
      .poll(() => text(admin, 'outcome-old-diesel-trucks-retired-none'))
      .toMatch(/9\s*未达标\s*还差 391 辆/)
    await expect
      .poll(() => text(admin, 'due-mix'))
      .toMatch(/巡游出租车：近一年（2025-11-24 至 2026-11-23）更新 4 辆，其中新能源 3 辆/)
    await shoot(admin, 'scenarios-zh')
    const table = () => page.getByTestId('scenarios-table').innerText()
    await expect.poll(table).toContain('逐年上升')
    await expect.poll(table).toMatch(/新增营运货车\s*不受到期更新影响/)
  })
})

describe('all of it', () => {
  it('is a company’s own for a company, which enters nothing', async () => {
    const operator = await person(service, { role: 'operator', operator: '货运公司' })
    const own = await visit(service, { signedIn: false })
    await signIn(own, { email: operator.email, password: PASSWORD })
    await own.go('/due')
    await expect.poll(() => text(own, 'due-total')).toMatch(/到期车辆\s*30\s/)
    await expect.poll(() => own.page.getByTestId('filter-operator').count()).toBe(0)
    await expect.poll(() => own.page.getByText('登记退出').count()).toBe(0)
    await own.close()
  })

  it('fits a telephone and reads in English', async () => {
    await service.admin.send('PATCH', '/me', { language: 'en' })
    const phone = await visit(service, { size: 'phone', locale: 'en' })
    for (const [view, id] of [
      ['', 'due-table'],
      ['?view=old-trucks', 'old-table'],
      ['?view=scenarios', 'scenarios-table'],
    ] as const) {
      await phone.go(`/due${view}`)
      await phone.page.getByTestId(id).waitFor()
      expect([view, await scrollsSideways(phone.page)]).toEqual([view, false])
      await expect.poll(() => phone.page.locator('main').innerText()).not.toMatch(/\{\{|due\./)
      await shoot(phone, `phone-en${view.replace('?view=', '-')}`)
    }
    await service.admin.send('PATCH', '/me', { language: 'zh-CN' })
    for (const view of ['', '?view=old-trucks', '?view=scenarios']) {
      await phone.go(`/due${view}`)
      await filled(phone.page)
      await shoot(phone, `phone-zh${view.replace('?view=', '-')}`)
    }
    expect(phone.complaints).toEqual([])
    await phone.close()
    expect(admin.complaints).toEqual([])
  })
})
