import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChangeView } from '../../server/changes/schema.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { VehicleWithHistory } from '../../server/vehicles/schema.ts'
import { type Client, person, plateOf, type Recorded, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

let service: TestService
let admin: Client
let next = 0
const numbers = (count: number) => Array.from({ length: count }, () => ++next)

beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
})
afterAll(() => service.close())

type Body = Record<string, unknown>
const BUS = { category: 'bus', operator: '南平公交公司' }
const stock = (n: number, facts: Body = {}) => ({ kind: 'stock', vehicle: vehicleOf(n, facts) })
const retire = (n: number, on = '2025-05-05', more: Body = {}) => ({
  ...{ kind: 'retired', on, reason: 'scrapped', vehicle: { vin: vinOf(n) } },
  ...more,
})
const swap = (n: number, on: string, packs = 4) => ({
  kind: 'battery-swap',
  on,
  packs,
  vehicle: { vin: vinOf(n) },
})
const replace = (n: number, old: number[], facts: Body, on = '2025-06-01') => ({
  ...{ kind: 'replaced', on, vehicle: vehicleOf(n, facts), replaces: old.map(vinOf) },
})
const correct = (id: string, change: Body, query = '', client = admin, reason = '录入有误') =>
  client.post<Recorded>(`/changes/${id}/correct${query}`, { reason, change })
const entry = async (id: string, client = admin) =>
  (await client.get<ChangeView & ProblemBody>(`/changes/${id}`)).body
const vehicle = async (n: number) => (await admin.get<VehicleWithHistory>(`/vehicles/${vinOf(n)}`)).body
const history = async (n: number) => (await vehicle(n)).history
const codes = (body: ProblemBody) => body.errors.map((e) => e.code)
const of = (body: Recorded, rule: string) => body.effects.find((e) => e.rule === rule)

