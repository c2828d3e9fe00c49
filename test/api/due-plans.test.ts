import type { Connection } from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ChangeModel, changeModel } from '../../server/changes/model.ts'
import { connectMongoose } from '../../server/database/connect.ts'
import { ensureIndexes } from '../../server/database/indexes.ts'
import { endOfMonth } from '../../server/domain/civil-date.ts'
import { endOfLife, lifeGroups } from '../../server/domain/due.ts'
import type { LifeEvent } from '../../server/domain/life.ts'
import { serviceYears } from '../../server/domain/policy.ts'
import type { Step } from '../../server/domain/scenario.ts'
import { CATEGORIES, ENERGIES } from '../../server/domain/vocabulary.ts'
import { dueAll, dueNext } from '../../server/due/merge.ts'
import { presentMixes } from '../../server/due/mix.ts'
import { DueReads, type Place } from '../../server/due/reads.ts'
import { stepViews } from '../../server/scenarios/step-views.ts'
import { writeVehicles } from '../../server/vehicles/derive.ts'
import { type VehicleModel, vehicleModel } from '../../server/vehicles/model.ts'
import { vinOf } from '../harness/client.ts'
import { type FreshDatabase, freshDatabase } from '../harness/mongo.ts'
import { linhai2025, nanping2024 } from '../harness/policies.ts'
import '../harness/regions.ts'

/** What the database looks at to tell what is due, in a register that is large enough for a wrong index to show. */

const COUNT = Number(process.env.DUE_VEHICLES ?? 3000)
const TODAY = '2026-11-23'
const WINDOW = { to: '2027-12-31' }
const COUNTIES = ['350702', '350703', '350721', '350722', '350781']

let database: FreshDatabase
let connection: Connection
let vehicles: VehicleModel
let changes: ChangeModel
let reads: DueReads
const sent: Record<string, unknown>[] = []

/** Days all over the month; of February the last of them often. */
function dayOf(year: number, month: number, n: number): string {
  const last = endOfMonth(`${year}-${String(month).padStart(2, '0')}`)
  return month === 2 && n % 3 > 0 ? last : `${last.slice(0, 8)}${String(1 + (n % 28)).padStart(2, '0')}`
}

function lifeOf(n: number): [string, LifeEvent[]] {
  const year = 2004 + (Math.floor(n / 7) % 22)
  const energy = ENERGIES[Math.floor(n / 6) % ENERGIES.length] ?? 'diesel'
  const facts = {
    ...{ vin: vinOf(n), plate: `闽H${n}`, category: CATEGORIES[n % 5] ?? 'bus', energy },
    emission: energy === 'BEV' || energy === 'FCEV' ? null : year < 2013 ? ('3' as const) : ('5' as const),
    registeredOn: n % 50 === 0 ? null : dayOf(year, 1 + (n % 12), n),
    ...{ operator: `企业${n % 200}`, county: COUNTIES[Math.floor(n / 11) % 5] ?? '350702' },
  }
  const event = { kind: 'stock', role: 'subject', on: '2023-12-31', facts } as const
  return [facts.vin, [{ ...event, change: String(n), reason: null, packs: null, others: [] }]]
}

beforeAll(async () => {
  database = await freshDatabase()
  connection = await connectMongoose(database.uri)
  vehicles = vehicleModel(connection)
  changes = changeModel(connection)
  await ensureIndexes(connection)
  for (let from = 0; from < COUNT; from += 2000) {
    const lives = Array.from({ length: Math.min(2000, COUNT - from) }, (_, i) => lifeOf(from + i))
    const vins = lives.map(([vin]) => vin)
    await writeVehicles(vehicles, vins, new Map(lives), { fresh: new Set(vins) })
  }
  reads = new DueReads(vehicles)
  connection.getClient().on('commandStarted', ({ commandName, command }) => {
    if (commandName === 'find' || commandName === 'aggregate') sent.push(command)
  })
}, 600_000)
afterAll(async () => {
  await connection.close()
  await database.drop()
})

/** Runs what reads, and tells what each query of it looked at, as the driver sent it. */
async function looked(read: () => Promise<unknown>): Promise<{ keys: number; docs: number }[]> {
  sent.length = 0
  await read()
  const stats: { keys: number; docs: number }[] = []
  for (const { find, filter, sort, limit, hint, projection, aggregate, pipeline } of [...sent]) {
    const asked = aggregate
      ? { aggregate, pipeline, hint, cursor: {} }
      : { find, filter, sort, limit, hint, projection }
    const answer = await connection.db?.command({ explain: asked, verbosity: 'executionStats' })
    const found = statsIn(answer)
    stats.push({ keys: found.totalKeysExamined, docs: found.totalDocsExamined })
  }
  return stats
}

