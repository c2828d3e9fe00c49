import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChangeView } from '../../server/changes/schema.ts'
import type { ImportRowView, ImportView } from '../../server/imports/schema.ts'
import type { VehicleWithHistory } from '../../server/vehicles/schema.ts'
import { type Client, csvOf, plateOf, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** Lists that say what an operator's whole fleet is on a day. */
const OTHER = '建阳货运公司'
const DAY = '2026-11-20'

let service: TestService
let admin: Client
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
  const rows = [1, 2, 3, 4, 5, 6].map((n) => ({ ...vehicleOf(n), kind: 'stock', registeredOn: '2020-01-01' }))
  const others = [11, 12].map((n) => ({ ...vehicleOf(n, { operator: OTHER }), kind: 'stock' }))
  const bus = { ...vehicleOf(21, { category: 'bus', energy: 'BEV' }), kind: 'stock' }
  await admin.record('stock.csv', csvOf([...rows, ...others, bus]))
  await admin.mustChange({
    kind: 'retired',
    on: '2025-02-02',
    vehicle: { vin: vinOf(6) },
    reason: 'scrapped',
  })
})
afterAll(() => service.close())

const HEAD = '车牌号,车架号,车辆类别,能源类型,排放标准,注册日期,所属企业,县(市、区)'
const listed = (n: number, facts: Record<string, unknown> = {}) => {
  const v = { ...vehicleOf(n), registeredOn: '2020-01-01', ...facts } as unknown as Record<string, string>
  return [
    v.plate,
    v.vin,
    '营运货车',
    v.energyWord ?? '柴油',
    v.emissionWord ?? '国三',
    v.registeredOn,
    v.operator,
    v.countyWord ?? '延平区',
  ].join(',')
}
const fleetOf = (...lines: string[]) => `${[HEAD, ...lines].join('\n')}\n`

async function send(text: string, fields: Record<string, string> = {}): Promise<ImportView> {
  const sent = await admin.upload('fleet.csv', text, { asOf: DAY, ...fields })
  expect(sent.status).toBe(202)
  return admin.importIn(sent.body.id, 'checked')
}
const rowsOf = (id: string, query = '') => admin.all<ImportRowView>(`/imports/${id}/rows?${query}`)
const vehicle = async (n: number) => (await admin.get<VehicleWithHistory>(`/vehicles/${vinOf(n)}`)).body
const mend = (id: string, seq: number, cells: Record<string, string | null>) =>
  admin.mend(id, [{ seq, cells }])
async function approve(id: string): Promise<ImportView> {
  const answer = await admin.post(`/imports/${id}/approve`)
  expect(answer.status).toBe(202)
  return admin.importIn(id, 'applied')
}

describe('a list without a column for the kind of change', () => {
  it('is read as a fleet; the same as the register is unchanged, and who is not there is asked about', async () => {
    const view = await send(fleetOf(listed(1), listed(2), listed(3)))
    expect(view).toMatchObject({ mode: 'fleet', modeFound: true, asOf: DAY })
    expect(view.counts).toMatchObject({ total: 5, unchanged: 3, missing: 2, error: 0, toRecord: 0 })
    const missing = await rowsOf(view.id, 'outcome=missing')
    expect(missing.map((r) => [r.row, r.values.vin])).toEqual([
      [0, vinOf(4)],
      [0, vinOf(5)],
    ])
    // Nothing to record: a row that is not there never retires a vehicle.
    expect((await admin.post(`/imports/${view.id}/approve`)).status).toBe(409)
    expect((await vehicle(4)).status).toBe('active')
  })

  it('asks about no vehicle of another category or operator', async () => {
    const view = await send(fleetOf(listed(1), listed(2), listed(3), listed(4), listed(5)))
    expect(view.counts).toMatchObject({ unchanged: 5, missing: 0 })
  })

  it('is read otherwise when its sender says so', async () => {
    const view = await send(fleetOf(listed(1)), { mode: 'changes' })
    expect(view).toMatchObject({ mode: 'changes', modeFound: false, asOf: null })
    expect(view.codes).toEqual({ 'required.missing': 1 })
  })

  it('refuses a day that is to come', async () => {
    const sent = await admin.upload('fleet.csv', fleetOf(listed(1)), { asOf: '2027-01-01' })
    expect(sent.status).toBe(422)
    expect(JSON.stringify(sent.body)).toContain('date.future')
  })
})

