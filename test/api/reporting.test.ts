import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { QualityMonths } from '../../server/quality/schema.ts'
import type { MonthlyReporting, NilReport } from '../../server/reporting/schema.ts'
import { type Client, csvOf, operatorOf, person, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

let service: TestService
let admin: Client
beforeAll(async () => {
  // The 1st of November in China, still October in most of the world.
  service = await startTestService({ NOW: '2026-11-01T00:30:00+08:00' })
  admin = service.admin
})
afterAll(() => service.close())

const THIS = '2026-11'
const LAST = '2026-10'
let made = 0
/** An operator of a test's own, in a county, with an account. */
async function company(county: string | null = '350702', more: Record<string, unknown> = {}) {
  const name = `报送公司${++made}`
  const { body } = await admin.post<{ id: string }>('/operators', { name, county, ...more })
  const client = await person(service, { role: 'operator', operator: body.id })
  return { id: body.id, name, county, client }
}
const month = async (m: string, by = admin) => (await by.get<MonthlyReporting>(`/reporting?month=${m}`)).body
const itemOf = async (id: string, m = THIS, by = admin) =>
  (await month(m, by)).items.find((i) => i.operator.id === id)
const nil = (by: Client, body: Record<string, unknown>) =>
  by.send<NilReport & ProblemBody>('POST', '/reporting/nil', body)
const takeBack = (by: Client, m: string, query = '') =>
  by.send<ProblemBody>('DELETE', `/reporting/nil/${m}${query}`)

describe('a nil report', () => {
  it('is one click, counts as reported, and twice is once', async () => {
    const { id, name, client } = await company()
    expect(await itemOf(id)).toEqual({
      operator: { id, name, county: '350702' },
      ...{ expected: true, reported: null, at: null, by: null, imports: [] },
    })
    const first = await nil(client, { month: THIS })
    expect([first.status, first.body.operator, first.body.month]).toEqual([201, id, THIS])
    const again = await nil(client, { month: THIS })
    expect([again.status, again.body]).toEqual([200, first.body])
    expect(await itemOf(id)).toMatchObject({ reported: 'nil', at: first.body.at, by: { id: client.id } })
    expect(await itemOf(id, LAST)).toMatchObject({ reported: null })
  })

  it('pressed five times at once is one', async () => {
    const { client } = await company()
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => nil(client, { month: LAST })))
    expect(answers.map((a) => a.status).sort()).toEqual([200, 200, 200, 200, 201])
    expect(new Set(answers.map((a) => a.body.at)).size).toBe(1)
  })

  it('is taken back, and can be made anew', async () => {
    const { id, client } = await company()
    await nil(client, { month: THIS })
    expect((await takeBack(client, THIS)).status).toBe(204)
    expect(await itemOf(id)).toMatchObject({ reported: null, by: null })
    expect((await takeBack(client, THIS)).status).toBe(404)
    expect((await nil(client, { month: THIS })).status).toBe(201)
    expect(await itemOf(id)).toMatchObject({ reported: 'nil' })
  })

  it.each(['2026-12', '2026-09', '2025-11', '2027-01'])('is not taken for %s', async (m) => {
    const { client } = await company()
    const { status, body } = await nil(client, { month: m })
    expect([status, body.errors[0]?.code, body.errors[0]?.path]).toEqual([
      400,
      'month.not-open',
      'body.month',
    ])
    expect(body.errors[0]?.message).toContain('本月或上月')
    expect((await takeBack(client, m)).status).toBe(400)
  })

  it.each(['2026-13', '2026-1', 'x', '', 202611, null])('is not taken for the month %j', async (m) => {
    const { client } = await company()
    expect((await nil(client, { month: m })).status).toBe(400)
    expect((await admin.get(`/reporting?month=${m}`)).status).toBe(400)
  })

  it('is refused where something happened in the month, and when that is voided is not', async () => {
    const { id, client } = await company()
    const vehicle = vehicleOf(1, { operator: id })
    const change = await admin.mustChange({ kind: 'added', on: '2026-10-31', vehicle })
    const { status, body } = await nil(client, { month: LAST })
    expect([status, body.code]).toEqual([409, 'report.has-list'])
    expect(await itemOf(id, LAST)).toMatchObject({ reported: 'list', at: change.recordedAt, imports: [] })
    expect((await nil(client, { month: THIS })).status).toBe(201)
    await admin.post(`/changes/${change.id}/void`, { reason: '误录' })
    expect(await itemOf(id, LAST)).toMatchObject({ reported: null })
    expect((await nil(client, { month: LAST })).status).toBe(201)
  })

  it('gives way to a change that comes after it', async () => {
    const { id, client } = await company()
    await nil(client, { month: THIS })
    await admin.mustChange({ kind: 'added', on: '2026-11-01', vehicle: vehicleOf(2, { operator: id }) })
    expect(await itemOf(id)).toMatchObject({ reported: 'list' })
  })

  it('is made by an officer for an operator that the officer names', async () => {
    const { id } = await company()
    const officer = await person(service, { role: 'officer' })
    expect((await nil(officer, { month: THIS, operator: id })).status).toBe(201)
    expect(await itemOf(id)).toMatchObject({ reported: 'nil', by: { id: officer.id } })
    expect((await takeBack(officer, THIS, `?operator=${id}`)).status).toBe(204)
    const without = await nil(officer, { month: THIS })
    expect([without.status, without.body.errors[0]?.code]).toEqual([400, 'report.needs-operator'])
    const nobody = await nil(officer, { month: THIS, operator: 'op-nobody' })
    expect([nobody.status, nobody.body.errors[0]?.code]).toEqual([400, 'operator.unknown'])
  })
})

