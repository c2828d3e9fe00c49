import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { Attention } from '../../server/imports/attention.ts'
import type { ImportView } from '../../server/imports/schema.ts'
import { type Client, csvOf, type Page, person, plateOf, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

let service: TestService
let admin: Client
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
})
afterAll(() => service.close())

type Answer = ImportView & Omit<ProblemBody, 'status'>
let used = 0
const numbers = (count: number) => Array.from({ length: count }, () => ++used)
let made = 0
async function company(county: string | null = '350702') {
  const name = `排队企业${++made}`
  const { body } = await admin.post<{ id: string }>('/operators', { name, county })
  const client = await person(service, { role: 'operator', operator: body.id })
  const row = (n: number, facts: Record<string, unknown> = {}) => ({
    ...vehicleOf(n, { operator: name, county: county ?? '350702', ...facts }),
    ...{ kind: 'added', on: '2026-03-02' },
  })
  return { id: body.id, name, client, row }
}
type Company = Awaited<ReturnType<typeof company>>
const act = (by: Client, id: string, what: string, body?: Record<string, unknown>) =>
  by.post<Answer>(`/imports/${id}/${what}`, body)
/** A list that an operator has submitted. */
async function submitted({ client }: Company, rows: Record<string, unknown>[]): Promise<string> {
  const { id } = await client.check('list.csv', csvOf(rows))
  const { status, body } = await act(client, id, 'submit')
  if (status !== 202) throw new Error(`submitting answered ${JSON.stringify(body)}`)
  return id
}
async function applied(by: Client, id: string): Promise<ImportView> {
  const { status, body } = await act(by, id, 'approve')
  if (status !== 202) throw new Error(`approving answered ${JSON.stringify(body)}`)
  return admin.importIn(id, 'applied')
}
const seenBy = async (client: Client, query = '') =>
  (await client.get<Page<ImportView>>(`/imports?limit=200${query}`)).body.items.map((i) => i.id)
const attention = async (client: Client) => (await client.get<Attention>('/imports/attention')).body
const entries = async (id: string) =>
  (await admin.all<{ voidedAt: string | null }>(`/changes?includeVoided=true&import=${id}`)).map(
    (c) => c.voidedAt,
  )

describe('the queue', () => {
  it('shows each officer the lists of their part of the city, and operators their own', async () => {
    const [here, there] = [await company('350702'), await company('350703')]
    const inHere = await submitted(
      here,
      numbers(1).map((n) => here.row(n)),
    )
    const inThere = await submitted(
      there,
      numbers(1).map((n) => there.row(n)),
    )
    const county = await person(service, { role: 'county-officer', county: '350703' })
    const officer = await person(service, { role: 'officer' })
    const viewer = await person(service, { role: 'viewer' })
    for (const client of [admin, officer, viewer])
      expect(await seenBy(client)).toEqual(expect.arrayContaining([inHere, inThere]))
    expect(await seenBy(county)).toContain(inThere)
    expect(await seenBy(county)).not.toContain(inHere)
    expect(await seenBy(here.client)).toEqual([inHere])
    expect(await seenBy(there.client)).toEqual([inThere])
    for (const path of ['', '/rows']) expect((await county.get(`/imports/${inHere}${path}`)).status).toBe(404)
    for (const what of ['approve', 'withdraw', 'reject'])
      expect((await act(county, inHere, what, what === 'approve' ? {} : { reason: 'x' })).status).toBe(404)
  })

  it('says what waits for whom', async () => {
    const own = await company('350721')
    const county = await person(service, { role: 'county-officer', county: '350721' })
    const none = { submitted: 0, returned: 0, disputes: 0, notices: 0 }
    expect(await attention(county)).toEqual(none)
    const id = await submitted(
      own,
      numbers(1).map((n) => own.row(n)),
    )
    await expect.poll(() => attention(county)).toEqual({ ...none, submitted: 1, notices: 1 })
    expect(await attention(own.client)).toEqual(none)
    await act(county, id, 'reject', { reason: '请补发票日期' })
    await expect.poll(() => attention(own.client)).toEqual({ ...none, returned: 1, notices: 1 })
    expect((await attention(county)).submitted).toBe(0)
    expect((await attention(await person(service, { role: 'viewer' }))).submitted).toBe(0)
    expect((await service.visitor().get('/imports/attention')).status).toBe(401)
  })
})

