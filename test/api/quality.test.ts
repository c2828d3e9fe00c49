import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChangeView } from '../../server/changes/schema.ts'
import { addDays, civilDateAt, daysBetween, monthsBetween } from '../../server/domain/civil-date.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import { FaultyEntries } from '../../server/quality/entries.ts'
import type {
  DoubtfulChange,
  LateChange,
  OperatorQuality,
  Quality,
  QualityMonths,
} from '../../server/quality/schema.ts'
import type { MonthlyReporting } from '../../server/reporting/schema.ts'
import type { Vehicle } from '../../server/vehicles/schema.ts'
import { type Client, csvOf, download, person, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { ranFor } from '../jobs/support/world.ts'

let service: TestService
let admin: Client
let made = 0
const TODAY = '2026-11-23'

/** A company of a test's own. */
async function company(county = '350702', more: Record<string, unknown> = {}): Promise<string> {
  const name = `质量公司${++made}`
  const { body } = await admin.post<{ id: string }>('/operators', { name, county, ...more })
  return body.id
}
let vehicles = 0
const nextVehicle = (operator: string, facts: Record<string, unknown> = {}) =>
  vehicleOf(++vehicles, { operator, registeredOn: '2019-05-05', ...facts })
const added = (operator: string, on: string, facts: Record<string, unknown> = {}, by = admin) =>
  by.mustChange({ kind: 'added', on, vehicle: nextVehicle(operator, facts) })
const quality = async (query = '', by = admin): Promise<Quality> => {
  const { status, body } = await by.get<Quality>(`/quality?limit=200${query && `&${query}`}`)
  if (status !== 200) throw new Error(`${query} answered ${status} ${JSON.stringify(body)}`)
  return body
}
const of = async (operator: string, query = ''): Promise<OperatorQuality> => {
  const [item] = (await quality(`operator=${operator}${query && `&${query}`}`)).items
  if (!item) throw new Error('no such operator')
  return item
}
const late = (operator: string, query = '') =>
  admin.all<LateChange>(`/quality/late?operator=${operator}${query}`)
const lineOf = (item: OperatorQuality, aspect: string) => item.lines.find((line) => line.aspect === aspect)

beforeAll(async () => {
  service = await startTestService({ NOW: `${TODAY}T10:00:00+08:00` })
  admin = service.admin
})
afterAll(() => service.close())

describe('late changes', () => {
  it('are those recorded more than thirty days after they happened', async () => {
    const operator = await company()
    for (const days of [0, 29, 30]) await added(operator, addDays(TODAY, -days))
    expect(await of(operator)).toMatchObject({ changes: { total: 3, late: 0 }, score: 100 })
    const change = await added(operator, addDays(TODAY, -31))
    const item = await of(operator)
    expect(item.changes).toEqual({ total: 4, late: 1, excused: 0 })
    expect(lineOf(item, 'late')).toEqual({ aspect: 'late', weight: 40, bad: 1, of: 4, lost: 10 })
    expect(item.score).toBe(90)
    const list = await late(operator)
    expect(list).toMatchObject([{ id: change.id, daysTaken: 31, daysLate: 1, excused: false }])
  })

  it('are no longer any when they are withdrawn', async () => {
    const operator = await company()
    const { id } = await added(operator, '2026-01-05')
    expect((await of(operator)).changes.late).toBe(1)
    await admin.post(`/changes/${id}/void`, { reason: '误录' })
    expect((await of(operator)).changes).toEqual({ total: 0, late: 0, excused: 0 })
    expect(await late(operator)).toEqual([])
  })

  it('count for their own months, and only those asked for', async () => {
    const operator = await company()
    await added(operator, '2024-03-05')
    await added(operator, '2026-02-05')
    expect((await of(operator)).changes.late).toBe(1)
    expect((await of(operator, 'from=2024-01')).changes.late).toBe(2)
    expect((await late(operator, '&from=2024-01&to=2024-12')).map((c) => c.on)).toEqual(['2024-03-05'])
  })

  it('are not the inventory', async () => {
    const operator = await company()
    await admin.mustChange({ kind: 'stock', vehicle: nextVehicle(operator) })
    const item = await of(operator, 'from=2019-01')
    expect([item.changes.total, item.facts.vehicles]).toEqual([0, 1])
  })

  it('go on from page to page, each once, in order', async () => {
    const operator = await company()
    const days = Array.from({ length: 23 }, (_, n) => addDays('2026-01-01', (n * 13) % 120))
    for (const on of days) await added(operator, on)
    const whole = await late(operator)
    const paged = await admin.all<LateChange>(`/quality/late?operator=${operator}`, 3)
    expect(paged.map((c) => c.id)).toEqual(whole.map((c) => c.id))
    expect(whole.map((c) => c.on)).toEqual([...days].sort().reverse())
    const { body } = await admin.get<{ total: number }>(`/quality/late?operator=${operator}&limit=2`)
    expect(body.total).toBe(23)
  })

  it('are excused where the company sent them in time and they were accepted late', async () => {
    const start = await startTestService({ NOW: '2026-08-01T10:00:00+08:00' })
    try {
      const sender = await person(start, { role: 'operator', operator: '及时公司' })
      const rows = [{ ...vehicleOf(1, { operator: '及时公司' }), kind: 'added', on: '2026-07-20' }]
      const list = await sender.check('list.csv', csvOf(rows))
      await sender.post(`/imports/${list.id}/submit`)
      // By hand, of one that the company told nobody about in time.
      const operator = sender.operator ?? ''
      const early = await start.admin.mustChange({
        ...{ kind: 'added', on: '2026-07-31' },
        vehicle: vehicleOf(2, { operator }),
      })
      await start.restart({ NOW: '2026-10-10T10:00:00+08:00' })
      await start.admin.post(`/imports/${list.id}/approve`)
      await start.admin.importIn(list.id, 'applied')
      const read = async () => {
        const { body } = await start.admin.get<Quality>(`/quality?operator=${operator}`)
        return body.items[0]
      }
      expect((await read())?.changes).toEqual({ total: 2, late: 1, excused: 1 })
      const item = await read()
      expect(item && lineOf(item, 'late')).toMatchObject({ bad: 0, of: 2, lost: 0 })
      // What was recorded in time and is put right later is not late for it, however often.
      const correct = async (id: string, note: string) => {
        const change = { kind: 'added', on: '2026-07-31', vehicle: vehicleOf(2, { operator }), note }
        const { status, body } = await start.admin.post<ChangeView>(`/changes/${id}/correct`, {
          ...{ reason: '补注', change },
        })
        expect([status, body]).toMatchObject([201, { note }])
        return body.id
      }
      await correct(await correct(early.id, '一'), '二')
      expect((await read())?.changes).toEqual({ total: 2, late: 1, excused: 1 })
      const { body } = await start.admin.get<{ items: LateChange[] }>(`/quality/late?operator=${operator}`)
      expect(body.items).toMatchObject([
        { excused: true, daysTaken: daysBetween('2026-07-20', '2026-10-10') },
      ])
    } finally {
      await start.close()
    }
  })
})

describe('months', () => {
  it('tell of each what the page of reporting tells, from when anything came of an operator', async () => {
    const officer = await person(service, { role: 'officer' })
    const lists = await person(service, { role: 'operator', operator: await company() })
    await lists.post('/reporting/nil', { month: '2026-10' })
    await company('350721', { reportsMonthly: false })
    const rows = [{ ...vehicleOf(8001, { operator: lists.operator }), kind: 'added', on: '2026-09-09' }]
    await admin.record('months.csv', csvOf(rows))
    await added(await company(), TODAY)
    const { body } = await officer.get<QualityMonths>('/quality/months?from=2026-08')
    expect(body.items.map((i) => i.month)).toEqual(['2026-11', '2026-10', '2026-09', '2026-08'])
    // The whole ledger is recorded in November here; only the nil report is of a month before.
    const came = new Set(
      (await officer.all<ChangeView>('/changes?includeVoided=true')).map((c) => c.vehicle.operator),
    )
    const counts = (id: string, month: string) =>
      month === '2026-11' ? came.has(id) : month === '2026-10' && id === lists.operator
    for (const { month, list, nil, missing, expected } of body.items) {
      const { items } = (await officer.get<MonthlyReporting>(`/reporting?month=${month}`)).body
      const same = items.filter((i) => i.expected && counts(i.operator.id, month))
      const how = (reported: string | null) => same.filter((i) => i.reported === reported).length
      expect([month, expected, list, nil, missing]).toEqual([
        ...[month, same.length, how('list'), how('nil'), how(null)],
      ])
    }
    const part = async (query: string) =>
      (await officer.get<QualityMonths>(`/quality/months?from=2026-08&${query}`)).body.items
    expect((await part(`operator=${lists.operator}`)).map((i) => [i.expected, i.list, i.nil])).toEqual([
      ...[
        [1, 0, 0],
        [1, 0, 1],
        [0, 0, 0],
        [0, 0, 0],
      ],
    ])
    expect((await part('county=350721')).every((i) => i.expected === 0)).toBe(true)
    const september = body.items[2]
    expect([september?.dueOn, september?.due]).toEqual(['2026-10-30', true])
    expect([body.items[1]?.dueOn, body.items[1]?.due]).toEqual(['2026-11-30', false])
    for (const what of ['list', 'nil', 'missing'] as const)
      expect([what, body.items.some((i) => i[what] > 0)]).toEqual([what, true])
  })

  it('are missing from when anything came of an operator, once their time is over', async () => {
    const start = await startTestService({ NOW: '2026-03-10T10:00:00+08:00' })
    try {
      const sender = await person(start, { role: 'operator', operator: '断续公司' })
      const silent = await person(start, { role: 'operator', operator: '从未报送公司' })
      await sender.post('/reporting/nil', { month: '2026-03' })
      await start.restart({ NOW: '2026-06-15T10:00:00+08:00' })
      await sender.signIn(sender.email, 'long enough to be taken').catch(() => undefined)
      const admin = start.admin
      const read = async (operator: string | null) =>
        (await admin.get<Quality>(`/quality?operator=${operator}`)).body.items[0]
      // April's time is over on 30 May, May's is not.
      const item = await read(sender.operator)
      expect(item?.months).toEqual({ due: 2, reported: 1, missing: ['2026-04'] })
      expect([item?.score, item && lineOf(item, 'months')]).toEqual([
        85,
        { aspect: 'months', weight: 30, bad: 1, of: 2, lost: 15 },
      ])
      await addsUp(admin, '')
      const none = await read(silent.operator)
      expect([none?.score, none?.months.due, none?.rank]).toEqual([null, 0, null])
      // A change that happened in it is a report for it.
      await admin.mustChange({
        kind: 'added',
        on: '2026-04-30',
        vehicle: vehicleOf(1, { operator: sender.operator }),
      })
      expect((await read(sender.operator))?.months.missing).toEqual([])
    } finally {
      await start.close()
    }
  })

  it('add up to what the score counts as missing, in the city, a county and of one operator', async () => {
    const start = await startTestService({ NOW: '2026-02-10T10:00:00+08:00' })
    try {
      const { admin } = start
      const registered = async (name: string, county: string, more: Record<string, unknown> = {}) =>
        (await admin.post<{ id: string }>('/operators', { name, county, ...more })).body.id
      const early = await registered('早报公司', '350702')
      const later = await registered('晚报公司', '350721')
      const exempt = await registered('免报公司', '350702', { reportsMonthly: false })
      await registered('未报公司', '350702')
      const tell = (n: number, operator: string, county: string, on: string) =>
        admin.mustChange({ kind: 'added', on, vehicle: vehicleOf(n, { operator, county }) })
      await tell(1, early, '350702', '2026-02-01')
      await tell(2, exempt, '350702', '2026-02-01')
      await start.restart({ NOW: '2026-06-10T10:00:00+08:00' })
      // From another county, with a vehicle in the first one, and a change of a month before its first report.
      await tell(3, later, '350702', '2026-03-03')
      await tell(4, later, '350721', '2026-06-03')
      await start.restart({ NOW: '2026-11-10T10:00:00+08:00' })
      // Due are the months up to September: of the early one 8, of the later one 4.
      expect(await addsUp(admin, '')).toEqual([12, 10])
      expect(await addsUp(admin, '&county=350702')).toEqual([12, 10])
      expect(await addsUp(admin, '&county=350721')).toEqual([4, 3])
      expect(await addsUp(admin, '&county=350724')).toEqual([0, 0])
      expect(await addsUp(admin, `&operator=${early}`)).toEqual([8, 7])
      expect(await addsUp(admin, `&operator=${later}&county=350702`)).toEqual([4, 3])
      expect(await addsUp(admin, `&operator=${exempt}`)).toEqual([0, 0])
      expect(await addsUp(admin, '&from=2026-05&to=2026-07')).toEqual([5, 4])
    } finally {
      await start.close()
    }
  })
})

describe('missing facts', () => {
  it('are counted and listed, and gone when they are said', async () => {
    const operator = await company()
    const whole = await added(operator, TODAY)
    const bare = nextVehicle(operator)
    const {
      registeredOn: _,
      emission: __,
      ...facts
    } = bare as typeof bare & { emission?: string; registeredOn?: string }
    const change = await admin.mustChange({ kind: 'added', on: TODAY, vehicle: facts })
    const item = await of(operator)
    expect(item.facts).toEqual({ vehicles: 2, withoutRegistration: 1, dieselTrucks: 2, withoutEmission: 1 })
    expect(lineOf(item, 'facts')).toMatchObject({ bad: 2, of: 4, lost: 10 })
    for (const fact of ['registration', 'emission']) {
      const list = await admin.all<Vehicle>(`/quality/missing?fact=${fact}&operator=${operator}`)
      expect(list.map((v) => v.vin)).toEqual([bare.vin])
      const { body } = await admin.get<{ total: number }>(
        `/quality/missing?fact=${fact}&operator=${operator}`,
      )
      expect(body.total).toBe(1)
    }
    await admin.post(`/changes/${change.id}/correct`, {
      ...{ reason: '补充' },
      change: { kind: 'added', on: TODAY, vehicle: bare },
    })
    expect((await of(operator)).facts).toMatchObject({
      withoutRegistration: 0,
      withoutEmission: 0,
      vehicles: 2,
    })
    await admin.mustChange({
      kind: 'retired',
      on: TODAY,
      reason: 'scrapped',
      vehicle: { vin: whole.vehicle.vin },
    })
    expect((await of(operator)).facts).toMatchObject({ vehicles: 1, dieselTrucks: 1 })
  })

  it('are listed page by page, by company', async () => {
    const [first, second] = [await company('350724'), await company('350724')]
    for (const operator of [first, second, first, second, first])
      await added(operator, TODAY, { registeredOn: undefined, county: '350724' })
    const list = await admin.all<Vehicle>('/quality/missing?fact=registration&county=350724', 2)
    expect(list.map((v) => v.operator)).toEqual([first, second, first, second, first].sort())
    expect(new Set(list.map((v) => v.vin)).size).toBe(5)
  })
})

describe('warnings', () => {
  it('stay open until the entry is put right', async () => {
    const operator = await company()
    const good = nextVehicle(operator)
    const wrong = `${good.vin.slice(0, 8)}${good.vin[8] === '0' ? '1' : '0'}${good.vin.slice(9)}`
    const change = await admin.mustChange({ kind: 'added', on: TODAY, vehicle: { ...good, vin: wrong } })
    await added(operator, TODAY)
    const item = await of(operator)
    expect(item.warnings).toEqual({ entries: 2, open: 1 })
    expect(lineOf(item, 'warnings')).toMatchObject({ weight: 10, lost: 5 })
    const list = await admin.all<DoubtfulChange>(`/quality/warnings?operator=${operator}`)
    expect(list).toMatchObject([{ id: change.id, doubts: ['vin.check-digit'] }])
    await admin.post(`/changes/${change.id}/void`, { reason: '车架号有误' })
    expect((await of(operator)).warnings).toEqual({ entries: 1, open: 0 })
    expect(await admin.all(`/quality/warnings?operator=${operator}`)).toEqual([])
  })

  it('are looked for a part at a time, with a cursor also where nothing was found yet', async () => {
    const operator = await company()
    const rows = Array.from({ length: 40 }, (_, n) => {
      const { vin, ...facts } = nextVehicle(operator)
      const wrong = `${vin.slice(0, 8)}${vin[8] === '0' ? '1' : '0'}${vin.slice(9)}`
      return { ...facts, vin: [0, 15, 39].includes(n) ? wrong : vin, kind: 'stock', on: '2023-05-05' }
    })
    expect((await admin.record('inventory.csv', csvOf(rows))).counts.error).toBe(0)
    const { models, operators, quality: service_, clock } = service.services
    const parts = { changes: models.changes, operators, timeZone: 'Asia/Shanghai', atOnce: 10 }
    const entries = new FaultyEntries(parts)
    const known = await service_.known(clock.now())
    const found: DoubtfulChange[] = []
    const sizes: number[] = []
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await entries.doubtful(known, { operator, limit: 50, cursor }, {})
      expect(page.total).toBe(3)
      found.push(...page.items)
      sizes.push(page.items.length)
      cursor = page.nextCursor
    }
    // Four times ten are looked through, and then there are none left.
    expect([sizes.length, sizes.filter((n) => n > 0).length]).toEqual([5, 3])
    const listed = await admin.all<DoubtfulChange>(`/quality/warnings?operator=${operator}`)
    expect(found.map((c) => c.id)).toEqual(listed.map((c) => c.id))
    expect(await admin.all(`/quality/warnings?operator=${operator}`, 1)).toEqual(listed)
  })
})

