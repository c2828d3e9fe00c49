import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { report } from './measure.ts'
import type { World } from './world.ts'

/** What was seen of a service since the last time that it was asked for. */
export interface Seen {
  /** of each answer to `GET /healthz`, in milliseconds */
  latencies: number[]
  /** the most memory that the service's process had in use (resident), in MB */
  peakMb: number
}

const IDLE_REQUESTS = 1500
/** A service that has just started is still at it, and gives memory back. */
const SETTLE_MS = 2000

/** Watches a service's health and memory from a thread of its own. */
export class Watch {
  private readonly worker: Worker

  constructor({ client, pid }: World) {
    const file = new URL('./watch-thread.ts', import.meta.url).href
    // A thread begins without what translates its source.
    const program = `import('tsx/esm/api').then((tsx) => { tsx.register(); return import(${JSON.stringify(file)}) })`
    this.worker = new Worker(program, { eval: true, execArgv: [], workerData: { url: client.base, pid } })
  }

  /** What was seen since the last time. @throws when the service did not answer */
  take(last = false): Promise<Seen> {
    return new Promise((resolve, reject) => {
      this.worker.once('error', reject)
      this.worker.once('message', (seen: Seen) => {
        this.worker.off('error', reject)
        resolve(seen)
      })
      this.worker.postMessage(last ? 'stop' : 'take')
    })
  }

  /** What an idle service is like, some time after its start and a sign-in: its size first, then its answers. */
  async idle(): Promise<Seen> {
    await pause(SETTLE_MS)
    await this.take()
    const latencies: number[] = []
    let peakMb: number | undefined
    while (latencies.length < IDLE_REQUESTS) {
      await pause(500)
      const seen = await this.take()
      latencies.push(...seen.latencies)
      peakMb ??= seen.peakMb
    }
    return { latencies, peakMb: peakMb ?? 0 }
  }

  /** Ends watching. */
  async stop(): Promise<void> {
    await this.take(true).catch(() => undefined)
    await this.worker.terminate()
  }
}

const MEMORY_LIMIT = 3
const HEALTH_LIMIT = 5

/**
 * Reports a service's memory and its answers to `GET /healthz` while it was at something, beside those when idle.
 * @param names what the two ratios are called
 * @param what it was at
 */
export function reportWatched(
  idle: Seen,
  busy: Seen,
  names: { memory: string; health: string },
  what: string,
): void {
  const size = `${busy.peakMb.toFixed(0)} MB beside ${idle.peakMb.toFixed(0)} MB idle, ${what}`
  report(names.memory, busy.peakMb / idle.peakMb, MEMORY_LIMIT, size)
  const requests = Math.min(idle.latencies.length, busy.latencies.length)
  const [calm, meanwhile] = [p99(idle.latencies, requests), p99(busy.latencies, requests)]
  const count = requests.toLocaleString('en')
  const detail = `${meanwhile.toFixed(2)} ms beside ${calm.toFixed(2)} ms idle, ${count} requests each`
  report(names.health, meanwhile / calm, HEALTH_LIMIT, detail)
}

/** The value that 99 % of the values stay within; of as many of them as `most`, spread evenly, when there are more. */
export function p99(values: readonly number[], most = values.length): number {
  const taken =
    values.length <= most
      ? values
      : Array.from({ length: most }, (_, i) => values[Math.floor((i * values.length) / most)] ?? 0)
  return [...taken].sort((a, b) => a - b)[Math.floor(taken.length * 0.99)] ?? 0
}
