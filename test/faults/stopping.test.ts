import { connect } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestService, type TestService } from '../harness/service.ts'

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service?.close())

it('ticks and rounds note that they succeed', async () => {
  const { pulses } = service.jobs.scheduler
  expect(pulses.expected).toEqual(
    expect.arrayContaining(['outbox', 'outbox-watch', 'alerts', 'notices', 'account-mails']),
  )
  await expect
    .poll(async () => (await pulses.latest()).map(({ _id }) => _id).sort(), { timeout: 30_000 })
    .toEqual(['account-mails', 'alerts', 'notices', 'outbox', 'outbox-watch'])
})

it('refuses runs by hand as busy once it stops, and ends although an answer and a round hang', async () => {
  const { hostname, port } = new URL(service.url)
  const request = connect(Number(port), hostname)
  request.on('error', () => {})
  await new Promise<void>((done) => request.once('connect', () => done()))
  // A request whose end never comes.
  request.write(
    'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
  )
  let isHanging = false
  service.services.rounds.add(() => {
    isHanging = true
    return new Promise(() => {})
  })
  service.services.rounds.soon()
  await expect.poll(() => isHanging).toBe(true)
  service.jobs.leave()
  const refused = await service.admin.post<{ code: string }>('/jobs/daily-check/run')
  expect([refused.status, refused.body.code]).toEqual([503, 'busy'])
  const begun = performance.now()
  await service.restart()
  expect(performance.now() - begun).toBeLessThan(60_000)
}, 120_000)
