/**
 * A thread that asks a service for its health, one question after the other on one connection, and looks at the memory
 * of its process: on its own, so that what the bench itself computes is not measured along.
 */
import { Agent, get } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { residentMb } from '../harness/memory.ts'

const EVERY_MS = 10
const MEMORY_EVERY_MS = 50

const { url, pid } = workerData as { url: string; pid: number }
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

/** Milliseconds until the whole answer is there. */
function ask(): Promise<number> {
  const start = performance.now()
  return new Promise((resolve, reject) => {
    get(`${url}/healthz`, { agent }, (answer) => {
      answer.resume()
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(performance.now() - start)
        else reject(new Error(`/healthz answered ${answer.statusCode}`))
      })
    }).on('error', reject)
  })
}

let latencies: number[] = []
let peakMb = 0
let running = true

const look = () => {
  peakMb = Math.max(peakMb, residentMb(pid))
}
const timer = setInterval(look, MEMORY_EVERY_MS)

parentPort?.on('message', (message: 'take' | 'stop') => {
  look()
  parentPort?.postMessage({ latencies, peakMb })
  latencies = []
  peakMb = 0
  if (message === 'stop') {
    running = false
    clearInterval(timer)
    parentPort?.close()
  }
})

while (running) {
  latencies.push(await ask())
  await pause(EVERY_MS)
}
agent.destroy()