describe('deciding', () => {
  it('by two officers at once has one effect, and tells the other who was quicker', async () => {
    const own = await company()
    const officers = await Promise.all([1, 2, 3, 4].map(() => person(service, { role: 'officer' })))
    for (let round = 0; round < 5; round++) {
      const id = await submitted(
        own,
        numbers(2).map((n) => own.row(n)),
      )
      const answers = await Promise.all(
        officers.map((officer, i) =>
          i % 2 === 0 ? act(officer, id, 'approve') : act(officer, id, 'reject', { reason: '退回' }),
        ),
      )
      const won = answers.filter((a) => a.status < 300)
      expect([round, won.length, answers.length]).toEqual([round, 1, 4])
      const winner = won[0]?.body.decidedBy?.name
      for (const { status, body } of answers.filter((a) => a.status >= 300)) {
        expect([status, body.code]).toEqual([409, 'import.wrong-status'])
        expect(body.errors[0]?.params?.by).toBe(winner)
      }
      const recorded = won[0]?.body.status === 'applying' ? 2 : 0
      const end = await admin.importIn(id, 'applied', 'rejected')
      expect([round, end.recorded, (await entries(id)).length]).toEqual([round, recorded, recorded])
    }
  })

  it('takes only the rows without a warning if so wished', async () => {
    const own = await company()
    const [a = 0, b = 0] = numbers(2)
    // A new-energy plate on a diesel truck is a warning.
    const warned = own.row(b, { plate: plateOf(b, 'D') })
    const id = await submitted(own, [own.row(a), warned])
    expect((await act(admin, id, 'approve', { rows: 'some' })).status).toBe(400)
    const { status, body } = await act(admin, id, 'approve', { rows: 'clean' })
    expect([status, body.counts.toRecord, body.counts.toRecordClean]).toEqual([202, 2, 1])
    expect((await admin.importIn(id, 'applied')).recorded).toBe(1)
    expect((await admin.get(`/vehicles/${vinOf(a)}`)).status).toBe(200)
    expect((await admin.get(`/vehicles/${vinOf(b)}`)).status).toBe(404)
  })

  it('has nothing to take when every row has a warning', async () => {
    const own = await company()
    const id = await submitted(
      own,
      numbers(1).map((n) => own.row(n, { plate: plateOf(n, 'D') })),
    )
    const { status, body } = await act(admin, id, 'approve', { rows: 'clean' })
    expect([status, body.code]).toEqual([409, 'import.nothing-to-apply'])
    expect((await admin.get<ImportView>(`/imports/${id}`)).body.status).toBe('submitted')
  })

  it('waits until an operator has submitted, and is not for viewers and operators', async () => {
    const own = await company()
    const { id } = await own.client.check('early.csv', csvOf(numbers(1).map((n) => own.row(n))))
    for (const what of ['approve', 'reject']) {
      const { status, body } = await act(admin, id, what, what === 'approve' ? {} : { reason: 'x' })
      expect([what, status, body.code]).toEqual([what, 409, 'import.wrong-status'])
    }
    await act(own.client, id, 'submit')
    for (const client of [own.client, await person(service, { role: 'viewer' })])
      for (const what of ['approve', 'reject', 'withdraw'])
        expect((await act(client, id, what, what === 'approve' ? {} : { reason: 'x' })).status).toBe(403)
  })
})

