import { parentPort, workerData } from 'node:worker_threads'
import { openListFile } from '../../server/imports/reading/index.ts'

/** The other side of reading-memory.test.ts: reads the list of which it is given the path, and says what came of it. */

export interface Said {
  rows: number
  first: number
  last: number
  /** most bytes of array buffers, which a thread's limits do not count */
  outside: number
}

const path = String(workerData)
const file = await openListFile(path, path, { maxRows: 1_000_000 })
const said: Said = { rows: 0, first: 0, last: 0, outside: 0 }
for await (const batch of file.rows(0)) {
  if (batch.length > 1000) throw new Error(`a batch of ${batch.length}`)
  said.first ||= batch[0]?.row ?? 0
  said.last = batch.at(-1)?.row ?? 0
  said.rows += batch.length
  said.outside = Math.max(said.outside, process.memoryUsage().arrayBuffers)
}
await file.close()
parentPort?.postMessage(said)
