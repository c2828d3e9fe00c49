import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Me } from '../../server/accounts/schema.ts'
import type { CreatedToken, TokenView } from '../../server/accounts/security-schema.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import { Client, csvOf, PASSWORD, type Page, person, vehicleOf } from '../harness/client.ts'
import { NOW, startTestService, type TestService } from '../harness/service.ts'

let service: TestService
let admin: Client
beforeAll(async () => {
  service = await startTestService({ TRUST_PROXY: '1' })
  admin = service.admin
})
afterAll(() => service.close())

const DAY = 24 * 3600_000
/** A company's own system: it knows its token and nothing else. */
class Program extends Client {
  readonly token: string

  constructor(token: string) {
    super(service.url)
    this.token = token
  }

  override send<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    this.cookie = ''
    return super.send<T>(method, path, body, { authorization: `Bearer ${this.token}`, ...headers })
  }
}
const make = (by: Client, more: Record<string, unknown> = {}) =>
  by.post<CreatedToken & ProblemBody>('/me/tokens', {
    name: '车管系统',
    permissions: ['read'],
    days: 30,
    ...more,
  })
const tokensOf = async (by: Client, path = '/me/tokens') =>
  (await by.get<{ items: TokenView[] }>(path)).body.items
async function program(by: Client, more: Record<string, unknown> = {}) {
  const { status, body } = await make(by, more)
  expect(status).toBe(201)
  return Object.assign(new Program(body.token), { id: body.id })
}

