import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MailView, MailWithContent } from '../../jobs/schema.ts'
import { digest } from '../../server/accounts/keys.ts'
import type { Account, Me } from '../../server/accounts/schema.ts'
import type { LinkView } from '../../server/accounts/security-schema.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import { type Client, PASSWORD, type Page, person } from '../harness/client.ts'
import { ADMIN, NOW, startTestService, type TestService } from '../harness/service.ts'
import { startSmtp, type TestSmtp } from '../harness/smtp.ts'

let smtp: TestSmtp
let service: TestService
let admin: Client
beforeAll(async () => {
  smtp = await startSmtp()
  service = await startTestService({
    ...{ SMTP_URL: smtp.url, PUBLIC_URL: 'https://fleet.example.com/', TRUST_PROXY: '1' },
  })
  admin = service.admin
})
afterAll(async () => {
  await service?.close()
  await smtp?.close()
})

const later = (ms: number) => new Date(Date.parse(NOW) + ms).toISOString()
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const accounts = () => service.services.connection.collection('accounts')
const mailsTo = (email: string) => smtp.received.filter((m) => m.to.includes(email))
/** Waits for the mails to an address, as its reader does. */
async function mailbox(email: string, count = 1) {
  await expect.poll(() => mailsTo(email).length).toBe(count)
  return mailsTo(email)
}
const tokenIn = (text: string | undefined) => /\/link#token=([\w-]+)/.exec(text ?? '')?.[1] ?? ''

let n = 0
async function invite(more: Record<string, unknown> = {}) {
  const email = `invited-${++n}@example.com`
  const given = { email, name: `新同事${n}`, role: 'officer', ...more }
  const made = await admin.post<Account>('/accounts', given)
  expect(made.status).toBe(201)
  const [mail] = await mailbox(email)
  return { email, account: made.body, mail: mail?.mail, token: tokenIn(mail?.mail.text) }
}
async function forgot(email: string, by: Client = service.visitor()) {
  const before = mailsTo(email).length
  expect((await by.post('/password-resets', { email })).status).toBe(202)
  return tokenIn((await mailbox(email, before + 1))[before]?.mail.text)
}
let network = 0
/** Redeems a link, each time from another address: what is counted by address is asked for by itself. */
const redeem = (token: string, password = PASSWORD, by: Client = service.visitor()) =>
  by.send<ProblemBody>(...(['POST', '/links/redeem', { token, password }] as const), {
    'x-forwarded-for': `198.51.100.${++network % 250}`,
  })
const check = (token: string) => service.visitor().post<LinkView & ProblemBody>('/links/check', { token })