describe('the list of operators', () => {
  it('has the worst first, each once over all pages', async () => {
    const all = (await quality()).items
    const scores = all.flatMap((i) => (i.score === null ? [] : [i.score]))
    expect(scores).toEqual([...scores].sort((a, b) => a - b))
    expect(all.slice(scores.length).every((i) => i.score === null)).toBe(true)
    const paged = await admin.all<OperatorQuality>('/quality?', 2)
    expect(paged).toEqual(all)
    for (const item of all) {
      const lost = item.lines.reduce((sum, line) => sum + Math.round(line.lost * 10), 0)
      if (item.score !== null) expect(Math.round(item.score * 10) + lost).toBe(1000)
    }
  })

  it('has places, in the county and in the city, for those with ten changes and more', async () => {
    const county = '350783'
    // Each with so many changes, of which so many late.
    const how = { even: [10, 0], also: [12, 0], late: [10, 1], nine: [9, 0], none: [0, 0] } as const
    const ids = new Map<string, string>()
    const rows: Record<string, unknown>[] = []
    for (const [name, [all, lates]] of Object.entries(how)) {
      const operator = await company(county)
      ids.set(operator, name)
      for (let n = 0; n < all; n++)
        rows.push({
          ...{ kind: 'added', on: n < lates ? '2026-01-05' : TODAY },
          ...nextVehicle(operator, { county }),
        })
    }
    const [none] = [...ids].find(([, name]) => name === 'none') ?? ['']
    await admin.mustChange({ kind: 'stock', vehicle: nextVehicle(none, { county }) })
    expect((await admin.record('places.csv', csvOf(rows))).counts.error).toBe(0)
    const places = (items: OperatorQuality[]) =>
      Object.fromEntries(items.map((i) => [ids.get(i.operator.id) ?? '', [i.score, i.rank, i.few]]))
    const placed = {
      ...{ even: [100, 1, false], also: [100, 1, false], late: [96, 3, false] },
      ...{ nine: [100, null, true], none: [100, null, true] },
    }
    expect(places((await quality(`county=${county}`)).items)).toEqual(placed)
    const officer = await person(service, { role: 'county-officer', county })
    expect(places((await quality('', officer)).items)).toEqual(placed)
    const city = (await quality()).items
    const rank = (name: string) => city.find((i) => ids.get(i.operator.id) === name)?.rank
    expect([rank('even'), rank('also'), rank('nine'), rank('none')]).toEqual([1, 1, null, null])
    expect(rank('late')).toBeGreaterThan(2)
    // One alone has no place.
    for (const [id, name] of ids) {
      for (const [query, by] of [
        [`operator=${id}`, admin],
        [`operator=${id}&county=${county}`, admin],
        [`operator=${id}`, officer],
        ['', await person(service, { role: 'operator', operator: id })],
      ] as const) {
        const { items } = await quality(query, by)
        expect([name, query, items.map((i) => i.rank)]).toEqual([name, query, [null]])
      }
    }
    const head = async (query: string) =>
      (await download(admin, `/quality.csv${query}`)).bytes.toString().split('\r\n').join('|')
    expect(await head(`?county=${county}`)).toContain(',本县（市、区）名次,')
    expect(await head('')).toContain(',名次,')
  })

  it('adds up to the whole', async () => {
    const { items, whole } = await quality()
    const sum = (pick: (item: OperatorQuality) => number) =>
      items.reduce((total, item) => total + pick(item), 0)
    expect(whole.changes.late).toBe(sum((i) => i.changes.late))
    expect(whole.facts.withoutRegistration).toBe(sum((i) => i.facts.withoutRegistration))
    expect(whole.warnings.entries).toBe(sum((i) => i.warnings.entries))
    expect(whole.months.due).toBe(sum((i) => i.months.due))
  })
})

