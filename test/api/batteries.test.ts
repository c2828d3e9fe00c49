import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChangeDoc } from '../../server/changes/model.ts'
import type { ChangeView } from '../../server/changes/schema.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import { type Client, person, plateOf, type Recorded, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

let service: TestService
let admin: Client
let next = 0
const buses = async (count: number, facts: Record<string, unknown> = {}) => {
  const numbers = Array.from({ length: count }, () => ++next)
  for (const n of numbers) {
    const vehicle = vehicleOf(n, { category: 'bus', energy: 'BEV', operator: '南平公交公司', ...facts })
    await admin.mustChange({ kind: 'stock', vehicle })
  }
  return numbers
}
let pack = 0
const code = () => `001PB01ABCDEF1C51${String(++pack).padStart(7, '0')}`

beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
})
afterAll(() => service.close())

const swap = (n: number, on: string, batteries: object, more: object = {}) => ({
  ...{ kind: 'battery-swap', on, packs: 4, vehicle: { vin: vinOf(n) }, batteries },
  ...more,
})
const faults = (body: ProblemBody) => body.errors.map((e) => [e.path, e.code])
const refused = async (body: Record<string, unknown>, expected: string, client = admin) => {
  for (const query of ['?dryRun=true', '']) {
    const answer = await client.change(body, query)
    expect([body, answer.status, faults(answer.body)]).toEqual([body, 422, [['batteries', expected]]])
    expect(answer.body.errors[0]?.message).toMatch(/\p{Script=Han}/u)
  }
}
const voidIt = (id: string) => admin.post<Recorded>(`/changes/${id}/void`, { reason: '录入有误' })

