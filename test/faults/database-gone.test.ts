import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Connection } from 'mongoose'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createScheduler, type Scheduler } from '../../jobs/scheduler.ts'
import { chooseDatabase } from '../../server/database/choose.ts'
import { connectMongoose } from '../../server/database/connect.ts'
import { ensureIndexes } from '../../server/database/indexes.ts'
import { freePort, startProgram } from '../bench/process.ts'
import { QUICK } from '../jobs/support/agenda.ts'
import { heldWork, type NotedJob, notedJob } from '../jobs/support/bench.ts'
import { testClock, until } from '../jobs/support/world.ts'

/** The schedule while its database is killed, or stopped, for half a minute, and comes back at the same place. */

const GONE_MS = 30_000
const clock = testClock('2026-11-23T00:00:00+08:00')
const logged: string[] = []
let folder: string
let port: number
let engine: ChildProcess
let connection: Connection
let scheduler: Scheduler
let job: NotedJob
const held = heldWork()

async function startEngine(): Promise<void> {
  const choice = await chooseDatabase({})
  if (choice.kind === 'uri') throw new Error('unset MONGODB_URI: the test ends its database')
  const args = ['--port', String(port), '--dbpath', folder, '--bind_ip', '127.0.0.1']
  engine = (await startProgram(choice.binary, args, {}, /waiting for connections/i)).child
}

/** Kills a process and waits until it is gone. */
async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((done) => child.once('exit', done))
  child.kill('SIGKILL')
  await gone
}

const pass = (ms: number) => new Promise((done) => setTimeout(done, ms))
const runs = () => connection.collection('job-runs').find().sort({ slot: 1 }).toArray()
const statuses = async () => (await runs()).map(({ status, attempts }) => [status, attempts])

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleet-gone-'))
  port = await freePort()
  await startEngine()
  connection = await connectMongoose(
    `mongodb://127.0.0.1:${port}/fleet?directConnection=true&retryWrites=false`,
  )
  // Every hour, and the first one takes long.
  job = notedJob('0 * * * *', async () => (job.calls.length === 1 ? held.work() : {}))
  const write = (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`)
  const log = { info: write, warn: write, error: write }
  scheduler = createScheduler({ connection, clock, jobs: [job], log, rhythm: QUICK })
  await ensureIndexes(connection)
})
afterEach(async () => {
  await scheduler.stop(100)
  await connection.close(true)
  await kill(engine)
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

it('goes on by itself when the database was killed and is back, and loses and doubles no slot', async () => {
  await scheduler.start()
  clock.set('2026-11-23T01:00:00+08:00')
  await until('the first is at work', () => held.waiting.length === 1)
  await kill(engine)
  // A slot is due meanwhile.
  clock.set('2026-11-23T02:00:00+08:00')
  await pass(GONE_MS)
  expect(logged.some((line) => line.startsWith('agenda error'))).toBe(true)
  await startEngine()
  held.waiting[0]?.resolve({ long: 1 })
  await until(
    'both are done',
    async () => (await statuses()).filter(([status]) => status === 'done').length === 2,
  )
  expect(await statuses()).toEqual([
    ['done', 1],
    ['done', 1],
  ])
  clock.set('2026-11-23T03:00:00+08:00')
  await until('ticks go on', () => job.calls.length >= 3)
  expect(job.calls).toHaveLength(3)
}, 150_000)

it('goes on by itself when the database answered nothing for that long', async () => {
  held.waiting.length = 0
  clock.set('2026-11-24T00:00:00+08:00')
  await scheduler.start()
  clock.set('2026-11-24T01:00:00+08:00')
  await until('the first is at work', () => held.waiting.length === 1)
  engine.kill('SIGSTOP')
  clock.set('2026-11-24T02:00:00+08:00')
  await pass(GONE_MS)
  engine.kill('SIGCONT')
  held.waiting[0]?.resolve({})
  await until(
    'both are done',
    async () => (await statuses()).filter(([status]) => status === 'done').length === 2,
  )
  clock.set('2026-11-24T03:00:00+08:00')
  await until('ticks go on', () => job.calls.length >= 3)
  expect(job.calls).toHaveLength(3)
}, 150_000)
