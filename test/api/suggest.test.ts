import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { Vehicle, VehicleSuggestion } from '../../server/vehicles/schema.ts'
import { type Client, csvOf, person, vehicleOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

const COUNT = 120
const OPERATORS = ['甲公司', '乙公司', '丙公司']
const COUNTIES = ['350702', '350703', '3507WY']

let service: TestService
let admin: Client
let all: Vehicle[]

beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
  const stock = Array.from({ length: COUNT }, (_, n) => ({
    ...vehicleOf(811 * n, {
      category: n % 2 === 0 ? 'bus' : 'truck',
      energy: n % 3 === 0 ? 'BEV' : 'diesel',
      county: COUNTIES[n % 3],
      operator: OPERATORS[Math.floor(n / 3) % 3],
    }),
    kind: 'stock',
    registeredOn: `20${10 + (n % 12)}-03-01`,
  }))
  const retired = stock
    .filter((_, n) => n % 4 === 3)
    .map(({ vin }) => ({ vin, kind: 'retired', on: '2025-06-01', reason: 'transferred-out' }))
  const { counts } = await admin.record('fleet.csv', csvOf([...stock, ...retired]))
  expect(counts).toMatchObject({ new: 150, error: 0 })
  // One that came back with another plate: it is found by both.
  const gone = stock[3] as (typeof stock)[number]
  const { kind: _k, registeredOn: _r, ...vehicle } = { ...gone, plate: '闽HD99871' }
  await admin.mustChange({ kind: 'added', on: '2025-07-01', vehicle })
  all = await admin.all<Vehicle>('/vehicles?')
  expect(all).toHaveLength(COUNT)
})
afterAll(() => service.close())

const suggest = async (q: string, more = '', client = admin) => {
  const { status, body } = await client.get<{ items: VehicleSuggestion[] } & ProblemBody>(
    `/vehicles/suggest?q=${encodeURIComponent(q)}&limit=20${more}`,
  )
  expect([q, status]).toEqual([q, 200])
  return body.items
}

/** Every fragment of some plates and VINs. */
function fragments(): string[] {
  const texts = all.filter((_, i) => i % 17 === 3).flatMap((v) => [v.plate, v.vin])
  const cut = texts.flatMap((text) =>
    Array.from({ length: text.length - 1 }, (_, from) =>
      [2, 3, 5, 8, 17].map((length) => text.slice(from, from + length)),
    ).flat(),
  )
  return [...new Set(cut)].filter((text) => text.length > 1)
}

describe('vehicles while somebody types', () => {
  it('are those that hold the fragment, wherever in the plate or VIN it stands, as many as are asked for', async () => {
    const tried = fragments()
    expect(tried.length).toBeGreaterThan(200)
    for (const q of tried) {
      const fitting = all.filter((v) => v.plate.includes(q) || v.vin.includes(q)).map((v) => v.vin)
      const found = (await suggest(q)).map((v) => v.vin)
      expect([q, found.length]).toEqual([q, Math.min(20, fitting.length)])
      expect([q, found.filter((vin) => !fitting.includes(vin))]).toEqual([q, []])
      expect(new Set(found).size).toBe(found.length)
    }
  })

  it('show what is chosen by: plate, VIN, category, energy, operator, county, status', async () => {
    const one = all.find((v) => v.status === 'retired') as Vehicle
    const { vin, plate, category, energy, operatorName, county, status } = one
    expect(await suggest(vin)).toEqual([{ vin, plate, category, energy, operatorName, county, status }])
  })

  it('begin with the plate that is typed in full, then those in service', async () => {
    const retired = all.find((v) => v.status === 'retired') as Vehicle
    expect((await suggest(retired.plate))[0]?.vin).toBe(retired.vin)
    const some = (await suggest('H0')).map((v) => v.status)
    expect(some).toContain('active')
    expect(some).toEqual([...some].sort())
  })

  it('are found by a former plate, and however it is written', async () => {
    const moved = all.find((v) => v.plate === '闽HD99871') as Vehicle
    for (const q of [
      '闽HD99871',
      '闽h·d9987',
      'd-99871',
      ' 9 9 8 7 1 ',
      '闽ＨＤ９９８７１',
      '闽HD02433',
      moved.vin.toLowerCase(),
    ])
      expect([q, (await suggest(q)).some((v) => v.vin === moved.vin)]).toEqual([q, true])
  })

  it('are narrowed by status and category', async () => {
    for (const [more, fits] of [
      ['&status=active', (v: Vehicle) => v.status === 'active'],
      ['&status=retired', (v: Vehicle) => v.status === 'retired'],
      ['&category=truck', (v: Vehicle) => v.category === 'truck'],
      ['&category=bus,vessel&status=active', (v: Vehicle) => v.category === 'bus' && v.status === 'active'],
    ] as const) {
      const found = await suggest('P0', more)
      expect([more, found.length]).toEqual([more, Math.min(20, all.filter(fits).length)])
      expect(found.every((v) => all.filter(fits).some((a) => a.vin === v.vin))).toBe(true)
      expect(found.length).toBeGreaterThan(0)
    }
  })

  it.each([
    '.',
    '.*',
    '^闽',
    '[0-9]{5}',
    '(',
    '$',
    '\\',
    '||',
    '%',
    "'; drop",
    '😀',
    '\u200b\u200b',
    '-- ',
    '李李',
    'A'.repeat(60),
  ])('are none for %j', async (q) => {
    expect(await suggest(q)).toEqual([])
  })

  it('take two characters or more', async () => {
    for (const q of ['', 'H', '闽', ' 9 ']) expect([q, await suggest(q)]).toEqual([q, []])
  })

  it.each([
    '',
    '?q=',
    '?q=12&limit=0',
    '?q=12&limit=21',
    '?q=12&status=gone',
    '?q=12&category=tram',
    '?q=12&county=350702',
    `?q=${'1'.repeat(61)}`,
    '?q=1%002',
    '?q=1&q=2',
  ])('are refused or none for the query %j', async (query) => {
    const { status, body } = await admin.get<{ items: unknown[] }>(`/vehicles/suggest${query}`)
    if (query === '?q=') expect([status, body.items]).toEqual([200, []])
    else expect(status).toBe(400)
  })

  it('are of the caller’s own part of the city only', async () => {
    expect((await service.visitor().get('/vehicles/suggest?q=12')).status).toBe(401)
    const operatorId = all.find((v) => v.operatorName === '乙公司')?.operator as string
    const clients: [Client, (v: Vehicle) => boolean][] = [
      [await person(service, { role: 'county-officer', county: '350703' }), (v) => v.county === '350703'],
      [await person(service, { role: 'operator', operator: operatorId }), (v) => v.operator === operatorId],
    ]
    for (const [client, own] of clients) {
      for (const q of fragments().filter((_, i) => i % 5 === 0)) {
        const expected = all.filter((v) => own(v) && (v.plate.includes(q) || v.vin.includes(q)))
        const found = await suggest(q, '', client)
        expect([q, found.length]).toEqual([q, Math.min(20, expected.length)])
        expect(found.every((v) => expected.some((e) => e.vin === v.vin))).toBe(true)
      }
    }
  })
})