describe('a county officer', () => {
  it('decides lists of the county alone, and leaves those that reach beyond to the bureau', async () => {
    const own = await company('350703')
    const county = await person(service, { role: 'county-officer', county: '350703' })
    const [a = 0, b = 0, c = 0] = numbers(3)
    const within = await submitted(own, [own.row(a)])
    expect((await county.get<ImportView>(`/imports/${within}`)).body.may).toEqual(['approve', 'return'])
    expect((await applied(county, within)).decidedBy?.id).toBe(county.id)
    const beyond = await submitted(own, [own.row(b), own.row(c, { county: '350702' })])
    const { status, body } = await act(county, beyond, 'approve')
    expect([status, body.code]).toEqual([403, 'import.beyond-county'])
    expect(body.title).toContain('市级')
    expect((await county.get<ImportView>(`/imports/${beyond}`)).body.may).toEqual(['return'])
    expect((await applied(admin, beyond)).recorded).toBe(2)
    const late = await act(county, beyond, 'withdraw', { reason: 'x' })
    expect([late.status, late.body.code]).toEqual([403, 'import.beyond-county'])
    expect((await act(county, within, 'withdraw', { reason: '误批' })).status).toBe(202)
    await admin.importIn(within, 'withdrawn')
  })

  it('does not decide or take back what a bureau officer sent for an operator of the county', async () => {
    const own = await company('350703')
    const form = new FormData()
    form.set('operator', own.id)
    form.set('file', new Blob([csvOf(numbers(1).map((n) => own.row(n)))]), 'for.csv')
    const { body } = await admin.send<{ id: string }>('POST', '/imports', form)
    await admin.importIn(body.id, 'checked')
    const county = await person(service, { role: 'county-officer', county: '350703' })
    expect((await county.get<ImportView>(`/imports/${body.id}`)).body.may).toEqual([])
    for (const what of ['approve', 'cancel', 'reject'])
      expect((await act(county, body.id, what, what === 'reject' ? { reason: 'x' } : {})).status).toBe(403)
    expect((await own.client.get<ImportView>(`/imports/${body.id}`)).body.may).toEqual([])
    for (const what of ['submit', 'cancel']) expect((await act(own.client, body.id, what)).status).toBe(403)
  })
})

