import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createJobRoutes } from '../../jobs/routes.ts'
import { apiRoutes } from '../../server/app.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import { type Client, csvOf, type Page, vehicleOf } from '../harness/client.ts'
import { ADMIN, startTestService, type TestService } from '../harness/service.ts'

let service: TestService
let admin: Client
beforeAll(async () => {
  service = await startTestService({ PUBLIC_URL: 'https://fleet.example.com/app' })
  admin = service.admin
  await admin.record('list.csv', csvOf([1, 2, 3].map((n) => ({ ...vehicleOf(n), kind: 'stock' }))))
})
afterAll(() => service.close())

/** A refusal that says nothing of the inside. */
function expectRefusal(what: unknown, answer: { status: number; body: unknown }): void {
  expect([what, answer.status >= 400 && answer.status < 500, answer.status]).toEqual([
    what,
    true,
    answer.status,
  ])
  expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.[jt]s:\d|at \w+ \(|Mongo|BSON|stack/)
}

/** A request as it is, without a client that puts it right. */
function raw(
  method: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(service.url)
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, method, path, headers: { cookie: admin.cookie, ...headers } },
      (res) => {
        let body = ''
        res.on('data', (part) => {
          body += String(part)
        })
        res.on('end', () => resolve({ status: res.statusCode ?? 0, body }))
      },
    )
    sent.on('error', reject)
    sent.end()
  })
}

