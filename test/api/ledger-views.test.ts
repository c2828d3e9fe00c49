import { ObjectId } from 'mongodb'
import type { Connection } from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LedgerClock } from '../../server/changes/ledger-clock.ts'
import { changeModel } from '../../server/changes/model.ts'
import { Closings } from '../../server/compliance/closings.ts'
import { TallyCheck } from '../../server/compliance/tally-check.ts'
import { LedgerViews } from '../../server/compliance/views.ts'
import { connectMongoose } from '../../server/database/connect.ts'
import { ensureIndexes } from '../../server/database/indexes.ts'
import { DIMENSIONS } from '../../server/domain/cells.ts'
import { emptySum } from '../../server/domain/series.ts'
import type { TallyFilter } from '../../server/domain/tally.ts'
import { CATEGORIES, ENERGIES } from '../../server/domain/vocabulary.ts'
import { policyModel } from '../../server/policies/model.ts'
import { Policies } from '../../server/policies/service.ts'
import { freshDatabase } from '../harness/mongo.ts'
import { COUNTIES, Dice, EDGES, OPERATORS, randomChange, recount } from '../harness/recount.ts'

/**
 * A ledger of thousands of random entries, recorded over two years, some late, some withdrawn soon or long after.
 * Whatever is asked, in whatever order, by processes that have and have not seen it before, is a plain recount of the
 * entries that were known then.
 */

const ZONE = 'Asia/Shanghai'
const FIRST = Date.parse('2025-01-20T09:00:00+08:00')
const LAST = Date.parse('2026-11-23T10:00:00+08:00')
const ENTRIES = 4000

interface Recorded {
  change: ReturnType<typeof randomChange>
  recordedAt: Date
  voidedAt: Date | null
}

let database: Awaited<ReturnType<typeof freshDatabase>>
let connection: Connection
let policies: Policies
let ledger: Recorded[]
let process: () => { views: LedgerViews; clock: LedgerClock }
const dice = new Dice(20_261_126)

beforeAll(async () => {
  database = await freshDatabase()
  connection = await connectMongoose(database.uri)
  const changes = changeModel(connection)
  policies = new Policies(policyModel(connection))
  await policies.start()
  await ensureIndexes(connection)
  const instant = (from: number) => new Date(from + Math.floor(dice.next() * (LAST - from)))
  ledger = Array.from({ length: ENTRIES }, (_, i): Recorded => {
    const recordedAt = i === 0 ? new Date(FIRST) : instant(FIRST)
    const voided = dice.chance(0.25)
    const soon = new Date(Math.min(LAST, recordedAt.getTime() + dice.below(3_600_000)))
    const voidedAt = voided ? (dice.chance(0.5) ? soon : instant(recordedAt.getTime())) : null
    const change = randomChange(dice, i)
    return {
      change: dice.chance(0.02) ? { ...change, exemptFrom: ['bus-fleet'] } : change,
      recordedAt,
      voidedAt,
    }
  })
  // The instants at which a month turns in Nanping, and a millisecond on either side.
  for (const [i, at] of ['2025-03-31T23:59:59.999+08:00', '2025-04-01T00:00:00.000+08:00'].entries()) {
    Object.assign(ledger[10 + i] ?? {}, { recordedAt: new Date(at), voidedAt: null })
    Object.assign(ledger[20 + i] ?? {}, { recordedAt: new Date(FIRST), voidedAt: new Date(at) })
  }
  const docs = ledger.map(({ change, recordedAt, voidedAt }, i) => ({
    ...{ ...change, _id: new ObjectId(), key: `k${i}`, vins: [change.vehicle.vin] },
    ...{ recordedAt, voidedAt, voided: voidedAt !== null, recordedBy: { id: 'x', name: 'x' } },
  }))
  await changes.collection.insertMany(docs as never)
  process = () => {
    const [closings, clock] = [new Closings(connection, ZONE), new LedgerClock(connection)]
    return { views: new LedgerViews({ changes, policies, closings, clock }), clock }
  }
}, 120_000)
afterAll(async () => {
  policies.stop()
  await connection.close()
  await database.drop()
})

const knownThen = (at: Date) =>
  ledger
    .filter(({ recordedAt, voidedAt }) => recordedAt <= at && (voidedAt === null || voidedAt > at))
    .map(({ change }) => ({ change, voided: false }))

/** A plain recount, but for entries that a decision took out of a rule. */
function counted(at: Date, rule: string, asOf: string, filter: TallyFilter) {
  const known = knownThen(at).filter(({ change }) => !change.exemptFrom?.includes(rule))
  return recount(known, rule, asOf, filter)
}

function randomFilter(): TallyFilter {
  return {
    ...(dice.chance(0.4) ? { county: dice.of([...COUNTIES, '3507', '35']) } : {}),
    ...(dice.chance(0.4) ? { operator: dice.of(OPERATORS) } : {}),
    ...(dice.chance(0.2) ? { category: dice.of(CATEGORIES) } : {}),
    ...(dice.chance(0.2) ? { energy: dice.of(ENERGIES) } : {}),
  }
}

