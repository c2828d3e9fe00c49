import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { createJobRoutes } from '../../jobs/routes.ts'
import { PERMISSIONS } from '../../server/accounts/permissions.ts'
import { apiRoutes } from '../../server/app.ts'
import type { Route } from '../../server/http/route.ts'
import { problemBody } from '../../server/http/schema.ts'
import { type Client, csvOf, person, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

interface Operation {
  summary: string
  parameters: { name: string; in: string; required: boolean; schema: object }[]
  requestBody?: { content: Record<string, { schema: object }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>
  security?: unknown[]
  'x-permission': string
}
interface Description {
  openapi: string
  info: { title: string; version: string }
  servers: { url: string }[]
  security: unknown[]
  paths: Record<string, Record<string, Operation>>
  components: { securitySchemes: object; schemas: Record<string, object> }
}

let service: TestService
let admin: Client
let routes: Route[]
let description: Description
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
  routes = apiRoutes(service.services, createJobRoutes(service.jobs))
  description = (await admin.get<Description>('/openapi.json')).body
  await admin.record('list.csv', csvOf([1, 2, 3].map((n) => ({ ...vehicleOf(n), kind: 'stock' }))))
  await admin.mustChange({
    kind: 'retired',
    on: '2025-01-01',
    reason: 'scrapped',
    vehicle: { vin: vinOf(1) },
  })
})
afterAll(() => service.close())

const operations = () =>
  Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )

/** Every `$ref` in a document. */
function refs(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, value]) => (key === '$ref' ? [String(value)] : refs(value)))
}

describe('the API description', () => {
  it('is OpenAPI 3.1 with all that its structure demands', () => {
    expect(description.openapi).toMatch(/^3\.1\.\d$/)
    expect(description.info).toMatchObject({ title: expect.any(String), version: expect.any(String) })
    expect(description.servers).toEqual([{ url: '/api/v1' }])
    for (const { path, method, operation } of operations()) {
      const where = `${method} ${path}`
      expect([where, /^\/[\w./{}-]+$/.test(path)]).toEqual([where, true])
      expect(['get', 'post', 'patch', 'delete', 'put']).toContain(method)
      expect([where, operation.summary.length > 0]).toEqual([where, true])
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort()
      const inPath = operation.parameters.filter((p) => p.in === 'path')
      expect([where, inPath.map((p) => p.name).sort(), inPath.every((p) => p.required)]).toEqual([
        where,
        named,
        true,
      ])
      const keys = operation.parameters.map((p) => `${p.in} ${p.name}`)
      expect([where, new Set(keys).size]).toEqual([where, keys.length])
      for (const parameter of operation.parameters)
        expect([where, Object.keys(parameter.schema).length > 0]).toEqual([where, true])
      expect([where, Object.keys(operation.responses).some((s) => /^2\d\d$/.test(s))]).toEqual([where, true])
      expect(operation.responses.default?.content).toHaveProperty(['application/problem+json'])
      if (method === 'get') expect([where, operation.requestBody]).toEqual([where, undefined])
    }
  })

  it('refers to nothing that it does not hold', () => {
    for (const ref of refs(description)) {
      const found = ref
        .split('/')
        .slice(1)
        .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], description)
      expect([ref, ref.startsWith('#/'), found !== undefined]).toEqual([ref, true, true])
    }
  })

  it('has every route that the service runs, with its permission, and no other', () => {
    const described = operations().map(
      ({ path, method, operation }) => `${method} ${path} ${operation['x-permission']}`,
    )
    const registered = routes.map((r) => `${r.method} ${r.path.replace(/:(\w+)/g, '{$1}')} ${r.permission}`)
    expect(described.sort()).toEqual(registered.sort())
    for (const { operation } of operations())
      expect(['public', 'signed-in', ...PERMISSIONS]).toContain(operation['x-permission'])
  })

  it('says of every route how a caller shows who it is: not at all, by a session only, or by either', () => {
    expect(description.security).toEqual([{ session: [] }, { token: [] }])
    expect(Object.keys(description.components.securitySchemes).sort()).toEqual(['session', 'token'])
    const kinds = new Set<string>()
    for (const { path, method, operation } of operations()) {
      const route = routes.find((r) => r.method === method && r.path.replace(/:(\w+)/g, '{$1}') === path)
      const kind = route?.permission === 'public' ? 'open' : route?.sessionOnly ? 'session' : 'either'
      // Without a word of its own a route takes what holds for all.
      const said = { open: [], session: [{ session: [] }], either: undefined }[kind]
      expect([method, path, operation.security]).toEqual([method, path, said])
      kinds.add(kind)
    }
    expect([...kinds].sort()).toEqual(['either', 'open', 'session'])
  })

  it('tells of the parameters and bodies that the routes read', () => {
    const at = (path: string, method: string) => description.paths[path]?.[method]
    const names = at('/vehicles', 'get')?.parameters.map((p) => p.name)
    expect(names).toEqual(
      expect.arrayContaining(['category', 'county', 'operator', 'energy', 'status', 'q', 'limit', 'cursor']),
    )
    const evidence = at('/compliance/{rule}/evidence', 'get')?.parameters.map((p) => p.name)
    expect(evidence).toEqual(
      expect.arrayContaining(['rule', 'asOf', 'knownAt', 'county', 'operator', 'month', 'undetermined']),
    )
    expect(at('/changes', 'post')?.requestBody?.content).toHaveProperty(['application/json'])
    expect(at('/imports', 'post')?.requestBody?.content).toHaveProperty(['multipart/form-data'])
    const claim = at('/imports/{id}/rows/{seq}/disputes', 'post')?.requestBody?.content['multipart/form-data']
    expect(claim?.schema).toMatchObject({
      required: expect.arrayContaining(['file', 'claim', 'wish']),
      properties: { file: { format: 'binary' }, claim: { type: 'string' }, rules: { type: 'string' } },
    })
    for (const { path, method, operation } of operations())
      for (const { schema } of Object.values(operation.requestBody?.content ?? {}))
        for (const { type } of 'anyOf' in schema
          ? (schema.anyOf as { type?: string }[])
          : [schema as { type?: string }])
          expect([path, method, type]).toEqual([path, method, 'object'])
  })

  it('is for those who are signed in, as its page is', async () => {
    const viewer = await person(service, { role: 'viewer' })
    expect((await viewer.get('/openapi.json')).status).toBe(200)
    expect((await viewer.get('/docs')).headers.get('content-type')).toContain('text/html')
    for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js', 'start.js'])
      expect((await viewer.get(`/docs/${file}`)).status).toBe(200)
    for (const path of ['/openapi.json', '/docs', '/docs/start.js'])
      expect((await service.visitor().get(path)).status).toBe(401)
  })
})

