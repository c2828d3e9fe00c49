import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JobsHealth, JobView, RunView, SchedulePreview } from '../../jobs/schema.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import { type Client, type Page, person } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { until } from './support/world.ts'

let service: TestService
let officer: Client
let countyOfficer: Client

beforeAll(async () => {
  service = await startTestService({ NOW: '2026-11-20T10:00:00+08:00' })
  officer = await person(service, { role: 'officer' })
  countyOfficer = await person(service, { role: 'county-officer' })
})
afterAll(() => service?.close())

/** The same service at another time. */
async function restartAt(NOW: string): Promise<void> {
  await service.restart({ NOW })
  for (const client of [officer, countyOfficer]) client.base = service.url
}

const job = async (name: string) =>
  (await service.admin.get<{ items: JobView[] }>('/jobs')).body.items.find((j) => j.name === name)
const done = (name: string, day: string) =>
  until(`${name} ran on ${day}`, async () => {
    const last = (await job(name))?.lastRun
    return last?.status === 'done' && last.startedAt.startsWith(day)
  })
const put = (client: Client, name: string, body: unknown) =>
  client.send<JobView & ProblemBody>('PUT', `/jobs/${name}/schedule`, body)

describe('the schedule of a job', () => {
  it('is seen before it is taken', async () => {
    const { status, body } = await service.admin.get<SchedulePreview>(
      `/jobs/preview?cron=${encodeURIComponent(' 0  8 L * * ')}`,
    )
    expect([status, body.cron, body.timeZone]).toEqual([200, '0 8 L * *', 'Asia/Shanghai'])
    expect(body.nextSlots.map((slot) => slot.slice(0, 13))).toEqual([
      ...['2026-11-30T00', '2026-12-31T00', '2027-01-31T00', '2027-02-28T00', '2027-03-31T00'],
    ])
  })

  it.each([
    ['nonsense', 'cron.invalid'],
    ['0 0 6 * * *', 'cron.invalid'],
    ['*/5 * * * *', 'cron.too-often'],
    ['0 6 31 2 *', 'cron.never'],
  ])('“%s” is refused: %s', async (cron, code) => {
    const seen = await service.admin.get<ProblemBody>(`/jobs/preview?cron=${encodeURIComponent(cron)}`)
    expect([seen.status, seen.body.code]).toEqual([422, code])
    const taken = await put(service.admin, 'daily-check', { cron })
    expect([taken.status, taken.body.code]).toEqual([422, code])
    expect((await job('daily-check'))?.edited).toBeNull()
  })

  it('is changed by an administrator alone, and the change is in the audit log', async () => {
    for (const client of [officer, countyOfficer]) {
      expect((await put(client, 'weekly-report', { cron: '0 9 * * 1' })).status).toBe(403)
      expect((await client.send('DELETE', '/jobs/weekly-report/schedule')).status).toBe(403)
      expect((await client.get('/jobs/preview?cron=0+9+*+*+1')).status).toBe(403)
    }
    expect((await put(service.admin, 'nonsense', { cron: '0 9 * * 1' })).body.code).toBe('job.unknown')
    const { status, body } = await put(service.admin, 'weekly-report', {
      cron: '0 9 * * 1',
      reason: '周一例会后',
    })
    expect([status, body.cron, body.edited?.reason]).toEqual([200, '0 9 * * 1', '周一例会后'])
    expect(body.nextRunAt).toBe('2026-11-23T01:00:00.000Z')
    const back = await service.admin.send<JobView>('DELETE', '/jobs/weekly-report/schedule')
    expect([back.status, back.body.cron, back.body.edited?.reset]).toEqual([200, '0 8 * * 1', true])
    const { items } = (
      await service.admin.get<{ items: { before: object; after: object; detail: object; target: object }[] }>(
        '/audit?action=job.schedule&outcome=done',
      )
    ).body
    expect(items.slice(0, 2)).toMatchObject([
      { before: { cron: '0 9 * * 1' }, after: { cron: '0 8 * * 1' } },
      { before: { cron: '0 8 * * 1' }, after: { cron: '0 9 * * 1' }, detail: { reason: '周一例会后' } },
    ])
  })
})