describe('new vehicles of a fleet', () => {
  it('are stock when they were registered before the period', async () => {
    const view = await send(fleetOf(...[1, 2, 3, 4, 5].map((n) => listed(n)), listed(31)))
    expect(view.counts).toMatchObject({ new: 1, unchanged: 5, toRecord: 1 })
    await approve(view.id)
    expect((await vehicle(31)).history.map((c) => c.kind)).toEqual(['stock'])
  })

  it('must be classed when they came since; then they are recorded as what somebody said', async () => {
    const all = [1, 2, 3, 4, 5, 31].map((n) => listed(n))
    const later = { registeredOn: '2026-03-03' }
    const view = await send(fleetOf(...all, listed(32, later), listed(33, later), listed(34, later)))
    expect(view.counts).toMatchObject({ error: 3, toRecord: 0 })
    expect(view.codes).toEqual({ 'kind.unclassed': 3 })
    const [a, b] = await rowsOf(view.id, 'code=kind.unclassed')
    const added = await mend(view.id, a?.seq ?? 0, { kind: '新增' })
    expect(added.status).toBe(200)
    expect(added.body.rows).toMatchObject([{ outcome: 'new', issues: [] }])
    expect(added.body.view.counts).toMatchObject({ new: 1, error: 2, toRecord: 1 })
    const replaced = await mend(view.id, b?.seq ?? 0, { kind: '更新', replaces: plateOf(5) })
    expect(replaced.body.rows).toMatchObject([{ outcome: 'new' }])
    expect(replaced.body.view.effects.map((e) => e.rule)).toContain('old-diesel-trucks-retired')
    await approve(view.id)
    const now = await vehicle(32)
    expect(now.history).toMatchObject([{ kind: 'added', on: '2026-03-03' }])
    expect(await vehicle(5)).toMatchObject({ status: 'retired', replacedBy: vinOf(33) })
    // The third was not classed: it is not there.
    expect((await admin.get(`/vehicles/${vinOf(34)}`)).status).toBe(404)
  })

  it('are classed all at once by their code', async () => {
    const later = { registeredOn: '2026-03-04' }
    const view = await send(fleetOf(listed(1), listed(35, later), listed(36, later)))
    const where = await admin.post<{ view: ImportView }>(`/imports/${view.id}/mend`, {
      where: { code: 'kind.unclassed' },
      cells: { kind: '新增' },
    })
    expect(where.status).toBe(200)
    const checked = await admin.importIn(view.id, 'checked')
    expect(checked.counts).toMatchObject({ new: 2, error: 0 })
  })
})

describe('attributes that differ', () => {
  it('are shown before and after; a fact that figures count by is put right for the whole time in service', async () => {
    await admin.mustChange({
      ...{ kind: 'added', on: '2025-01-01', reason: undefined },
      vehicle: vehicleOf(41, { energy: 'diesel', emission: '6' }),
    })
    const before = await admin.figures()
    const text = fleetOf(listed(41, { energyWord: '汽油', emissionWord: '国六', registeredOn: '2024-12-31' }))
    const view = await send(text)
    const [row] = await rowsOf(view.id, 'outcome=changed')
    expect(row?.differences).toEqual([
      { field: 'energy', before: 'diesel', after: 'gasoline' },
      { field: 'registeredOn', before: null, after: '2024-12-31' },
    ])
    expect(row?.issues.map((i) => i.code)).toEqual(['register.corrected'])
    await approve(view.id)
    const now = await vehicle(41)
    expect(now).toMatchObject({ energy: 'gasoline', registeredOn: '2024-12-31', enteredOn: '2025-01-01' })
    const [old, fresh] = now.history
    expect(old).toMatchObject({ voidReason: expect.stringContaining('fleet.csv') })
    expect(fresh).toMatchObject({ corrects: old?.id, kind: 'added', on: '2025-01-01' })
    // What was known before is what was known before.
    const knownAt = encodeURIComponent(new Date(Date.parse(old?.voidedAt ?? '') - 1).toISOString())
    const past = await admin.figures(`?knownAt=${knownAt}`)
    expect(past['freight-fleet']).toMatchObject({ numerator: before['freight-fleet']?.numerator })
    // Sent again it says nothing new.
    expect((await send(text)).counts).toMatchObject({ unchanged: 1, changed: 0 })
  })

  it('of place and plate change on the day of the list', async () => {
    const text = fleetOf(listed(2, { countyWord: '建阳区', plate: plateOf(902) }))
    const view = await send(text)
    const [row] = await rowsOf(view.id, 'outcome=changed')
    expect(row?.differences.map((d) => d.field).sort()).toEqual(['county', 'plate'])
    await approve(view.id)
    const now = await vehicle(2)
    expect(now).toMatchObject({ county: '350703', plate: plateOf(902) })
    expect(now.plates).toMatchObject([
      { plate: plateOf(2), to: DAY },
      { plate: plateOf(902), from: DAY, to: null },
    ])
    expect((await send(text)).counts).toMatchObject({ unchanged: 1 })
  })

  it('an empty cell keeps what the register knows, and a written mark clears it', async () => {
    const kept = await send(fleetOf(listed(3, { emissionWord: ' ', registeredOn: '' })))
    expect(kept.counts).toMatchObject({ unchanged: 1 })
    const cleared = await send(fleetOf(listed(3, { emissionWord: '清空' })))
    const [row] = await rowsOf(cleared.id, 'outcome=changed')
    expect(row?.differences).toEqual([{ field: 'emission', before: '3', after: null }])
    const refused = await send(fleetOf(listed(3, { countyWord: '清空' })))
    expect(refused.codes).toEqual({ 'clear.not-allowed': 1 })
  })

  it('a column that is not in the file touches nothing', async () => {
    const view = await send(`车牌号,车架号,能源类型\n${plateOf(3)},${vinOf(3)},柴油\n`)
    expect(view.counts).toMatchObject({ unchanged: 1 })
  })
})

