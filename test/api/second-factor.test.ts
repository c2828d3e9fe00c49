import { URI } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Account, Me, Role } from '../../server/accounts/schema.ts'
import type { NewAuthenticator, RecoveryCodes } from '../../server/accounts/security-schema.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import { authenticator } from '../harness/authenticator.ts'
import { type Client, PASSWORD, person } from '../harness/client.ts'
import { ADMIN, startTestService, type TestService } from '../harness/service.ts'

/** How long a code of a second factor is shown. */
const STEP_MS = 30_000

let service: TestService
let admin: Client
beforeAll(async () => {
  service = await startTestService({ TRUST_PROXY: '1' })
  admin = service.admin
})
afterAll(() => service.close())

/**
 * Time stands still in the middle of a step, in each test some steps later: no code goes out of date between being
 * read and being asked for.
 */
beforeEach(() => {
  const { clock } = service.services
  const at = (Math.floor(clock.now().getTime() / STEP_MS) + 5.5) * STEP_MS
  clock.now = () => new Date(at)
})

type Person = Awaited<ReturnType<typeof person>>
const now = () => service.services.clock.now()
const begin = (by: Client, password = PASSWORD) =>
  by.post<NewAuthenticator & ProblemBody>('/me/second-factor', { password })
const confirm = (by: Client, code: string) =>
  by.post<RecoveryCodes & ProblemBody>('/me/second-factor/confirm', { code })

/** Somebody with a second factor, whose step that confirmed it has been used. */
async function protectedPerson(role: Role = 'officer') {
  const client = await person(service, { role })
  return { client, ...(await protect(client)) }
}
async function protect(client: Client, password = PASSWORD) {
  const { secret, uri } = (await begin(client, password)).body
  const phone = authenticator(secret)
  const { status, body } = await confirm(client, formerCode(phone))
  if (status !== 200) throw new Error(`confirming answered ${status} ${JSON.stringify(body)}`)
  return { phone, uri, secret, codes: body.recoveryCodes }
}
/** The code of the step before, which is taken until this step ends. */
const formerCode = (phone: ReturnType<typeof authenticator>): string => phone.code(now(), -1)
let network = 0
const signIn = (email: string, code?: string, password = PASSWORD) =>
  service
    .visitor()
    .send<Me & ProblemBody>(
      'POST',
      '/session',
      { email, password, ...(code === undefined ? {} : { code }) },
      { 'x-forwarded-for': `198.51.100.${++network % 250}` },
    )
const outcome = ({ status, body }: { status: number; body: ProblemBody }) => [status, body.code]
const require = (...roles: Role[]) => admin.send('PATCH', '/settings', { requireSecondFactor: roles })

