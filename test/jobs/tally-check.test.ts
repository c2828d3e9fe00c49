import { afterAll, beforeAll, expect, it } from 'vitest'
import { vehicleOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { ranFor, until } from './support/world.ts'

let service: TestService
beforeAll(async () => {
  service = await startTestService({ NOW: '2026-05-10T10:00:00+08:00' })
  await service.admin.mustChange({ kind: 'added', on: '2026-05-02', vehicle: vehicleOf(1) })
  await service.restart({ NOW: '2026-07-20T10:00:00+08:00' })
})
afterAll(() => service.close())

const job = async () => {
  const jobs = await service.jobs.scheduler.list()
  const found = jobs.find(({ name }) => name === 'tally-check')
  if (!found) throw new Error('there is no such job')
  return found
}
const mendings = async () =>
  (await service.admin.get<{ items: { detail: { differences: number } }[] }>('/audit?action=figures.mend'))
    .body.items

it('is due at half past three, and what it found is shown', async () => {
  // Half past three in Nanping on that day.
  await ranFor(service, 'tally-check', '2026-07-19T19:30:00.000Z')
  const { cron, lastRun } = await job()
  expect(cron).toBe('30 3 * * *')
  expect(lastRun?.result).toMatchObject({ months: 2, differences: 0 })
  expect(await mendings()).toEqual([])
})

it('puts right what is kept and says so in the audit log, once', async () => {
  const closings = service.services.connection.collection('closings')
  const [may, june] = await closings.find().sort({ to: 1 }).toArray()
  await closings.updateOne({ _id: may?._id }, { $set: { cells: june?.cells } })
  for (const differs of [true, false]) {
    const { status } = await service.admin.post('/jobs/tally-check/run')
    expect(status).toBe(202)
    await until('it has run', async () => {
      const { running, lastRun } = await job()
      return !running && lastRun?.manual === true && (lastRun.result?.differences ?? 0) > 0 === differs
    })
  }
  expect((await mendings()).length).toBe(1)
  const mended = await closings.findOne({ _id: may?._id })
  expect({ ...mended, tag: '' }).toEqual({ ...may, tag: '' })
})

it('tells the administrators, once a recount', async () => {
  const notices = service.services.connection.collection('notices')
  const told = await notices.find({ kind: 'figures-mended' }).toArray()
  expect(told).toHaveLength(1)
  expect(told[0]).toMatchObject({ link: '/audit?action=figures.mend' })
})

it('is noted and told before it is put right, and stops between two months when it is told to', async () => {
  const { tallyCheck, connection, clock } = service.services
  const closings = connection.collection('closings')
  const [may, june] = await closings.find().sort({ to: 1 }).toArray()
  await closings.updateOne({ _id: may?._id }, { $set: { cells: june?.cells } })
  const died = { note: () => Promise.reject(new Error('the process ended')) }
  await expect(tallyCheck.check(clock.now(), died)).rejects.toThrow('the process ended')
  const stopping = new AbortController()
  const noted: number[] = []
  const note = async (differences: readonly object[]) => {
    noted.push(differences.length)
    stopping.abort(new Error('the service stops'))
  }
  await expect(tallyCheck.check(clock.now(), { note, signal: stopping.signal })).rejects.toThrow('stops')
  expect(noted).toHaveLength(1)
  // The month that was begun was put right, and nothing is found any more.
  expect((await tallyCheck.check(clock.now())).differences).toEqual([])
})
