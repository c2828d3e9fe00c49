import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { MongoClient } from 'mongodb'
import { chooseDatabase } from '../../server/database/choose.ts'
import { median, report } from './measure.ts'
import { endProgram, freePort, startBuilt, startProgram, temporaryFolder } from './process.ts'

const RUNS = 7
const COMPILED = fileURLToPath(new URL('../../dist/server/program.cjs.cache', import.meta.url))

/** How long until the service is ready, beside the bare engine's first answer; each on a new folder and on a used one. */
export async function benchStart(): Promise<void> {
  const choice = await chooseDatabase({})
  if (choice.kind === 'uri') return
  const warm = temporaryFolder()
  const first = await startBuilt(warm.path)
  // The first start after a build keeps its compiled code a few seconds later.
  while (!existsSync(COMPILED)) await pause(100)
  await endProgram(first.child)
  const bare: number[] = []
  const used: number[] = []
  const fresh: number[] = []
  for (let i = 0; i < RUNS; i++) {
    bare.push(await bareEngine(choice.binary))
    const again = await startBuilt(warm.path)
    await endProgram(again.child)
    used.push(again.ms)
    const folder = temporaryFolder()
    const first = await startBuilt(folder.path)
    await endProgram(first.child)
    fresh.push(first.ms)
    folder.remove()
  }
  warm.remove()
  const ping = median(bare)
  const times = (ms: number) => `${ms.toFixed(0)} ms beside ${ping.toFixed(0)} ms, ${RUNS} runs in turn`
  report('启动 start, used folder', median(used) / ping, 3, times(median(used)))
  report('启动 start, new folder', median(fresh) / ping, 3, times(median(fresh)))
}

async function bareEngine(binary: string): Promise<number> {
  const folder = temporaryFolder()
  const port = await freePort()
  const start = performance.now()
  const args = ['--port', String(port), '--dbpath', folder.path, '--bind_ip', '127.0.0.1']
  const { child } = await startProgram(binary, args, {}, /waiting for connections/i)
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`)
  await client.db('admin').command({ ping: 1 })
  const ms = performance.now() - start
  await client.close()
  await endProgram(child)
  folder.remove()
  return ms
}
