import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Me } from '../../server/accounts/schema.ts'
import type { RecipientView } from '../../server/subscriptions/schema.ts'
import { type Named, operatorOf, person, vehicleOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { startSmtp, type TestSmtp } from '../harness/smtp.ts'
import { unzip } from '../lists/zip.ts'
import { until } from './support/world.ts'

/** A report's mails as people get them: each its own part of the city, in its language, with what it wants attached. */

let smtp: TestSmtp
let service: TestService
let county: Named
let driver: Named
beforeAll(async () => {
  smtp = await startSmtp()
  service = await startTestService({
    ...{ SMTP_URL: smtp.url, PUBLIC_URL: 'https://fleet.example.com', NOW: '2026-11-30T07:30:00+08:00' },
  })
  const { admin } = service
  await operatorOf(service, '建阳出租车公司')
  await operatorOf(service, '延平货运公司')
  const taxi = { category: 'cruising-taxi', energy: 'BEV', county: '350703', operator: '建阳出租车公司' }
  await admin.mustChange({ kind: 'added', on: '2026-11-02', vehicle: vehicleOf(1, taxi) })
  await admin.mustChange({ kind: 'added', on: '2026-11-03', vehicle: vehicleOf(2, { energy: 'BEV' }) })
  county = await person(service, { role: 'county-officer', county: '350703' })
  driver = await person(service, { role: 'operator', operator: '建阳出租车公司' })
  await driver.send('PATCH', '/me', { weeklyReport: true })
  const leader = {
    email: 'leader@example.com',
    name: 'Leader',
    language: 'en',
    topics: ['weekly'],
    attach: true,
  }
  expect((await admin.post('/recipients', leader)).status).toBe(201)
  // Alerts on these first changes are another matter.
  for (const who of [admin, county]) await who.send('PATCH', '/me', { alerts: false })
  await run()
}, 180_000)
afterAll(async () => {
  await service?.close()
  await smtp?.close()
})

const lastRun = async () =>
  (await service.jobs.scheduler.list()).find((job) => job.name === 'weekly-report')?.lastRun

/** Has the weekly report made, and its mails sent. */
async function run(): Promise<void> {
  await service.jobs.scheduler.runNow('weekly-report')
  await until('the report is made', async () => (await lastRun())?.status === 'done')
  await service.jobs.outbox.deliverDue(service.services.clock.now())
}

const reportTo = (address: string) =>
  smtp.received.filter(({ to, mail }) => to.includes(address) && /周报|Weekly/.test(mail.subject ?? ''))
const only = (address: string) => {
  const [mail, ...more] = reportTo(address)
  if (!mail || more.length > 0) throw new Error(`${address} got ${more.length + (mail ? 1 : 0)} reports`)
  return mail
}

describe('a report goes', () => {
  it('to the bureau with the whole city', async () => {
    const { mail } = only('admin@example.com')
    expect(mail.subject).toContain('南平市车辆更新周报（2026年第48周）')
    expect(mail.text).toContain('建阳区')
    expect(mail.text).toContain('延平区')
    expect(mail.text).toMatch(/https:\/\/fleet\.example\.com\/reports\/[0-9a-f]{24}/)
    expect(mail.attachments.filter((file) => file.contentType === 'image/png')).not.toEqual([])
  })

  it('to a county’s officers with the county alone', async () => {
    const { mail } = only(county.email)
    expect(mail.subject).toContain('建阳区')
    expect(mail.text).not.toContain('延平')
  })

  it('to an operator with its own fleet alone, without pictures', async () => {
    const { mail } = only(driver.email)
    expect(mail.subject).toContain('建阳出租车公司')
    expect(mail.text).toContain('在营出租车新能源占比：现值 100.0%；新能源/全部 1/1')
    expect(mail.text).not.toContain('延平')
    expect(mail.attachments).toEqual([])
  })

  it('to a further address in its language, with the tables, and with no door but the one open to all', async () => {
    const { mail } = only('leader@example.com')
    expect(mail.subject).toContain('Weekly report')
    const book = mail.attachments.find((file) => file.filename?.endsWith('.xlsx'))
    const parts = unzip(book?.content ?? Buffer.alloc(0)).map(({ name }) => name)
    expect(parts).toContain('xl/workbook.xml')
    const links = [...(mail.text ?? '').matchAll(/https:\/\/\S+/g)].map(([link]) => new URL(link).pathname)
    expect(new Set(links)).toEqual(new Set(['/check/W2026-48', '/api/v1/unsubscribe']))
  })

  it('with a link of each recipient’s own, in the mail and in its head (RFC 8058), which ends it', async () => {
    const { mail, raw } = only(county.email)
    const url = service.services.unsubscribe.urlFor(county.id, 'weekly') ?? ''
    expect(mail.text).toContain(url)
    expect(String(mail.html)).toContain(`href="${url}"`)
    expect(raw.replace(/\r\n\s+/g, ' ')).toContain(`List-Unsubscribe: <${url}>`)
    expect(raw).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
    expect(only(driver.email).mail.text).not.toContain(url)
    const { search } = new URL(url)
    expect((await service.visitor().post(`/unsubscribe${search}`)).status).toBe(200)
    expect((await county.get<Me>('/me')).body.weeklyReport).toBe(false)
  })

  it('once, however often the job runs, and later to who came late', async () => {
    const before = smtp.received.length
    const late = await person(service, { role: 'officer' })
    await late.send('PATCH', '/me', { alerts: false })
    await run()
    expect(smtp.received.length).toBe(before + 1)
    expect(only(late.email).mail.text).toContain('南平市车辆更新周报')
    await run()
    expect(smtp.received.length).toBe(before + 1)
  })

  it('written once for all who see the same of it', async () => {
    const { connection } = service.services
    const mails = connection.collection('outbox')
    const [admin, officer] = await mails
      .find({ kind: 'weekly', 'to.address': { $in: ['admin@example.com', /^officer-/] } })
      .toArray()
    expect(admin?.content).toEqual(expect.any(String))
    expect(officer?.content).toBe(admin?.content)
  })

  it('no more to whom an administrator takes off, or whose address is useless', async () => {
    const { items } = (await service.admin.get<{ items: RecipientView[] }>('/recipients')).body
    const leader = items.find(({ email }) => email === 'leader@example.com')
    await service.admin.send('DELETE', `/recipients/${leader?.id}`)
    await service.services.connection
      .collection('accounts')
      .updateOne({ email: driver.email }, { $set: { email: 'no address' } })
    await service.restart({ NOW: '2026-12-07T08:00:05+08:00' })
    await expect.poll(async () => (await lastRun())?.result?.reports, { timeout: 60_000 }).toBe(1)
    expect((await lastRun())?.result).toMatchObject({ recipients: 2, queued: 2, unusable: 1 })
    expect(reportTo('leader@example.com')).toHaveLength(1)
  })
})
