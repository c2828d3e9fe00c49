import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bench, createBench, heldWork, notedJob } from './support/bench.ts'
import { until } from './support/world.ts'

let bench: Bench
/** The machine's clock, which leases go by. */
let machine: Date
const machineNow = () => machine
const short = { machineNow, leaseMs: 60_000 }
const runs = () => bench.runs('noted')

beforeEach(async () => {
  bench = await createBench('2026-11-23T00:00:00+08:00')
  machine = new Date('2026-11-23T00:00:00+08:00')
  await bench.process([notedJob('0 6 * * *')]).runOwed()
  bench.clock.set('2026-11-23T06:00:00+08:00')
})
afterEach(() => bench.close())

test('a job that hangs is timed out, told, asked to stop, and tried again', async () => {
  const { work, waiting } = heldWork()
  const job = notedJob('0 6 * * *', work, { timeoutMs: 3_000 })
  const seen: string[] = []
  const process = bench.process([job], { observe: (name, outcome) => seen.push(`${name} ${outcome}`) })
  await process.runOwed()
  expect(job.calls[0]?.signal.aborted).toBe(true)
  expect((await runs())[0]).toMatchObject({
    ...{ status: 'failed', fault: 'timed-out', attempts: 1 },
    error: 'timed-out: not done after 3 s',
    nextTryAt: new Date('2026-11-23T06:01:00+08:00'),
  })
  expect((await process.list())[0]?.lastRun).toMatchObject({ fault: 'timed-out' })
  expect(bench.told).toEqual([
    {
      ...{ key: 'job-failed:noted:2026-11-22T22:00:00.000Z', kind: 'job-failed' },
      detail: expect.objectContaining({ job: 'noted', slot: '2026-11-22T22:00:00.000Z' }),
    },
  ])

  bench.clock.pass(1)
  // Another process: in this one the first is still at work, and none is begun beside it.
  job.timeoutMs = 10_000
  await process.runOwed()
  expect(waiting).toHaveLength(1)
  await expect(process.runNow('noted')).rejects.toMatchObject({ status: 409 })
  const observe = (name: string, outcome: string) => seen.push(`${name} ${outcome}`)
  const again = bench.process([job], { observe }).runOwed()
  await until('it is tried again', () => waiting.length === 2)
  // The first one ends after all, while the second is at work: as nothing.
  waiting[0]?.resolve({ late: 1 })
  await until('it is noted', () => bench.logged.some((line) => line.includes('has ended after all')))
  expect((await runs())[0]).toMatchObject({ status: 'running', result: null })
  waiting[1]?.resolve({ second: 1 })
  await again
  expect((await runs())[0]).toMatchObject({ status: 'done', fault: null, attempts: 2, result: { second: 1 } })
  expect(seen).toEqual(['noted timed-out', 'noted done'])
})

test('a run whose process was suspended beyond its lease does not write its end over the taker’s', async () => {
  const suspended = heldWork()
  const taker = heldWork()
  const [first, second] = [notedJob('0 6 * * *', suspended.work), notedJob('0 6 * * *', taker.work)]
  const early = bench.process([first], short).runOwed()
  await until('the first is at work', () => suspended.waiting.length === 1)
  machine = new Date(machine.getTime() + 61_000)
  const late = bench.process([second], short).runOwed()
  await until('it was taken over', () => taker.waiting.length === 1)
  suspended.waiting[0]?.resolve({ first: 1 })
  await early
  expect((await runs())[0]).toMatchObject({ status: 'running', attempts: 2, result: null })
  expect(bench.logged.filter((line) => line.includes('taken over by another process'))).toHaveLength(1)
  taker.waiting[0]?.resolve({ second: 1 })
  await late
  expect((await runs())[0]).toMatchObject({ status: 'done', result: { second: 1 } })
  expect((await runs())[0]?.failures).toMatchObject([{ fault: 'interrupted' }])
})

