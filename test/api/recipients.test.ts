import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { RecipientView } from '../../server/subscriptions/schema.ts'
import { type Client, operatorOf, person } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** The administrators' list of further addresses, and who gets what. */

let service: TestService
let admin: Client
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
})
afterAll(() => service.close())

const given = (more: Record<string, unknown> = {}) => ({
  ...{
    email: `leader-${Math.random().toString(36).slice(2)}@example.com`,
    name: '分管领导',
    topics: ['monthly'],
  },
  ...more,
})
const create = (body: unknown) => admin.send<RecipientView & ProblemBody>('POST', '/recipients', body)
const patch = (id: string, body: unknown) =>
  admin.send<RecipientView & ProblemBody>('PATCH', `/recipients/${id}`, body)
const list = async () => (await admin.get<{ items: RecipientView[] }>('/recipients')).body.items

it('lists an address with language, scope and topics, changes it and takes it off again', async () => {
  const made = await create(given({ email: ' Leader@Example.com ', topics: ['alerts', 'weekly', 'weekly'] }))
  expect(made.status).toBe(201)
  expect(made.body).toMatchObject({
    ...{ email: 'leader@example.com', source: 'list', role: null, language: 'zh-CN', attach: false },
    ...{ topics: ['weekly', 'alerts'], ended: [], county: null, operator: null, disabled: null },
  })
  const changed = await patch(made.body.id, { county: '350703', topics: ['quarterly'], attach: true })
  expect(changed.body).toEqual({
    ...made.body,
    ...{ county: '350703', countyName: '建阳区', topics: ['quarterly'], attach: true },
  })
  expect((await list()).find(({ id }) => id === made.body.id)).toEqual(changed.body)
  const operator = await operatorOf(service, '顺昌公交公司')
  expect((await patch(made.body.id, { operator })).body).toMatchObject({
    ...{ county: null, operator, operatorName: '顺昌公交公司' },
  })
  expect((await patch(made.body.id, { operator: null })).body).toMatchObject({ county: null, operator: null })
  expect((await admin.send('DELETE', `/recipients/${made.body.id}`)).status).toBe(204)
  expect((await admin.send('DELETE', `/recipients/${made.body.id}`)).status).toBe(404)
  expect((await patch(made.body.id, { name: '无' })).status).toBe(404)
})

it.each([
  [{ email: 'nobody' }, 'email.invalid'],
  [{ name: ' ' }, 'request.too-small'],
  [{ county: '440100' }, 'county.unknown'],
  [{ operator: 'op-nobody' }, 'operator.unknown'],
  [{ county: '350702', operator: 'op-nobody' }, 'recipient.two-places'],
  [{ topics: ['daily'] }, 'request.invalid-value'],
  [{ topics: true }, 'request.invalid-type'],
  [{ language: 'fr' }, 'request.invalid-value'],
  [{ role: 'officer' }, 'request.unrecognized-keys'],
])('refuses %j', async (more, code) => {
  const { status, body } = await create(given(more))
  expect([status, body.errors.map((e) => e.code)]).toEqual([400, [code]])
})

it('lists an address once for the same scope, and none that has an account', async () => {
  const first = given()
  const tries = await Promise.all([create(first), create(first)])
  expect(tries.map(({ status }) => status).sort()).toEqual([201, 409])
  expect((await create(first)).body.code).toBe('recipient.exists')
  const other = await create({ ...first, county: '350702' })
  expect(other.status).toBe(201)
  expect((await patch(other.body.id, { county: null })).body.code).toBe('recipient.exists')
  const viewer = await person(service, { role: 'viewer' })
  expect((await create(given({ email: viewer.email }))).body.code).toBe('recipient.has-account')
})

it('shows what each account gets, who cannot get it, and which addresses are disabled', async () => {
  const viewer = await person(service, { role: 'viewer', county: '350702' })
  await viewer.send('PATCH', '/me', { weeklyReport: true, attachTables: true })
  await admin.send('POST', '/accounts', { email: 'waits@example.com', name: '待接受', role: 'officer' })
  const entry = await create(given({ email: 'Gone@example.com' }))
  // As the outbox notes it when a mail server refuses the address for good.
  const refused = { address: 'gone@example.com', at: new Date(), reason: '550 no such user', told: true }
  await service.services.connection.collection('disabled-addresses').insertOne(refused)
  const items = await list()
  expect(items.find(({ id }) => id === viewer.id)).toMatchObject({
    ...{ source: 'account', role: 'viewer', county: '350702', topics: ['weekly', 'monthly'], attach: true },
    ...{ invited: false, disabled: null },
  })
  expect(items.find(({ email }) => email === 'waits@example.com')).toMatchObject({ invited: true })
  expect(items.find(({ id }) => id === entry.body.id)).toMatchObject({ disabled: '550 no such user' })
})

it('is for administrators alone, and stands in the audit log', async () => {
  const made = await create(given())
  for (const role of ['officer', 'county-officer', 'viewer', 'operator'] as const) {
    const other = await person(service, { role, ...(role === 'operator' ? { operator: '某公司' } : {}) })
    expect((await other.get('/recipients')).status).toBe(403)
    expect((await other.post('/recipients', given())).status).toBe(403)
    expect((await other.send('PATCH', `/recipients/${made.body.id}`, { name: '他人' })).status).toBe(403)
    expect((await other.send('DELETE', `/recipients/${made.body.id}`)).status).toBe(403)
  }
  await patch(made.body.id, { topics: [] })
  const log = await admin.get<{
    items: { action: string; target: unknown; before: unknown; after: unknown }[]
  }>('/audit?action=recipient.update')
  expect(log.body.items[0]).toMatchObject({
    target: { kind: 'recipient', id: made.body.id },
    before: { topics: ['monthly'] },
    after: { topics: [] },
  })
})
