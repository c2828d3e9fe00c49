import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SIZES } from '../harness/browser.ts'
import { person } from '../harness/client.ts'
import { choose, picturesIn, type Visit, visit } from '../harness/page.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** Who gets which mails, as people choose it in the browser. `PAGE_LOOKS=FOLDER` keeps pictures of the pages. */

const picture = picturesIn('PAGE_LOOKS')

let service: TestService
let admin: Visit
beforeAll(async () => {
  service = await startTestService()
  admin = await visit(service)
})
afterAll(async () => {
  await admin?.close()
  await service?.close()
})

/** Looks at the page at a desk and on a telephone: nothing sticks out. */
async function look(at: Visit, name: string): Promise<void> {
  const { page } = at
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport)
    await expect
      .poll(() =>
        page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
      )
      .toBe(0)
    await picture(at, `${name}-${size}`)
  }
  await page.setViewportSize(SIZES.desk)
}

describe('one’s own mails', () => {
  it('are chosen by switches that are saved at once', async () => {
    const { page, go } = admin
    await go('/me?tab=mails')
    const weekly = page.getByTestId('my-weeklyReport')
    await weekly.waitFor()
    await expect.poll(() => weekly.getAttribute('aria-checked')).toBe('true')
    await weekly.click()
    await page.getByText('已关闭“周报”').waitFor()
    await go('/me?tab=mails')
    await weekly.waitFor()
    await expect.poll(() => weekly.getAttribute('aria-checked')).toBe('false')
    // By keys too.
    await weekly.focus()
    await page.keyboard.press('Space')
    await page.getByText('已开启“周报”').waitFor()
    await look(admin, 'me-mails')
  })
})

describe('the list of recipients', () => {
  it('names every account with what it gets, and takes a further address', async () => {
    await person(service, { role: 'county-officer', county: '350703' })
    const { page, go } = admin
    await go('/recipients')
    const table = page.getByTestId('recipients-table')
    await table.waitFor()
    await expect.poll(() => table.innerText()).toMatch(/admin@example\.com[\s\S]*周报、月报、季报、指标预警/)
    await page.getByTestId('add-recipient').click()
    await page.getByTestId('recipient-name').fill('林副市长')
    await page.getByTestId('recipient-email').fill('lin@example.com')
    await page.getByRole('checkbox', { name: '季报' }).check()
    await page.getByTestId('recipient-scope').getByText('县（市、区）').click()
    await page.getByTestId('recipient-save').click()
    await page.getByText('请选择县（市、区）').waitFor()
    await choose(page, 'recipient-county', '建阳区')
    await picture(admin, 'recipient-form', false)
    await page.getByTestId('recipient-save').click()
    const row = page.getByTestId('recipient-lin@example.com')
    await row.waitFor()
    await expect.poll(() => row.innerText()).toMatch(/林副市长[\s\S]*名单[\s\S]*建阳区[\s\S]*月报、季报/)
    await look(admin, 'recipients')
  })

  it('says what is wrong, and where an account’s mails are chosen', async () => {
    const { page, go } = admin
    await go('/recipients')
    await page.getByTestId('add-recipient').click()
    await page.getByTestId('recipient-name').fill('管理员')
    await page.getByTestId('recipient-email').fill('admin@example.com')
    await page.getByTestId('recipient-save').click()
    await page.getByTestId('recipient-problem').getByText('该邮箱已有账号').waitFor()
    await page.keyboard.press('Escape')
    await page.getByTestId('recipient-admin@example.com').getByText('在账号页修改').click()
    await page.getByTestId('account-admin@example.com').waitFor()
  })

  it('is narrowed, and says so when nothing is left', async () => {
    const { page, go } = admin
    await go('/recipients?q=nobody')
    await page.getByTestId('empty').getByRole('button').click()
    await page.getByTestId('recipients-table').waitFor()
  })
})

describe('the link of a mail', () => {
  it('asks before it ends anything, says what was ended, and takes it back', async () => {
    const officer = await person(service, { role: 'officer' })
    const visitor = await visit(service, { signedIn: false })
    try {
      const { page } = visitor
      // As it stands in the mail: it leads to the page.
      await page.goto(service.services.unsubscribe.urlFor(officer.id, 'weekly') ?? '')
      await page.getByText('不再向 o***@example.com 发送“周报”邮件？').waitFor()
      await look(visitor, 'unsubscribe')
      await page.getByTestId('unsubscribe-confirm').click()
      await page.getByRole('heading', { name: '已退订' }).waitFor()
      expect((await officer.get('/me')).body.weeklyReport).toBe(false)
      await page.getByTestId('unsubscribe-undo').click()
      await page.getByRole('heading', { name: '已恢复接收' }).waitFor()
      expect((await officer.get('/me')).body.weeklyReport).toBe(true)
      await page.goto(`${service.url}/unsubscribe?token=nonsense`)
      await page.getByText('退订链接无效').waitFor()
      expect(visitor.complaints).toEqual([])
    } finally {
      await visitor.close()
    }
  })
})

it('complains of nothing', () => {
  expect(admin.complaints).toEqual([])
})
