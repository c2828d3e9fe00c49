import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { vinOf } from '../harness/client.ts'
import { choose, signIn, type Visit, visit } from '../harness/page.ts'
import { startTestService, type TestService } from '../harness/service.ts'

const OPERATOR = '延平公共交通有限公司'
const PASSWORD = '一个足够长的口令 2026'
const CLERK = { email: 'clerk@example.com', password: PASSWORD }
const OFFICER = { email: 'officer@example.com', password: PASSWORD }

const HEADER =
  '车牌号,车架号,车辆类别,燃料种类,排放标准,注册日期,县(市、区),变动类型,变动日期,被更新车牌号,淘汰方式'
const FAULTY_VIN = vinOf(4).slice(0, 16)
/** Two old buses, and two new ones in their place: one of an energy that is asked about, one with a VIN too short. */
const LIST = [
  HEADER,
  `闽H10001,${vinOf(1)},公交车,柴油,国四,2018-03-01,延平区,存量,2018-03-01,,`,
  `闽H10002,${vinOf(2)},公交车,柴油,国四,2018-03-01,延平区,存量,2018-03-01,,`,
  `闽H20001F,${vinOf(3)},公交车,油电,国六,2026-11-03,延平区,更新,2026-11-05,闽H10001,`,
  `闽H20002D,${FAULTY_VIN},公交车,纯电动,,2026-11-03,延平区,更新,2026-11-05,闽H10002,`,
  '合计,4辆,,,,,,,,,',
].join('\n')
/** A bus that went into service before it was registered, which only a document can explain. */
const LATER = [HEADER, `闽H20003D,${vinOf(5)},公交车,纯电动,,2026-11-12,延平区,新增,2026-11-10,,`].join('\n')

let service: TestService
let clerk: Visit
let officer: Visit

beforeAll(async () => {
  service = await startTestService()
})
afterAll(async () => {
  await clerk?.close()
  await officer?.close()
  await service?.close()
})

/** Sends a list by the page, and waits for its preview. @returns its address */
async function send({ page, go }: Visit, name: string, text: string): Promise<string> {
  await go('/uploads/send')
  await page
    .getByTestId('upload-input')
    .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
  await page.getByTestId('chip-all').waitFor()
  return new URL(page.url()).pathname
}

/** Puts a text into a cell by keyboard, and goes on to the next. */
async function mendCell(page: Page, testId: string, text: string): Promise<void> {
  await page.getByTestId(testId).click()
  await page.keyboard.press('F2')
  await page.getByTestId('cell-editor').fill(text)
  await page.keyboard.press('Tab')
}

