import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account, Me } from '../../server/accounts/schema.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import { PASSWORD, person } from '../harness/client.ts'
import { ADMIN, startTestService, type TestService } from '../harness/service.ts'

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.close())

const sessions = () => service.services.connection.collection('sessions').countDocuments()
const update = (id: string, set: Record<string, unknown>) =>
  service.admin.send<Account>('PATCH', `/accounts/${id}`, set)

describe('signing in', () => {
  it('opens a session in a cookie that scripts and other sites do not get', async () => {
    const visitor = service.visitor()
    const { status, body, headers } = await visitor.post<Me>('/session', ADMIN)
    expect(status).toBe(200)
    expect(body).toMatchObject({ email: ADMIN.email, role: 'administrator', county: null, operator: null })
    expect(JSON.stringify(body)).not.toMatch(/argon2|passwordHash|epoch/)
    const [cookie = ''] = headers.getSetCookie()
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Lax/)
    expect((await visitor.get<Me>('/me')).body).toEqual(body)
  })

  it('takes an address in any case and with blanks around it', async () => {
    const { status } = await service
      .visitor()
      .post('/session', { ...ADMIN, email: ` ${ADMIN.email.toUpperCase()} ` })
    expect(status).toBe(200)
  })

  it('answers a wrong password and an unknown address alike, and keeps no session', async () => {
    const before = await sessions()
    const wrong = await service
      .visitor()
      .post<ProblemBody>('/session', { ...ADMIN, password: `${ADMIN.password} ` })
    const unknown = await service
      .visitor()
      .post<ProblemBody>('/session', { ...ADMIN, email: 'nobody@example.com' })
    expect([wrong.status, wrong.body.code]).toEqual([401, 'session.wrong-credentials'])
    expect(unknown.body).toEqual(wrong.body)
    expect([...wrong.headers.getSetCookie(), ...unknown.headers.getSetCookie()]).toEqual([])
    expect(await sessions()).toBe(before)
  })

  it.each([
    ['no body', undefined],
    ['an empty object', {}],
    ['an array', []],
    ['a query operator for the address', { email: { $ne: null }, password: 'x' }],
    ['a query operator for the password', { email: ADMIN.email, password: { $ne: null } }],
    ['an address that is none', { email: 'x', password: 'x' }],
    ['one field too many', { ...ADMIN, role: 'administrator' }],
  ])('refuses %s', async (_what, body) => {
    const { status, body: problem } = await service.visitor().send<ProblemBody>('POST', '/session', body)
    expect([status, problem.code]).toEqual([400, 'request.invalid'])
  })

  it('gives a new id to a visitor who comes with one, and keeps the planted one worth nothing', async () => {
    const visitor = service.visitor()
    await visitor.signIn(ADMIN.email, ADMIN.password)
    const planted = visitor.cookie
    const other = await person(service, { role: 'viewer' })
    visitor.cookie = planted
    await visitor.signIn(other.email, PASSWORD)
    expect(visitor.cookie).not.toBe(planted)
    expect((await visitor.get<Me>('/me')).body.role).toBe('viewer')
    visitor.cookie = planted
    expect((await visitor.get('/me')).status).toBe(401)
  })

  it('does not take the id of a session from the database, which holds no such id', async () => {
    const visitor = service.visitor()
    await visitor.signIn(ADMIN.email, ADMIN.password)
    const { cookie } = visitor
    const sid = decodeURIComponent(cookie.replace('fleet.sid=', '')).replace('s:', '').split('.')[0] ?? '-'
    const stored = await service.services.connection.collection('sessions').find({}).toArray()
    expect(JSON.stringify(stored)).not.toContain(sid)
    const { headers } = await visitor.get('/me')
    expect(headers.getSetCookie()).toEqual([])
  })

  it('does not take an invented or altered session', async () => {
    const visitor = service.visitor()
    await visitor.signIn(ADMIN.email, ADMIN.password)
    const good = visitor.cookie
    for (const cookie of [
      'fleet.sid=s%3Aabc.def',
      `${good}x`,
      good.replace('s%3A', ''),
      'fleet.sid=%00',
      'fleet.sid=j%3A{}',
    ]) {
      visitor.cookie = cookie
      expect([cookie, (await visitor.get('/me')).status]).toEqual([cookie, 401])
    }
  })
})

