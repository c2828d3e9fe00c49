import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { creditCodeCheckCharacter } from '../../server/domain/credit-code.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { Operator } from '../../server/operators/schema.ts'
import { type Client, person, vehicleOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

let service: TestService
let admin: Client
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
})
afterAll(() => service.close())

const create = (body: unknown, by = admin) => by.send<Operator & ProblemBody>('POST', '/operators', body)
const patch = (id: string, body: unknown, by = admin) =>
  by.send<Operator & ProblemBody>('PATCH', `/operators/${id}`, body)
const list = async (by = admin) => (await by.get<{ items: Operator[] }>('/operators')).body.items
const codeOf = (n: number): string => {
  const first = `91350700MA${String(n).padStart(7, '0')}`
  return `${first}${creditCodeCheckCharacter(first)}`
}

describe('operators', () => {
  it('are registered with all that is known of them', async () => {
    const given = {
      name: ' 南平市甲公交公司 ',
      aliases: ['甲公交', '甲公交（总）'],
      creditCode: ` ${codeOf(1).toLowerCase()} `,
      county: '350702',
      categories: ['bus'],
      contacts: [{ name: '王', phone: '0599-1234567', email: 'wang@example.com' }],
      trusted: true,
      reportsMonthly: false,
    }
    const { status, body } = await create(given)
    expect(status).toBe(201)
    const expected = { ...given, name: '南平市甲公交公司', creditCode: codeOf(1), id: body.id }
    expect(body).toEqual(expected)
    expect((await list()).find((o) => o.id === body.id)).toEqual(expected)
  })

  it('need no more than a name, and report every month unless told otherwise', async () => {
    const { body } = await create({ name: '乙公司' })
    expect(body).toMatchObject({ trusted: false, reportsMonthly: true, county: null, creditCode: null })
    expect(body).toMatchObject({ aliases: [], categories: [], contacts: [] })
  })

  it('are found by every name that lists use for them', async () => {
    const { body } = await create({ name: '丙出租公司', aliases: ['丙出租(南平)'], creditCode: codeOf(3) })
    for (const [n, name] of ['丙出租公司', '丙出租（南平）', codeOf(3), body.id].entries()) {
      const made = await admin.mustChange({ kind: 'stock', vehicle: vehicleOf(n + 1, { operator: name }) })
      expect([name, made.vehicle.operator]).toEqual([name, body.id])
    }
  })

  it('keep what is not sent, and their former names as aliases', async () => {
    const { body: made } = await create({ name: '旧名公司', county: '350703', trusted: true })
    const { status, body } = await patch(made.id, { name: '新名公司' })
    expect([status, body]).toEqual([200, { ...made, name: '新名公司', aliases: ['旧名公司'] }])
    const third = (await patch(made.id, { name: '又名公司', aliases: ['简称'] })).body
    expect(third.aliases.sort()).toEqual(['新名公司', '旧名公司', '简称'].sort())
    // The id was made of the first name: it never leads elsewhere.
    expect((await patch(made.id, { aliases: [] })).body.aliases).toEqual(['旧名公司'])
    const back = (await patch(made.id, { name: '旧名公司' })).body
    expect([back.name, back.aliases]).toEqual(['旧名公司', ['又名公司']])
    expect((await patch(made.id, { county: null, trusted: false })).body).toMatchObject({
      ...{ county: null, trusted: false, name: '旧名公司' },
    })
  })

  it('share no name, alias or code with another, in whatever writing', async () => {
    const { body: first } = await create({
      name: '丁（集团）公司',
      aliases: ['丁集团'],
      creditCode: codeOf(4),
    })
    const { body: second } = await create({ name: '戊公司' })
    const before = await list()
    const taken: [Record<string, unknown>, string][] = [
      [{ name: '丁(集团) 公司' }, 'body.name'],
      [{ name: '丁集团' }, 'body.name'],
      [{ name: '己公司', aliases: ['丁 集团'] }, 'body.aliases'],
      [{ name: '己公司', creditCode: codeOf(4) }, 'body.creditCode'],
    ]
    for (const [body, path] of taken)
      for (const answer of [await create(body), await patch(second.id, body)]) {
        expect([body, answer.status, answer.body.code]).toEqual([body, 409, 'operator.exists'])
        expect(answer.body.errors[0]).toMatchObject({ path, params: { name: first.name } })
      }
    expect(await list()).toEqual(before)
  })

  it('are registered once when two do it at once', async () => {
    const tries = await Promise.all([1, 2, 3].map(() => create({ name: '庚公司' })))
    expect(tries.map((t) => t.status).sort()).toEqual([201, 409, 409])
    expect((await list()).filter((o) => o.name === '庚公司')).toHaveLength(1)
  })

  it.each([
    [{ name: '' }, 'body.name'],
    [{ name: 'x'.repeat(101) }, 'body.name'],
    [{}, 'body.name'],
    [{ name: '辛公司', creditCode: `${codeOf(5).slice(0, 17)}0` }, 'body.creditCode'],
    [{ name: '辛公司', creditCode: '123' }, 'body.creditCode'],
    [{ name: '辛公司', county: '440100' }, 'body.county'],
    [{ name: '辛公司', categories: ['plane'] }, 'body.categories.0'],
    [{ name: '辛公司', contacts: [{ phone: '1' }] }, 'body.contacts.0.name'],
    [{ name: '辛公司', contacts: [{ name: '王', email: 'no' }] }, 'body.contacts.0.email'],
    [{ name: '辛公司', trusted: 'yes' }, 'body.trusted'],
    [{ name: '辛公司', keys: ['丁集团'] }, 'body'],
  ])('are not registered as %j', async (body, path) => {
    const before = await list()
    const answer = await create(body)
    expect([answer.status, answer.body.errors.map((e) => e.path)]).toEqual([400, [path]])
    expect(await list()).toEqual(before)
  })

  it('say in Chinese what is wrong with a credit code', async () => {
    const { body } = await create({ name: '壬公司', creditCode: '123' })
    expect(body.errors[0]?.message).toContain('统一社会信用代码不正确')
  })

  it('that are none cannot be changed', async () => {
    expect((await patch('op-nobody', { name: '癸公司' })).status).toBe(404)
  })
})

