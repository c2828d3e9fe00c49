import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { ImportView } from '../../server/imports/schema.ts'
import type { MonthlyReporting } from '../../server/reporting/schema.ts'
import { type Client, csvOf, person, vehicleOf } from '../harness/client.ts'
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
/** Numbers of vehicles that no other test has. */
const numbers = (count: number) => Array.from({ length: count }, () => ++used)
let made = 0
/** An operator of a test's own with an account. */
async function company(more: Record<string, unknown> = {}) {
  const name = `报送企业${++made}`
  const { body } = await admin.post<{ id: string }>('/operators', { name, county: '350702', ...more })
  const client = await person(service, { role: 'operator', operator: body.id })
  const row = (n: number, facts: Record<string, unknown> = {}) => ({
    ...vehicleOf(n, { operator: name, ...facts }),
    kind: 'added',
    on: '2026-03-02',
  })
  return { id: body.id, name, client, row }
}
const act = (by: Client, id: string, what: string, body?: Record<string, unknown>) =>
  by.post<Answer>(`/imports/${id}/${what}`, body)
const entriesOf = async (id: string) => (await admin.all<{ id: string }>(`/changes?import=${id}`)).length

describe('submitting', () => {
  it('is what an operator does with its checked list; officers then decide', async () => {
    const { client, row } = await company()
    const [a = 0, b = 0] = numbers(2)
    const { id, may } = await client.check('list.csv', csvOf([row(a), row(b)]))
    expect(may).toEqual(['mend', 'map', 'recheck', 'submit', 'cancel', 'dispute'])
    const { status, body } = await act(client, id, 'submit')
    expect([status, body.status, body.automatic, body.decidedBy]).toEqual([202, 'submitted', false, null])
    expect(body.submittedAt).not.toBeNull()
    expect(body.may).toEqual(['cancel', 'dispute'])
    const seen = (await admin.get<ImportView>(`/imports/${id}`)).body
    expect(seen.may).toEqual(['approve', 'return'])
    expect(await entriesOf(id)).toBe(0)
    expect((await act(admin, id, 'approve')).status).toBe(202)
    const applied = await admin.importIn(id, 'applied')
    expect([applied.recorded, applied.may]).toEqual([2, ['withdraw']])
    expect(await entriesOf(id)).toBe(2)
  })

  it('pressed twice, or five times at once, is one', async () => {
    const { client, row } = await company()
    const { id } = await client.check('twice.csv', csvOf(numbers(1).map((n) => row(n))))
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => act(client, id, 'submit')))
    expect(answers.map((a) => a.status).sort()).toEqual([202, 409, 409, 409, 409])
    const { status, body } = await act(client, id, 'submit')
    expect([status, body.code, body.errors[0]?.params]).toMatchObject([
      409,
      'import.wrong-status',
      { status: 'submitted', by: expect.any(String), at: expect.any(String) },
    ])
    expect(body.errors[0]?.message).toMatch(/^名单现在的状态是“已报送”，经办：operator/)
  })

  it('is refused for a list with nothing to record, and for officers', async () => {
    const { client, row } = await company()
    const faulty = await client.check('faulty.csv', csvOf([{ ...row(numbers(1)[0] ?? 0), on: '不详' }]))
    expect(faulty.may).not.toContain('submit')
    const nothing = await act(client, faulty.id, 'submit')
    expect([nothing.status, nothing.body.code]).toEqual([409, 'import.nothing-to-apply'])
    const { id } = await client.check('good.csv', csvOf(numbers(1).map((n) => row(n))))
    for (const role of ['officer', 'viewer', 'administrator'] as const)
      expect((await act(await person(service, { role }), id, 'submit')).status).toBe(403)
    expect((await act(service.visitor(), id, 'submit')).status).toBe(401)
    expect((await act(client, 'f'.repeat(24), 'submit')).status).toBe(404)
    expect((await act(client, 'nonsense', 'submit')).status).toBe(400)
    expect((await admin.get<ImportView>(`/imports/${id}`)).body.status).toBe('checked')
  })

  it('is for any account of the operator, and nobody else’s', async () => {
    const [own, other] = [await company(), await company()]
    const colleague = await person(service, { role: 'operator', operator: own.id })
    const { id } = await own.client.check('ours.csv', csvOf(numbers(1).map((n) => own.row(n))))
    expect((await act(other.client, id, 'submit')).status).toBe(404)
    expect((await other.client.get(`/imports/${id}`)).status).toBe(404)
    expect((await act(colleague, id, 'submit')).status).toBe(202)
  })

  it('counts as this month’s report from that moment on, and no more when it is returned', async () => {
    const { id: operator, client, row } = await company()
    const { id } = await client.check('month.csv', csvOf(numbers(1).map((n) => row(n))))
    const reported = async () => {
      const { body } = await admin.get<MonthlyReporting>('/reporting?month=2026-11')
      return body.items.find((i) => i.operator.id === operator)
    }
    expect((await reported())?.reported).toBeNull()
    await act(client, id, 'submit')
    expect(await reported()).toMatchObject({ reported: 'list', imports: [id], by: { id: client.id } })
    expect((await client.post('/reporting/nil', { month: '2026-11' })).status).toBe(409)
    await act(admin, id, 'reject', { reason: '漏报' })
    expect((await reported())?.reported).toBeNull()
  })
})

