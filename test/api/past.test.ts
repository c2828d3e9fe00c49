import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChangeView } from '../../server/changes/schema.ts'
import type { Vehicle, VehicleWithHistory } from '../../server/vehicles/schema.ts'
import { type Client, operatorOf, type Page, person, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

let service: TestService
let admin: Client
/** what was entered, in the order of entering, and the instants between which it was */
const instants: string[] = []
let entries: ChangeView[]

const A = '甲公司'
const B = '乙公司'

/** Forty changes with corrections, an instant after each few. */
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
  const made: ChangeView[] = []
  const enter = async (body: Record<string, unknown>) => {
    const change = await admin.mustChange(body)
    made.push(change)
    return change.id
  }
  const mark = async () => {
    const { body } = await admin.get<{ knownAt: string }>('/compliance')
    instants.push(body.knownAt)
  }
  const withdraw = async (id: string) => {
    const { status } = await admin.post(`/changes/${id}/void`, { reason: '录入有误' })
    expect(status).toBe(200)
  }
  for (let n = 0; n < 16; n++) {
    await enter({
      kind: n % 4 === 3 ? 'added' : 'stock',
      on: `2024-0${1 + (n % 6)}-1${n % 10}`,
      vehicle: vehicleOf(n, {
        category: n % 2 === 0 ? 'truck' : 'bus',
        energy: n % 3 === 0 ? 'BEV' : 'diesel',
        county: n % 2 === 0 ? '350702' : '350703',
        operator: n % 3 === 0 ? A : B,
        registeredOn: `20${12 + (n % 10)}-05-2${n % 10}`,
      }),
    })
    if (n % 4 === 3) await mark()
  }
  const transfer = (n: number, on: string, to: Record<string, unknown>) =>
    enter({ kind: 'transferred', on, vehicle: { vin: vinOf(n) }, to })
  await transfer(0, '2024-09-01', { operator: B, county: '350703' })
  await transfer(1, '2024-09-02', { operator: A })
  await transfer(0, '2025-02-01', { operator: A, county: '350702' })
  await transfer(3, '2025-03-01', { county: '350702' })
  await mark()
  const mistaken = await enter({
    kind: 'retired',
    on: '2024-10-01',
    reason: 'scrapped',
    vehicle: { vin: vinOf(2) },
  })
  await enter({ kind: 'retired', on: '2025-01-01', reason: 'transferred-out', vehicle: { vin: vinOf(4) } })
  await enter({
    kind: 'replaced',
    on: '2025-04-01',
    vehicle: vehicleOf(30, { category: 'bus', energy: 'BEV', county: '350703', operator: B }),
    replaces: [vinOf(5)],
  })
  await mark()
  await withdraw(mistaken)
  await mark()
  await enter({ kind: 'retired', on: '2025-05-01', reason: 'scrapped', vehicle: { vin: vinOf(2) } })
  // One that came back with another plate after it had left.
  await enter({
    kind: 'added',
    on: '2025-06-01',
    vehicle: vehicleOf(4, {
      category: 'truck',
      energy: 'diesel',
      county: '350702',
      operator: A,
      plate: '闽H88001',
    }),
  })
  // One all of whose entries are withdrawn again.
  const never = await enter({
    kind: 'added',
    on: '2024-07-01',
    vehicle: vehicleOf(40, { category: 'truck', energy: 'diesel', county: '350702', operator: A }),
  })
  await mark()
  await withdraw(never)
  for (let n = 6; n < 12; n++)
    await enter({
      kind: 'battery-swap',
      on: `2025-07-0${n % 9 || 1}`,
      packs: 2,
      vehicle: { vin: vinOf(9) },
    }).catch(() => undefined)
  await mark()
  entries = await admin.all<ChangeView>('/changes?includeVoided=true')
  expect(entries.length).toBeGreaterThanOrEqual(29)
})
afterAll(() => service.close())

