import { listFile } from './lists.ts'
import { report, timed } from './measure.ts'
import { uploadAndApply } from './upload.ts'
import { Watch } from './watch.ts'
import { inWorld } from './world.ts'

const LIMIT = 1.2
const TELL_MS = 10_000

/** Ten times the rows must not take more memory. @param peakMb of the service while it took in a tenth of the rows */
export async function benchMillion(rows: number, peakMb: number): Promise<void> {
  const list = await listFile(rows, 'csv')
  const limits = { UPLOAD_LIMIT_ROWS: String(rows), UPLOAD_LIMIT_MB: '2000' }
  try {
    await inWorld(async (world) => {
      const watch = new Watch(world)
      let told = 0
      const { ms } = await timed(() =>
        uploadAndApply(world, list, (text) => {
          if (performance.now() - told < TELL_MS) return
          told = performance.now()
          console.log(`  … ${text}`)
        }),
      )
      const { peakMb: peak } = await watch.take()
      await watch.stop()
      report(
        `内存 peak memory, ${rows.toLocaleString('en')} rows .csv`,
        peak / peakMb,
        LIMIT,
        `${peak.toFixed(0)} MB beside ${peakMb.toFixed(0)} MB for a tenth of the rows; applied in ${(ms / 1000).toFixed(0)} s`,
      )
    }, limits)
  } finally {
    list.remove()
  }
}
