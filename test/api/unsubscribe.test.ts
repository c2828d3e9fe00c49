import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Me } from '../../server/accounts/schema.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { MailTopic, RecipientView, Subscription } from '../../server/subscriptions/schema.ts'
import { type Client, person } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** Links in mails that end them by one click (RFC 8058), without signing in. */

let service: TestService
let visitor: Client
beforeAll(async () => {
  service = await startTestService()
  visitor = service.visitor()
})
afterAll(() => service.close())

const linkOf = (id: string, topic: MailTopic): URL =>
  new URL(service.services.unsubscribe.urlFor(id, topic) ?? '')
/** As a mail provider sends it: a form, from no page of ours. */
const oneClick = (url: URL, origin = 'https://mail.example.net') =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin },
    body: 'List-Unsubscribe=One-Click',
  })
const state = async (url: URL) =>
  (await visitor.get<Subscription & ProblemBody>(`/unsubscribe/state${url.search}`)).body

it('ends an account’s mails of one kind by a bare form from anywhere, twice as once', async () => {
  const officer = await person(service, { role: 'officer' })
  const url = linkOf(officer.id, 'weekly')
  expect(url.href.startsWith(`${service.url}/api/v1/unsubscribe?token=`)).toBe(true)
  expect(await state(url)).toEqual({
    ...{ topic: 'weekly', wanted: true, language: 'zh-CN' },
    email: `${officer.email.slice(0, 1)}***@example.com`,
  })
  for (const _ of [1, 2]) {
    const answer = await oneClick(url)
    expect([answer.status, await answer.json()]).toEqual([200, await state(url)])
  }
  expect((await officer.get<Me>('/me')).body).toMatchObject({ weeklyReport: false, monthlyReport: true })
  expect((await state(url)).wanted).toBe(false)
  const undone = await visitor.post<Subscription>(`/unsubscribe/undo${url.search}`)
  expect(undone.body.wanted).toBe(true)
  expect((await officer.get<Me>('/me')).body.weeklyReport).toBe(true)
})

it('leads whoever opens the link to the page that asks, and ends nothing by it', async () => {
  const officer = await person(service, { role: 'officer' })
  const url = linkOf(officer.id, 'alerts')
  const answer = await fetch(url, { redirect: 'manual' })
  expect([answer.status, answer.headers.get('location')]).toEqual([302, `/unsubscribe${url.search}`])
  expect((await state(url)).wanted).toBe(true)
})

it('ends a further address’s mails, which its administrator sees, and puts back nothing that was taken away', async () => {
  const { body } = await service.admin.send<RecipientView>('POST', '/recipients', {
    ...{ email: 'leader@example.com', name: '分管领导', topics: ['weekly', 'monthly'] },
  })
  const seen = async () =>
    (await service.admin.get<{ items: RecipientView[] }>('/recipients')).body.items.find(
      (r) => r.id === body.id,
    )
  const url = linkOf(body.id, 'weekly')
  await oneClick(url)
  expect(await seen()).toMatchObject({ topics: ['monthly'], ended: ['weekly'] })
  await visitor.post(`/unsubscribe/undo${url.search}`)
  expect(await seen()).toMatchObject({ ended: [], topics: expect.arrayContaining(['weekly', 'monthly']) })
  await service.admin.send('PATCH', `/recipients/${body.id}`, { topics: ['monthly'] })
  await visitor.post(`/unsubscribe/undo${url.search}`)
  expect(await seen()).toMatchObject({ topics: ['monthly'], ended: [] })
  await service.admin.send('DELETE', `/recipients/${body.id}`)
  expect((await oneClick(url)).status).toBe(404)
})

it('takes no link that was not made here for just this', async () => {
  const [one, other] = [
    await person(service, { role: 'officer' }),
    await person(service, { role: 'officer' }),
  ]
  const token = linkOf(one.id, 'weekly').searchParams.get('token') ?? ''
  const [, , mac] = token.split('.')
  const forged = [
    ...['', 'x', '..', `${one.id}.weekly`, `${token}x`, token.slice(0, -1), `${token}.x`],
    ...[`${other.id}.weekly.${mac}`, `${one.id}.monthly.${mac}`, `${one.id}.duties.${mac}`, '你'.repeat(60)],
  ]
  for (const bad of forged) {
    const url = new URL(`${service.url}/api/v1/unsubscribe?${new URLSearchParams({ token: bad })}`)
    expect([bad, (await oneClick(url)).status]).toEqual([bad, bad === '' ? 400 : 404])
    expect((await state(url)).code).toBe(bad === '' ? 'request.invalid' : 'unsubscribe.invalid')
  }
  expect((await one.get<Me>('/me')).body).toMatchObject({ weeklyReport: true, monthlyReport: true })
})

it('opens no other door to pages of other sites', async () => {
  const headers = { origin: 'https://mail.example.net' }
  const undo = linkOf((await person(service, { role: 'officer' })).id, 'weekly').search
  expect((await visitor.send('POST', `/unsubscribe/undo${undo}`, {}, headers)).status).toBe(403)
  expect((await visitor.send('POST', '/session', {}, headers)).status).toBe(403)
})

it('stands in the audit log with whose mails ended', async () => {
  const officer = await person(service, { role: 'officer' })
  await oneClick(linkOf(officer.id, 'quarterly'))
  const { body } = await service.admin.get<{ items: unknown[] }>('/audit?action=mail.unsubscribe')
  expect(body.items[0]).toMatchObject({
    ...{ actor: null, outcome: 'done', target: { kind: 'account', id: officer.id } },
    detail: { topic: 'quarterly' },
  })
})

it('outlives a change of address: PUBLIC_URL counts where it is set', async () => {
  const other = await startTestService({ PUBLIC_URL: 'https://fleet.example.cn/' })
  expect(other.services.unsubscribe.urlFor('a'.repeat(24), 'weekly')).toMatch(
    /^https:\/\/fleet\.example\.cn\/api\/v1\/unsubscribe\?token=a{24}\.weekly\.[\w-]{43}$/,
  )
  await other.close()
})
