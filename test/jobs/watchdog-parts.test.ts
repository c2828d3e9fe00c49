/** What one part that hangs, fails or cannot be looked at does to the watch over the others: nothing. */
import { Registry } from 'prom-client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { JobMetrics } from '../../jobs/metrics.ts'
import { Pulses } from '../../jobs/pulses.ts'
import { GRACE_MS, SILENT_MS, STALLED_MS } from '../../jobs/watchdog.ts'
import { NoticeRounds } from '../../server/notices/rounds.ts'
import { QUICK } from './support/agenda.ts'
import { type Bench, createBench, notedJob } from './support/bench.ts'
import { until } from './support/world.ts'

let bench: Bench
/** a clock that nobody sets, in milliseconds */
let monotonic: number
beforeEach(async () => {
  bench = await createBench('2026-11-23T00:00:00+08:00')
  monotonic = 1000
})
afterEach(() => bench.close())

const watched = { rhythm: QUICK, monotonic: () => monotonic }
const ticks = () => bench.connection.collection('agendaJobs')
const never = () => new Promise<never>(() => {})

test('a job whose schedule cannot be read is said so, and the others are told of all the same', async () => {
  const failing = notedJob('0 6 * * *', async () => {
    throw new Error('no figures')
  })
  const scheduler = bench.process(
    [failing, notedJob('0 7 * * *', undefined, { name: 'unreadable' })],
    watched,
  )
  await scheduler.start()
  await until('it ticks', async () => (await scheduler.look()).silent === false)
  const versions = [
    { cron: 'every now and then', from: new Date(0), by: { id: 'x', name: 'x' }, reason: null },
  ]
  await bench.connection.collection('job-schedules').insertOne({ _id: 'unreadable' as never, versions })
  bench.clock.set('2026-11-24T06:30:00+08:00')
  monotonic += GRACE_MS
  await until('the attempt has ended', async () => (await bench.runs('noted'))[0]?.status === 'failed')
  expect((await scheduler.look()).late.map(({ job }) => job.name)).toEqual(['noted'])
  expect(bench.told[0]).toMatchObject({ kind: 'job-late', detail: { job: 'noted' } })
  expect(bench.logged.some((line) => /^error the watchdog cannot look .*"job":"unreadable"/.test(line))).toBe(
    true,
  )
  // Once nothing else is wrong, and it was looked for twice.
  await bench.connection.collection('job-runs').updateMany({}, { $set: { status: 'done' } })
  bench.clock.set('2026-11-23T06:30:00+08:00')
  await scheduler.look()
  expect(scheduler.fault()).toBe('cannot-look: unreadable')
  await bench.connection.collection('job-schedules').deleteMany({})
  await scheduler.look()
  expect(scheduler.fault()).toBeUndefined()
})

test('a tick that hangs or always fails is given up, told of and measured; the others go on', async () => {
  let hung = 0
  const scheduler = bench.process([], {
    ...{ ...watched, tickTimeoutMs: 50 },
    ticks: {
      hanging: () => {
        hung++
        return never()
      },
      failing: async () => {
        throw new Error('no alerts')
      },
      working: async () => {},
    },
  })
  await scheduler.start()
  await until('it is begun anew, three times at most', () => hung === 3)
  await until('it ticks', async () => (await scheduler.look()).silent === false)
  monotonic += STALLED_MS
  await until('the working one succeeds again', async () => {
    const { stalled } = await scheduler.look()
    return stalled.length === 2 && !stalled.includes('working')
  })
  expect(hung).toBe(3)
  expect(bench.told.map(({ key, kind }) => [key, kind]).slice(0, 3)).toEqual(
    expect.arrayContaining([
      ['job-late:hanging:2026-11-22', 'job-late'],
      ['job-late:failing:2026-11-22', 'job-late'],
    ]),
  )
  await until('no tick is missed', async () => (await scheduler.look()).silent === false)
  expect(scheduler.fault()).toBe('stalled: hanging, failing')

  const registry = new Registry()
  const mails = { counts: async () => ({}), stuck: async () => ({ oldestDueAt: null }) }
  bench.clock.pass(2)
  const { pulses, states } = scheduler
  new JobMetrics().register(registry, { clock: bench.clock, states, mails, pulses: () => pulses.latest() })
  expect(await registry.metrics()).toMatch(/^fleet_tick_age_seconds{tick="working"} 120$/m)
})

test('a success is written down once a minute', async () => {
  const pulses = new Pulses(bench.connection, () => monotonic)
  pulses.expect('noted', 'never')
  for (const ms of [0, 1000, 58_999, 1]) {
    monotonic += ms
    await pulses.beat('noted', bench.clock.now())
  }
  expect(await pulses.latest()).toMatchObject([{ _id: 'noted', beats: 2 }])
})

test('one tick of many whose document is gone is started anew', async () => {
  const job = notedJob('0 6 * * *')
  const other = notedJob('0 6 * * *', undefined, { name: 'other' })
  const scheduler = bench.process([job, other], watched)
  await scheduler.start()
  const ticked = () => ticks().countDocuments({ name: 'noted', lastRunAt: { $ne: null } })
  await until('both tick', async () => (await ticks().countDocuments({ lastRunAt: { $ne: null } })) === 2)
  await scheduler.look()
  await until('it is gone', async () => {
    await ticks().deleteMany({ name: 'noted' })
    await new Promise((done) => setTimeout(done, 1500))
    return (await ticked()) === 0
  })
  await scheduler.look()
  // The other one ticks all the while.
  await until('the other ticks', async () => {
    const before = (await ticks().findOne({ name: 'other' }))?.lastRunAt?.getTime()
    await new Promise((done) => setTimeout(done, 1100))
    return (await ticks().findOne({ name: 'other' }))?.lastRunAt?.getTime() !== before
  })
  monotonic += SILENT_MS
  expect((await scheduler.look()).silent).toBe(true)
  await until('it ticks again', async () => (await ticked()) === 1)
  await until('nothing is wrong', async () => !(await scheduler.look()).silent)
})

test('a part of a round that hangs is left out until it ends, and the round is no success', async () => {
  const faults: string[] = []
  const rounds = new NoticeRounds({ error: (_, message) => faults.push(message) }, 300)
  let begun = 0
  let end = () => {}
  let later = 0
  let successes = 0
  rounds.onSuccess(async () => void successes++)
  rounds.add(() => {
    begun++
    return new Promise<void>((resolve) => {
      end = resolve
    })
  })
  rounds.add(async () => void later++)
  await rounds.run()
  await rounds.run()
  expect([begun, later, successes]).toEqual([1, 2, 0])
  expect(faults).toEqual(['telling people hangs: the round goes on without it'])
  end()
  await new Promise((done) => setImmediate(done))
  const round = rounds.run()
  await until('it is begun again', () => begun === 2)
  end()
  await round
  expect([later, successes]).toEqual([3, 1])
})