interface Stats {
  totalKeysExamined: number
  totalDocsExamined: number
}
/** Where they lie depends on how the database carries a pipeline out. */
function statsIn(answer: unknown): Stats {
  if (answer && typeof answer === 'object') {
    if ('executionStats' in answer) return answer.executionStats as Stats
    for (const value of Object.values(answer)) {
      const found = statsIn(value)
      if (found.totalKeysExamined >= 0) return found
    }
  }
  return { totalKeysExamined: -1, totalDocsExamined: -1 }
}

const groups = lifeGroups(nanping2024).map((group, number) => ({ ...group, number }))
const KEYS = [{ $substrBytes: ['$registeredOn', 0, 7] }, '$county', '$operator', null]

describe('counts of what is due', () => {
  it('are told by the index alone, and by no more of it than there is to count', async () => {
    for (const place of [{}, { county: '350703' }])
      for (const key of KEYS)
        for (const group of groups) {
          const all = await reads.count(group, {}, WINDOW, TODAY, null)
          const due = all.reduce((sum, { total }) => sum + total, 0)
          const stats = await looked(() => reads.count(group, place, WINDOW, TODAY, key))
          expect(stats).toHaveLength(1)
          expect(stats[0]?.docs).toBe(0)
          expect(stats[0]?.keys).toBeGreaterThan(0)
          expect(stats[0]?.keys).toBeLessThan(due + 2 * ENERGIES.length + 2)
        }
  })

  it('of those without a date, by energy and of old trucks too', async () => {
    const group = groups[3]
    if (!group) throw new Error('no such group')
    const stats = await looked(async () => {
      await reads.undated(group, {}, '$county')
      await reads.kinds(group, {}, WINDOW, TODAY)
      await reads.total({ category: 'truck', energies: ['diesel'] }, {}, [
        { emission: { $in: ['0', '1', '2', '3'] } },
      ])
    })
    expect(stats.map((s) => s.docs)).toEqual([0, 0, 0])
  })
})

describe('what a scenario’s steps could take out of service', () => {
  const truck: Step = {
    ...({ kind: 'retired', category: 'truck', county: null, operators: [], per: 'period' } as const),
    ...{ amount: COUNT, newEnergy: 100, oldDiesel: 100 },
  }
  const facts = Array.from({ length: COUNT }, (_, n) => lifeOf(n)[1][0]?.facts)
  const trucks = (county?: string) =>
    facts.filter((f) => f?.category === 'truck' && (county === undefined || f.county === county)).length

  it('is told by the index alone, once for the same vehicles', async () => {
    const steps: Step[] = [truck, { ...truck, kind: 'replaced' }, { ...truck, county: '350703' }]
    let views: Awaited<ReturnType<typeof stepViews>> = []
    const stats = await looked(async () => {
      views = await stepViews(vehicles, nanping2024, [...steps, ...steps, { ...truck, amount: 0 }], 12)
    })
    expect(stats.map((s) => s.docs)).toEqual([0, 0])
    const more = (inService: number) => [{ code: 'more-than-fleet', inService }]
    const told = [more(trucks()), more(trucks()), more(trucks('350703'))]
    expect(views.map((v) => v.warnings)).toEqual([...told, ...told, []])
  })

  it('of companies looks at their fleets', async () => {
    const steps = [{ ...truck, operators: ['企业3', '企业4'] }]
    const [stat] = await looked(() => stepViews(vehicles, nanping2024, steps, 12))
    expect(stat?.docs).toBeLessThanOrEqual((2 * COUNT) / 200 + 2)
  })
})

describe('the present mix of replacements', () => {
  const entry = (n: number) => ({
    key: `${n}`,
    kind: n % 10 < 6 ? 'replaced' : 'added',
    voided: n % 13 === 0,
    on: dayOf(2024 + (n % 3), 1 + (Math.floor(n / 7) % 11), n),
    vehicle: {
      ...{ category: CATEGORIES[Math.floor(n / 10) % 5] ?? 'bus', energy: n % 2 ? 'BEV' : 'gasoline' },
      ...{ county: COUNTIES[Math.floor(n / 11) % 5], operator: `企业${n % 20}` },
    },
  })

  it('is told by the index alone, for the city, a county and a company', async () => {
    const entries = Array.from({ length: COUNT }, (_, n) => entry(n))
    await changes.collection.insertMany(entries as never)
    const inYear = entries.filter(
      (e) => e.kind === 'replaced' && !e.voided && e.on > '2025-11-23' && e.on <= TODAY,
    )
    const places: Place[] = [{}, { county: '350703' }, { operator: '企业3' }]
    for (const place of places) {
      let mixes: Awaited<ReturnType<typeof presentMixes>> = new Map()
      const stats = await looked(async () => {
        mixes = await presentMixes(changes, nanping2024, place, TODAY, ['bus', 'truck'])
      })
      expect(stats.map((s) => s.docs)).toEqual([0])
      for (const category of ['bus', 'truck'] as const) {
        const there = inYear.filter(
          ({ vehicle }) =>
            vehicle.category === category &&
            (place.county === undefined || vehicle.county === place.county) &&
            (place.operator === undefined || vehicle.operator === place.operator),
        )
        expect(there.length).toBeGreaterThan(0)
        expect(mixes.get(category)?.shown).toMatchObject({
          ...{ basis: 'year', replaced: there.length },
          newEnergy: there.filter((e) => e.vehicle.energy === 'BEV').length,
        })
      }
      const ofBoth = inYear.filter((e) => ['bus', 'truck'].includes(e.vehicle.category)).length
      expect(stats[0]?.keys).toBeLessThan(2 * ofBoth)
    }
  })
})

