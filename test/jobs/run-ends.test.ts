/** How runs end when the database fails for a moment, and when the service stops; and along which indexes they are found. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { RunLedger } from '../../jobs/runs.ts'
import { runModel } from '../../jobs/runs-model.ts'
import { type Bench, createBench, heldWork, notedJob } from './support/bench.ts'
import { until } from './support/world.ts'

let bench: Bench
beforeEach(async () => {
  bench = await createBench('2026-11-23T00:00:00+08:00')
  await bench.process([notedJob('0 6 * * *')]).runOwed()
  bench.clock.set('2026-11-23T06:00:00+08:00')
})
afterEach(() => bench.close())

test('the end of a run is written down although the database refuses it at first', async () => {
  const { work, waiting } = heldWork()
  const running = bench.process([notedJob('0 6 * * *', work)]).runOwed()
  await until('it runs', () => waiting.length === 1)
  // The real engine refuses the end as it would be written, until what is in its way is gone.
  const runs = bench.connection.collection('job-runs')
  await runs.createIndex({ 'result.found': 1 }, { unique: true, sparse: true })
  await runs.insertOne({ job: 'in the way', slot: new Date(0), status: 'done', result: { found: 1 } })
  waiting[0]?.resolve({ found: 1 })
  await until('it was refused', () =>
    bench.logged.some((line) => line.includes('not recorded, trying again')),
  )
  await runs.deleteOne({ job: 'in the way' })
  await running
  expect(await bench.runs('noted')).toMatchObject([{ status: 'done', attempts: 1, result: { found: 1 } }])
  expect(bench.told).toEqual([])
})

test('a sign of life takes back no run that was given back', async () => {
  const ledger = new RunLedger(runModel(bench.connection))
  const now = bench.clock.now()
  const run = await ledger.claim({ job: 'noted', slot: now, covers: [now], manual: false, now })
  if (!run) throw new Error('not taken')
  await ledger.release(run)
  expect(await ledger.renew(run)).toBe(false)
  expect(await ledger.running('noted')).toBe(false)
})

test('a service that stops refuses runs by hand as busy, and leaves none behind that it took', async () => {
  const { work, waiting } = heldWork()
  const process = bench.process([notedJob('0 6 * * *', work)])
  // Asked for while it runs, taken when it no longer does.
  const asked = process.runNow('noted')
  process.leave()
  await expect(asked).rejects.toMatchObject({ status: 503, code: 'busy' })
  await expect(process.runNow('noted')).rejects.toMatchObject({ status: 503, code: 'busy' })
  // Nor is one begun that was owed and taken in the same moment.
  await process.runOwed()
  expect(waiting).toEqual([])
  expect((await process.list())[0]?.running).toBe(false)
})

test('every question to the ledger of runs goes along an index', async () => {
  const runs = bench.connection.collection('job-runs')
  const at = (n: number) => new Date(Date.UTC(2020, 0, 1 + n))
  const document = (n: number) => ({
    ...{
      job: `job-${n % 3}`,
      slot: at(n),
      manual: false,
      status: n % 5 ? 'done' : 'failed',
      covers: [at(n)],
    },
    ...{ attempts: 1, startedAt: at(n), finishedAt: at(n), nextTryAt: null, result: {}, error: null },
    ...{ failures: [], lease: null },
  })
  await runs.insertMany(Array.from({ length: 300 }, (_, n) => document(n)))
  const ledger = new RunLedger(runModel(bench.connection))
  const now = at(1000)
  const asked = await filtersOf('job-runs', async () => {
    await ledger.lastDone('job-1', now)
    await ledger.page('job-1', { limit: 5 })
    await ledger.latest('job-1', 5)
    await ledger.running('job-1')
    const claimed = await ledger.claim({ job: 'job-1', slot: now, covers: [now], manual: false, now })
    if (claimed) await ledger.finish(claimed, {}, now)
    await ledger.releaseAll()
  })
  expect(asked.length).toBeGreaterThan(6)
  for (const { filter, sort, limit } of asked) {
    const explain = { find: 'job-runs', filter, ...(sort ? { sort } : {}), ...(limit ? { limit } : {}) }
    const plan = await bench.connection.db?.command({ explain, verbosity: 'executionStats' })
    const what = JSON.stringify(explain)
    expect(JSON.stringify(plan?.queryPlanner.winningPlan), what).not.toMatch(/"(COLLSCAN|SORT)"/)
    expect(plan?.executionStats.totalDocsExamined, what).toBeLessThanOrEqual(6)
  }
})

interface Asked {
  filter: object
  sort?: object
  limit?: number
}

/** What is asked of a collection meanwhile, as the driver sends it. */
async function filtersOf(collection: string, work: () => Promise<void>): Promise<Asked[]> {
  const asked: Asked[] = []
  const listen = ({
    commandName: name,
    command,
  }: {
    commandName: string
    command: Record<string, unknown>
  }) => {
    if (command[name] !== collection) return
    if (name === 'find') asked.push(command as unknown as Asked)
    if (name === 'update') asked.push(...(command.updates as { q: object }[]).map(({ q }) => ({ filter: q })))
    if (name === 'findAndModify') asked.push({ filter: command.query as object })
  }
  const mongo = bench.connection.getClient()
  mongo.on('commandStarted', listen as never)
  await work()
  mongo.off('commandStarted', listen as never)
  return asked
}
