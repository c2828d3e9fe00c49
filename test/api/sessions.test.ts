import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SessionView } from '../../server/accounts/security-schema.ts'
import type { AuditEntry } from '../../server/audit/schema.ts'
import { type Client, PASSWORD, type Page, person } from '../harness/client.ts'
import { NOW, startTestService, type TestService } from '../harness/service.ts'

let service: TestService
beforeAll(async () => {
  service = await startTestService({ TRUST_PROXY: '1' })
})
afterAll(() => service.close())

const sessionsOf = async (by: Client, path = '/me/sessions') =>
  (await by.get<{ items: SessionView[] }>(path)).body.items
/** Another session of an account, from a browser of a name. */
async function another(email: string, agent = 'Browser', address = '198.51.100.9'): Promise<Client> {
  const client = service.visitor()
  const { status } = await client.send(
    'POST',
    '/session',
    { email, password: PASSWORD },
    { 'user-agent': agent, 'x-forwarded-for': address },
  )
  expect(status).toBe(200)
  return client
}
const works = async (...clients: Client[]) =>
  Promise.all(clients.map(async (c) => (await c.get('/me')).status === 200))

describe('one’s sessions', () => {
  it('are listed with where and when, and which is this one, without what would open them', async () => {
    const viewer = await person(service, { role: 'viewer' })
    const phone = await another(viewer.email, 'Telephone <b>', '203.0.113.8')
    const items = await sessionsOf(phone)
    expect(items).toHaveLength(2)
    const own = items.find((s) => s.current)
    expect(own).toMatchObject({ agent: 'Telephone <b>', address: '203.0.113.8' })
    expect(own?.createdAt.slice(0, 10)).toBe(NOW.slice(0, 10))
    expect(items.filter((s) => s.current)).toHaveLength(1)
    for (const item of items)
      expect(Object.keys(item).sort()).toEqual(
        ['address', 'agent', 'createdAt', 'current', 'id', 'lastSeenAt'].sort(),
      )
    const sid = decodeURIComponent(phone.cookie).split(':')[1]?.split('.')[0] ?? '-'
    expect(JSON.stringify(items)).not.toContain(sid)
    expect((await sessionsOf(viewer)).find((s) => s.current)?.id).not.toBe(own?.id)
  })

  it('are seen anew each minute', async () => {
    const viewer = await person(service, { role: 'viewer' })
    const before = (await sessionsOf(viewer))[0]?.lastSeenAt ?? ''
    expect((await sessionsOf(viewer))[0]?.lastSeenAt).toBe(before)
    const at = new Date(service.services.clock.now().getTime() + 61_000).toISOString()
    await service.restart({ NOW: at })
    viewer.base = service.url
    const after = (await sessionsOf(viewer))[0]
    expect(Date.parse(after?.lastSeenAt ?? '')).toBeGreaterThanOrEqual(Date.parse(at))
    expect(Date.parse(after?.createdAt ?? '')).toBeLessThan(Date.parse(at) - 60_000)
  })

  it('are ended one by one, for good, also the present one', async () => {
    const viewer = await person(service, { role: 'viewer' })
    const [phone, tablet] = [await another(viewer.email, 'Phone'), await another(viewer.email, 'Tablet')]
    const id = (await sessionsOf(viewer)).find((s) => s.agent === 'Phone')?.id
    expect((await viewer.send('DELETE', `/me/sessions/${id}`)).status).toBe(204)
    expect(await works(viewer, phone, tablet)).toEqual([true, false, true])
    expect((await viewer.send('DELETE', `/me/sessions/${id}`)).status).toBe(404)
    const own = (await sessionsOf(viewer)).find((s) => s.current)?.id
    expect((await viewer.send('DELETE', `/me/sessions/${own}`)).status).toBe(204)
    expect(await works(viewer, phone, tablet)).toEqual([false, false, true])
    const audit = await service.admin.get<Page<AuditEntry>>(`/audit?action=me.session.end&actor=${viewer.id}`)
    expect(audit.body.items.map((entry) => [entry.status, entry.target])).toEqual(
      [[204, own] as const, [404, id] as const, [204, id] as const].map(([status, session]) => [
        status,
        { kind: 'session', id: session, label: null },
      ]),
    )
  })

  it('are ended all but this one', async () => {
    const viewer = await person(service, { role: 'viewer' })
    const others = [await another(viewer.email), await another(viewer.email)]
    const stranger = await person(service, { role: 'viewer' })
    expect((await viewer.send('DELETE', '/me/sessions')).status).toBe(204)
    expect(await works(viewer, ...others, stranger)).toEqual([true, false, false, true])
    expect((await viewer.send('DELETE', '/me/sessions')).status).toBe(204)
    expect(await sessionsOf(viewer)).toHaveLength(1)
  })

  it('do not come back by requests that were under way', async () => {
    const viewer = await person(service, { role: 'viewer' })
    const phone = await another(viewer.email, 'Phone')
    const busy = Promise.all(Array.from({ length: 30 }, () => phone.get('/vehicles')))
    await viewer.send('DELETE', '/me/sessions')
    await busy
    expect(await works(phone)).toEqual([false])
    expect(await sessionsOf(viewer)).toHaveLength(1)
  })

  it('of others are nobody’s business', async () => {
    const [one, two] = [await person(service, { role: 'viewer' }), await person(service, { role: 'officer' })]
    const id = (await sessionsOf(one))[0]?.id
    expect((await two.send('DELETE', `/me/sessions/${id}`)).status).toBe(404)
    expect((await two.send('DELETE', '/me/sessions/nonsense')).status).toBe(400)
    expect((await two.get(`/accounts/${one.id}/sessions`)).status).toBe(403)
    expect((await two.send('DELETE', `/accounts/${one.id}/sessions`)).status).toBe(403)
    for (const [method, path] of [
      ['GET', '/me/sessions'],
      ['DELETE', '/me/sessions'],
      ['DELETE', `/me/sessions/${id}`],
    ] as const)
      expect((await service.visitor().send(method, path)).status).toBe(401)
    expect(await works(one)).toEqual([true])
  })

  it('that a new right or password has ended are not listed', async () => {
    const viewer = await person(service, { role: 'viewer' })
    await service.admin.send('PATCH', `/accounts/${viewer.id}`, { role: 'officer' })
    await viewer.signIn(viewer.email, PASSWORD)
    expect(await sessionsOf(viewer)).toHaveLength(1)
  })
})

describe('the administrator', () => {
  it('sees and ends the sessions of an account', async () => {
    const viewer = await person(service, { role: 'viewer' })
    const phone = await another(viewer.email, 'Phone')
    const path = `/accounts/${viewer.id}/sessions`
    const items = await sessionsOf(service.admin, path)
    expect(items.map((s) => s.current)).toEqual([false, false])
    expect((await service.admin.send('DELETE', path)).status).toBe(204)
    expect(await works(viewer, phone)).toEqual([false, false])
    expect(await sessionsOf(service.admin, path)).toEqual([])
    expect((await service.admin.send('DELETE', path)).status).toBe(204)
    const nobody = `/accounts/${'f'.repeat(24)}/sessions`
    expect((await service.admin.get(nobody)).status).toBe(404)
    expect((await service.admin.send('DELETE', nobody)).status).toBe(404)
  })
})
