/**
 * `npm run bench`: every figure is a ratio of two things measured in turn in this run on this machine; only the
 * ratios mean anything elsewhere. Ends with 1 when one is over its limit.
 */
import { cpus } from 'node:os'
import { chooseDatabase } from '../../server/database/choose.ts'
import { Client } from '../harness/client.ts'
import { makeList } from '../harness/lists.ts'
import { benchCompliance } from './compliance.ts'
import { allWithin } from './measure.ts'
import { ADMIN, endProgram, freePort, startBuilt, startProgram, temporaryFolder } from './process.ts'
import { benchStart } from './start.ts'
import { benchUpload } from './upload.ts'

const ROWS = 100_000
const NOW = '2026-11-23T10:00:00+08:00'

/** A database of the bench's own, so that the bare driver can be measured on the very one that the service uses. */
async function startEngine(folder: string) {
  const choice = await chooseDatabase({})
  if (choice.kind === 'uri') throw new Error('unset MONGODB_URI: the bench fills a database of its own')
  const port = await freePort()
  const args = ['--port', String(port), '--dbpath', folder, '--bind_ip', '127.0.0.1']
  const { child } = await startProgram(choice.binary, args, {}, /waiting for connections/i)
  return { child, uri: `mongodb://127.0.0.1:${port}/fleet?directConnection=true&retryWrites=false` }
}

async function main(): Promise<void> {
  console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`)
  await benchStart()
  const data = temporaryFolder()
  const settings = temporaryFolder()
  const engine = await startEngine(data.path)
  const service = await startBuilt(settings.path, { MONGODB_URI: engine.uri, NOW, NODE_ENV: '' })
  try {
    const client = new Client(service.url)
    await client.signIn(ADMIN.email, ADMIN.password)
    const { csv, rows } = makeList({ rows: ROWS, stock: 0.3 })
    await benchUpload(client, engine.uri, csv, rows)
    await benchCompliance(client, engine.uri, rows)
  } finally {
    await endProgram(service.child)
    await endProgram(engine.child)
    data.remove()
    settings.remove()
  }
}

await main()
process.exit(allWithin() ? 0 : 1)