describe('a token', () => {
  it('is shown once, and stands nowhere', async () => {
    const operator = await person(service, { role: 'operator' })
    const { status, body } = await make(operator, { days: 366 })
    expect(status).toBe(201)
    expect(body.token).toMatch(/^flt_[\w-]{43}$/)
    expect(body).toMatchObject({ name: '车管系统', permissions: ['read'], lastUsedAt: null })
    const lasts = Date.parse(body.expiresAt) - Date.parse(body.createdAt)
    expect(lasts).toBe(366 * DAY)
    const { token: _, ...listed } = body
    expect(await tokensOf(operator)).toEqual([listed])
    const { connection } = service.services
    for (const { name } of (await connection.db?.listCollections().toArray()) ?? []) {
      const docs = JSON.stringify(await connection.collection(name).find({}).toArray())
      expect([name, docs.includes(body.token.slice(4))]).toEqual([name, false])
    }
  })

  it('lets a program send lists as the account, within its permissions and its part of the city', async () => {
    const operator = await person(service, { role: 'operator', operator: '令牌货运公司' })
    const sender = await program(operator, { permissions: ['read', 'import.send'] })
    expect((await sender.get<Me>('/me')).body).toMatchObject({
      ...{ id: operator.id, via: 'token', permissions: ['read', 'import.send'] },
    })
    const rows = [{ ...vehicleOf(1, { operator: '令牌货运公司' }), kind: 'added', on: '2026-03-02' }]
    const sent = await sender.check('from-a-program.csv', csvOf(rows))
    expect(sent.counts.total).toBe(1)
    const submitted = await sender.post<ProblemBody>(`/imports/${sent.id}/submit`)
    expect([submitted.status, submitted.body.code]).toEqual([403, 'permission.denied'])
    await admin.mustChange({
      kind: 'stock',
      vehicle: vehicleOf(2, { energy: 'BEV', operator: '别家货运公司' }),
    })
    expect((await sender.get<Page<unknown>>('/vehicles')).body.items).toEqual([])
    expect((await operator.post(`/imports/${sent.id}/submit`)).status).toBe(202)
  })

  it('shows no more of operators than it is permitted, whatever its account may do', async () => {
    const officer = await person(service, { role: 'officer' })
    const reader = await program(officer)
    type Listed = { items: Record<string, unknown>[] }
    const [own, read] = [
      (await officer.get<Listed>('/operators')).body.items[0] ?? {},
      (await reader.get<Listed>('/operators')).body.items[0] ?? {},
    ]
    expect(Object.keys(read).length).toBeLessThanOrEqual(Object.keys(own).length)
    expect((await reader.post('/operators', { name: '不许新增' })).status).toBe(403)
    expect((await reader.get('/outbox')).status).toBe(403)
  })

  it('is no way into the account itself', async () => {
    const officer = await person(service, { role: 'officer' })
    const reader = await program(officer)
    const id = (await tokensOf(officer))[0]?.id
    const refused: [string, string, unknown?][] = [
      ['PATCH', '/me', { name: 'x' }],
      ['POST', '/me/password', { current: PASSWORD, password: 'a new long password' }],
      ['POST', '/me/second-factor', { password: PASSWORD }],
      ['POST', '/me/second-factor/confirm', { code: '123456' }],
      ['GET', '/me/sessions'],
      ['DELETE', '/me/sessions'],
      ['GET', '/me/tokens'],
      ['POST', '/me/tokens', { name: 'x', permissions: ['read'], days: 1 }],
      ['DELETE', `/me/tokens/${id}`],
      ['GET', '/notices'],
      ['GET', '/openapi.json'],
    ]
    for (const [method, path, body] of refused) {
      const answer = await reader.send<ProblemBody>(method, path, body)
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'permission.session-only'])
    }
    expect((await officer.get('/me')).status).toBe(200)
  })

  it.each([
    [{ permissions: ['account.manage'] }, 'token.permission'],
    [{ permissions: ['read', 'import.submit'] }, 'token.permission'],
    [{ permissions: ['job.run'] }, null],
    [{ permissions: [] }, 'request.too-small'],
    [{ permissions: ['root'] }, 'request.invalid-value'],
    [{ permissions: 'read' }, 'request.invalid-type'],
    [{ days: 0 }, 'request.too-small'],
    [{ days: 367 }, 'request.too-big'],
    [{ days: 1.5 }, 'request.invalid-type'],
    [{ name: ' ' }, 'request.too-small'],
    [{ name: 'x'.repeat(81) }, 'request.too-big'],
    [{ account: 'f'.repeat(24) }, 'request.unrecognized-keys'],
  ])('of an administrator with %j is answered %s', async (more, code) => {
    const { status, body } = await make(admin, more)
    expect([status, body.errors?.[0]?.code ?? null]).toEqual([code === null ? 201 : 400, code])
  })

  it('says in Chinese which permission it cannot have', async () => {
    const viewer = await person(service, { role: 'viewer' })
    const { body } = await make(viewer, { permissions: ['read', 'change.write'] })
    expect(body.errors[0]?.message).toContain('change.write')
    expect(await tokensOf(viewer)).toEqual([])
  })

  it('loses what its account loses, and all with its closing', async () => {
    const officer = await person(service, { role: 'officer' })
    const writer = await program(officer, { permissions: ['read', 'change.write', 'mail.read'] })
    expect((await writer.get('/outbox')).status).toBe(200)
    const patch = (set: Record<string, unknown>) => admin.send('PATCH', `/accounts/${officer.id}`, set)
    await patch({ role: 'viewer' })
    expect((await writer.get<Me>('/me')).body.permissions).toEqual(['read', 'mail.read'])
    expect((await writer.change({ kind: 'stock', vehicle: vehicleOf(3) })).status).toBe(403)
    await patch({ county: '350703' })
    expect((await writer.get<Me>('/me')).body).toMatchObject({ county: '350703', permissions: ['read'] })
    await patch({ active: false })
    const closed = await writer.get<ProblemBody>('/vehicles')
    expect([closed.status, closed.body.code]).toEqual([401, 'token.invalid'])
    await patch({ active: true })
    expect((await writer.get('/vehicles')).status).toBe(200)
    await service.services.connection.collection('accounts').deleteOne({ email: officer.email })
    expect((await writer.get('/vehicles')).status).toBe(401)
  })

  it('is revoked by its owner or the administrator, and by nobody else', async () => {
    const [one, two] = [
      await person(service, { role: 'officer' }),
      await person(service, { role: 'officer' }),
    ]
    const [first, second] = [await program(one), await program(one)]
    expect((await two.send('DELETE', `/me/tokens/${first.id}`)).status).toBe(404)
    expect((await two.get(`/accounts/${one.id}/tokens`)).status).toBe(403)
    expect((await two.send('DELETE', `/accounts/${one.id}/tokens/${first.id}`)).status).toBe(403)
    expect((await admin.send('DELETE', `/accounts/${two.id}/tokens/${first.id}`)).status).toBe(404)
    expect((await one.send('DELETE', `/me/tokens/${first.id}`)).status).toBe(204)
    expect((await one.send('DELETE', `/me/tokens/${first.id}`)).status).toBe(404)
    expect([(await first.get('/me')).status, (await second.get('/me')).status]).toEqual([401, 200])
    expect((await tokensOf(admin, `/accounts/${one.id}/tokens`)).map((t) => t.id)).toEqual([second.id])
    expect((await admin.send('DELETE', `/accounts/${one.id}/tokens/${second.id}`)).status).toBe(204)
    expect((await second.get('/me')).status).toBe(401)
    expect((await admin.get(`/accounts/${'f'.repeat(24)}/tokens`)).status).toBe(404)
    expect((await one.send('DELETE', '/me/tokens/nonsense')).status).toBe(400)
  })

  it('says when it was last used, to the minute', async () => {
    const officer = await person(service, { role: 'officer' })
    const reader = await program(officer)
    await reader.get('/me')
    const used = (await tokensOf(officer))[0]?.lastUsedAt ?? ''
    expect(used.slice(0, 10)).toBe(NOW.slice(0, 10))
    await reader.get('/me')
    expect((await tokensOf(officer))[0]?.lastUsedAt).toBe(used)
  })

  it('goes before a session that comes with it, and opens none', async () => {
    const officer = await person(service, { role: 'officer' })
    const reader = await program(await person(service, { role: 'viewer' }))
    const { body, headers } = await officer.send<Me>('GET', '/me', undefined, {
      authorization: `bearer ${reader.token}`,
    })
    expect(body).toMatchObject({ role: 'viewer', via: 'token' })
    expect(headers.getSetCookie()).toEqual([])
    const wrong = await officer.send('GET', '/me', undefined, { authorization: 'Bearer flt_wrong' })
    expect(wrong.status).toBe(401)
    // Another way of authorization, such as a proxy's, is none of ours.
    const basic = await officer.send('GET', '/me', undefined, { authorization: 'Basic eDp5' })
    expect(basic.status).toBe(200)
  })

  it('is limited in number', async () => {
    const officer = await person(service, { role: 'officer' })
    const collection = service.services.connection.collection('tokens')
    const [made] = [(await make(officer)).body]
    const filler = Array.from({ length: 49 }, (_, i) => ({
      ...{ account: officer.id, name: `${i}`, permissions: ['read'], hash: `filler ${officer.id} ${i}` },
      ...{ createdAt: new Date(NOW), expiresAt: new Date(NOW), lastUsedAt: null },
    }))
    await collection.insertMany(filler)
    const refused = await make(officer)
    expect([refused.status, refused.body.code]).toEqual([409, 'token.too-many'])
    await officer.send('DELETE', `/me/tokens/${made?.id}`)
    expect((await make(officer)).status).toBe(201)
  })
})