interface Then {
  vin: string
  plate: string
  operator: string
  county: string
  category: string
  energy: string
  emission: string | null
  registeredOn: string | null
  status: string
  enteredOn: string
  exitedOn: string | null
}

const RANK: Record<string, number> = {
  stock: 0,
  added: 0,
  replaced: 0,
  transferred: 1,
  'battery-swap': 2,
  retired: 3,
}

/** The register on a day as known at an instant, counted over the entries one after the other. */
function recompute(asOf: string, knownAt: string): { now: Then[]; served: Map<string, [string, string][]> } {
  const known = entries.filter(
    (e) => e.recordedAt <= knownAt && (e.voidedAt === null || e.voidedAt > knownAt) && e.on <= asOf,
  )
  const steps = known
    .flatMap((e) => [
      { e, on: e.on, rank: RANK[e.kind] ?? 0, facts: e.vehicle, out: e.kind === 'retired' },
      ...e.retires.map((facts) => ({ e, on: e.on, rank: 3, facts, out: true })),
    ])
    .sort((x, y) => (x.on === y.on ? x.rank - y.rank : x.on < y.on ? -1 : 1))
  const vehicles = new Map<string, Then>()
  const served = new Map<string, [string, string][]>()
  for (const { e, on, rank, facts, out } of steps) {
    const { vin, ...rest } = facts
    const before = vehicles.get(vin)
    const enters = rank === 0 && !out
    if (!before && !enters) continue
    const spells = served.get(vin) ?? []
    if (enters) spells.push([on, '9999-12-31'])
    const last = spells.at(-1)
    if (out && last) last[1] = on
    served.set(vin, spells)
    vehicles.set(vin, {
      ...(before as Then),
      vin,
      ...rest,
      ...(enters ? { status: 'active', enteredOn: e.on, exitedOn: null } : {}),
      ...(out ? { status: 'retired', exitedOn: e.on } : {}),
    })
  }
  return { now: [...vehicles.values()].sort((a, b) => (a.vin < b.vin ? -1 : 1)), served }
}

const shownOf = ({
  vin,
  plate,
  operator,
  county,
  category,
  energy,
  emission,
  registeredOn,
  status,
  enteredOn,
  exitedOn,
}: Then) => ({
  vin,
  plate,
  operator,
  county,
  category,
  energy,
  emission,
  registeredOn,
  status,
  enteredOn,
  exitedOn,
})

const DAYS = [
  '2023-12-31',
  '2024-03-13',
  '2024-08-31',
  '2024-09-01',
  '2024-10-01',
  '2025-01-01',
  '2025-04-01',
  '2025-05-31',
  '2025-06-01',
  '2026-11-23',
]
const moment = (asOf: string, knownAt: string) => `asOf=${asOf}&knownAt=${encodeURIComponent(knownAt)}`

