import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Due, DueScenarios, DueVehicle, OldTruckPage } from '../../server/due/schema.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { PolicyView } from '../../server/policies/schema.ts'
import {
  type Client,
  csvOf,
  download,
  operatorOf,
  type Page,
  person,
  vehicleOf,
  vinOf,
} from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** A made-up fleet with known dates, on 2026-11-23; the period ends on 2027-12-31. */

let service: TestService
let admin: Client
let bus: string
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
  const { counts } = await admin.record('fleet.csv', csvOf(FLEET))
  expect(counts.error).toBe(0)
  bus = await operatorOf(service, BUS)
  const vessel = { vin: 'CN20181234561', plate: '闽南平货0001', category: 'vessel', energy: 'diesel' }
  await admin.mustChange({
    kind: 'stock',
    vehicle: { ...vessel, county: '350702', operator: '闽江航运公司', registeredOn: '1995-01-01' },
  })
})
afterAll(() => service.close())

const BUS = '延平公交公司'
const stock = (n: number, registeredOn: string, facts: Record<string, unknown>) => ({
  ...vehicleOf(n, { operator: BUS, ...facts }),
  ...{ kind: 'stock', registeredOn },
})
const taxi = { category: 'cruising-taxi', energy: 'gasoline', emission: '4', operator: '延平出租公司' }
const truck = { operator: '邵武货运公司', county: '350781' }
const FLEET = [
  // buses, 13 years: registered on a leap day, ending with the period, a day behind it, without a date
  stock(1, '2012-02-29', { category: 'bus', energy: 'gas', emission: '4' }),
  stock(2, '2014-12-31', { category: 'bus', energy: 'gas', emission: '4' }),
  stock(3, '2015-01-01', { category: 'bus', energy: 'gas', emission: '4' }),
  stock(4, '', { category: 'bus', energy: 'BEV' }),
  // taxis, 8 years: over yesterday, over today, in a month, the day after the period
  stock(5, '2018-11-22', taxi),
  stock(6, '2018-11-23', taxi),
  stock(7, '2018-12-23', taxi),
  stock(8, '2020-01-01', taxi),
  // trucks, 15 years
  stock(9, '2012-06-01', { ...truck, emission: '3' }),
  stock(10, '2012-06-01', { ...truck, emission: '4' }),
  stock(11, '2009-03-15', { ...truck, emission: '2' }),
  stock(12, '2016-05-05', { ...truck, emission: '3' }),
  stock(13, '', { ...truck, emission: '3' }),
  stock(14, '2011-01-01', { ...truck, emission: '' }),
  // gone before
  stock(15, '2008-01-01', { ...truck, emission: '1' }),
  { vin: vinOf(15), kind: 'retired', on: '2025-06-01', reason: 'scrapped' },
  // replaced before: the one that came in is due long after
  stock(16, '2012-05-05', taxi),
  {
    ...vehicleOf(17, { ...taxi, energy: 'BEV', emission: '' }),
    ...{ kind: 'replaced', on: '2026-05-05', registeredOn: '2026-05-05', replaces: vinOf(16) },
  },
]

const summary = async (query = '', client = admin) => {
  const { status, body } = await client.get<Due>(`/due${query}`)
  expect([query, status]).toEqual([query, 200])
  return body
}
const amounts = ({ items }: Due) => items.map((i) => [i.key, i.total, i.overdue])
const listed = async (query: string, client = admin, limit = 200) =>
  (await client.all<DueVehicle>(`/due/vehicles?${query}`, limit)).map((v) => [
    Number(v.vin.slice(-7)),
    v.dueOn,
  ])
const code = async (path: string, client = admin) => {
  const { status, body } = await client.get<ProblemBody>(path)
  return [status, body.code, body.errors?.[0]?.code]
}