describe('who sees what', () => {
  it('is its own for an operator, its county’s for a county officer', async () => {
    expect((await service.visitor().get('/quality')).status).toBe(401)
    const [own, other] = [await company('350722'), await company('350723')]
    await added(own, '2026-01-02', { county: '350722' })
    await added(other, '2026-01-02', { county: '350723' })
    const operator = await person(service, { role: 'operator', operator: own })
    expect((await quality('', operator)).items.map((i) => i.operator.id)).toEqual([own])
    const officer = await person(service, { role: 'county-officer', county: '350722' })
    expect((await quality('', officer)).items.map((i) => i.operator.id)).toEqual([own])
    for (const path of [
      '/quality?',
      '/quality/late?',
      '/quality/warnings?',
      '/quality/missing?fact=emission&',
    ]) {
      for (const by of [operator, officer]) {
        expect((await by.get(`${path}county=350723`)).status).toBe(by === officer ? 403 : 200)
        const { status, body } = await by.get<{ items: unknown[] }>(`${path}operator=${other}`)
        if (by === operator) expect(status).toBe(403)
        else expect(JSON.stringify(body)).not.toContain('350723')
      }
    }
    const lates = await officer.all<LateChange>('/quality/late?')
    expect(lates.map((c) => c.vehicle.county)).toEqual(['350722'])
    expect((await operator.get<QualityMonths>('/quality/months')).body.items[0]?.expected).toBe(1)
  })

  it('shows a part of a company in a county only as far as it lies there', async () => {
    const operator = await company('350725')
    await added(operator, '2026-01-02', { county: '350725' })
    await added(operator, '2026-01-03', { county: '350781', registeredOn: undefined })
    const officer = await person(service, { role: 'county-officer', county: '350781' })
    const [item] = (await quality(`operator=${operator}`, officer)).items
    expect(item).toMatchObject({
      changes: { total: 1, late: 1 },
      facts: { vehicles: 1, withoutRegistration: 1 },
    })
    expect((await of(operator)).changes.total).toBe(2)
  })
})