describe('an invitation', () => {
  it('arrives by mail, sets a password once, and never a second time', async () => {
    const { email, account, mail, token } = await invite()
    expect(account).toMatchObject({ invited: true, secondFactor: false, lastSignInAt: null })
    expect(mail?.subject).toBe('车辆更新台账：邀请您使用')
    const link = `https://fleet.example.com/link#token=${token}`
    expect(mail?.text).toContain(link)
    expect(mail?.html).toContain(`href="${link}"`)
    expect(mail?.text).toMatch(/2026-11-30 10:0\d/)
    expect((await check(token)).body).toEqual({ kind: 'invitation', email, name: account.name })
    expect((await redeem(token)).status).toBe(204)
    for (const again of [await redeem(token, 'another long password'), await check(token)])
      expect([again.status, again.body.code]).toEqual([410, 'link.expired'])
    const own = service.visitor()
    await own.signIn(email, PASSWORD)
    expect((await own.get<Me>('/me')).body).toMatchObject({ email, role: 'officer', via: 'session' })
    const { items } = (await admin.get<{ items: Account[] }>('/accounts')).body
    const now = items.find((a) => a.id === account.id)
    expect(now).toMatchObject({ invited: false, lastSignInAt: expect.stringMatching(/^2026-11-23T/) })
  })

  it('is written in the reader’s language', async () => {
    const { mail } = await invite({ language: 'en' })
    expect(mail?.subject).toContain('Your invitation')
    expect(mail?.html).toContain('lang="en"')
    expect(/\p{Script=Han}/u.test(mail?.text?.replace(/新同事\d+/, '') ?? '汉')).toBe(false)
  })

  it('opens nothing before it is used', async () => {
    const { email } = await invite()
    for (const password of ['', 'null', PASSWORD, 'no account has this password']) {
      const { status } = await service.visitor().post('/session', { email, password })
      expect(status).toBe(password === '' ? 400 : 401)
    }
  })

  it('is worth nothing once it is sent again, which only an account without a password can be', async () => {
    const { email, account, token } = await invite()
    const again = await admin.post<Account>(`/accounts/${account.id}/invite`)
    expect([again.status, again.body.invited]).toEqual([200, true])
    const fresh = tokenIn((await mailbox(email, 2))[1]?.mail.text)
    expect((await redeem(token)).status).toBe(410)
    expect((await redeem(fresh)).status).toBe(204)
    const late = await admin.post<ProblemBody>(`/accounts/${account.id}/invite`)
    expect([late.status, late.body.code]).toEqual([409, 'account.not-invited'])
    expect((await admin.post(`/accounts/${'f'.repeat(24)}/invite`)).status).toBe(404)
    expect((await admin.post('/accounts/nonsense/invite')).status).toBe(400)
    const officer = await person(service, { role: 'officer' })
    expect((await officer.post(`/accounts/${account.id}/invite`)).status).toBe(403)
    expect((await service.visitor().post(`/accounts/${account.id}/invite`)).status).toBe(401)
  })

  it('is used by one of many who press at once', async () => {
    const { email, token } = await invite()
    const tries = await Promise.all(
      Array.from({ length: 6 }, (_, i) => redeem(token, `password number ${i}`)),
    )
    expect(tries.map((t) => t.status).sort()).toEqual([204, 410, 410, 410, 410, 410])
    const winner = tries.findIndex((t) => t.status === 204)
    await service.visitor().signIn(email, `password number ${winner}`)
  })

  it('of a closed account, and one that gets a password from the administrator, are worth nothing', async () => {
    const closed = await invite()
    await admin.send('PATCH', `/accounts/${closed.account.id}`, { active: false })
    expect((await redeem(closed.token)).status).toBe(410)
    expect((await check(closed.token)).status).toBe(410)
    const given = await invite()
    await admin.send('PATCH', `/accounts/${given.account.id}`, { password: 'from the administrator' })
    expect((await redeem(given.token)).status).toBe(410)
    await service.visitor().signIn(given.email, 'from the administrator')
  })

  it('refuses a password that is none, and goes on working', async () => {
    const { token } = await invite()
    for (const password of ['short', 'x'.repeat(201), '']) {
      const { status } = await redeem(token, password)
      expect([password, status]).toEqual([password, 400])
    }
    expect((await redeem(token)).status).toBe(204)
  })
})

