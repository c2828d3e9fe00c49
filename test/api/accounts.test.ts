import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account, Me } from '../../server/accounts/schema.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import { type Client, operatorOf, PASSWORD, type Page, person, vehicleOf } from '../harness/client.ts'
import { ADMIN, startTestService, type TestService } from '../harness/service.ts'

let service: TestService
let admin: Client
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
})
afterAll(() => service.close())

const fresh = (more: Record<string, unknown> = {}) => ({
  email: `new-${Math.random().toString(36).slice(2)}@example.com`,
  name: '新账户',
  password: PASSWORD,
  role: 'viewer',
  ...more,
})
const create = (body: unknown) => admin.send<Account & ProblemBody>('POST', '/accounts', body)
const patch = (id: string, body: unknown) =>
  admin.send<Account & ProblemBody>('PATCH', `/accounts/${id}`, body)
const list = async () => (await admin.get<{ items: Account[] }>('/accounts')).body.items

describe('one’s own account', () => {
  it('says who one is and what one may do', async () => {
    const expected: Record<string, string[]> = {
      viewer: ['read', 'mail.read', 'scenario.read', 'audit.read'],
      officer: [
        ...['read', 'change.write', 'import.send', 'import.decide', 'dispute.decide', 'report.nil'],
        ...['scenario.read', 'scenario.write'],
        ...['operator.manage', 'mail.read', 'job.run'],
      ],
      'county-officer': [
        ...['read', 'change.write', 'import.send', 'import.decide', 'dispute.decide', 'report.nil'],
        ...['scenario.read', 'scenario.write'],
      ],
      operator: ['read', 'import.send', 'import.submit', 'report.nil'],
    }
    for (const [role, permissions] of Object.entries(expected)) {
      const client = await person(service, { role: role as Me['role'], operator: 'op-1' })
      const { body } = await client.get<Me>('/me')
      expect(body).toMatchObject({ id: client.id, email: client.email, role, permissions })
    }
  })

  it('names the county and the operator to which one is limited, in one’s own language', async () => {
    const officer = await person(service, { role: 'county-officer', county: '350703' })
    const none = { operator: null, operatorName: null }
    expect((await officer.get<Me>('/me')).body).toMatchObject({
      ...{ county: '350703', countyName: '建阳区', ...none },
    })
    const { body } = await officer.send<Me>('PATCH', '/me', { language: 'en' })
    expect(body).toMatchObject({ countyName: 'Jianyang' })
    const operator = await person(service, { role: 'operator', operator: '武夷客运公司' })
    expect((await operator.get<Me>('/me')).body).toMatchObject({
      ...{ operator: operator.operator, operatorName: '武夷客运公司', county: null, countyName: null },
    })
    expect((await admin.get<Me>('/me')).body).toMatchObject({ county: null, countyName: null, ...none })
  })

  it('can do without mails about lists', async () => {
    const officer = await person(service, { role: 'officer' })
    expect((await officer.get<Me>('/me')).body.listMails).toBe(true)
    expect((await officer.send<Me>('PATCH', '/me', { listMails: false })).body.listMails).toBe(false)
    expect((await officer.get<Me>('/me')).body.listMails).toBe(false)
  })

  it('can be given another name, language and wish for the report, each alone', async () => {
    const viewer = await person(service, { role: 'officer' })
    const change = async (body: Record<string, unknown>) => (await viewer.send<Me>('PATCH', '/me', body)).body
    expect(await change({ name: ' 林 ' })).toMatchObject({
      name: '林',
      language: 'zh-CN',
      weeklyReport: true,
    })
    expect(await change({ language: 'en' })).toMatchObject({ name: '林', language: 'en' })
    expect(await change({ weeklyReport: false })).toMatchObject({
      name: '林',
      language: 'en',
      weeklyReport: false,
    })
    expect(await change({})).toMatchObject({ name: '林', language: 'en', weeklyReport: false })
  })

  it.each([
    { role: 'administrator' },
    { email: 'other@example.com' },
    { county: '350702' },
    { active: true },
    { password: 'another long password' },
    { language: 'fr' },
    { name: '' },
    { name: null },
    { $set: { role: 'administrator' } },
    [],
  ])('cannot be changed to %j', async (body) => {
    const viewer = await person(service, { role: 'viewer' })
    expect((await viewer.send('PATCH', '/me', body)).status).toBe(400)
    expect((await viewer.get<Me>('/me')).body.role).toBe('viewer')
  })
})

