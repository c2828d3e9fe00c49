import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { ImportRowView, ImportView } from '../../server/imports/schema.ts'
import { type Client, csvOf, person, plateOf, vehicleOf, vinOf } from '../harness/client.ts'
import { makeList } from '../harness/lists.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** Mending cells of a list on the spot. */
let service: TestService
let admin: Client
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
})
afterAll(() => service.close())

const stock = (n: number, more: Record<string, unknown> = {}) => ({ ...vehicleOf(n), kind: 'stock', ...more })
const mend = (id: string, rows: Parameters<Client['mend']>[1], client = admin) => client.mend(id, rows)
const rowsOf = (id: string, query = '') => admin.all<ImportRowView>(`/imports/${id}/rows?${query}`)

describe('mending a cell', () => {
  it('checks the row again at once and keeps what it said before', async () => {
    const view = await admin.check('list.csv', csvOf([stock(1), stock(2, { energy: '混合动力' })]))
    expect(view.counts).toMatchObject({ new: 1, error: 1 })
    const { status, body } = await mend(view.id, [{ seq: 2, cells: { energy: '非插电混合动力' } }])
    expect(status).toBe(200)
    expect(body.rows).toMatchObject([
      { seq: 2, outcome: 'new', values: { energy: '非插电混合动力' }, mended: { energy: '混合动力' } },
    ])
    expect(body.view.counts).toMatchObject({ new: 2, error: 0 })
    expect(body.view.codes).toEqual({ 'operator.new': 2 })
    const back = await mend(view.id, [{ seq: 2, cells: { energy: null } }])
    expect(back.body.rows).toMatchObject([{ outcome: 'error', values: { energy: '混合动力' }, mended: {} }])
  })

  it('outlives another check, and is what is recorded', async () => {
    const view = await admin.check('list.csv', csvOf([stock(3, { energy: '' })]))
    await mend(view.id, [{ seq: 1, cells: { energy: '柴油', emission: '国二' } }])
    await admin.post(`/imports/${view.id}/recheck`)
    expect((await admin.importIn(view.id, 'checked')).counts).toMatchObject({ new: 1 })
    await admin.post(`/imports/${view.id}/approve`)
    await admin.importIn(view.id, 'applied')
    const { body } = await admin.get(`/vehicles/${vinOf(3)}`)
    expect(body).toMatchObject({ energy: 'diesel', emission: '2' })
    // What is recorded is mended no more.
    expect((await mend(view.id, [{ seq: 1, cells: { energy: '汽油' } }])).status).toBe(409)
  })

  it('moves the effect on the rules', async () => {
    const bus = (n: number, energy: string) => ({
      ...vehicleOf(n, { category: 'bus', energy, operator: '闽运公交' }),
      ...{ plate: plateOf(n, energy === 'BEV' ? 'D' : ''), on: '2025-06-06', replaces: plateOf(n + 1) },
      ...{ kind: 'replaced', emission: '' },
    })
    await admin.record('old.csv', csvOf([stock(11, { category: 'bus', operator: '闽运公交' })]))
    const view = await admin.check('list.csv', csvOf([bus(10, 'gas')]))
    expect(view.effects.find((e) => e.rule === 'bus-renewal')?.after.status).toBe('breached')
    const { body } = await mend(view.id, [{ seq: 1, cells: { energy: '纯电动', plate: plateOf(10, 'D') } }])
    expect(body.view.effects.find((e) => e.rule === 'bus-renewal')?.after).toMatchObject({
      ...{ status: 'on-track', numerator: 1, denominator: 1 },
    })
  })

  it('takes several rows at once, and puts right a row that rested on another', async () => {
    const rows = [
      stock(21, { vin: 'LGXC16AB' }),
      { vin: vinOf(21), kind: 'retired', on: '2025-01-01', reason: 'scrapped' },
    ]
    const view = await admin.check('list.csv', csvOf(rows))
    expect(view.counts).toMatchObject({ error: 2 })
    const { body } = await mend(view.id, [{ seq: 1, cells: { vin: vinOf(21) } }])
    expect(body.view.counts).toMatchObject({ new: 2, error: 0 })
  })

  it.each([
    ['no rows', { rows: [] }, 400],
    ['no such field', { rows: [{ seq: 1, cells: { colour: 'x' } }] }, 400],
    ['no such row', { rows: [{ seq: 99, cells: { energy: '柴油' } }] }, 404],
    ['a place that is none', { rows: [{ seq: 0, cells: {} }] }, 400],
    ['nowhere', { where: {}, cells: { energy: '柴油' } }, 400],
    ['too long a text', { rows: [{ seq: 1, cells: { note: 'x'.repeat(501) } }] }, 400],
  ])('refuses %s and changes nothing', async (_what, body, status) => {
    const view = await admin.check('list.csv', csvOf([stock(31, { energy: '' })]))
    const answer = await admin.post<ProblemBody>(`/imports/${view.id}/mend`, body)
    expect(answer.status).toBe(status)
    expect(await rowsOf(view.id)).toMatchObject([{ outcome: 'error', mended: {} }])
  })

  it("is not for somebody else's list, nor for who only reads", async () => {
    const view = await admin.check('list.csv', csvOf([stock(32, { energy: '' })]))
    const viewer = await person(service, { role: 'viewer' })
    expect((await mend(view.id, [{ seq: 1, cells: { energy: '柴油' } }], viewer)).status).toBe(403)
    const county = await person(service, { role: 'county-officer', county: '350703' })
    expect((await mend(view.id, [{ seq: 1, cells: { energy: '柴油' } }], county)).status).toBe(404)
  })
})

describe('a long list', () => {
  it('is mended row by row without checking all of it, to the same end', { timeout: 120_000 }, async () => {
    const made = makeList({ rows: 4000, seed: 5 })
    const lines = made.csv.trimEnd().split('\n')
    // The third column from the left is the plate: an entry and whatever rests on it fail with it.
    const broken = [10, 700, 3900].map((row) => {
      const cells = (lines[row] ?? '').split(',')
      const plate = cells[2] ?? ''
      lines[row] = cells.with(2, '坏号牌').join(',')
      return { seq: row, plate }
    })
    const whole = await admin.check('whole.csv', made.csv)
    const view = await admin.check('long.csv', `${lines.join('\n')}\n`)
    expect(view.counts.error).toBeGreaterThanOrEqual(3)
    for (const { seq, plate } of broken) {
      const rows = [{ seq, cells: { plate } }]
      const { status, body } = await admin.post<{ view: ImportView }>(`/imports/${view.id}/mend`, { rows })
      expect([status, body.view.status]).toEqual([200, 'checked'])
    }
    const now = (await admin.get<ImportView>(`/imports/${view.id}`)).body
    await admin.post(`/imports/${view.id}/recheck`)
    const again = await admin.importIn(view.id, 'checked')
    // As a whole check finds it, and as the list without its faults has it.
    expect({ ...now.counts }).toEqual(again.counts)
    expect(now.codes).toEqual(again.codes)
    expect(now.effects).toEqual(again.effects)
    expect(again.counts).toEqual(whole.counts)
    expect(again.effects).toEqual(whole.effects)
  })
})
