import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { Vehicle, VehicleWithHistory } from '../../server/vehicles/schema.ts'
import { type Client, csvOf, type Page, person, plateOf, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

const COUNTIES = ['350702', '350703', '3507WY']
const CATEGORIES = ['bus', 'cruising-taxi', 'ride-hailing', 'truck']
const ENERGIES = ['BEV', 'PHEV', 'diesel']
const OPERATORS = ['甲公司', '乙公司']
const COUNT = 60

let service: TestService
let admin: Client
let operators: Record<string, string>

/** Sixty vehicles, every third of which has left. */
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
  const stock = Array.from({ length: COUNT }, (_, n) => ({
    ...vehicleOf(n, {
      category: CATEGORIES[n % 4],
      energy: ENERGIES[n % 3],
      county: COUNTIES[Math.floor(n / 4) % 3],
      operator: OPERATORS[Math.floor(n / 12) % 2],
    }),
    kind: 'stock',
    registeredOn: `2020-01-${String(1 + (n % 5)).padStart(2, '0')}`,
  }))
  const retired = stock
    .filter((_, n) => n % 3 === 2)
    .map(({ vin }) => ({ vin, kind: 'retired', on: '2025-06-01', reason: 'scrapped' }))
  const { counts } = await admin.record('fleet.csv', csvOf([...stock, ...retired]))
  expect(counts).toMatchObject({ new: 80, error: 0 })
  const { body } = await admin.get<{ items: { id: string; name: string }[] }>('/operators')
  operators = Object.fromEntries(body.items.map((o) => [o.name, o.id]))
})
afterAll(() => service.close())

const page = async (query: string, client = admin) =>
  (await client.get<Page<Vehicle> & ProblemBody>(`/vehicles?${query}`)).body
/** How many there are by the count beside the list; the filters without limit. */
const countOf = async (query: string, client = admin) =>
  (await client.get<{ total: number }>(`/vehicles/count?${query}`)).body.total
const everything = () => admin.all<Vehicle>('/vehicles?')