const TURNS = [
  '2025-03-31T15:59:59.998Z',
  '2025-03-31T15:59:59.999Z',
  '2025-03-31T16:00:00.000Z',
  '2025-03-31T16:00:00.001Z',
]
const randomInstant = () =>
  dice.chance(0.15)
    ? new Date(dice.of(TURNS))
    : new Date(FIRST - 86_400_000 * 40 + Math.floor(dice.next() * (LAST - FIRST + 86_400_000 * 40)))

async function ask(views: LedgerViews, questions: number): Promise<number> {
  let some = 0
  for (let i = 0; i < questions; i++) {
    const at = randomInstant()
    const rule = dice.of(policies.current().rules).id
    const asOf = dice.chance(0.2) ? dice.of(EDGES) : dice.day('2024-01-01', '2028-01-31')
    const filter = randomFilter()
    const { tally, knownAt } = await views.at(at)
    expect(knownAt).toEqual(at)
    const what = [at.toISOString(), rule, asOf, filter]
    const sum = counted(at, rule, asOf, filter)
    expect([...what, tally.total(rule, asOf, filter)]).toEqual([...what, sum])
    const dimension = dice.of(DIMENSIONS)
    const parts = emptySum()
    for (const part of tally.breakdown(rule, dimension, asOf, filter).values())
      for (const key of Object.keys(parts) as (keyof typeof parts)[]) parts[key] += part[key]
    expect([...what, dimension, parts]).toEqual([...what, dimension, sum])
    some += sum.entries
  }
  return some
}

describe('figures of a ledger that grew', () => {
  it('are a recount of what was known then, for a process that begins with nothing', async () => {
    expect(await ask(process().views, 60)).toBeGreaterThan(500)
  })

  it('are so for processes that begin with what another one kept', async () => {
    for (let i = 0; i < 4; i++) await ask(process().views, 25)
  })

  it('are so when they move on step by step, and when several are asked at once', async () => {
    const { views } = process()
    const steps = Array.from({ length: 30 }, randomInstant).sort((a, b) => a.getTime() - b.getTime())
    await Promise.all(
      steps.map(async (at) => {
        const { tally } = await views.at(at)
        const total = tally.total('freight-fleet', '2026-06-30')
        expect([at, total]).toEqual([at, counted(at, 'freight-fleet', '2026-06-30', {})])
      }),
    )
  })

  it('are found right by the check, of now', async () => {
    const changes = changeModel(connection)
    const [clock, closings] = [new LedgerClock(connection), new Closings(connection, ZONE)]
    const check = new TallyCheck({ changes, clock, closings, views: process().views, policies })
    const found = await check.check(new Date(LAST))
    expect(found.differences).toEqual([])
    expect(found.months).toBe(22)
    expect(found.sums).toBeGreaterThan(1000)
  })

  it('are made of months that are kept whole: what was cut off, mixed or damaged counts as not kept', async () => {
    const policy = policies.current()
    const small = new Closings(connection, ZONE, 20)
    const kept = connection.collection('closings')
    const [, , end] = small.endsWithin(new Date(-1), new Date(FIRST), new Date(LAST))
    if (!end) throw new Error('there is no third month')
    const cells = await small.load(policy, end)
    if (!cells) throw new Error('the third month is not kept')
    const harms = [
      () => kept.updateOne({ to: end, part: 1 }, { $set: { tag: 'of another writing' } }),
      () => kept.deleteOne({ to: end, part: 2 }),
      () => kept.updateOne({ to: end, part: 0 }, { $set: { cells: Buffer.from('damaged') } }),
      () => kept.updateOne({ to: end, part: 0 }, { $set: { cells: 'no bytes' } }),
    ]
    for (const harm of harms) {
      await small.save(policy, end, cells)
      expect(await kept.countDocuments({ to: end })).toBe(Math.ceil(cells.length / 20))
      expect(await small.load(policy, end)).toEqual(cells)
      await harm()
      expect(await small.load(policy, end)).toBeUndefined()
      await ask(process().views, 5)
    }
    // Made again meanwhile, and nothing of the longer one is left.
    expect(await small.load(policy, end)).toHaveLength(cells.length)
    expect(await kept.countDocuments({ to: end })).toBe(1)
  })

  it('are put right in every process by the check of one', async () => {
    const changes = changeModel(connection)
    const [one, other] = [process(), process()]
    const kept = connection.collection('closings')
    const [may, june] = await kept.find().sort({ to: 1 }).skip(4).limit(2).toArray()
    await kept.updateOne({ _id: may?._id }, { $set: { cells: june?.cells } })
    const at = new Date(LAST)
    const total = async ({ views, clock }: ReturnType<typeof process>) => {
      await clock.horizon(at)
      return (await views.at(at)).tally.total('freight-fleet', '2026-06-30')
    }
    const right = counted(at, 'freight-fleet', '2026-06-30', {})
    expect(await total(other)).not.toEqual(right)
    const parts = { changes, clock: one.clock, views: one.views, policies }
    const found = await new TallyCheck({ ...parts, closings: new Closings(connection, ZONE) }).check(at)
    expect(found.differences.length).toBeGreaterThan(0)
    expect([await total(one), await total(other)]).toEqual([right, right])
  })
})
