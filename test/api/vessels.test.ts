import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ImportRowView } from '../../server/imports/schema.ts'
import type { VehicleWithHistory } from '../../server/vehicles/schema.ts'
import { type Client, csvOf, plateOf, type Recorded, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** Vessels and sanitation vehicles enter by hand and by list like the rest, and count. */
let service: TestService
let admin: Client
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
})
afterAll(() => service.close())

const vessel = (n: number, more: Record<string, unknown> = {}) => ({
  vin: `CN2018123456${n}`,
  plate: `闽南平货000${n}`,
  ...{ category: 'vessel', energy: 'diesel', county: '350702', operator: '闽江航运公司' },
  ...more,
})
const enter = (body: Record<string, unknown>) => admin.post<Recorded>('/changes', body)
const value = async (rule: string) => (await admin.figures())[rule]?.value

describe('vessels', () => {
  it('enter by hand, are replaced by name, transferred and retired', async () => {
    for (const n of [1, 2, 3])
      expect(
        await enter({ kind: 'stock', vehicle: vessel(n, { registeredOn: '2001-05-01' }) }),
      ).toMatchObject({
        status: 201,
      })
    const made = await enter({
      ...{ kind: 'replaced', on: '2025-05-01', replaces: ['闽南平货 0001'] },
      vehicle: vessel(4, { energy: 'BEV' }),
    })
    expect(made).toMatchObject({ status: 201, body: { retires: [{ vin: 'CN20181234561' }] } })
    expect(made.body.effects.map((e) => [e.rule, e.after.value])).toEqual([
      ['vessels-retired', 1],
      ['green-vessels-added', 1],
    ])
    const gone = await enter({
      ...{ kind: 'retired', on: '2025-06-01', reason: 'scrapped' },
      vehicle: { plate: '闽南平货0002' },
    })
    expect(gone.status).toBe(201)
    const away = await enter({
      kind: 'transferred',
      on: '2025-07-01',
      vehicle: { vin: 'cn2018123456-3' },
      to: { county: '350781' },
    })
    expect(away).toMatchObject({ status: 201, body: { vehicle: { county: '350781' } } })
    expect([await value('vessels-retired'), await value('green-vessels-added')]).toEqual([2, 1])
    const { body } = await admin.get<VehicleWithHistory>('/vehicles/CN20181234564')
    expect(body).toMatchObject({ plate: '闽南平货0004', category: 'vessel', status: 'active' })
    const found = await admin.get<{ items: { plate: string }[] }>(
      `/vehicles?q=${encodeURIComponent('平货0003')}`,
    )
    expect(found.body.items.map((v) => v.plate)).toEqual(['闽南平货0003'])
  })

  it('are refused with what is wrong, in the vessel’s own words', async () => {
    const wrong = await enter({
      kind: 'added',
      on: '2025-05-01',
      vehicle: vessel(5, { vin: 'CN5', plate: 'X' }),
    })
    expect(wrong.status).toBe(422)
    expect(wrong.body.errors.map((e) => e.code).sort()).toEqual([
      'vessel.name-invalid',
      'vessel.number-invalid',
    ])
    const bus = await enter({ kind: 'added', on: '2025-05-01', vehicle: vessel(5, { category: 'bus' }) })
    expect(bus.body.errors.map((e) => e.code)).toContain('vessel.number-invalid')
    const twice = await enter({ kind: 'added', on: '2025-05-01', vehicle: vessel(4, { energy: 'BEV' }) })
    expect(twice.body.errors.map((e) => e.code)).toContain('vehicle.already-registered')
  })

  it('enter by a list with a vessel’s own headers, twice the same', async () => {
    const list = [
      '船名,船舶识别号,船舶登记号,船舶类型,能源类型,注册日期,所属企业,县(市、区),变动类型,变动日期,被更新船名',
      '闽南平客0011,CN20181234511,030318000011,内河船舶,纯电动,2025-03-01,闽江航运公司,延平区,更新,2025-03-02,闽南平货0003',
      '闽南平客0012,030318000012,,客船,天然气,2025-03-01,闽江航运公司,延平区,新增,2025-03-02,',
    ]
      .join('\n')
      .replace('船舶类型', '类型')
    const checked = await admin.check('vessels.csv', list)
    // 0003 was transferred later than it would have gone.
    expect(checked.counts).toMatchObject({ total: 2, new: 1, error: 1 })
    const applied = await admin.record(
      'vessels-2.csv',
      list.replace('闽南平货0003', '').replace(',更新,', ',新增,'),
    )
    expect(applied.counts).toMatchObject({ toRecord: 2, error: 0 })
    expect(await value('green-vessels-added')).toBe(3)
    const again = await admin.check(
      'vessels-2.csv',
      list.replace('闽南平货0003', '').replace(',更新,', ',新增,'),
    )
    expect(again.counts).toMatchObject({ unchanged: 2, new: 0 })
  })
})

