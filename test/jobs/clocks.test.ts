import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bench, createBench, heldWork, isos, type NotedJob, notedJob } from './support/bench.ts'
import { until } from './support/world.ts'

let bench: Bench
let job: NotedJob
beforeEach(async () => {
  bench = await createBench('2026-11-23T00:00:00+08:00')
  job = notedJob('0 6 * * *')
  const process = bench.process([job])
  await process.runOwed()
  bench.clock.set('2026-11-23T06:00:00+08:00')
  await process.runOwed()
})
afterEach(() => bench.close())

const slots = () => isos(job.calls.map(({ slot }) => slot)).map((iso) => iso.slice(0, 10))

test('a clock set back by a day owes nothing twice', async () => {
  const process = bench.process([job])
  for (const iso of ['2026-11-22T06:00:00+08:00', '2026-11-22T23:00:00+08:00', '2026-11-23T06:00:00+08:00']) {
    bench.clock.set(iso)
    await process.runOwed()
  }
  expect(slots()).toEqual(['2026-11-22'])
  bench.clock.set('2026-11-24T06:00:00+08:00')
  await process.runOwed()
  expect(slots()).toEqual(['2026-11-22', '2026-11-23'])
})

test('a clock set forward owes once, and what it did ahead of time is not done again when the time comes', async () => {
  const process = bench.process([job])
  bench.clock.set('2026-11-24T07:00:00+08:00')
  await process.runOwed()
  bench.clock.set('2026-11-23T07:00:00+08:00')
  await process.runOwed()
  bench.clock.set('2026-11-24T06:00:00+08:00')
  await process.runOwed()
  expect(slots()).toEqual(['2026-11-22', '2026-11-23'])
})

test('a clock that ran a year ahead for a moment does not keep the year’s slots from coming', async () => {
  const process = bench.process([job])
  bench.clock.set('2027-11-23T07:00:00+08:00')
  await process.runOwed()
  expect(job.calls.at(-1)?.covers).toHaveLength(365)
  bench.clock.set('2026-11-23T07:00:00+08:00')
  await process.runOwed()
  bench.clock.set('2026-11-24T06:00:00+08:00')
  await process.runOwed()
  expect(slots()).toEqual(['2026-11-22', '2027-11-22', '2026-11-23'])
})

test('a machine’s clock set back does not make a lease eternal for its own process, nor let others in', async () => {
  const { work, waiting } = heldWork()
  let machine = new Date('2026-11-24T06:00:00+08:00')
  const own = { machineNow: () => machine, leaseMs: 90 }
  const held = bench.process([notedJob('0 6 * * *', work)], own)
  bench.clock.set('2026-11-24T06:00:00+08:00')
  const running = held.runOwed()
  await until('it runs', () => waiting.length === 1)
  machine = new Date('2026-11-23T06:00:00+08:00')
  await bench.process([job], { machineNow: () => machine }).runOwed()
  expect(slots()).toEqual(['2026-11-22'])
  // Its next sign of life is by the clock as it is now.
  await until('the lease is by the new clock', async () => {
    const lease = (await bench.runs('noted')).at(-1)?.lease
    return (lease?.until.getTime() ?? Infinity) < machine.getTime() + 1000
  })
  waiting[0]?.resolve({})
  await running
  expect((await bench.runs('noted')).map(({ status }) => status)).toEqual(['done', 'done'])
})
