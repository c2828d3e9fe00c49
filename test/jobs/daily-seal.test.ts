import { ObjectId } from 'mongodb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createJobs, type Jobs } from '../../jobs/index.ts'
import type { Deed } from '../../jobs/job.ts'
import { LedgerClock } from '../../server/changes/ledger-clock.ts'
import { changeModel } from '../../server/changes/model.ts'
import { ensureIndexes } from '../../server/database/indexes.ts'
import { leafModel, sealModel } from '../../server/seals/model.ts'
import { Seals } from '../../server/seals/service.ts'
import { createWorld, type World } from './support/world.ts'

let world: World
let ledger: LedgerClock
let deeds: Deed[]
let auditFails = false
const lives: Jobs[] = []
beforeEach(async () => {
  world = await createWorld('2026-11-23T08:00:00+08:00')
  ledger = new LedgerClock(world.connection)
  deeds = []
  auditFails = false
})
afterEach(async () => {
  await Promise.all(lives.splice(0).map((jobs) => jobs.stop()))
  await world.close()
})

/** One life of the service whose jobs seal the ledger. */
async function life(): Promise<Jobs> {
  const { connection, clock } = world
  const seals = new Seals({
    ...{ changes: changeModel(connection), seals: sealModel(connection), leaves: leafModel(connection) },
    ...{ clock: ledger, timeZone: 'Asia/Shanghai' },
  })
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const jobs = createJobs({
    ...{ connection, clock, log, seals, config: { mailFrom: 'ledger@fleet.example.org' } },
    figures: { freeze: () => world.figures({ now: clock.now() }) },
    record: async (deed) => {
      if (auditFails) throw new Error('the process ended')
      deeds.push(deed)
    },
  })
  lives.push(jobs)
  await ensureIndexes(connection)
  return jobs
}

/** A ledger entry as the service inserts it, recorded at an instant. */
async function recordAt(at: string): Promise<void> {
  const vehicle = { vin: `VIN${at}`, plate: '闽H12345' }
  await world.connection.collection('changes').insertOne({
    ...{ _id: new ObjectId(), key: `${at}`, kind: 'stock', on: '2025-01-01', vehicle, vins: [vehicle.vin] },
    ...{ recordedAt: new Date(at), recordedBy: { id: 'x', name: 'x' }, voided: false, voidedAt: null },
  })
}

const sealed = async () =>
  (await world.connection.collection('seals').find().sort({ _id: 1 }).toArray()).map(
    ({ _id, recorded }) => [String(_id), recorded] as const,
  )
const seal = async (jobs: Jobs) => {
  const view = (await jobs.scheduler.list()).find((job) => job.name === 'daily-seal')
  if (!view) throw new Error('there is no daily seal')
  return view
}

test('a new installation seals the day before at once, and each day after midnight in Nanping', async () => {
  const jobs = await life()
  await jobs.scheduler.runOwed()
  expect(await sealed()).toEqual([['2026-11-22', 0]])
  await recordAt('2026-11-23T23:59:59.999+08:00')
  await recordAt('2026-11-24T00:00:00.000+08:00')
  world.clock.set('2026-11-24T00:09:59+08:00')
  await jobs.scheduler.runOwed()
  expect(await sealed()).toHaveLength(1)
  world.clock.set('2026-11-24T00:10:00+08:00')
  await jobs.scheduler.runOwed()
  await jobs.scheduler.runOwed()
  expect(await sealed()).toEqual([
    ['2026-11-22', 0],
    ['2026-11-23', 1],
  ])
  expect((await seal(jobs)).lastRun).toMatchObject({
    ...{ status: 'done', result: { days: 1, entries: 1, voidings: 0 }, slot: '2026-11-23T16:10:00.000Z' },
  })
})

test('days on which the service was away are made good, each with a seal of its own', async () => {
  const jobs = await life()
  await jobs.scheduler.runOwed()
  await recordAt('2026-11-25T12:00:00+08:00')
  world.clock.set('2026-11-28T07:00:00+08:00')
  await jobs.scheduler.runOwed()
  expect(await sealed()).toEqual([
    ['2026-11-22', 0],
    ['2026-11-23', 0],
    ['2026-11-24', 0],
    ['2026-11-25', 1],
    ['2026-11-26', 0],
    ['2026-11-27', 0],
  ])
})

test('a ledger that was there before is sealed from its first entry on', async () => {
  await recordAt('2026-11-20T12:00:00+08:00')
  await recordAt('2026-11-21T12:00:00+08:00')
  await (await life()).scheduler.runOwed()
  expect(await sealed()).toEqual([
    ['2026-11-20', 1],
    ['2026-11-21', 1],
    ['2026-11-22', 0],
  ])
})

test('a day with a write under way waits; the run fails, and is made good by the next try', async () => {
  const jobs = await life()
  await jobs.scheduler.runOwed()
  world.clock.set('2026-11-23T23:59:00+08:00')
  const stamp = await ledger.begin('import:slow', world.clock.now())
  world.clock.set('2026-11-24T00:10:00+08:00')
  await jobs.scheduler.runOwed()
  expect(await sealed()).toHaveLength(1)
  expect((await seal(jobs)).lastRun).toMatchObject({
    status: 'failed',
    error: expect.stringContaining('2026-11-23 cannot be sealed yet'),
  })
  expect(deeds.at(-1)).toMatchObject({ action: 'job.finished', outcome: 'failed' })
  await recordAt(stamp.toISOString())
  await ledger.finish('import:slow')
  world.clock.pass(2)
  await jobs.scheduler.runOwed()
  expect(await sealed()).toEqual([
    ['2026-11-22', 0],
    ['2026-11-23', 1],
  ])
})

test('after its seal no write can be stamped in a day', async () => {
  const jobs = await life()
  await jobs.scheduler.runOwed()
  world.clock.set('2026-11-24T00:10:00+08:00')
  await jobs.scheduler.runOwed()
  // A clock read before midnight, by a request that waited for long.
  const stamp = await ledger.begin('change:late', new Date('2026-11-23T23:59:59+08:00'))
  expect(stamp.getTime()).toBeGreaterThan(Date.parse('2026-11-24T00:00:00+08:00'))
})

test('two services seal a day once, and both its seals and its runs are noted', async () => {
  const [one, other] = [await life(), await life()]
  await Promise.all([one.scheduler.runOwed(), other.scheduler.runOwed()])
  expect(await sealed()).toEqual([['2026-11-22', 0]])
  expect(deeds.filter((deed) => deed.action === 'ledger.seal').map((deed) => deed.target.id)).toEqual([
    '2026-11-22',
  ])
  expect(deeds.find((deed) => deed.target.id === 'daily-seal')).toMatchObject({
    ...{
      action: 'job.finished',
      outcome: 'done',
      detail: { manual: false, attempt: 1, result: { days: 1 } },
    },
  })
})

test('a seal whose process ended before it was noted in the audit log is noted by the next run, once', async () => {
  const jobs = await life()
  auditFails = true
  await jobs.scheduler.runOwed()
  expect(await sealed()).toEqual([['2026-11-22', 0]])
  expect(deeds).toEqual([])
  auditFails = false
  for (const minutes of [1, 24 * 60]) {
    world.clock.pass(minutes)
    await jobs.scheduler.runOwed()
  }
  const noted = deeds.filter(({ action }) => action === 'ledger.seal')
  expect(noted.map(({ target }) => target.id)).toEqual(['2026-11-22', '2026-11-23'])
  expect(await world.connection.collection('seals').countDocuments({ untold: true })).toBe(0)
})
