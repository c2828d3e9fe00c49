import { Router } from 'express'
import type { Connection } from 'mongoose'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { atMost } from '../at-most.ts'

/** Whether a part of the service is in order: false or a reason when it is not. A reason tells nothing secret. */
export type Probe = () => Promise<boolean | Fault> | boolean | Fault
export interface Fault {
  reason: string
}
/** A probe answers within so long, or is not in order. */
const PROBE_MS = 2_000

/** Adds a part's metrics to those that are scraped. */
export type AddMetrics = (registry: Registry) => void

/** Liveness, readiness and Prometheus metrics, for whoever runs the service. */
export function healthRoutes(
  connection: Connection,
  probes: Record<string, Probe>,
  metrics: readonly AddMetrics[] = [],
) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const add of metrics) add(registry)
  const router = Router()
  router.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' })
  })
  router.get('/readyz', async (_req, res) => {
    const all: Record<string, Probe> = { database: () => ping(connection), ...probes }
    const answers = await Promise.all(
      Object.entries(all).map(async ([name, probe]) => [name, await ask(probe)] as const),
    )
    const ready = answers.every(([, answer]) => answer === true)
    const reasons = answers.flatMap(([name, answer]) =>
      typeof answer === 'boolean' ? [] : [[name, answer.reason] as const],
    )
    res.status(ready ? 200 : 503).json({
      status: ready ? 'ready' : 'not-ready',
      checks: Object.fromEntries(answers.map(([name, answer]) => [name, answer === true])),
      ...(reasons.length > 0 ? { reasons: Object.fromEntries(reasons) } : {}),
    })
  })
  router.get('/metrics', async (_req, res) => {
    res.type(registry.contentType).send(await registry.metrics())
  })
  return router
}

/**
 * What a probe says. One that cannot say is not in order, and why is for the log and not for everybody; nor is one
 * that says nothing for so long.
 */
async function ask(probe: Probe): Promise<boolean | Fault> {
  let answer: boolean | Fault = { reason: 'no-answer' }
  const asking = Promise.resolve()
    .then(probe)
    .then((said) => {
      answer = said
    })
  await atMost(PROBE_MS, asking).catch(() => {
    answer = false
  })
  return answer
}

async function ping(connection: Connection): Promise<boolean> {
  const answer = await connection.db?.command({ ping: 1 }, { timeoutMS: 2000 })
  return answer?.ok === 1
}