describe('a forgotten password', () => {
  it('is set anew by a link that ends every session, once', async () => {
    const viewer = await person(service, { role: 'viewer' })
    const token = await forgot(viewer.email)
    expect((await check(token)).body).toMatchObject({ kind: 'reset', email: viewer.email })
    expect((await viewer.get('/me')).status).toBe(200)
    expect((await redeem(token, 'a new long password')).status).toBe(204)
    expect((await viewer.get('/me')).status).toBe(401)
    expect((await redeem(token, 'once more if you please')).status).toBe(410)
    expect((await viewer.post('/session', { email: viewer.email, password: PASSWORD })).status).toBe(401)
    await viewer.signIn(viewer.email, 'a new long password')
  })

  it('ends with each new link the one before', async () => {
    const viewer = await person(service, { role: 'viewer' })
    const first = await forgot(viewer.email)
    const second = await forgot(viewer.email)
    expect((await redeem(first)).status).toBe(410)
    expect((await redeem(second)).status).toBe(204)
  })

  it('is answered alike for unknown, closed and known addresses, and mailed to the known alone', async () => {
    const known = await person(service, { role: 'viewer' })
    const closed = await person(service, { role: 'viewer' })
    await admin.send('PATCH', `/accounts/${closed.id}`, { active: false })
    const answers = []
    for (const email of ['nobody@example.com', closed.email, known.email]) {
      const { status, body, headers } = await service.visitor().post('/password-resets', { email })
      answers.push({ status, body, cookies: headers.getSetCookie() })
    }
    expect(answers).toEqual(Array.from({ length: 3 }, () => ({ status: 202, body: {}, cookies: [] })))
    await mailbox(known.email)
    await service.services.accountRounds.run()
    expect([mailsTo('nobody@example.com'), mailsTo(closed.email)]).toEqual([[], []])
    expect(await service.services.connection.collection('reset-requests').countDocuments()).toBe(0)
  })

  it('sends five mails an hour to one address and no more, saying so to nobody', async () => {
    const viewer = await person(service, { role: 'viewer' })
    for (let i = 1; i <= 7; i++) {
      expect((await service.visitor().post('/password-resets', { email: viewer.email })).status).toBe(202)
      await service.services.accountRounds.run()
    }
    await mailbox(viewer.email, 5)
  })

  it('makes one link of a request, though it is settled by several at once, and again after a crash', async () => {
    const viewer = await person(service, { role: 'viewer' })
    const { accountLinks, accountRounds, clock, connection } = service.services
    const now = clock.now()
    const request = { _id: digest(viewer.email), email: viewer.email, at: now }
    const ask = () => connection.collection<typeof request>('reset-requests').insertOne({ ...request })
    const resetOf = async () => (await accounts().findOne({ email: viewer.email }))?.reset
    await ask()
    await Promise.all([1, 2, 3, 4].map(() => accountLinks.settle(now)))
    const made = await resetOf()
    expect(made.nonce).toBeTruthy()
    await accountRounds.run()
    const [mail] = await mailbox(viewer.email)
    // A process died before it removed the request.
    await ask()
    await accountLinks.settle(new Date(now.getTime() + MINUTE))
    await accountRounds.run()
    expect((await resetOf()).nonce).toBe(made.nonce)
    expect(await connection.collection('reset-requests').countDocuments()).toBe(0)
    const taken = await connection.collection<{ _id: string; attempts: number }>('throttles').findOne({
      _id: `reset|${request._id}`,
    })
    expect(taken?.attempts).toBe(1)
    await service.jobs.outbox.deliverDue(clock.now())
    expect(mailsTo(viewer.email)).toHaveLength(1)
    expect((await redeem(tokenIn(mail?.mail.text), 'a new long password')).status).toBe(204)
  })

  it.each([{}, { email: 'x' }, { email: { $ne: null } }, { email: 'a@example.com', extra: 1 }, []])(
    'is not asked for with %j',
    async (body) => {
      expect((await service.visitor().post('/password-resets', body)).status).toBe(400)
    },
  )

  it('also serves somebody who has lost the invitation', async () => {
    const { email, token } = await invite()
    const reset = await forgot(email)
    expect((await redeem(reset)).status).toBe(204)
    expect((await redeem(token)).status).toBe(410)
  })
})

