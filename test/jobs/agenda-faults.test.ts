/**
 * Faults of Agenda that concern when something runs. Each test shows first what Agenda does by itself, on the real
 * database, and then that the schedule holds; the comment names the defence, without which the second part fails.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SCHEDULE, scheduleOf } from '../../jobs/schedule.ts'
import { createScheduler } from '../../jobs/scheduler.ts'
import { latestSlot } from '../../jobs/slots.ts'
import { type BareAgendas, bareAgendas, passing } from './support/agenda.ts'
import { type Bench, createBench, isos, notedJob } from './support/bench.ts'
import { until } from './support/world.ts'

const HOUR_MS = 3_600_000
const ownZone = process.env.TZ
let bench: Bench
let bare: BareAgendas

beforeEach(async () => {
  process.env.TZ = 'UTC'
  bench = await createBench('2026-11-23T00:00:00+08:00')
  bare = bareAgendas(bench.connection)
})
afterEach(async () => {
  await bare.stop()
  await bench.close()
  if (ownZone === undefined) delete process.env.TZ
  else process.env.TZ = ownZone
})

/** The bare job `noted`, with a time at which it is overdue. */
const overdueBy = (ms: number) =>
  bare.jobs.updateOne({ name: 'noted' }, { $set: { nextRunAt: new Date(Date.now() - ms), lastRunAt: null } })

// Defence: what is owed is computed from the ledger of runs (RunLedger.owed), not from Agenda's nextRunAt.
test('1. an overdue run is wiped at boot', async () => {
  let bareRuns = 0
  const agenda = bare.make()
  agenda.define('noted', async () => void bareRuns++)
  await agenda.every('0 6 1 1 *', 'noted')
  await overdueBy(7 * HOUR_MS)
  await agenda.every('0 6 1 1 *', 'noted')
  await agenda.start()
  await passing(500)
  expect(bareRuns).toBe(0)

  const job = notedJob('0 6 * * *')
  await bench.process([job]).runOwed()
  bench.clock.set('2026-11-23T13:00:00+08:00')
  await bench.process([job]).start()
  await until('the overdue run is made', () => job.calls.length === 1)
  expect(isos(job.calls.map(({ slot }) => slot))).toEqual(['2026-11-22T22:00:00.000Z'])
})

// Defence: `covers` of RunLedger.owed.
test('2. several missed periods become one run that does not know of them', async () => {
  const bareRuns: unknown[] = []
  const agenda = bare.make()
  agenda.define('noted', async ({ attrs }) => void bareRuns.push([attrs.nextRunAt, attrs.data]))
  await agenda.every('0 6 1 1 *', 'noted')
  await overdueBy(3 * 366 * 24 * HOUR_MS)
  await agenda.start()
  await until('it runs', () => bareRuns.length > 0)
  await passing(300)
  expect(bareRuns).toHaveLength(1)

  const job = notedJob('0 6 * * *')
  await bench.process([job]).runOwed()
  bench.clock.set('2026-12-03T13:00:00+08:00')
  await bench.process([job]).runOwed()
  expect(job.calls).toHaveLength(1)
  expect(isos(job.calls[0]?.covers ?? []).map((iso) => iso.slice(5, 10))).toEqual([
    ...['11-22', '11-23', '11-24', '11-25', '11-26', '11-27', '11-28', '11-29', '11-30', '12-01', '12-02'],
  ])
})

// Defence: checkSchedule at start takes crons only, and a job says itself what it owes at first.
test('3. an interval in words fires at once at the first boot', async () => {
  let bareRuns = 0
  const agenda = bare.make()
  agenda.define('noted', async () => void bareRuns++)
  await agenda.every('1 day', 'noted')
  await agenda.start()
  await until('it fires', () => bareRuns === 1)

  expect(() => bench.process([notedJob('1 day')])).toThrow('not a cron')
  const job = notedJob('0 6 * * *')
  await bench.process([job]).runOwed()
  expect(job.calls).toEqual([])
})