describe('accounts', () => {
  it('are listed by address, without anything of their passwords', async () => {
    await create(fresh())
    const items = await list()
    expect(items.map((i) => i.email)).toEqual(items.map((i) => i.email).sort())
    expect(Object.keys(items[0] ?? {}).sort()).toEqual(
      [
        ...[
          'active',
          'county',
          'countyName',
          'createdAt',
          'email',
          'id',
          'invited',
          'language',
          'lastSignInAt',
        ],
        ...['listMails', 'name', 'operator', 'operatorName', 'role', 'secondFactor', 'weeklyReport'],
        ...['alerts', 'attachTables', 'monthlyReport', 'quarterlyReport'],
      ].sort(),
    )
  })

  it('are created, and can sign in at once', async () => {
    const given = fresh({ email: ' Somebody@Example.com ', role: 'officer' })
    const { status, body } = await create(given)
    expect(status).toBe(201)
    expect(body).toMatchObject({
      email: 'somebody@example.com',
      role: 'officer',
      active: true,
      language: 'zh-CN',
      weeklyReport: true,
    })
    await service.visitor().signIn('somebody@example.com', PASSWORD)
  })

  it('have an address of their own, whatever its case, also when created at once', async () => {
    const given = fresh({ email: 'twice@example.com' })
    const tries = await Promise.all([given, given, { ...given, email: 'TWICE@example.com' }].map(create))
    expect(tries.map((t) => t.status).sort()).toEqual([201, 409, 409])
    expect((await create(given)).body.code).toBe('account.exists')
    expect((await list()).filter((a) => a.email === 'twice@example.com')).toHaveLength(1)
  })

  it.each([
    [{ password: '123456789' }, 'password.short'],
    [{ password: 'x'.repeat(201) }, 'password.long'],
    [{ email: 'no address' }, 'email.invalid'],
    [{ email: `${'x'.repeat(250)}@example.com` }, 'request.too-big'],
    [{ name: '' }, 'request.too-small'],
    [{ name: 'x'.repeat(81) }, 'request.too-big'],
    [{ role: 'operator' }, 'account.needs-operator'],
    [{ role: 'operator', operator: 'op-nobody' }, 'operator.unknown'],
    [{ role: 'operator', operator: null }, 'account.needs-operator'],
    [{ role: 'county-officer' }, 'account.needs-county'],
    [{ role: 'county-officer', county: '440100' }, 'county.unknown'],
    [{ role: 'officer', county: '350702' }, 'account.no-county'],
    [{ role: 'viewer', operator: 'op-nobody' }, 'account.no-operator'],
    [{ listMails: 'yes' }, 'request.invalid-type'],
    [{ role: 'root' }, 'request.invalid-value'],
    [{ epoch: 3 }, 'request.unrecognized-keys'],
    [{ first: true }, 'request.unrecognized-keys'],
    [{ email: ['a@example.com'] }, 'request.invalid-type'],
  ])('are not created with %j', async (more, code) => {
    const before = (await list()).length
    const { status, body } = await create(fresh(more))
    expect([status, body.errors.map((e) => e.code)]).toEqual([400, [code]])
    expect(await list()).toHaveLength(before)
  })

  it('are changed only in what is sent', async () => {
    const made = (await create(fresh())).body
    const { status, body } = await patch(made.id, { name: '改名' })
    expect(status).toBe(200)
    expect(body).toEqual({ ...made, name: '改名' })
    expect((await patch(made.id, { role: 'officer', weeklyReport: false })).body).toEqual({
      ...made,
      ...{ name: '改名', role: 'officer', weeklyReport: false },
      // What was never chosen is as the role begins.
      ...{ quarterlyReport: true, alerts: true },
    })
  })

  it('are limited to a county or an operator, and lose the limit with the role', async () => {
    const operator = await operatorOf(service, '顺昌公交公司')
    const given = fresh({ role: 'county-officer', county: '350721' })
    const made = (await create(given)).body
    expect(made).toMatchObject({ county: '350721', countyName: '顺昌县', operator: null })
    const moved = (await patch(made.id, { role: 'operator', operator })).body
    expect(moved).toMatchObject({ county: null, countyName: null, operator, operatorName: '顺昌公交公司' })
    expect((await patch(made.id, { name: '小林' })).body).toMatchObject({ role: 'operator', operator })
    expect((await patch(made.id, { role: 'officer' })).body).toMatchObject({ county: null, operator: null })
    for (const [body, path, code] of [
      [{ role: 'operator' }, 'body.operator', 'account.needs-operator'],
      [{ role: 'county-officer', operator }, 'body.operator', 'account.no-operator'],
      [{ county: '350721' }, 'body.county', 'account.no-county'],
    ] as const) {
      const refused = await patch(made.id, body)
      expect([body, refused.status]).toEqual([body, 400])
      expect(refused.body.errors).toContainEqual(expect.objectContaining({ path, code }))
    }
    expect((await list()).find((a) => a.id === made.id)?.role).toBe('officer')
  })

  it('are signed out when their part of the city becomes another, and see the new one', async () => {
    const officer = await person(service, { role: 'county-officer', county: '350702' })
    expect((await patch(officer.id, { county: '350702' })).status).toBe(200)
    expect((await officer.get('/me')).status).toBe(200)
    expect((await patch(officer.id, { county: '350703' })).status).toBe(200)
    expect((await officer.get('/me')).status).toBe(401)
    await officer.signIn(officer.email, PASSWORD)
    expect((await officer.get<Me>('/me')).body.county).toBe('350703')
  })

  it('of viewers may be limited to a county, see that alone, and no mails', async () => {
    const operator = await operatorOf(service, '邵武货运公司')
    for (const [i, county] of ['350702', '350703'].entries())
      await admin.mustChange({
        kind: 'stock',
        vehicle: vehicleOf(i + 1, { energy: 'BEV', county, operator }),
      })
    const viewer = await person(service, { role: 'viewer', county: '350703' })
    expect((await viewer.get<Me>('/me')).body).toMatchObject({
      ...{ county: '350703', countyName: '建阳区', permissions: ['read', 'scenario.read'] },
    })
    const seen = (await viewer.get<Page<{ county: string }>>('/vehicles')).body.items.map((v) => v.county)
    expect(seen).toEqual(['350703'])
    for (const path of ['/outbox', `/outbox/${'f'.repeat(24)}`, '/jobs', '/audit', '/seals'])
      expect([path, (await viewer.get(path)).status]).toEqual([path, 403])
    expect((await patch(viewer.id, { county: null })).body).toMatchObject({ role: 'viewer', county: null })
    expect((await viewer.get('/me')).status).toBe(401)
    await viewer.signIn(viewer.email, PASSWORD)
    expect((await viewer.get<Page<unknown>>('/vehicles')).body.items).toHaveLength(2)
  })

  it('keep their county when a county officer becomes a viewer, who would see the whole city without', async () => {
    const officer = await person(service, { role: 'county-officer', county: '350721' })
    expect((await patch(officer.id, { role: 'viewer' })).body).toMatchObject({ county: '350721' })
    expect((await patch(officer.id, { role: 'viewer', county: '440100' })).status).toBe(400)
  })

  it('say in Chinese what is wrong with a limit', async () => {
    const { body } = await create(fresh({ role: 'operator', operator: 'op-nobody' }))
    expect(body.errors[0]?.message).toContain('没有登记')
    const none = await create(fresh({ role: 'county-officer' }))
    expect(none.body.errors[0]?.message).toContain('须选定所属县')
  })

  it('are not changed to something that is none', async () => {
    const made = (await create(fresh())).body
    for (const body of [
      { role: 'operator' },
      { password: 'short' },
      { email: 'x@example.com' },
      { active: 'no' },
      { name: null },
      [],
      'x',
    ])
      expect([body, (await patch(made.id, body)).status]).toEqual([body, 400])
    expect((await patch('f'.repeat(24), { name: 'x' })).status).toBe(404)
    expect((await patch('nonsense', { name: 'x' })).status).toBe(400)
  })

  it('are the administrator’s business alone', async () => {
    const target = (await create(fresh())).body
    const people = [
      await person(service, { role: 'viewer' }),
      await person(service, { role: 'officer' }),
      await person(service, { role: 'county-officer', county: '350702' }),
      await person(service, { role: 'operator', operator: 'op-1' }),
    ]
    for (const client of [...people, service.visitor()]) {
      const expected = people.some((p) => p === client) ? 403 : 401
      expect((await client.get('/accounts')).status).toBe(expected)
      expect((await client.post('/accounts', fresh({ role: 'administrator' }))).status).toBe(expected)
      expect((await client.send('PATCH', `/accounts/${target.id}`, { role: 'administrator' })).status).toBe(
        expected,
      )
    }
    expect((await list()).find((a) => a.id === target.id)?.role).toBe('viewer')
  })
})