describe('the packs of a battery swap', () => {
  it('are kept with the entry, in one form, and cells are told from the codes', async () => {
    const [n = 0] = await buses(1)
    const [a, b] = [code(), code()]
    const typed = {
      installed: [` ${a.toLowerCase().slice(0, 4)}-${a.slice(4)}`],
      removed: [b],
      capacityKwh: 282.4,
    }
    const made = await admin.mustChange(swap(n, '2025-01-01', typed))
    const kept = { installed: [a], removed: [b], chemistry: 'LFP', capacityKwh: 282.4 }
    expect(made.batteries).toEqual(kept)
    expect((await admin.get<ChangeView>(`/changes/${made.id}`)).body.batteries).toEqual(kept)
    const plain = await admin.mustChange(swap(n, '2025-02-01', {}))
    expect(plain.batteries).toBeNull()
    const said = await admin.mustChange(swap(n, '2025-03-01', { chemistry: 'NCM' }))
    expect(said.batteries).toEqual({ installed: [], removed: [], chemistry: 'NCM', capacityKwh: null })
    const again = await admin.change(swap(n, '2025-01-01', typed))
    expect([again.status, again.body.code]).toEqual([409, 'change.duplicate'])
    await refused(swap(n, '2025-01-01', { installed: [code()] }), 'change.conflict')
  })

  it('have codes of the right form, once each, no more than packs, and on a swap only', async () => {
    const [n = 0] = await buses(1)
    const a = code()
    await refused(swap(n, '2025-01-01', { installed: ['123'] }), 'battery.code-invalid')
    await refused(swap(n, '2025-01-01', { removed: [a.replace('1', 'O')] }), 'battery.code-invalid')
    await refused(swap(n, '2025-01-01', { installed: [a, a] }), 'battery.duplicate')
    await refused(swap(n, '2025-01-01', { installed: [a], removed: [a] }), 'battery.duplicate')
    await refused(swap(n, '2025-01-01', { installed: [a, code()] }, { packs: 1 }), 'battery.too-many')
    const { packs: _p, ...rest } = swap(n, '2025-01-01', { installed: [a] })
    await refused({ ...rest, kind: 'retired', reason: 'scrapped' }, 'battery.not-swap')
    for (const bad of [
      { installed: a },
      { installed: [{ $ne: '' }] },
      { capacityKwh: -1 },
      { colour: 1 },
      { chemistry: 'X' },
    ])
      expect([bad, (await admin.change(swap(n, '2025-01-01', bad))).status]).toEqual([bad, 400])
  })

  it('are in one vehicle at a time, before and after, however late a swap is entered', async () => {
    const [x = 0, y = 0, z = 0] = await buses(3)
    const a = code()
    await admin.mustChange(swap(x, '2025-03-01', { installed: [a] }))
    await refused(swap(x, '2025-04-01', { installed: [a] }), 'battery.duplicate')
    await refused(swap(y, '2025-03-01', { installed: [a] }), 'battery.elsewhere')
    await refused(swap(y, '2025-04-01', { installed: [a] }), 'battery.elsewhere')
    await refused(swap(y, '2025-02-01', { installed: [a] }), 'battery.elsewhere')
    await refused(swap(y, '2025-04-01', { removed: [a] }), 'battery.not-here')
    const message = (await admin.change(swap(y, '2025-04-01', { installed: [a] }))).body.errors[0]
    expect(message?.params).toEqual({ value: a, vin: vinOf(x), plate: plateOf(x, 'D') })
    await admin.mustChange(swap(x, '2025-05-01', { removed: [a], installed: [code()] }))
    await admin.mustChange(swap(y, '2025-05-01', { installed: [a] }))
    await refused(swap(z, '2025-04-15', { installed: [a] }), 'battery.elsewhere')
    await refused(swap(x, '2025-04-15', { removed: [a] }), 'battery.not-here')
    // Before it was put in anywhere it may have come and gone elsewhere.
    await admin
      .mustChange(swap(z, '2025-01-10', { installed: [a] }))
      .then(() => expect.unreachable())
      .catch((error: Error) => expect(error.message).toContain('battery.elsewhere'))
    await admin.mustChange(swap(z, '2025-01-10', { removed: [a] }))
  })

  it('come free when the vehicle leaves, whatever way', async () => {
    const [x = 0, y = 0, z = 0] = await buses(3)
    const [a, b] = [code(), code()]
    await admin.mustChange(swap(x, '2025-03-01', { installed: [a] }))
    await admin.mustChange(swap(y, '2025-03-01', { installed: [b] }))
    const left = await admin.mustChange({
      kind: 'retired',
      on: '2025-06-01',
      reason: 'scrapped',
      vehicle: { vin: vinOf(x) },
    })
    const n = ++next
    await admin.mustChange({
      ...{ kind: 'replaced', on: '2025-06-01', replaces: [vinOf(y)] },
      vehicle: vehicleOf(n, { category: 'bus', energy: 'BEV', operator: '南平公交公司' }),
    })
    await refused(swap(z, '2025-05-31', { installed: [a] }), 'battery.elsewhere')
    const taken = await admin.mustChange(swap(z, '2025-06-01', { installed: [a, b] }))
    // What the pack's coming free rests on cannot be withdrawn or moved behind it.
    const refusal = await voidIt(left.id)
    expect([refusal.status, refusal.body.errors.map((e) => e.path)]).toEqual([409, [taken.id]])
    const later = { kind: 'retired', on: '2025-06-02', reason: 'scrapped', vehicle: { vin: vinOf(x) } }
    const moved = await admin.post<ProblemBody>(`/changes/${left.id}/correct`, { reason: 'x', change: later })
    expect([moved.status, moved.body.errors.map((e) => e.path)]).toEqual([409, [taken.id]])
    const earlier = { ...later, on: '2025-05-31' }
    expect((await admin.post(`/changes/${left.id}/correct`, { reason: 'x', change: earlier })).status).toBe(
      201,
    )
    expect((await voidIt(taken.id)).status).toBe(200)
  })

  it('cannot have their taking out withdrawn when they are elsewhere since', async () => {
    const [x = 0, y = 0] = await buses(2)
    const a = code()
    const put = await admin.mustChange(swap(x, '2025-03-01', { installed: [a] }))
    const out = await admin.mustChange(swap(x, '2025-05-01', { removed: [a] }))
    const there = await admin.mustChange(swap(y, '2025-06-01', { installed: [a] }))
    const refusal = await voidIt(out.id)
    expect([refusal.status, refusal.body.errors.map((e) => e.path)]).toEqual([409, [there.id]])
    const anew = (one: object) =>
      admin.post<ProblemBody>(`/changes/${out.id}/correct`, { reason: 'x', change: one })
    const wrong = await anew(swap(x, '2025-05-01', { removed: [code()] }))
    expect([wrong.status, wrong.body.errors.map((e) => e.path)]).toEqual([409, [there.id]])
    expect(faults((await anew(swap(x, '2025-06-02', { removed: [a] }))).body)).toEqual([
      ['batteries', 'battery.not-here'],
    ])
    expect((await anew(swap(x, '2025-06-01', { removed: [a] }))).status).toBe(201)
    expect((await voidIt(put.id)).status).toBe(200)
    expect((await voidIt(there.id)).status).toBe(200)
    // Withdrawn swaps hold nothing.
    await admin.mustChange(swap(y, '2025-06-01', { installed: [a] }))
  })

  it('are found by their codes, without looking through the ledger', async () => {
    const [n = 0] = await buses(1)
    const a = code()
    await admin.mustChange(swap(n, '2025-01-01', { installed: [a] }))
    const { collection } = service.services.models.changes
    for (const field of ['batteries.installed', 'batteries.removed']) {
      const plan = await collection
        .find<ChangeDoc>({ voided: false, [field]: { $in: [a] } })
        .explain('executionStats')
      expect(JSON.stringify(plan.queryPlanner.winningPlan)).toContain('IXSCAN')
      expect(plan.executionStats.totalDocsExamined).toBeLessThanOrEqual(1)
    }
  })

  it('of a vehicle elsewhere are told of to nobody who does not see it', async () => {
    const officer = await person(service, { role: 'county-officer', county: '350702' })
    const [own = 0] = await buses(1)
    const [theirs = 0] = await buses(1, { county: '350703' })
    const a = code()
    await admin.mustChange(swap(theirs, '2025-03-01', { installed: [a] }))
    await refused(swap(own, '2025-03-02', { installed: [a] }), 'vehicle.outside', officer)
    const { body } = await officer.change(swap(own, '2025-03-02', { installed: [a] }))
    for (const secret of [vinOf(theirs), plateOf(theirs, 'D')])
      expect(JSON.stringify(body)).not.toContain(secret)
  })
})
