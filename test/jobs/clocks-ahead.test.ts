/** What a clock that ran far ahead has written is believed no more once it is put right. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LEASE_MS } from '../../jobs/runs.ts'
import { type Bench, createBench, heldWork, type NotedJob, notedJob } from './support/bench.ts'
import { until } from './support/world.ts'

let bench: Bench
let job: NotedJob
beforeEach(async () => {
  bench = await createBench('2026-11-23T00:00:00+08:00')
  job = notedJob('0 6 * * *')
})
afterEach(() => bench.close())

const YEAR_MS = 365 * 86_400_000
const by = { id: 'a'.repeat(24), name: 'Li' }

test('a run whose lease was written a year ahead is dead, and taken over', async () => {
  const start = new Date('2026-11-23T00:00:00+08:00')
  let machine = new Date(start.getTime() + YEAR_MS)
  const process = bench.process([job], { machineNow: () => machine, leaseMs: 300 })
  await process.runOwed()
  bench.clock.set('2026-11-23T06:00:00+08:00')
  const { work, waiting } = heldWork()
  const dying = bench.process([notedJob('0 6 * * *', work)], { machineNow: () => machine, leaseMs: 60_000 })
  void dying.runOwed()
  await until('it runs', () => waiting.length === 1)
  machine = start
  expect(await process.list()).toMatchObject([{ running: false, lastRun: { fault: 'interrupted' } }])
  await process.runOwed()
  // For as long as a lease lasts it may still give a sign of life.
  expect(job.calls).toHaveLength(0)
  await until('it is taken over', async () => {
    await process.runOwed()
    return job.calls.length === 1
  })
  expect(await bench.runs('noted')).toMatchObject([{ status: 'done', attempts: 2 }])
})

test('one whose clock is a little ahead is alive', async () => {
  const { work, waiting } = heldWork()
  const ahead = new Date(Date.now() + LEASE_MS / 2)
  const other = bench.process([notedJob('0 6 * * *', work)], { machineNow: () => ahead })
  await bench.process([job]).runOwed()
  bench.clock.set('2026-11-23T06:00:00+08:00')
  const running = other.runOwed()
  await until('it runs', () => waiting.length === 1)
  await bench.process([job]).runOwed()
  expect(job.calls).toHaveLength(0)
  waiting[0]?.resolve({})
  await running
})

test('an installation dated a year ahead owes what is due from now on', async () => {
  bench.clock.set('2027-11-23T00:00:00+08:00')
  const process = bench.process([job])
  await process.runOwed()
  bench.clock.set('2026-11-23T05:00:00+08:00')
  await process.runOwed()
  bench.clock.set('2026-11-24T06:00:00+08:00')
  await process.runOwed()
  expect(job.calls.map(({ covers }) => covers.length)).toEqual([2])
})

test('an edit made a year ahead is not in force, and keeps no later one from it', async () => {
  const process = bench.process([job])
  bench.clock.set('2027-11-23T00:00:00+08:00')
  await process.reschedule('noted', { cron: '0 9 * * *', by })
  bench.clock.set('2026-11-23T00:00:00+08:00')
  await process.reschedule('noted', { cron: '0 10 * * *', by })
  expect(await process.list()).toMatchObject([
    { cron: '0 10 * * *', edited: { at: '2026-11-22T16:00:00.000Z' }, nextRunAt: '2026-11-23T02:00:00.000Z' },
  ])
  // Back to what it was before the clock ran ahead.
  await process.reschedule('noted', { cron: null, by })
  expect((await process.list())[0]?.nextRunAt).toBe('2026-11-22T22:00:00.000Z')
  await Promise.allSettled(
    ['0 7 * * *', '0 8 * * *'].map((cron) => process.reschedule('noted', { cron, by })),
  )
  const kept = await bench.connection.collection('job-schedules').findOne()
  expect(kept?.versions.length).toBeGreaterThanOrEqual(3)
})

test('a success dated a year ahead is not the last one', async () => {
  const check = notedJob('0 6 * * *', undefined, { name: 'daily-check', owedAtFirst: 'latest' })
  const process = bench.process([check])
  bench.clock.set('2027-11-23T00:00:00+08:00')
  await process.runOwed()
  bench.clock.set('2026-11-24T05:00:00+08:00')
  await process.runOwed()
  bench.clock.set('2026-11-26T12:00:00+08:00')
  const health = await process.health()
  expect(health.dailyCheck).toEqual({ lastSuccessAt: '2026-11-23T21:00:00.000Z', stale: true })
  expect((await process.list())[0]?.lastSuccessAt).toBe('2026-11-23T21:00:00.000Z')
})