describe('a page of another site', () => {
  it.each([
    'https://evil.example',
    'null',
    'http://127.0.0.1',
    'http://localhost:1',
    'https://fleet.example.com.evil.example',
    'https://fleet.example.com:444',
  ])('from %s cannot write', async (origin) => {
    const before = (await admin.get<Page<unknown>>('/changes')).body.total
    const tries: [string, string, unknown][] = [
      ['POST', '/changes', { kind: 'stock', vehicle: vehicleOf(9) }],
      ['POST', '/session', ADMIN],
      ['DELETE', '/session', undefined],
      ['PATCH', '/me', { name: 'x' }],
      ['POST', '/imports', new FormData()],
      ['POST', '/setup', {}],
    ]
    for (const [method, path, body] of tries) {
      const answer = await admin.send<ProblemBody>(method, path, body, { origin })
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'request.foreign-origin'])
    }
    expect((await admin.get<Page<unknown>>('/changes')).body.total).toBe(before)
    expect((await admin.get('/me')).status).toBe(200)
  })

  it('of our own can, and scripts without an Origin too', async () => {
    for (const origin of [service.url, 'https://fleet.example.com', `https://${new URL(service.url).host}`]) {
      const { status } = await admin.send('PATCH', '/me', { name: '管理员' }, { origin })
      expect([origin, status]).toEqual([origin, 200])
    }
    expect((await admin.send('PATCH', '/me', { name: '管理员' })).status).toBe(200)
  })

  it('gets no leave to read answers', async () => {
    const { headers } = await admin.send('GET', '/me', undefined, { origin: 'https://evil.example' })
    expect(headers.get('access-control-allow-origin')).toBeNull()
    const preflight = await admin.send('OPTIONS', '/changes', undefined, { origin: 'https://evil.example' })
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('every answer', () => {
  it.each(['/me', '/nowhere', '//api', '//nowhere.js', '//'])(
    'of %s carries the headers that protect it',
    async (path) => {
      const { headers } = await admin.get(path)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'self'")
      expect(policy).toContain("script-src 'self'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain("object-src 'none'")
      expect(policy).not.toMatch(/script-src[^;]*unsafe/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('x-powered-by')).toBeNull()
    },
  )

  it('of the API is kept by nobody on the way', async () => {
    for (const path of ['/me', '/vehicles', '/nowhere'])
      expect((await admin.get(path)).headers.get('cache-control')).toBe('no-store')
  })
})

describe('bodies', () => {
  const writes = () =>
    apiRoutes(service.services, createJobRoutes(service.jobs)).filter(
      (r) => r.body && !['/session', '/setup'].includes(r.path),
    )

  it('that are no JSON, no object, too large or wrongly labelled are refused everywhere', async () => {
    for (const { method, path } of writes()) {
      const at = path.replace(/:\w+/g, 'f'.repeat(24))
      const send = (body: string, type = 'application/json') =>
        admin.send<ProblemBody>(method.toUpperCase(), at, body, { 'content-type': type })
      const cases: [string, number, string][] = [
        ['{', 400, 'request.not-json'],
        ['{"a":1}}', 400, 'request.not-json'],
        ['"text"', 400, 'request.not-json'],
        ['null', 400, 'request.not-json'],
        ['[]', 400, 'request.invalid'],
        ['[{}]', 400, 'request.invalid'],
        [`{"x":"${'x'.repeat(300_000)}"}`, 413, 'request.too-large'],
        ['['.repeat(50_000), 400, 'request.not-json'],
        [`${'['.repeat(50_000)}${']'.repeat(50_000)}`, 400, 'request.invalid'],
        ['{"\\u0000":1}', 400, 'request.invalid'],
      ]
      for (const [body, status, code] of cases) {
        const answer = await send(body)
        expect([path, body.slice(0, 20), answer.status, answer.body.code]).toEqual([
          path,
          body.slice(0, 20),
          status,
          code,
        ])
        expectRefusal([path, body.slice(0, 20)], answer)
      }
      expectRefusal(path, await send('{}', 'application/json; charset=nonsense'))
      expectRefusal(
        path,
        await admin.send(method.toUpperCase(), at, '{}', { 'content-encoding': 'nonsense' }),
      )
      expectRefusal(path, await admin.send(method.toUpperCase(), at, '{}', { 'content-encoding': 'gzip' }))
    }
  })

  it('with names of prototypes and operators change nothing that they should not', async () => {
    const names = [
      '__proto__',
      'constructor',
      'prototype',
      '$set',
      '$where',
      'a.b',
      '',
      '\\u0000',
      'hasOwnProperty',
    ]
    for (const name of names) {
      for (const value of ['{"role":"administrator","polluted":true}', 'true', '"x"', '[]']) {
        const answers = [
          await admin.send('PATCH', '/me', `{"${name}":${value}}`),
          await admin.send('POST', '/changes', `{"kind":"stock","vehicle":{"${name}":${value}}}`),
          await admin.send('POST', `/changes/${'f'.repeat(24)}/void`, `{"reason":{"${name}":${value}}}`),
        ]
        for (const { status } of answers) expect([name, value, status < 500]).toEqual([name, value, true])
      }
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect((await admin.get('/me')).body).toMatchObject({ role: 'administrator', name: '管理员' })
  })

  it('with NUL and odd characters in texts are taken or refused, never a failure', async () => {
    const texts = [
      '\u0000',
      'a\u0000b',
      '\ud800',
      '\u202e',
      '💥'.repeat(10),
      '\r\n',
      "'; DROP",
      '{{x}}',
      '#{x}',
      '<script>',
    ]
    for (const text of texts) {
      const answers = [
        await admin.send('PATCH', '/me', { name: text }),
        await admin.post('/changes?dryRun=true', {
          kind: 'stock',
          vehicle: vehicleOf(9, { operator: text }),
          note: text,
        }),
        await admin.post('/changes?dryRun=true', { kind: 'stock', vehicle: vehicleOf(9, { vin: text }) }),
        await admin.post('/changes?dryRun=true', {
          kind: 'replaced',
          on: '2025-01-01',
          vehicle: vehicleOf(9),
          replaces: [text],
        }),
        await admin.post('/changes?dryRun=true', {
          kind: 'retired',
          on: '2025-01-01',
          reason: 'scrapped',
          vehicle: { plate: text },
        }),
      ]
      for (const [i, { status }] of answers.entries())
        expect([text, i, status < 500]).toEqual([text, i, true])
    }
    await admin.send('PATCH', '/me', { name: '管理员' })
  })
})

describe('addresses', () => {
  it('with query operators, NUL, prototype names and repeated fields never fail and never widen', async () => {
    const queries = [
      'county[$ne]=x',
      'county[]=350702',
      'county[$regex]=.*',
      'operator[$gt]=',
      '$where=sleep(1000)',
      '__proto__[role]=administrator',
      '__proto__=x',
      'constructor=x',
      'q[$regex]=.*',
      'county=350702&county=350703',
      'county=%00',
      'q=%00',
      'operator=%00',
      'cursor=%00',
      'kind[$ne]=stock',
      'limit[$gt]=0',
      '%',
      '%E0%A4%A=1',
      'q=%FF%FE',
      `q=${'%F0%9F%92%A5'.repeat(30)}`,
      '&&&=&=',
      'asOf[$ne]=2025-01-01',
      'rule[$ne]=x',
      `${'a=1&'.repeat(2000)}`,
    ]
    const paths = [
      '/vehicles',
      '/changes',
      '/imports',
      '/compliance',
      '/compliance/bus-fleet/evidence',
      '/compliance/bus-fleet/trend',
      '/accounts',
      '/operators',
      '/jobs',
      '/outbox',
    ]
    for (const path of paths) {
      for (const query of queries) {
        const { status, body } = await raw('GET', `/api/v1${path}?${query}`)
        expect([path, query.slice(0, 40), status < 500]).toEqual([path, query.slice(0, 40), true])
        expect(body).not.toMatch(/node_modules|\.ts:\d/)
      }
    }
  })

  it('that are odd answer as what is not there', async () => {
    const paths = [
      '/api/v1/vehicles/%00',
      '/api/v1/vehicles/%2e%2e%2f',
      '/api/v1/../../etc/passwd',
      '/api/v1/imports/%2e%2e',
      '/api/v1/imports/$ne/rows',
      '/api/v1/vehicles/%E0%A4%A',
      '/api/v1/%',
      '/api/v1/compliance/%00/trend',
      '/api/v1//me',
      '/api/v1/docs/../../../package.json',
      '/api/v1/docs/%2e%2e/package.json',
    ]
    for (const path of paths) {
      const answer = await raw('GET', path)
      expectRefusal(path, answer)
    }
    for (const path of [
      '/assets/../../package.json',
      '/assets/%2e%2e/%2e%2e/package.json',
      '/..%2fpackage.json',
      '/%',
      '/%00',
    ]) {
      const { status, body } = await raw('GET', path)
      expect([path, status < 500, body.includes('"dependencies"')]).toEqual([path, true, false])
    }
  })

  it('take HEAD and unknown methods without a failure', async () => {
    for (const method of ['HEAD', 'OPTIONS', 'PUT', 'TRACE', 'PROPFIND']) {
      const { status } = await raw(method, '/api/v1/vehicles')
      expect([method, status < 500]).toEqual([method, true])
    }
  })
})
