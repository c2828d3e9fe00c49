import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PastVehicles } from '../../server/vehicles/past.ts'
import { rebuildVehicles } from '../../server/vehicles/rebuild.ts'
import type { Vehicle } from '../../server/vehicles/schema.ts'
import { type Client, csvOf, type Page, person, vehicleOf } from '../harness/client.ts'
import { type FreshDatabase, freshDatabase } from '../harness/mongo.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** Enough for a wrong index to show in what is examined. */
const COUNT = 3000
const CATEGORIES = ['bus', 'cruising-taxi', 'ride-hailing', 'truck', 'sanitation']
const ENERGIES = ['BEV', 'PHEV', 'diesel', 'gasoline']
const COUNTIES = ['350702', '350703', '350721', '350722', '350723', '3507WY']

const standardOf = (day: string) => (day < '2013' ? '3' : day < '2018' ? '4' : '5')

let database: FreshDatabase
let service: TestService
let admin: Client

/** A register in which no two of category, energy, county, operator and date go together. */
beforeAll(async () => {
  database = await freshDatabase()
  // The driver tells what it sends.
  const told = `${database.uri}${database.uri.includes('?') ? '&' : '?'}monitorCommands=true`
  service = await startTestService({ MONGODB_URI: told })
  // What it does by itself would be taken for a request's.
  await service.jobs.scheduler.stop()
  admin = service.admin
  const stock = Array.from({ length: COUNT }, (_, n) => {
    // A quarter of them on one day, as where nobody knows better.
    const year = 2010 + (Math.floor(n / 11) % 13)
    const registeredOn = n % 4 === 1 ? '2016-02-15' : `${year}-${String(1 + (n % 12)).padStart(2, '0')}-15`
    const facts = {
      category: CATEGORIES[n % 5],
      energy: ENERGIES[Math.floor(n / 5) % 4],
      county: COUNTIES[Math.floor(n / 20) % 6],
      operator: `企业${String(Math.floor(n / 7) % 25)}`,
      // By the standard in force when they were sold: old ones lie far down among the latest.
      emission: ENERGIES[Math.floor(n / 5) % 4] === 'BEV' ? '' : standardOf(registeredOn),
    }
    return { ...vehicleOf(n, facts), kind: 'stock', registeredOn }
  })
  const retired = stock
    .filter((_, n) => n % 13 === 2)
    .map(({ vin }) => ({ vin, kind: 'retired', on: '2025-06-01', reason: 'scrapped' }))
  const { counts } = await admin.record('fleet.csv', csvOf([...stock, ...retired]))
  expect(counts.error).toBe(0)
}, 240_000)
afterAll(async () => {
  await service.close()
  await database.drop()
})

interface Plan {
  stage: string
  inputStage?: Plan
  inputStages?: Plan[]
}

const stagesOf = (plan: Plan): string[] => [
  plan.stage,
  ...[...(plan.inputStages ?? []), ...(plan.inputStage ? [plan.inputStage] : [])].flatMap(stagesOf),
]

/** Runs a request and explains each query that it made of a collection, as the driver sent it. */
async function explained(path: string, collection: string, client = admin) {
  const { connection } = service.services
  const sent: Record<string, unknown>[] = []
  const listen = (event: { commandName: string; command: Record<string, unknown> }) => {
    if (event.commandName === 'find' && event.command.find === collection) sent.push(event.command)
  }
  const mongo = connection.getClient()
  mongo.on('commandStarted', listen as never)
  const { status, body } = await client.get<Page<{ id: string }>>(path)
  mongo.off('commandStarted', listen as never)
  expect([path, status]).toEqual([path, 200])
  const plans: { stages: string[]; keys: number; docs: number }[] = []
  for (const command of sent) {
    const { find, filter, sort, limit, hint, projection } = command
    const answer = await connection.db?.command({
      explain: {
        find,
        filter,
        ...(sort ? { sort } : {}),
        limit,
        ...(hint ? { hint } : {}),
        ...(projection ? { projection } : {}),
      },
      verbosity: 'executionStats',
    })
    const stats = answer?.executionStats as {
      executionStages: Plan
      totalKeysExamined: number
      totalDocsExamined: number
    }
    plans.push({
      stages: stagesOf(stats.executionStages),
      ...{ keys: stats.totalKeysExamined, docs: stats.totalDocsExamined },
    })
  }
  return { body, plans }
}

const LIMIT = 20