describe('signing out', () => {
  it('ends the session for good, and again does no harm', async () => {
    const visitor = service.visitor()
    await visitor.signIn(ADMIN.email, ADMIN.password)
    const { cookie } = visitor
    const before = await sessions()
    expect((await visitor.send('DELETE', '/session')).status).toBe(204)
    expect(await sessions()).toBe(before - 1)
    visitor.cookie = cookie
    expect((await visitor.get('/me')).status).toBe(401)
    expect((await visitor.send('DELETE', '/session')).status).toBe(204)
    expect((await service.visitor().send('DELETE', '/session')).status).toBe(204)
  })

  it('ends this session and no other of the same account', async () => {
    const [one, two] = [service.visitor(), service.visitor()]
    await one.signIn(ADMIN.email, ADMIN.password)
    await two.signIn(ADMIN.email, ADMIN.password)
    await one.send('DELETE', '/session')
    expect((await two.get('/me')).status).toBe(200)
  })
})

describe('a session', () => {
  it('survives a restart of the service', async () => {
    const viewer = await person(service, { role: 'viewer' })
    await service.restart()
    viewer.base = service.url
    expect((await viewer.get<Me>('/me')).body.id).toBe(viewer.id)
  })

  it.each([
    ['a new password', { password: 'a new long password' }],
    ['a new role', { role: 'officer' }],
    ['closing', { active: false }],
  ])('ends with %s of its account', async (_what, set) => {
    const viewer = await person(service, { role: 'viewer' })
    expect((await update(viewer.id, set)).status).toBe(200)
    expect((await viewer.get('/me')).status).toBe(401)
  })

  it.each([
    ['a new name', { name: '新名字' }],
    ['the same role', { role: 'viewer' }],
    ['nothing', {}],
  ])('goes on with %s', async (_what, set) => {
    const viewer = await person(service, { role: 'viewer' })
    expect((await update(viewer.id, set)).status).toBe(200)
    expect((await viewer.get('/me')).status).toBe(200)
  })

  it('cannot be opened on a closed account, and can after it is opened again', async () => {
    const viewer = await person(service, { role: 'viewer' })
    await update(viewer.id, { active: false })
    const closed = await service
      .visitor()
      .post<ProblemBody>('/session', { email: viewer.email, password: PASSWORD })
    expect([closed.status, closed.body.code]).toEqual([401, 'session.wrong-credentials'])
    await update(viewer.id, { active: true })
    expect((await viewer.get('/me')).status).toBe(401)
    await viewer.signIn(viewer.email, PASSWORD)
    expect((await viewer.get('/me')).status).toBe(200)
  })

  it('takes the new password and not the old one', async () => {
    const viewer = await person(service, { role: 'viewer' })
    await update(viewer.id, { password: 'a new long password' })
    expect((await viewer.post('/session', { email: viewer.email, password: PASSWORD })).status).toBe(401)
    expect(
      (await viewer.post('/session', { email: viewer.email, password: 'a new long password' })).status,
    ).toBe(200)
  })

  it('of an account that has gone is worth nothing', async () => {
    const viewer = await person(service, { role: 'viewer' })
    await service.services.connection.collection('accounts').deleteOne({ email: viewer.email })
    expect((await viewer.get('/me')).status).toBe(401)
  })

  it.each(['county-officer', 'operator'] as const)(
    'of a %s without a part of the city sees nothing rather than all',
    async (role) => {
      const limited = await person(service, { role, county: '350702', operator: 'op-1' })
      const none = { county: null, operator: null }
      await service.services.connection
        .collection('accounts')
        .updateOne({ email: limited.email }, { $set: none })
      expect((await limited.get('/vehicles')).status).toBe(401)
    },
  )
})