describe('from an operator to an officer, in Chinese', () => {
  it('an administrator registers an operator and gives it and an officer accounts', async () => {
    const admin = await visit(service)
    const { page, go } = admin
    await go('/operators')
    await page.getByTestId('add-operator').first().click()
    await page.getByTestId('operator-name').fill(OPERATOR)
    await choose(page, 'operator-county', '延平区')
    await page.getByTestId('operator-save').click()
    await page.getByTestId(`operator-${OPERATOR}`).waitFor()
    const accounts = [
      { ...CLERK, name: '李会计', role: '企业用户' },
      { ...OFFICER, name: '黄主任', role: '市级经办人' },
    ]
    for (const { email, password, name, role } of accounts) {
      await go('/accounts')
      await page.getByTestId('add-account').click()
      await page.getByTestId('account-name').fill(name)
      await page.getByTestId('account-email').fill(email)
      await choose(page, 'account-role', role)
      if (role === '企业用户') await choose(page, 'account-operator', OPERATOR)
      await page.getByTestId('by-password').click()
      await page.getByTestId('account-password').fill(password)
      await page.getByTestId('account-save').click()
      await page.getByTestId(`edit-${email}`).waitFor()
    }
    expect(admin.complaints).toEqual([])
    await admin.close()
  })

  it('the operator sends a list, says what a word means, mends a cell on the spot and submits', async () => {
    clerk = await visit(service, { signedIn: false })
    await signIn(clerk, CLERK)
    const { page } = clerk
    await send(clerk, '十一月变动.csv', LIST)
    await expect.poll(() => page.getByTestId('import-notes').innerText()).toContain('合计')
    await expect.poll(() => page.getByTestId('chip-error').innerText()).toContain('2')
    await choose(page, 'value-energy-油电', '插电式混合动力')
    await page.getByTestId('apply-values').click()
    await expect.poll(() => page.getByTestId('chip-error').innerText()).toContain('1')
    await expect.poll(() => page.getByTestId('remembered').innerText()).toContain('油电')

    await mendCell(page, 'cell-5-vin', vinOf(4))
    await expect.poll(() => page.getByTestId('row-5').getAttribute('data-outcome')).toBe('new')
    await expect.poll(() => page.getByTestId('cell-5-vin').getAttribute('title')).toContain(FAULTY_VIN)
    // What was there comes back, and the mend after it.
    await page.getByTestId('cell-5-vin').click()
    await page.getByTestId('restore-cell').click()
    await expect.poll(() => page.getByTestId('row-5').getAttribute('data-outcome')).toBe('error')
    await page.getByTestId('undo-mend').click()
    await expect.poll(() => page.getByTestId('row-5').getAttribute('data-outcome')).toBe('new')

    await expect.poll(() => page.getByTestId('effect-bus-renewal').innerText()).toContain('2/2')
    await page.getByTestId('submit-list').click()
    await page.getByTestId('submit-confirm').click()
    await expect.poll(() => page.getByTestId('import-status').innerText()).toBe('已报送')
    expect(clerk.complaints).toEqual([])
  })

  it('the officer finds it in the queue and returns it with a reason', async () => {
    officer = await visit(service, { signedIn: false })
    await signIn(officer, OFFICER)
    const { page } = officer
    await expect.poll(() => page.getByTestId('nav-uploads').innerText()).toContain('1')
    // The bell tells what there is when it is opened.
    await service.services.rounds.run()
    await page.getByTestId('bell').click()
    await expect.poll(() => page.getByTestId('notice').first().innerText()).toContain(OPERATOR)
    await page.keyboard.press('Escape')
    await page.getByTestId('nav-uploads').click()
    const queue = page.getByTestId('uploads-table')
    await expect.poll(() => queue.innerText()).toContain(OPERATOR)
    await queue.getByRole('link', { name: '十一月变动.csv' }).click()
    await expect.poll(() => page.getByTestId('import-next').innerText()).toContain('审定')
    await page.getByTestId('reject').click()
    await page.getByTestId('reason').fill('闽H20002D 的变动日期应为 11 月 6 日')
    await page.getByTestId('reason-ok').click()
    await page.getByTestId('import-rejected').waitFor()
  })

  it('the operator sees why, mends it and submits again', async () => {
    const { page, go } = clerk
    await go('/uploads')
    await expect.poll(() => page.getByTestId('nav-uploads').innerText()).toContain('1')
    await page.getByRole('link', { name: '十一月变动.csv' }).click()
    await expect.poll(() => page.getByTestId('import-rejected').innerText()).toContain('11 月 6 日')
    await mendCell(page, 'cell-5-on', '2026-11-06')
    await expect.poll(() => page.getByTestId('import-status').innerText()).toBe('待报送')
    await expect.poll(() => page.getByTestId('import-rejected').innerText()).toContain('11 月 6 日')
    await page.getByTestId('submit-list').click()
    await page.getByTestId('submit-confirm').click()
    await expect.poll(() => page.getByTestId('import-status').innerText()).toBe('已报送')
  })

  it('the officer approves it, and the figures have moved', async () => {
    const { page, go } = officer
    await go('/uploads')
    await page.getByRole('link', { name: '十一月变动.csv' }).click()
    await page.getByTestId('approve').click()
    await page.getByTestId('approve-confirm').click()
    await page.getByTestId('import-applied').waitFor()
    await go('/')
    await expect.poll(() => page.getByTestId('card-bus-renewal').innerText()).toContain('2/2')
    await clerk.go('/uploads')
    await expect.poll(() => clerk.page.getByTestId('uploads-table').innerText()).toContain('已入账')
    expect(officer.complaints).toEqual([])
  })

  it('the operator reports that there is nothing for the month before, and takes it back', async () => {
    const { page, go } = clerk
    await go('/reporting')
    const october = page.getByTestId('month-2026-10')
    await october.getByTestId('nil').click()
    await expect.poll(() => october.innerText()).toContain('零报告')
    await october.getByTestId('nil-undo').click()
    await october.getByTestId('nil').click()
    await october.getByTestId('month-reported').waitFor()
    await expect.poll(() => page.getByTestId('month-2026-11').innerText()).toContain('名单')
    await officer.go('/reporting?month=2026-10')
    await expect.poll(() => officer.page.getByTestId(`reporting-${OPERATOR}`).innerText()).toContain('零报告')
    await expect.poll(() => officer.page.getByTestId('reporting-summary').innerText()).toContain('已报 1 家')
  })

  it('the operator disputes a row with a document; the officer sees the effect, then decides', async () => {
    const { page } = clerk
    const list = await send(clerk, '补报.csv', LATER)
    await page.getByTestId('dispute-2').click()
    await page.getByTestId('dispute-claim').fill('经批准先行投放,批文见附件')
    await page.locator('input[type=file]').setInputFiles({
      name: '批文.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'),
    })
    await page.getByTestId('dispute-ok').click()
    await page.getByTestId('row-dispute').waitFor()

    const deciding = officer.page
    await officer.go('/disputes')
    await expect.poll(() => deciding.getByTestId('nav-disputes').innerText()).toContain('1')
    await deciding.getByRole('link', { name: '闽H20003D' }).click()
    await expect.poll(() => deciding.getByTestId('dispute-claim-text').innerText()).toContain('批文')
    await deciding.getByTestId('foreseen').getByTestId('effect-bus-fleet').waitFor()
    const document = await officer.context.request.get(
      service.url + ((await deciding.getByTestId('dispute-document').getAttribute('href')) ?? ''),
    )
    expect((await document.body()).toString()).toContain('%PDF')
    await deciding.getByTestId('uphold').click()
    await deciding.getByText('请写明答复').waitFor()
    await deciding.getByTestId('dispute-answer').fill('批文属实,按所报日期入账')
    await deciding.getByTestId('uphold').click()
    await deciding.getByTestId('dispute-decided').waitFor()

    await clerk.go(list)
    await page.getByTestId('row-dispute').click()
    await expect.poll(() => page.getByTestId('dispute-decided').innerText()).toContain('批文属实')
    await clerk.go('/vehicles?q=闽H20003D')
    await expect.poll(() => page.getByTestId('vehicles-total').innerText()).toContain('1')
  })

  it('logs no errors on the way', () => {
    expect(clerk.complaints).toEqual([])
    expect(officer.complaints).toEqual([])
  })
})
