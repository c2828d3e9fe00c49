import type { ChildProcess } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { chooseDatabase } from '../../server/database/choose.ts'
import type { ImportView } from '../../server/imports/schema.ts'
import { Client } from '../harness/client.ts'
import { ADMIN, endProgram, freePort, startBuilt, startProgram, temporaryFolder } from './process.ts'

/** the service's clock begins here */
export const NOW = '2026-11-23T10:00:00+08:00'
const PATIENCE_MS = 45 * 60_000

/** A service on a new database of the bench's own, so that the bare driver can be measured on the very same one. */
export interface World {
  client: Client
  /** the service's own process */
  pid: number
  mongoUri: string
  /** ends the service and starts it again: what was put into its database meanwhile it sees as its own */
  restart(): Promise<void>
}

/** A database engine of its own. */
export async function startEngine(folder: string): Promise<{ child: ChildProcess; uri: string }> {
  const choice = await chooseDatabase({})
  if (choice.kind === 'uri') throw new Error('unset MONGODB_URI: the bench fills a database of its own')
  const port = await freePort()
  const args = ['--port', String(port), '--dbpath', folder, '--bind_ip', '127.0.0.1']
  const { child } = await startProgram(choice.binary, args, {}, /waiting for connections/i)
  return { child, uri: `mongodb://127.0.0.1:${port}/fleet?directConnection=true&retryWrites=false` }
}

/** Runs work on a new service and database, with an administrator signed in; removes both afterwards. */
export async function inWorld<T>(
  work: (world: World) => Promise<T>,
  env: Record<string, string> = {},
): Promise<T> {
  const data = temporaryFolder()
  const settings = temporaryFolder()
  const started: ChildProcess[] = []
  try {
    const engine = await startEngine(data.path)
    started.push(engine.child)
    const start = async () => {
      const service = await startBuilt(settings.path, { MONGODB_URI: engine.uri, NOW, NODE_ENV: '', ...env })
      started.unshift(service.child)
      return service
    }
    const service = await start()
    const client = new Client(service.url)
    await client.signIn(ADMIN.email, ADMIN.password)
    const world: World = {
      ...{ client, pid: service.child.pid ?? 0, mongoUri: engine.uri },
      async restart() {
        const former = started.shift()
        if (former) await endProgram(former)
        const next = await start()
        Object.assign(world, { pid: next.child.pid ?? 0 })
        client.base = next.url
      },
    }
    return await work(world)
  } finally {
    for (const child of started) await endProgram(child)
    data.remove()
    settings.remove()
  }
}

/**
 * Waits until a list has a state.
 * @param tell told from time to time how far the work is
 * @throws when it fails, or takes too long
 */
export async function reach(
  client: Client,
  id: string,
  status: ImportView['status'],
  tell: (view: ImportView) => void = () => {},
): Promise<ImportView> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await pause(100)) {
    const { body } = await client.get<ImportView>(`/imports/${id}`)
    if (body.status === status) return body
    if (body.status === 'failed' || Date.now() > deadline)
      throw new Error(`the list is ${body.status}: ${JSON.stringify(body.error)}`)
    tell(body)
  }
}