describe('the list of vehicles', () => {
  it('shows each as the register has it', async () => {
    const { items, total } = await page(`q=${vinOf(2)}`)
    expect(total).toBe(1)
    expect(items).toEqual([
      {
        ...{
          id: vinOf(2),
          vin: vinOf(2),
          plate: plateOf(2),
          category: 'ride-hailing',
          energy: 'diesel',
          newEnergy: false,
        },
        ...{
          emission: '3',
          registeredOn: '2020-01-03',
          operator: operators.甲公司,
          operatorName: '甲公司',
          county: '350702',
        },
        ...{ status: 'retired', enteredOn: '2020-01-03', exitedOn: '2025-06-01', exitReason: 'scrapped' },
        ...{ replaces: [], replacedBy: null },
      },
    ])
  })

  it('is narrowed by each filter and by all of them together', async () => {
    const all = await everything()
    expect(all).toHaveLength(COUNT)
    const choices: [keyof Vehicle, (string | undefined)[]][] = [
      ['category', [undefined, 'bus', 'cruising-taxi,ride-hailing']],
      ['energy', [undefined, 'BEV', 'PHEV,diesel']],
      ['status', [undefined, 'active', 'retired']],
      ['county', [undefined, '350702', '3507WY', '3507', '999999']],
      ['operator', [undefined, operators.乙公司, 'op-nobody']],
    ]
    let queries: [string, (v: Vehicle) => boolean][] = [['', () => true]]
    for (const [field, values] of choices) {
      queries = queries.flatMap(([query, fits]) =>
        values.map((value): [string, (v: Vehicle) => boolean] => {
          if (value === undefined) return [query, fits]
          const one = (v: Vehicle) =>
            field === 'county' ? v.county.startsWith(value) : value.split(',').includes(String(v[field]))
          return [`${query}&${field}=${value}`, (v) => fits(v) && one(v)]
        }),
      )
    }
    expect(queries.length).toBe(405)
    for (const [query, fits] of queries.filter((_, i) => i % 4 === 0 || i < 15)) {
      const { items } = await page(`limit=200&${query}`)
      const total = await countOf(query)
      const expected = all.filter(fits)
      expect({ query, total, vins: items.map((v) => v.vin) }).toEqual({
        query,
        total: expected.length,
        vins: expected.map((v) => v.vin),
      })
    }
  })

  it.each([
    [vinOf(7), 1],
    [vinOf(7).toLowerCase(), 1],
    [vinOf(7).slice(-6), 1],
    [` ${vinOf(7).slice(0, 8)} ${vinOf(7).slice(8)} `, 1],
    ['LGXC16AB', COUNT],
    [plateOf(5), 1],
    ['闽H·00005', 1],
    ['闽ｈ　０００05', 1],
    ['HD0000', 4],
    ['闽', COUNT],
    ['.', 0],
    ['-', 0],
    ['·', 0],
    [' _ ', 0],
    ['.*', 0],
    ['^闽', 0],
    ['[A-Z]', 0],
    ['(', 0],
    ['(?:', 0],
    ['a{99999}', 0],
    ['$', 0],
    ['\\', 0],
    ['|', 0],
    ['+', 0],
    ['%', 0],
    ['"', 0],
    ["'; drop", 0],
    ['😀', 0],
    ['\u200b', 0],
  ])('finds for the fragment %j %i', async (fragment, count) => {
    const q = `q=${encodeURIComponent(fragment)}`
    const { status, body } = await admin.get<Page<Vehicle>>(`/vehicles?${q}&limit=200`)
    expect([status, body.items.length, body.total]).toEqual([200, count, count])
    expect(await countOf(q)).toBe(count)
  })

  it('takes blanks for no fragment, and refuses one that is too long', async () => {
    expect(await countOf('q=')).toBe(COUNT)
    expect(await countOf('q=%20%20')).toBe(COUNT)
    expect((await page(`q=${'A'.repeat(61)}`)).status).toBe(400)
    expect((await page('q=x%00y')).status).toBe(400)
  })

  it.each([1, 7, 59, 60, 200])(
    'is visited whole, once each, by pages of %i; the total is there when one page holds all',
    async (limit) => {
      const seen: string[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const body: Page<Vehicle> = await page(`limit=${limit}${cursor && `&cursor=${cursor}`}`)
        expect(body.total).toBe(limit >= COUNT ? COUNT : undefined)
        expect(body.items.length).toBeGreaterThan(0)
        seen.push(...body.items.map((v) => v.vin))
        cursor = body.nextCursor
      }
      expect(seen).toHaveLength(COUNT)
      expect(new Set(seen).size).toBe(COUNT)
    },
  )

  const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  it.each([
    'x',
    '%00',
    'W10',
    cursor([]),
    cursor(['2020-01-01']),
    cursor(['', '']),
    cursor(['2020-01-01', '']),
    cursor(['tomorrow', vinOf(1)]),
    cursor(['2020-01-01', vinOf(1), 'x']),
    cursor([{ $gt: '' }, vinOf(1)]),
    cursor({ $gt: '' }),
    cursor(null),
    cursor([1, 2]),
    'A'.repeat(600),
  ])('refuses the cursor %s', async (bad) => {
    for (const path of ['/vehicles', '/changes', '/imports', '/compliance/bus-fleet/evidence']) {
      const { status, body } = await admin.get<ProblemBody>(`${path}?cursor=${bad}`)
      expect([path, status, body.errors?.[0]?.path]).toEqual([path, 400, 'query.cursor'])
    }
  })

  it.each([
    'limit=0',
    'limit=201',
    'limit=1.5',
    'limit=-1',
    'limit=x',
    'limit=',
    'limit=1&limit=2',
    'category=tram',
    'category=',
    'category=bus,',
    'category=bus&category=truck',
    'energy=HYBRID',
    'status=gone',
    'status=active,retired',
  ])('refuses %s', async (query) => {
    const { status } = await admin.get(`/vehicles?${query}`)
    expect(status).toBe(query === 'category=bus,' ? 200 : 400)
  })
})

