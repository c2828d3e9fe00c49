import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Me, Role } from '../../server/accounts/schema.ts'
import { MAIL_TOPICS, type MailTopic } from '../../server/subscriptions/schema.ts'
import { operatorOf, person } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** Who gets which mails: by role until somebody chooses, and as chosen from then on. */

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.close())

const recipients = (topic: MailTopic) => service.services.recipients.recipientsOf(topic)
const topicsOf = async (id: string) => {
  const found = await Promise.all(
    MAIL_TOPICS.map(async (topic) => ((await recipients(topic)).some((r) => r.id === id) ? [topic] : [])),
  )
  return found.flat()
}

describe('what a role begins with', () => {
  it.each([
    ['administrator', ['weekly', 'monthly', 'quarterly', 'alerts']],
    ['officer', ['weekly', 'monthly', 'quarterly', 'alerts']],
    ['county-officer', ['weekly', 'monthly', 'quarterly', 'alerts']],
    ['viewer', ['monthly']],
    ['operator', ['monthly']],
  ] as [Role, MailTopic[]][])('is for a %s %j', async (role, topics) => {
    const one = await person(service, { role, ...(role === 'operator' ? { operator: `${role}-co` } : {}) })
    expect(await topicsOf(one.id)).toEqual(topics)
  })
})

it('leaves alone what an account of an earlier version had', async () => {
  const { accounts } = service.services
  for (const weeklyReport of [true, false]) {
    const viewer = await person(service, { role: 'viewer' })
    // As it was stored then: the weekly report alone.
    await service.services.connection.collection('accounts').updateOne(
      { email: viewer.email },
      {
        $set: { weeklyReport },
        $unset: { monthlyReport: 1, quarterlyReport: 1, alerts: 1, attachTables: 1 },
      },
    )
    expect((await accounts.get(viewer.id)).weeklyReport).toBe(weeklyReport)
    expect(await topicsOf(viewer.id)).toEqual([...(weeklyReport ? ['weekly'] : []), 'monthly'])
  }
})

it('is one’s own choice, switch by switch', async () => {
  const officer = await person(service, { role: 'officer' })
  const off = await officer.send<Me>('PATCH', '/me', {
    quarterlyReport: false,
    alerts: false,
    attachTables: true,
  })
  expect(off.body).toMatchObject({
    weeklyReport: true,
    monthlyReport: true,
    quarterlyReport: false,
    alerts: false,
  })
  expect(await topicsOf(officer.id)).toEqual(['weekly', 'monthly'])
  expect((await recipients('weekly')).find((r) => r.id === officer.id)).toMatchObject({ attach: true })
  expect((await officer.send('PATCH', '/me', { alerts: 'no' })).status).toBe(400)
  await officer.send('PATCH', '/me', { alerts: true })
  expect(await topicsOf(officer.id)).toEqual(['weekly', 'monthly', 'alerts'])
})

it('goes with what the account sees', async () => {
  const county = await person(service, { role: 'county-officer', county: '350703' })
  const operator = await person(service, { role: 'operator', operator: '武夷客运公司' })
  const of = async (id: string) => (await recipients('monthly')).find((r) => r.id === id)
  expect(await of(county.id)).toEqual({
    ...{ id: county.id, email: county.email, name: expect.any(String), language: 'zh-CN' },
    ...{ scope: { county: '350703' }, attach: false, source: 'account' },
  })
  expect(await of(operator.id)).toMatchObject({ scope: { operator: operator.operator }, source: 'account' })
})

it('is nothing for a closed account, an invitation nobody accepted, or a limit that got lost', async () => {
  const { admin } = service
  const closed = await person(service, { role: 'officer' })
  await admin.send('PATCH', `/accounts/${closed.id}`, { active: false })
  const invited = await admin.send<{ id: string }>('POST', '/accounts', {
    ...{ email: 'invited@example.com', name: '未接受', role: 'officer' },
  })
  const lost = await person(service, { role: 'county-officer', county: '350703' })
  await service.services.connection
    .collection('accounts')
    .updateOne({ email: lost.email }, { $set: { county: null } })
  for (const id of [closed.id, invited.body.id, lost.id]) expect(await topicsOf(id)).toEqual([])
})

it('names an operator’s listed address beside its accounts, but nobody twice for the same', async () => {
  const operator = await operatorOf(service, '顺昌公交公司')
  const account = await person(service, { role: 'operator', operator: '顺昌公交公司' })
  const listed = { name: '法定代表人', topics: ['monthly'] }
  const made = await service.admin.send<{ id: string }>('POST', '/recipients', {
    ...{ ...listed, email: 'boss@example.com', operator },
  })
  // Listed first, an account later.
  await service.services.connection.collection('mail-recipients').insertOne({
    ...listed,
    email: account.email,
    language: 'zh-CN',
    county: null,
    operator,
    ended: [],
    attach: false,
  })
  const found = async () =>
    (await recipients('monthly')).filter((r) => r.scope.operator === operator).map((r) => r.id)
  expect(await found()).toEqual([account.id, made.body.id])
  // Who ends it is not told from the list instead.
  await account.send('PATCH', '/me', { monthlyReport: false })
  expect(await found()).toEqual([made.body.id])
  // A closed account says nothing any more of what its address is listed for.
  await service.admin.send('PATCH', `/accounts/${account.id}`, { active: false })
  expect((await found()).length).toBe(2)
})