describe('a correction', () => {
  it('withdraws an entry and says it anew at one instant, each linked to the other', async () => {
    const [n = 0] = numbers(1)
    await admin.mustChange(stock(n))
    const old = await admin.mustChange({ ...retire(n), certificate: 'B-1' })
    const change = { ...retire(n, '2025-05-06'), certificate: 'B-2' }
    const dry = await correct(old.id, change, '?dryRun=true')
    expect([dry.status, dry.body.on, dry.body.certificate]).toEqual([200, '2025-05-06', 'B-2'])
    expect(await entry(old.id)).toMatchObject({ voidedAt: null, correctedBy: null })
    const made = await correct(old.id, change)
    expect(made.status).toBe(201)
    const before = await entry(old.id)
    expect(before).toMatchObject({
      voidReason: '录入有误',
      voidedBy: { name: '管理员' },
      correctedBy: made.body.id,
    })
    expect(await entry(made.body.id)).toMatchObject({
      ...{ corrects: old.id, correctedBy: null, voidedAt: null, on: '2025-05-06', certificate: 'B-2' },
      recordedAt: before.voidedAt,
    })
    expect(await vehicle(n)).toMatchObject({ status: 'retired', exitedOn: '2025-05-06' })
    const again = await correct(old.id, { ...change, certificate: 'B-3' })
    expect([again.status, again.body.code]).toEqual([409, 'change.already-voided'])
    const same = await correct(made.body.id, change)
    expect([same.status, same.body.code]).toEqual([422, 'change.unchanged'])
    expect((await history(n)).map((c) => c.kind)).toEqual(['stock', 'retired', 'retired'])
  })

  it('moves the figures by both together, and says so before', async () => {
    const [o = 0, n = 0] = numbers(2)
    await admin.mustChange(stock(o, BUS))
    const gas = await admin.change(replace(n, [o], { ...BUS, energy: 'gas' }))
    expect([gas.status, gas.body.code]).toEqual([422, 'change.breaks-target'])
    expect(gas.body.errors).toMatchObject([{ path: 'bus-renewal', params: { rule: 'bus-renewal' } }])
    const dry = await admin.change(replace(n, [o], { ...BUS, energy: 'gas' }), '?dryRun=true')
    expect([dry.status, of(dry.body, 'bus-renewal')?.breaks]).toEqual([200, true])
    const made = await admin.change({
      ...replace(n, [o], { ...BUS, energy: 'gas' }),
      breachReason: '线路未通电',
    })
    expect([made.status, made.body.breachReason]).toEqual([201, '线路未通电'])
    const figures = await admin.figures()
    const right = { ...replace(n, [o], { ...BUS, energy: 'BEV' }) }
    const shown = await correct(made.body.id, right, '?dryRun=true')
    const done = await correct(made.body.id, right)
    expect(done.status).toBe(201)
    expect(done.body.effects).toEqual(shown.body.effects)
    const after = await admin.figures()
    const effect = of(done.body, 'bus-renewal')
    expect(effect).toMatchObject({ breaks: false, after: { numerator: after['bus-renewal']?.numerator } })
    expect(effect?.before).toMatchObject({
      ...{ numerator: figures['bus-renewal']?.numerator, status: figures['bus-renewal']?.status },
    })
    expect(done.body.breachReason).toBeNull()
    // The other way it needs its reason again.
    const back = await correct(done.body.id, replace(n, [o], { ...BUS, energy: 'diesel' }))
    expect([back.status, back.body.code]).toEqual([422, 'change.breaks-target'])
    const given = { ...replace(n, [o], { ...BUS, energy: 'diesel' }), breachReason: '行驶证为准' }
    expect((await correct(done.body.id, given)).status).toBe(201)
  })

  it('of what a vehicle is puts right all that copied it, also where another replaced it', async () => {
    const [o = 0, n = 0] = numbers(2)
    const was = await admin.mustChange(stock(o, { emission: '4' }))
    const trucks = async () => (await admin.figures())['old-diesel-trucks-retired']?.numerator ?? 0
    await admin.mustChange({
      kind: 'transferred',
      on: '2024-03-03',
      vehicle: { vin: vinOf(o) },
      to: { county: '350703' },
    })
    await admin.mustChange(replace(n, [o], { energy: 'BEV' }))
    const before = await trucks()
    const done = await correct(was.id, stock(o, { emission: '3' }))
    expect([done.status, of(done.body, 'old-diesel-trucks-retired')?.after.numerator]).toEqual([
      201,
      before + 1,
    ])
    expect(await trucks()).toBe(before + 1)
    const counting = (await history(o)).filter((c) => c.voidedAt === null)
    expect(counting.map((c) => [c.kind, c.corrects !== null])).toEqual([
      ['stock', true],
      ['transferred', true],
      ['replaced', true],
    ])
    expect(counting[2]?.retires).toMatchObject([{ vin: vinOf(o), emission: '3', county: '350703' }])
    const instants = new Set((await history(o)).map((c) => c.voidedAt ?? c.recordedAt))
    expect(instants.size).toBe(1)
    expect((await vehicle(n)).energy).toBe('BEV')
  })

  it('asked of a later entry, goes back to where it was said', async () => {
    const [n = 0] = numbers(1)
    await admin.mustChange(stock(n))
    const left = await admin.mustChange(retire(n))
    const done = await correct(
      left.id,
      retire(n, '2025-05-05', { vehicle: { vin: vinOf(n), emission: '2' } }),
    )
    expect(done.status).toBe(201)
    const counting = (await history(n)).filter((c) => c.voidedAt === null)
    expect(counting.map((c) => [c.kind, c.vehicle.emission])).toEqual([
      ['stock', '2'],
      ['retired', '2'],
    ])
  })

  it('goes on telling the emission standard that the entry was the first to tell', async () => {
    const [n = 0, m = 0] = numbers(2)
    for (const of of [n, m]) await admin.mustChange(stock(of, { emission: undefined }))
    const trucks = async () => (await admin.figures())['old-diesel-trucks-retired']?.numerator ?? 0
    const before = await trucks()
    const told = { vehicle: { vin: vinOf(n), emission: '3' }, certificate: 'B-1' }
    const left = await admin.mustChange(retire(n, '2025-05-05', told))
    expect([left.vehicle.emission, await trucks()]).toEqual(['3', before + 1])
    const done = await correct(left.id, { ...retire(n), certificate: 'B-2' })
    expect([done.status, done.body.vehicle.emission, done.body.effects]).toEqual([201, '3', []])
    expect(await trucks()).toBe(before + 1)
    // Of another vehicle it tells nothing.
    const other = await correct(done.body.id, { ...retire(m), certificate: 'B-2' })
    expect([other.status, other.body.vehicle.emission, await trucks()]).toEqual([201, null, before])
  })

  it('takes plate, operator and county along to what copied them', async () => {
    const [n = 0] = numbers(1)
    const bus = { ...BUS, energy: 'BEV' }
    const was = await admin.mustChange(stock(n, bus))
    await admin.mustChange(swap(n, '2025-02-02'))
    const anew = stock(n, { ...bus, plate: `闽HD7${String(n).padStart(4, '0')}`, county: '350721' })
    expect((await correct(was.id, anew)).status).toBe(201)
    const [, copied] = (await history(n)).filter((c) => c.voidedAt === null)
    expect(copied).toMatchObject({
      kind: 'battery-swap',
      packs: 4,
      vehicle: { county: '350721', plate: anew.vehicle.plate },
    })
    expect(await vehicle(n)).toMatchObject({ plate: anew.vehicle.plate, county: '350721' })
  })

  it('is allowed where what came later still holds, and refused naming what does not', async () => {
    const [n = 0, m = 0] = numbers(2)
    const bus = { ...BUS, energy: 'BEV' }
    const bought = { kind: 'added', on: '2025-01-10', vehicle: vehicleOf(n, bus) }
    const was = await admin.mustChange(bought)
    const pack = await admin.mustChange(swap(n, '2025-02-02'))
    const moved = await correct(was.id, { ...bought, on: '2025-01-11' })
    expect(moved.status).toBe(201)
    for (const query of ['', '?dryRun=true']) {
      for (const body of [
        { ...bought, on: '2025-02-03' },
        { ...bought, vehicle: vehicleOf(m, bus) },
        { ...bought, vehicle: vehicleOf(n, { ...BUS, energy: 'gas' }) },
      ]) {
        const answer = await correct(moved.body.id, body, query)
        expect([body, answer.status, answer.body.code]).toEqual([body, 409, 'change.has-dependents'])
        expect(answer.body.errors.map((e) => e.path)).toEqual([pack.id])
      }
    }
    expect((await vehicle(m)) as unknown).toMatchObject({ code: 'not-found' })
    const more = await correct(pack.id, swap(n, '2025-02-02', 5))
    expect([more.status, of(more.body, 'bus-batteries-swapped')?.after.numerator]).toEqual([
      201,
      (of(more.body, 'bus-batteries-swapped')?.before.numerator ?? 0) + 1,
    ])
  })

  it('may find that it was another vehicle, another old one, another kind', async () => {
    const [a = 0, b = 0, o1 = 0, o2 = 0, n = 0] = numbers(5)
    for (const one of [a, b, o1, o2]) await admin.mustChange(stock(one))
    const wrong = await admin.mustChange(retire(a))
    expect((await correct(wrong.id, retire(b))).status).toBe(201)
    expect([(await vehicle(a)).status, (await vehicle(b)).status]).toEqual(['active', 'retired'])
    const made = await admin.mustChange(replace(n, [o1], { energy: 'BEV' }))
    const other = await correct(made.id, replace(n, [o2], { energy: 'BEV' }))
    expect(other.status).toBe(201)
    expect([(await vehicle(o1)).status, (await vehicle(o2)).status]).toEqual(['active', 'retired'])
    expect((await vehicle(o2)).replacedBy).toBe(vinOf(n))
    const added = await correct(other.body.id, {
      kind: 'added',
      on: '2025-06-01',
      vehicle: vehicleOf(n, { energy: 'BEV' }),
    })
    expect([added.status, (await vehicle(o2)).status]).toEqual([201, 'active'])
    // The chain leads from the first to the last.
    const first = await entry(made.id)
    expect((await entry(first.correctedBy ?? '')).correctedBy).toBe(added.body.id)
    // A replacement of the replacement stands in the way of finding another vehicle.
    const [p = 0, q = 0] = numbers(2)
    const later = await admin.mustChange(replace(p, [n], { energy: 'BEV' }, '2025-07-01'))
    const refused = await correct(added.body.id, {
      kind: 'added',
      on: '2025-06-01',
      vehicle: vehicleOf(q, { energy: 'BEV' }),
    })
    expect([refused.status, refused.body.errors.map((e) => e.path)]).toEqual([409, [later.id]])
  })

  it('keeps plates on one vehicle', async () => {
    const [o = 0, n = 0, m = 0] = numbers(3)
    const first = await admin.mustChange(stock(o))
    const made = await admin.mustChange(replace(n, [o], { plate: plateOf(o) }))
    // The old one may be put right although its plate is on another by now …
    expect((await correct(first.id, stock(o, { registeredOn: '2016-01-01', emission: '2' }))).status).toBe(
      201,
    )
    // … but does not come back to it, and nobody else gets it.
    await admin.mustChange(stock(m))
    const anew = (await entry(made.id)).correctedBy ?? ''
    const other = await correct(anew, replace(n, [m], { plate: plateOf(o) }))
    expect([other.status, codes(other.body)]).toEqual([422, ['vehicle.conflict']])
    const [k = 0] = numbers(1)
    const plain = await admin.mustChange(stock(k))
    const taken = await correct(plain.id, stock(k, { plate: plateOf(o) }))
    expect([taken.status, codes(taken.body)]).toEqual([422, ['vehicle.conflict']])
  })

  it('of an impossible history is refused with the reason', async () => {
    const [n = 0] = numbers(1)
    await admin.mustChange(stock(n, { registeredOn: '2016-01-01' }))
    await admin.mustChange(retire(n, '2025-05-05', { certificate: 'B' }))
    const [, left] = await history(n)
    const id = left?.id ?? ''
    const cases: [Body, string][] = [
      [retire(n, '2026-11-24'), 'date.future'],
      [retire(n, '2015-12-31'), 'date.before-entry'],
      [{ ...retire(n), reason: undefined }, 'required.missing'],
      [retire(99_999), 'vehicle.not-found'],
      [{ ...retire(n), vehicle: { vin: 'O' } }, 'vin.invalid'],
    ]
    for (const [body, code] of cases) {
      const { status, body: problem } = await correct(id, body)
      expect([body, status, codes(problem)[0]]).toEqual([body, 422, code])
    }
    for (const [body, path] of [
      [{ reason: 'x' }, 'body.change'],
      [{ change: retire(n) }, 'body.reason'],
      [{ reason: ' ', change: retire(n) }, 'body.reason'],
      [{ reason: 'x', change: { ...retire(n), voided: true } }, 'body.change'],
    ] as const) {
      const { status, body: problem } = await admin.post<ProblemBody>(`/changes/${id}/correct`, body)
      expect([status, problem.errors[0]?.path]).toEqual([400, path])
    }
    expect((await correct('f'.repeat(24), retire(n))).status).toBe(404)
    expect((await correct('x', retire(n))).status).toBe(400)
    expect((await history(n)).length).toBe(2)
  })

  it('may be withdrawn, and then nothing of it counts; what rests on it is named', async () => {
    const [n = 0] = numbers(1)
    const was = await admin.mustChange(stock(n, { ...BUS, energy: 'BEV' }))
    const pack = await admin.mustChange(swap(n, '2025-02-02'))
    const anew = await correct(was.id, stock(n, { ...BUS, energy: 'PHEV', emission: '6' }))
    expect(anew.status).toBe(201)
    const [now] = (await history(n)).filter((c) => c.kind === 'battery-swap' && c.voidedAt === null)
    expect(now?.corrects).toBe(pack.id)
    const refused = await admin.post<ProblemBody>(`/changes/${anew.body.id}/void`, { reason: 'x' })
    expect([refused.status, refused.body.errors.map((e) => e.path)]).toEqual([409, [now?.id]])
    expect((await admin.post(`/changes/${now?.id}/void`, { reason: 'x' })).status).toBe(200)
    const dry = await admin.post<Recorded>(`/changes/${anew.body.id}/void?dryRun=true`, { reason: 'x' })
    expect([dry.status, dry.body.voidedAt]).toEqual([200, null])
    expect(await entry(anew.body.id)).toMatchObject({ voidedAt: null })
    const voided = await admin.post<Recorded>(`/changes/${anew.body.id}/void`, { reason: 'x' })
    expect([voided.status, voided.body.effects]).toEqual([200, dry.body.effects])
    expect((await admin.get(`/vehicles/${vinOf(n)}`)).status).toBe(404)
  })

  it('leaves what a list recorded to whoever withdraws the list: by hand first', async () => {
    const [n = 0] = numbers(1)
    const facts = vehicleOf(n)
    const list = `车牌号,车架号,车辆类别,能源类型,排放标准,所属企业,县(市、区),变动类型\n${facts.plate},${facts.vin},营运货车,柴油,国三,延平货运公司,延平区,存量\n`
    const { id } = await admin.record('list.csv', list)
    const [row] = await history(n)
    expect(row?.source?.import).toBe(id)
    const anew = await correct(row?.id ?? '', stock(n, { emission: '2' }))
    expect([anew.status, anew.body.source]).toEqual([201, null])
    const refused = await admin.post<ProblemBody>(`/imports/${id}/withdraw`, { reason: 'x' })
    expect([refused.status, refused.body.errors.map((e) => e.path)]).toEqual([409, [anew.body.id]])
    expect((await admin.post(`/changes/${anew.body.id}/void`, { reason: 'x' })).status).toBe(200)
    expect((await admin.post(`/imports/${id}/withdraw`, { reason: 'x' })).status).toBe(202)
    await admin.importIn(id, 'withdrawn')
  })
})