describe('answers', () => {
  const answerOf = (method: string, path: string): z.ZodType => {
    const route = routes.find((r) => r.method === method && r.path === path)
    if (!route?.answer) throw new Error(`${method} ${path} describes no answer`)
    return route.answer
  }

  it('are what their routes describe, to the field', async () => {
    const lists = (await admin.get<{ items: { id: string }[] }>('/imports')).body.items
    const calls: [string, string][] = [
      ['/setup', '/setup'],
      ['/me', '/me'],
      ['/accounts', '/accounts'],
      ['/operators', '/operators'],
      ['/regions', '/regions'],
      ['/vehicles', '/vehicles?limit=2'],
      ['/vehicles/:id', `/vehicles/${vinOf(1)}`],
      ['/changes', '/changes?includeVoided=true'],
      ['/imports', '/imports'],
      ['/imports/attention', '/imports/attention'],
      ['/reporting', '/reporting?month=2026-11'],
      ['/notices', '/notices'],
      ['/disputes', '/disputes'],
      ['/imports/:id', `/imports/${lists[0]?.id}`],
      ['/imports/:id/rows', `/imports/${lists[0]?.id}/rows`],
      ['/compliance', '/compliance'],
      ['/compliance/:rule/evidence', '/compliance/old-diesel-trucks-retired/evidence'],
      ['/compliance/:rule/trend', '/compliance/freight-fleet/trend'],
    ]
    for (const [route, path] of calls) {
      const { status, body } = await admin.get<unknown>(path)
      const parsed = answerOf('get', route).safeParse(body)
      expect([path, status, parsed.error?.issues ?? []]).toEqual([path, 200, []])
      // zod leaves out what a schema does not name: an answer must hold nothing beside it.
      expect([path, parsed.data]).toEqual([path, body])
    }
    const change = await admin.change({ kind: 'stock', vehicle: vehicleOf(9) })
    expect(answerOf('post', '/changes').parse(change.body)).toEqual(change.body)
    const voided = await admin.post(`/changes/${change.body.id}/void`, { reason: 'x' })
    expect(answerOf('post', '/changes/:id/void').parse(voided.body)).toEqual(voided.body)
  })

  it('that are no success are problems', async () => {
    const problems = [
      await admin.get('/vehicles/none'),
      await admin.get('/nowhere'),
      await admin.post('/changes', {}),
      await admin.post('/changes', { kind: 'retired', vehicle: {} }),
      await service.visitor().get('/me'),
      await admin.send('POST', '/changes', '{'),
    ]
    for (const { status, body, headers } of problems) {
      expect(headers.get('content-type')).toContain('application/problem+json')
      expect(problemBody.parse(body)).toEqual(body)
      expect((body as { status: number }).status).toBe(status)
    }
  })
})
