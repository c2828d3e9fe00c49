import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Connection } from 'mongoose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runModel } from '../../jobs/runs-model.ts'
import { connectMongoose } from '../../server/database/connect.ts'
import { ensureIndexes } from '../../server/database/indexes.ts'
import { Random } from '../../server/sample/random.ts'
import { type FreshDatabase, freshDatabase } from '../harness/mongo.ts'
import { until } from '../jobs/support/world.ts'

/**
 * Three processes share the slots of five jobs, are killed and stopped at random, and start again. Time does not pass:
 * it is moved on by an hour whenever every job has had its slot, so that no slot stands for another.
 */

const ROUNDS = Number(process.env.SLOT_ROUNDS ?? 100)
const SEED = Number(process.env.FAULT_SEED ?? 20261123)
const JOBS = ['a', 'b', 'c', 'd', 'e']
const START = new Date('2026-11-23T00:00:00+08:00').getTime()
const LEASE_MS = 1000
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

let database: FreshDatabase
let connection: Connection
let folder: string
/** all that were started and not ended, and those among them that have begun */
const workers = new Set<ChildProcess>()
const ready = new Set<ChildProcess>()

beforeAll(async () => {
  database = await freshDatabase()
  connection = await connectMongoose(database.uri)
  runModel(connection)
  await ensureIndexes(connection)
  folder = await mkdtemp(join(tmpdir(), 'fleet-slots-'))
  // Built once: a process starts in a moment, and is killed before long.
  await build({
    entryPoints: [join(ROOT, 'test/faults/support/slots-worker.ts')],
    ...{ bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'silent' },
    outfile: join(folder, 'worker.mjs'),
  })
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  process.on('exit', endAll)
})
afterAll(async () => {
  endAll()
  process.off('exit', endAll)
  await connection?.close()
  await database?.drop()
  await rm(folder, { recursive: true, force: true })
})

function endAll(): void {
  for (const worker of workers) worker.kill('SIGKILL')
}

/** Starts a process and waits until it has begun. */
async function startWorker(): Promise<ChildProcess> {
  const env = { ...process.env, MONGODB_URI: database.uri, LEASE_MS: String(LEASE_MS) }
  const worker = spawn(process.execPath, [join(folder, 'worker.mjs')], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  workers.add(worker)
  let output = ''
  await new Promise<void>((begun, failed) => {
    worker.stderr?.on('data', (chunk) => {
      output += chunk
    })
    worker.stdout?.once('data', () => begun())
    worker.once('exit', () => failed(new Error(`a process ended: ${output}`)))
  })
  ready.add(worker)
  return worker
}

/** Kills a process in whatever it is doing, and starts another in its place. */
async function killAndReplace(worker: ChildProcess): Promise<void> {
  workers.delete(worker)
  ready.delete(worker)
  const gone = new Promise((done) => worker.once('exit', done))
  worker.kill('SIGKILL')
  await gone
  await startWorker()
}

/** Stops a process for longer than its leases last: it wakes up to find its run taken over. */
async function suspend(worker: ChildProcess): Promise<void> {
  worker.kill('SIGSTOP')
  await new Promise((done) => setTimeout(done, 3 * LEASE_MS))
  worker.kill('SIGCONT')
}

/** A process that is at work on a slot at this moment, or else any. */
async function victim(random: Random): Promise<ChildProcess | undefined> {
  const run = await connection.collection('job-runs').findOne({ status: 'running' })
  const slot = run && `${run.job} ${run.slot.toISOString()}`
  const begun = slot && (await connection.collection('begun').findOne({ slot }, { sort: { _id: -1 } }))
  const all = [...ready]
  return all.find(({ pid }) => begun && pid === begun.pid) ?? all[random.int(0, all.length - 1)]
}

const slotOf = (round: number) => new Date(START + round * 3_600_000)
const setClock = (round: number) =>
  connection
    .collection<{ _id: string }>('control')
    .updateOne({ _id: 'clock' }, { $set: { now: slotOf(round) } }, { upsert: true })

it('each slot exactly once, none missing', { timeout: 600_000 }, async () => {
  const random = new Random(SEED)
  const runs = connection.collection('job-runs')
  await setClock(0)
  await Promise.all(Array.from({ length: 3 }, startWorker))

  let harmed = 0
  let blows: Promise<void>[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    await setClock(round)
    if (random.chance(0.35)) {
      await new Promise((done) => setTimeout(done, random.next() * 120))
      const worker = await victim(random)
      if (worker) {
        harmed++
        blows.push(random.chance(0.6) ? killAndReplace(worker) : suspend(worker))
      }
    }
    const done = { slot: slotOf(round), status: 'done' }
    await until(
      `round ${round} is done`,
      async () => (await runs.countDocuments(done)) === JOBS.length,
      60_000,
    )
    // Not more than all three at once.
    if (blows.length > 2) {
      await Promise.all(blows)
      blows = []
    }
  }
  await Promise.all(blows)

  const wanted = JOBS.flatMap((job) =>
    Array.from({ length: ROUNDS }, (_, i) => `${job} ${slotOf(i + 1).toISOString()}`),
  ).sort()
  const named = (docs: { job?: string; slot: Date }[]) =>
    docs.map(({ job, slot }) => `${job} ${slot.toISOString()}`).sort()
  const all = (await runs.find().toArray()) as unknown as {
    job: string
    slot: Date
    status: string
    covers: Date[]
  }[]
  expect(named(all)).toEqual(wanted)
  expect(all.filter(({ status, covers }) => status !== 'done' || covers.length !== 1)).toEqual([])
  expect(
    (await connection.collection<{ _id: string }>('effects').find().sort({ _id: 1 }).toArray()).map(
      ({ _id }) => _id,
    ),
  ).toEqual(wanted)
  // Nobody ended a slot that another had ended.
  const ends = await connection
    .collection('ended')
    .aggregate([
      { $match: { outcome: 'done' } },
      { $group: { _id: '$slot', count: { $sum: 1 } } },
      { $match: { count: { $gt: 1 } } },
    ])
  expect(await ends.toArray()).toEqual([])
  // Ends are noted at all; one that was killed in between is not.
  const noted = await connection.collection('ended').countDocuments({ outcome: 'done' })
  expect(noted).toBeGreaterThan(wanted.length / 2)
  // Nothing was begun twice but what was under way in a process that was killed or stopped: one run a job at most.
  const begun = await connection.collection('begun').countDocuments()
  expect(harmed).toBeGreaterThan(ROUNDS / 5)
  expect(begun - wanted.length).toBeLessThanOrEqual(harmed * JOBS.length)
  console.log(
    `${wanted.length} slots, ${harmed} processes killed or stopped, ${begun - wanted.length} runs begun again`,
  )
})
