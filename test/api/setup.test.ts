import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Me } from '../../server/accounts/schema.ts'
import { readConfig } from '../../server/config.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import { startTestService, type TestService } from '../harness/service.ts'

const FIRST = { email: 'first@example.com', name: '第一人', password: 'first long password' }

let service: TestService
beforeEach(async () => {
  service = await startTestService({ ADMIN_EMAIL: '', ADMIN_PASSWORD: '' })
})
afterEach(() => service.close())

const token = () => service.services.setUpToken.value
const accounts = () => service.services.connection.collection('accounts').countDocuments()

describe('the set-up of an empty service', () => {
  it('creates the first administrator with the token of the printed link and signs it in', async () => {
    expect(service.setUpLink).toBe(`${service.url}/setup?token=${token()}`)
    const visitor = service.visitor()
    expect((await visitor.get('/setup')).body).toEqual({ needed: true })
    const { status, body } = await visitor.post<Me>('/setup', { ...FIRST, token: token() })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      email: FIRST.email,
      name: FIRST.name,
      role: 'administrator',
      county: null,
      operator: null,
    })
    expect((await visitor.get<Me>('/me')).body.id).toBe(body.id)
    expect((await visitor.get('/accounts')).status).toBe(200)
    expect((await visitor.get('/setup')).body).toEqual({ needed: false })
  })

  it.each([
    ['wrong', 'x'.repeat(32)],
    ['of another length', 'x'],
    ['empty', ''],
    ['absent', undefined],
  ])('refuses a token that is %s', async (_what, given) => {
    const { status, body } = await service.visitor().post<ProblemBody>('/setup', { ...FIRST, token: given })
    expect([status, body.code]).toEqual([403, 'setup.token'])
    expect(await accounts()).toBe(0)
  })

  it.each([
    ['a short password', { password: 'short' }, 'password.short'],
    ['a bad address', { email: 'nobody' }, 'email.invalid'],
    ['a name of blanks', { name: '  ' }, 'request.too-small'],
    ['a role of its own choice', { role: 'viewer' }, 'request.unrecognized-keys'],
  ])('refuses %s', async (_what, change, code) => {
    const { status, body } = await service
      .visitor()
      .post<ProblemBody>('/setup', { ...FIRST, token: token(), ...change })
    expect(status).toBe(400)
    expect(body.errors.map((e) => e.code)).toEqual([code])
    expect(await accounts()).toBe(0)
  })

  it('can be done once, and its token then opens nothing', async () => {
    await service.visitor().post('/setup', { ...FIRST, token: token() })
    for (const again of [
      { ...FIRST, token: token() },
      { ...FIRST, email: 'second@example.com', token: token() },
      FIRST,
    ]) {
      const { status, body, headers } = await service.visitor().post<ProblemBody>('/setup', again)
      expect([status, body.code]).toEqual([409, 'setup.done'])
      expect(headers.getSetCookie()).toEqual([])
    }
    expect(await accounts()).toBe(1)
  })

  it('makes one administrator of several who press at once', async () => {
    const tries = Array.from({ length: 6 }, (_, i) =>
      service.visitor().post('/setup', { ...FIRST, email: `first${i}@example.com`, token: token() }),
    )
    const statuses = (await Promise.all(tries)).map((t) => t.status).sort()
    expect(statuses).toEqual([201, 409, 409, 409, 409, 409])
    expect(await accounts()).toBe(1)
  })

  it('is not offered after a restart; before it, a restart makes a new token', async () => {
    const old = token()
    await service.restart()
    expect(token()).not.toBe(old)
    expect((await service.visitor().post('/setup', { ...FIRST, token: old })).status).toBe(403)
    await service.visitor().post('/setup', { ...FIRST, token: token() })
    await service.restart()
    expect(service.setUpLink).toBeNull()
  })

  it('is not needed when the settings name an administrator, who is made once', async () => {
    const named = { ADMIN_EMAIL: 'named@example.com', ADMIN_PASSWORD: 'named long password' }
    await service.restart(named)
    expect(service.setUpLink).toBeNull()
    await service.restart({ ...named, ADMIN_PASSWORD: 'another long password' })
    expect(await accounts()).toBe(1)
    const visitor = service.visitor()
    await visitor.signIn(named.ADMIN_EMAIL, named.ADMIN_PASSWORD)
    expect((await visitor.post<ProblemBody>('/setup', { ...FIRST, token: token() })).body.code).toBe(
      'setup.done',
    )
  })

  it('takes the named administrator’s address as sign-in takes it', async () => {
    const named = { ADMIN_EMAIL: ' Chief@Example.COM', ADMIN_PASSWORD: 'named long password' }
    await service.restart(named)
    for (const email of ['chief@example.com', 'Chief@Example.COM'])
      await service.visitor().signIn(email, named.ADMIN_PASSWORD)
  })

  it.each([
    [{ ADMIN_EMAIL: 'chief', ADMIN_PASSWORD: 'named long password' }, 'ADMIN_EMAIL: is no e-mail address'],
    [{ ADMIN_EMAIL: 'chief@example.com', ADMIN_PASSWORD: 'x'.repeat(201) }, 'ADMIN_PASSWORD: '],
    [{ ADMIN_EMAIL: 'chief@example.com', ADMIN_PASSWORD: 'short' }, 'ADMIN_PASSWORD: '],
  ])('does not start with an administrator who could not sign in: %j', (named, fault) => {
    expect(() => readConfig({ DATA_DIR: service.config.dataDir, ...named })).toThrow(fault)
  })
})
