import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csvOf, PASSWORD, person, vehicleOf, vinOf } from '../harness/client.ts'
import { exported, picturesIn, scrollsSideways, signIn, text, type Visit, visit } from '../harness/page.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** From a number to its parts, to the very vehicles, and to those that could not be counted: looked at on 2026-11-23. */

let service: TestService
let admin: Visit

/** Taxis replaced in each county: all, and new-energy ones. 106 of 144 in all. */
const TAXIS = [
  ['350702', '延平出租', 12, 9],
  ['350703', '建阳出租', 10, 6],
  ['350721', '顺昌出租', 3, 3],
  ['350722', '浦城出租', 20, 18],
  ['350723', '光泽出租', 15, 9],
  ['350724', '松溪出租', 11, 9],
  ['350725', '政和出租', 30, 24],
  ['350781', '邵武出租', 14, 7],
  ['350782', '武夷山出租', 4, 1],
  ['350783', '建瓯出租', 25, 20],
] as const

/** A row of a list. */
type Row = Record<string, unknown>

let n = 0
const day = (i: number): string =>
  `${2024 + (i % 3)}-${String(1 + ((i * 5) % 10)).padStart(2, '0')}-${String(1 + (i % 28)).padStart(2, '0')}`
const replacements: Row[] = TAXIS.flatMap(([county, operator, all, newEnergy]) =>
  Array.from({ length: all }, (_, i) => {
    const [old, fresh] = [++n, ++n]
    const place = { category: 'cruising-taxi', county, operator }
    const energy = i < newEnergy ? 'BEV' : 'HEV'
    return [
      { ...vehicleOf(old, { ...place, energy: 'gasoline', emission: '4' }), kind: 'stock' },
      {
        ...vehicleOf(fresh, { ...place, energy, emission: energy === 'BEV' ? '' : '6' }),
        ...{ kind: 'replaced', on: day(i), replaces: vinOf(old) },
      },
    ]
  }).flat(),
)

/** Trucks that left: six of 国三, and three of which nobody said the standard, one of them replaced. */
const [SCRAPPED, REPLACED, NEWER] = [5101, 5102, 5103]
const truck = (of: number, emission: string) => ({
  ...vehicleOf(of, { emission, operator: '延平货运公司' }),
  ...{ kind: 'stock', registeredOn: '2010-03-03' },
})
const scrap = (of: number, on: string) => ({ vin: vinOf(of), kind: 'retired', on, reason: 'scrapped' })
const trucks = [
  ...Array.from({ length: 6 }, (_, i) => [truck(5001 + i, '3'), scrap(5001 + i, `2026-0${i + 2}-11`)]).flat(),
  ...[truck(SCRAPPED, ''), scrap(SCRAPPED, '2026-05-05')],
  ...[truck(NEWER, ''), scrap(NEWER, '2026-06-06')],
  truck(REPLACED, ''),
  {
    ...vehicleOf(5202, { energy: 'BEV', operator: '延平货运公司' }),
    ...{ kind: 'replaced', on: '2026-04-04', replaces: vinOf(REPLACED) },
  },
]

beforeAll(async () => {
  service = await startTestService()
  const { counts } = await service.admin.record('fleet.csv', csvOf([...replacements, ...trucks]))
  expect(counts.error).toBe(0)
  admin = await visit(service)
}, 240_000)
afterAll(async () => {
  await admin?.close()
  await service?.close()
})

const shoot = picturesIn('FIGURE_SHOTS')

/** Takes an export of the page, as text. */
async function exportedLines({ page }: Visit): Promise<{ name: string; lines: string[] }> {
  const { name, bytes } = await exported(page, 'csv')
  return { name, lines: bytes.toString('utf8').split(/\r?\n/) }
}

