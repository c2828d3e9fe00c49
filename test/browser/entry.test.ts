import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { LedgerClock } from '../../server/changes/ledger-clock.ts'
import type { ChangeView } from '../../server/changes/schema.ts'
import { csvOf, PASSWORD, person, plateOf, vehicleOf, vinOf } from '../harness/client.ts'
import { scrollsSideways, signIn, takeTyped, type Visit, visit } from '../harness/page.ts'
import { startTestService, type TestService } from '../harness/service.ts'

const OPERATOR = '延平公共交通有限公司'
/** A bus in service before the period, as a row of a list. */
const oldBus = (n: number, energy = 'diesel') => ({
  ...vehicleOf(n, { category: 'bus', energy, operator: OPERATOR }),
  ...{ kind: 'stock', on: '2020-03-01' },
})

let service: TestService
let officer: Visit
let page: Page
beforeAll(async () => {
  service = await startTestService()
  const stock = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => oldBus(n))
  await service.admin.record('存量.csv', csvOf([...stock, oldBus(20, 'BEV')]))
  // The first replacement is as the plan wants it, so that the next can break it.
  await service.admin.mustChange({
    ...{ kind: 'replaced', on: '2026-01-10', replaces: [vinOf(9)] },
    vehicle: vehicleOf(90, { category: 'bus', energy: 'BEV', operator: OPERATOR }),
  })
  officer = await visit(service)
  page = officer.page
})
afterAll(async () => {
  await officer?.close()
  await service?.close()
})

/** The field, or other control, that has the cursor. */
const focused = () =>
  page.evaluate(() => document.activeElement?.closest('[data-testid]')?.getAttribute('data-testid') ?? '')