test('nor its failure; and it is asked to stop as soon as it gives a sign of life', async () => {
  const suspended = heldWork()
  const taker = heldWork()
  const first = notedJob('0 6 * * *', suspended.work)
  // The taker’s machine runs an hour ahead.
  const quick = { machineNow: () => new Date('2026-11-23T00:00:00+08:00'), leaseMs: 90 }
  const early = bench.process([first], quick).runOwed()
  await until('the first is at work', () => suspended.waiting.length === 1)
  machine = new Date(machine.getTime() + 3_600_000)
  const takerRun = bench.process([notedJob('0 6 * * *', taker.work)], short).runOwed()
  await until('it was taken over', () => taker.waiting.length === 1)
  await early
  expect(first.calls[0]?.signal.reason).toMatchObject({ name: 'LostRun' })
  suspended.waiting[0]?.reject(new Error('too late'))
  taker.waiting[0]?.resolve({})
  await takerRun
  expect((await runs())[0]).toMatchObject({ status: 'done', error: null })
  expect(bench.told).toEqual([])
})

test('a service that stops asks its job to, and another process goes on at once', async () => {
  const job = notedJob('0 6 * * *', ({ signal }) => {
    return new Promise((_, reject) =>
      signal.addEventListener('abort', () => reject(new Error('stopped between batches'))),
    )
  })
  const leaving = bench.process([job], short)
  const running = leaving.runOwed()
  await until('it runs', () => job.calls.length === 1)
  await leaving.stop()
  await running
  const next = notedJob('0 6 * * *')
  // No time passes: its lease would have lasted for a minute.
  await bench.process([next], short).runOwed()
  expect(next.calls).toHaveLength(1)
  expect((await runs())[0]).toMatchObject({ status: 'done', attempts: 2 })
})

test('one that does not listen is left, and given back, when the patience is over', async () => {
  const { work, waiting } = heldWork()
  const job = notedJob('0 6 * * *', work)
  const leaving = bench.process([job], short)
  await leaving.start()
  await until('it runs', () => waiting.length === 1)
  await leaving.stop(50)
  const next = notedJob('0 6 * * *')
  await bench.process([next], short).runOwed()
  expect(next.calls).toHaveLength(1)
  waiting[0]?.resolve({})
})

test('what fails four times is told once; what comes right before is not', async () => {
  let failures = 3
  const job = notedJob('0 6 * * *', async () => {
    if (failures-- > 0) throw new Error('the figures are not there')
    return {}
  })
  const process = bench.process([job])
  for (const pause of [0, 1, 5, 15]) {
    bench.clock.pass(pause)
    await process.runOwed()
  }
  expect((await runs())[0]).toMatchObject({ status: 'done', attempts: 4 })
  expect(bench.told).toEqual([])
  bench.clock.set('2026-11-24T06:00:00+08:00')
  failures = 5
  for (const pause of [0, 1, 5, 15, 60, 60]) {
    bench.clock.pass(pause)
    await process.runOwed()
  }
  expect((await runs())[1]).toMatchObject({ status: 'done', attempts: 6 })
  expect(new Set(bench.told.map(({ key }) => key)).size).toBe(1)
  expect(bench.told[0]?.detail).toMatchObject({ reason: 'the figures are not there' })
})

test('a job that its process dies of rests after five attempts', async () => {
  for (let attempt = 1; attempt <= 5; attempt++) {
    const dying = bench.process([notedJob('0 6 * * *', heldWork().work)], short)
    void dying.runOwed()
    await until('it runs', async () => (await runs())[0]?.attempts === attempt)
    machine = new Date(machine.getTime() + 61_000)
  }
  const job = notedJob('0 6 * * *')
  const process = bench.process([job], short)
  await process.runOwed()
  expect(job.calls).toHaveLength(0)
  bench.clock.pass(15)
  await process.runOwed()
  expect(job.calls).toHaveLength(1)
})

test('a run whose process died is shown as interrupted, also before anybody takes it over', async () => {
  const process = bench.process([notedJob('0 6 * * *', heldWork().work)], short)
  await process.runNow('noted')
  await until('it runs', async () => (await process.list())[0]?.running === true)
  expect((await process.list())[0]?.lastRun).toMatchObject({ status: 'running', fault: null })
  machine = new Date(machine.getTime() + 61_000)
  const seen = { status: 'failed', fault: 'interrupted', manual: true }
  expect(await process.list()).toMatchObject([{ running: false, lastRun: seen }])
  expect((await process.runs('noted', { limit: 5 })).items).toMatchObject([seen])
})
