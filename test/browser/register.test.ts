import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as XLSX from '@e965/xlsx'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Vehicle } from '../../server/vehicles/schema.ts'
import { PASSWORD, person, plateOf, type Recorded, vehicleOf, vinOf } from '../harness/client.ts'
import { choose, exported, scrollsSideways, signIn, type Visit, visit } from '../harness/page.ts'
import { startTestService, type TestService } from '../harness/service.ts'

const SAMPLES = fileURLToPath(new URL('../fixtures/samples/', import.meta.url))
const { upload } = JSON.parse(readFileSync(`${SAMPLES}expected.json`, 'utf8')) as { upload: string[] }
const OPERATOR = '延平公共交通有限公司'
const bus = (n: number, facts: Record<string, unknown> = {}) =>
  vehicleOf(n, { category: 'bus', operator: OPERATOR, ...facts })

let service: TestService
let officer: Visit
let page: Page
/** a gas bus for a diesel one, which was withdrawn afterwards */
let mistaken: Recorded
beforeAll(async () => {
  service = await startTestService()
  for (const name of upload) await service.admin.sendAndApprove(SAMPLES + name)
  for (const n of [1, 2, 3])
    await service.admin.mustChange({ kind: 'stock', on: '2020-03-01', vehicle: bus(n) })
  mistaken = await service.admin.mustChange({
    ...{ kind: 'replaced', on: '2026-11-10', replaces: [vinOf(1)], breachReason: '特殊线路' },
    vehicle: bus(4, { energy: 'gas' }),
  })
  const voided = await service.admin.post(`/changes/${mistaken.id}/void`, { reason: '能源录错' })
  if (voided.status !== 200) throw new Error(JSON.stringify(voided.body))
  officer = await visit(service)
  page = officer.page
})
afterAll(async () => {
  await officer?.close()
  await service?.close()
})
afterEach(() => {
  expect(officer.complaints.splice(0)).toEqual([])
})

const parameters = () => Object.fromEntries(new URL(page.url()).searchParams)
const total = async (query: string) =>
  (await service.admin.get<{ total: number }>(`/vehicles/count?${query}`)).body.total
const shownTotal = async () => (await page.getByTestId('vehicles-total').innerText()).replace(/\D/g, '')
const chips = () => page.locator('[data-testid^="chip-"]').allInnerTexts()

/** Chooses an option of a drop-down by its words, and closes it. */
async function chooseOne(testId: string, words: string): Promise<void> {
  await choose(page, testId, words)
  await page.keyboard.press('Escape')
}

