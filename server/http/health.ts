import { Router } from 'express'
import type { Connection } from 'mongoose'
import { collectDefaultMetrics, Registry } from 'prom-client'

/** Whether a part of the service is in order. */
export type Probe = () => Promise<boolean> | boolean

/** Liveness, readiness and Prometheus metrics, for whoever runs the service. */
export function healthRoutes(connection: Connection, probes: Record<string, Probe>) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const router = Router()
  router.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' })
  })
  router.get('/readyz', async (_req, res) => {
    const all: Record<string, Probe> = { database: () => ping(connection), ...probes }
    const checks = await Promise.all(
      Object.entries(all).map(
        async ([name, probe]) => [name, await Promise.resolve(probe()).catch(() => false)] as const,
      ),
    )
    const ready = checks.every(([, ok]) => ok)
    res
      .status(ready ? 200 : 503)
      .json({ status: ready ? 'ready' : 'not-ready', checks: Object.fromEntries(checks) })
  })
  router.get('/metrics', async (_req, res) => {
    res.type(registry.contentType).send(await registry.metrics())
  })
  return router
}

async function ping(connection: Connection): Promise<boolean> {
  const answer = await connection.db?.command({ ping: 1 }, { timeoutMS: 2000 })
  return answer?.ok === 1
}
