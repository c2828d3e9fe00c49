import { afterEach, beforeEach, expect, test } from 'vitest'
import { Schedules } from '../../jobs/schedules.ts'
import { type Bench, createBench, heldWork, isos, meeting, notedJob } from './support/bench.ts'
import { until } from './support/world.ts'

const BY = { id: 'a'.repeat(24), name: '管理员' }
let bench: Bench
beforeEach(async () => {
  bench = await createBench('2026-11-23T00:00:00+08:00')
})
afterEach(() => bench.close())

test('past slots of the new schedule are not owed; what the old one owed stays owed', async () => {
  const job = notedJob('0 6 * * *')
  const process = bench.process([job])
  await process.runOwed()
  bench.clock.set('2026-11-23T05:00:00+08:00')
  // By the new one it would have been due at 04:00.
  await process.reschedule('noted', { cron: '0 4 * * *', by: BY })
  bench.clock.set('2026-11-23T23:00:00+08:00')
  await process.runOwed()
  expect(job.calls).toEqual([])

  bench.clock.set('2026-11-24T05:00:00+08:00')
  // 04:00 is owed and not yet made good when the schedule is edited again.
  await process.reschedule('noted', { cron: '0 9 * * *', by: BY })
  await process.runOwed()
  expect(job.calls.map(({ slot }) => slot)).toEqual([new Date('2026-11-24T04:00:00+08:00')])
  bench.clock.set('2026-11-24T09:00:00+08:00')
  await process.runOwed()
  await process.runOwed()
  expect(isos(job.calls.map(({ slot }) => slot))).toEqual([
    '2026-11-23T20:00:00.000Z',
    '2026-11-24T01:00:00.000Z',
  ])
})

test('another process judges by the edit at its next tick', async () => {
  const [here, there] = [notedJob('0 6 * * *'), notedJob('0 6 * * *')]
  const [one, other] = [bench.process([here]), bench.process([there])]
  await other.runOwed()
  await one.reschedule('noted', { cron: '30 1 * * *', by: BY })
  bench.clock.set('2026-11-23T01:30:00+08:00')
  await other.runOwed()
  expect(there.calls).toHaveLength(1)
  bench.clock.set('2026-11-23T06:00:00+08:00')
  await other.runOwed()
  await one.runOwed()
  expect([there.calls.length, here.calls.length]).toEqual([1, 0])
})

test('edited while its job runs: the run ends under its old slot, and the next follows the new schedule', async () => {
  const { work, waiting } = heldWork()
  const job = notedJob('0 6 * * *', work)
  const process = bench.process([job])
  await process.runOwed()
  bench.clock.set('2026-11-23T06:00:00+08:00')
  const running = process.runOwed()
  await until('it runs', () => waiting.length === 1)
  await process.reschedule('noted', { cron: '1 * * * *', by: BY })
  bench.clock.set('2026-11-23T06:02:00+08:00')
  // The new slot of 06:01 is owed, and waits for the run that is alive.
  await bench.process([notedJob('0 6 * * *')]).runOwed()
  expect(isos((await bench.runs('noted')).map(({ slot }) => slot))).toEqual(['2026-11-22T22:00:00.000Z'])
  waiting[0]?.resolve({ done: 1 })
  await running
  const again = process.runOwed()
  await until('the next runs', () => waiting.length === 2)
  waiting[1]?.resolve({})
  await again
  expect(
    (await bench.runs('noted')).map(({ slot, status, result }) => [slot.toISOString(), status, result]),
  ).toEqual([
    ['2026-11-22T22:00:00.000Z', 'done', { done: 1 }],
    ['2026-11-22T22:01:00.000Z', 'done', {}],
  ])
})

test('back to the default, which is a version like any other', async () => {
  const job = notedJob('0 6 * * *')
  const process = bench.process([job])
  await process.reschedule('noted', { cron: '0 9 * * 1', by: BY, reason: '周一再查' })
  expect((await process.list())[0]).toMatchObject({
    ...{ cron: '0 9 * * 1', defaultCron: '0 6 * * *', nextRunAt: '2026-11-23T01:00:00.000Z' },
    edited: { by: '管理员', reason: '周一再查', reset: false, at: '2026-11-22T16:00:00.000Z' },
  })
  bench.clock.set('2026-11-23T12:00:00+08:00')
  await process.reschedule('noted', { cron: null, by: BY })
  const [view] = await process.list()
  expect(view).toMatchObject({ cron: '0 6 * * *', edited: { reset: true } })
  expect(view?.nextSlots).toEqual([24, 25, 26, 27, 28].map((day) => `2026-11-${day - 1}T22:00:00.000Z`))
  // Monday 09:00 was due by then.
  await process.runOwed()
  expect(isos(job.calls.map(({ slot }) => slot))).toEqual(['2026-11-23T01:00:00.000Z'])
  // The same again is no edit.
  await process.reschedule('noted', { cron: null, by: BY })
  const kept = await bench.connection.collection('job-schedules').findOne({})
  expect(kept?.versions).toHaveLength(2)
})

test.each([
  ['the first one', []],
  ['a later one', ['0 9 * * *']],
])('of edits at the same time one is taken, and the others are told: %s', async (_, before) => {
  const job = notedJob('0 6 * * *')
  for (const cron of before) await bench.process([job]).reschedule('noted', { cron, by: BY })
  const crons = ['0 1 * * *', '0 2 * * *', '0 3 * * *']
  // Each has read what there is before any of them writes.
  const met = meeting(crons.length)
  const edits = await Promise.allSettled(
    crons.map((cron) => {
      const schedules = new Schedules(bench.connection, 'Asia/Shanghai')
      const read = schedules.versions.bind(schedules)
      schedules.versions = async (name) => met(await read(name))
      return schedules.edit(job, { cron, by: BY }, bench.clock.now())
    }),
  )
  const taken = crons.filter((_, i) => edits[i]?.status === 'fulfilled')
  const kept = await bench.connection.collection('job-schedules').findOne({})
  expect(taken).toHaveLength(1)
  expect(kept?.versions.map(({ cron }: { cron: string }) => cron)).toEqual([...before, ...taken])
  for (const edit of edits)
    if (edit.status === 'rejected')
      expect(edit.reason).toMatchObject({ status: 409, code: 'job.schedule-changed' })
})

test('a version never begins before the one that it follows, whatever its machine’s clock says', async () => {
  const process = bench.process([notedJob('0 6 * * *')])
  await process.reschedule('noted', { cron: '0 1 * * *', by: BY })
  bench.clock.set('2026-11-22T12:00:00+08:00')
  await process.reschedule('noted', { cron: '0 2 * * *', by: BY })
  const kept = await bench.connection.collection('job-schedules').findOne({})
  expect(kept?.versions.map(({ from }: { from: Date }) => from)).toEqual([
    ...[new Date('2026-11-23T00:00:00+08:00'), new Date('2026-11-23T00:00:00+08:00')],
  ])
})

test('a run by hand at the very instant of a slot does not stand for it', async () => {
  const job = notedJob('0 6 * * *')
  const process = bench.process([job])
  await process.runOwed()
  bench.clock.set('2026-11-23T06:00:00+08:00')
  await process.runNow('noted')
  await until('it is done', async () => (await bench.runs('noted'))[0]?.status === 'done')
  await process.runOwed()
  expect(job.calls.map(({ manual }) => manual)).toEqual([true, false])
})