describe('the vehicles page', () => {
  it('keeps its filters in the address: they survive a reload and going back', async () => {
    await officer.go('/vehicles')
    await chooseOne('filter-category', '城市公交')
    await chooseOne('filter-energy', '柴油')
    await page.getByTestId('filter-ageFrom').fill('5')
    await page.getByTestId('filter-ageFrom').press('Enter')
    await expect.poll(parameters).toEqual({ category: 'bus', energy: 'diesel', ageFrom: '5' })
    const both = await total('category=bus&energy=diesel&ageFrom=5')
    expect(both).toBeGreaterThan(0)
    await expect.poll(shownTotal).toBe(String(both))

    await page.reload()
    await expect.poll(shownTotal).toBe(String(both))
    await expect.poll(() => chips()).toEqual(['车辆类别：城市公交', '能源类型：柴油', '车龄：满 5 年以上'])

    await page.getByTestId('chip-energy-diesel').click()
    await expect.poll(parameters).toEqual({ category: 'bus', ageFrom: '5' })
    await expect.poll(shownTotal).toBe(String(await total('category=bus&ageFrom=5')))
    await page.goBack()
    await expect.poll(shownTotal).toBe(String(both))
    await expect.poll(() => chips()).toContain('能源类型：柴油')

    await page.getByTestId('clear-filters').click()
    await expect.poll(parameters).toEqual({})
    await expect.poll(shownTotal).toBe(String(await total('')))
  })

  it('is searched and walked by keyboard alone, and shows the same when one comes back', async () => {
    await officer.go('/vehicles')
    await page.getByTestId('vehicles-table').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type(plateOf(2).slice(1))
    // Before the answer is there: the first row of what was typed is gone to, not of what was there before.
    await page.keyboard.press('ArrowDown')
    await page.locator(`a[href="/vehicles/${vinOf(2)}"]:focus`).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(new RegExp(`/vehicles/${vinOf(2)}`))
    await page.goBack()
    await expect.poll(parameters).toEqual({ q: plateOf(2).slice(1) })
    await expect.poll(() => page.getByTestId('vehicle-search').inputValue()).toBe(plateOf(2).slice(1))
    await expect.poll(shownTotal).toBe('1')
  })

  it('leaves in the search what is being typed while it asks for what has been', async () => {
    await officer.go('/vehicles')
    const search = page.getByTestId('vehicle-search')
    const words = plateOf(2).slice(1)
    await search.pressSequentially(`${words} `)
    await expect.poll(parameters).toEqual({ q: words })
    await expect.poll(shownTotal).toBe('1')
    await search.pressSequentially('x')
    await expect.poll(() => search.inputValue()).toBe(`${words} x`)
    await expect.poll(parameters).toEqual({ q: `${words} x` })
    // What is not typed here is shown here all the same.
    await page.getByTestId('chip-q').click()
    await expect.poll(() => search.inputValue()).toBe('')
  })

  it('says when nothing fits, and offers to clear the filters', async () => {
    await officer.go('/vehicles?q=ZZZZZZ')
    await page.getByTestId('empty').getByRole('button').click()
    await expect.poll(parameters).toEqual({})
  })

  it('exports all that its filters let through, with the filters named inside', async () => {
    const query = 'category=bus&status=active'
    const vins = (await service.admin.all<Vehicle>(`/vehicles?${query}`)).map((v) => v.vin).sort()
    expect(vins.length).toBeGreaterThan(50)
    await officer.go(`/vehicles?${query}`)
    // It is said for a moment only.
    const said = page.getByText('已导出').first().waitFor()
    const book = await exported(page, 'xlsx')
    await said
    expect(book.name).toMatch(/^[^/]*2026-?11-?23[^/]*\.xlsx$/)
    const sheets = XLSX.read(book.bytes).Sheets
    const cells = Object.values(sheets).flatMap((sheet) =>
      XLSX.utils.sheet_to_json<unknown[]>(sheet, { header: 1 }).flat().map(String),
    )
    expect(cells.filter((cell) => vins.includes(cell)).sort()).toEqual(vins)
    expect(cells.join('\n')).toContain('城市公交')
    const text = (await exported(page, 'csv')).bytes.toString('utf8')
    expect(text.startsWith('\ufeff')).toBe(true)
    expect(vins.filter((vin) => !text.includes(vin))).toEqual([])
  })

  it('says in words why nothing was exported, and saves nothing', async () => {
    await officer.go('/vehicles')
    await page.getByTestId('export').click()
    await officer.context.setOffline(true)
    await page.getByTestId('export-csv').click()
    await page.getByText('没有导出：连不上服务器').first().waitFor()
    await officer.context.setOffline(false)
    await page.getByTestId('export').waitFor()
    // What the browser itself logs of the broken line.
    officer.complaints.splice(0)
  })

  it('fits a telephone, with its filters folded away', async () => {
    const phone = await visit(service, { size: 'phone' })
    await phone.go('/vehicles?category=bus')
    await phone.page.getByTestId('vehicles-table').waitFor()
    await expect.poll(() => phone.page.getByTestId('filter-energy').count()).toBe(0)
    await phone.page.getByTestId('filter-toggle').click()
    await phone.page.getByTestId('filter-energy').waitFor()
    await expect.poll(() => scrollsSideways(phone.page)).toBe(false)
    expect(phone.complaints).toEqual([])
    await phone.close()
  })
})

describe('the search in the frame', () => {
  it('suggests as one types, and opens by arrow and Enter', async () => {
    await officer.go('/assessments')
    await page.locator('h1').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type(vinOf(3).slice(-6).toLowerCase())
    await page.getByTestId(`suggestion-${vinOf(3)}`).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL(new RegExp(`/vehicles/${vinOf(3)}$`))
  })

  it('leads to the list of all that have the text by Enter alone', async () => {
    await officer.go('/assessments')
    await page.locator('h1').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('H0000')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/vehicles\?q=H0000$/)
    await page.getByTestId('vehicles-table').waitFor()
  })
})

