import type { Connection } from 'mongoose'
import type { Job, JobTrouble, RunCall, RunResult } from '../../../jobs/job.ts'
import type { RunDoc } from '../../../jobs/runs-model.ts'
import { createScheduler, type Scheduler, type SchedulerParts } from '../../../jobs/scheduler.ts'
import { connectMongoose } from '../../../server/database/connect.ts'
import { ensureIndexes } from '../../../server/database/indexes.ts'
import { gate } from '../../harness/gate.ts'
import { freshDatabase } from '../../harness/mongo.ts'
import { type TestClock, testClock } from './world.ts'

/** A database of its own with a clock, and schedulers on it as several processes would have them. */
export interface Bench {
  uri: string
  connection: Connection
  clock: TestClock
  logged: string[]
  told: JobTrouble[]
  /** one process's scheduler; not started */
  process(jobs: Job[], parts?: Partial<SchedulerParts>): Scheduler
  /** the ledger's runs, oldest slot first */
  runs(job: string): Promise<RunDoc[]>
  close(): Promise<void>
}

/** @param iso what time it is at first */
export async function createBench(iso: string): Promise<Bench> {
  const database = await freshDatabase()
  const connection = await connectMongoose(database.uri)
  const started: Scheduler[] = []
  const write = (level: string) => (fields: object, message: string) => {
    bench.logged.push(`${level} ${message} ${JSON.stringify(fields)}`)
  }
  const bench: Bench = {
    ...{ uri: database.uri, connection, clock: testClock(iso), logged: [], told: [] },
    process(jobs, parts = {}) {
      const scheduler = createScheduler({
        ...{ connection, jobs, clock: bench.clock },
        log: { info: write('info'), warn: write('warn'), error: write('error') },
        tell: async (trouble) => void bench.told.push(trouble),
        ...parts,
      })
      started.push(scheduler)
      return scheduler
    },
    runs: (job) =>
      connection.collection<RunDoc>('job-runs').find({ job }).sort({ slot: 1 }).toArray() as Promise<
        RunDoc[]
      >,
    async close() {
      await Promise.all(started.map((scheduler) => scheduler.stop(100)))
      await connection.close()
      await database.drop()
    },
  }
  bench.process([])
  await ensureIndexes(connection)
  return bench
}

/** A job that notes what it was called with. */
export interface NotedJob extends Job {
  calls: RunCall[]
}

/** @param work what it does beside noting */
export function notedJob(
  cron: string,
  work: (call: RunCall) => Promise<RunResult> = async () => ({}),
  more: Partial<Job> = {},
): NotedJob {
  const calls: RunCall[] = []
  return {
    ...{ name: 'noted', cron, owedAtFirst: 'none', calls },
    ...more,
    async run(call) {
      calls.push(call)
      return work(call)
    },
  }
}

/** Work that ends when a test says so. */
export function heldWork() {
  const waiting: { resolve(result: RunResult): void; reject(error: Error): void }[] = []
  return {
    waiting,
    work: () => new Promise<RunResult>((resolve, reject) => waiting.push({ resolve, reject })),
  }
}

/** A point that nobody passes before all are there. @param size how many come */
export function meeting(size: number): <T>(brought: T) => Promise<T> {
  const { passed, open } = gate()
  let there = 0
  return async (brought) => {
    if (++there === size) open()
    await passed
    return brought
  }
}

/** Instants as one reads them. */
export const isos = (dates: readonly Date[]): string[] => dates.map((date) => date.toISOString())
