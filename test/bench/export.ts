import { report, timed } from './measure.ts'
import { p99, Watch } from './watch.ts'
import type { World } from './world.ts'

const MEMORY_LIMIT = 3
const HEALTH_LIMIT = 5

/** The service's memory and the answers to `GET /healthz` while it exports its whole register, beside those when idle. */
export async function benchExport(world: World, vehicles: number): Promise<void> {
  const watch = new Watch(world)
  try {
    const idle = await watch.idle()
    for (const format of ['xlsx', 'csv'] as const) {
      await watch.take()
      const { ms, value: bytes } = await timed(() => fetchWhole(world, `/vehicles.${format}`))
      const busy = await watch.take()
      const what = `${vehicles.toLocaleString('en')} vehicles .${format}, ${(bytes / 1e6).toFixed(0)} MB in ${(ms / 1000).toFixed(0)} s`
      report(
        `导出内存 peak memory while exporting .${format}`,
        busy.peakMb / idle.peakMb,
        MEMORY_LIMIT,
        `${busy.peakMb.toFixed(0)} MB beside ${idle.peakMb.toFixed(0)} MB idle, ${what}`,
      )
      const requests = Math.min(idle.latencies.length, busy.latencies.length)
      const [calm, meanwhile] = [p99(idle.latencies, requests), p99(busy.latencies, requests)]
      report(
        `导出健康检查 p99 of GET /healthz while exporting .${format}`,
        meanwhile / calm,
        HEALTH_LIMIT,
        `${meanwhile.toFixed(2)} ms beside ${calm.toFixed(2)} ms idle`,
      )
    }
  } finally {
    await watch.stop()
  }
}

/** @returns how many bytes a file has */
async function fetchWhole({ client }: World, path: string): Promise<number> {
  const response = await fetch(`${client.base}/api/v1${path}`, { headers: { cookie: client.cookie } })
  if (!response.ok || !response.body) throw new Error(`${path} answered ${response.status}`)
  let bytes = 0
  for await (const piece of response.body) bytes += piece.byteLength
  return bytes
}