describe('the dashboard', () => {
  it('says in words where a target is heading, and leads on', async () => {
    await admin.go('/')
    await expect.poll(() => text(admin, 'value-taxi-renewal')).toBe('73.6%')
    await expect
      .poll(() => text(admin, 'outlook-taxi-renewal'))
      .toMatch(/^照现在的进度期末.*达标。2027-12-31 预计 7\d\.\d%（\d+\.\d%~\d+\.\d%，按近 365 天推算）$/)
    await expect
      .poll(() => text(admin, 'outlook-old-diesel-trucks-retired'))
      .toMatch(/^照现在的进度完不成。2027-12-31 预计 \d+ 辆（\d+~\d+，按近 365 天推算）$/)
    await expect
      .poll(() => text(admin, 'card-old-diesel-trucks-retired'))
      .toMatch(/要到 2\d\d\d-\d\d 才达到目标，晚于计划期/)
    const { page } = admin
    const links = page.getByTestId('card-taxi-renewal').locator('.rule-links a')
    const hrefs = () => links.evaluateAll((all) => all.map((link) => link.getAttribute('href')))
    // Of those that are due is told once that is known.
    await expect
      .poll(hrefs)
      .toEqual([
        '/breakdown/taxi-renewal',
        '/evidence/taxi-renewal',
        '/due?category=cruising-taxi%2Cride-hailing',
        '/scenarios',
      ])
    await expect
      .poll(() => page.getByTestId('due-old-diesel-trucks-retired').getAttribute('href'))
      .toBe('/due?view=old-trucks')
    await expect.poll(() => page.getByTestId('due-bus-batteries-swapped').count()).toBe(0)
    await shoot(admin, 'dashboard-zh')
  })
})