describe('a name where a plate stands', () => {
  const BUS = { ...vehicleOf(50), category: 'bus', operator: '南平公交公司', registeredOn: '2020-01-01' }
  const boat = vessel(7, { plate: '闽南平货0007', registeredOn: '2001-05-01' })
  const NAME = '武夷一号'
  const retired = { kind: 'retired', on: '2025-06-01', reason: 'scrapped' }
  const listed = async (view: { id: string }) =>
    (await admin.all<ImportRowView>(`/imports/${view.id}/rows?`))
      .filter((row) => row.outcome !== 'missing')
      .map((row) => [row.outcome, row.issues.map((i) => `${i.field} ${i.code}`)])
  beforeAll(async () => {
    for (const vehicle of [BUS, boat]) expect((await enter({ kind: 'stock', vehicle })).status).toBe(201)
  })

  it('is none of a vehicle that is no vessel, nor of one that nobody knows: by hand', async () => {
    const wrong = async (vehicle: Record<string, unknown>, more = {}) => {
      const { status, body } = await admin.change({ ...retired, vehicle, ...more }, '?dryRun=true')
      return [status, (body.errors ?? []).map((e) => `${e.path} ${e.code}`)]
    }
    expect(await wrong({ vin: BUS.vin, plate: NAME })).toEqual([422, ['plate plate.invalid']])
    const move = { kind: 'transferred', to: { county: '350703' } }
    expect(await wrong({ vin: BUS.vin, plate: NAME }, { ...move, reason: undefined })).toEqual([
      ...[422, ['plate plate.invalid']],
    ])
    expect(await wrong({ plate: NAME })).toEqual([422, ['plate plate.invalid']])
    expect(await wrong({ plate: NAME, category: 'vessel' })).toEqual([422, ['plate vehicle.not-found']])
    expect(await wrong({ plate: boat.plate })).toEqual([200, []])
  })

  it('and in a list', async () => {
    const row = { ...retired, on: '2025-06-01' }
    const view = await admin.check(
      'retired.csv',
      csvOf([
        { ...row, vin: BUS.vin, plate: NAME },
        { ...row, plate: NAME },
        { ...row, plate: NAME, category: 'vessel' },
        { ...row, plate: boat.plate },
      ]),
    )
    expect(await listed(view)).toEqual([
      ['error', ['plate plate.invalid']],
      ['error', ['plate plate.invalid']],
      ['error', ['plate vehicle.not-found']],
      ['new', []],
    ])
  })

  it('and in a fleet list, which records none', async () => {
    const rows = [
      { ...BUS, category: '', plate: NAME },
      { ...boat, category: '', plate: '闽南平货0077' },
    ]
    const sent = await admin.upload('fleet.csv', csvOf(rows).replace('变动类型', '序号'), {
      ...{ mode: 'fleet', asOf: '2026-11-20' },
    })
    const view = await admin.importIn(sent.body.id, 'checked')
    expect(await listed(view)).toEqual([
      ['error', ['plate plate.invalid']],
      ['changed', []],
    ])
    expect((await admin.post(`/imports/${view.id}/approve`)).status).toBe(202)
    await admin.importIn(view.id, 'applied')
    const plateNow = async (vin: string) =>
      (await admin.get<VehicleWithHistory>(`/vehicles/${vin}`)).body.plate
    expect([await plateNow(BUS.vin), await plateNow(boat.vin)]).toEqual([BUS.plate, '闽南平货0077'])
  })
})

describe('sanitation vehicles', () => {
  it('enter by hand and by list, and count in the fleet in service', async () => {
    const own = { category: 'sanitation', operator: '延平环卫公司' }
    const stock = await enter({
      kind: 'stock',
      vehicle: vehicleOf(1, { ...own, registeredOn: '2015-01-01' }),
    })
    expect(stock.status).toBe(201)
    await admin.record(
      'sanitation.csv',
      csvOf([
        { ...vehicleOf(2, { ...own, energy: 'BEV' }), category: '环卫车', kind: '新增', on: '2025-02-01' },
        {
          ...vehicleOf(3, { ...own, energy: 'BEV' }),
          ...{ category: '洒水车', kind: '更新', on: '2025-02-02', replaces: plateOf(1) },
        },
      ]),
    )
    const fleet = (await admin.figures('?asOf=2025-12-01'))['sanitation-fleet']
    expect(fleet).toMatchObject({ numerator: 2, denominator: 2, value: 100, yearBefore: 0 })
    const retired = await enter({
      kind: 'retired',
      on: '2025-03-01',
      reason: 'scrapped',
      vehicle: { vin: vinOf(3) },
    })
    expect(retired.status).toBe(201)
    expect((await admin.figures())['sanitation-fleet']).toMatchObject({ numerator: 1, denominator: 1 })
  })
})
