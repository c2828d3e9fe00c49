import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Schema } from 'mongoose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectMongoose } from '../../server/database/connect.ts'
import { identify, isSameProcess } from '../../server/database/processes.ts'
import { DataDirInUseError, type StartedDatabase, startDatabase } from '../../server/database/start.ts'

const START = fileURLToPath(new URL('../../server/database/start.ts', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

let dataDir = ''
const started: StartedDatabase[] = []
const children: ChildProcess[] = []

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'database-faults-'))
})
afterEach(async () => {
  for (const child of children.splice(0))
    if (child.exitCode === null && child.signalCode === null) await kill(child)
  for (const database of started.splice(0)) await database.stop()
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

async function start(folder = dataDir, log?: (line: string) => void): Promise<StartedDatabase> {
  const database = await startDatabase({ dataDir: folder, log })
  started.push(database)
  return database
}

/** The numbers that a database holds, in order. */
async function numbers(uri: string): Promise<number[]> {
  const connection = await connectMongoose(uri)
  const found = await connection.collection<{ n: number }>('numbers').find().sort({ n: 1 }).toArray()
  await connection.close()
  return found.map(({ n }) => n)
}

/** Long enough for a machine that does other things as well. */
const PATIENCE_MS = 30_000

/** Waits until a condition holds; fails when it does not within the time. */
async function until(holds: () => boolean, patience = PATIENCE_MS): Promise<void> {
  for (const end = Date.now() + patience; !holds(); await new Promise((done) => setTimeout(done, 10))) {
    if (Date.now() > end) throw new Error(`did not come about within ${patience} ms: ${holds}`)
  }
}

/** A service of its own process on a folder: says `ready <pid of its database> <uri>`, or what it failed with. */
async function service(folder: string): Promise<{ child: ChildProcess; line: string }> {
  const script = `
    import { startDatabase } from ${JSON.stringify(START)}
    try {
      const database = await startDatabase({ dataDir: ${JSON.stringify(folder)} })
      console.log('ready', database.pid, database.uri)
      process.on('SIGTERM', () => database.stop().then(() => process.exit(0)))
      setInterval(() => {}, 1000)
    } catch (error) { console.log(error.name, error.pid ?? '') }`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: ROOT,
  })
  children.push(child)
  const line = await new Promise<string>((done, failed) => {
    let out = ''
    let errors = ''
    child.stdout.on('data', (chunk) => {
      out += chunk
      if (out.includes('\n')) done(out.split('\n')[0] ?? '')
    })
    child.stderr.on('data', (chunk) => {
      errors += chunk
    })
    child.on('exit', (code) => failed(new Error(`ended with ${code}: ${errors}`)))
  })
  return { child, line }
}

/** Kills a process and waits until it is gone. */
async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise((done) => child.once('exit', done))
  child.kill('SIGKILL')
  await gone
}

