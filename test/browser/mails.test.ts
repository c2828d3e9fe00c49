import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MailView } from '../../jobs/schema.ts'
import type { Page } from '../harness/client.ts'
import { choose, filled, picturesIn, scrollsSideways, type Visit, visit } from '../harness/page.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { startSmtp, type TestSmtp } from '../harness/smtp.ts'
import { mailTo } from '../jobs/support/mails.ts'
import { until } from '../jobs/support/world.ts'

let smtp: TestSmtp
let service: TestService
let reader: Visit
const picture = picturesIn('PICTURES')

beforeAll(async () => {
  smtp = await startSmtp()
  smtp.behave('refuse', 'gone@example.org')
  service = await startTestService({ SMTP_URL: smtp.url })
  const { jobs, services } = service
  const now = services.clock.now()
  const attachments = [
    {
      filename: '全市更新周报 2026年第47周.xlsx',
      type: 'application/vnd.ms-excel',
      content: Buffer.alloc(48_000),
    },
  ]
  const subject = '全市车辆更新周报（2026年第47周）：公交更新1项未达标'
  await jobs.outbox.enqueue(mailTo('a', { subject, attachments, html: '<p>周报正文</p>' }), now)
  await jobs.outbox.enqueue(
    mailTo('gone', { subject: '请于12月5日前报送11月车辆更新名单', kind: 'reminder', period: '2026-11' }),
    now,
  )
  await until('both have ended', async () => {
    jobs.deliverSoon()
    const { sent, failed } = await jobs.outbox.countByState()
    return sent + failed >= 2
  })
  smtp.behave('accept', 'gone@example.org')
  reader = await visit(service)
})
afterAll(async () => {
  await reader?.close()
  await service?.close()
  await smtp?.close()
})

const mails = async (query: string) =>
  (await service.admin.get<Page<MailView>>(`/outbox?${query}`)).body.items

describe('the mails’ pages', () => {
  it('say how many there are in each state, and narrow the list by them, by kind and by recipient', async () => {
    const { page } = reader
    await reader.go('/mails')
    await page.getByTestId('mails-table').waitFor()
    await expect.poll(() => page.getByTestId('count-failed').innerText()).toMatch(/\s1$/)
    await picture(reader, 'mails-desk')
    await page.getByTestId('count-failed').click()
    await expect.poll(() => page.locator('[data-testid=mails-table] tbody a').count()).toBe(1)
    await expect.poll(() => page.getByTestId('count-failed').getAttribute('aria-pressed')).toBe('true')
    await page.getByTestId('count-failed').click()
    await choose(page, 'filter-kind', '催报提醒')
    await expect.poll(() => page.locator('[data-testid=mails-table] tbody a').count()).toBe(1)
    await page.getByTestId('filter-to').fill('nobody')
    await page.getByTestId('empty').waitFor()
    await picture(reader, 'mails-none')
    await page.getByTestId('empty').getByRole('button').click()
    // With the mail that tells the administrator of the address.
    await expect.poll(() => page.locator('[data-testid=mails-table] tbody a').count()).toBeGreaterThan(1)
  })

  it('show a mail with its attachment, and send it once more after asking', async () => {
    const { page } = reader
    const [first] = await mails('to=a@')
    await reader.go(`/mails/${first?.id}`)
    await expect
      .poll(() => page.getByTestId('mail-attachments').innerText())
      .toContain('全市更新周报 2026年第47周.xlsx')
    const coming = page.waitForEvent('download')
    await page.getByTestId('mail-attachments').getByRole('link').click()
    expect((await coming).suggestedFilename()).toBe('全市更新周报 2026年第47周.xlsx')
    await page.getByTestId('mail-resend').click()
    await picture(reader, 'mail-resend-ask', false)
    await page.getByTestId('resend-confirm').click()
    await page.getByTestId('mail-repeats').waitFor()
    await expect.poll(() => page.getByTestId('mail-repeats').innerText()).toContain('第 2 次发送（本封）')
    expect(page.url()).not.toContain(first?.id)
    await until(
      'it has come twice',
      () => smtp.received.filter(({ to }) => to[0] === 'a@example.org').length === 2,
    )
    await picture(reader, 'mail-desk')
  })

  it('lead from an address that was refused to enabling it again, and to another try', async () => {
    const { page } = reader
    await reader.go('/mails')
    await page.getByTestId('disabled-link').click()
    const table = page.getByTestId('disabled-table')
    await table.waitFor()
    await expect.poll(() => table.innerText()).toContain('550 no such mailbox')
    await picture(reader, 'mails-disabled')
    await page.getByTestId('enable-address').click()
    await page.getByTestId('enable-confirm').click()
    await page.getByTestId('empty').waitFor()
    const [refused] = await mails('to=gone')
    await reader.go(`/mails/${refused?.id}`)
    await expect.poll(() => page.getByTestId('mail-error').innerText()).toContain('550')
    await picture(reader, 'mail-refused')
    await page.getByTestId('mail-retry').click()
    await until('it has come', () => smtp.received.some(({ to }) => to[0] === 'gone@example.org'))
  })

  it('fit a telephone, and nothing was complained of', async () => {
    const phone = await visit(service, { size: 'phone' })
    const [mail] = await mails('to=a@')
    for (const [path, name] of [
      ['/mails', 'mails-phone'],
      [`/mails/${mail?.id}`, 'mail-phone'],
      ['/mails/disabled', 'disabled-phone'],
    ] as const) {
      await phone.go(path)
      await phone.page.locator('.page h1').waitFor()
      await filled(phone.page)
      await expect.poll(() => scrollsSideways(phone.page), { message: `${path}` }).toBe(false)
      await picture(phone, name)
    }
    expect([...phone.complaints, ...reader.complaints]).toEqual([])
    await phone.close()
  })

  it('say what to do when no mail server is set', async () => {
    await service.restart({ SMTP_URL: '' })
    await reader.go('/mails')
    await reader.page.getByTestId('no-mail-server').waitFor()
    await expect.poll(() => reader.page.getByTestId('no-mail-server').innerText()).toContain('SMTP_URL')
    await picture(reader, 'mails-no-server')
  })
})