/** Presses Tab until a control has the cursor, if need be once around the page, however much is on it. */
async function tabTo(id: string): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if ((await focused()) === id || (await holds(id))) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never came to ${id}; it is at ${await focused()}`)
}
const holds = (id: string) =>
  page.evaluate((id) => document.querySelector(`[data-testid="${id}"]`)?.contains(document.activeElement), id)
const figures = async () => (await service.admin.figures())['bus-renewal']
const entered = () => page.locator('[data-testid^="entered-"]')
const historyOf = async (n: number) =>
  (await service.admin.get<{ history: ChangeView[] }>(`/vehicles/${vinOf(n)}`)).body.history

/** Types a piece of a plate into the vehicle field and takes the one that is suggested. */
async function pick(n: number, fragment = plateOf(n).slice(1)): Promise<void> {
  await takeTyped(page, fragment, plateOf(n))
  await page.getByTestId(`picked-${vinOf(n)}`).waitFor()
}

/** Opens the choice of a past, in which the cursor is then. */
async function openPast(): Promise<void> {
  await tabTo('past-control')
  await page.keyboard.press('Enter')
  await expect.poll(() => holds('past-form')).toBe(true)
}

/** An instant's minute on the clocks of Shanghai (no summer time), as one types it. */
const inShanghai = (instant: string): string =>
  new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')

/** Opens the form with nothing left of the test before. */
async function freshForm(kind: string): Promise<void> {
  await officer.go('/')
  await page.evaluate(() => sessionStorage.clear())
  await officer.go(`/changes/new?kind=${kind}`)
  await page.getByTestId('entry-save').waitFor()
  await expect.poll(focused).not.toBe('')
}

afterEach(() => expect(officer.complaints.splice(0)).toEqual([]))

describe('by keyboard alone', () => {
  let wrong: ChangeView

  it('a replacement that keeps its plate is warned of the target that it breaks, and recorded with a reason', async () => {
    await officer.go('/changes')
    await page.getByTestId('enter-change').waitFor()
    await page.keyboard.press('n')
    await page.getByTestId('kind-replaced').waitFor()
    await page.keyboard.press('1')
    await expect.poll(() => holds('entry-replaces')).toBe(true)
    await pick(1)
    await expect.poll(() => page.getByTestId(`card-${vinOf(1)}`).innerText()).toContain(OPERATOR)
    await tabTo('entry-keepPlate')
    await page.keyboard.press('Space')
    await expect.poll(() => page.getByTestId('entry-plate').inputValue()).toBe(plateOf(1))
    await tabTo('entry-vin')
    await page.keyboard.type(vinOf(31).toLowerCase())
    await tabTo('entry-energy')
    await takeTyped(page, '天然气')
    const effect = page.getByTestId('effect-bus-renewal')
    await expect.poll(() => effect.innerText()).toMatch(/100\.0%[\s\S]*50\.0%[\s\S]*达到要求[\s\S]*已不达标/)
    await expect.poll(() => page.getByTestId('entry-breach').innerText()).toContain('已不达标')
    // Nothing is recorded without the reason: the cursor goes to where it is asked for.
    await page.keyboard.press('Control+Enter')
    await expect.poll(focused).toBe('entry-breachReason')
    expect((await figures())?.denominator).toBe(1)
    await page.keyboard.type('山区线路暂无充电条件')
    await page.keyboard.press('Control+Enter')
    await entered().first().waitFor()
    await expect.poll(() => entered().first().innerText()).toContain(plateOf(1))
    expect(await figures()).toMatchObject({ numerator: 1, denominator: 2, status: 'breached' })
    const recorded = (await historyOf(31)).at(-1)
    if (!recorded) throw new Error('nothing was recorded')
    wrong = recorded
    expect(wrong).toMatchObject({ kind: 'replaced', breachReason: '山区线路暂无充电条件' })
    expect(wrong.vehicle).toMatchObject({
      plate: plateOf(1),
      energy: 'gas',
      county: '350702',
      category: 'bus',
    })
    expect(wrong.retires.map((old) => old.vin)).toEqual([vinOf(1)])
  })

  it('the form is ready for the next one, with what usually repeats', async () => {
    await expect.poll(() => holds('entry-replaces')).toBe(true)
    await expect.poll(() => page.getByTestId('entry-vin').inputValue()).toBe('')
    await expect.poll(() => page.locator('#entry-operator').inputValue()).toBe(OPERATOR)
    await expect.poll(() => page.getByTestId('entry-energy').innerText()).toContain('天然气')
    await expect.poll(() => page.getByTestId('entry-breach').count()).toBe(0)
  })

  it('the entry is put right from where it was entered, and the figure with it', async () => {
    // Minutes later, as the past is chosen to the minute: everything from now on is stamped behind that instant.
    const minutes = 5 * 60_000
    await new LedgerClock(service.services.connection).settle(
      new Date(Date.parse(wrong.recordedAt) + minutes),
    )
    await tabTo(`undo-${wrong.id}`)
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/changes/${wrong.id}/correct`)
    await expect.poll(() => page.getByTestId('entry-vin').inputValue()).toBe(vinOf(31))
    await page.getByTestId('differences').waitFor()
    await expect.poll(() => page.getByTestId('entry-effects').getAttribute('data-waiting')).toBe('false')
    await expect.poll(() => page.getByTestId('entry-problem').count()).toBe(0)
    await tabTo('entry-energy')
    await takeTyped(page, 'BEV', '纯电动')
    await expect.poll(() => page.getByTestId('differences').innerText()).toMatch(/天然气[\s→]*纯电动/)
    await expect
      .poll(() => page.getByTestId('effect-bus-renewal').innerText())
      .toMatch(/50\.0%[\s\S]*100\.0%[\s\S]*已不达标[\s\S]*达到要求/)
    await page.keyboard.press('Control+Enter')
    await expect.poll(focused).toBe('entry-why')
    await page.keyboard.type('行驶证为纯电动')
    await page.keyboard.press('Control+Enter')
    await page.waitForURL(`**/vehicles/${vinOf(31)}*`)
    expect(await figures()).toMatchObject({ numerator: 2, denominator: 2, status: 'on-track' })
    const [before, after] = await historyOf(31)
    expect(before).toMatchObject({ id: wrong.id, voidReason: '行驶证为纯电动', correctedBy: after?.id })
    // A battery-electric bus breaks nothing, so that no reason stays with it.
    expect(after).toMatchObject({ corrects: wrong.id, voidedAt: null, breachReason: null })
    expect(after?.vehicle).toMatchObject({ energy: 'BEV', plate: plateOf(1) })
    expect(after?.recordedAt).toBe(before?.voidedAt)
    const old = page.getByTestId(`change-${wrong.id}`)
    await expect.poll(() => old.innerText()).toContain('更正为')
    await expect.poll(() => old.innerText()).toContain('山区线路暂无充电条件')
    await expect.poll(() => page.getByTestId(`change-${after?.id}`).innerText()).toContain('更正自')
  })

  it('the past still shows it as it was known then, to be read and not worked on', async () => {
    const entry = page.getByTestId(`change-${wrong.id}`)
    await expect.poll(() => entry.innerText()).toContain('已作废')
    const minute = inShanghai(wrong.recordedAt)
    await openPast()
    await tabTo('past-known-at')
    await page.keyboard.type(minute)
    // The first takes what was typed, the second shows it.
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('.ant-picker-dropdown:visible').count()).toBe(0)
    await page.keyboard.press('Enter')
    await expect
      .poll(() => new URL(page.url()).searchParams.get('knownAt'))
      .toBe(`${minute.replace(' ', 'T')}:59.999+08:00`)
    await expect.poll(focused).toBe('past-control')
    await page.getByTestId('past-form').waitFor({ state: 'detached' })
    await expect.poll(() => page.getByTestId('past-banner').innerText()).toContain(minute)
    await expect.poll(() => page.locator('.facts').first().innerText()).toContain('天然气')
    await expect.poll(() => entry.innerText()).not.toContain('已作废')
    await page.getByTestId(`void-${wrong.id}`).waitFor({ state: 'detached' })
    await page.getByTestId('enter-change').waitFor({ state: 'detached' })
    await tabTo('nav-dashboard')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByTestId('value-bus-renewal').innerText()).toBe('50.0%')
    // Looked at and left as it is; then back to the present.
    await openPast()
    await page.keyboard.press('Escape')
    await expect.poll(focused).toBe('past-control')
    await page.getByTestId('past-form').waitFor({ state: 'detached' })
    await tabTo('past-leave')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByTestId('value-bus-renewal').innerText()).toBe('100.0%')
    expect(new URL(page.url()).search).toBe('')
  })
})