describe('the register as it was', () => {
  it('equals what the entries come to, on a grid of days and instants, page by page', async () => {
    let seen = 0
    for (const knownAt of instants) {
      for (const asOf of DAYS) {
        const expected = recompute(asOf, knownAt).now.map(shownOf)
        const found = await admin.all<Vehicle>(`/vehicles?${moment(asOf, knownAt)}`, 5)
        expect({ asOf, knownAt, found: found.map((v) => shownOf(v)) }).toEqual({
          asOf,
          knownAt,
          found: expected,
        })
        seen += expected.length
      }
    }
    expect(seen).toBeGreaterThan(300)
  })

  it('is narrowed by what the vehicles were then, and counted', async () => {
    const knownAt = instants.at(-1) ?? ''
    const b = await operatorOf(service, B)
    const filters: [string, (v: Then, served: [string, string][], asOf: string) => boolean][] = [
      ['category=bus', (v) => v.category === 'bus'],
      ['energy=BEV,PHEV', (v) => v.energy === 'BEV'],
      ['emission=none', (v) => v.emission === null],
      ['emission=3,4', (v) => v.emission === '3'],
      ['status=retired', (v) => v.status === 'retired'],
      ['county=350703', (v) => v.county === '350703'],
      ['county=3507', () => true],
      [`operator=${b}`, (v) => v.operator === b],
      [`q=${encodeURIComponent('H880')}`, (v) => v.plate.includes('H880')],
      [`q=${vinOf(3).slice(10)}`, (v) => v.vin === vinOf(3)],
      ['ageFrom=10', (v, _, asOf) => v.registeredOn !== null && years(v.registeredOn, asOf) >= 10],
      ['ageTo=5', (v, _, asOf) => v.registeredOn !== null && years(v.registeredOn, asOf) <= 5],
      [
        'inServiceOn=2024-09-15',
        (_, served) => served.some(([from, to]) => from <= '2024-09-15' && to > '2024-09-15'),
      ],
      [
        `operator=${b}&category=bus&status=active`,
        (v) => v.operator === b && v.category === 'bus' && v.status === 'active',
      ],
    ]
    for (const asOf of ['2024-09-01', '2025-03-31', '2026-11-23']) {
      const { now, served } = recompute(asOf, knownAt)
      for (const [query, fits] of filters) {
        const expected = now.filter((v) => fits(v, served.get(v.vin) ?? [], asOf)).map((v) => v.vin)
        const path = `${moment(asOf, knownAt)}&${query}`
        const found = (await admin.all<Vehicle>(`/vehicles?${path}`, 3)).map((v) => v.vin)
        expect({ asOf, query, found }).toEqual({ asOf, query, found: expected })
        expect((await admin.get<{ total: number }>(`/vehicles/count?${path}`)).body.total).toBe(
          expected.length,
        )
      }
    }
  })

  it('of one vehicle is its state and its entries then', async () => {
    for (const knownAt of instants) {
      for (const asOf of DAYS) {
        const { now } = recompute(asOf, knownAt)
        for (const vin of [0, 2, 4, 5, 30, 40].map(vinOf)) {
          const { status, body } = await admin.get<VehicleWithHistory>(
            `/vehicles/${vin}?${moment(asOf, knownAt)}`,
          )
          const then = now.find((v) => v.vin === vin)
          expect([vin, asOf, knownAt, status]).toEqual([vin, asOf, knownAt, then ? 200 : 404])
          if (!then) continue
          expect(shownOf(body)).toEqual(shownOf(then))
          const own = entries.filter((e) => [e.vehicle, ...e.retires].some((f) => f.vin === vin))
          const expected = own.filter((e) => e.recordedAt <= knownAt && e.on <= asOf)
          expect(new Set(body.history.map((e) => e.id))).toEqual(new Set(expected.map((e) => e.id)))
          for (const e of body.history) expect(e.voidedAt === null || e.voidedAt <= knownAt).toBe(true)
          expect(body).toMatchObject({ asOf, hiddenEntries: 0, movedOn: null })
        }
      }
    }
  })

  it('of the ledger is what had happened and was known', async () => {
    for (const knownAt of instants) {
      for (const asOf of DAYS) {
        for (const voided of [false, true]) {
          const expected = entries
            .filter((e) => e.recordedAt <= knownAt && e.on <= asOf)
            .filter((e) => voided || e.voidedAt === null || e.voidedAt > knownAt)
            .map((e) => e.id)
          const path = `${moment(asOf, knownAt)}&includeVoided=${voided}`
          const found = await admin.all<ChangeView>(`/changes?${path}`, 7)
          expect(found.map((e) => e.id)).toEqual(expected)
          expect(found.every((e) => e.voidedAt === null || e.voidedAt <= knownAt)).toBe(true)
          expect((await admin.get<{ total: number }>(`/changes/count?${path}`)).body.total).toBe(
            expected.length,
          )
        }
      }
    }
  })

  it('an instant ahead of what is settled is not promised', async () => {
    const { body } = await admin.get<{ knownAt: string }>('/vehicles?knownAt=2199-01-01T00:00:00Z')
    expect(Date.parse(body.knownAt)).toBeLessThan(Date.parse('2026-12-01'))
  })

  it.each([
    'asOf=yesterday',
    'asOf=2025-02-30',
    'knownAt=2025-01-01',
    'knownAt=now',
    'inServiceOn=x',
    'ageFrom=-1',
    'ageTo=x',
    'emission=9',
  ])('is refused for %s', async (query) => {
    expect((await admin.get(`/vehicles?${query}`)).status).toBe(400)
  })
})

