import { timed } from './measure.ts'
import { reportWatched, Watch } from './watch.ts'
import type { World } from './world.ts'

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
      const names = {
        memory: `导出内存 peak memory while exporting .${format}`,
        health: `导出健康检查 p99 of GET /healthz while exporting .${format}`,
      }
      reportWatched(idle, busy, names, what)
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