describe('alarms', () => {
  it('a retired vehicle that is on the list again is not brought back', async () => {
    const view = await send(fleetOf(listed(6)))
    expect(view.codes).toEqual({ 'vehicle.returned': 1 })
    expect((await vehicle(6)).status).toBe('retired')
  })

  it('a vehicle that another operator has in service is not moved', async () => {
    const view = await send(fleetOf(listed(11)))
    expect(view.codes).toEqual({ 'vehicle.elsewhere': 1 })
    const [row] = await rowsOf(view.id, 'outcome=error')
    expect(row?.issues[0]?.message).toMatch(/\p{Script=Han}/u)
    // Said to have been handed on it is a transfer.
    const moved = await mend(view.id, row?.seq ?? 0, { kind: '过户', on: DAY })
    expect(moved.body.rows).toMatchObject([{ outcome: 'new', touches: [{ name: OTHER }] }])
    expect(moved.body.view.touches).toMatchObject([{ name: OTHER, rows: 1 }])
  })

  it('a vehicle named twice is so once', async () => {
    const view = await send(fleetOf(listed(1), listed(1)))
    expect(view.counts).toMatchObject({ unchanged: 1, error: 1 })
    expect(view.codes).toEqual({ 'duplicate.in-file': 1 })
  })
})

describe('vehicles that the list does not name', () => {
  it('leave when somebody says so, and only those', async () => {
    const view = await send(fleetOf(listed(1)))
    const missing = await rowsOf(view.id, 'outcome=missing')
    const row = (n: number) => missing.find((r) => r.values.vin === vinOf(n))?.seq ?? 0
    const gone = await mend(view.id, row(4), { kind: '淘汰', reason: '报废', on: '2026-10-10' })
    expect(gone.body.rows).toMatchObject([{ outcome: 'missing', issues: [] }])
    expect(gone.body.view.counts.toRecord).toBe(1)
    const kept = await mend(view.id, row(3), { kind: '在用' })
    expect(kept.body.view.counts.toRecord).toBe(1)
    const wrong = await mend(view.id, row(2), { kind: '淘汰', on: '2019-01-01', reason: '报废' })
    expect(wrong.body.rows[0]?.issues.length).toBeGreaterThan(0)
    await approve(view.id)
    expect(await vehicle(4)).toMatchObject({
      status: 'retired',
      exitReason: 'scrapped',
      exitedOn: '2026-10-10',
    })
    expect((await vehicle(3)).status).toBe('active')
    expect((await vehicle(2)).status).toBe('active')
    const { body } = await admin.get<{ items: ChangeView[] }>(`/changes?import=${view.id}`)
    expect(body.items).toHaveLength(1)
  })
})