describe('setting up a second factor', () => {
  it('gives a secret for the telephone, and counts once a code of it is confirmed', async () => {
    const officer = await person(service, { role: 'officer' })
    const { secret, uri } = (await begin(officer)).body
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    const read = URI.parse(uri)
    expect(read).toMatchObject({ issuer: '车辆更新台账', label: officer.email, algorithm: 'SHA1', digits: 6 })
    expect(read.secret.base32).toBe(secret)
    expect((await officer.get<Me>('/me')).body.secondFactor).toBe(false)
    expect((await signIn(officer.email)).status).toBe(200)
    const phone = authenticator(secret)
    const wrong = phone.code(now()) === '000000' ? '000001' : '000000'
    expect(outcome(await confirm(officer, wrong))).toEqual([400, 'session.wrong-code'])
    const { status, body } = await confirm(officer, phone.code(now()))
    expect(status).toBe(200)
    expect(new Set(body.recoveryCodes).size).toBe(10)
    for (const code of body.recoveryCodes)
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/)
    expect((await officer.get<Me>('/me')).body.secondFactor).toBe(true)
    expect(outcome(await confirm(officer, phone.code(now())))).toEqual([409, 'second-factor.not-pending'])
  })

  it('wants the password once more, and a beginning', async () => {
    const officer = await person(service, { role: 'officer' })
    expect(outcome(await begin(officer, 'a wrong password'))).toEqual([403, 'password.wrong'])
    expect(outcome(await confirm(officer, '123456'))).toEqual([409, 'second-factor.not-pending'])
    for (const path of ['/me/second-factor', '/me/second-factor/remove', '/me/second-factor/recovery-codes'])
      for (const body of [{}, { password: '' }, { password: { $ne: 1 } }, { password: PASSWORD, x: 1 }])
        expect([path, body, (await officer.post(path, body)).status]).toEqual([path, body, 400])
    for (const body of [{}, { code: '' }, { code: 123456 }, { code: 'x'.repeat(41) }])
      expect((await officer.post('/me/second-factor/confirm', body)).status).toBe(400)
    for (const path of ['', '/confirm', '/remove', '/recovery-codes'])
      expect((await service.visitor().post(`/me/second-factor${path}`, {})).status).toBe(401)
  })

  it('is confirmed by one of several at once', async () => {
    const officer = await person(service, { role: 'officer' })
    const { secret } = (await begin(officer)).body
    const code = authenticator(secret).code(now())
    const tries = await Promise.all(Array.from({ length: 5 }, () => confirm(officer, code)))
    expect(tries.map((t) => t.status).sort()).toEqual([200, 409, 409, 409, 409])
    const winner = tries.find((t) => t.status === 200)?.body.recoveryCodes ?? []
    expect((await signIn(officer.email, winner[0])).status).toBe(200)
  })

  it('moves to a new telephone when that is confirmed, and not before', async () => {
    const { client, phone } = await protectedPerson()
    const { secret } = (await begin(client)).body
    expect((await signIn(client.email, phone.code(now()))).status).toBe(200)
    const next = authenticator(secret)
    expect((await confirm(client, formerCode(next))).status).toBe(200)
    expect((await signIn(client.email, phone.code(now(), 1))).status).toBe(401)
    expect((await signIn(client.email, next.code(now()))).status).toBe(200)
  })

  it('keeps neither the secret nor the recovery codes readable in the database', async () => {
    const { secret, codes, client } = await protectedPerson()
    const pending = (await begin(client)).body.secret
    const { connection } = service.services
    for (const { name } of (await connection.db?.listCollections().toArray()) ?? []) {
      const docs = JSON.stringify(await connection.collection(name).find({}).toArray())
      for (const text of [secret, pending, ...codes, ...codes.map((c) => c.replace('-', ''))])
        expect([name, docs.includes(text)]).toEqual([name, false])
    }
    const listed = JSON.stringify((await admin.get('/accounts')).body)
    expect(listed).not.toMatch(/authenticator|pendingSecret|recoveryCodes|lastStep|argon2/)
  })
})

