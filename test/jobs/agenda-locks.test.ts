/**
 * Faults of Agenda that concern locks, ends and starts. Each test shows first what Agenda does by itself, on the real
 * database, and then that the schedule holds; the comment names the defence, without which the second part fails.
 */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SILENT_MS } from '../../jobs/watchdog.ts'
import { connectMongoose } from '../../server/database/connect.ts'
import { type BareAgendas, bareAgendas, passing, QUICK } from './support/agenda.ts'
import { type Bench, createBench, heldWork, meeting, notedJob } from './support/bench.ts'
import { until } from './support/world.ts'

let bench: Bench
let bare: BareAgendas
beforeEach(async () => {
  bench = await createBench('2026-11-23T00:00:00+08:00')
  bare = bareAgendas(bench.connection)
})
afterEach(async () => {
  await bare.stop()
  await bench.close()
})

/** Long enough for a machine that stalls for a moment not to lose it. */
const LEASE_MS = 6_000

const ticks = () => bench.connection.collection('agendaJobs')

// Defence: the lease is renewed while the job lives (Runner's heartbeat).
test('6. a lock that runs out doubles a job that is alive', async () => {
  let alive = 0
  // None ends before the other has begun.
  const both = meeting(2)
  const slow = async () => {
    alive++
    await both(null)
  }
  for (let i = 0; i < 2; i++) {
    const agenda = bare.make()
    agenda.define('noted', slow, { lockLifetime: 150, concurrency: 1 })
    if (i === 0) await agenda.now('noted', {})
    await agenda.start()
  }
  await until('it runs twice', () => alive > 1)

  const { work, waiting } = heldWork()
  const jobs = [notedJob('0 6 * * *', work), notedJob('0 6 * * *', work)]
  const processes = jobs.map((job) => bench.process([job], { leaseMs: LEASE_MS }))
  for (const process of processes) await process.runOwed()
  bench.clock.set('2026-11-23T06:00:00+08:00')
  const running = processes[0]?.runOwed()
  await until('it runs', () => waiting.length === 1)
  for (let i = 0; i < 5; i++) {
    await passing(LEASE_MS / 3)
    await processes[1]?.runOwed()
  }
  expect(waiting).toHaveLength(1)
  waiting[0]?.resolve({})
  await running
})

// Defence: lockLimit 1 of the ticks, and Ticker.stop, which gives back what is locked.
test('7. what was locked ahead stays locked after the end', async () => {
  const agenda = bare.make()
  let started = 0
  agenda.define(
    'noted',
    async () => {
      started++
      await passing(400)
    },
    { concurrency: 1 },
  )
  for (let i = 0; i < 3; i++) await agenda.now('noted', { i })
  await agenda.start()
  await until('one runs', () => started === 1)
  await agenda.drain({ timeout: 5000, closeConnection: false })
  expect(await bare.jobs.countDocuments({ lockedAt: { $ne: null } })).toBeGreaterThan(0)

  const process = bench.process([notedJob('0 6 * * *')], { rhythm: { cron: '*/2 * * * * *', pollMs: 1500 } })
  await process.start()
  await until(
    'a tick is locked ahead',
    async () => (await ticks().countDocuments({ lockedAt: { $ne: null } })) === 1,
  )
  await process.stop()
  expect(await ticks().countDocuments({ lockedAt: { $ne: null } })).toBe(0)
})

// Defence: the watchdog, outside of Agenda, which has the ticks written anew (Watchdog.look).
test('8. a crash in the middle, or a clock that ran ahead, leaves a lock that starves the job', async () => {
  const ahead = new Date(Date.now() + 24 * 3_600_000)
  let bareRuns = 0
  const agenda = bare.make()
  agenda.define('noted', async () => void bareRuns++)
  await agenda.every('* * * * * *', 'noted')
  await bare.jobs.updateOne({ name: 'noted' }, { $set: { lockedAt: ahead } })
  await agenda.start()
  await passing(2500)
  expect(bareRuns).toBe(0)

  let monotonic = 1000
  const process = bench.process([notedJob('0 6 * * *')], { rhythm: QUICK, monotonic: () => monotonic })
  const ticked = async () => (await ticks().countDocuments({ lastRunAt: { $ne: null } })) === 1
  await process.start()
  await until('it ticks', ticked)
  await until('no tick is under way', async () => {
    const { modifiedCount } = await ticks().updateOne(
      { lockedAt: null },
      { $set: { lockedAt: ahead, lastRunAt: null } },
    )
    return modifiedCount === 1
  })
  await process.look()
  await passing(2500)
  expect(await ticked()).toBe(false)
  monotonic += SILENT_MS
  await process.look()
  await until('it ticks again', ticked)
})

// Defence: a slot is claimed by a unique document (index job + slot of `job-runs`).
test('11. nothing of Agenda’s keeps processes that start together from ticking twice', async () => {
  let bareRuns = 0
  const agenda = bare.make()
  agenda.define('noted', async () => void bareRuns++)
  await agenda.every('0 6 1 1 *', 'noted')
  const [document] = await bare.jobs.find().toArray()
  const { _id, ...copy } = document ?? {}
  // What two processes make that start on an empty database in the same moment.
  await bare.jobs.insertOne(copy)
  await bare.jobs.updateMany({}, { $set: { nextRunAt: new Date() } })
  await agenda.start()
  await until('both run', () => bareRuns === 2)

  const job = notedJob('0 6 * * *', async () => {
    await passing(20)
    return {}
  })
  await bench.process([job]).runOwed()
  bench.clock.set('2026-11-23T06:00:00+08:00')
  const processes = Array.from({ length: 4 }, () => bench.process([job], { rhythm: QUICK }))
  await Promise.all(processes.map((process) => process.start()))
  await Promise.all(processes.flatMap((process) => [process.runOwed(), process.runOwed()]))
  await until('the run is over', async () => (await bench.runs('noted'))[0]?.status === 'done')
  expect(job.calls).toHaveLength(1)
  expect(await bench.runs('noted')).toMatchObject([{ status: 'done', attempts: 1 }])
})

// Defence: Ticker listens to `error`, and removes documents of jobs that are no longer defined.
test('12. an error without a listener is not heard of, and a renamed job leaves an orphan', async () => {
  const own = await connectMongoose(bench.uri)
  const agenda = bare.make()
  agenda.define('noted', async () => {})
  await bare.jobs.insertOne({ name: 'renamed', type: 'single', nextRunAt: new Date() })
  await agenda.start()
  await passing(300)
  expect(() => agenda.emit('error', new Error('no connection'))).not.toThrow()
  expect(await bare.jobs.findOne({ name: 'renamed' })).not.toHaveProperty('lastRunAt')

  await ticks().insertOne({ name: 'renamed', type: 'single', nextRunAt: new Date() })
  const process = bench.process([notedJob('0 6 * * *')], { connection: own, rhythm: QUICK })
  await process.start()
  expect((await ticks().find().toArray()).map(({ name }) => name)).toEqual(['noted'])
  await own.close()
  await until('the error is logged', () => bench.logged.some((line) => line.startsWith('error agenda error')))
})
