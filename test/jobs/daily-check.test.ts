import { afterEach, expect, test } from 'vitest'
import { createWorld, until, type World } from './support/world.ts'

let world: World
afterEach(() => world.close())

const daily = async (jobs: ReturnType<World['life']>) => {
  const view = (await jobs.scheduler.list()).find((job) => job.name === 'daily-check')
  if (!view) throw new Error('no daily check')
  return view
}

test('a new installation gets its first assessment at once, as of the last complete day before the slot', async () => {
  world = await createWorld('2026-11-23T01:30:00Z')
  const jobs = world.life()
  await jobs.scheduler.runOwed()
  const { items } = await jobs.assessments.list({ limit: 10 })
  expect(items).toHaveLength(1)
  expect(items[0]).toMatchObject({
    slot: '2026-11-22T22:00:00.000Z',
    asOf: '2026-11-22',
    knownAt: '2026-11-23T01:30:00.000Z',
    manual: false,
    policy: { id: 'nanping-2024', version: 1 },
  })
  const bus = items[0]?.rules.find((rule) => rule.id === 'bus-renewal')
  expect(bus).toMatchObject({
    numerator: 112,
    denominator: 113,
    value: 99.1,
    target: 100,
    status: 'breached',
  })
  expect(bus?.counties.reduce((sum, county) => sum + county.numerator, 0)).toBe(112)
})

test('each slot is frozen once, however often it is looked at', async () => {
  world = await createWorld('2026-11-23T01:30:00Z')
  const jobs = world.life()
  for (const now of [
    '2026-11-23T01:30:00Z',
    '2026-11-23T21:59:59Z',
    '2026-11-23T22:00:00Z',
    '2026-11-24T05:00:00Z',
  ]) {
    world.clock.set(now)
    await jobs.scheduler.runOwed()
    await jobs.scheduler.runOwed()
  }
  const { items } = await jobs.assessments.list({ limit: 10 })
  expect(items.map((a) => [a.slot, a.asOf])).toEqual([
    ['2026-11-23T22:00:00.000Z', '2026-11-23'],
    ['2026-11-22T22:00:00.000Z', '2026-11-22'],
  ])
})

test('two services on one database freeze a slot once', async () => {
  world = await createWorld('2026-11-23T01:30:00Z')
  const lives = [world.life(), world.life(), world.life()]
  await Promise.all(lives.flatMap((jobs) => [jobs.scheduler.runOwed(), jobs.scheduler.runOwed()]))
  expect((await lives[0]?.assessments.list({ limit: 10 }))?.items).toHaveLength(1)
  expect(world.asked).toHaveLength(1)
})

test('several missed slots become one run for the latest, which names them', async () => {
  world = await createWorld('2026-11-23T01:30:00Z')
  await world.life().scheduler.runOwed()
  world.clock.set('2026-11-26T03:00:00Z')
  const jobs = world.life()
  expect((await jobs.scheduler.list()).filter(({ late }) => late).map(({ name }) => name)).toEqual([
    'daily-check',
  ])
  await jobs.scheduler.runOwed()
  expect((await jobs.assessments.list({ limit: 10 })).total).toBe(2)
  const view = await daily(jobs)
  expect(view.lastRun).toMatchObject({
    slot: '2026-11-25T22:00:00.000Z',
    status: 'done',
    result: { missed: 2 },
  })
  expect(view.lastRun?.covers).toEqual([
    '2026-11-23T22:00:00.000Z',
    '2026-11-24T22:00:00.000Z',
    '2026-11-25T22:00:00.000Z',
  ])
  expect(view).toMatchObject({
    late: false,
    nextRunAt: '2026-11-26T22:00:00.000Z',
    timeZone: 'Asia/Shanghai',
  })
})