/** The page in the middle of a list, so that a cursor is used. */
async function middle(path: string, client = admin): Promise<string> {
  const { body } = await client.get<Page<{ id: string }>>(`${path}&limit=${LIMIT}`)
  return body.nextCursor ?? ''
}

const LISTS = [
  ['', 2],
  ['status=active', 3],
  ['status=retired', 2],
  ['category=bus', 4],
  ['category=bus&status=retired', 4],
  ['category=truck,sanitation&energy=BEV', 4],
  ['energy=PHEV', 4],
  ['county=350703', 3],
  ['county=3507', 2],
  ['county=350703&status=active', 4],
  ['county=350703&category=bus', 12],
  ['emission=3', 2],
  ['emission=none,3', 2],
  ['emission=3&county=350703', 10],
  ['ageFrom=8', 2],
  ['ageFrom=3&ageTo=9&category=bus', 10],
  ['inServiceOn=2019-12-31', 4],
  ['category=bus&inServiceOn=2019-12-31', 6],
  ['q=LGXC', 4],
] as const

describe('a page of vehicles', () => {
  it.each(LISTS)(
    'narrowed by %j is read in order by an index, looking at no more than %i times its length',
    async (query, factor) => {
      for (const cursor of ['', await middle(`/vehicles?${query}`)]) {
        const path = `/vehicles?${query}&limit=${LIMIT}${cursor && `&cursor=${cursor}`}`
        const { body, plans } = await explained(path, 'vehicles')
        expect(body.items).toHaveLength(LIMIT)
        expect(plans.length).toBeGreaterThan(0)
        expect(plans.flatMap((p) => p.stages).filter((s) => s === 'SORT' || s === 'COLLSCAN')).toEqual([])
        const docs = plans.reduce((sum, p) => sum + p.docs, 0)
        expect({ path, docs: docs <= factor * (LIMIT + 1) ? 'few' : docs }).toEqual({ path, docs: 'few' })
        const keys = plans.reduce((sum, p) => sum + p.keys, 0)
        // Ranges that are merged begin with a key each: at most one for each category, energy and status.
        expect({ path, keys: keys <= factor * (LIMIT + 1) + 100 ? 'few' : keys }).toEqual({
          path,
          keys: 'few',
        })
      }
    },
  )

  it.each(['category=bus,truck,sanitation', 'county=350702', 'status=active&energy=BEV,diesel,gasoline'])(
    'is one of pages that hold each vehicle once, in order, also where hundreds came on one day: %s',
    async (query) => {
      const path = `/vehicles?${query}`
      const { body } = await admin.get<{ total: number }>(path.replace('/vehicles', '/vehicles/count'))
      const found = await admin.all<Vehicle>(path, 37)
      expect(found).toHaveLength(body.total)
      const places = found.map((v) => [v.enteredOn, v.vin] as const)
      const ordered = [...places].sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a > b ? -1 : 1))
      expect(places).toEqual(ordered)
      expect(new Set(found.map((v) => v.vin)).size).toBe(found.length)
    },
  )

  it('in service on a day is read at once where those who came later, and had been there before, are behind', async () => {
    const path = '/vehicles?inServiceOn=2019-12-31'
    const first = await explained(path, 'vehicles')
    const next = await explained(`${path}&cursor=${await middle(path)}`, 'vehicles')
    expect([first.plans.length, next.plans.length]).toEqual([2, 1])
  })

  it('of a rare fragment looks at those that hold it', async () => {
    const one = (await admin.get<Page<Vehicle>>('/vehicles?limit=1')).body.items[0] as Vehicle
    for (const q of [one.vin.slice(-6), one.plate.slice(2)]) {
      const { body, plans } = await explained(`/vehicles?q=${q}`, 'vehicles')
      expect(body.items.map((v) => v.id)).toContain(one.vin)
      expect(plans.reduce((sum, p) => sum + p.docs, 0)).toBe(body.items.length)
    }
  })

  it('of the rare beginning of a plate looks at those that have it', async () => {
    const own = vehicleOf(COUNT, { category: 'bus', energy: 'BEV', operator: '企业0' })
    const vehicle = { ...own, plate: `沪${own.plate.slice(1)}` }
    await admin.mustChange({
      kind: 'stock',
      on: '2012-01-01',
      vehicle: { ...vehicle, registeredOn: '2012-01-01' },
    })
    for (const more of ['', '&inServiceOn=2019-12-31', '&category=bus']) {
      const { body, plans } = await explained(`/vehicles?q=沪${more}`, 'vehicles')
      expect(body.items.map((v) => v.id)).toEqual([own.vin])
      expect(plans.flatMap((p) => p.stages)).not.toContain('COLLSCAN')
      expect(plans.reduce((sum, p) => sum + p.docs, 0)).toBeLessThanOrEqual(LIMIT)
    }
  })

  it('of the past counts as many as one request may look at', async () => {
    const { changes, vehicles } = service.services.models
    const moment = { asOf: '2026-11-23', knownAt: new Date('2199-01-01') }
    const past = new PastVehicles(changes, vehicles)
    const all = await vehicles.collection.countDocuments({})
    const first = vehicles.collection.find({}, { projection: { category: 1 } }).sort({ _id: 1 })
    const buses = (await first.limit(500).toArray()).filter((v) => v.category === 'bus').length
    expect(await past.count({ category: ['bus'] }, moment, 500)).toEqual({ total: buses, atLeast: true })
    expect(await past.count({}, moment)).toEqual({ total: all })
    const { body } = await admin.get('/vehicles/count?asOf=2026-11-23')
    expect(body).toEqual({ total: all })
  })

  it('of a limited caller goes along its own part', async () => {
    const officer = await person(service, { role: 'county-officer', county: '350721' })
    const operator = await person(service, { role: 'operator', operator: '企业3' })
    for (const client of [officer, operator]) {
      for (const cursor of ['', await middle('/vehicles?', client)]) {
        const path = `/vehicles?limit=${LIMIT}${cursor && `&cursor=${cursor}`}`
        const { plans } = await explained(path, 'vehicles', client)
        expect(plans.flatMap((p) => p.stages).filter((s) => s === 'SORT' || s === 'COLLSCAN')).toEqual([])
        expect(plans.reduce((sum, p) => sum + p.docs, 0)).toBeLessThanOrEqual(2 * (LIMIT + 1))
      }
    }
  })
})