// Defence: the zone is the scheduler's own, checked at start (checkSchedule).
test('4. a zone in the wrong place is data, and a misspelt one silently never runs', async () => {
  const agenda = bare.make()
  agenda.define('noted', async () => {})
  const misplaced = await agenda.every('0 2 * * *', 'noted', { timezone: 'Asia/Shanghai' })
  expect(misplaced.attrs.nextRunAt?.getUTCHours()).toBe(2)
  const misspelt = await agenda.every('0 2 * * *', 'noted', undefined, { timezone: 'Asia/Shangai' })
  expect(misspelt.attrs.nextRunAt ?? null).toBeNull()

  const parts = { jobs: [notedJob('0 2 * * *')], timeZone: 'Asia/Shangai' }
  const log = { info() {}, warn() {}, error() {} }
  expect(() => createScheduler({ ...bench, log, ...parts })).toThrow('no such time zone: "Asia/Shangai"')
  const [view] = await bench.process([notedJob('0 2 * * *')]).list()
  expect(view?.nextRunAt).toBe('2026-11-22T18:00:00.000Z')
})

// Defence: slots are cron-parser's in a named zone (slots.ts); repeatAt is used nowhere.
describe.each(['UTC', 'America/New_York'])('5. repeatAt ignores the zone, on a machine in %s', (zone) => {
  test('08:00 in Shanghai is 00:00 UTC', async () => {
    process.env.TZ = zone
    const agenda = bare.make()
    agenda.define('noted', async () => {})
    const job = agenda.create('noted', {})
    job.attrs.repeatTimezone = 'Asia/Shanghai'
    job.repeatAt('8:00am')
    expect(job.attrs.nextRunAt?.toISOString().slice(11, 16)).not.toBe('00:00')

    const slot = latestSlot(scheduleOf(SCHEDULE.monthlyReport), new Date('2026-11-23T00:00:00Z'))
    expect(slot.toISOString()).toBe('2026-11-01T00:00:00.000Z')
  })
})

// Defence: the pauses of RunLedger.fail, which never end.
test('9. a failed run is not tried again', async () => {
  let bareRuns = 0
  const agenda = bare.make()
  agenda.on('fail', () => {})
  agenda.define('noted', async () => {
    bareRuns++
    throw new Error('the database is busy')
  })
  await agenda.every('0 6 1 1 *', 'noted')
  await overdueBy(1000)
  await agenda.start()
  await until('it ran', () => bareRuns === 1)
  await passing(500)
  expect(bareRuns).toBe(1)
  expect((await bare.jobs.findOne({ name: 'noted' }))?.nextRunAt.getTime()).toBeGreaterThan(Date.now())

  const job = notedJob('0 6 1 1 *', async () => {
    if (job.calls.length < 30) throw new Error('the database is busy')
    return {}
  })
  await bench.process([job]).runOwed()
  bench.clock.set('2027-01-01T06:00:00+08:00')
  const process_ = bench.process([job])
  await process_.runOwed()
  for (let pause = 1; pause < 30; pause++) {
    bench.clock.pass(60)
    await process_.runOwed()
  }
  expect(job.calls).toHaveLength(30)
  expect((await bench.runs('noted'))[0]).toMatchObject({ status: 'done', attempts: 30 })
})

// Defence: schedules stand in our own collection (Schedules); Agenda holds ticks and nothing of a schedule.
test('10. what a schedule leaves out was lost on reading', async () => {
  const process_ = bench.process([notedJob('0 6 * * *')])
  await process_.reschedule('noted', { cron: '0 9 * * 1-5', by: { id: 'a', name: '管理员' } })
  await process_.start()
  await until(
    'it ticks',
    async () => (await bench.connection.collection('agendaJobs').countDocuments()) === 1,
  )
  const [tick] = await bench.connection.collection('agendaJobs').find().toArray()
  expect(tick).toMatchObject({ repeatInterval: '*/15 * * * * *', endDate: null, skipDays: null })
  await process_.stop()
  const [view] = await bench.process([notedJob('0 6 * * *')]).list()
  // Saturday and Sunday are left out.
  bench.clock.set('2026-11-27T12:00:00+08:00')
  expect(view?.cron).toBe('0 9 * * 1-5')
  expect((await bench.process([notedJob('0 6 * * *')]).list())[0]?.nextRunAt).toBe('2026-11-30T01:00:00.000Z')
})