describe('who sees and manages operators', () => {
  it('administrators and officers of the bureau manage them, nobody else', async () => {
    const { body } = await create({ name: '管理公司', county: '350702' })
    const officer = await person(service, { role: 'officer' })
    expect((await patch(body.id, { trusted: true }, officer)).status).toBe(200)
    expect((await create({ name: '管理二公司' }, officer)).status).toBe(201)
    for (const client of [
      await person(service, { role: 'viewer' }),
      await person(service, { role: 'county-officer', county: '350702' }),
      await person(service, { role: 'operator', operator: body.id }),
    ]) {
      expect((await patch(body.id, { trusted: false }, client)).status).toBe(403)
      expect((await create({ name: '管理三公司' }, client)).status).toBe(403)
    }
    expect((await create({ name: '管理三公司' }, service.visitor())).status).toBe(401)
    expect((await list()).find((o) => o.id === body.id)?.trusted).toBe(true)
  })

  it('contacts are for those who manage them and for the operator itself', async () => {
    const contacts = [{ name: '李', phone: '13800000000' }]
    const { body } = await create({ name: '联系公司', county: '350702', contacts })
    const seenBy = async (client: Client) => (await list(client)).find((o) => o.id === body.id)
    const own = await person(service, { role: 'operator', operator: body.id })
    expect((await seenBy(own))?.contacts).toEqual(contacts)
    expect((await seenBy(await person(service, { role: 'officer' })))?.contacts).toEqual(contacts)
    for (const client of [
      await person(service, { role: 'viewer' }),
      await person(service, { role: 'county-officer', county: '350702' }),
    ]) {
      expect(await seenBy(client)).toMatchObject({ id: body.id })
      expect(await seenBy(client)).not.toHaveProperty('contacts')
    }
  })

  it('an operator sees itself, a county officer those of the county or with vehicles there', async () => {
    const there = (await create({ name: '建阳一公司', county: '350703' })).body
    const here = (await create({ name: '光泽一公司', county: '350723' })).body
    const across = (await create({ name: '松溪一公司', county: '350724' })).body
    const elsewhere = { operator: across.id, county: '350703' }
    await admin.mustChange({ kind: 'stock', vehicle: vehicleOf(900, elsewhere) })
    const operator = await person(service, { role: 'operator', operator: here.id })
    expect((await list(operator)).map((o) => o.id)).toEqual([here.id])
    const officer = await person(service, { role: 'county-officer', county: '350703' })
    const seen = (await list(officer)).map((o) => o.id)
    expect(seen).toEqual(expect.arrayContaining([there.id, across.id]))
    expect(seen).not.toContain(here.id)
  })
})
