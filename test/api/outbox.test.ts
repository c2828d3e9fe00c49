/** The outbox over HTTP: who may do what, what is recorded, and that administrators hear of what fails. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DisabledAddress, MailView, MailWithContent, OutboxSummary } from '../../jobs/schema.ts'
import type { AuditEntry } from '../../server/audit/schema.ts'
import type { NoticeView } from '../../server/notices/schema.ts'
import { type Client, type Page, person } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { startSmtp, type TestSmtp } from '../harness/smtp.ts'
import { mailTo } from '../jobs/support/mails.ts'
import { until } from '../jobs/support/world.ts'

let smtp: TestSmtp
let service: TestService
let viewer: Client
let officer: Client
beforeAll(async () => {
  smtp = await startSmtp()
  smtp.behave('refuse', 'gone@example.org')
  service = await startTestService({ SMTP_URL: smtp.url })
  viewer = await person(service, { role: 'viewer' })
  officer = await person(service, { role: 'officer' })
})
afterAll(async () => {
  await service.close()
  await smtp.close()
})

const ATTACHED = {
  filename: '周报"; x=.xlsx',
  type: 'text/html',
  content: Buffer.from('<script>alert(1)</script>'),
}

/** Queues a mail and waits until it has ended. */
async function deliver(account: string, more: Parameters<typeof mailTo>[1] = {}): Promise<MailView> {
  const { jobs, services } = service
  await jobs.outbox.enqueue(mailTo(account, more), services.clock.now())
  const mail = async () => (await service.admin.get<Page<MailView>>(`/outbox?to=${account}@`)).body.items[0]
  await until('it has ended', async () => {
    jobs.deliverSoon()
    const status = (await mail())?.status
    return status === 'sent' || status === 'failed'
  })
  return (await mail()) as MailView
}

const recorded = async (action: string) =>
  (await service.admin.get<Page<AuditEntry>>(`/audit?outcome=done&action=${action}`)).body.items

describe('a mail', () => {
  it('is read with its attachments, which are files to be saved whatever they hold', async () => {
    const { id } = await deliver('a', { attachments: [ATTACHED] })
    const { body } = await viewer.get<MailWithContent>(`/outbox/${id}`)
    expect(body.attachments).toEqual([{ filename: ATTACHED.filename, type: 'text/html', bytes: 25 }])
    const file = await fetch(`${viewer.base}/api/v1/outbox/${id}/attachments/0`, {
      headers: { cookie: viewer.cookie },
    })
    expect(file.status).toBe(200)
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="/)
    expect(file.headers.get('content-security-policy')).toContain('sandbox')
    expect(await file.text()).toBe('<script>alert(1)</script>')
    for (const place of ['1', '-1', 'x']) {
      const { status } = await viewer.get(`/outbox/${id}/attachments/${place}`)
      expect(status, place).toBe(place === '1' ? 404 : 400)
    }
    expect((await recorded('mail.attachment'))[0]).toMatchObject({ target: { kind: 'mail', id } })
  })

  it('is sent once more by an officer, not by somebody who only reads, and that is recorded', async () => {
    const { id } = await deliver('b')
    expect((await viewer.post(`/outbox/${id}/resend`)).status).toBe(403)
    const again = await officer.post<MailView>(`/outbox/${id}/resend`)
    expect(again).toMatchObject({ status: 201, body: { resendOf: id } })
    await until(
      'it has come twice',
      () => smtp.received.filter(({ to }) => to[0] === 'b@example.org').length === 2,
    )
    expect((await recorded('mail.resend'))[0]).toMatchObject({
      target: { kind: 'mail', id: again.body.id },
      detail: { resendOf: id },
    })
    const read = await viewer.get<MailWithContent>(`/outbox/${id}`)
    expect(read.body.repeats.map((mail) => mail.id)).toEqual([id, again.body.id])
    expect((await officer.post(`/outbox/${'0'.repeat(24)}/resend`)).status).toBe(404)
    expect((await officer.post('/outbox/nonsense/resend')).status).toBe(400)
  })
})

describe('an address that is refused for good', () => {
  it('is listed to those who may do something about it, told to administrators, and enabled again', async () => {
    const refused = await deliver('gone')
    expect(refused).toMatchObject({ status: 'failed', lastError: expect.stringContaining('550') })
    expect((await viewer.get('/outbox/disabled-addresses')).status).toBe(403)
    const list = () => officer.get<Page<DisabledAddress>>('/outbox/disabled-addresses')
    const [disabled] = (await list()).body.items
    expect(disabled).toMatchObject({ address: 'gone@example.org', mail: refused.id })

    await service.jobs.outbox.watch(service.services.clock.now())
    await service.services.rounds.run()
    const told = (await service.admin.get<Page<NoticeView>>('/notices')).body.items
    expect(told.filter(({ kind }) => kind === 'address-disabled')).toMatchObject([
      { params: { address: 'gone@example.org' }, link: '/mails/disabled' },
    ])
    expect((await officer.get<Page<NoticeView>>('/notices')).body.items).toEqual([])
    const mails = async () =>
      (await service.admin.get<Page<MailView>>('/outbox?kind=address-disabled')).body.items
    await until('the administrator has a mail', async () => (await mails()).length === 1)
    const [mail] = await mails()
    const { body } = await service.admin.get<MailWithContent>(`/outbox/${mail?.id}`)
    expect(body.text).toContain('gone@example.org')
    expect(body.text).toContain('550 no such mailbox')
    // A duty: nobody can end it.
    expect(`${body.html}${body.text}`).not.toContain('退订')

    smtp.behave('accept', 'gone@example.org')
    expect((await viewer.send('DELETE', `/outbox/disabled-addresses/${disabled?.id}`)).status).toBe(403)
    expect((await officer.post(`/outbox/${refused.id}/retry`)).body).toMatchObject({
      code: 'mail.address-disabled',
    })
    expect((await officer.send('DELETE', `/outbox/disabled-addresses/${disabled?.id}`)).status).toBe(200)
    expect((await officer.send('DELETE', `/outbox/disabled-addresses/${disabled?.id}`)).status).toBe(404)
    expect((await list()).body.items).toEqual([])
    expect((await recorded('address.enable'))[0]).toMatchObject({ target: { label: 'gone@example.org' } })
    expect((await officer.post(`/outbox/${refused.id}/retry`)).status).toBe(200)
    await until('it has come', () => smtp.received.some(({ to }) => to[0] === 'gone@example.org'))
  })
})

it('the outbox as a whole, and its list by what is asked for', async () => {
  const { body } = await viewer.get<OutboxSummary>('/outbox/summary')
  expect(body).toMatchObject({ server: true, stuck: null })
  expect(body.kinds).toContain('weekly')
  const total = async (query: string) => (await viewer.get<Page<MailView>>(`/outbox?${query}`)).body.total
  expect(await total('kind=weekly&to=b')).toBe(2)
  expect(await total('kind=weekly&to=nobody')).toBe(0)
  expect((await viewer.get('/outbox?status=nonsense')).status).toBe(400)
})
