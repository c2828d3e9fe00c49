import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createJobRoutes } from '../../jobs/routes.ts'
import { may } from '../../server/accounts/permissions.ts'
import { apiRoutes } from '../../server/app.ts'
import type { Route } from '../../server/http/route.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { unzip } from '../lists/zip.ts'
import { SAMPLES, sampleOf } from './support/matrix-examples.ts'
import { type Caller, type MatrixWorld, makeMatrixWorld, type Side, stateOf } from './support/matrix-world.ts'

/** Every route of the running application × everybody × whose thing: made from the routes themselves. */

let service: TestService
let world: MatrixWorld
let routes: Route[]
beforeAll(async () => {
  service = await startTestService()
  routes = apiRoutes(service.services, createJobRoutes(service.jobs))
  world = await makeMatrixWorld(service)
}, 180_000)
afterAll(() => service.close())

interface Seen {
  status: number
  /** everything that came back, with what is packed in it */
  text: string
  code: string | undefined
}

const PATIENCE_MS = 20_000

/** Sends a request as somebody, and reads whatever comes back. A stream of events never ends: its beginning will do. */
async function ask(caller: Caller | undefined, route: Route, path: string, body?: unknown): Promise<Seen> {
  const form = body instanceof FormData
  const sent = route.method === 'get' || body === undefined ? undefined : form ? body : JSON.stringify(body)
  const answer = await fetch(`${service.url}/api/v1${path}`, {
    method: route.method.toUpperCase(),
    headers: {
      ...caller?.headers(),
      ...(sent === undefined || form ? {} : { 'content-type': 'application/json' }),
    },
    ...(sent === undefined ? {} : { body: sent }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  const { status, headers } = answer
  const bytes = path.endsWith('/events') ? await beginningOf(answer) : Buffer.from(await answer.arrayBuffer())
  const isBook = bytes.length > 4 && bytes.readUInt32LE(0) === ZIP
  const content = isBook
    ? unzip(bytes)
        .map(({ data }) => data.toString())
        .join('\n')
    : bytes.toString()
  const isJson = headers.get('content-type')?.includes('json') && content !== ''
  const code = isJson ? (JSON.parse(content) as { code?: string }).code : undefined
  return { status, text: `${content} ${decodeURIComponent(headers.get('content-disposition') ?? '')}`, code }
}

const ZIP = 0x04034b50

async function beginningOf(answer: Response): Promise<Buffer> {
  const reader = answer.body?.getReader()
  const first = await reader?.read()
  await reader?.cancel()
  return Buffer.from(first?.value ?? [])
}

/** Whether somebody may call a route at all, as the routes and the roles declare it. */
function mayCall({ role, scope, token }: Caller, { permission, sessionOnly }: Route): boolean {
  if (token && sessionOnly) return false
  if (permission === 'public' || permission === 'signed-in') return true
  return may({ role, scope, ...(token ? { token: { permissions: token } } : {}) }, permission)
}

const unknownIds = (path: string) =>
  path.replace(/:(\w+)/g, (_, name: string) => (name === 'seq' ? '1' : '000000000000000000000000'))

const label = ({ method, path }: Route) => `${method} ${path}`
/** What would sign the caller out in the middle of the test. */
const SIGNS_OUT = new Set(['delete /session'])
/** The answer that counts nothing. */
const NONE = '{"total":0} '
const REFUSALS = new Set(['permission.denied', 'permission.session-only'])
/** Lists that are the whole city's: limited accounts are refused although their role has the permission. */
const WHOLE_CITY = new Set([
  ...['get /jobs', 'get /jobs/:name/runs', 'get /assessments'],
  ...['get /open-data', 'get /open-data/figures.csv', 'get /open-data/changes.csv'],
])
/** Writes that end the sessions of the account that they are about. */
const ENDS_SESSIONS = new Set([
  'delete /accounts/:id/sessions',
  'post /accounts/:id/reset-second-factor',
  'patch /accounts/:id',
])

const callerOf = (name: string): Caller => {
  const found = world.callers.find((caller) => caller.name === name)
  if (!found) throw new Error(`nobody is ${name}`)
  return found
}

/** What a request itself says is no news. */
const said = (path: string, body: unknown): string =>
  `${decodeURIComponent(path)} ${JSON.stringify(body instanceof FormData ? [...body.values()] : body) ?? ''}`

const told = (side: Side, { text }: Seen, path: string, body?: unknown): string[] =>
  world.markers[side].filter((marker) => text.includes(marker) && !said(path, body).includes(marker))

const totalOf = ({ text }: Seen): number => (JSON.parse(text) as { total: number }).total

describe('what is declared of the routes', () => {
  it('has a sample for every route, and none for a route that is gone', () => {
    const declared = routes.map(label)
    expect(declared.filter((route) => !(route in SAMPLES))).toEqual([])
    expect(Object.keys(SAMPLES).filter((route) => !declared.includes(route))).toEqual([])
    expect(new Set(declared).size).toBe(declared.length)
  })

  it('holds for somebody who has not signed in: nothing but what is public', async () => {
    for (const route of routes) {
      const { status, code } = await ask(undefined, route, unknownIds(route.path), {})
      if (route.permission === 'public')
        expect([label(route), code]).not.toEqual([label(route), 'session.required'])
      else expect([label(route), status, code]).toEqual([label(route), 401, 'session.required'])
    }
  })

  it('holds for every role: refused where its permission is missing, let in where it is there', async () => {
    for (const caller of world.callers) {
      for (const route of routes) {
        if (SIGNS_OUT.has(label(route))) continue
        const { status, code } = await ask(caller, route, unknownIds(route.path), { unknown: 'field' })
        const isOpen = mayCall(caller, route) && !(caller.limited && WHOLE_CITY.has(label(route)))
        const refusal = caller.token && route.sessionOnly ? 'permission.session-only' : 'permission.denied'
        const what = [caller.name, label(route)]
        expect([...what, status, status < 500]).toEqual([...what, status, true])
        if (isOpen) expect([...what, REFUSALS.has(code ?? '')]).toEqual([...what, false])
        else expect([...what, status, code]).toEqual([...what, 403, refusal])
      }
    }
  })
})

describe("somebody else's things", () => {
  it('are refused to limited accounts, tell nothing, and are left as they are', async () => {
    const apart = [...new Set(world.callers.flatMap((caller) => caller.apart))]
    const states = async () => Promise.all(apart.map((side) => stateOf(service, world.things[side])))
    const before = await states()
    for (const caller of world.callers) {
      for (const side of caller.apart) {
        for (const route of routes.filter((r) => !SIGNS_OUT.has(label(r)))) {
          const { about, of } = sampleOf(route)
          for (const { path, body } of of(world.things[side])) {
            const seen = await ask(caller, route, path, body)
            const { status, text } = seen
            const what = [caller.name, side, label(route), path, status]
            expect([...what, told(side, seen, path, body)]).toEqual([...what, []])
            expect([...what, status < 500]).toEqual([...what, true])
            // The others' county or operator is also the caller's own; a company has a branch in the other county.
            const branch = caller.scope.operator !== undefined && path.includes('county=')
            if (about === 'count' && side === 'foreign' && status === 200 && !branch)
              expect([...what, text]).toEqual([...what, NONE])
            if (about === 'thing') expect([...what, isRefusal(seen)]).toEqual([...what, true])
          }
        }
      }
    }
    expect(await states()).toEqual(before)
  }, 300_000)

  it('are there all the same, for those who see the whole city', async () => {
    const officer = callerOf('officer')
    for (const side of ['foreign', 'neighbour', 'branch'] as const) {
      for (const route of routes.filter(({ method }) => method === 'get')) {
        const { about, of } = sampleOf(route)
        if (
          !mayCall(officer, route) ||
          !['thing', 'list', 'count'].includes(about) ||
          UNTOLD.has(label(route)) ||
          // Lists are narrowed by the other company, which has nothing there.
          (side === 'branch' && about !== 'thing')
        )
          continue
        for (const { path } of of(world.things[side])) {
          const seen = await ask(officer, route, path)
          const what = [side, path, seen.status]
          expect(what).toEqual([side, path, 200])
          const found = about === 'count' ? totalOf(seen) : about === 'list' ? told(side, seen, '').length : 1
          expect([...what, found > 0]).toEqual([...what, true])
        }
      }
    }
  })
})

/** A refusal that tells nothing of the thing; a change is refused by what its vehicle is to the caller. */
function isRefusal({ status, code, text }: Seen): boolean {
  if ([401, 403, 404].includes(status)) return true
  return status === 422 && code === 'change.invalid' && text.includes('"vehicle.outside"')
}

/** Lists in which a side is told by numbers only, or that are everybody's. */
const UNTOLD = new Set([
  'get /regions',
  'get /policy',
  'get /policy/versions',
  'get /policy/versions/:version',
  'get /openapi.json',
  'get /notices',
  'get /imports/attention',
  'get /imports/template.xlsx',
  ...['get /compliance', 'get /compliance/:rule/breakdown', 'get /compliance/:rule/trend'],
  ...['get /compliance/:rule/breakdown.xlsx', 'get /compliance/:rule/breakdown.csv'],
  'get /due/scenarios',
  ...['get /reports', 'get /reports/:id', 'get /reports/:id/paper'],
  ...['get /reports/:id.html', 'get /reports/:id.xlsx'],
  'get /quality/months',
  // Nothing of theirs is late or doubtful, or lacks a fact.
  ...['get /quality/late', 'get /quality/late.xlsx', 'get /quality/late.csv'],
  ...['get /quality/warnings', 'get /quality/warnings.xlsx', 'get /quality/warnings.csv'],
  ...['get /quality/missing', 'get /quality/missing.xlsx', 'get /quality/missing.csv'],
  ...['get /open-data', 'get /open-data/figures.csv', 'get /open-data/changes.csv'],
])

describe('numbers', () => {
  const limited = () => world.callers.filter((caller) => caller.limited)

  it.each([
    ['/vehicles/count', '/vehicles?limit=200'],
    ['/changes/count', '/changes?limit=200'],
    ['/compliance/freight-fleet/evidence/count', '/compliance/freight-fleet/evidence?limit=200'],
    ['/due/vehicles/count?undetermined=true', '/due/vehicles?undetermined=true&limit=200'],
    ['/due/old-trucks/count', '/due/old-trucks?limit=200'],
  ])('of %s are those of what the caller is shown', async (count, list) => {
    const read = async (caller: Caller, path: string) =>
      JSON.parse((await fetchAs(caller, path)).text) as { total: number; items: unknown[] }
    for (const caller of limited()) {
      const { items } = await read(caller, list)
      expect([caller.name, (await read(caller, count)).total]).toEqual([caller.name, items.length])
      expect(items.length).toBeGreaterThan(0)
    }
    const whole = (await read(callerOf('officer'), count)).total
    for (const caller of limited()) expect((await read(caller, count)).total).toBeLessThan(whole)
  })

  it.each([
    ...['/compliance', '/compliance/freight-fleet/trend', '/compliance/old-diesel-trucks-retired/trend'],
    ...['county', 'operator', 'month'].map((by) => `/compliance/freight-fleet/breakdown?by=${by}`),
  ])('of %s are those of the part that the caller sees', async (path) => {
    const { county, operator } = world.things.own
    for (const caller of limited()) {
      const part = caller.scope.county === undefined ? `operator=${operator}` : `county=${county}`
      const [own, same, whole] = await Promise.all([
        fetchAs(caller, path),
        fetchAs(callerOf('officer'), `${path}${path.includes('?') ? '&' : '?'}${part}`),
        fetchAs(callerOf('officer'), path),
      ])
      expect([caller.name, withoutInstant(own)]).toEqual([caller.name, withoutInstant(same)])
      expect(withoutInstant(own)).not.toEqual(withoutInstant(whole))
    }
  })

  it('of what waits are those of the county, and of the whole city for the bureau', async () => {
    const waiting = async (name: string) =>
      JSON.parse((await fetchAs(callerOf(name), '/imports/attention')).text)
    expect(await waiting('officer')).toMatchObject({ submitted: 3, disputes: 3 })
    expect(await waiting('county officer')).toMatchObject({ submitted: 2, disputes: 2 })
    expect(await waiting('operator')).toMatchObject({ submitted: 0, disputes: 0 })
  })
})

const fetchAs = (caller: Caller, path: string): Promise<Seen> => ask(caller, { method: 'get' } as Route, path)

/** Figures are asked one after the other: what is settled may have moved on. */
function withoutInstant({ text }: Seen): unknown {
  const { knownAt: _k, ...rest } = JSON.parse(text) as Record<string, unknown>
  return rest
}

describe('own things', () => {
  it('are given to each who may read them', async () => {
    for (const caller of world.callers) {
      for (const route of routes.filter(({ method }) => method === 'get')) {
        const { about, of } = sampleOf(route)
        if (!mayCall(caller, route) || about !== 'thing') continue
        for (const { path } of of(world.things.own)) {
          // A list that its operator has not submitted is nobody else's in the county.
          if (path.includes(world.things.own.checked) && caller.limited && caller.role !== 'operator')
            continue
          const { status } = await ask(caller, route, path)
          expect([caller.name, path, status]).toEqual([caller.name, path, 200])
        }
      }
    }
  })

  // It changes them, so it comes last.
  it('can be written by whoever may: no sample is refused for another reason', async () => {
    const writers = ['operator', 'county officer', 'administrator'].map(callerOf)
    const writes = routes.filter((r) => r.method !== 'get' && sampleOf(r).about === 'thing')
    const last = (r: Route) => Number(ENDS_SESSIONS.has(label(r)))
    for (const route of writes.sort((a, b) => last(a) - last(b))) {
      const writer = writers.find((caller) => mayCall(caller, route))
      for (const { path, body } of sampleOf(route).of(world.things.own)) {
        const seen = await ask(writer, route, path, body)
        const what = [writer?.name, label(route), path, seen.status, seen.code]
        expect([...what, isRefusal(seen)]).toEqual([...what, false])
      }
    }
  })
})