describe('one vehicle', () => {
  it('is told with its life', async () => {
    const { status, body } = await admin.get<VehicleWithHistory>(`/vehicles/${vinOf(2).toLowerCase()}`)
    expect(status).toBe(200)
    expect(body.history.map((c) => [c.kind, c.on, c.source?.filename, c.voidedAt])).toEqual([
      ['stock', '2020-01-03', 'fleet.csv', null],
      ['retired', '2025-06-01', 'fleet.csv', null],
    ])
    expect(body.plates).toEqual([{ plate: plateOf(2), from: '2020-01-03', to: '2025-06-01' }])
  })

  it('shows voided changes too, and is what the others make it', async () => {
    const [, retired] = (await admin.get<VehicleWithHistory>(`/vehicles/${vinOf(5)}`)).body.history
    await admin.post(`/changes/${retired?.id}/void`, { reason: '录入有误' })
    const { body } = await admin.get<VehicleWithHistory>(`/vehicles/${vinOf(5)}`)
    expect(body).toMatchObject({ status: 'active', exitedOn: null, exitReason: null })
    expect(body.history.map((c) => [c.kind, c.voidReason])).toEqual([
      ['stock', null],
      ['retired', '录入有误'],
    ])
    await admin.mustChange({
      kind: 'retired',
      on: '2025-06-01',
      reason: 'scrapped',
      vehicle: { vin: vinOf(5) },
    })
    const again = (await admin.get<VehicleWithHistory>(`/vehicles/${vinOf(5)}`)).body
    expect([again.status, again.history.length]).toEqual(['retired', 3])
  })

  it.each([vinOf(9999), 'x', '%20', '$where', '__proto__', 'constructor', 'x'.repeat(60), '%E9%97%BDH00005'])(
    'is not there under %s',
    async (id) => {
      const { status, body } = await admin.get<ProblemBody>(`/vehicles/${id}`)
      expect([status, body.code]).toEqual([404, 'not-found'])
    },
  )

  it('needs an id that can be one', async () => {
    expect((await admin.get(`/vehicles/${'x'.repeat(61)}`)).status).toBe(400)
    expect((await admin.get('/vehicles/%E0%A4%A')).status).toBe(400)
  })
})

describe('who sees which vehicles', () => {
  it('viewers and officers see all, visitors none', async () => {
    for (const role of ['viewer', 'officer'] as const)
      expect(await countOf('', await person(service, { role }))).toBe(COUNT)
    expect((await service.visitor().get('/vehicles')).status).toBe(401)
    expect((await service.visitor().get(`/vehicles/${vinOf(1)}`)).status).toBe(401)
  })

  it('a county officer sees the county’s and no other’s', async () => {
    const officer = await person(service, { role: 'county-officer', county: '350703' })
    const all = await everything()
    const own = all.filter((v) => v.county === '350703')
    const seen = await officer.all<Vehicle>('/vehicles?')
    expect(seen).toEqual(own)
    expect(await countOf('county=3507', officer)).toBe(own.length)
    for (const query of ['county=350702', 'county=35070', 'county=350702&county=350703']) {
      const { items = [] } = await page(query, officer)
      if (!query.includes('&')) expect([query, await countOf(query, officer)]).toEqual([query, items.length])
      expect([query, items.filter((v) => v.county !== '350703')]).toEqual([query, []])
    }
    const other = all.find((v) => v.county !== '350703')
    expect((await officer.get(`/vehicles/${other?.vin}`)).status).toBe(404)
    expect((await officer.get(`/vehicles/${own[0]?.vin}`)).status).toBe(200)
    expect((await page(`q=${other?.vin}`, officer)).total).toBe(0)
  })

  it('an operator sees its own fleet and no other', async () => {
    const operator = await person(service, { role: 'operator', operator: operators.乙公司 ?? '' })
    const all = await everything()
    const own = all.filter((v) => v.operator === operators.乙公司)
    expect(await operator.all<Vehicle>('/vehicles?')).toEqual(own)
    for (const query of [`operator=${operators.甲公司}`, 'operator='])
      expect([query, (await page(query, operator)).total]).toEqual([query, 0])
    const other = all.find((v) => v.operator !== operators.乙公司)
    expect((await operator.get(`/vehicles/${other?.vin}`)).status).toBe(404)
    const names = (await operator.get<{ items: { name: string }[] }>('/operators')).body.items.map(
      (o) => o.name,
    )
    expect(names).toEqual(['乙公司'])
  })
})
