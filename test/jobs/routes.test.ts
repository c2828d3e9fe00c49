import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createJobRoutes } from '../../jobs/routes.ts'
import { answerProblem } from '../../server/http/errors.ts'
import type { Route } from '../../server/http/route.ts'
import { type Caller, requestHandler } from '../../server/http/route.ts'
import { createWorld, until, type World } from './support/world.ts'

let world: World
let caller: Partial<Caller>
let base: string
let close: () => Promise<void>

beforeEach(async () => {
  world = await createWorld('2026-11-29T10:00:00Z')
  caller = { role: 'administrator', scope: {} }
  const app = express()
  app.use((req, _res, next) => {
    req.caller = caller as Caller
    next()
  })
  const routes: Route[] = createJobRoutes(world.life())
  for (const route of routes) app[route.method](route.path, requestHandler(route, world.clock.now))
  app.use(answerProblem)
  const server = createServer(app)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  close = async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
})
afterEach(async () => {
  await close()
  await world.close()
})

async function call(method: string, path: string) {
  const response = await fetch(base + path, { method })
  return { status: response.status, body: await response.json() }
}

test('jobs are listed and run by hand; what they made is listed', async () => {
  const { body } = await call('GET', '/jobs')
  expect(body.items.map((job: { name: string }) => job.name)).toEqual([
    ...['daily-check', 'weekly-report', 'monthly-report', 'quarterly-report'],
  ])
  expect(body.items[1]).toMatchObject({
    cron: '0 8 * * 1',
    timeZone: 'Asia/Shanghai',
    nextRunAt: '2026-11-30T00:00:00.000Z',
    lastRun: null,
  })
  expect(await call('POST', '/jobs/weekly-report/run')).toMatchObject({
    status: 202,
    body: { running: true },
  })
  await until('mails are queued', async () => (await call('GET', '/outbox')).body.total === 2)
  const page = (await call('GET', '/outbox?limit=1')).body
  expect(page.items[0]).toMatchObject({ status: 'queued', note: 'no-mail-server', period: '2026-W47' })
  const next = (await call('GET', `/outbox?limit=1&cursor=${page.nextCursor}`)).body
  expect(next.items[0].id).not.toBe(page.items[0].id)
  const mail = (await call('GET', `/outbox/${page.items[0].id}`)).body
  expect(mail.html).toContain('src="data:image/png;base64,')
  expect(mail.html).not.toContain('cid:')
  await call('POST', '/jobs/daily-check/run')
  await until('there is an assessment', async () => (await call('GET', '/assessments')).body.total === 1)
  expect(await call('POST', `/outbox/${page.items[0].id}/retry`)).toMatchObject({
    status: 200,
    body: { status: 'queued' },
  })
})

test.each([
  ['GET', '/outbox/nonsense', 400, 'request.invalid'],
  ['GET', '/outbox/000000000000000000000000', 404, 'not-found'],
  ['GET', '/outbox?status=lost', 400, 'request.invalid'],
  ['GET', '/outbox?cursor=x', 400, 'request.invalid'],
  ['GET', '/assessments?limit=0', 400, 'request.invalid'],
  ['POST', '/outbox/000000000000000000000000/retry', 404, 'not-found'],
  ['POST', '/jobs/nonsense/run', 404, 'job.unknown'],
])('%s %s: %i %s', async (method, path, status, code) => {
  expect(await call(method, path)).toMatchObject({ status, body: { code } })
})

test.each([
  [{ role: 'county-officer', scope: { county: '350702' } }, ['/jobs', '/assessments', '/outbox']],
  [{ role: 'operator', scope: { operator: 'x' } }, ['/jobs', '/assessments', '/outbox']],
] as const)('%o sees nothing of the whole city', async (who, paths) => {
  caller = who
  for (const path of paths) expect(await call('GET', path), path).toMatchObject({ status: 403 })
  expect((await call('POST', '/jobs/daily-check/run')).status).toBe(403)
})

test('a viewer reads and starts nothing', async () => {
  caller = { role: 'viewer', scope: {} }
  for (const path of ['/jobs', '/assessments', '/outbox']) expect((await call('GET', path)).status).toBe(200)
  expect((await call('POST', '/jobs/daily-check/run')).status).toBe(403)
})
