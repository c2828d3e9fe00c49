import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChangeView } from '../../server/changes/schema.ts'
import type { ImportRowView } from '../../server/imports/schema.ts'
import { type Client, csvOf, type Page, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** Lists that put right what the register says of a fleet: what they may not do twice, and what taking them back undoes. */
let service: TestService
let admin: Client
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
  await admin.record(
    'stock.csv',
    csvOf([1, 2, 3, 4].map((n) => ({ ...vehicleOf(n), kind: 'stock', registeredOn: '2020-01-01' }))),
  )
})
afterAll(() => service.close())

/** A fleet list: no column for the kind of change. */
const fleet = (rows: Record<string, unknown>[]) => csvOf(rows).replace('变动类型', '序号')

async function send(rows: Record<string, unknown>[]) {
  const sent = await admin.upload('fleet.csv', fleet(rows), { mode: 'fleet', asOf: '2026-11-20' })
  expect(sent.status).toBe(202)
  const view = await admin.importIn(sent.body.id, 'checked')
  const listed = await admin.all<ImportRowView>(`/imports/${view.id}/rows?`)
  return { view, rows: listed.filter((r) => r.outcome !== 'missing') }
}

async function record(id: string) {
  expect((await admin.post(`/imports/${id}/approve`)).status).toBe(202)
  return admin.importIn(id, 'applied')
}

const ledgerOf = async (n: number) =>
  (await admin.get<Page<ChangeView>>(`/changes?includeVoided=true&limit=200`)).body.items.filter(
    (c) => c.vehicle.vin === vinOf(n),
  )

describe('a vehicle named by its VIN in one row and by its plate in another', () => {
  it.each([
    ['VIN first', [{ plate: '' }, { vin: '' }]],
    ['plate first', [{ vin: '' }, { plate: '' }]],
  ] as const)('is named twice: the second row is refused (%s)', async (_, [first, second]) => {
    const { view, rows } = await send([
      { ...vehicleOf(1), ...first, energy: 'gas' },
      { ...vehicleOf(1), ...second, emission: '4' },
      vehicleOf(2),
    ])
    expect(rows.map((r) => r.outcome)).toEqual(['changed', 'error', 'unchanged'])
    expect(rows[1]?.issues.map(({ code, params }) => [code, params.row])).toEqual([
      ['duplicate.in-file', '2'],
    ])
    expect(view.counts).toMatchObject({ changed: 1, error: 1 })
    expect((await admin.post(`/imports/${view.id}/reject`, { reason: '重复' })).status).toBe(200)
  })
})

describe('a correction taken back', () => {
  it('says again what was said before, but not what was withdrawn by hand since', async () => {
    const { view } = await send([3, 4].map((n) => ({ ...vehicleOf(n), energy: 'gas' })))
    expect(await record(view.id)).toMatchObject({ recorded: 2 })
    const anew = (await ledgerOf(3)).find((c) => c.corrects)
    const voided = await admin.post(`/changes/${anew?.id}/void`, { reason: '此车不存在' })
    expect(voided.status, JSON.stringify(voided.body)).toBe(200)

    const answer = await admin.post(`/imports/${view.id}/withdraw`, { reason: '整份有误' })
    expect(answer.status, JSON.stringify(answer.body)).toBe(202)
    await admin.importIn(view.id, 'withdrawn')
    const standing = async (n: number) =>
      (await ledgerOf(n)).filter((c) => c.voidedAt === null).map((c) => c.vehicle.energy)
    expect(await standing(3)).toEqual([])
    expect(await standing(4)).toEqual(['diesel'])
    expect((await admin.get(`/vehicles/${vinOf(3)}`)).status).toBe(404)
    expect((await admin.get(`/vehicles/${vinOf(4)}`)).body).toMatchObject({
      energy: 'diesel',
      status: 'active',
    })
  })
})