describe('the embedded database', () => {
  it('keeps its files over a stop and a start, in a folder with a long name too', async () => {
    const folder = join(dataDir, `${'很长的目录'.repeat(12)} with 'spaces'`, 'x'.repeat(120))
    const first = await start(folder)
    const connection = await connectMongoose(first.uri)
    await connection.collection('numbers').insertOne({ n: 1 })
    await connection.close()
    await first.stop()
    await first.stop()
    expect((await readdir(folder)).sort()).toEqual(['db'])
    const second = await start(folder)
    expect(await numbers(second.uri)).toEqual([1])
  })

  it('loses nothing acknowledged when the database process is killed in the middle of writing', async () => {
    let exit = ''
    const first = await startDatabase({ dataDir, onExit: (reason) => (exit = reason) })
    started.push(first)
    const connection = await connectMongoose(first.uri)
    const Number_ = connection.model('Number', new Schema({ n: Number, filler: String }))
    const acknowledged: number[] = []
    let next = 0
    const writer = async (inBatches: boolean) => {
      for (;;) {
        const batch = Array.from({ length: inBatches ? 50 : 1 }, () => ({
          n: next++,
          filler: 'x'.repeat(500),
        }))
        try {
          if (inBatches) await Number_.insertMany(batch)
          else await Number_.create(batch)
        } catch {
          return
        }
        acknowledged.push(...batch.map(({ n }) => n))
        if (acknowledged.length > 3000 && first.pid && exit === '') process.kill(first.pid, 'SIGKILL')
      }
    }
    await Promise.all([true, true, false, false].map(writer))
    await connection.destroy()
    await until(() => exit !== '')
    expect(exit).toContain('SIGKILL')
    await first.stop()

    const second = await start()
    const kept = new Set(await numbers(second.uri))
    expect(acknowledged.length).toBeGreaterThan(3000)
    expect(acknowledged.filter((n) => !kept.has(n))).toEqual([])
  })

  // A file for each collection and index that was ever used stayed open, until no more could be and the engine aborted.
  it.runIf(process.platform === 'linux')(
    'lets go of the files that nothing uses',
    { timeout: 300_000 },
    async () => {
      const database = await start()
      const open = () => readdirSync(`/proc/${database.pid}/fd`).length
      const connection = await connectMongoose(database.uri)
      const make = async (n: number) => {
        const collection = connection.collection(`c${n}`)
        await collection.insertOne({ a: n, b: n, c: n, d: n })
        await collection.createIndexes(['a', 'b', 'c', 'd'].map((key) => ({ key: { [key]: 1 } })))
      }
      for (let n = 0; n < 150; n += 10) await Promise.all(Array.from({ length: 10 }, (_, i) => make(n + i)))
      // Each of these was opened to be written.
      const files = readdirSync(join(dataDir, 'db')).filter((name) => name.endsWith('.wt'))
      expect(files.length).toBeGreaterThan(700)
      await until(() => open() < 600, 4 * PATIENCE_MS)
      expect(await connection.collection('c0').countDocuments({ d: 0 })).toBe(1)
      await connection.close()
    },
  )

  it('refuses a second service on the folder at once, and says whose it is', async () => {
    await start()
    await expect(startDatabase({ dataDir })).rejects.toThrow(DataDirInUseError)
    const other = await service(dataDir)
    expect(other.line).toBe(`DataDirInUseError ${process.pid}`)
    expect((await readdir(dataDir)).sort()).toEqual(['database.lock', 'db'])
  })

  it('refuses files that a database process of another service holds, without that service’s lock', async () => {
    await start()
    await rm(join(dataDir, 'database.lock'))
    await expect(startDatabase({ dataDir })).rejects.toThrow(/正被另一个进程使用/)
  })

  it('lets exactly one of two services in that start at the same time over a left lock', async () => {
    const killed = await service(dataDir)
    await kill(killed.child)
    const lines = await Promise.all([service(dataDir), service(dataDir)])
    expect(lines.filter(({ line }) => line.startsWith('ready'))).toHaveLength(1)
    expect(lines.filter(({ line }) => line.startsWith('DataDirInUseError'))).toHaveLength(1)
  })

  it('ends by itself when the service is killed, and the next start takes over', async () => {
    const killed = await service(dataDir)
    const [, pid = '', uri = ''] = killed.line.split(' ')
    const database = identify(Number(pid))
    if (!database) throw new Error(`no database process: ${killed.line}`)
    const connection = await connectMongoose(uri)
    await connection.collection('numbers').insertOne({ n: 7 })
    await kill(killed.child)
    await until(() => !isSameProcess(database))
    await connection.destroy()

    const log: string[] = []
    const next = await start(dataDir, (line) => log.push(line))
    expect(log.join('\n')).toContain('recovered a lock')
    expect(await numbers(next.uri)).toEqual([7])
  })

  it('takes over at once from a service that was killed together with its database', async () => {
    const killed = await service(dataDir)
    const pid = Number(killed.line.split(' ')[1])
    // Both before either is waited for: the database ends by itself when its service has.
    const gone = kill(killed.child)
    process.kill(pid, 'SIGKILL')
    await gone
    const next = await start()
    expect(await numbers(next.uri)).toEqual([])
  })

  it('takes over while the database of a killed service is still ending', async () => {
    const killed = await service(dataDir)
    await kill(killed.child)
    const next = await start()
    expect(await numbers(next.uri)).toEqual([])
  })
})