describe('present vehicles', () => {
  it('are narrowed by age, emission and a day in service, twice in service or once', async () => {
    const { now, served } = recompute('2026-11-23', instants.at(-1) ?? '')
    const was = (day: string) => (v: Then) =>
      (served.get(v.vin) ?? []).some(([from, to]) => from <= day && to > day)
    const age = (v: Then) => (v.registeredOn === null ? -1 : years(v.registeredOn, '2026-11-23'))
    const filters: [string, (v: Then) => boolean][] = [
      ['inServiceOn=2024-12-31', was('2024-12-31')],
      ['inServiceOn=2025-01-01', was('2025-01-01')],
      ['inServiceOn=2025-05-31&category=truck', (v) => was('2025-05-31')(v) && v.category === 'truck'],
      ['inServiceOn=2025-06-01', was('2025-06-01')],
      ['inServiceOn=2024-12-31&ageFrom=8', (v) => was('2024-12-31')(v) && age(v) >= 8],
      ['inServiceOn=2024-12-31&q=LGXC', was('2024-12-31')],
      ['ageFrom=10', (v) => age(v) >= 10],
      ['ageFrom=6&ageTo=9', (v) => age(v) >= 6 && age(v) <= 9],
      ['ageTo=150', (v) => age(v) >= 0],
      ['emission=none,3', () => true],
      ['emission=none', (v) => v.emission === null],
    ]
    for (const [query, fits] of filters) {
      const expected = now.filter(fits).map((v) => v.vin)
      const found = (await admin.all<Vehicle>(`/vehicles?${query}`, 4)).map((v) => v.vin)
      expect({ query, found: [...found].sort() }).toEqual({ query, found: expected })
      expect((await admin.get<{ total: number }>(`/vehicles/count?${query}`)).body.total).toBe(
        expected.length,
      )
    }
  })
})