describe('how many vehicles must go by the end of the period', () => {
  it('by month, with the overdue ones and those that nobody can tell of', async () => {
    const due = await summary()
    expect(due).toMatchObject({ by: 'month', today: '2026-11-23', until: '2027-12-31', policyVersion: 1 })
    expect(due).toMatchObject({ total: 9, overdue: 4, undetermined: 2 })
    expect(amounts(due)).toEqual([
      ['2024-03', 1, 1],
      ['2025-02', 1, 1],
      ['2026-01', 1, 1],
      ['2026-11', 2, 1],
      ['2026-12', 1, 0],
      ['2027-06', 2, 0],
      ['2027-12', 1, 0],
    ])
    expect(due.categories).toEqual([
      { category: 'bus', total: 2, overdue: 1 },
      { category: 'cruising-taxi', total: 3, overdue: 1 },
      { category: 'truck', total: 4, overdue: 2 },
    ])
    expect(due.withoutLife).toEqual([{ category: 'vessel', total: 1 }])
  })

  it('by county and by operator, the most first; the parts add up', async () => {
    const counties = await summary('?by=county')
    expect(amounts(counties)).toEqual([
      ['350702', 5, 2],
      ['350781', 4, 2],
    ])
    expect(counties.items.map((i) => [i.label.zh, i.undetermined])).toEqual([
      ['延平区', 1],
      ['邵武市', 1],
    ])
    const operators = await summary('?by=operator')
    expect(operators.items.map((i) => [i.label.zh, i.total])).toEqual([
      ['邵武货运公司', 4],
      ['延平出租公司', 3],
      [BUS, 2],
    ])
    for (const { items, total, overdue, undetermined } of [counties, operators]) {
      const sum = (of: (i: Due['items'][number]) => number) => items.reduce((all, i) => all + of(i), 0)
      expect([sum((i) => i.total), sum((i) => i.overdue)]).toEqual([total, overdue])
      expect(sum((i) => i.undetermined)).toBe(undetermined)
      for (const item of items) expect(item.categories.reduce((a, c) => a + c.total, 0)).toBe(item.total)
    }
  })

  it.each([
    ['until=2027-12-30', 8],
    ['until=2028-01-01', 11],
    ['until=2025-02-27', 1],
    ['until=2025-02-28', 2],
    ['until=2026-11-22', 4],
    ['category=bus', 2],
    ['category=bus,truck', 6],
    ['energy=diesel', 4],
    ['energy=BEV', 0],
    ['county=350781', 4],
    ['county=3507', 9],
    ['county=350703', 0],
    ['category=vessel', 0],
  ])('narrowed by %s: %i', async (query, total) => {
    expect((await summary(`?${query}`)).total).toBe(total)
    expect(await listed(query)).toHaveLength(total)
    const counted = await admin.get<{ total: number }>(`/due/vehicles/count?${query}`)
    expect(counted.body.total).toBe(total)
  })

  it('says what is wrong with a question', async () => {
    expect(await code('/due?by=colour')).toEqual([400, 'request.invalid', 'request.invalid-value'])
    expect(await code('/due?until=2027-02-30')).toEqual([400, 'request.invalid', 'date.invalid'])
    expect(await code('/due?untill=2027-02-28')).toContain('request.unrecognized-keys')
    expect(await code('/due/vehicles?month=2027-13')).toEqual([400, 'request.invalid', 'month.invalid'])
    for (const cursor of ['x', 'WyIxIl0', ...FORGED])
      expect(await code(`/due/vehicles?cursor=${cursor}`)).toEqual([400, 'request.invalid', 'cursor.invalid'])
    expect(await code('/due/old-trucks?cursor=x')).toEqual([400, 'request.invalid', 'cursor.invalid'])
  })
})

/** No day; no such service life; no day of registration where there must be one. */
const FORGED = [
  ['1', '0', '2027', 'V'],
  ['1', '99', '2012-02-29', 'V'],
  ['1', '0', '', 'V'],
].map((place) => Buffer.from(JSON.stringify(place)).toString('base64url'))

const DUE = [
  [11, '2024-03-15'],
  [1, '2025-02-28'],
  [14, '2026-01-01'],
  [5, '2026-11-22'],
  [6, '2026-11-23'],
  [7, '2026-12-23'],
  [9, '2027-06-01'],
  [10, '2027-06-01'],
  [2, '2027-12-31'],
]

