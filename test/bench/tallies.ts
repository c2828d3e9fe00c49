import { MongoClient } from 'mongodb'
import type { Breakdown } from '../../server/compliance/schema.ts'
import { addDays } from '../../server/domain/civil-date.ts'
import type { Client } from '../harness/client.ts'
import { aggregation } from './compliance.ts'
import { fillLedger, OPERATORS } from './ledger-city.ts'
import { inTurn, median, report, timed } from './measure.ts'
import { inWorld, type World } from './world.ts'

const LARGE = Number(process.env.BENCH_CHANGES ?? 1_000_000)
const SIZES = [LARGE / 100, LARGE / 10, LARGE] as const
const RUNS = 40
const AS_OF = '2026-06-30'
const QUESTIONS = { now: '', 'as of a day': `?asOf=${AS_OF}`, 'one county': '?county=350722' }
const RULES = [
  'bus-renewal',
  'taxi-renewal',
  'old-diesel-trucks-retired',
  'freight-vehicles-added',
  'vessels-retired',
]

/** Figures, breakdowns and evidence of ledgers of three sizes, in turn. */
export async function benchTallies(): Promise<void> {
  await inWorld((small) =>
    inWorld((middle) =>
      inWorld(async (large) => {
        const worlds = [small, middle, large] as const
        for (const [i, world] of worlds.entries()) await fill(world, SIZES[i] ?? LARGE)
        for (const [what, query] of Object.entries(QUESTIONS)) await flat(worlds, what, `/compliance${query}`)
        await besideAggregation(large)
        await byOperator(large.client)
        for (const rule of RULES) await evidence(small.client, large.client, rule)
      }),
    ),
  )
}

const size = (count: number) => count.toLocaleString('en')

async function fill(world: World, count: number): Promise<void> {
  const { ms } = await timed(() => fillLedger(world.mongoUri, count))
  await world.restart()
  const first = await timed(() => figures(world.client, '/compliance'))
  const again = await timed(() => figures(world.client, '/compliance'))
  console.log(
    `  … ${size(count)} entries put in by ${((ms * 1000) / count).toFixed(0)} µs each; first figures ` +
      `${first.ms.toFixed(0)} ms, then ${again.ms.toFixed(0)} ms`,
  )
}

async function figures(client: Client, path: string): Promise<unknown> {
  const { status, body } = await client.get(path)
  if (status !== 200) throw new Error(`${path} answered ${status} ${JSON.stringify(body)}`)
  return body
}

async function flat(worlds: readonly World[], what: string, path: string): Promise<void> {
  const times = worlds.map((): number[] => [])
  for (let run = -3; run < RUNS; run++)
    for (const [i, { client }] of worlds.entries()) {
      const { ms } = await timed(() => figures(client, path))
      if (run >= 0) times[i]?.push(ms)
    }
  const [small = 0, middle = 0, large = 0] = times.map(median)
  const detail = `${large.toFixed(1)} ms at ${size(SIZES[2])}, ${middle.toFixed(1)} ms at ${size(SIZES[1])}, ${small.toFixed(1)} ms at ${size(SIZES[0])} changes`
  report(`达标查询规模 flat GET /compliance, ${what}`, large / small, 1.5, detail)
}

async function besideAggregation({ client, mongoUri }: World): Promise<void> {
  const mongo = new MongoClient(mongoUri)
  try {
    const ledger = mongo.db().collection('changes')
    const { a, b } = await inTurn(
      3,
      () => figures(client, `/compliance?asOf=${AS_OF}`),
      () => ledger.aggregate(aggregation(AS_OF)).toArray(),
    )
    const detail = `${a.toFixed(1)} ms beside ${b.toFixed(0)} ms of the aggregation at ${size(LARGE)} changes`
    report('达标查询 GET /compliance beside the aggregation', a / b, 1 / 50, detail)
  } finally {
    await mongo.close()
  }
}

async function byOperator(client: Client): Promise<void> {
  const path = '/compliance/taxi-renewal/breakdown?by=operator'
  const { body } = await client.get<Breakdown>(path)
  if (body.items.length < OPERATORS * 0.99) throw new Error(`only ${body.items.length} operators`)
  const { a, b } = await inTurn(
    RUNS,
    () => figures(client, path),
    () => figures(client, '/compliance'),
  )
  const detail = `${a.toFixed(1)} ms beside ${b.toFixed(1)} ms of GET /compliance, ${size(body.items.length)} operators`
  report('分解 breakdown by operator', a / b, 3, detail)
  // Of another day each time, so that nobody has asked for it before: it may take somewhat longer.
  let day = 0
  const anew = await inTurn(
    RUNS,
    () => figures(client, `${path}&asOf=${addDays(AS_OF, -++day)}`),
    () => figures(client, `/compliance?asOf=${addDays(AS_OF, -day)}`),
  )
  const first = `${anew.a.toFixed(1)} ms beside ${anew.b.toFixed(1)} ms of GET /compliance of the same day`
  report('分解 breakdown by operator, asked for the first time', anew.a / anew.b, 4, first)
}

async function evidence(small: Client, large: Client, rule: string): Promise<void> {
  const path = `/compliance/${rule}/evidence`
  for (let i = 0; i < 3; i++) await Promise.all([figures(small, path), figures(large, path)])
  const { a, b } = await inTurn(
    RUNS,
    () => figures(large, path),
    () => figures(small, path),
  )
  const detail = `${a.toFixed(1)} ms at ${size(SIZES[2])} beside ${b.toFixed(1)} ms at ${size(SIZES[0])} changes`
  report(`明细 evidence, first page of ${rule}`, a / b, 2, detail)
}
