import { Writable } from 'node:stream'
import { parse } from 'csv-parse/sync'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createJobRoutes } from '../../jobs/routes.ts'
import { apiRoutes } from '../../server/app.ts'
import { AUDIT_ACTIONS } from '../../server/audit/actions.ts'
import type { AuditEntry } from '../../server/audit/schema.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import { en, zhCN } from '../../server/wording/index.ts'
import { authenticator } from '../harness/authenticator.ts'
import {
  type Client,
  csvOf,
  PASSWORD,
  type Page,
  person,
  type Recorded,
  vehicleOf,
} from '../harness/client.ts'
import { ADMIN, startTestService, type TestService } from '../harness/service.ts'
import { startSmtp, type TestSmtp } from '../harness/smtp.ts'

let service: TestService
let smtp: TestSmtp
let admin: Client
const logged: string[] = []
beforeAll(async () => {
  smtp = await startSmtp()
  const log = pino(
    { level: 'trace' },
    new Writable({
      write(line, _encoding, done) {
        logged.push(String(line))
        done()
      },
    }),
  )
  service = await startTestService({ SMTP_URL: smtp.url, PUBLIC_URL: 'https://fleet.example.com' }, { log })
  admin = service.admin
  // What a new installation runs at once notes itself in the log: afterwards nothing comes but what the tests do.
  const finished = async () => (await stored()).filter((entry) => entry.action === 'job.finished').length
  await vi.waitFor(async () => expect(await finished()).toBe(3), { timeout: 60_000, interval: 50 })
})
afterAll(async () => {
  await service?.close()
  await smtp?.close()
})

const entries = async (query = '') => (await admin.get<Page<AuditEntry>>(`/audit${query}`)).body.items
const latest = async (action: string) => (await entries(`?action=${action}&limit=1`))[0]
const stored = () => service.services.connection.collection('audit').find().sort({ _id: 1 }).toArray()

describe('every route', () => {
  it('that writes or exports has a name in the log, with words in both languages', () => {
    const routes = apiRoutes(service.services, createJobRoutes(service.jobs))
    const recorded = routes.filter((r) => r.method !== 'get' || r.produces !== undefined)
    expect(recorded.length).toBeGreaterThan(40)
    const nameless = recorded.filter((r) => r.audit === undefined).map((r) => `${r.method} ${r.path}`)
    expect(nameless).toEqual([])
    // What a reader has seen is the reader's own mark, a preview records nothing, and asking what a link is about
    // neither; all else that is no read is recorded.
    expect(routes.filter((r) => r.audit === false).map((r) => r.path)).toEqual([
      '/notices/seen',
      '/policy/preview',
      '/reporting/nil-link',
      '/scenarios/preview',
    ])
    for (const action of AUDIT_ACTIONS) {
      expect(zhCN.auditAction[action]).toMatch(/\p{Script=Han}/u)
      expect(en.auditAction[action]).not.toMatch(/\p{Script=Han}/u)
    }
  })
})