describe('the vehicles that must go', () => {
  it.each([1, 2, 3, 200])('are listed by when, the same in pages of %i', async (limit) => {
    expect(await listed('', admin, limit)).toEqual(DUE)
  })

  it('are told with how long is left and how old they are', async () => {
    const { items, total } = (await admin.get<Page<DueVehicle>>('/due/vehicles')).body
    expect(total).toBe(9)
    expect(items.find((v) => v.vin === vinOf(1))).toMatchObject({
      ...{ years: 13, dueOn: '2025-02-28', daysLeft: -633, age: 14, operatorName: BUS },
    })
    expect(items.find((v) => v.vin === vinOf(6))).toMatchObject({ daysLeft: 0, age: 8, years: 8 })
    expect(items.find((v) => v.vin === vinOf(2))).toMatchObject({ daysLeft: 403, age: 11 })
  })

  it('of a month, the overdue, and those without a date', async () => {
    expect(await listed('month=2026-11')).toEqual([DUE[3], DUE[4]])
    expect(await listed('month=2026-11&overdue=true')).toEqual([DUE[3]])
    expect(await listed('overdue=true')).toEqual(DUE.slice(0, 4))
    expect(await listed('overdue=false')).toEqual(DUE.slice(4))
    expect(await listed('month=2026-11&overdue=false')).toEqual([DUE[4]])
    expect(await listed('month=2025-02&overdue=false')).toEqual([])
    expect(await listed('month=2027-12&until=2027-12-30')).toEqual([])
    for (const limit of [1, 200])
      expect(await listed('undetermined=true', admin, limit)).toEqual([
        [4, null],
        [13, null],
      ])
    const counted = await admin.get<{ total: number }>('/due/vehicles/count?undetermined=true')
    expect(counted.body.total).toBe(2)
  })

  it('of one day are listed once each across groups of different service lives, page by page', async () => {
    const days = await startTestService()
    const facts = (n: number) =>
      n % 3 === 0
        ? {
            category: 'bus',
            energy: n % 2 ? 'gas' : 'BEV',
            registeredOn: n % 2 ? '2012-02-29' : '2012-02-28',
          }
        : n % 3 === 1
          ? { category: 'ride-hailing', energy: 'gasoline', registeredOn: '2017-02-28' }
          : { category: 'truck', energy: 'diesel', registeredOn: '2010-02-28' }
    const rows = Array.from({ length: 30 }, (_, n) => ({ ...vehicleOf(n, facts(n)), kind: 'stock' }))
    expect((await days.admin.record('day.csv', csvOf(rows))).counts.error).toBe(0)
    const all = await listed('', days.admin)
    expect(all).toHaveLength(30)
    expect(new Set(all.map(([n]) => n)).size).toBe(30)
    expect(new Set(all.map(([, on]) => on))).toEqual(new Set(['2025-02-28']))
    for (const limit of [1, 4, 7]) expect(await listed('', days.admin, limit)).toEqual(all)
    await days.close()
  })

  it('are another’s business to whoever sees a part', async () => {
    const county = await person(service, { role: 'county-officer', county: '350781' })
    expect((await listed('', county)).map(([n]) => n)).toEqual([11, 14, 9, 10])
    expect((await summary('', county)).total).toBe(4)
    expect(await code('/due?county=350702', county)).toContain('permission.denied')
    expect(await code('/due/vehicles?county=350702', county)).toContain('permission.denied')
    const operator = await person(service, { role: 'operator', operator: bus })
    expect((await listed('', operator)).map(([n]) => n)).toEqual([1, 2])
    expect((await summary('?by=operator', operator)).items.map((i) => i.key)).toEqual([bus])
    const trucks = await operatorOf(service, '邵武货运公司')
    for (const path of ['', '/vehicles', '/old-trucks', '/scenarios'])
      expect(await code(`/due${path}?operator=${trucks}`, operator)).toContain('permission.denied')
    expect(await code('/due', service.visitor())).toContain('session.required')
  })
})

describe('the old trucks that still run', () => {
  const old = async (query = '', client = admin) =>
    (await client.get<OldTruckPage>(`/due/old-trucks${query}`)).body

  it('are the policy’s, the oldest first, those without a date last', async () => {
    for (const limit of [1, 2, 200]) {
      const items = await admin.all<DueVehicle>('/due/old-trucks?', limit)
      expect(items.map((v) => [Number(v.vin.slice(-7)), v.emission, v.age])).toEqual([
        [11, '2', 17],
        [9, '3', 14],
        [12, '3', 10],
        [13, '3', null],
      ])
    }
  })

  it('stand beside the target, with those that nobody can tell of', async () => {
    const { about, total, today } = await old()
    expect({ total, today }).toEqual({ total: 4, today: '2026-11-23' })
    expect(about).toMatchObject({
      rule: {
        ...{ id: 'old-diesel-trucks-retired', emissionAtMost: 3, target: 400, retired: 1, missing: 399 },
      },
      ...{ undetermined: 1, undated: 1 },
    })
    expect((await admin.get<{ total: number }>('/due/old-trucks/count')).body.total).toBe(4)
    // The plan sets the number for the whole city.
    expect((await old('?county=350781')).about?.rule).toMatchObject({
      target: null,
      missing: null,
      retired: 1,
    })
    expect((await old(`?operator=${bus}`)).items).toEqual([])
  })
})

