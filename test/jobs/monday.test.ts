import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../harness/service.ts'
import { startSmtp, type TestSmtp } from '../harness/smtp.ts'

const SAMPLES = fileURLToPath(new URL('../fixtures/samples/', import.meta.url))
const PASSWORD = 'a good long password'

/** The whole service over a weekend: what people get on Monday, and that they get it once. */
describe('Monday 08:00', () => {
  let smtp: TestSmtp
  let service: TestService
  beforeAll(async () => {
    smtp = await startSmtp()
    const { url } = smtp
    service = await startTestService({
      SMTP_URL: url,
      PUBLIC_URL: 'http://fleet.example.com',
      NOW: '2026-11-27T17:00:00+08:00',
    })
    await service.admin.sendAndApprove(`${SAMPLES}taxi-stock.csv`)
    await service.admin.sendAndApprove(`${SAMPLES}taxi-changes.csv`)
    const people = [
      {
        email: 'officer@example.com',
        name: '陈科长',
        role: 'officer',
        language: 'zh-CN',
        weeklyReport: true,
      },
      { email: 'auditor@example.com', name: 'Auditor', role: 'viewer', language: 'en', weeklyReport: true },
      {
        email: 'quiet@example.com',
        name: '不收周报',
        role: 'viewer',
        language: 'zh-CN',
        weeklyReport: false,
      },
    ]
    for (const person of people) {
      const { status } = await service.admin.post('/accounts', { ...person, password: PASSWORD })
      expect(status).toBe(201)
    }
  })
  afterAll(async () => {
    await service?.close()
    await smtp?.close()
  })

  /** The reports that have arrived; whom the first changes alert is another matter. */
  const reports = () => smtp.received.filter(({ mail }) => /周报|Weekly report/.test(mail.subject ?? ''))
  const to = () =>
    reports()
      .flatMap((m) => m.to)
      .sort()

  it('brings nothing before', async () => {
    await service.restart({ NOW: '2026-11-30T07:50:00+08:00' })
    await service.jobs.scheduler.runOwed()
    expect(to()).toEqual([])
  })

  it('brings one mail to each who wants it, in their language, with the figures and a chart', async () => {
    await service.restart({ NOW: '2026-11-30T08:00:05+08:00' })
    await expect.poll(() => reports().length, { timeout: 60_000 }).toBe(3)
    expect(to()).toEqual(['admin@example.com', 'auditor@example.com', 'officer@example.com'])
    for (const {
      mail,
      to: [address],
    } of reports()) {
      expect(mail.text).toContain('70.0%')
      expect(mail.html).toContain('63/90')
      expect(mail.html).toContain('http://fleet.example.com/evidence/taxi-renewal')
      expect(mail.attachments.map((a) => a.contentType)).toContain('image/png')
      expect(/\p{Script=Han}{4}/u.test(mail.subject ?? '')).toBe(address !== 'auditor@example.com')
    }
    await expect
      .poll(async () =>
        (
          await service.admin.get<{ items: { kind: string; status: string }[] }>('/outbox')
        ).body.items.flatMap((m) => (m.kind === 'weekly' ? [m.status] : [])),
      )
      .toEqual(['sent', 'sent', 'sent'])
  })

  it('brings no second one when the service starts again, that day or later in the week', async () => {
    for (const NOW of ['2026-11-30T08:10:00+08:00', '2026-12-03T09:00:00+08:00']) {
      await service.restart({ NOW })
      await service.jobs.scheduler.runOwed()
      await service.jobs.outbox.deliverDue(service.services.clock.now())
      expect(reports().length).toBe(3)
    }
  })
})