describe('what is counted and listed', () => {
  it('is what each vehicle’s own service life says, for any last day, by any policy', async () => {
    const all = Array.from({ length: COUNT }, (_, n) => lifeOf(n)[1][0]?.facts).filter((f) => f !== undefined)
    for (const policy of [nanping2024, linhai2025])
      for (const to of ['2024-02-28', '2024-02-29', '2025-02-28', '2026-11-22', '2027-12-31', '2028-02-29']) {
        const naive = all.filter((facts) => {
          const years = serviceYears(policy, facts)
          return years !== null && facts.registeredOn !== null && endOfLife(facts.registeredOn, years) <= to
        })
        const own = lifeGroups(policy).map((group, number) => ({ ...group, number }))
        const counted = await Promise.all(own.map((group) => reads.count(group, {}, { to }, TODAY, null)))
        const total = counted.flat().reduce((sum, { total }) => sum + total, 0)
        expect([policy.id, to, total]).toEqual([policy.id, to, naive.length])
        const past = counted.flat().reduce((sum, { overdue }) => sum + overdue, 0)
        const isPast = ({ registeredOn, ...facts }: (typeof naive)[number]) =>
          endOfLife(registeredOn ?? '', serviceYears(policy, facts) ?? 0) < TODAY
        expect([policy.id, to, past]).toEqual([policy.id, to, naive.filter(isPast).length])
        const listed: string[] = []
        for await (const batch of dueAll(reads, own, {}, { to }, 300))
          listed.push(...batch.map(({ vehicle }) => vehicle._id))
        expect(listed.toSorted()).toEqual(naive.map(({ vin }) => vin).sort())
      }
  }, 120_000)
})

describe('a page of what is due', () => {
  it('looks at as many vehicles as it is long for each service life, anywhere in the list', async () => {
    const limit = 21
    const first = await dueNext(reads, groups, {}, WINDOW, limit, undefined)
    const last = first.at(-1)
    if (!last) throw new Error('nothing is due')
    const after = {
      ...{ group: last.group.number, registeredOn: last.vehicle.registeredOn ?? '' },
      ...{ vin: last.vehicle._id, dueOn: last.dueOn },
    }
    for (const place of [undefined, after]) {
      const stats = await looked(() => dueNext(reads, groups, {}, WINDOW, limit, place))
      expect(stats.length).toBeGreaterThanOrEqual(groups.length)
      for (const { docs, keys } of stats) {
        expect(docs).toBeLessThanOrEqual(limit)
        expect(keys).toBeLessThanOrEqual(limit + 3 * ENERGIES.length)
      }
    }
  })

  it('follows another to the very list that is told as a whole, of which each vehicle is read once', async () => {
    const whole: string[] = []
    const stats = await looked(async () => {
      for await (const batch of dueAll(reads, groups, {}, WINDOW, 200))
        whole.push(...batch.map(({ vehicle }) => vehicle._id))
    })
    expect(stats.reduce((sum, { docs }) => sum + docs, 0)).toBeLessThan(whole.length * 1.1)
    const paged: string[] = []
    let after: Parameters<typeof dueNext>[5]
    for (let page = await dueNext(reads, groups, {}, WINDOW, 150, after); page.length > 0; ) {
      paged.push(...page.map(({ vehicle }) => vehicle._id))
      const last = page.at(-1)
      if (!last) break
      const { vehicle, group, dueOn } = last
      after = { group: group.number, registeredOn: vehicle.registeredOn ?? '', vin: vehicle._id, dueOn }
      page = await dueNext(reads, groups, {}, WINDOW, 150, after)
    }
    expect(paged).toEqual(whole)
    expect(new Set(paged).size).toBe(paged.length)
    expect(paged.length).toBeGreaterThan(COUNT / 4)
  })

  it('of a company looks at that company’s fleet', async () => {
    const stats = await looked(() => dueNext(reads, groups, { operator: '企业3' }, WINDOW, 21, undefined))
    for (const { docs } of stats) expect(docs).toBeLessThanOrEqual(COUNT / 200 + 1)
  })
})
