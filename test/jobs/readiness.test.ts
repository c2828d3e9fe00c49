import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { JobMetrics } from '../../jobs/metrics.ts'
import type { Scheduler } from '../../jobs/scheduler.ts'
import { GRACE_MS } from '../../jobs/watchdog.ts'
import { healthRoutes } from '../../server/http/health.ts'
import { QUICK } from './support/agenda.ts'
import { type Bench, createBench, type NotedJob, notedJob } from './support/bench.ts'
import { until } from './support/world.ts'

let bench: Bench
let server: Server
let scheduler: Scheduler
let job: NotedJob
let isBroken = false
let isHanging = false
let monotonic = 1000

beforeEach(async () => {
  bench = await createBench('2026-11-23T00:00:00+08:00')
  isBroken = false
  isHanging = false
  job = notedJob('0 6 * * *', async () => {
    if (isBroken) throw new Error('mongodb://user:password@db1 said no')
    return {}
  })
  const metrics = new JobMetrics()
  const { clock } = bench
  scheduler = bench.process([job], { rhythm: QUICK, monotonic: () => monotonic, observe: metrics.observe })
  const probes = {
    scheduler: () => {
      const reason = scheduler.fault()
      return reason ? { reason } : true
    },
    hanging: () => (isHanging ? new Promise<never>(() => {}) : true),
    broken: () => {
      if (isBroken) throw new Error('mongodb://user:password@db1 said no')
      return true
    },
  }
  const mails = { counts: async () => ({ queued: 3 }), stuck: async () => ({ oldestDueAt: clock.now() }) }
  const app = express()
  app.use(
    healthRoutes(bench.connection, probes, [
      (registry) =>
        metrics.register(registry, {
          clock,
          states: scheduler.states,
          mails,
          pulses: () => scheduler.pulses.latest(),
        }),
    ]),
  )
  server = createServer(app)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
  await bench.close()
})

async function get(path: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`)
  return { status: answer.status, text: await answer.text() }
}

test('says of each part whether it is in order, why not in a word, and nothing secret', async () => {
  const starting = await get('/readyz')
  expect([starting.status, JSON.parse(starting.text)]).toEqual([
    503,
    {
      ...{ status: 'not-ready', checks: { database: true, scheduler: false, broken: true, hanging: true } },
      reasons: { scheduler: 'starting' },
    },
  ])
  await scheduler.start()
  await until('it ticks', async () => !(await scheduler.look()).silent)
  expect(JSON.parse((await get('/readyz')).text)).toEqual({
    ...{ status: 'ready', checks: { database: true, scheduler: true, broken: true, hanging: true } },
  })

  isBroken = true
  bench.clock.set('2026-11-24T07:00:00+08:00')
  await until('it fails', async () => (await bench.runs('noted'))[0]?.status === 'failed')
  monotonic += GRACE_MS
  await scheduler.look()
  const late = await get('/readyz')
  expect([late.status, JSON.parse(late.text)]).toEqual([
    503,
    {
      ...{ status: 'not-ready', checks: { database: true, scheduler: false, broken: false, hanging: true } },
      reasons: { scheduler: 'late: noted' },
    },
  ])
  expect(late.text).not.toContain('password')
})

test('a part that does not answer is not in order, and keeps nobody waiting', async () => {
  isHanging = true
  const { status, text } = await get('/readyz')
  expect([status, JSON.parse(text).checks.hanging, JSON.parse(text).reasons.hanging]).toEqual([
    ...[503, false, 'no-answer'],
  ])
})

test('counts runs by outcome, and how far each job is behind', async () => {
  await scheduler.runOwed()
  isBroken = true
  bench.clock.set('2026-11-23T06:00:10+08:00')
  await scheduler.runOwed()
  const { text } = await get('/metrics')
  expect(text).toMatch(/^fleet_job_runs_total{job="noted",outcome="failed"} 1$/m)
  expect(text).toMatch(/^fleet_job_lag_seconds{job="noted"} 10$/m)
  expect(text).toMatch(/^fleet_job_duration_seconds_count{job="noted"} 1$/m)
  expect(text).toMatch(/^fleet_mails{state="queued"} 3$/m)
  expect(text).not.toContain('password')
})