describe('whose reporting', () => {
  it('an operator’s account reports for its own only', async () => {
    const [own, other] = [await company(), await company()]
    expect((await nil(own.client, { month: THIS, operator: other.id })).status).toBe(403)
    expect((await nil(own.client, { month: THIS, operator: own.id })).status).toBe(201)
    await nil(other.client, { month: THIS })
    expect((await takeBack(own.client, THIS, `?operator=${other.id}`)).status).toBe(403)
    expect((await month(THIS, own.client)).items.map((i) => i.operator.id)).toEqual([own.id])
    expect(await itemOf(other.id)).toMatchObject({ reported: 'nil' })
  })

  it('a county officer sees and reports for the county’s operators', async () => {
    const [here, there, nowhere] = [await company('350703'), await company('350721'), await company(null)]
    const officer = await person(service, { role: 'county-officer', county: '350703' })
    const seen = (await month(THIS, officer)).items.map((i) => i.operator.id)
    expect(seen).toContain(here.id)
    expect(seen).not.toContain(there.id)
    expect((await nil(officer, { month: THIS, operator: here.id })).status).toBe(201)
    for (const { id } of [there, nowhere])
      expect((await nil(officer, { month: THIS, operator: id })).status).toBe(403)
  })

  it('a viewer sees all and reports nothing; a visitor neither', async () => {
    const { id } = await company()
    const viewer = await person(service, { role: 'viewer' })
    expect((await month(THIS, viewer)).items).toEqual((await month(THIS)).items)
    expect((await nil(viewer, { month: THIS, operator: id })).status).toBe(403)
    expect((await takeBack(viewer, THIS, `?operator=${id}`)).status).toBe(403)
    expect((await service.visitor().get(`/reporting?month=${THIS}`)).status).toBe(401)
    expect((await nil(service.visitor(), { month: THIS, operator: id })).status).toBe(401)
  })
})

describe('the month’s table', () => {
  it('adds up over those that are expected to report', async () => {
    const apart = await startTestService({ NOW: '2026-11-20T10:00:00+08:00' })
    try {
      const register = (name: string, more = {}) => operatorOf(apart, name).then((id) => ({ id, more }))
      const [lists, nils] = [await register('甲'), await register('乙')]
      await register('丙')
      const free = await register('丁')
      await apart.admin.send('PATCH', `/operators/${free.id}`, { reportsMonthly: false })
      await apart.admin.mustChange({
        ...{ kind: 'added', on: '2026-11-05' },
        vehicle: vehicleOf(1, { operator: lists.id }),
      })
      await apart.admin.mustChange({
        ...{ kind: 'retired', on: '2026-11-06', reason: 'scrapped' },
        vehicle: { vin: vinOf(1) },
      })
      await nil(apart.admin, { month: THIS, operator: nils.id })
      const { body } = await apart.admin.get<MonthlyReporting>(`/reporting?month=${THIS}`)
      expect(body).toMatchObject({ month: THIS, reported: 2, missing: 1, list: 1, nil: 1, open: true })
      expect(body.items.map((i) => [i.operator.name, i.expected, i.reported])).toEqual(
        expect.arrayContaining([
          ['甲', true, 'list'],
          ['乙', true, 'nil'],
          ['丙', true, null],
          ['丁', false, null],
        ]),
      )
      const past = (await apart.admin.get<MonthlyReporting>('/reporting?month=2026-02')).body
      expect(past).toMatchObject({ reported: 0, missing: 3, open: false })
    } finally {
      await apart.close()
    }
  })
})