describe('the breakdown', () => {
  it('ranks by share with the counts beside it, and apart those too small to be', async () => {
    const { page } = admin
    await page.getByTestId('breakdown-taxi-renewal').click()
    await page.waitForURL(/\/breakdown\/taxi-renewal/)
    await expect
      .poll(() => text(admin, 'breakdown-said'))
      .toBe(
        '8 个县（市、区）参加排名，其中 5 个达到 70%，3 个没有达到。另有 2 个因车辆不足 10 辆，不参加排名。',
      )
    const lines = (await page.getByTestId('ranking').locator('li').allInnerTexts()).map((line) =>
      line.split(/\s+/).join(' ').trim(),
    )
    expect(lines).toEqual([
      '1 浦城县 90.0% 18/20',
      '2 松溪县 81.8% 9/11',
      '3 政和县 80.0% 24/30',
      '3 建瓯市 80.0% 20/25',
      '5 延平区 75.0% 9/12',
      '6 光泽县 60.0% 9/15',
      '6 建阳区 60.0% 6/10',
      '8 邵武市 50.0% 7/14',
    ])
    await expect
      .poll(() => text(admin, 'ranking-small'))
      .toMatch(/武夷山市\s+25\.0%\s+1\/4[\s\S]*顺昌县\s+100\.0%\s+3\/3/)
    await expect.poll(() => text(admin, 'breakdown-total')).toMatch(/合计\s+73\.6%\s+106\/144/)
    await page.locator('.breakdown-course canvas').waitFor()
    await shoot(admin, 'breakdown-zh')
  })

  it('opens the very vehicles behind a county’s cell, which can be exported', async () => {
    const { page } = admin
    await page.getByTestId('part-350703').getByRole('link').click()
    await page.waitForURL(/\/evidence\/taxi-renewal\?.*county=350703/)
    await expect.poll(() => text(admin, 'evidence-count')).toMatch(/^由 10 条变动构成/)
    await expect.poll(() => page.getByTestId('evidence-match').getAttribute('data-matches')).toBe('true')
    await expect.poll(() => text(admin, 'evidence-total')).toBe('60.0%')
    const { name, lines } = await exportedLines(admin)
    expect(name).toMatch(/依据明细.*\.csv$/)
    const own = replacements.filter((row) => row.kind === 'replaced' && row.county === '350703')
    for (const row of own) expect(lines.filter((line) => line.includes(`${row.vin},`)).length).toBe(1)
    const other = replacements.find((row) => row.kind === 'replaced' && row.county === '350722')
    expect(lines.some((line) => line.includes(`${other?.vin},`))).toBe(false)
    await page.getByText('返回分解与排名').click()
    await page.getByTestId('part-350703').waitFor()
  })

  it('goes by operator, category, energy and month, each with its changes', async () => {
    const { page } = admin
    const by = (name: string) => page.getByTestId('breakdown-by').getByText(name).click()
    await by('按企业')
    await expect.poll(() => page.getByTestId('ranking').locator('li').first().innerText()).toMatch(/浦城出租/)
    await by('按能源类型')
    await expect.poll(() => text(admin, 'part-BEV')).toMatch(/纯电动\s+106 辆\s+占 73\.6%/)
    await page.getByTestId('part-HEV').getByRole('link').click()
    await expect.poll(() => text(admin, 'evidence-count')).toMatch(/^由 38 条/)
    await expect.poll(() => page.getByTestId('evidence-match').getAttribute('data-matches')).toBe('true')
    await expect.poll(() => text(admin, 'filter-chips')).toContain('非插电混合动力')
    await page.getByText('返回分解与排名').click()
    await by('按月')
    const january = replacements.filter(
      (row) => row.kind === 'replaced' && String(row.on).startsWith('2024-01'),
    )
    const counted = january.filter((row) => row.energy === 'BEV').length
    await expect.poll(() => text(admin, 'part-2024-01')).toContain(`${counted} / ${january.length}`)
    await page.locator('.breakdown-months canvas').waitFor()
    await shoot(admin, 'months-zh')
    await page.getByTestId('part-2024-01').click()
    await expect.poll(() => text(admin, 'evidence-count')).toMatch(new RegExp(`^由 ${january.length} 条`))
    await expect.poll(() => page.getByTestId('evidence-match').getAttribute('data-matches')).toBe('true')
  })

  it('is exported as it is ranked', async () => {
    await admin.go('/breakdown/taxi-renewal?by=county')
    await admin.page.getByTestId('ranking').waitFor()
    const { name, lines } = await exportedLines(admin)
    expect(name).toMatch(/分解与排名.*\.csv$/)
    const at = lines.findIndex((line) => line.startsWith('名次,'))
    expect(lines[at]).toBe('名次,县（市、区）,占比（%）,新能源,全部,待补充,说明')
    expect(lines.slice(at + 1, at + 3)).toEqual(['1,浦城县,90,18,20,0,', '2,松溪县,81.8,9,11,0,'])
    expect(lines.slice(at + 9, at + 11)).toEqual([
      ',顺昌县,100,3,3,0,不足 10 辆，不参加排名',
      ',武夷山市,25,1,4,0,不足 10 辆，不参加排名',
    ])
    expect(lines.some((line) => line.includes('73.6% (106/144)'))).toBe(true)
  })

  it('tells a month as it was then known', async () => {
    const { page } = admin
    await admin.go('/breakdown/old-diesel-trucks-retired')
    const last = page.locator('.breakdown-course table tbody tr')
    await expect.poll(() => last.filter({ hasText: '2026-08' }).innerText()).toMatch(/2026-08\s+6/)
    await page.getByTestId('trend-as').getByText('按当时所知').click()
    // All of it was recorded today.
    await expect.poll(() => last.filter({ hasText: '2026-08' }).innerText()).toMatch(/2026-08\s+0/)
    await expect.poll(() => last.last().innerText()).toMatch(/2026-11\s+6/)
  })
})