describe('files', () => {
  it('hold the list that is shown, and what it is narrowed by', async () => {
    const text = (await download(admin, '/due/vehicles.csv?category=truck')).bytes.toString()
    expect(text).toContain('# 使用年限届满日不晚于,2027-12-31')
    expect(text).toContain('# 车辆类别,营运货车')
    const lines = text
      .trim()
      .split('\r\n')
      .filter((line) => !line.includes('# '))
    expect(lines.map((line) => line.split(',')[1])).toEqual(['车架号', ...[11, 14, 9, 10].map(vinOf)])
    expect(lines[0]).toContain('使用年限届满日')
    expect(lines[1]).toContain(',17,15,2024-03-15,-983')
    const trucks = (await download(admin, '/due/old-trucks.csv?language=en')).bytes.toString()
    expect(trucks.match(/LGXC/g)).toHaveLength(4)
    const parts = (await download(admin, '/due.csv?by=county')).bytes.toString()
    expect(parts).toContain('延平区,5,2,1,2,3,0,0,0,0')
    for (const path of ['/due.xlsx', '/due/vehicles.xlsx?undetermined=true', '/due/old-trucks.xlsx']) {
      const { status, bytes } = await download(admin, path)
      expect([path, status, bytes.readUInt32LE(0)]).toEqual([path, 200, 0x04034b50])
    }
  })
})

describe('what the targets come to when the due vehicles are replaced', () => {
  const outcomes = async (query = '', client = admin) => {
    const { body } = await client.get<DueScenarios>(`/due/scenarios${query}`)
    return body
  }
  const ofRule = ({ rules }: DueScenarios, id: string) => {
    const rule = rules.find((r) => r.id === id)
    return rule?.outcomes.map((o) => [o.scenario, o.value, o.reached, o.missing])
  }

  it('by new-energy vehicles, by the present mix, by none', async () => {
    const told = await outcomes()
    expect(told).toMatchObject({ today: '2026-11-23', until: '2027-12-31', over: false })
    expect(told.due).toMatchObject({ total: 9, overdue: 4, undetermined: 2 })
    // Nobody has replaced a bus: each by one of its own energy. Gas breaks a target of 100 % for good.
    expect(ofRule(told, 'bus-renewal')).toEqual([
      ['new-energy', 100, true, 0],
      ['mix', 0, false, null],
      ['none', null, null, null],
    ])
    // One taxi was replaced, by a battery-electric one: all the next are too.
    expect(ofRule(told, 'taxi-renewal')).toEqual([
      ['new-energy', 100, true, 0],
      ['mix', 100, true, 0],
      ['none', 100, true, 0],
    ])
    // One has left, and two of standard 3 or lower are due.
    expect(ofRule(told, 'old-diesel-trucks-retired')).toEqual([
      ['new-energy', 3, false, 397],
      ['mix', 3, false, 397],
      ['none', 3, false, 397],
    ])
    expect(told.rules.find((r) => r.id === 'old-diesel-trucks-retired')).toMatchObject({
      ...{ target: 400, unit: 'vehicles', today: { value: 1 } },
    })
    expect(ofRule(told, 'bus-fleet')).toEqual([
      ['new-energy', 75, null, null],
      ['mix', 25, null, null],
      ['none', 50, null, null],
    ])
    expect(told.rules.map((r) => r.id)).not.toContain('vessels-retired')
  })

  it('say of which period the mix is, and change with it', async () => {
    const mixOf = ({ mix }: DueScenarios, category: string) => mix.find((m) => m.category === category)
    const before = await outcomes()
    expect(mixOf(before, 'bus')).toMatchObject({ basis: 'alike', from: null, replaced: 0 })
    expect(mixOf(before, 'cruising-taxi')).toMatchObject({
      ...{ basis: 'year', from: '2025-11-24', to: '2026-11-23', replaced: 1, newEnergy: 1 },
      energies: [{ energy: 'BEV', replaced: 1 }],
    })
    // Before the year, within the period: taken for a category that had none in the year.
    const replacement = {
      ...vehicleOf(30, { category: 'bus', energy: 'BEV', operator: BUS }),
      emission: null,
    }
    const made = await admin.mustChange({
      ...{ kind: 'replaced', on: '2025-11-23', replaces: [vinOf(3)] },
      vehicle: { ...replacement, registeredOn: '2025-11-23' },
    })
    const after = await outcomes()
    expect(mixOf(after, 'bus')).toMatchObject({ basis: 'period', from: '2024-01-01', replaced: 1 })
    expect(ofRule(after, 'bus-renewal')?.[1]).toEqual(['mix', 100, true, 0])
    // The others: a county where nobody replaced a taxi.
    expect(mixOf(await outcomes('?county=350781'), 'truck')).toMatchObject({ basis: 'alike' })
    await admin.post(`/changes/${made.id}/void`, { reason: '录入有误' })
    expect(mixOf(await outcomes(), 'bus')).toMatchObject({ basis: 'alike' })
  })

  it('have no target for a count in a part of the city, and add up over the parts', async () => {
    const [south, north] = [await outcomes('?county=350702'), await outcomes('?county=350781')]
    expect(ofRule(north, 'old-diesel-trucks-retired')?.[0]).toEqual(['new-energy', 3, null, null])
    expect(south.due.total + north.due.total).toBe(9)
  })
})