describe('asking', () => {
  it.each([
    ['/quality?from=2026-13', 'query.from'],
    ['/quality?from=2026-05&to=2026-04', 'query.from'],
    ['/quality?from=1999-01', 'query.from'],
    ['/quality/late?from=2026-05&to=2026-04', 'query.from'],
    ['/quality/months?from=2026-12', 'query.from'],
    ['/quality/late?cursor=x', 'query.cursor'],
    ['/quality/warnings?cursor=WzFd', 'query.cursor'],
    ['/quality/missing?fact=colour', 'query.fact'],
    ['/quality/missing', 'query.fact'],
    ['/quality.csv?from=2026-05&to=2026-04', 'query.from'],
    ['/quality/late.xlsx?to=x', 'query.to'],
  ])('%s is refused, naming %s', async (path, field) => {
    const { status, body } = await admin.get<ProblemBody>(path)
    expect([path, status, body.code, body.errors[0]?.path]).toEqual([path, 400, 'request.invalid', field])
    expect(body.errors[0]?.message).not.toBe(body.errors[0]?.code)
  })

  it('a misspelt filter is refused, an operator nobody knows has nothing', async () => {
    expect((await admin.get('/quality?conty=350702')).status).toBe(400)
    expect((await quality('operator=op-nobody')).items).toEqual([])
    expect(await admin.all('/quality/late?operator=op-nobody')).toEqual([])
    expect(await admin.all('/quality/missing?fact=emission&operator=op-nobody')).toEqual([])
  })

  it('of an empty ledger there is nothing to judge', async () => {
    const empty = await startTestService()
    try {
      const { body } = await empty.admin.get<Quality>('/quality')
      expect([body.items, body.whole.score, body.total]).toEqual([[], null, 0])
      expect((await empty.admin.get<{ items: [] }>('/quality/late')).body.items).toEqual([])
    } finally {
      await empty.close()
    }
  })
})