const LEDGER = [
  ['', 2],
  ['includeVoided=true', 2],
  ['kind=retired', 2],
  ['kind=stock,added', 2],
  ['county=350722', 2],
  ['county=3507', 2],
  ['from=2012-01-01&to=2019-12-31', 2],
  ['asOf=2018-12-31', 2],
] as const

describe('a page of the ledger', () => {
  it.each(LEDGER)(
    'narrowed by %j is read in order by an index, looking at no more than %i times its length',
    async (query, factor) => {
      for (const cursor of ['', await middle(`/changes?${query}`)]) {
        const path = `/changes?${query}&limit=${LIMIT}${cursor && `&cursor=${cursor}`}`
        const { body, plans } = await explained(path, 'changes')
        expect(body.items).toHaveLength(LIMIT)
        expect(plans.flatMap((p) => p.stages).filter((s) => s === 'SORT' || s === 'COLLSCAN')).toEqual([])
        expect(plans.reduce((sum, p) => sum + p.docs, 0)).toBeLessThanOrEqual(factor * (LIMIT + 1))
      }
    },
  )

  it('of one upload goes along its rows', async () => {
    const { body } = await admin.get<Page<{ id: string }>>('/imports')
    const path = `/changes?import=${body.items[0]?.id}&limit=${LIMIT}`
    const first = await explained(path, 'changes')
    expect(first.plans[0]?.stages).not.toContain('SORT')
    const items = await admin.all<{ source: { row: number } }>(`/changes?import=${body.items[0]?.id}`)
    const rows = items.map((c) => c.source.row)
    expect(rows).toEqual([...rows].sort((a, b) => a - b))
    expect(rows.length).toBe(COUNT + Math.ceil((COUNT - 2) / 13))
  })
})

describe('vehicles of an earlier version', () => {
  it('get what lists and searches go by at the start, as rebuilding would give it', async () => {
    const { vehicles } = service.services.models
    await vehicles.collection.updateMany({}, { $unset: { fragments: '', spells: '', returned: '' } })
    await service.restart()
    await admin.signIn('admin@example.com', 'a good long password')
    const lacking = () =>
      service.services.models.vehicles.collection.countDocuments({ fragments: null } as never)
    await expect.poll(lacking, { timeout: 60_000 }).toBe(0)
    const models = service.services.models
    expect((await rebuildVehicles(models.changes, models.vehicles)).differences).toEqual([])
  }, 120_000)
})