describe('signing in with a second factor', () => {
  it('needs password and code, and says which is missing or wrong', async () => {
    const { client, phone } = await protectedPerson()
    expect(outcome(await signIn(client.email))).toEqual([401, 'session.second-factor'])
    const code = phone.code(now())
    const wrong = code === '000000' ? '000001' : '000000'
    expect(outcome(await signIn(client.email, wrong))).toEqual([401, 'session.wrong-code'])
    expect(outcome(await signIn(client.email, code, 'a wrong password'))).toEqual([
      401,
      'session.wrong-credentials',
    ])
    const right = await signIn(client.email, code)
    expect([right.status, right.body.secondFactor]).toEqual([200, true])
  })

  it('takes each code once, also of many at once', async () => {
    const { client, phone } = await protectedPerson()
    const code = phone.code(now())
    const tries = await Promise.all(Array.from({ length: 4 }, () => signIn(client.email, code)))
    expect(tries.map((t) => t.status).sort()).toEqual([200, 401, 401, 401])
    expect(outcome(await signIn(client.email, code))).toEqual([401, 'session.wrong-code'])
    // An earlier step is over once a later one was used.
    expect((await signIn(client.email, phone.code(now(), 1))).status).toBe(200)
    expect((await signIn(client.email, phone.code(now(), 0))).status).toBe(401)
  })

  it('takes the step before and the one after, and no other', async () => {
    for (const [steps, status] of [
      [-3, 401],
      [-2, 401],
      [1, 200],
      [3, 401],
    ] as const) {
      const { client, phone } = await protectedPerson()
      expect([steps, (await signIn(client.email, phone.code(now(), steps))).status]).toEqual([steps, status])
    }
  })

  it('takes a code as people type it', async () => {
    const { client, phone, codes } = await protectedPerson()
    const code = phone.code(now())
    const wide = [...code].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join('')
    expect((await signIn(client.email, ` ${wide.slice(0, 3)} ${wide.slice(3)} `)).status).toBe(200)
    const typed = (codes[0] ?? '').toLowerCase().replace('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')
    expect((await signIn(client.email, typed)).status).toBe(200)
  })

  it('takes each recovery code once, of this account alone', async () => {
    const { client, codes } = await protectedPerson()
    const other = await protectedPerson()
    expect(outcome(await signIn(other.client.email, codes[0]))).toEqual([401, 'session.wrong-code'])
    const tries = await Promise.all(Array.from({ length: 4 }, () => signIn(client.email, codes[0])))
    expect(tries.map((t) => t.status).sort()).toEqual([200, 401, 401, 401])
    expect((await signIn(client.email, codes[1])).status).toBe(200)
    expect(outcome(await signIn(client.email, codes[0]))).toEqual([401, 'session.wrong-code'])
  })

  it('counts wrong codes as failures, and asking for the code forgives none', async () => {
    const { client, phone } = await protectedPerson()
    const from = { 'x-forwarded-for': '192.0.2.77' }
    const attempt = (code?: string) =>
      service
        .visitor()
        .send<ProblemBody>(
          'POST',
          '/session',
          { email: client.email, password: PASSWORD, ...(code ? { code } : {}) },
          from,
        )
    const wrong = phone.code(now()) === '000000' ? '000001' : '000000'
    for (let i = 0; i < 5; i++) {
      expect(outcome(await attempt())).toEqual([401, 'session.second-factor'])
      expect(outcome(await attempt(wrong))).toEqual([401, 'session.wrong-code'])
    }
    expect(outcome(await attempt(phone.code(now())))).toEqual([429, 'session.throttled'])
  })

  it('is untouched by a link by mail that sets the password', async () => {
    const { client, phone } = await protectedPerson()
    const { accountLinks, connection, keys } = service.services
    await accountLinks.requestReset(client.email, 'x', now())
    await accountLinks.settle(now())
    const doc = await connection.collection('accounts').findOne({ email: client.email })
    const token = keys.mac('link', `reset|${client.id}|${doc?.reset.nonce}`)
    const password = 'set by a link by mail'
    expect((await service.visitor().post('/links/redeem', { token, password })).status).toBe(204)
    expect(outcome(await signIn(client.email, undefined, password))).toEqual([401, 'session.second-factor'])
    expect((await signIn(client.email, phone.code(now()), password)).status).toBe(200)
  })
})

describe('ending or renewing it', () => {
  it('takes the password, and then the password alone signs in', async () => {
    const { client } = await protectedPerson()
    const remove = (password: string) => client.post<ProblemBody>('/me/second-factor/remove', { password })
    expect(outcome(await remove('a wrong password'))).toEqual([403, 'password.wrong'])
    expect((await remove(PASSWORD)).status).toBe(204)
    expect((await signIn(client.email)).status).toBe(200)
    expect(outcome(await remove(PASSWORD))).toEqual([409, 'second-factor.off'])
    const renew = await client.post<ProblemBody>('/me/second-factor/recovery-codes', { password: PASSWORD })
    expect(outcome(renew)).toEqual([409, 'second-factor.off'])
  })

  it('renews the recovery codes, and voids the earlier ones', async () => {
    const { client, codes } = await protectedPerson()
    const { body } = await client.post<RecoveryCodes>('/me/second-factor/recovery-codes', {
      password: PASSWORD,
    })
    expect(body.recoveryCodes).toHaveLength(10)
    expect((await signIn(client.email, codes[0])).status).toBe(401)
    expect((await signIn(client.email, body.recoveryCodes[9])).status).toBe(200)
  })

  it('is done by the administrator for a lost telephone, and signs the account out', async () => {
    const { client } = await protectedPerson()
    const path = `/accounts/${client.id}/reset-second-factor`
    for (const by of [client, await person(service, { role: 'viewer' })])
      expect((await by.post(path)).status).toBe(403)
    const { status, body } = await admin.post<Account>(path)
    expect([status, body.secondFactor]).toEqual([200, false])
    expect((await client.get('/me')).status).toBe(401)
    expect((await signIn(client.email)).status).toBe(200)
    expect((await admin.post(path)).status).toBe(200)
    expect((await admin.post(`/accounts/${'f'.repeat(24)}/reset-second-factor`)).status).toBe(404)
  })
})