describe('the audit log', () => {
  it('records a sign-in and a failed one, with the address that was typed and never the password', async () => {
    const visitor = service.visitor()
    await visitor.post('/session', { email: 'nobody@example.com', password: 'guessed it' })
    const [failed, signedIn] = await entries('?action=session.open')
    expect(failed).toMatchObject({
      ...{ actor: null, via: null, outcome: 'refused', status: 401, problem: 'session.wrong-credentials' },
      target: { kind: 'account', label: 'nobody@example.com' },
      ...{ address: '127.0.0.1', method: 'POST', path: '/api/v1/session' },
      request: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(signedIn).toMatchObject({ actor: { email: ADMIN.email, role: 'administrator' }, outcome: 'done' })
    expect(JSON.stringify([failed, signedIn])).not.toMatch(/guessed it|a good long password/)
  })

  it('says who signed out', async () => {
    const officer = await person(service, { role: 'officer' })
    await officer.send('DELETE', '/session')
    expect(await latest('session.close')).toMatchObject({ actor: { email: officer.email }, outcome: 'done' })
  })

  it('says what an account was and became, and only what differs', async () => {
    const viewer = await person(service, { role: 'viewer' })
    expect(await latest('account.create')).toMatchObject({
      actor: { email: ADMIN.email },
      target: {
        kind: 'account',
        id: viewer.id,
        label: `viewer ${viewer.email.match(/\d+/)} ${viewer.email}`,
      },
      before: null,
      after: { email: viewer.email, role: 'viewer', active: true },
    })
    await admin.send('PATCH', `/accounts/${viewer.id}`, { role: 'county-officer', county: '350702' })
    const entry = await latest('account.update')
    // What it never chose of mails goes with the role.
    const mails = (on: boolean) => ({ weeklyReport: on, quarterlyReport: on, alerts: on })
    expect(entry?.before).toEqual({ role: 'viewer', county: null, ...mails(false) })
    expect(entry?.after).toEqual({ role: 'county-officer', county: '350702', ...mails(true) })
    await admin.send('PATCH', `/accounts/${viewer.id}`, { password: 'quite another password' })
    expect(await latest('account.update')).toMatchObject({
      before: {},
      after: {},
      detail: { passwordSet: true },
    })
  })

  it('says what settings and operators were and became', async () => {
    await admin.send('PATCH', '/settings', { requireSecondFactor: ['officer'] })
    expect(await latest('settings.update')).toMatchObject({
      before: { requireSecondFactor: [] },
      after: { requireSecondFactor: ['officer'] },
    })
    await admin.send('PATCH', '/settings', { requireSecondFactor: [] })
    const made = await admin.post<{ id: string }>('/operators', { name: '审计测试公司' })
    await admin.send('PATCH', `/operators/${made.body.id}`, { trusted: true })
    expect(await latest('operator.update')).toMatchObject({
      target: { kind: 'operator', id: made.body.id, label: '审计测试公司' },
      before: { trusted: false },
      after: { trusted: true },
    })
  })

  it('says what was recorded and withdrawn, and what was refused; not what was only asked', async () => {
    const before = (await stored()).length
    const vehicle = vehicleOf(1)
    await admin.post('/changes?dryRun=true', { kind: 'stock', vehicle })
    await admin.post('/changes?dryRun=true', { kind: 'stock', vehicle: {} })
    expect((await stored()).length).toBe(before)
    const made = await admin.post<Recorded>('/changes', { kind: 'stock', vehicle, note: '首批' })
    expect(await latest('change.record')).toMatchObject({
      outcome: 'done',
      target: { kind: 'change', id: made.body.id, label: `${vehicle.plate} ${vehicle.vin}` },
      before: null,
      after: { kind: 'stock', vehicle: { vin: vehicle.vin, energy: 'diesel' }, note: '首批' },
    })
    await admin.post(`/changes/${made.body.id}/void`, { reason: '重复' })
    expect(await latest('change.void')).toMatchObject({
      target: { id: made.body.id },
      ...{ before: { voided: false }, after: { voided: true }, detail: { reason: '重复' } },
    })
    await admin.post(`/changes/${made.body.id}/void`, { reason: '再来' })
    expect(await latest('change.void')).toMatchObject({
      ...{ outcome: 'refused', status: 409, problem: 'change.already-voided' },
      target: { kind: 'change', id: made.body.id },
    })
  })

  it('says what became of a list, and which cells were mended from what to what', async () => {
    const rows = [
      { ...vehicleOf(21), kind: 'stock' },
      { ...vehicleOf(22), kind: 'stock', energy: '混合动力' },
    ]
    const { id } = await admin.check('名单.csv', csvOf(rows))
    expect(await latest('import.send')).toMatchObject({ target: { kind: 'import', id, label: '名单.csv' } })
    const mended = await admin.post(`/imports/${id}/mend`, { rows: [{ seq: 2, cells: { energy: '柴油' } }] })
    expect(mended.status).toBe(200)
    const entry = await latest('import.mend')
    expect(entry?.target).toEqual({ kind: 'import', id, label: '名单.csv' })
    expect(Object.values(entry?.before as object)).toEqual([{ energy: '混合动力' }])
    expect(Object.values(entry?.after as object)).toEqual([{ energy: '柴油' }])
    await admin.importIn(id, 'checked')
    await admin.post(`/imports/${id}/approve`, { rows: 'all' })
    expect(await latest('import.approve')).toMatchObject({ target: { id }, detail: { approve: 'all' } })
    await admin.importIn(id, 'applied')
    await admin.post(`/imports/${id}/withdraw`, { reason: '传错了' })
    expect(await latest('import.withdraw')).toMatchObject({ target: { id }, detail: { reason: '传错了' } })
    await admin.importIn(id, 'withdrawn')
  })

  it('records writes that are refused before any route, and those that no route takes', async () => {
    await admin.send('PATCH', '/me', { name: 'x' }, { origin: 'https://evil.example' })
    expect((await entries('?limit=1'))[0]).toMatchObject({
      ...{ action: 'request.unknown', status: 403, problem: 'request.foreign-origin', path: '/api/v1/me' },
    })
    const officer = await person(service, { role: 'operator' })
    await officer.post('/operators', { name: 'x' })
    expect(await latest('operator.create')).toMatchObject({
      ...{ outcome: 'refused', status: 403, problem: 'permission.denied', actor: { email: officer.email } },
    })
    await service.visitor().post('/operators', { name: 'x' })
    expect(await latest('operator.create')).toMatchObject({ status: 401, actor: null })
    await admin.post('/nowhere', { a: 1 })
    expect((await entries('?limit=1'))[0]).toMatchObject({ action: 'request.unknown', status: 404 })
    await officer.get('/accounts')
    expect((await entries('?limit=1'))[0]).toMatchObject({
      method: 'GET',
      path: '/api/v1/accounts',
      status: 403,
    })
    await admin.post('/session', '{')
    expect((await entries('?limit=1'))[0]).toMatchObject({ problem: 'request.not-json', outcome: 'refused' })
  })

  it('records exports, and what the service does by itself', async () => {
    await admin.get('/imports/template.xlsx?category=truck')
    expect(await latest('import.template')).toMatchObject({
      ...{ method: 'GET', outcome: 'done', status: 200, detail: { query: { category: 'truck' } } },
    })
    await admin.post('/jobs/daily-check/run')
    expect(await latest('job.run')).toMatchObject({ target: { kind: 'job', id: 'daily-check' }, status: 202 })
    await expect
      .poll(async () => (await entries('?action=job.finished&target=job:daily-check')).length)
      .toBeGreaterThan(1)
    expect((await entries('?action=job.finished&target=job:daily-check'))[0]).toMatchObject({
      ...{ actor: null, via: 'system', outcome: 'done', detail: { manual: true } },
    })
    expect((await entries('?action=ledger.seal'))[0]).toMatchObject({
      ...{ via: 'system', target: { kind: 'seal', id: '2026-11-22' } },
      detail: { chain: expect.stringMatching(/^[0-9a-f]{64}$/) },
    })
  })

  it('lets out no answer whose entry it cannot store, to somebody who is signed in either', async () => {
    const officer = await person(service, { role: 'officer' })
    const rename = (name: string) => officer.send<ProblemBody>('PATCH', '/me', { name })
    const audit = service.services.connection.collection('audit')
    await audit.createIndex(
      { action: 1 },
      { name: 'one', unique: true, partialFilterExpression: { 'actor.email': officer.email, status: 200 } },
    )
    try {
      expect((await rename('第一次')).status).toBe(200)
      // The session is due to be stored again, which begins an answer before it ends.
      await service.services.connection
        .collection('sessions')
        .updateOne({ 'session.account': officer.id }, { $set: { lastModified: new Date(0) } })
      const { status, body, headers } = await rename('第二次')
      expect([status, body.code]).toEqual([503, 'busy'])
      expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    } finally {
      await audit.dropIndex('one')
    }
    expect((await rename('第三次')).status).toBe(200)
  })

  it('never changes an entry', async () => {
    const before = await stored()
    await admin.send('PATCH', '/me', { name: '管理员' })
    for (const method of ['POST', 'PATCH', 'PUT', 'DELETE'])
      for (const path of ['/audit', `/audit/${before[0]?._id}`])
        expect([404, 405]).toContain((await admin.send(method, path, {})).status)
    expect((await stored()).slice(0, before.length)).toEqual(before)
  })
})

describe('searching', () => {
  it('finds by who, action, target, outcome, text and days', async () => {
    const officer = await person(service, { role: 'officer' })
    await officer.send('PATCH', '/me', { name: '王查账' })
    for (const query of [`actor=${officer.id}`, `actor=${encodeURIComponent(officer.email.toUpperCase())}`])
      expect((await entries(`?${query}`)).map((e) => e.action)).toEqual(['me.update', 'session.open'])
    expect((await entries(`?q=${officer.email}&action=account.`)).map((e) => e.action)).toEqual([
      'account.create',
    ])
    expect(await entries(`?target=account:${officer.id}`)).toHaveLength(2)
    const refused = await entries('?outcome=refused&limit=200')
    expect(refused.length).toBeGreaterThan(5)
    expect(new Set(refused.map((e) => e.outcome))).toEqual(new Set(['refused']))
    expect(await entries('?to=2026-11-22')).toEqual([])
    expect(
      (await entries('?from=2026-11-23&to=2026-11-23&action=session.open,session.close')).length,
    ).toBeGreaterThan(3)
    expect(await entries('?q=.*')).toEqual([])
    for (const bad of ['?from=2026-13-01', '?outcome=x', '?cursor=x', '?unknown=1'])
      expect([bad, (await admin.get(`/audit${bad}`)).status]).toEqual([bad, 400])
  })

  it('gives every entry once over its pages, newest first', async () => {
    const seen: AuditEntry[] = []
    for (let cursor = ''; ; ) {
      const { body } = await admin.get<Page<AuditEntry>>(
        `/audit?limit=7&to=2026-11-23${cursor && `&cursor=${cursor}`}`,
      )
      seen.push(...body.items)
      if (!body.nextCursor) break
      cursor = body.nextCursor
    }
    expect(new Set(seen.map((e) => e.id)).size).toBe(seen.length)
    expect(seen).toHaveLength((await stored()).length)
    expect(seen.map((e) => e.at)).toEqual(
      seen
        .map((e) => e.at)
        .sort()
        .reverse(),
    )
  })

  it('is for administrators and auditors of the whole city', async () => {
    const may = async (who: Parameters<typeof person>[1]) => {
      const client = await person(service, who)
      return [(await client.get('/audit')).status, (await client.get('/audit.csv')).status]
    }
    expect(await may({ role: 'viewer' })).toEqual([200, 200])
    for (const role of ['officer', 'county-officer', 'operator'] as const)
      expect(await may({ role })).toEqual([403, 403])
    expect((await service.visitor().get('/audit')).status).toBe(401)
    const viewer = await person(service, { role: 'viewer' })
    await admin.send('PATCH', `/accounts/${viewer.id}`, { county: '350702' })
    await viewer.signIn(viewer.email, PASSWORD)
    expect((await viewer.get('/audit')).status).toBe(403)
    expect((await viewer.get('/seals')).status).toBe(403)
  })

  it('exports all of it as CSV, with the filters inside and no live formula', async () => {
    const formula = '=HYPERLINK("http://evil.example","x")'
    await service.visitor().post('/session', { email: 'nobody@example.com', password: 'x' })
    await admin.send('PATCH', '/me', { name: formula })
    const hidden = `\u200b${formula}`
    expect((await admin.send('PATCH', '/me', { name: hidden })).status).toBe(200)
    await admin.send('PATCH', '/me', { name: '+86 管理员' })
    const { status, body, headers } = await admin.get<string>('/audit.csv?from=2026-11-23')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toContain('text/csv')
    expect(headers.get('content-disposition')).toContain('attachment')
    const [first, head, ...rows] = parse(body, { bom: true, relax_column_count: true }) as string[][]
    expect(first?.[0]).toMatch(/^导出时间 2026-11-23 /)
    expect(first?.[1]).toContain('2026-11-23')
    expect(head?.slice(0, 3)).toEqual(['时间', '姓名', '邮箱'])
    // The export's own entry is not in it, whichever of the two is done first.
    expect(rows[0]).toContain('修改个人资料')
    expect(rows.length).toBe((await stored()).length - 1)
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
    expect(rows.flat().some((cell) => cell.startsWith("'+86"))).toBe(true)
    // Some spreadsheets pass over what one does not see.
    expect(rows.flat()).toContain(`'${hidden}`)
    expect(rows.flat()).not.toContain(hidden)
    expect(await latest('audit.export')).toMatchObject({ outcome: 'done', detail: { from: '2026-11-23' } })
    // Also when it was stored before the first was read: asked for by the request of the entry that is there by now.
    const { audit } = service.services
    const own = (await stored()).findLast(({ action }) => action === 'audit.export')?.request
    const requests = async (asking: string | null) => {
      const found: (string | null)[] = []
      for await (const { request } of audit.all({}, asking)) found.push(request)
      return found
    }
    const all = await requests(null)
    expect(all).toContain(own)
    expect(await requests(own)).toEqual(all.filter((request) => request !== own))
    await admin.send('PATCH', '/me', { name: '管理员' })
  })
})

describe('secrets', () => {
  it('sent or given by any route stand in neither the audit log nor the logs', async () => {
    const now = () => service.services.clock.now()
    const secrets = [ADMIN.password, PASSWORD, admin.cookie.split('=')[1] ?? '']
    const officer = await person(service, { role: 'officer' })
    const changed = 'the next password of mine'
    expect((await officer.post('/me/password', { current: PASSWORD, password: changed })).status).toBe(204)
    expect(
      (await officer.post('/me/password', { current: 'wrong one indeed', password: changed })).status,
    ).not.toBe(204)
    const begun = (
      await officer.post<{ secret: string; uri: string }>('/me/second-factor', { password: changed })
    ).body
    const codes = authenticator(begun.secret)
    const first = codes.code(now())
    const confirmed = await officer.post<{ recoveryCodes: string[] }>('/me/second-factor/confirm', {
      code: first,
    })
    expect(confirmed.body.recoveryCodes).toHaveLength(10)
    const visitor = service.visitor()
    const code = codes.code(now(), 1)
    expect(
      (await visitor.post('/session', { email: officer.email, password: changed, code: '000000' })).status,
    ).toBe(401)
    expect((await visitor.post('/session', { email: officer.email, password: changed, code })).status).toBe(
      200,
    )
    const token = (
      await officer.post<{ token: string }>('/me/tokens', { name: '对接', permissions: ['read'], days: 3 })
    ).body.token
    const bearer = { authorization: `Bearer ${token}` }
    expect((await service.visitor().send('GET', '/vehicles', undefined, bearer)).status).toBe(200)
    await service.visitor().send('POST', '/changes', { kind: 'stock' }, bearer)
    await service.visitor().send('GET', '/vehicles', undefined, { authorization: `Bearer ${token}x` })
    const invited = 'invited-to-audit@example.com'
    await admin.post('/accounts', { email: invited, name: '受邀', role: 'viewer' })
    const mail = () => smtp.received.find((m) => m.to.includes(invited))?.mail.text
    await expect.poll(mail).toBeTruthy()
    const link = /#token=([\w-]+)/.exec(mail() ?? '')?.[1] ?? ''
    const chosen = 'what the invited chose'
    expect((await service.visitor().post('/links/check', { token: link })).status).toBe(200)
    expect((await service.visitor().post('/links/redeem', { token: link, password: chosen })).status).toBe(
      204,
    )
    expect((await service.visitor().post('/links/redeem', { token: link, password: chosen })).status).toBe(
      410,
    )
    await admin.post('/setup', {
      token: 'a setup token of mine',
      email: 'x@example.com',
      name: 'x',
      password: 'setup password',
    })
    await admin.post('/session', { email: 'nobody@example.com', password: 'typed in vain' })
    const renewed = await officer.post<{ recoveryCodes: string[] }>('/me/second-factor/recovery-codes', {
      password: changed,
    })
    secrets.push(changed, 'wrong one indeed', begun.secret, begun.uri, first, code, token, link, chosen)
    secrets.push('a setup token of mine', 'setup password', 'typed in vain')
    secrets.push(...confirmed.body.recoveryCodes, ...(renewed.body.recoveryCodes ?? []))
    secrets.push(officer.cookie.split('=')[1] ?? '', visitor.cookie.split('=')[1] ?? '')
    expect(secrets.length).toBeGreaterThan(30)
    expect(secrets.filter((secret) => secret.length < 6)).toEqual([])
    const audit = JSON.stringify(await stored())
    const log = logged.join('')
    expect(logged.length).toBeGreaterThan(20)
    // The log has the requests; six digits are also found within other numbers.
    expect(log).toContain('/api/v1/session')
    const found = secrets.filter((secret) => {
      const whole = /^\d{6}$/.test(secret) ? `"${secret}"` : secret
      return audit.includes(whole) || log.includes(whole)
    })
    expect(found).toEqual([])
    expect(audit).not.toMatch(/\$argon2|otpauth:|flt_\w{8}/)
    expect(log).not.toMatch(/\$argon2|otpauth:|flt_\w{8}/)
    // What is not secret is there.
    expect(await latest('token.create')).toMatchObject({
      target: { label: '对接' },
      after: { permissions: ['read'] },
    })
    expect((await entries('?action=link.redeem')).map((e) => e.target?.label ?? null)).toContain(invited)
    expect((await entries('?action=change.record&limit=1'))[0]).toMatchObject({ via: 'token', token: '对接' })
  })
})