describe('withdrawing a recorded list', () => {
  it('voids its changes as one, with who and why, and gives the figures back', async () => {
    const own = await company()
    const before = await admin.figures()
    const id = await submitted(
      own,
      numbers(3).map((n) => own.row(n)),
    )
    await applied(admin, id)
    const added = (await admin.figures())['freight-vehicles-added']?.numerator ?? 0
    expect(added - (before['freight-vehicles-added']?.numerator ?? 0)).toBe(3)
    expect((await act(admin, id, 'withdraw', {})).status).toBe(400)
    const { status, body } = await act(admin, id, 'withdraw', { reason: '报送了草稿' })
    expect([status, body.status]).toEqual([202, 'withdrawing'])
    const end = await admin.importIn(id, 'withdrawn')
    expect(end.withdrawn).toMatchObject({ reason: '报送了草稿', by: { id: expect.any(String) } })
    const voided = await entries(id)
    expect([voided.length, new Set(voided).size, voided.includes(null)]).toEqual([3, 1, false])
    expect((await admin.figures())['freight-vehicles-added']?.numerator).toBe(
      before['freight-vehicles-added']?.numerator,
    )
    expect((await act(admin, id, 'withdraw', { reason: 'x' })).status).toBe(409)
  })

  it('pressed by several at once is one', async () => {
    const own = await company()
    const id = await submitted(
      own,
      numbers(1).map((n) => own.row(n)),
    )
    await applied(admin, id)
    const answers = await Promise.all([1, 2, 3].map((n) => act(admin, id, 'withdraw', { reason: `${n}` })))
    expect(answers.map((a) => a.status).sort()).toEqual([202, 409, 409])
  })

  it('is refused while later changes rest on it, which it names, and possible when they are gone', async () => {
    const own = await company()
    const [a = 0, b = 0, c = 0] = numbers(3)
    const id = await submitted(own, [own.row(a), own.row(b)])
    await applied(admin, id)
    const later = await admin.mustChange({
      ...{ kind: 'retired', on: '2026-05-01', reason: 'scrapped' },
      vehicle: { vin: vinOf(a) },
    })
    const replaced = await admin.mustChange({
      ...{ kind: 'replaced', on: '2026-06-01', replaces: [vinOf(b)] },
      vehicle: vehicleOf(c, { operator: own.name }),
    })
    const { status, body } = await act(admin, id, 'withdraw', { reason: 'x' })
    expect([status, body.code]).toEqual([409, 'import.has-dependents'])
    expect(body.errors.map((e) => e.path).sort()).toEqual([later.id, replaced.id].sort())
    expect(body.errors.find((e) => e.path === later.id)?.params).toMatchObject({
      ...{ on: '2026-05-01', kind: 'retired', vin: vinOf(a) },
    })
    expect(await entries(id)).toEqual([null, null])
    for (const change of [later, replaced]) await admin.post(`/changes/${change.id}/void`, { reason: 'x' })
    expect((await act(admin, id, 'withdraw', { reason: 'x' })).status).toBe(202)
    await admin.importIn(id, 'withdrawn')
  })

  it('is not kept back by what the list itself did to its vehicles', async () => {
    const own = await company()
    const [a = 0, b = 0] = numbers(2)
    const retired = {
      vin: vinOf(a),
      kind: 'retired',
      on: '2026-04-01',
      reason: 'scrapped',
      operator: own.name,
    }
    // The plate of the one that leaves goes on to another.
    const heir = { ...own.row(b, { plate: plateOf(a) }), on: '2026-04-02' }
    const id = await submitted(own, [own.row(a), retired, heir])
    expect((await applied(admin, id)).recorded).toBe(3)
    expect((await act(admin, id, 'withdraw', { reason: 'x' })).status).toBe(202)
    await admin.importIn(id, 'withdrawn')
    expect((await admin.get(`/vehicles/${vinOf(a)}`)).status).toBe(404)
  })

  it('is refused when the plate that it would give back is another vehicle’s by now', async () => {
    const own = await company()
    const [a = 0, b = 0] = numbers(2)
    await admin.mustChange({ kind: 'stock', vehicle: vehicleOf(a, { operator: own.name }) })
    const retired = {
      vin: vinOf(a),
      kind: 'retired',
      on: '2026-04-01',
      reason: 'scrapped',
      operator: own.name,
    }
    const id = await submitted(own, [retired])
    await applied(admin, id)
    const heir = await admin.mustChange({
      ...{ kind: 'added', on: '2026-05-01' },
      vehicle: vehicleOf(b, { operator: own.name, plate: plateOf(a) }),
    })
    const { status, body } = await act(admin, id, 'withdraw', { reason: 'x' })
    expect([status, body.errors.map((e) => e.path)]).toEqual([409, [heir.id]])
  })

  it('is not kept back by what came after a mere correction, which it takes back', async () => {
    const own = await company()
    const [a = 0, b = 0] = numbers(2)
    const known = (n: number) => vehicleOf(n, { operator: own.name, emission: '3' })
    for (const n of [a, b]) await admin.mustChange({ kind: 'stock', vehicle: known(n) })
    const head = '车牌号,车架号,车辆类别,能源类型,排放标准,所属企业,县(市、区)'
    const line = (n: number, emission: string) =>
      [plateOf(n), vinOf(n), '营运货车', '柴油', `国${emission}`, own.name, '延平区'].join(',')
    const checked = await own.client.check('fleet.csv', [head, line(a, '4'), line(b, '3')].join('\n'))
    expect([checked.mode, checked.counts.changed]).toEqual(['fleet', 1])
    await act(own.client, checked.id, 'submit')
    await applied(admin, checked.id)
    const emission = async () =>
      (await admin.get<{ emission: string }>(`/vehicles/${vinOf(a)}`)).body.emission
    expect(await emission()).toBe('4')
    const moved = {
      kind: 'transferred',
      on: '2026-05-01',
      vehicle: { vin: vinOf(b) },
      to: { county: '350703' },
    }
    await admin.mustChange(moved)
    expect((await act(admin, checked.id, 'withdraw', { reason: '排放标准没有改' })).status).toBe(202)
    await admin.importIn(checked.id, 'withdrawn')
    expect(await emission()).toBe('3')
    const later = { ...{ kind: 'retired', on: '2026-06-01', reason: 'scrapped' }, vehicle: { vin: vinOf(a) } }
    const again = await own.client.check('fleet.csv', [head, line(a, '5')].join('\n'))
    await act(own.client, again.id, 'submit')
    await applied(admin, again.id)
    await admin.mustChange(later)
    expect((await act(admin, again.id, 'withdraw', { reason: 'x' })).status).toBe(202)
    await admin.importIn(again.id, 'withdrawn')
  })
})
