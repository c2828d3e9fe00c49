import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createJobRoutes } from '../../jobs/routes.ts'
import { apiRoutes } from '../../server/app.ts'
import type { Route } from '../../server/http/route.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { sampleOf } from './support/matrix-examples.ts'
import { type Caller, type MatrixWorld, makeMatrixWorld } from './support/matrix-world.ts'
import { Nonsense } from './support/nonsense.ts'

/**
 * Random requests over all routes: bodies of any shape, sound ones with a part gone wrong, broken JSON, odd queries
 * and ids. `FUZZ=10000` sends more of them, `FUZZ_SEED` others.
 */
const COUNT = Number(process.env.FUZZ ?? 2_000)
const SEED = Number(process.env.FUZZ_SEED ?? 1)
/** What signs the sender out, ends sessions or starts work that is not asked for is left to its own tests. */
const LEFT_OUT = new Set(['delete /session', 'delete /me/sessions', 'get /imports/:id/events'])
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

async function send(caller: Caller, route: Route, path: string, sent: string, type: string) {
  const answer = await fetch(`${service.url}/api/v1${path}`, {
    method: route.method.toUpperCase(),
    headers: { ...caller.headers(), ...(route.method === 'get' ? {} : { 'content-type': type }) },
    ...(route.method === 'get' ? {} : { body: sent }),
    redirect: 'manual',
    signal: AbortSignal.timeout(30_000),
  })
  return { status: answer.status, text: Buffer.from(await answer.arrayBuffer()).toString('utf8') }
}

describe('nonsense', () => {
  it(`of ${COUNT} kinds (seed ${SEED}) is answered, never with a fault of ours, and tells nothing`, async () => {
    const nonsense = new Nonsense(SEED)
    const people = world.callers.filter(({ name }) =>
      ['administrator', 'county officer', 'operator'].includes(name),
    )
    for (let n = 0; n < COUNT; n++) {
      const route = nonsense.of(routes)
      const caller = nonsense.of(people)
      const things = caller.limited ? world.things.own : nonsense.of(Object.values(world.things))
      const sample = nonsense.of(sampleOf(route).of(things))
      const path = nonsense.path(sample.path)
      const { text: sent, type } = nonsense.body(sample.body instanceof FormData ? {} : sample.body)
      const { status, text } = await send(caller, route, path, sent, type)
      const what = [n, caller.name, route.method, path, sent.slice(0, 300)]
      expect([...what, status, status < 500]).toEqual([...what, status, true])
      if (status >= 400) expect([...what, INSIDE.exec(text)?.[0]]).toEqual([...what, undefined])
      if (!caller.limited) continue
      const told = world.markers.filter(
        (marker) => text.includes(marker) && !`${path}${sent}`.includes(marker),
      )
      expect([...what, told]).toEqual([...what, []])
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