describe('vehicles that cannot be counted yet', () => {
  const complete = async (of: number, standard: string) => {
    const { page } = admin
    const line = page.getByTestId(`complete-${vinOf(of)}`)
    await line.getByRole('combobox').click()
    await page
      .locator('.ant-select-dropdown:visible .ant-select-item-option')
      .filter({ hasText: standard })
      .click()
    await line.getByTestId('complete-save').click()
  }
  const figure = async () =>
    (await service.admin.figures())['old-diesel-trucks-retired'] ?? { numerator: -1, undetermined: -1 }

  it('are completed in place, and the figure moves', async () => {
    const { page } = admin
    await admin.go('/')
    await page.getByTestId('undetermined-old-diesel-trucks-retired').click()
    await page.waitForURL(/\/undetermined\/old-diesel-trucks-retired/)
    await expect.poll(() => text(admin, 'standing-figure')).toBe('6 辆')
    await expect.poll(() => text(admin, 'standing-pending')).toBe('3 辆')
    await expect.poll(() => text(admin, 'standing-most')).toBe('9 辆')
    await shoot(admin, 'undetermined-zh')
    // One that was replaced: what is put right is the entry by which it came.
    await complete(REPLACED, '国三')
    await expect.poll(() => text(admin, 'recent')).toMatch(/已补为国三\s*已计入，6 → 7/)
    await expect.poll(() => text(admin, 'standing-figure')).toBe('7 辆')
    await expect.poll(() => page.getByTestId(`complete-${vinOf(REPLACED)}`).count()).toBe(0)
    await complete(NEWER, '国五')
    await expect.poll(() => text(admin, 'recent')).toMatch(/已补为国五\s*不属于本项统计范围/)
    await expect.poll(() => text(admin, 'standing-pending')).toBe('1 辆')
    expect(await figure()).toMatchObject({ numerator: 7, undetermined: 1 })
    await shoot(admin, 'completed-zh')
  })

  it('are to be completed again when that is undone', async () => {
    const { page } = admin
    const line = page.getByTestId('recent').locator('li').filter({ hasText: '国三' })
    await line.getByTestId('complete-undo').click()
    await expect.poll(() => text(admin, 'standing-figure')).toBe('6 辆')
    await page.getByTestId(`complete-${vinOf(REPLACED)}`).waitFor()
    expect(await figure()).toMatchObject({ numerator: 6, undetermined: 2 })
    await complete(REPLACED, '国二')
    await complete(SCRAPPED, '国三')
    await expect.poll(() => text(admin, 'standing-figure')).toBe('8 辆')
    await expect.poll(() => text(admin, 'empty')).toMatch(/没有待补的车辆/)
    expect(await figure()).toMatchObject({ numerator: 8, undetermined: 0 })
  })
})

describe('all of it', () => {
  it('is read by a viewer, who completes nothing', async () => {
    await service.admin.record('more.csv', csvOf([truck(5301, ''), scrap(5301, '2026-07-07')]))
    const reading = await person(service, { role: 'viewer' })
    const viewer = await visit(service, { signedIn: false })
    await signIn(viewer, { email: reading.email, password: PASSWORD })
    await viewer.go('/undetermined/old-diesel-trucks-retired')
    await viewer.page.getByTestId('undetermined-table').waitFor()
    await expect.poll(() => viewer.page.getByTestId('complete-save').count()).toBe(0)
    expect(viewer.complaints).toEqual([])
    await viewer.close()
  })

  it('fits a telephone and reads in English', async () => {
    const phone = await visit(service, { size: 'phone' })
    const pages = [
      ['/', 'outlook-taxi-renewal', 'dashboard'],
      ['/breakdown/taxi-renewal', 'ranking', 'breakdown'],
      ['/breakdown/taxi-renewal?by=month', 'months-list', 'months'],
      ['/undetermined/old-diesel-trucks-retired', 'undetermined-table', 'undetermined'],
    ] as const
    for (const language of ['zh-CN', 'en'] as const) {
      await service.admin.send('PATCH', '/me', { language })
      await phone.page.evaluate((chosen) => localStorage.setItem('language', chosen), language)
      for (const [path, id, name] of pages) {
        await phone.go(path)
        await phone.page.getByTestId(id).waitFor()
        expect([path, await scrollsSideways(phone.page)]).toEqual([path, false])
        const said = await phone.page.locator('main').innerText()
        expect(said).not.toMatch(/\{\{|outlook\.|breakdown\.|completing\.|cardLinks\./)
        await shoot(phone, `phone-${name}-${language}`)
      }
    }
    expect(phone.complaints).toEqual([])
    await phone.close()
    await service.admin.send('PATCH', '/me', { language: 'zh-CN' })
    expect(admin.complaints).toEqual([])
  })
})