describe('what an administrator requires', () => {
  it('holds a session to setting it up, and nothing else', async () => {
    const officer: Person = await person(service, { role: 'officer' })
    const viewer: Person = await person(service, { role: 'viewer' })
    expect((await require('officer')).body).toEqual({ requireSecondFactor: ['officer'] })
    try {
      expect((await officer.get<Me>('/me')).body).toMatchObject({
        ...{ secondFactor: false, mustSetUpSecondFactor: true },
      })
      const refused: [string, string, unknown?][] = [
        ['GET', '/vehicles'],
        ['GET', '/vehicles/nonsense'],
        ['POST', '/changes', {}],
        ['GET', '/compliance'],
        ['PATCH', '/me', { name: 'x' }],
        ['GET', '/me/tokens'],
        ['POST', '/me/tokens', { name: 'x', permissions: ['read'], days: 1 }],
        ['GET', '/me/sessions'],
        ['DELETE', '/me/sessions'],
        ['GET', '/notices'],
        ['GET', '/openapi.json'],
        ['GET', '/docs/'],
        ['GET', '/accounts'],
        ['GET', '/outbox'],
        ['GET', '/nowhere'],
      ]
      for (const [method, path, body] of refused) {
        const answer = await officer.send<ProblemBody>(method, path, body)
        expect([method, path, ...outcome(answer)]).toEqual([method, path, 403, 'second-factor.required'])
      }
      expect((await viewer.get('/vehicles')).status).toBe(200)
      expect((await officer.get('/setup')).status).toBe(200)
      const changed = await officer.post('/me/password', { current: PASSWORD, password: 'another password' })
      expect(changed.status).toBe(204)
      await protect(officer, 'another password')
      expect((await officer.get('/vehicles')).status).toBe(200)
      expect((await officer.get<Me>('/me')).body.mustSetUpSecondFactor).toBe(false)
      const removed = await officer.post<ProblemBody>('/me/second-factor/remove', {
        password: 'another password',
      })
      expect(outcome(removed)).toEqual([403, 'second-factor.required'])
      const late: Person = await person(service, { role: 'officer' })
      expect((await late.get('/vehicles')).status).toBe(403)
      expect((await late.send('DELETE', '/session')).status).toBe(204)
    } finally {
      await require()
    }
    const free: Person = await person(service, { role: 'officer' })
    expect((await free.get('/vehicles')).status).toBe(200)
  })

  it('is the administrator’s business, names roles, and stays', async () => {
    const officer = await person(service, { role: 'officer' })
    expect((await officer.get('/settings')).status).toBe(403)
    expect((await officer.send('PATCH', '/settings', { requireSecondFactor: [] })).status).toBe(403)
    expect((await service.visitor().get('/settings')).status).toBe(401)
    for (const body of [{ requireSecondFactor: ['root'] }, { requireSecondFactor: 'officer' }, { x: 1 }, []])
      expect((await admin.send('PATCH', '/settings', body)).status).toBe(400)
    await require('operator', 'viewer', 'viewer')
    expect((await admin.send('PATCH', '/settings', {})).body).toEqual({
      requireSecondFactor: ['viewer', 'operator'],
    })
    await service.restart()
    expect((await admin.get('/settings')).body).toEqual({ requireSecondFactor: ['viewer', 'operator'] })
    await require()
  })

  it('holds the administrator too', async () => {
    await require('administrator')
    expect((await admin.get<ProblemBody>('/accounts')).body.code).toBe('second-factor.required')
    const { phone } = await protect(admin, ADMIN.password)
    expect((await require()).status).toBe(200)
    expect((await signIn(ADMIN.email, phone.code(now()), ADMIN.password)).status).toBe(200)
  })
})
