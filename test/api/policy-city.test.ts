import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChangeView } from '../../server/changes/schema.ts'
import type { ImportView } from '../../server/imports/schema.ts'
import type { PolicyView } from '../../server/policies/schema.ts'
import { type Client, csvOf, person, type Recorded, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/**
 * Another city, by nothing but its policy: other targets, readings, period and service lives, and regions that nest
 * three deep. The worked figures of the domain, as this city counts.
 */
let service: TestService
let admin: Client
beforeAll(async () => {
  service = await startTestService({ POLICY: 'linhai-2025' })
  admin = service.admin
})
afterAll(() => service.close())

const HOME = '990702101201'
const plate = (n: number, energy: string) => `琼Z${energy === 'BEV' ? 'D' : ''}${String(n).padStart(5, '0')}`
const vehicle = (n: number, facts: Record<string, unknown> = {}) => {
  const energy = String(facts.energy ?? 'diesel')
  return { ...vehicleOf(n, { county: HOME, operator: '麟海运输公司', ...facts }), plate: plate(n, energy) }
}
const stock = (n: number, facts: Record<string, unknown> = {}) => ({ ...vehicle(n, facts), kind: 'stock' })
const instead = (n: number, old: number, facts: Record<string, unknown> = {}) => ({
  ...vehicle(n, facts),
  ...{ kind: 'replaced', on: '2026-01-01', replaces: vinOf(old) },
})
const enter = (body: Record<string, unknown>) => admin.post<Recorded>('/changes', body)
const rule = async (id: string, query = '') => (await admin.figures(query))[id]
const record = async (name: string, rows: Record<string, unknown>[]) => {
  const list = await admin.record(name, csvOf(rows))
  expect(list.counts.error).toBe(0)
}

describe('the city', () => {
  it('is the policy’s, everywhere', async () => {
    const { policy, rules } = (await admin.get<PolicyView>('/policy')).body
    expect(policy).toMatchObject({ id: 'linhai-2025', reportingDays: 15, period: { from: '2025-07-01' } })
    expect(rules.map((r) => r.id)).toEqual(
      expect.arrayContaining(['cruising-taxi-renewal', 'ride-hailing-renewal']),
    )
    const regions = await admin.get<{ city: { code: string }; items: { code: string }[] }>('/regions')
    expect(regions.body.city).toMatchObject({ code: '9907', plates: '琼Z' })
    expect(regions.body.items.map((r) => r.code)).toContain(HOME)
    expect((await admin.post('/operators', { name: '异地公司', county: '350702' })).status).toBe(400)
  })
})

describe('a list', () => {
  it.each(['望潮村', '麟海市东港区南屿镇望潮村', '990702101299', '西川区城关街道', '云岭市'])(
    'is read with the region %s',
    async (county) => {
      const n = 9000 + county.length
      const { counts } = await admin.check(`${n}.csv`, csvOf([stock(n, { county })]))
      expect(counts).toMatchObject({ new: 1, error: 0 })
    },
  )

  it.each(['城关街道', '延平区', '350702', '麟海市'])(
    'is asked about %s, which names no one region',
    async (county) => {
      const { counts, codes } = await admin.check(`${county}.csv`, csvOf([stock(9999, { county })]))
      expect(counts.error).toBe(1)
      expect(JSON.stringify(codes)).toContain('county.unknown')
    },
  )

  it('is decided by an officer of the district in which its villages lie, and by no other', async () => {
    const own = await person(service, { role: 'county-officer', county: '990702' })
    const other = await person(service, { role: 'county-officer', county: '990703' })
    const sent = await own.upload('own.csv', csvOf([stock(8001), stock(8002, { county: '990702101KJ' })]))
    expect(sent.status).toBe(202)
    const view = await own.importIn(sent.body.id, 'checked')
    expect(view.counts).toMatchObject({ new: 2, error: 0 })
    expect((await other.post(`/imports/${view.id}/approve`)).status).toBeGreaterThanOrEqual(403)
    await own.post(`/imports/${view.id}/approve`)
    await own.importIn(view.id, 'applied')
    const seen = async (client: Client) =>
      (await client.get<{ items: unknown[] }>('/vehicles')).body.items.length
    expect([await seen(own), await seen(other)]).toEqual([2, 0])
    const upload: ImportView = view
    expect(upload.counts.total).toBe(2)
  })
})

describe('the worked figures', () => {
  it('21 bus replacements, 20 new-energy: 95.2 %, on-track; one more gas bus: behind, and what regains it', async () => {
    const bus = { category: 'bus', energy: 'diesel' }
    await record(
      'buses.csv',
      Array.from({ length: 22 }, (_, i) => stock(100 + i, bus)),
    )
    const fresh = Array.from({ length: 20 }, (_, i) =>
      instead(200 + i, 100 + i, { ...bus, energy: 'BEV', emission: '' }),
    )
    await record('new.csv', [...fresh, instead(220, 120, { ...bus, energy: 'gas', emission: '6' })])
    expect(await rule('bus-renewal')).toMatchObject({
      numerator: 20,
      denominator: 21,
      value: 95.2,
      status: 'on-track',
    })
    await record('gas.csv', [instead(221, 121, { ...bus, energy: 'gas', emission: '6' })])
    // 20/22 = 90.9 %: below 95 % it can be regained. 38/40 is the first to be 95 %.
    expect(await rule('bus-renewal')).toMatchObject({ value: 90.9, status: 'behind', needed: 18 })
  })

  it('cruising taxis and ride-hailing apart, each with the target', async () => {
    const [taxi, hail] = [{ category: 'cruising-taxi' }, { category: 'ride-hailing' }]
    const old = { energy: 'gasoline', emission: '4' }
    await record('cars.csv', [
      ...[301, 302].map((n) => stock(n, { ...taxi, ...old })),
      stock(303, { ...hail, ...old }),
    ])
    await record('cars-new.csv', [
      instead(311, 301, { ...taxi, energy: 'BEV', emission: '' }),
      instead(312, 302, { ...taxi, energy: 'HEV', emission: '6' }),
      instead(313, 303, { ...hail, energy: 'BEV', emission: '' }),
    ])
    expect(await rule('cruising-taxi-renewal')).toMatchObject({
      numerator: 1,
      denominator: 2,
      target: 80,
      status: 'behind',
    })
    expect(await rule('ride-hailing-renewal')).toMatchObject({
      numerator: 1,
      denominator: 1,
      status: 'on-track',
    })
    expect(await rule('taxi-renewal')).toBeUndefined()
  })

  it('国四 is old, transferred out counts, a replacement is also added', async () => {
    const truck = (n: number, emission: string) => stock(n, { emission })
    await record('trucks.csv', [truck(401, '4'), truck(402, '4'), truck(403, '5'), truck(404, '3')])
    const leave = (n: number, reason: string) =>
      enter({ kind: 'retired', on: '2026-02-01', reason, vehicle: { vin: vinOf(n) } })
    expect((await leave(401, 'transferred-out')).body.effects.map((e) => e.rule)).toContain(
      'old-diesel-trucks-retired',
    )
    expect((await leave(403, 'scrapped')).body.effects.map((e) => e.rule)).not.toContain(
      'old-diesel-trucks-retired',
    )
    const made = await enter({
      ...{ kind: 'replaced', on: '2026-02-02', replaces: [vinOf(402)] },
      vehicle: vehicle(412, { energy: 'BEV', emission: null }),
    })
    expect(made.status).toBe(201)
    expect(await rule('old-diesel-trucks-retired')).toMatchObject({ value: 2, target: 120 })
    expect(await rule('freight-vehicles-added')).toMatchObject({ value: 1, target: 600 })
    // A change before this city's period counts for nothing.
    const early = await enter({
      kind: 'retired',
      on: '2025-06-30',
      reason: 'scrapped',
      vehicle: { vin: vinOf(404) },
    })
    expect(early.status).toBe(201)
    expect(await rule('old-diesel-trucks-retired')).toMatchObject({ value: 2 })
  })

  it('follows the milestones that the city set', async () => {
    expect(await rule('old-diesel-trucks-retired', '?asOf=2026-06-30')).toMatchObject({ expected: 60 })
    expect(await rule('old-diesel-trucks-retired', '?asOf=2027-06-30')).toMatchObject({
      expected: 90,
      status: 'behind',
    })
  })

  it('counts buses whose batteries were swapped, not packs; sanitation; vessels by its own reading', async () => {
    const swap = { kind: 'battery-swap', on: '2026-03-01', packs: 6, vehicle: { vin: vinOf(200) } }
    expect((await enter(swap)).status).toBe(201)
    expect(await rule('bus-batteries-swapped')).toMatchObject({ value: 1, unit: 'vehicles', target: 300 })
    await record('sanitation.csv', [
      { ...vehicle(501, { category: 'sanitation', energy: 'BEV' }), kind: 'added', on: '2026-03-01' },
      { ...vehicle(502, { category: 'sanitation', emission: '6' }), kind: 'added', on: '2026-03-01' },
    ])
    expect(await rule('sanitation-renewal')).toMatchObject({
      value: 50,
      target: 62.5,
      status: 'behind',
      needed: 1,
    })
    for (const [n, energy] of [
      [1, 'gas'],
      [2, 'BEV'],
    ] as const) {
      const ship = { vin: `CN2025000001${n}`, plate: `麟海示范${n}号`, category: 'vessel', energy }
      const made = await enter({
        ...{ kind: 'added', on: '2026-03-01' },
        vehicle: { ...ship, operator: '麟海运输公司', county: '9907XG' },
      })
      expect(made.status).toBe(201)
    }
    expect(await rule('green-vessels-added')).toMatchObject({ value: 1, target: 12 })
  })

  it('adds up over regions that nest, and each part has its evidence', async () => {
    const whole = await rule('bus-renewal')
    const district = await rule('bus-renewal', '?county=990702')
    expect(district).toMatchObject({ numerator: whole?.numerator, denominator: whole?.denominator })
    expect(await rule('bus-renewal', '?county=990703')).toMatchObject({ status: 'no-data' })
    const behind = await admin.all<ChangeView>('/compliance/bus-renewal/evidence?county=990702101')
    expect(behind).toHaveLength(whole?.denominator ?? -1)
  })
})

describe('a part of the city within another', () => {
  const DISTRICT = '990702'
  const TOWN = '990702101'
  const at = (county: string, n: number, facts: Record<string, unknown> = {}) => ({
    ...vehicle(n, { county, ...facts }),
  })
  const codes = ({ body }: { body: Recorded }) => body.errors.map((e) => e.code)
  let district: Client
  let town: Client
  let upper: Recorded
  let lower: Recorded
  beforeAll(async () => {
    district = await person(service, { role: 'county-officer', county: DISTRICT })
    town = await person(service, { role: 'county-officer', county: TOWN })
    upper = (await enter({ kind: 'stock', vehicle: at(DISTRICT, 7001) })).body
    lower = (await enter({ kind: 'stock', vehicle: at(HOME, 7002) })).body
  })

  const readings = (entry: Recorded) => [
    `/vehicles/${entry.vehicle.vin}`,
    `/changes/${entry.id}`,
    `/changes/${entry.id}/attachments/${'f'.repeat(24)}`,
  ]
  const statuses = (by: Client, entry: Recorded) =>
    Promise.all(readings(entry).map(async (path) => (await by.get(path)).status))

  it('is seen by the officers of the wider one, and the wider one is not seen by its own', async () => {
    expect(await statuses(district, upper)).toEqual([200, 200, 404])
    expect(await statuses(district, lower)).toEqual([200, 200, 404])
    expect(await statuses(town, lower)).toEqual([200, 200, 404])
    expect(await statuses(town, upper)).toEqual([404, 404, 404])
    const vins = async (by: Client, query: string) =>
      (await by.all<{ vin: string }>(`/vehicles?q=${query}`)).map((v) => v.vin)
    expect(await vins(town, upper.vehicle.vin)).toEqual([])
    expect(await vins(district, upper.vehicle.vin)).toEqual([upper.vehicle.vin])
  })

  it('is written in by the officers of the wider one, and by its own not beyond it', async () => {
    const reason = '录入有误'
    expect((await town.post(`/changes/${upper.id}/void`, { reason })).status).toBe(404)
    expect((await town.change({ kind: 'stock', vehicle: at(DISTRICT, 7003) })).status).toBe(403)
    expect((await town.change({ kind: 'stock', vehicle: at(TOWN, 7003) })).status).toBe(201)
    expect((await district.change({ kind: 'stock', vehicle: at(DISTRICT, 7004) })).status).toBe(201)
    expect((await district.change({ kind: 'stock', vehicle: at(HOME, 7005) })).status).toBe(201)
    const retiring = { kind: 'retired', on: '2026-02-01', reason: 'scrapped' }
    const beyond = await town.change({ ...retiring, vehicle: { vin: upper.vehicle.vin } })
    expect([beyond.status, codes(beyond)]).toEqual([422, ['vehicle.outside']])
    expect((await district.post(`/changes/${lower.id}/void?dryRun=true`, { reason })).status).toBe(200)
  })

  it('has no say over a vehicle that came from the wider one, nor sees where it came from', async () => {
    const { vin } = (await enter({ kind: 'stock', vehicle: at(DISTRICT, 7010) })).body.vehicle
    const moved = await district.change({
      ...{ kind: 'transferred', on: '2026-02-01', to: { county: HOME } },
      vehicle: { vin },
    })
    expect(moved.status).toBe(201)
    expect((await town.get<ChangeView>(`/changes/${moved.body.id}`)).body.from).toBeNull()
    expect((await district.get<ChangeView>(`/changes/${moved.body.id}`)).body.from?.county).toBe(DISTRICT)
    const reason = '录入有误'
    expect((await town.post(`/changes/${moved.body.id}/void`, { reason })).status).toBe(403)
    expect((await district.post(`/changes/${moved.body.id}/void`, { reason })).status).toBe(200)
  })

  it('keeps out of a list what the wider one has', async () => {
    const rows = csvOf([stock(7020, { county: DISTRICT }), stock(7021, { county: HOME })])
    const counts = async (by: Client, name: string) => (await by.check(name, rows)).counts
    expect(await counts(town, 'town.csv')).toMatchObject({ new: 1, error: 1 })
    expect(await counts(district, 'district.csv')).toMatchObject({ new: 2, error: 0 })
  })

  it('has no say over what the companies of the wider one report', async () => {
    const name = '东港区客运公司'
    const made = await admin.post<{ id: string }>('/operators', { name, county: DISTRICT })
    expect(made.status).toBe(201)
    const nil = (by: Client) => by.post('/reporting/nil', { month: '2026-11', operator: made.body.id })
    expect((await nil(town)).status).toBe(403)
    expect((await nil(district)).status).toBe(201)
  })
})