describe('wrong tokens', () => {
  it.each(['flt_', 'x', `flt_${'A'.repeat(43)}`, '%00', 'flt_$ne', 'null'])(
    'like %s open nothing',
    async (token) => {
      const { status, body } = await new Program(token).get<ProblemBody>('/me')
      expect([status, body.code]).toEqual([401, 'token.invalid'])
    },
  )

  it('are limited by address, where good ones go on', async () => {
    const reader = await program(await person(service, { role: 'viewer' }))
    const from = { 'x-forwarded-for': '203.0.113.40' }
    const wrong = new Program('flt_wrong')
    for (let i = 0; i < 20; i++) expect((await wrong.send('GET', '/me', undefined, from)).status).toBe(401)
    const stopped = await wrong.send<ProblemBody>('GET', '/me', undefined, from)
    expect([stopped.status, Number(stopped.headers.get('retry-after')) > 0]).toEqual([429, true])
    expect((await reader.send('GET', '/me', undefined, from)).status).toBe(200)
  })

  it('are those that have expired', async () => {
    const officer = await person(service, { role: 'officer' })
    const reader = await program(officer, { days: 1 })
    const at = (ms: number) => new Date(service.services.clock.now().getTime() + ms).toISOString()
    await service.restart({ NOW: at(DAY - 600_000) })
    reader.base = service.url
    expect((await reader.get('/me')).status).toBe(200)
    await service.restart({ NOW: at(20 * 60_000) })
    reader.base = service.url
    officer.base = service.url
    expect((await reader.get('/me')).status).toBe(401)
    expect(await tokensOf(officer)).toHaveLength(1)
  })
})
