import { parentPort, workerData } from 'node:worker_threads'
import { openListFile } from '../../server/imports/reading/index.ts'
import { writeErrorsFile } from '../../server/imports/writing/errors-file.ts'
import { createWording } from '../../server/wording/index.ts'
import { columnsOf, faultsOf } from './workbook.ts'

/** A thread that writes a file's errors file, as small as the thread's memory is. */
const { path, out } = workerData as { path: string; out: string }

async function* none(): AsyncIterable<never> {}

const file = await openListFile(path, path)
await writeErrorsFile(out, file, faultsOf(file), {
  ...{ sheets: file.sheets, columns: columnsOf(file), missing: none(), wording: createWording('zh-CN') },
  faults: 1_000_000,
})
await file.close()
parentPort?.postMessage('written')
