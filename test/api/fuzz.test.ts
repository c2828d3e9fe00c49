import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createJobRoutes } from '../../jobs/routes.ts'
import { apiRoutes } from '../../server/app.ts'
import type { Route } from '../../server/http/route.ts'
import { WORKING } from '../../server/imports/states.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { sampleOf } from './support/matrix-examples.ts'
import { type Caller, type MatrixWorld, makeMatrixWorld } from './support/matrix-world.ts'
import { Nonsense } from './support/nonsense.ts'

/**
 * Random requests over all routes: bodies of any shape, sound ones with a part gone wrong, broken JSON, forms, odd
 * queries and ids. `FUZZ` says how many bodies are sent, `FUZZ_SEED` makes others.
 */
const COUNT = Number(process.env.FUZZ ?? 10_000)
const SEED = Number(process.env.FUZZ_SEED ?? 1)
/** What signs the sender out, ends sessions or starts work that is not asked for is left to its own tests. */
const LEFT_OUT = new Set([
  ...['delete /session', 'delete /me/sessions', 'delete /accounts/:id/sessions', 'get /imports/:id/events'],
  ...['post /accounts/:id/reset-second-factor', 'delete /accounts/:id/tokens/:token'],
])
/** Reads among the requests, one to so many. */
const READS = 0.2
const INSIDE =
  /node_modules|\.[cm]?[jt]s:\d|\bat \w+ \(|Mongo|BSON|passwordHash|\$argon2|\bstack\b|ECONN|E11000/

let service: TestService
let world: MatrixWorld
let routes: Route[]
beforeAll(async () => {
  service = await startTestService()
  world = await makeMatrixWorld(service)
  routes = apiRoutes(service.services, createJobRoutes(service.jobs)).filter(
    ({ method, path }) => !LEFT_OUT.has(`${method} ${path}`),
  )
}, 180_000)
afterAll(() => service.close())

interface Request {
  path: string
  sent?: string | FormData | undefined
  type?: string | undefined
}

async function send(caller: Caller, { method }: Route, { path, sent, type }: Request) {
  const typed: Record<string, string> =
    sent === undefined || sent instanceof FormData ? {} : { 'content-type': type ?? '' }
  const answer = await fetch(`${service.url}/api/v1${path}`, {
    method: method.toUpperCase(),
    headers: { ...caller.headers(), ...typed },
    ...(sent === undefined ? {} : { body: sent }),
    redirect: 'manual',
    signal: AbortSignal.timeout(30_000),
  })
  return { status: answer.status, text: Buffer.from(await answer.arrayBuffer()).toString('utf8') }
}

function requestOf(nonsense: Nonsense, route: Route, caller: Caller): Request {
  const things = caller.limited ? world.things.own : nonsense.pick(Object.values(world.things))
  const sample = nonsense.pick(sampleOf(route).of(things))
  const path = nonsense.path(sample.path)
  if (route.method === 'get') return { path }
  return sample.body instanceof FormData && nonsense.chance(0.7)
    ? { path, sent: nonsense.form(sample.body) }
    : { path, ...nonsense.body(sample.body instanceof FormData ? {} : sample.body) }
}

/** Waits until no list is being worked on. */
const atRest = () =>
  vi.waitFor(
    async () =>
      expect(
        await service.services.models.imports.collection.countDocuments({ status: { $in: [...WORKING] } }),
      ).toBe(0),
    { timeout: 60_000 },
  )

describe('nonsense', () => {
  it(`of ${COUNT} bodies (seed ${SEED}) is answered, never with a fault of ours, and tells nothing`, async () => {
    const nonsense = new Nonsense(SEED)
    const people = ['administrator', 'county officer', 'operator'].map(
      (name) => world.callers.find((caller) => caller.name === name) as Caller,
    )
    const [reads, writes] = [true, false].map((isRead) =>
      routes.filter((r) => (r.method === 'get') === isRead),
    )
    for (let bodies = 0; bodies < COUNT; ) {
      const route = nonsense.pick((nonsense.chance(READS) ? reads : writes) ?? [])
      const caller = nonsense.pick(people)
      const request = requestOf(nonsense, route, caller)
      if (request.sent !== undefined) bodies++
      const { status, text } = await send(caller, route, request)
      const shown =
        request.sent instanceof FormData ? JSON.stringify([...request.sent]) : (request.sent ?? '')
      const what = [bodies, caller.name, route.method, request.path, shown.slice(0, 300)]
      expect([...what, status, status < 500]).toEqual([...what, status, true])
      // What meets work on a list may be told to come again: the next request comes when it is over.
      if (status < 300 && request.path.startsWith('/imports')) await atRest()
      if (status >= 400) expect([...what, INSIDE.exec(text)?.[0]]).toEqual([...what, undefined])
      const said = `${request.path}${shown}`
      const markers = caller.apart.flatMap((side) => world.markers[side])
      const told = markers.filter((marker) => text.includes(marker) && !said.includes(marker))
      expect([...what, told]).toEqual([...what, []])
    }
    // Who had been signed out meanwhile would have been refused everything.
    for (const caller of people) {
      const { status } = await send(caller, { method: 'get' } as Route, { path: '/me' })
      expect([caller.name, status]).toEqual([caller.name, 200])
    }
  }, 1_200_000)

  it('has not hurt the service: the ledger is whole and derives to the same', async () => {
    const { status } = await service.visitor().get('//healthz')
    expect(status).toBe(200)
    const { rebuildVehicles } = await import('../../server/vehicles/rebuild.ts')
    const { changes, vehicles } = service.services.models
    expect((await rebuildVehicles(changes, vehicles)).differences).toEqual([])
  })
})