describe('links', () => {
  it.each(['', 'x', '$ne', 'A'.repeat(43), { $ne: null }, null, 5])(
    'that are %j open nothing',
    async (token) => {
      for (const [path, more] of [
        ['/links/check', {}],
        ['/links/redeem', { password: PASSWORD }],
      ] as const) {
        const { status } = await service.visitor().post(path, { token, ...more })
        expect([path, status]).toEqual([path, typeof token === 'string' && token !== '' ? 410 : 400])
      }
    },
  )

  it('stand nowhere in the database', async () => {
    const { token } = await invite()
    const viewer = await person(service, { role: 'viewer' })
    const reset = await forgot(viewer.email)
    const { connection } = service.services
    for (const { name } of (await connection.db?.listCollections().toArray()) ?? []) {
      const docs = JSON.stringify(await connection.collection(name).find({}).toArray())
      for (const secret of [token, reset]) expect([name, docs.includes(secret)]).toEqual([name, false])
    }
  })

  it('are told once, also when a crash comes between a link and its mail', async () => {
    const { email, token } = await invite()
    await service.services.accountRounds.run()
    const link = (await accounts().findOne({ email }))?.invitation
    for (let i = 0; i < 3; i++) {
      await accounts().updateOne({ email }, { $set: { 'invitation.mail': 'due' } })
      await service.services.accountRounds.run()
    }
    expect((await accounts().findOne({ email }))?.invitation).toEqual(link)
    await service.jobs.outbox.deliverDue(service.services.clock.now())
    expect(mailsTo(email)).toHaveLength(1)
    expect((await redeem(token)).status).toBe(204)
  })

  it('of somebody who asks for many are limited by address, and others go on', async () => {
    const guarded = await startTestService({ TRUST_PROXY: '1' })
    try {
      const from = (address: string) => ({ 'x-forwarded-for': address })
      const visitor = guarded.visitor()
      const guess = (address: string) =>
        visitor.send<ProblemBody>('POST', '/links/check', { token: 'guess' }, from(address))
      for (let i = 0; i < 20; i++) expect((await guess('203.0.113.5')).status).toBe(410)
      const stopped = await guess('203.0.113.5')
      expect([stopped.status, stopped.body.code]).toEqual([429, 'session.throttled'])
      expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(200)
      expect((await guess('203.0.113.6')).status).toBe(410)
      const ask = (address: string) =>
        visitor.send('POST', '/password-resets', { email: `x${++n}@example.com` }, from(address))
      for (let i = 0; i < 20; i++) expect((await ask('203.0.113.5')).status).toBe(202)
      expect((await ask('203.0.113.5')).status).toBe(429)
      expect((await ask('203.0.113.6')).status).toBe(202)
    } finally {
      await guarded.close()
    }
  })
})

