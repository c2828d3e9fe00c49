import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChangeView } from '../../server/changes/schema.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { ImportView } from '../../server/imports/schema.ts'
import { rebuildVehicles } from '../../server/vehicles/rebuild.ts'
import { type Client, csvOf, person, plateOf, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** Taking back what a list recorded, and taking a list back before. */
let service: TestService
let admin: Client
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
})
afterAll(() => service.close())

const stock = (n: number, more: Record<string, unknown> = {}) => ({ ...vehicleOf(n), kind: 'stock', ...more })
const added = (n: number) => ({ ...vehicleOf(n), kind: 'added', on: '2025-05-05' })
const withdraw = <T = ImportView>(id: string, reason: string | undefined, client = admin) =>
  client.post<T>(`/imports/${id}/withdraw`, reason === undefined ? {} : { reason })
const changesOf = (id: string) => admin.all<ChangeView>(`/changes?includeVoided=true&import=${id}`)
const differences = async () => {
  const { changes, vehicles } = service.services.models
  return (await rebuildVehicles(changes, vehicles)).differences
}

describe('withdrawing an applied list', () => {
  it('voids all it recorded at one instant, and past figures stay what they were', async () => {
    const before = await admin.figures()
    const list = await admin.record('list.csv', csvOf([added(1), added(2), added(3)]))
    const during = await admin.figures()
    expect(during['freight-vehicles-added']?.value).toBe((before['freight-vehicles-added']?.value ?? 0) + 3)
    const asked = await withdraw(list.id, '报错了名单')
    expect(asked.status).toBe(202)
    const view = await admin.importIn(list.id, 'withdrawn')
    expect(view.withdrawn).toMatchObject({ reason: '报错了名单' })
    const entries = await changesOf(list.id)
    expect(entries).toHaveLength(3)
    expect(new Set(entries.map((e) => e.voidedAt)).size).toBe(1)
    expect(entries[0]).toMatchObject({ voidReason: '报错了名单', voidedBy: { name: expect.any(String) } })
    expect((await admin.figures())['freight-vehicles-added']).toMatchObject({
      value: before['freight-vehicles-added']?.value,
    })
    const knownAt = encodeURIComponent(new Date(Date.parse(entries[0]?.voidedAt ?? '') - 1).toISOString())
    expect((await admin.figures(`?knownAt=${knownAt}`))['freight-vehicles-added']?.value).toBe(
      during['freight-vehicles-added']?.value,
    )
    expect((await admin.get(`/vehicles/${vinOf(1)}`)).status).toBe(404)
    expect(await differences()).toEqual([])
    // The same list can come again.
    expect((await admin.check('list.csv', csvOf([added(1), added(2), added(3)]))).counts.new).toBe(3)
  })

  it('brings back what it had retired and put right', async () => {
    await admin.record('stock.csv', csvOf([stock(11, { registeredOn: '2020-01-01' }), stock(12)]))
    const retiring = await admin.record(
      'retire.csv',
      csvOf([{ vin: vinOf(12), kind: 'retired', on: '2025-01-01', reason: 'scrapped' }]),
    )
    await withdraw(retiring.id, '误报')
    await admin.importIn(retiring.id, 'withdrawn')
    expect((await admin.get(`/vehicles/${vinOf(12)}`)).body).toMatchObject({ status: 'active' })
    const fleet = `车牌号,车架号,能源类型,注册日期\n${plateOf(11)},${vinOf(11)},汽油,2019-01-01\n`
    const correcting = await admin.record('fleet.csv', fleet)
    expect((await admin.get(`/vehicles/${vinOf(11)}`)).body).toMatchObject({ energy: 'gasoline' })
    await withdraw(correcting.id, '以证件为准')
    await admin.importIn(correcting.id, 'withdrawn')
    expect((await admin.get(`/vehicles/${vinOf(11)}`)).body).toMatchObject({
      ...{ energy: 'diesel', registeredOn: '2020-01-01', status: 'active' },
    })
    expect(await differences()).toEqual([])
  })

  it('is refused while later changes rest on it, and names them', async () => {
    const list = await admin.record('list.csv', csvOf([stock(21)]))
    const later = await admin.mustChange({
      ...{ kind: 'retired', on: '2025-03-03', reason: 'scrapped' },
      vehicle: { vin: vinOf(21) },
    })
    const refused = await withdraw<ProblemBody>(list.id, '报错了')
    expect(refused.status).toBe(409)
    expect(refused.body.code).toBe('import.has-dependents')
    expect(refused.body.errors.map((e) => e.path)).toEqual([later.id])
    await admin.post(`/changes/${later.id}/void`, { reason: '误报' })
    expect((await withdraw(list.id, '报错了')).status).toBe(202)
    await admin.importIn(list.id, 'withdrawn')
  })

  it('pressed twice at once has one effect', async () => {
    const list = await admin.record('list.csv', csvOf([stock(31), stock(32)]))
    const both = await Promise.all([withdraw(list.id, '一'), withdraw(list.id, '二')])
    expect(both.map((b) => b.status).sort()).toEqual([202, 409])
    await admin.importIn(list.id, 'withdrawn')
    expect((await withdraw(list.id, '三')).status).toBe(409)
    expect(new Set((await changesOf(list.id)).map((c) => c.voidReason)).size).toBe(1)
  })

  it('needs a reason and the right to decide', async () => {
    const list = await admin.record('list.csv', csvOf([stock(41)]))
    expect((await withdraw(list.id, undefined)).status).toBe(400)
    expect((await withdraw(list.id, ' ')).status).toBe(400)
    const viewer = await person(service, { role: 'viewer' })
    expect((await withdraw(list.id, '报错了', viewer)).status).toBe(403)
    const elsewhere = await person(service, { role: 'county-officer', county: '350703' })
    expect((await withdraw(list.id, '报错了', elsewhere)).status).toBe(404)
    expect((await withdraw('f'.repeat(24), '报错了')).status).toBe(404)
  })
})

describe('cancelling a list', () => {
  it('ends it before anything is recorded', async () => {
    const view = await admin.check('list.csv', csvOf([stock(51)]))
    expect((await admin.post<ImportView>(`/imports/${view.id}/cancel`)).body.status).toBe('cancelled')
    expect((await admin.post(`/imports/${view.id}/approve`)).status).toBe(409)
    expect((await admin.post(`/imports/${view.id}/cancel`)).status).toBe(409)
    expect((await admin.get(`/vehicles/${vinOf(51)}`)).status).toBe(404)
  })

  it('comes too late for one that is recorded', async () => {
    const list = await admin.record('list.csv', csvOf([stock(52)]))
    expect((await admin.post(`/imports/${list.id}/cancel`)).status).toBe(409)
  })
})