describe('the last administrator', () => {
  const administrators = async () => (await list()).filter((a) => a.role === 'administrator' && a.active)

  it.each([{ active: false }, { role: 'viewer' }, { role: 'officer', name: 'x' }])(
    'cannot be lost by %j',
    async (set) => {
      const [own] = await administrators()
      const { status } = await patch(own?.id ?? '', set)
      expect(status).toBe(409)
      expect(await administrators()).toEqual([own])
      expect((await admin.get('/me')).status).toBe(200)
    },
  )

  it('can be followed by another', async () => {
    const second = (await create(fresh({ role: 'administrator' }))).body
    expect((await patch(second.id, { role: 'viewer' })).status).toBe(200)
    expect(await administrators()).toHaveLength(1)
  })

  it('is not followed by one who has not accepted the invitation', async () => {
    const { password: _, ...invited } = fresh({ role: 'administrator' })
    const second = (await create(invited)).body
    expect(second).toMatchObject({ role: 'administrator', invited: true })
    const [own] = (await list()).filter((a) => a.email === ADMIN.email)
    expect((await patch(own?.id ?? '', { role: 'viewer' })).body.code).toBe('account.last-administrator')
    expect((await patch(second.id, { active: false })).status).toBe(200)
  })

  it('stays when two administrators dismiss each other at once', async () => {
    for (let round = 0; round < 5; round++) {
      const given = fresh({ role: 'administrator' })
      const second = (await create(given)).body
      const other = service.visitor()
      await other.signIn(given.email, PASSWORD)
      const [own] = (await list()).filter((a) => a.email === ADMIN.email)
      const answers = await Promise.all([
        admin.send('PATCH', `/accounts/${second.id}`, { role: 'viewer' }),
        other.send('PATCH', `/accounts/${own?.id}`, { role: 'viewer' }),
      ])
      const left = await service.services.connection
        .collection('accounts')
        .countDocuments({ role: 'administrator', active: true })
      expect({ round, statuses: answers.map((a) => a.status), left }).toMatchObject({ left: 1 })
      await service.services.connection
        .collection('accounts')
        .updateOne({ email: ADMIN.email }, { $set: { role: 'administrator' } })
      await service.services.connection
        .collection('accounts')
        .updateOne({ email: given.email }, { $set: { role: 'viewer' } })
      await admin.signIn(ADMIN.email, ADMIN.password)
    }
  })
})
