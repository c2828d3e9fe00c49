import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createJobRoutes } from '../../jobs/routes.ts'
import { apiRoutes } from '../../server/app.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import { startTestService, type TestService } from '../harness/service.ts'

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.close())

const routes = () => apiRoutes(service.services, createJobRoutes(service.jobs))
const at = (path: string) => path.replace(/:\w+/g, 'f'.repeat(24))

describe('health', () => {
  it('is told to anyone', async () => {
    const visitor = service.visitor()
    const live = await visitor.get('//healthz')
    expect([live.status, live.body]).toEqual([200, { status: 'ok' }])
    const readiness = () => visitor.get<{ status: string; checks: Record<string, boolean> }>('//readyz')
    await expect
      .poll(async () => (await readiness()).body)
      .toEqual({ status: 'ready', checks: { database: true, scheduler: true, outbox: true } })
    const ready = await readiness()
    const metrics = await visitor.get<string>('//metrics')
    expect(metrics.status).toBe(200)
    expect(metrics.headers.get('content-type')).toContain('text/plain')
    expect(metrics.body).toMatch(/^# HELP process_cpu_user_seconds_total/m)
    expect(metrics.body).toMatch(/^fleet_job_lag_seconds{job="weekly-report"} 0$/m)
    for (const state of ['queued', 'sending', 'sent', 'failed', 'given-up'])
      expect(metrics.body).toMatch(new RegExp(`^fleet_mails{state="${state}"} \\d+$`, 'm'))
    expect(metrics.body).toMatch(/^fleet_mails_oldest_due_seconds 0$/m)
    await expect
      .poll(async () => (await visitor.get<string>('//metrics')).body)
      .toMatch(/^fleet_job_runs_total{job="daily-check",outcome="done"} 1$/m)
    expect((await visitor.get<string>('//metrics')).body).toMatch(
      /^fleet_job_duration_seconds_count{job="daily-check"} 1$/m,
    )
    for (const { headers } of [live, ready, metrics]) expect(headers.getSetCookie()).toEqual([])
  })

  it('says nothing of the service’s inside', async () => {
    const { body } = await service.visitor().get('//readyz')
    expect(JSON.stringify(body)).not.toMatch(/mongodb:|127\.0\.0\.1|Error/)
  })
})

describe('every other route', () => {
  it('answers 401 without a session, before it looks at anything else', async () => {
    const closed = routes().filter((r) => r.permission !== 'public')
    expect(closed.length).toBeGreaterThan(18)
    for (const { method, path } of closed) {
      for (const body of [undefined, '{"x":1}']) {
        if (method === 'get' && body) continue
        const { status, body: problem } = await service
          .visitor()
          .send<ProblemBody>(method.toUpperCase(), at(path), body)
        expect([method, path, status, problem.code]).toEqual([method, path, 401, 'session.required'])
      }
    }
    const open = routes().filter((r) => r.permission === 'public')
    expect(open.map((r) => `${r.method} ${r.path}`).sort()).toEqual([
      'delete /session',
      // Whoever holds a report's paper checks its figures.
      'get /reports/check/:number',
      'get /setup',
      // What opens from a mail: one-click unsubscribing, and reporting that there is nothing to report.
      'get /unsubscribe',
      'get /unsubscribe/state',
      'post /links/check',
      'post /links/redeem',
      'post /password-resets',
      'post /reporting/nil-link',
      'post /reporting/nil-link/report',
      'post /session',
      'post /setup',
      'post /unsubscribe',
      'post /unsubscribe/undo',
    ])
  })

  it('is not there under an unknown path: 401 to visitors, 404 to others; 405 for another method', async () => {
    for (const path of ['/nowhere', '/vehicles/x/y', '/changes/x/y', '/admin', '/.env', '/session/x']) {
      expect([path, (await service.visitor().get(path)).status]).toEqual([path, 401])
      expect([path, (await service.admin.get(path)).status]).toEqual([path, 404])
    }
    for (const [method, path] of [
      ['PUT', '/changes'],
      ['DELETE', `/changes/${'f'.repeat(24)}`],
      ['PATCH', '/vehicles'],
      ['DELETE', `/accounts/${'f'.repeat(24)}`],
    ] as const)
      expect([method, path, (await service.admin.send(method, path)).status]).toEqual([method, path, 405])
    for (const path of ['//api', '//api/', '//api/v2/me', '//api/v1']) {
      const { status, headers } = await service.admin.get(path)
      expect([path, status, headers.get('content-type')?.includes('problem+json')]).toEqual([path, 404, true])
    }
  })
})