describe('a mail with a link', () => {
  const mailOf = async (email: string, by = admin) =>
    (await by.get<Page<MailView>>('/outbox?limit=200')).body.items.find((m) => m.to === email)

  it('is shown to nobody, and its content is gone once it is sent', async () => {
    const { email, token } = await invite()
    await expect.poll(async () => (await mailOf(email))?.status).toBe('sent')
    const mail = await mailOf(email)
    expect(mail).toMatchObject({
      kind: 'account-invitation',
      secret: true,
      subject: '车辆更新台账：邀请您使用',
    })
    const shown = (await admin.get<MailWithContent>(`/outbox/${mail?.id}`)).body
    expect(JSON.stringify(shown)).not.toContain(token)
    expect(shown.text).toContain('不予显示')
    const stored = await service.services.connection.collection('outbox').findOne({ 'to.address': email })
    expect([stored?.html, stored?.text]).toEqual(['', ''])
  })

  it('waits without a mail server, unreadable, and goes out with one; a late one is given up', async () => {
    const quiet = await startTestService({ PUBLIC_URL: 'https://fleet.example.com' })
    try {
      const email = 'waiting@example.com'
      await quiet.admin.post('/accounts', { email, name: '候', role: 'viewer' })
      await quiet.services.accountRounds.run()
      const [mail] = (await quiet.admin.get<Page<MailView>>('/outbox')).body.items
      expect(mail).toMatchObject({ to: email, status: 'queued', note: 'no-mail-server', secret: true })
      const { text, html } = (await quiet.admin.get<MailWithContent>(`/outbox/${mail?.id}`)).body
      expect(`${text}${html}`).not.toMatch(/token|link#/)
      const outbox = quiet.services.connection.collection('outbox')
      const stored = JSON.stringify(await outbox.findOne({}))
      expect(stored).not.toMatch(/token=|link#|候，/)
      await quiet.restart({ SMTP_URL: smtp.url })
      await quiet.jobs.outbox.deliverDue(quiet.services.clock.now())
      const token = tokenIn((await mailbox(email))[0]?.mail.text)
      const { status } = await quiet.visitor().post('/links/redeem', {
        token,
        password: PASSWORD,
      })
      expect(status).toBe(204)
      await quiet.restart({ SMTP_URL: '' })
      const late = 'late@example.com'
      await quiet.admin.post('/accounts', { email: late, name: '迟', role: 'viewer' })
      await quiet.services.accountRounds.run()
      await quiet.restart({ SMTP_URL: '', NOW: later(8 * 24 * HOUR) })
      await quiet.jobs.outbox.deliverDue(quiet.services.clock.now())
      const given = await quiet.services.connection.collection('outbox').findOne({ 'to.address': late })
      expect([given?.status, given?.html, given?.text]).toEqual(['given-up', '', ''])
      await quiet.admin.signIn(ADMIN.email, ADMIN.password)
      const again = await quiet.admin.post<ProblemBody>(`/outbox/${given?._id}/retry`)
      expect([again.status, again.body.code]).toEqual([409, 'mail.not-resendable'])
    } finally {
      await quiet.close()
    }
  })
})

describe('another SESSION_SECRET', () => {
  it('makes waiting mails unreadable and links worthless; an invitation can be sent again', async () => {
    const moved = await startTestService({ SESSION_SECRET: 'the first long secret' })
    try {
      const email = 'moved@example.com'
      const made = await moved.admin.post<Account>('/accounts', { email, name: '迁', role: 'viewer' })
      await moved.services.accountRounds.run()
      const settings = { SESSION_SECRET: 'the second long secret', SMTP_URL: smtp.url }
      await moved.restart({ ...settings, NOW: later(HOUR) })
      await moved.jobs.outbox.deliverDue(moved.services.clock.now())
      const mail = await moved.services.connection.collection('outbox').findOne({ 'to.address': email })
      expect([mail?.status, mail?.html, mail?.lastError]).toEqual([
        'failed',
        '',
        expect.stringContaining('SESSION_SECRET'),
      ])
      expect((await moved.admin.get('/me')).status).toBe(401)
      await moved.admin.signIn(ADMIN.email, ADMIN.password)
      await moved.admin.post(`/accounts/${made.body.id}/invite`)
      const token = tokenIn((await mailbox(email))[0]?.mail.text)
      expect((await moved.visitor().post('/links/redeem', { token, password: PASSWORD })).status).toBe(204)
    } finally {
      await moved.close()
    }
  })
})

describe('time', () => {
  it('ends a reset after an hour and an invitation after seven days', async () => {
    const { token } = await invite()
    const viewer = await person(service, { role: 'viewer' })
    const reset = await forgot(viewer.email)
    const statuses = async () => [(await check(token)).status, (await check(reset)).status]
    const begun = service.services.clock.now().getTime()
    const at = (ms: number) => service.restart({ NOW: new Date(begun + ms).toISOString() })
    await at(HOUR - 2 * MINUTE)
    expect(await statuses()).toEqual([200, 200])
    await at(HOUR + MINUTE)
    expect(await statuses()).toEqual([200, 410])
    await at(7 * 24 * HOUR - 2 * MINUTE)
    expect(await statuses()).toEqual([200, 410])
    await at(7 * 24 * HOUR + MINUTE)
    expect(await statuses()).toEqual([410, 410])
    expect((await redeem(token)).status).toBe(410)
  })
})