describe('the form', () => {
  it('says what is wrong with a field once it is left, in words that say what to do', async () => {
    await freshForm('added')
    await page.keyboard.type('闽H1234I')
    await expect.poll(() => page.getByTestId('fault-plate-plate.invalid').count()).toBe(0)
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByTestId('fault-plate-plate.invalid').innerText()).toContain('闽H1234I')
    await page.keyboard.type('LGXC16AB')
    await page.keyboard.press('Tab')
    await expect.poll(() => page.getByTestId('fault-vin-vin.invalid').innerText()).toContain('现为 8 位')
    await page.getByTestId('entry-vin').fill(vinOf(1))
    await page.getByTestId('fault-vin-vehicle.already-registered').waitFor()
    await page.getByTestId('entry-on').fill('2026年13月1日')
    await page.keyboard.press('Tab')
    await page.getByTestId('fault-on-date.invalid').waitFor()
    await page.getByTestId('entry-on').fill('11.2')
    await page.keyboard.press('Tab')
    await expect.poll(() => page.getByTestId('entry-on').inputValue()).toBe('2026-11-02')
    await page.keyboard.press('Control+Enter')
    await page.getByTestId('fault-category-required.missing').waitFor()
    await expect.poll(focused).toBe('entry-plate')
  })

  it('survives a reload, and asks before it is left', async () => {
    await freshForm('added')
    await page.keyboard.type(plateOf(41))
    await page.getByTestId('entry-note').fill('待补车架号')
    await page.reload()
    await expect.poll(() => page.getByTestId('entry-plate').inputValue()).toBe(plateOf(41))
    await expect.poll(() => page.getByTestId('entry-note').inputValue()).toBe('待补车架号')
    await page.getByTestId('nav-vehicles').click()
    await page.getByTestId('leave-stay').click()
    expect(new URL(page.url()).pathname).toBe('/changes/new')
    await page.getByTestId('nav-vehicles').click()
    await page.getByTestId('leave-keep').click()
    await page.getByTestId('vehicles-table').waitFor()
    await page.goBack()
    await expect.poll(() => page.getByTestId('entry-plate').inputValue()).toBe(plateOf(41))
    await page.getByTestId('nav-vehicles').click()
    await page.getByTestId('leave-discard').click()
    await page.getByTestId('vehicles-table').waitFor()
    await page.goBack()
    await expect.poll(() => page.getByTestId('entry-plate').inputValue()).toBe('')
  })

  it('takes several in a row; one that was a mistake is taken back and is in the form again', async () => {
    await freshForm('retired')
    for (const n of [2, 3]) {
      await pick(n)
      await tabTo('entry-reason')
      if (n === 2) await takeTyped(page, '报废')
      await tabTo('entry-certificate')
      await page.keyboard.type(`RC-${n}`)
      await expect.poll(() => page.getByTestId('entry-effects').getAttribute('data-waiting')).toBe('false')
      await page.keyboard.press('Control+Enter')
      await expect.poll(() => entered().count()).toBe(n - 1)
      await expect.poll(() => page.getByTestId('entry-certificate').inputValue()).toBe('')
      await expect.poll(() => holds('entry-subject')).toBe(true)
    }
    expect((await historyOf(3)).at(-1)).toMatchObject({
      kind: 'retired',
      reason: 'scrapped',
      certificate: 'RC-3',
    })
    await page.locator('[data-testid^="undo-"]').first().click()
    await expect.poll(() => page.getByTestId('entry-certificate').inputValue()).toBe('RC-3')
    await expect.poll(() => entered().first().innerText()).toContain('已撤回')
    expect((await historyOf(3)).at(-1)).toMatchObject({ voidReason: '录入有误' })
    expect((await service.admin.get(`/vehicles/${vinOf(3)}`)).body.status).toBe('active')
  })

  it('is filled in with the vehicle that it was opened from, and takes a swap with its packs and documents', async () => {
    await page.evaluate(() => sessionStorage.clear())
    await officer.go(`/vehicles/${vinOf(20)}`)
    await page.evaluate(() => sessionStorage.clear())
    await page.getByTestId('enter-change').click()
    await page.getByTestId('kind-battery-swap').click()
    await page.getByTestId(`card-${vinOf(20)}`).waitFor()
    await page.getByTestId('entry-packs').fill('两块')
    await page.keyboard.press('Tab')
    await page.getByTestId('fault-packs-packs.invalid').waitFor()
    await page.getByTestId('entry-packs').fill('2')
    const codes = ['04QPE6EA0A1A2B3C4D500001', '04QPE6EA0A1A2B3C4D500002']
    await page.getByTestId('entry-installed').fill('04QPE6EA0A1A')
    await page.keyboard.press('Tab')
    await page.getByTestId('fault-installed-battery.code-invalid').waitFor()
    await page.getByTestId('entry-installed').fill(codes.join('\n').toLowerCase())
    await page.getByTestId('attachment-input').setInputFiles({
      name: '发票.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.7\n%%EOF\n'),
    })
    await expect.poll(() => page.getByTestId('attachment').count()).toBe(1)
    await page.getByTestId('attachment-input').setInputFiles({
      name: '假.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('MZ not a document'),
    })
    await page.locator('.files .problem-error').waitFor()
    // The browser logs the refusal (415) as an error of its own.
    expect(officer.complaints.splice(0).join()).toMatch(/415/)
    // Nothing is saved as if the document were with it.
    await page.getByTestId('entry-save').click()
    await expect.poll(focused).toBe('retry-attachment')
    expect(await historyOf(20)).toHaveLength(1)
    await page.getByRole('button', { name: '去掉附件 假.pdf' }).click()
    await page.getByTestId('entry-save').click()
    await entered().first().waitFor()
    const swap = (await historyOf(20)).at(-1)
    expect(swap).toMatchObject({ kind: 'battery-swap', packs: 2 })
    expect(swap?.batteries?.installed).toEqual(codes)
    expect(swap?.attachments.map((a) => a.filename)).toEqual(['发票.pdf'])
  })

  it('begins anew without the documents that were not sent, and stops those on their way', async () => {
    await freshForm('added')
    await page.getByTestId('entry-note').fill('上一辆')
    await page.reload()
    await page.getByTestId('entry-clear').waitFor()
    const document = (name: string, text: string) => ({
      ...{ name, mimeType: 'application/pdf', buffer: Buffer.from(text) },
    })
    const input = page.getByTestId('attachment-input')
    await input.setInputFiles(document('假.pdf', 'MZ not a document'))
    await page.getByTestId('retry-attachment').waitFor()
    expect(officer.complaints.splice(0).join()).toMatch(/415/)
    // The service is not heard of until the form has been begun anew.
    let answer = () => {}
    await page.route('**/api/v1/attachments', async (route) => {
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      await route.continue().catch(() => undefined)
    })
    const stopped = page.waitForEvent('requestfailed', (one) => one.url().endsWith('/attachments'))
    await input.setInputFiles(document('发票.pdf', '%PDF-1.7\n%%EOF\n'))
    await page.locator('.files-progress').waitFor()
    await page.getByTestId('entry-clear').click()
    await stopped
    answer()
    await page.unroute('**/api/v1/attachments')
    await expect.poll(() => page.getByTestId('entry-note').inputValue()).toBe('')
    await expect.poll(() => page.locator('.files li').count()).toBe(0)
  })
})