describe('as files', () => {
  it('hold what the lists hold, and say the filters', async () => {
    const operator = await company()
    for (const on of ['2026-01-01', '2026-02-02', TODAY])
      await added(operator, on, { registeredOn: undefined })
    const text = async (path: string) => {
      const { status, bytes } = await download(admin, path)
      expect([path, status]).toEqual([path, 200])
      return bytes.toString().replace(/^\uFEFF/, '')
    }
    const rows = (csv: string) =>
      csv.split('\r\n').filter((l) => l && !l.startsWith('#') && !l.startsWith('"#')).length - 1
    const lates = await text(`/quality/late.csv?operator=${operator}`)
    expect(rows(lates)).toBe(2)
    expect(lates).toContain('报送时限,变动发生后 30 日内入账')
    expect(lates).toContain(`质量公司${made}`)
    expect(rows(await text(`/quality/missing.csv?fact=registration&operator=${operator}`))).toBe(3)
    expect(rows(await text(`/quality/warnings.csv?operator=${operator}`))).toBe(0)
    const operators = await text('/quality.csv?language=en')
    expect(operators).toContain('Lost for late changes')
    expect(rows(operators)).toBe((await quality()).items.length)
    const { status, headers } = await download(admin, '/quality.xlsx')
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('spreadsheetml')])
  })
})

