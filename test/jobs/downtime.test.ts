import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JobView } from '../../jobs/job-schema.ts'
import type { ReportItem } from '../../server/reports/schema.ts'
import { type Page, vehicleOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { until } from './support/world.ts'

const FIRST = '2026-11-26T22:00:00.000Z'

/** The whole service, away for ten days over a month's end. */
let service: TestService
beforeAll(async () => {
  service = await startTestService({ NOW: '2026-11-27T09:30:00+08:00' })
  const { admin } = service
  for (const n of [1, 2, 3])
    await admin.mustChange({ kind: 'added', on: '2026-11-02', vehicle: vehicleOf(n, { energy: 'BEV' }) })
  await until('the first check is done', async () => (await doneOf('daily-check')) === FIRST, 60_000)
})
afterAll(() => service?.close())

const jobs = async () => (await service.admin.get<{ items: JobView[] }>('/jobs')).body.items
const lastOf = async (name: string) => (await jobs()).find((job) => job.name === name)?.lastRun ?? null
/** The slot of a job's last run, when that is done. */
const doneOf = async (name: string) => {
  const run = await lastOf(name)
  return run?.status === 'done' ? run.slot : null
}
const reports = async () => (await service.admin.get<Page<ReportItem>>('/reports')).body.items
const told = async () => (await reports()).map(({ period, standsFor }) => [period, standsFor])
const assessments = async () =>
  (await service.admin.get<Page<{ asOf: string }>>('/assessments')).body.items.map(({ asOf }) => asOf)

const MADE_UP = [
  ['2026-W49', ['2026-W48', '2026-W49']],
  ['2026-11', ['2026-11']],
]

describe('back after ten days, on Monday 7 December', () => {
  beforeAll(async () => {
    await service.restart({ NOW: '2026-12-07T09:30:00+08:00' })
    for (const job of ['daily-check', 'weekly-report', 'monthly-report'])
      await until(`${job} is done`, async () => ((await doneOf(job)) ?? '') > '2026-11-30', 60_000)
  })

  it('there is one daily check, which says for which days it stands', async () => {
    expect(await assessments()).toEqual(['2026-12-06', '2026-11-26'])
    const run = await lastOf('daily-check')
    expect(run?.covers.map((slot) => slot.slice(0, 10))).toEqual(
      ['27', '28', '29', '30']
        .map((day) => `2026-11-${day}`)
        .concat(['01', '02', '03', '04', '05', '06'].map((day) => `2026-12-${day}`)),
    )
  })

  it('there are one weekly and one monthly report, named for what they stand for, and no quarterly one', async () => {
    expect(await told()).toEqual(MADE_UP)
    expect(await lastOf('weekly-report')).toMatchObject({ result: { reports: 1, missed: 1 } })
    expect((await lastOf('weekly-report'))?.covers).toEqual([
      '2026-11-30T00:00:00.000Z',
      '2026-12-07T00:00:00.000Z',
    ])
    expect(await lastOf('monthly-report')).toMatchObject({
      ...{ result: { reports: 1, missed: 0 }, covers: ['2026-12-01T00:00:00.000Z'] },
    })
    expect(await lastOf('quarterly-report')).toBeNull()
    const [weekly, monthly] = await reports()
    expect([weekly?.asOf, monthly?.asOf]).toEqual(['2026-12-06', '2026-11-30'])
    expect(monthly?.rules.find(({ id }) => id === 'freight-vehicles-added')?.numerator).toBe(3)
  })

  it('another start, and a run by hand, make no second one', async () => {
    const mails = () => service.services.connection.collection('outbox').countDocuments()
    const before = [await reports(), await mails()]
    expect(before[1]).toBeGreaterThan(0)
    await service.restart({ NOW: '2026-12-07T10:30:00+08:00' })
    await service.jobs.scheduler.runOwed()
    for (const name of ['weekly-report', 'monthly-report']) {
      expect((await service.admin.post(`/jobs/${name}/run`)).status).toBe(202)
      await expect.poll(async () => (await lastOf(name))?.manual).toBe(true)
      await expect.poll(async () => (await lastOf(name))?.status, { timeout: 30_000 }).toBe('done')
      expect(await lastOf(name)).toMatchObject({ result: { reports: 0, queued: 0 } })
    }
    expect([await reports(), await mails()]).toEqual(before)
  })

  it('a report whose process ended before it was noted down is noted down by the next run', async () => {
    const collection = (name: string) => service.services.connection.collection(name)
    const [report] = await collection('reports').find({ kind: 'weekly' }).toArray()
    const noted = { action: 'report.make', 'target.id': String(report?._id) }
    const { deletedCount } = await collection('audit').deleteMany(noted)
    expect(deletedCount).toBe(1)
    await collection('reports').updateOne({ _id: report?._id }, { $set: { unnoted: true } })
    const slot = new Date('2026-12-07T00:00:00Z')
    expect(await service.services.reports.make('weekly', slot, [slot], slot)).toMatchObject({ isNew: false })
    expect(await collection('audit').findOne(noted)).toMatchObject({ detail: { digest: report?.digest } })
    expect(await collection('reports').countDocuments({ unnoted: true })).toBe(0)
  })
})
