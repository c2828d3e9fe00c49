import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../server/app.ts'
import type { AuditEntry } from '../../server/audit/schema.ts'
import { defineRoute } from '../../server/http/route.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import { type Page, person } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

let service: TestService
beforeAll(async () => {
  service = await startTestService({ TRUST_PROXY: '1' }, { writeLimits: { account: 30, address: 20 } })
})
afterAll(() => service.close())

const refusals = async () =>
  (await service.admin.get<Page<AuditEntry>>('/audit?outcome=refused&limit=200')).body.items.filter(
    (entry) => entry.status === 429,
  )

describe('writes', () => {
  it('of an account are slowed down apart from those of others, and reads never', async () => {
    const busy = await person(service, { role: 'officer' })
    const other = await person(service, { role: 'officer' })
    const statuses: number[] = []
    for (let i = 0; i < 40; i++) statuses.push((await busy.send('PATCH', '/me', { name: `n${i}` })).status)
    expect(statuses.filter((s) => s === 200)).toHaveLength(30)
    expect(statuses.slice(30)).toEqual(Array(10).fill(429))
    const refused = await busy.send<ProblemBody>('PATCH', '/me', { name: 'x' })
    expect([refused.status, refused.body.code]).toEqual([429, 'request.too-many'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await busy.get('/me')).status).toBe(200)
    expect((await other.send('PATCH', '/me', { name: 'other' })).status).toBe(200)
    // Refusals must not fill the log: the first of a minute stands for all.
    expect((await refusals()).map((e) => e.actor?.email)).toEqual([busy.email])
  })

  it('of those who are not signed in are slowed down by address, as the proxy in front tells it', async () => {
    const from = (address: string) =>
      service.visitor().send('POST', '/operators', { name: 'x' }, { 'x-forwarded-for': address })
    const statuses: number[] = []
    for (let i = 0; i < 25; i++) statuses.push((await from('203.0.113.7')).status)
    expect(statuses).toEqual([...Array(20).fill(401), ...Array(5).fill(429)])
    expect((await from('203.0.113.8')).status).toBe(401)
    // What a visitor puts before the proxy's own word counts for nothing.
    expect((await from('198.51.100.1, 203.0.113.7')).status).toBe(429)
    // Addresses of one IPv6 customer are one.
    const six: number[] = []
    for (let i = 0; i < 25; i++) six.push((await from(`2001:db8:1:2::${i.toString(16)}`)).status)
    expect(six.filter((s) => s === 429)).toHaveLength(5)
    expect((await refusals()).map((e) => e.address).sort()).toEqual(
      expect.arrayContaining(['203.0.113.7', '2001:db8:1:2::14']),
    )
  })
})

describe('refusals', () => {
  const entriesOf = async (field: string, value: string) =>
    service.services.connection.collection('audit').countDocuments({ [field]: value, outcome: 'refused' })
  const times = async (n: number, ask: () => Promise<{ status: number }>) => {
    const statuses: number[] = []
    for (let i = 0; i < n; i++) statuses.push((await ask()).status)
    return statuses
  }

  it('of writes from other sites’ pages and with bad tokens fill the log no further than other writes', async () => {
    const post = (headers: Record<string, string>) => () =>
      service.visitor().send('POST', '/operators', { name: 'x' }, headers)
    const foreign = { origin: 'https://evil.example', 'x-forwarded-for': '203.0.113.21' }
    expect(await times(30, post(foreign))).toEqual([...Array(20).fill(403), ...Array(10).fill(429)])
    expect(await entriesOf('address', '203.0.113.21')).toBe(21)
    const wrong = { authorization: 'Bearer flt_wrong', 'x-forwarded-for': '203.0.113.22' }
    expect(await times(30, post(wrong))).toEqual([...Array(20).fill(401), ...Array(10).fill(429)])
    expect(await entriesOf('address', '203.0.113.22')).toBe(21)
  })

  it('of reads that go into the log are limited with the writes, and allowed reads are not', async () => {
    const viewer = await person(service, { role: 'operator' })
    expect(await times(40, () => viewer.get('/vehicles'))).toEqual(Array(40).fill(200))
    const statuses = await times(40, () => viewer.get('/accounts'))
    expect(statuses.filter((s) => s === 403)).toHaveLength(30)
    expect(statuses.slice(30)).toEqual(Array(10).fill(429))
    expect(await entriesOf('actor.email', viewer.email)).toBe(31)
    expect((await viewer.get('/vehicles')).status).toBe(200)
    const from = { 'x-forwarded-for': '203.0.113.23' }
    const exported = () => service.visitor().send('GET', '/audit.csv', undefined, from)
    expect(await times(30, exported)).toEqual([...Array(20).fill(401), ...Array(10).fill(429)])
    expect(await entriesOf('address', '203.0.113.23')).toBe(21)
    expect((await service.visitor().send('GET', '/vehicles', undefined, from)).status).toBe(401)
  })
})

describe('methods', () => {
  it('that a path does not have are told with those that it has', async () => {
    const put = await service.admin.send<ProblemBody>('PUT', '/vehicles', {})
    expect([put.status, put.body.code, put.headers.get('allow')]).toEqual([
      405,
      'method.not-allowed',
      'GET, HEAD',
    ])
    expect((await service.visitor().send('PUT', '/vehicles', {})).status).toBe(401)
    expect((await service.admin.send('PUT', '/nowhere', {})).status).toBe(404)
  })

  it('HEAD and OPTIONS answer without a body, and tell nobody anything', async () => {
    const head = await service.admin.send<string>('HEAD', '/vehicles')
    expect([head.status, head.body]).toEqual([200, ''])
    expect((await service.visitor().send('HEAD', '/vehicles')).status).toBe(401)
    expect((await service.visitor().send('OPTIONS', '/vehicles')).status).toBe(401)
    const options = await service.admin.send<string>('OPTIONS', '/vehicles')
    expect([options.status, options.body, options.headers.get('allow')]).toEqual([204, '', 'GET, HEAD'])
    expect(options.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('an application', () => {
  const make = (permission: unknown, path = '/hole') => {
    const route = defineRoute({
      ...{ method: 'get', path, summary: 'x', permission: permission as 'read', handle: async () => ({}) },
    })
    return () => createApp({ services: service.services, routes: [route], clientFolder: '/nowhere' })
  }

  it('with a route that declares no permission does not start', () => {
    expect(make('read')).not.toThrow()
    expect(make(undefined)).toThrow('GET /hole declares no permission')
    expect(make('toString')).toThrow('GET /hole declares no permission')
  })

  it('with two routes for the same requests does not start', () => {
    expect(make('read', '/vehicles')).toThrow('GET /vehicles is never reached')
    expect(make('read', '/imports/:any')).toThrow('is never reached')
  })
})