describe('a vehicle that comes back', () => {
  it('does so after it was deregistered or handed to another place, and officers are warned', async () => {
    for (const reason of ['deregistered', 'transferred-out']) {
      const [n = 0] = numbers(1)
      await admin.mustChange(stock(n))
      await admin.mustChange({ ...retire(n), reason })
      const back = (on: string) => ({ kind: 'added', on, vehicle: vehicleOf(n, { category: 'sanitation' }) })
      expect(codes((await admin.change(back('2025-05-05'))).body)).toEqual(['vehicle.already-registered'])
      const made = await admin.change(back('2025-06-06'))
      expect([made.status, made.body.warnings.map((w) => w.code)]).toEqual([201, ['vehicle.returns']])
      expect(await vehicle(n)).toMatchObject({
        status: 'active',
        enteredOn: '2025-06-06',
        category: 'sanitation',
      })
      expect((await admin.change({ ...retire(n, '2025-07-07'), reason: 'scrapped' })).status).toBe(201)
      expect(codes((await admin.change(back('2025-08-08'))).body)).toEqual(['vehicle.already-registered'])
      // What the first time in service rests on cannot go.
      const [first, left] = await history(n)
      for (const one of [first, left])
        expect((await admin.post(`/changes/${one?.id}/void`, { reason: 'x' })).status).toBe(409)
      expect((await correct(left?.id ?? '', { ...retire(n, '2025-05-06'), reason })).status).toBe(201)
      expect((await correct(first?.id ?? '', stock(n, { emission: '2' }))).status).toBe(201)
      expect((await vehicle(n)).emission).toBe('3')
    }
  })

  it('is a row with a warning in a list, and an alarm in a fleet list', async () => {
    const [n = 0] = numbers(1)
    await admin.mustChange(stock(n))
    await admin.mustChange({ ...retire(n), reason: 'transferred-out' })
    const facts = vehicleOf(n)
    const cells = `${facts.plate},${facts.vin},营运货车,柴油,国三,延平货运公司,延平区`
    const head = '车牌号,车架号,车辆类别,能源类型,排放标准,所属企业,县(市、区)'
    const checked = await admin.check('back.csv', `${head},变动类型,变动日期\n${cells},新增,2025-08-08\n`)
    expect([checked.counts.new, checked.codes]).toMatchObject([1, { 'vehicle.returns': 1 }])
    const fleet = await admin.upload('fleet.csv', `${head}\n${cells}\n`, {
      mode: 'fleet',
      asOf: '2025-09-01',
    })
    const view = await admin.importIn(fleet.body.id, 'checked')
    expect(view.codes).toEqual({ 'vehicle.returned': 1 })
  })
})

