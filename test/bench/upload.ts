import { bareInsert } from './bare.ts'
import { type Format, type ListFile, listFile } from './lists.ts'
import { report, timed } from './measure.ts'
import { reportWatched, Watch } from './watch.ts'
import { reach, type World } from './world.ts'

const UPLOAD_LIMIT: Record<Format, number> = { csv: 4, xlsx: 6 }

/** Sends a list, and has it checked and recorded. */
export async function uploadAndApply(
  { client }: World,
  list: ListFile,
  tell: (text: string) => void = () => {},
): Promise<void> {
  const { status, body } = await client.send<{ id: string }>('POST', '/imports', await list.form())
  if (status !== 202) throw new Error(`sending the list answered ${status} ${JSON.stringify(body)}`)
  const told = (v: { status: string; progress: { done: number } }) => tell(`${v.status} ${v.progress.done}`)
  const checked = await reach(client, body.id, 'checked', told)
  if (checked.counts.new !== list.rows) throw new Error(`the list gave ${JSON.stringify(checked.counts)}`)
  const approved = await client.post(`/imports/${body.id}/approve`)
  if (approved.status !== 202) throw new Error(`approving answered ${JSON.stringify(approved.body)}`)
  const applied = await reach(client, body.id, 'applied', told)
  if (applied.recorded !== list.rows) throw new Error(`${applied.recorded} entries were recorded`)
}

/**
 * From sending a list to its being applied, beside the bare driver's insert of the very documents that came of it;
 * the service's memory and the answers to `GET /healthz` meanwhile, beside those of the idle service before.
 * @returns the peak of memory, in MB
 */
export async function benchUpload(world: World, rows: number, format: Format): Promise<number> {
  const list = await listFile(rows, format)
  const watch = new Watch(world)
  try {
    const idle = await watch.idle()
    const { ms } = await timed(() => uploadAndApply(world, list))
    const busy = await watch.take()
    if (format === 'csv') await benchKeeping(world, ms)
    const bare = await bareInsert(world.mongoUri)
    const rate = (t: number) => `${Math.round((rows / t) * 1000).toLocaleString('en')} rows/s`
    const what = `${rows.toLocaleString('en')} rows .${format}`
    report(
      `上传 upload to applied, .${format}`,
      ms / bare,
      UPLOAD_LIMIT[format],
      `${rate(ms)} beside ${rate(bare)}, ${what}`,
    )
    const names = {
      memory: `内存 peak memory of the service, .${format}`,
      health: `健康检查 p99 of GET /healthz, .${format}`,
    }
    reportWatched(idle, busy, names, what)
    return busy.peakMb
  } finally {
    await watch.stop()
    list.remove()
  }
}

/** What keeping the figures costs: the first question after an upload brings the tallies up to it. */
async function benchKeeping({ client }: World, uploadMs: number): Promise<void> {
  const first = await timed(() => client.get('/compliance'))
  const again = await timed(() => client.get('/compliance'))
  const cost = Math.max(0, first.ms - again.ms)
  report(
    '汇总 keeping the tallies, of the upload',
    cost / uploadMs,
    0.2,
    `${cost.toFixed(0)} ms of ${uploadMs.toFixed(0)} ms`,
  )
}