describe('a trusted operator’s list', () => {
  it('without anything wrong is approved by itself', async () => {
    const { client, row } = await company({ trusted: true })
    const { id } = await client.check('fine.csv', csvOf(numbers(2).map((n) => row(n))))
    const { body } = await act(client, id, 'submit')
    expect(body).toMatchObject({
      ...{ status: 'applying', automatic: true, decidedBy: { id: 'system', name: '系统' } },
    })
    const applied = await client.importIn(id, 'applied')
    expect([applied.recorded, applied.automatic]).toEqual([2, true])
  })

  it('with a warning or an error waits for an officer', async () => {
    const { client, row } = await company({ trusted: true })
    const [a = 0, b = 0, c = 0] = numbers(3)
    // A new-energy plate on a diesel truck is a warning.
    const warned = row(a, { plate: '闽HD00001' })
    const faulty = { ...row(b), on: '不详' }
    for (const list of [csvOf([warned]), csvOf([faulty, row(c)])]) {
      const checked = await client.check('doubtful.csv', list)
      expect(checked.counts.warning + checked.counts.error).toBe(1)
      const { body } = await act(client, checked.id, 'submit')
      expect([body.status, body.automatic]).toEqual(['submitted', false])
    }
  })
})

describe('taking a list back', () => {
  it('is possible until an officer has decided, and ends it', async () => {
    const { client, row } = await company()
    const { id } = await client.check('back.csv', csvOf(numbers(1).map((n) => row(n))))
    await act(client, id, 'submit')
    const { status, body } = await act(client, id, 'cancel')
    expect([status, body.status, body.decidedBy?.id, body.may]).toEqual([200, 'cancelled', client.id, []])
    for (const what of ['cancel', 'submit']) expect((await act(client, id, what)).status).toBe(409)
    expect((await act(admin, id, 'approve')).status).toBe(409)
    expect(await entriesOf(id)).toBe(0)
  })

  it('is not for those whose list it is not, nor after it is recorded', async () => {
    const [own, other] = [await company(), await company()]
    const { id } = await own.client.check('mine.csv', csvOf(numbers(1).map((n) => own.row(n))))
    expect((await act(other.client, id, 'cancel')).status).toBe(404)
    expect((await act(admin, id, 'cancel')).status).toBe(403)
    await act(own.client, id, 'submit')
    await act(admin, id, 'approve')
    await admin.importIn(id, 'applied')
    const late = await act(own.client, id, 'cancel')
    expect([late.status, late.body.code]).toEqual([409, 'import.wrong-status'])
  })

  it('an officer takes back an upload of the officers’ own', async () => {
    const [n = 0] = numbers(1)
    const { id } = await admin.check('own.csv', csvOf([{ ...vehicleOf(n), kind: 'stock' }]))
    const officer = await person(service, { role: 'officer' })
    expect((await act(officer, id, 'cancel')).body.status).toBe('cancelled')
  })
})

describe('a returned list', () => {
  it('says why, is mended, and goes in again', async () => {
    const { client, row } = await company()
    const [a = 0] = numbers(1)
    const { id } = await client.check('again.csv', csvOf([row(a)]))
    await act(client, id, 'submit')
    expect((await act(admin, id, 'reject', {})).status).toBe(400)
    const returned = await act(admin, id, 'reject', { reason: '日期与发票不符' })
    expect(returned.body).toMatchObject({ status: 'rejected', rejectReason: '日期与发票不符', may: [] })
    const seen = (await client.get<ImportView>(`/imports/${id}`)).body
    expect(seen).toMatchObject({ status: 'rejected', rejectReason: '日期与发票不符' })
    expect(seen.may).toEqual(['mend', 'map', 'recheck', 'cancel', 'dispute'])
    expect((await act(client, id, 'submit')).status).toBe(409)
    const mended = await client.mend(id, [{ seq: 1, cells: { on: '2026-03-05' } }])
    expect([mended.status, mended.body.view.status]).toEqual([200, 'checked'])
    expect((await act(client, id, 'submit')).body.status).toBe('submitted')
    expect((await act(admin, id, 'approve')).status).toBe(202)
    expect((await admin.importIn(id, 'applied')).recorded).toBe(1)
  })
})
