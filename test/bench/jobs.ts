import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Connection } from 'mongoose'
import { createAssessments } from '../../jobs/assessments.ts'
import { createDailyCheck } from '../../jobs/daily-check.ts'
import { runModel } from '../../jobs/runs-model.ts'
import { createScheduler, type Scheduler } from '../../jobs/scheduler.ts'
import { LedgerClock } from '../../server/changes/ledger-clock.ts'
import { changeModel } from '../../server/changes/model.ts'
import { Closings } from '../../server/compliance/closings.ts'
import { ComplianceService } from '../../server/compliance/service.ts'
import { LedgerViews } from '../../server/compliance/views.ts'
import { readConfig } from '../../server/config.ts'
import { connectMongoose } from '../../server/database/connect.ts'
import { ensureIndexes } from '../../server/database/indexes.ts'
import { POLICY_ZONE } from '../../server/domain/civil-date.ts'
import { policyModel } from '../../server/policies/model.ts'
import { Policies } from '../../server/policies/service.ts'
import { fillLedger } from './ledger-city.ts'
import { median, report, timed } from './measure.ts'
import { endProgram, temporaryFolder } from './process.ts'
import { COUNTIES } from './register-city.ts'
import { startEngine } from './world.ts'

const LARGE = Number(process.env.BENCH_CHANGES ?? 1_000_000)
const SMALL = Math.max(1000, LARGE / 100)
const TURNS = 20
const RUNS = 1_000
const EARLY = 100
const COST_LIMIT = 2
const MEMORY_LIMIT = 1.1
const DAY_MS = 86_400_000
/** Before the first check, and after the last entry of the bench's ledger. */
const BEGIN = new Date('2026-11-23T12:00:00+08:00')

/** A ledger with the real schedule and daily check over it. */
interface Checked {
  /** moves the clock on by a day and lets the schedule do what it owes */
  nextDay(): Promise<void>
  /** how many checks are kept */
  kept(): Promise<number>
  close(): Promise<void>
}

/** Daily checks of ledgers of two sizes, and the memory over many runs. */
export async function benchJobs(): Promise<void> {
  const small = await checkedLedger(SMALL)
  try {
    const large = await checkedLedger(LARGE)
    try {
      await cost(small, large)
    } finally {
      await large.close()
    }
    await memory(small)
  } finally {
    await small.close()
  }
}

const size = (count: number) => count.toLocaleString('en')

async function cost(small: Checked, large: Checked): Promise<void> {
  const first = await timed(() => large.nextDay())
  for (const ledger of [small, large, small, large]) await ledger.nextDay()
  const times: [number[], number[]] = [[], []]
  for (let turn = 0; turn < TURNS; turn++) {
    times[0].push((await timed(() => small.nextDay())).ms)
    times[1].push((await timed(() => large.nextDay())).ms)
  }
  const [a, b] = times.map(median) as [number, number]
  const detail =
    `${b.toFixed(1)} ms at ${size(LARGE)} beside ${a.toFixed(1)} ms at ${size(SMALL)} changes, ` +
    `${COUNTIES.length} counties; the first after a start ${first.ms.toFixed(0)} ms`
  report('每日核查 a daily check by the size of the ledger', b / a, COST_LIMIT, detail)
}

async function memory(ledger: Checked): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const heapMb = () => {
    for (let i = 0; i < 3; i++) collect()
    return process.memoryUsage().heapUsed / 1024 ** 2
  }
  const before = await ledger.kept()
  let early = 0
  for (let run = 1; run <= RUNS; run++) {
    await ledger.nextDay()
    if (run === EARLY) early = heapMb()
  }
  const late = heapMb()
  const made = (await ledger.kept()) - before
  if (made !== RUNS) throw new Error(`${made} checks were kept in ${RUNS} days`)
  const detail = `heap after collection ${late.toFixed(1)} MB after ${RUNS} runs beside ${early.toFixed(1)} MB after ${EARLY}`
  report('任务内存 memory over many runs', late / early, MEMORY_LIMIT, detail)
}

async function checkedLedger(count: number): Promise<Checked> {
  const data = temporaryFolder()
  const engine = await startEngine(data.path)
  const connection = await connectMongoose(engine.uri)
  const { ms } = await timed(() => fillLedger(engine.uri, count))
  console.log(`  … ${size(count)} entries put in by ${((ms * 1000) / count).toFixed(0)} µs each`)
  let now = BEGIN
  const { scheduler, end } = await schedulerOn(connection, { now: () => now })
  await scheduler.runOwed()
  return {
    async nextDay() {
      now = new Date(now.getTime() + DAY_MS)
      await scheduler.runOwed()
    },
    kept: () => connection.collection('assessments').countDocuments(),
    async close() {
      await scheduler.stop()
      end()
      await connection.close()
      await endProgram(engine.child)
      data.remove()
    },
  }
}

/** The schedule with the daily check over the real figures, as the service wires them. */
async function schedulerOn(
  connection: Connection,
  clock: { now(): Date },
): Promise<{ scheduler: Scheduler; end: () => void }> {
  const changes = changeModel(connection)
  const ledgerClock = new LedgerClock(connection)
  const policies = new Policies(policyModel(connection), readConfig({}).policy)
  await policies.start()
  const closings = new Closings(connection, POLICY_ZONE)
  const views = new LedgerViews({ changes, policies, closings, clock: ledgerClock })
  const figures = new ComplianceService({ views, clock: ledgerClock, policies, timeZone: POLICY_ZONE })
  const assessments = createAssessments(connection)
  runModel(connection)
  await ensureIndexes(connection)
  const silent = () => {}
  const failed = (fields: object, message: string) => {
    throw new Error(`${message} ${JSON.stringify(fields)}`)
  }
  const scheduler = createScheduler({
    ...{ connection, clock, log: { info: silent, warn: silent, error: failed } },
    jobs: [createDailyCheck({ figures, assessments, timeZone: POLICY_ZONE })],
  })
  await ensureIndexes(connection)
  return { scheduler, end: () => policies.stop() }
}