describe('the month of a list', () => {
  let apart: TestService
  beforeAll(async () => {
    apart = await startTestService({ NOW: '2026-11-03T10:00:00+08:00' })
  })
  afterAll(() => apart?.close())
  const told = async (operator: string | null, m: string) =>
    (await apart.admin.get<MonthlyReporting>(`/reporting?month=${m}`)).body.items.find(
      (i) => i.operator.id === operator,
    )?.reported
  const both = async (operator: string | null) => [await told(operator, LAST), await told(operator, THIS)]
  /** How GET /quality/months tells of them, the earlier first. */
  const judged = async (operator: string | null) => {
    const { body } = await apart.admin.get<QualityMonths>(
      `/quality/months?from=${LAST}&to=${THIS}&operator=${operator}`,
    )
    return body.items.map((i) => (i.list > 0 ? 'list' : i.nil > 0 ? 'nil' : null)).reverse()
  }
  const send = async (by: Client, rows: Record<string, unknown>[]) => {
    const sent = await by.check('list.csv', csvOf(rows))
    expect((await by.post(`/imports/${sent.id}/submit`)).status).toBe(202)
    await by.importIn(sent.id, 'submitted')
    return sent.id
  }
  const accept = async (id: string) => {
    expect((await apart.admin.post(`/imports/${id}/approve`)).status).toBe(202)
    await apart.admin.importIn(id, 'applied')
  }
  const added = (n: number, operator: string | null, on: string) => ({
    ...vehicleOf(n, { operator: operator ?? '' }),
    ...{ kind: 'added', on },
  })
  const stock = (n: number, operator: string | null) => ({
    ...added(n, operator, '2024-05-01'),
    kind: 'stock',
  })

  it('is the one before while its time runs: this month is still to be reported', async () => {
    const by = await person(apart, { role: 'operator', operator: '按时公司' })
    const id = await send(by, [added(1, by.operator, '2026-10-20')])
    expect(await both(by.operator)).toEqual(['list', null])
    await accept(id)
    expect([await both(by.operator), await judged(by.operator)]).toEqual([
      ['list', null],
      ['list', null],
    ])
    expect((await nil(by, { month: THIS })).status).toBe(201)
    expect([await both(by.operator), await judged(by.operator)]).toEqual([
      ['list', 'nil'],
      ['list', 'nil'],
    ])
  })

  it('is also that of its entries', async () => {
    const by = await person(apart, { role: 'operator', operator: '两月公司' })
    await accept(await send(by, [added(11, by.operator, '2026-10-20'), added(12, by.operator, '2026-11-02')]))
    expect([await both(by.operator), await judged(by.operator)]).toEqual([
      ['list', 'list'],
      ['list', 'list'],
    ])
  })

  it('is not the present one for a late list of older entries only, nor the last one for a fleet sent after it was due', async () => {
    await apart.restart({ NOW: '2026-11-20T10:00:00+08:00' })
    const late = await person(apart, { role: 'operator', operator: '迟报公司' })
    const fleet = await person(apart, { role: 'operator', operator: '存量公司' })
    const id = await send(late, [added(21, late.operator, '2026-10-20')])
    expect(await both(late.operator)).toEqual([null, 'list'])
    await accept(id)
    // Its first list came in November: of October nothing is asked of it.
    expect([await both(late.operator), await judged(late.operator)]).toEqual([
      ['list', null],
      [null, null],
    ])
    await accept(await send(fleet, [stock(22, fleet.operator)]))
    expect([await both(fleet.operator), await judged(fleet.operator)]).toEqual([
      [null, 'list'],
      [null, 'list'],
    ])
  })
})