describe('ten days of downtime over a month’s end', () => {
  beforeAll(async () => {
    await done('daily-check', '2026-11-20')
    await restartAt('2026-11-21T10:00:00+08:00')
    await done('daily-check', '2026-11-21')
    await restartAt('2026-12-01T10:00:00+08:00')
    for (const name of ['daily-check', 'weekly-report', 'monthly-report']) await done(name, '2026-12-01')
  })

  it('brings one daily check, one weekly and one monthly report, each named for what it stands for', async () => {
    const sinceThen = async (name: string) => {
      const { items } = (await service.admin.get<Page<RunView>>(`/jobs/${name}/runs`)).body
      return items
        .filter(({ startedAt }) => startedAt >= '2026-12-01')
        .map(({ slot, covers, attempts }) => ({ slot, covers: covers.map((c) => c.slice(0, 13)), attempts }))
    }
    expect(await sinceThen('daily-check')).toEqual([
      {
        ...{ slot: '2026-11-30T22:00:00.000Z', attempts: 1 },
        covers: [21, 22, 23, 24, 25, 26, 27, 28, 29, 30].map((day) => `2026-11-${day}T22`),
      },
    ])
    expect(await sinceThen('weekly-report')).toEqual([
      { slot: '2026-11-30T00:00:00.000Z', covers: ['2026-11-23T00', '2026-11-30T00'], attempts: 1 },
    ])
    expect(await sinceThen('monthly-report')).toEqual([
      { slot: '2026-12-01T00:00:00.000Z', covers: ['2026-12-01T00'], attempts: 1 },
    ])
    expect(await sinceThen('quarterly-report')).toEqual([])
  })

  it('shows the runs page by page, newest first', async () => {
    const first = (await service.admin.get<Page<RunView>>('/jobs/daily-check/runs?limit=1')).body
    expect(first).toMatchObject({ total: 3, items: [{ slot: '2026-11-30T22:00:00.000Z', fault: null }] })
    const next = (
      await service.admin.get<Page<RunView>>(`/jobs/daily-check/runs?limit=5&cursor=${first.nextCursor}`)
    ).body
    expect(next.items.map(({ slot }) => slot)).toEqual([
      '2026-11-20T22:00:00.000Z',
      '2026-11-19T22:00:00.000Z',
    ])
    expect((await service.admin.get('/jobs/nonsense/runs')).status).toBe(404)
    expect((await countyOfficer.get('/jobs/daily-check/runs')).status).toBe(403)
  })
})

describe('whether the figures are checked', () => {
  it('is told to everybody who reads', async () => {
    const { body } = await countyOfficer.get<JobsHealth>('/jobs/health')
    expect(body.dailyCheck.stale).toBe(false)
    expect(body.dailyCheck.lastSuccessAt?.slice(0, 10)).toBe('2026-12-01')
  })

  it('not when the last check is older than a day', async () => {
    // The day's check failed, and is not tried again for long.
    await service.services.connection.collection('job-runs').insertOne({
      ...{ job: 'daily-check', slot: new Date('2026-12-02T06:00:00+08:00'), manual: false, status: 'failed' },
      ...{ covers: [], attempts: 5, startedAt: new Date('2026-12-02T06:00:00+08:00'), failures: [] },
      ...{ finishedAt: new Date('2026-12-02T06:00:01+08:00'), nextTryAt: new Date('2100-01-01') },
      ...{ result: null, error: 'no figures', fault: 'error', lease: null },
    })
    await restartAt('2026-12-02T10:30:00+08:00')
    expect((await countyOfficer.get<JobsHealth>('/jobs/health')).body.dailyCheck.stale).toBe(false)
    await restartAt('2026-12-02T11:30:00+08:00')
    expect((await countyOfficer.get<JobsHealth>('/jobs/health')).body.dailyCheck.stale).toBe(true)
  })
})