describe('a random ledger', () => {
  it('is counted as a naive count of every entry does, also from kept months and after withdrawals', async () => {
    const start = await startTestService({ NOW: '2026-02-20T10:00:00+08:00' })
    try {
      let seed = 7
      const random = (n: number) => {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
        return Math.floor((seed / 2_147_483_648) * n)
      }
      const counties = ['350702', '350721', '350781']
      let n = 0
      const rows = (today: string) =>
        Array.from({ length: 250 }, () => {
          const energy = ['diesel', 'gas', 'BEV'][random(3)]
          const vehicle = vehicleOf(++n, {
            ...{ energy, operator: `随机公司${random(12)}`, county: counties[random(3)] },
            ...(random(4) ? { registeredOn: '2018-08-08' } : {}),
            // A check digit that is wrong.
            ...(random(9) ? {} : { vin: vinOf(n).replace(/^(.{8})./, (_, head) => `${head}${random(10)}`) }),
          })
          return { ...vehicle, kind: random(8) ? 'added' : 'stock', on: addDays(today, -random(90)) }
        }).map((row) => (row.kind === 'stock' ? { ...row, on: '2023-06-01' } : row))
      const voidSome = async () => {
        const { items } = (await start.admin.get<{ items: ChangeView[] }>('/changes?limit=200')).body
        for (const change of items.filter(() => random(12) === 0))
          await start.admin.post(`/changes/${change.id}/void`, { reason: '误录' })
      }
      for (const now of ['2026-02-20', '2026-03-31', '2026-05-02']) {
        await start.restart({ NOW: `${now}T10:00:00+08:00` })
        const { counts } = await start.admin.record(`${now}.csv`, csvOf(rows(now)))
        expect(counts.error).toBe(0)
        await voidSome()
        await compare(start.admin, '2025-06', now.slice(0, 7))
      }
      // The night's check is over: from here on nothing is put right by itself.
      await ranFor(start, 'tally-check', '2026-05-01T19:30:00.000Z')
      // A month goes by while the service runs: what it knows of the month in part, then as a whole.
      const { qualityViews } = start.services
      const days = ['2026-02-10', '2026-03-31', '2026-04-01', '2026-05-02', '2026-06-03']
      const walked = []
      for (const forgets of [false, true]) {
        qualityViews.forget()
        for (const day of days) {
          if (forgets) qualityViews.forget()
          const { tally } = await qualityViews.at(new Date(`${day}T18:00:00+08:00`), 30)
          walked.push(tally.sum({}))
        }
      }
      expect(walked.slice(0, days.length)).toEqual(walked.slice(days.length))
      expect(walked[0]).not.toEqual(walked[2])
      // What is kept is what the ledger says; where it is not, that is found and put right.
      const { qualityCheck, connection } = start.services
      const check = async () => (await qualityCheck.check(new Date('2026-06-20T12:00:00+08:00'))).differences
      expect(await check()).toEqual([])
      const months = connection.collection<{ _id: string; cells: unknown }>('quality-months')
      const [one, other] = await months.find({ _id: /^30\|/ }).toArray()
      await months.updateOne({ _id: one?._id ?? '' }, { $set: { cells: other?.cells } })
      expect(await check()).toMatchObject([{ reportingDays: 30, counts: expect.any(Number) }])
      expect(await check()).toEqual([])
      expect(await months.findOne({ _id: one?._id ?? '' })).toEqual(one)
      await start.restart({ NOW: '2026-06-20T10:00:00+08:00' })
      await compare(start.admin, '2025-06', '2026-06')
    } finally {
      await start.close()
    }
  }, 240_000)
})