describe('the past', () => {
  const banner = () => page.getByTestId('past-banner')

  it('is chosen in the head, marked, right, and carried along from page to page', async () => {
    await officer.go('/')
    await page.getByTestId('past-control').click()
    await page.getByTestId('past-preset-year').click()
    await expect.poll(parameters).toEqual({ asOf: '2025-12-31' })
    await expect.poll(() => banner().innerText()).toContain('截至 2025-12-31')
    const then = (await service.admin.figures('?asOf=2025-12-31'))['taxi-renewal']
    const value = page.getByTestId('value-taxi-renewal')
    await expect.poll(() => value.innerText()).toBe(`${then?.value?.toFixed(1)}%`)

    await value.click()
    await page.waitForURL(/\/evidence\/taxi-renewal\?asOf=2025-12-31/)
    await expect.poll(() => page.getByTestId('evidence-match').getAttribute('data-matches')).toBe('true')
    await banner().waitFor()
    const evidence = (await exported(page, 'csv')).bytes.toString('utf8')
    expect(evidence).toContain('2025-12-31')

    await page.getByTestId('nav-vehicles').click()
    await page.waitForURL(/\/vehicles\?asOf=2025-12-31/)
    await expect.poll(shownTotal).toBe(String(await total('asOf=2025-12-31')))
    await expect.poll(() => page.getByTestId('enter-change').count()).toBe(0)
    await page.locator('a[data-row-link]').first().click()
    await page.waitForURL(/\/vehicles\/\w{17}\?asOf=2025-12-31/)
    await banner().waitFor()
    await page.getByTestId('nav-changes').click()
    await page.waitForURL(/\/changes\?asOf=2025-12-31/)
    await page.getByTestId('changes-table').waitFor()
    const days = () => page.getByTestId('changes-table').innerText()
    await expect.poll(days).toMatch(/2025-/)
    await expect.poll(days).not.toMatch(/2026-\d\d-\d\d\s*闽/)

    await page.getByTestId('past-leave').click()
    await expect.poll(parameters).toEqual({})
    await expect.poll(() => banner().count()).toBe(0)
    await page.getByTestId('enter-change').waitFor()
  })

  it('shows an entry as it was known before it was withdrawn, and offers to withdraw nothing', async () => {
    const { recordedAt } = mistaken
    const figure = async (query: string) => (await service.admin.figures(query))['bus-renewal']
    const before = await figure(`?knownAt=${recordedAt}`)
    expect([before?.status, (await figure(''))?.status]).toEqual(['breached', 'on-track'])
    await officer.go(`/?knownAt=${recordedAt}`)
    await expect
      .poll(() => page.getByTestId('value-bus-renewal').innerText())
      .toBe(`${before?.value?.toFixed(1)}%`)

    await officer.go(`/vehicles/${vinOf(4)}?knownAt=${recordedAt}`)
    const entry = page.getByTestId(`change-${mistaken.id}`)
    await entry.waitFor()
    await expect.poll(() => entry.innerText()).not.toContain('已作废')
    await expect.poll(() => page.getByTestId(`void-${mistaken.id}`).count()).toBe(0)
    await expect.poll(() => page.getByTestId('chain').innerText()).toContain(plateOf(1))
    // The bus that it had replaced was out of service then, and is in service now.
    await page
      .getByTestId(`chain-${vinOf(1)}`)
      .getByRole('link')
      .click()
    await page.waitForURL(/knownAt=/)
    await expect.poll(() => page.getByTestId('vehicle-status').innerText()).not.toBe('在营')
    await page.getByTestId('past-leave').click()
    await expect.poll(() => page.getByTestId('vehicle-status').innerText()).toBe('在营')
  })

  it('takes an instant that is typed, in the time of Shanghai', async () => {
    await officer.go('/vehicles')
    await page.getByTestId('past-control').click()
    // Once it is open for good it takes the focus, and an unfinished text would be dropped.
    const isOpen = () =>
      page.getByTestId('past-form').evaluate((form) => form.contains(document.activeElement))
    await expect.poll(isOpen).toBe(true)
    await page.getByTestId('past-known-at').fill('2026-11-23 09:59')
    await page.getByTestId('past-known-at').press('Enter')
    await page.getByTestId('past-show').click()
    await expect.poll(parameters).toEqual({ knownAt: '2026-11-23T09:59:59.999+08:00' })
    // The service, and with it everything on its ledger, began at ten.
    await expect.poll(() => page.getByTestId('empty').innerText()).toContain('当时台账里还没有车辆')
    await page.getByTestId('empty').getByRole('button').click()
    await page.getByTestId('vehicles-table').waitFor()
  })

  it('says why there is nothing behind a number: filters, or a past in which there was nothing yet', async () => {
    const empty = page.getByTestId('empty')
    const knownAt = '2026-11-23T09:59:59.999+08:00'
    await officer.go(`/evidence/bus-renewal?undetermined=true&knownAt=${encodeURIComponent(knownAt)}`)
    await expect.poll(() => empty.innerText()).toContain('没有符合条件的内容')
    await empty.getByRole('button').click()
    await expect.poll(parameters).toEqual({ knownAt })
    await expect.poll(() => empty.innerText()).toContain('当时还没有构成这个数字的变动')
    await empty.getByRole('button').click()
    await page.getByTestId('evidence-table').waitFor()
    expect(parameters()).toEqual({})
  })

  it('says what is wrong with an address that names no instant, and leads back to the present', async () => {
    await officer.go(`/vehicles/${vinOf(2)}?knownAt=yesterday`)
    await page.getByTestId('error-panel').waitFor()
    await expect.poll(() => banner().innerText()).toContain('yesterday')
    // What the browser itself logs of the refusal.
    expect(officer.complaints.splice(0).join()).toMatch(/400/)
    await page.getByTestId('past-control').click()
    await page.getByTestId('past-form').waitFor()
    await page.getByTestId('past-leave').click()
    await expect.poll(() => page.locator('h1').innerText()).toContain(plateOf(2))
    await officer.go(`/vehicles/${vinOf(2)}#change-\\`)
    await page.waitForURL(/#/)
    await page.locator('.life').waitFor()
  })

  it('says of a vehicle that was not there yet that it was not', async () => {
    await officer.go(`/vehicles/${vinOf(2)}?asOf=2019-12-31`)
    await page.getByTestId('not-then').waitFor()
    await page.getByTestId('past-leave').click()
    await expect.poll(() => page.locator('h1').innerText()).toContain(plateOf(2))
  })
})

describe('a vehicle that has left a county', () => {
  it('is shown to that county as it was, with what became of it left out and said so', async () => {
    await service.admin.mustChange({ kind: 'stock', on: '2020-03-01', vehicle: bus(10) })
    await service.admin.mustChange({
      ...{ kind: 'transferred', on: '2025-05-20' },
      vehicle: { vin: vinOf(10), county: '350781' },
    })
    const { email } = await person(service, { role: 'county-officer', county: '350702' })
    const county = await visit(service, { signedIn: false })
    await signIn(county, { email, password: PASSWORD })
    await county.go(`/vehicles/${vinOf(10)}`)
    await county.page.getByTestId('moved-on').waitFor()
    await expect.poll(() => county.page.getByTestId('moved-on').innerText()).toContain('2025-05-20')
    await expect.poll(() => county.page.locator('main').innerText()).not.toContain('邵武')
    expect(county.complaints).toEqual([])
    await county.close()
  })
})

describe('the vehicle picker', () => {
  const picked = (vin: string) => page.getByTestId(`picked-${vin}`)

  it('chooses by keyboard, takes a pasted column, keeps what it does not know as typed', async () => {
    await officer.go('/changes/new?kind=replaced')
    const field = page.getByRole('combobox', { name: '被更新的旧车' })
    await field.focus()
    await page.keyboard.type(plateOf(1).slice(2))
    await page.getByTestId(`suggestion-${vinOf(1)}`).waitFor()
    await page.keyboard.press('Enter')
    await picked(vinOf(1)).waitFor()
    await expect.poll(() => picked(vinOf(1)).innerText()).toContain(plateOf(1))

    await field.evaluate(
      (input, text) => {
        const clipboardData = new DataTransfer()
        clipboardData.setData('text', text)
        input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
      },
      `${plateOf(2)}\n${plateOf(3)}`,
    )
    await picked(vinOf(2)).waitFor()
    await picked(vinOf(3)).waitFor()

    await page.keyboard.type('闽H99999')
    await page.getByTestId('suggestion-as-typed').waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(() => picked('闽H99999').innerText()).toContain('台账中没有')
    // The field leaves alone a Backspace that comes within a moment of what was typed before.
    const remove = async () => {
      await page.keyboard.press('Backspace')
      return picked('闽H99999').count()
    }
    await expect.poll(remove, { interval: 500 }).toBe(0)
    await picked(vinOf(3)).waitFor()
    // What is entered is no longer needed; the page asks before it is left.
    page.once('dialog', (dialog) => void dialog.accept())
    await page.evaluate(() => sessionStorage.clear())
  })
})