describe('what a limited caller sees of a vehicle’s life', () => {
  it('ends where the vehicle left, and holds nothing of the others’', async () => {
    const a = await person(service, { role: 'operator', operator: await operatorOf(service, A) })
    const b = await person(service, { role: 'operator', operator: await operatorOf(service, B) })
    // vehicle 1: from 乙 to 甲 on 2024-09-02
    const former = (await b.get<VehicleWithHistory>(`/vehicles/${vinOf(1)}`)).body
    expect(former).toMatchObject({
      movedOn: '2024-09-02',
      operator: b.operator,
      operatorName: B,
      status: 'active',
    })
    expect(former.history.map((e) => [e.kind, e.partial, e.vehicle.operator])).toEqual([
      ['stock', false, b.operator],
      ['transferred', true, b.operator],
    ])
    expect(JSON.stringify(former)).not.toContain(a.operator)
    expect(JSON.stringify(former)).not.toContain(A)
    // Nor does it learn how much 甲 does with it.
    expect(former.hiddenEntries).toBe(0)
    const present = (await a.get<VehicleWithHistory>(`/vehicles/${vinOf(1)}`)).body
    expect(present).toMatchObject({ movedOn: null, operator: a.operator, hiddenEntries: 1 })
    expect(present.history.map((e) => [e.kind, e.partial, e.from])).toEqual([['transferred', true, null]])
    expect(JSON.stringify(present)).not.toContain(b.operator)
    expect(present.plates).toEqual([{ plate: present.plate, from: '2024-09-02', to: null }])
    // Before it came to 甲 it was none of its.
    expect((await a.get(`/vehicles/${vinOf(1)}?asOf=2024-09-01`)).status).toBe(404)
    expect((await b.get<VehicleWithHistory>(`/vehicles/${vinOf(1)}?asOf=2024-09-01`)).body.movedOn).toBeNull()
    // Lists hold what is there, or was there then.
    const vins = async (client: Client, query: string) =>
      (await client.all<Vehicle>(`/vehicles?${query}`)).map((v) => v.vin)
    expect(await vins(b, '')).not.toContain(vinOf(1))
    expect(await vins(b, 'asOf=2024-09-01')).toContain(vinOf(1))
    expect(await vins(a, 'asOf=2024-09-01')).not.toContain(vinOf(1))
    expect((await b.get(`/vehicles/${vinOf(3)}`)).status).toBe(404)
    const retired = { kind: 'retired', on: '2026-02-01', reason: 'scrapped', vehicle: { vin: vinOf(1) } }
    await admin.mustChange(retired)
    expect((await b.get<VehicleWithHistory>(`/vehicles/${vinOf(1)}`)).body).toEqual(former)
    const later = await b.get<VehicleWithHistory>(`/vehicles/${vinOf(1)}?asOf=2026-03-01`)
    expect(later.body).toMatchObject({ movedOn: '2024-09-02', hiddenEntries: 0, status: 'active' })
    const seen = (await a.get<VehicleWithHistory>(`/vehicles/${vinOf(1)}`)).body
    expect(seen).toMatchObject({ hiddenEntries: 1, status: 'retired' })
  })

  it('is limited by county as well, and the ledger’s entries are cut likewise', async () => {
    const officer = await person(service, { role: 'county-officer', county: '350703' })
    const there = (await officer.get<VehicleWithHistory>(`/vehicles/${vinOf(3)}`)).body
    expect(there).toMatchObject({ movedOn: '2025-03-01', county: '350703' })
    expect(JSON.stringify(there)).not.toContain('350702')
    for (const path of [
      '/changes?includeVoided=true',
      '/vehicles?',
      '/vehicles?asOf=2025-01-15',
      '/compliance/bus-fleet/evidence?',
      '/compliance/freight-fleet/evidence?',
    ])
      expect([path, JSON.stringify(await officer.all(path)).includes('350702')]).toEqual([path, false])
  })

  it('hides the vehicle at the other side of a replacement that is another’s', async () => {
    const own = vehicleOf(60, { category: 'bus', energy: 'BEV', county: '350702', operator: A })
    await admin.mustChange({
      kind: 'stock',
      on: '2024-01-01',
      vehicle: { ...own, registeredOn: '2020-01-01' },
    })
    const anew = vehicleOf(61, { category: 'bus', energy: 'BEV', county: '350702', operator: B })
    await admin.mustChange({ kind: 'replaced', on: '2025-08-01', vehicle: anew, replaces: [own.vin] })
    const a = await person(service, { role: 'operator', operator: await operatorOf(service, A) })
    const body = (await a.get<VehicleWithHistory>(`/vehicles/${own.vin}`)).body
    expect(body).toMatchObject({ status: 'retired', exitReason: 'replaced', replacedBy: null, movedOn: null })
    expect(JSON.stringify(body)).not.toContain(anew.vin)
    expect(JSON.stringify(await a.all('/vehicles?'))).not.toContain(anew.vin)
    expect((await admin.get<VehicleWithHistory>(`/vehicles/${own.vin}`)).body.replacedBy).toBe(anew.vin)
    const b = await person(service, { role: 'operator', operator: await operatorOf(service, B) })
    const theirs: Page<ChangeView> = (await b.get<Page<ChangeView>>('/changes?kind=replaced')).body
    expect(theirs.items.some((c) => c.vehicle.vin === anew.vin)).toBe(true)
    expect(JSON.stringify(theirs)).not.toContain(own.vin)
  })
})

/** Full years from one day to another, by the calendar. */
function years(from: string, to: string): number {
  const full = Number(to.slice(0, 4)) - Number(from.slice(0, 4))
  return to.slice(5) < from.slice(5) ? full - 1 : full
}