/** Compares the months with what the score says of them: how many are due, and missing of these. */
async function addsUp(admin: Client, query: string): Promise<[due: number, missing: number]> {
  const { items } = (await admin.get<QualityMonths>(`/quality/months?${query.slice(1)}`)).body
  const { months } = (await admin.get<Quality>(`/quality?${query.slice(1)}`)).body.whole
  const sum = (of: 'expected' | 'missing') =>
    items.filter((i) => i.due).reduce((total, i) => total + i[of], 0)
  expect([query, sum('expected'), sum('missing')]).toEqual([query, months.due, months.due - months.reported])
  return [months.due, months.due - months.reported]
}

/** Counts every entry of the ledger itself, and compares. */
async function compare(admin: Client, from: string, to: string): Promise<void> {
  const changes = await admin.all<ChangeView>('/changes?')
  const months = new Set(monthsBetween(`${from}-01`, `${to}-01`))
  const registered = await admin.all<Vehicle>('/vehicles?status=active')
  const { items } = (await admin.get<Quality>(`/quality?limit=200&from=${from}&to=${to}`)).body
  expect(items.length).toBeGreaterThan(5)
  for (const { operator, changes: counted, facts, warnings } of items) {
    const own = changes.filter((c) => c.vehicle.operator === operator.id)
    const news = own.filter((c) => c.kind !== 'stock' && months.has(c.on.slice(0, 7)))
    const lates = news.filter((c) => daysBetween(c.on, civilDateAt(new Date(c.recordedAt))) > 30)
    expect([operator.name, counted.total, counted.late]).toEqual([operator.name, news.length, lates.length])
    const path = `/quality/late?operator=${operator.id}&from=${from}&to=${to}`
    const listed = await admin.all<LateChange>(path)
    expect(listed.map((c) => c.id).sort()).toEqual(lates.map((c) => c.id).sort())
    const doubtful = await admin.all<DoubtfulChange>(`/quality/warnings?operator=${operator.id}`)
    expect([warnings.entries, warnings.open]).toEqual([own.length, doubtful.length])
    const fleet = registered.filter((v) => v.operator === operator.id)
    const trucks = fleet.filter((v) => v.category === 'truck' && v.energy === 'diesel')
    expect(facts).toEqual({
      vehicles: fleet.length,
      withoutRegistration: fleet.filter((v) => v.registeredOn === null).length,
      dieselTrucks: trucks.length,
      withoutEmission: trucks.filter((v) => v.emission === null).length,
    })
  }
}