describe('a county officer', () => {
  it('corrects in the county alone, and learns nothing of what lies outside', async () => {
    const officer = await person(service, { role: 'county-officer', county: '350702' })
    const [own = 0, theirs = 0] = numbers(2)
    const mine = await admin.mustChange(stock(own))
    const foreign = await admin.mustChange(stock(theirs, { county: '350703' }))
    expect((await officer.get(`/changes/${foreign.id}`)).status).toBe(404)
    expect((await correct(foreign.id, stock(theirs), '', officer)).status).toBe(404)
    const plate = await correct(mine.id, stock(own, { plate: plateOf(theirs) }), '', officer)
    expect([plate.status, codes(plate.body)]).toEqual([422, ['vehicle.outside']])
    expect(JSON.stringify(plate.body)).not.toContain(vinOf(theirs))
    expect((await correct(mine.id, stock(own, { county: '350703' }), '', officer)).status).toBe(403)
    const gone = await admin.mustChange({
      kind: 'transferred',
      on: '2025-01-01',
      vehicle: { vin: vinOf(own) },
      to: { county: '350703' },
    })
    const left = await admin.mustChange(retire(own, '2025-09-09'))
    // Later entries are another county's: they are not named, nor put right by this one.
    const dates = { kind: 'stock', on: '2025-02-02', vehicle: vehicleOf(own) }
    const refused = [
      await correct(mine.id, stock(own, { emission: '1' }), '', officer),
      await officer.post<Recorded>(`/changes/${mine.id}/void`, { reason: 'x' }),
      await correct(mine.id, dates, '', officer),
    ]
    expect(refused.map((r) => r.status)).toEqual([403, 409, 409])
    for (const { body } of refused) {
      const text = JSON.stringify(body)
      for (const secret of [gone.id, left.id, '2025-01-01', '2025-09-09', vinOf(own)])
        expect(text).not.toContain(secret)
    }
    expect(codes(refused[1]?.body as ProblemBody)).toEqual(['change.dependents-outside'])
    const own2 = numbers(1)[0] ?? 0
    const fine = await officer.change(stock(own2))
    expect(fine.status).toBe(201)
    expect((await correct(fine.body.id, stock(own2, { emission: '1' }), '', officer)).status).toBe(201)
  })

  it('sees of an entry of its own only its own part', async () => {
    const officer = await person(service, { role: 'county-officer', county: '350702' })
    const [theirs = 0, own = 0] = numbers(2)
    await admin.mustChange(stock(theirs, { county: '350703' }))
    const made = await admin.mustChange(replace(own, [theirs], { energy: 'BEV' }))
    expect((await entry(made.id)).retires).toHaveLength(1)
    const seen = await entry(made.id, officer)
    expect([seen.id, seen.retires]).toEqual([made.id, []])
    expect((await correct(made.id, replace(own, [theirs], { energy: 'FCEV' }), '', officer)).status).toBe(403)
  })

  it('is for those who may write', async () => {
    const [n = 0] = numbers(1)
    const made = await admin.mustChange(stock(n))
    for (const role of ['viewer', 'operator'] as const) {
      const client = await person(service, { role })
      expect((await correct(made.id, stock(n, { emission: '1' }), '', client)).status).toBe(403)
      expect((await client.get(`/changes/${made.id}`)).status).toBe(200)
    }
    const stranger = await person(service, { role: 'operator', operator: '别家公司' })
    expect((await stranger.get(`/changes/${made.id}`)).status).toBe(404)
    expect((await service.visitor().get(`/changes/${made.id}`)).status).toBe(401)
  })
})