describe('a new version of the policy', () => {
  it('moves what is due, at once and everywhere', async () => {
    const { policy } = (await admin.get<PolicyView>('/policy')).body
    const serviceLives = policy.serviceLives.map((life) =>
      life.category === 'bus' ? { ...life, years: 12 } : life,
    )
    const list = await admin.get<Page<DueVehicle>>('/due/vehicles?category=bus&limit=1')
    const sent = { policy: { ...policy, serviceLives }, note: '公交车按 12 年' }
    expect((await admin.post('/policy/versions', sent)).status).toBe(201)
    expect(await listed('category=bus')).toEqual([
      [1, '2024-02-29'],
      [2, '2026-12-31'],
      [3, '2027-01-01'],
    ])
    expect(await summary('?category=bus')).toMatchObject({ total: 3, overdue: 1, policyVersion: 2 })
    // A list that was begun before goes on as it began.
    const rest = await admin.get<Page<DueVehicle>>(
      `/due/vehicles?category=bus&cursor=${list.body.nextCursor}&until=2027-12-31`,
    )
    expect(rest.body.items.map((v) => v.dueOn)).toEqual(['2027-12-31'])
  })
})

describe('another city', () => {
  it('has what is due by its own policy: service lives by energy, places that lie in places', async () => {
    const city = await startTestService({ POLICY: 'linhai-2025' })
    const village = '990702101201'
    const facts = { category: 'bus', operator: '麟海公交公司', registeredOn: '2017-06-30' }
    const rows = [
      { ...vehicleOf(1, { ...facts, energy: 'BEV', county: village }), plate: '琼ZD00001' },
      { ...vehicleOf(2, { ...facts, energy: 'gas', county: '990702' }), plate: '琼Z00002' },
      { ...vehicleOf(3, { ...facts, energy: 'gas', county: '990703' }), plate: '琼Z00003' },
      { ...vehicleOf(4, { emission: '4', county: village, registeredOn: '2012-02-29' }), plate: '琼Z00004' },
    ].map((row) => ({ ...row, kind: 'stock' }))
    expect((await city.admin.record('fleet.csv', csvOf(rows))).counts.error).toBe(0)
    const vehicles = await city.admin.all<DueVehicle>('/due/vehicles?')
    expect(vehicles.map((v) => [v.vin, v.dueOn, v.years])).toEqual([
      [vinOf(4), '2024-02-29', 12],
      [vinOf(1), '2027-06-30', 10],
      // The last day of the period; by VIN, whose check characters are 1 and X.
      [vinOf(3), '2029-06-30', 12],
      [vinOf(2), '2029-06-30', 12],
    ])
    const inDistrict = await summary('?by=county&county=990702', city.admin)
    expect(amounts(inDistrict)).toEqual([
      [village, 2, 1],
      ['990702', 1, 0],
    ])
    const old = (await city.admin.get<OldTruckPage>('/due/old-trucks?county=990702')).body
    expect(old.items.map((v) => v.vin)).toEqual([vinOf(4)])
    const { rules, withoutLife } = {
      ...(await city.admin.get<DueScenarios>('/due/scenarios')).body,
      withoutLife: (await summary('', city.admin)).withoutLife,
    }
    expect(withoutLife).toEqual([])
    expect(rules.find((r) => r.id === 'bus-renewal')?.outcomes[0]).toMatchObject({
      value: 100,
      reached: true,
    })
    expect(rules.find((r) => r.id === 'old-diesel-trucks-retired')).toMatchObject({ target: 120 })
    await city.close()
  })
})