describe('a life', () => {
  it('shows the documents and packs of an entry, and takes a document later', async () => {
    await officer.go(`/vehicles/${vinOf(20)}`)
    const swap = (await historyOf(20)).at(-1)
    const entry = page.getByTestId(`change-${swap?.id}`)
    await expect.poll(() => entry.innerText()).toContain('04QPE6EA0A1A2B3C4D500002')
    const [opened] = await Promise.all([
      page.context().waitForEvent('page'),
      entry.getByTestId('entry-file').click(),
    ])
    await expect.poll(() => opened.url()).toContain(`/changes/${swap?.id}/attachments/`)
    await opened.close()
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    )
    await page
      .getByTestId(`attach-input-${swap?.id}`)
      .setInputFiles({ name: '照片.png', mimeType: 'image/png', buffer: png })
    await expect.poll(() => entry.getByTestId('entry-file').count()).toBe(2)
  })

  it('shows what voiding an entry would do before it is done, and names what stands in the way', async () => {
    const replaced = await service.admin.mustChange({
      ...{ kind: 'replaced', on: '2026-02-01', replaces: [vinOf(4)] },
      vehicle: vehicleOf(50, { category: 'bus', energy: 'BEV', operator: OPERATOR }),
    })
    const later = await service.admin.mustChange({
      ...{ kind: 'battery-swap', on: '2026-03-01', packs: 1, vehicle: { vin: vinOf(50) } },
    })
    await officer.go(`/vehicles/${vinOf(50)}`)
    await page.getByTestId(`void-${replaced.id}`).click()
    await page.getByTestId('void-refused').waitFor()
    await expect.poll(() => page.getByTestId('dependents').innerText()).toContain('更换动力电池')
    await expect.poll(() => page.getByTestId('reason-ok').isDisabled()).toBe(true)
    await page.keyboard.press('Escape')
    await page.getByTestId(`void-${later.id}`).click()
    await page.getByTestId('effect-bus-batteries-swapped').waitFor()
    expect((await historyOf(50)).at(-1)?.voidedAt).toBeNull()
    await page.getByTestId('reason').fill('录错车辆')
    await page.getByTestId('reason-ok').click()
    await expect.poll(() => page.getByTestId(`change-${later.id}`).innerText()).toContain('录错车辆')
  })

  it('names what rests on an entry that is to become that of another vehicle', async () => {
    const added = await service.admin.mustChange({
      ...{ kind: 'added', on: '2026-04-01' },
      vehicle: vehicleOf(60, { category: 'truck', energy: 'BEV' }),
    })
    await service.admin.mustChange({
      ...{ kind: 'retired', on: '2026-05-01', reason: 'deregistered', vehicle: { vin: vinOf(60) } },
    })
    await officer.go(`/changes/${added.id}/correct`)
    await page.getByTestId('entry-vin').fill(vinOf(61))
    await page.getByTestId('entry-problem').waitFor()
    const resting = page.getByTestId('dependents').getByRole('link')
    await expect.poll(() => resting.innerText()).toContain('淘汰')
    await expect.poll(() => resting.getAttribute('href')).toContain(`/vehicles/${vinOf(60)}#change-`)
    await page.getByTestId('entry-why').fill('车架号录错')
    await page.getByTestId('entry-save').click()
    await page.getByTestId('entry-problem').waitFor()
    expect((await historyOf(60)).map((c) => c.voidedAt)).toEqual([null, null])
    await page.getByTestId('nav-changes').click()
    await page.getByTestId('leave-discard').click()
    await page.getByTestId('changes-table').waitFor()
  })

  it('offers a county its own vehicles only', async () => {
    const { email } = await person(service, { role: 'county-officer', county: '350703' })
    const clerk = await visit(service, { signedIn: false })
    await signIn(clerk, { email, password: PASSWORD })
    await clerk.go('/changes/new?kind=added')
    await expect.poll(() => clerk.page.getByTestId('entry-county').innerText()).toContain('建阳区')
    await clerk.page.locator('#entry-county').click()
    const offered = clerk.page.locator('.ant-select-item-option')
    await offered.first().waitFor()
    await expect.poll(() => offered.allInnerTexts()).toEqual(['建阳区'])
    expect(clerk.complaints).toEqual([])
    await clerk.close()
  })

  it('offers nothing to those who may only read', async () => {
    const { email } = await person(service, { role: 'viewer' })
    const reader = await visit(service, { signedIn: false })
    await signIn(reader, { email, password: PASSWORD })
    await reader.go(`/vehicles/${vinOf(31)}`)
    await reader.page.locator('.life').waitFor()
    await expect
      .poll(() => reader.page.locator('[data-testid^="void-"], [data-testid="enter-change"]').count())
      .toBe(0)
    await reader.page.keyboard.press('n')
    expect(new URL(reader.page.url()).pathname).toBe(`/vehicles/${vinOf(31)}`)
    await reader.go('/changes/new?kind=added')
    await reader.page.getByTestId('error-panel').waitFor()
    expect(reader.complaints).toEqual([])
    await reader.close()
  })
})

describe('on a telephone', () => {
  it.each(['zh-CN', 'en'])('in %s every kind fits, and a correction', async (language) => {
    await service.admin.send('PATCH', '/me', { language })
    const phone = await visit(service, { locale: language, size: 'phone' })
    const entry = (await historyOf(50))[0]
    const paths = ['replaced', 'added', 'retired', 'battery-swap', 'transferred', 'stock'].map(
      (kind) => `/changes/new?kind=${kind}`,
    )
    for (const path of [...paths, `/changes/${entry?.id}/correct`]) {
      await phone.go(path)
      await phone.page.getByTestId('entry-save').waitFor()
      expect({ path, sideways: await scrollsSideways(phone.page) }).toEqual({ path, sideways: false })
      const chinese = /\p{Script=Han}/u.test(await phone.page.locator('h1').innerText())
      expect({ path, chinese }).toEqual({ path, chinese: language === 'zh-CN' })
    }
    expect(phone.complaints).toEqual([])
    await phone.close()
    await service.admin.send('PATCH', '/me', { language: 'zh-CN' })
  })
})