test('a failed run says why, is tried again after growing pauses, and then is done', async () => {
  world = await createWorld('2026-11-23T01:30:00Z')
  const { figures } = world
  world.figures = async () => {
    throw new Error('the ledger is busy')
  }
  const jobs = world.life()
  await jobs.scheduler.runOwed()
  await jobs.scheduler.runOwed()
  expect(world.asked).toHaveLength(1)
  let view = await daily(jobs)
  expect(view.lastRun).toMatchObject({
    status: 'failed',
    error: 'the ledger is busy',
    nextTryAt: '2026-11-23T01:31:00.000Z',
  })
  expect(view).toMatchObject({ nextRunAt: '2026-11-23T01:31:00.000Z', lastSuccessAt: null })
  world.clock.pass(1)
  await jobs.scheduler.runOwed()
  expect((await daily(jobs)).lastRun).toMatchObject({ attempts: 2, nextTryAt: '2026-11-23T01:36:00.000Z' })
  world.figures = figures
  world.clock.pass(5)
  await jobs.scheduler.runOwed()
  view = await daily(jobs)
  expect(view.lastRun).toMatchObject({ status: 'done', attempts: 3, error: null })
  expect(view.failures.map((failure) => failure.error)).toEqual(['the ledger is busy', 'the ledger is busy'])
})

test('the run of a dead process is taken over when its lease is over, not before', async () => {
  world = await createWorld('2026-11-23T01:30:00Z')
  const { figures } = world
  world.figures = () => new Promise(() => {})
  const dead = world.life()
  void dead.scheduler.runOwed()
  await until('the run is under way', () => world.asked.length === 1)
  world.figures = figures
  let machine = new Date()
  const jobs = world.life({}, { machineNow: () => machine })
  await jobs.scheduler.runOwed()
  expect(await daily(jobs)).toMatchObject({ running: true, lastRun: { status: 'running', attempts: 1 } })
  machine = new Date(Date.now() + 61_000)
  await jobs.scheduler.runOwed()
  expect(await daily(jobs)).toMatchObject({ running: false, lastRun: { status: 'done', attempts: 2 } })
  expect((await jobs.assessments.list({ limit: 10 })).items).toHaveLength(1)
})

test('a service that has the database to itself takes up what was left at once', async () => {
  world = await createWorld('2026-11-23T01:30:00Z')
  const { figures } = world
  world.figures = () => new Promise(() => {})
  void world.life().scheduler.runOwed()
  await until('the run is under way', () => world.asked.length === 1)
  world.figures = figures
  const jobs = world.life({ soleProcess: true })
  await jobs.start()
  await until('it is done', async () => (await daily(jobs)).lastRun?.status === 'done')
})

test('a run by hand: at once, as of today, one at a time', async () => {
  world = await createWorld('2026-11-23T01:30:00Z')
  const jobs = world.life()
  await jobs.scheduler.runOwed()
  const { figures } = world
  let finish = () => {}
  world.figures = async (args) => {
    await new Promise<void>((done) => {
      finish = done
    })
    return figures(args)
  }
  world.clock.pass(30)
  expect(await jobs.scheduler.runNow('daily-check')).toMatchObject({
    running: true,
    lastRun: { manual: true },
  })
  await until('it asks for figures', () => world.asked.length === 2)
  await expect(jobs.scheduler.runNow('daily-check')).rejects.toMatchObject({
    status: 409,
    code: 'job.running',
  })
  await expect(world.life().scheduler.runNow('daily-check')).rejects.toMatchObject({ code: 'job.running' })
  await expect(jobs.scheduler.runNow('nonsense')).rejects.toMatchObject({ status: 404, code: 'job.unknown' })
  finish()
  await until('it is done', async () => (await daily(jobs)).lastRun?.status === 'done')
  const { items } = await jobs.assessments.list({ limit: 1 })
  expect(items[0]).toMatchObject({ manual: true, asOf: '2026-11-23', slot: '2026-11-23T02:00:00.001Z' })
})

test('a misspelt zone stops the start', async () => {
  world = await createWorld('2026-11-23T01:30:00Z')
  expect(() => world.life({ timeZone: 'Asia/Shangai' })).toThrow('no such time zone: "Asia/Shangai"')
})

test('figures that have not the right form are not kept', async () => {
  world = await createWorld('2026-11-23T01:30:00Z')
  world.figures = async () => ({ asOf: '2026-11-22' }) as never
  const jobs = world.life()
  await jobs.scheduler.runOwed()
  expect((await daily(jobs)).lastRun?.status).toBe('failed')
  expect((await jobs.assessments.list({ limit: 10 })).items).toEqual([])
})
