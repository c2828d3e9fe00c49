/**
 * The real service as a process of its own, with an embedded database in a data folder of its own, that can be killed
 * together with everything it started, and started again.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { identify, isSameProcess, type ProcessIdentity } from '../../server/database/processes.ts'
import { DEFAULT_DATABASE } from '../../server/database/start.ts'
import { builtService } from './built.ts'
import { Client } from './client.ts'
import { ADMIN, NOW } from './service.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const START_MS = 60_000
const GONE_MS = 20_000

/** The processes that one started, and those that they started; found by the system's own list of parents. */
function descendantsOf(pid: number): number[] {
  const parents = existsSync('/proc/self/stat') ? parentsFromProc() : parentsFromPs()
  const found: number[] = []
  const visit = (of: number) => {
    for (const [child, parent] of parents) {
      if (parent !== of) continue
      found.push(child)
      visit(child)
    }
  }
  visit(pid)
  return found
}

function parentsFromProc(): [pid: number, parent: number][] {
  return readdirSync('/proc').flatMap((name): [number, number][] => {
    if (!/^\d+$/.test(name)) return []
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      // The second field is the program's name in brackets and may hold anything.
      const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]
      return [[Number(name), Number(parent)]]
    } catch {
      return []
    }
  })
}

function parentsFromPs(): [pid: number, parent: number][] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
  return lines.map((line) => {
    const [pid, parent] = line.trim().split(/\s+/).map(Number)
    return [pid ?? 0, parent ?? 0]
  })
}

/** The words that a process was started with, separated by blanks. */
function argumentsOf(pid: number): string {
  const file = `/proc/${pid}/cmdline`
  if (existsSync(file)) return readFileSync(file, 'utf8').replaceAll('\0', ' ')
  return execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
}

/** Ends a process, and its whole group if it leads one. */
function killHard(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL')
    } catch {
      // It has ended, or leads no group.
    }
  }
}

/** Services that have not been removed. */
const made = new Set<ServiceProcess>()
let guarded = false

/** Lets no process and no data folder outlive the tests, whatever ends them. */
function guard(): void {
  if (guarded) return
  guarded = true
  process.on('exit', () => {
    for (const service of made) {
      service.killNow()
      rmSync(service.dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })
    }
  })
  // Vitest's worker: its parent may be gone without a word.
  process.once('disconnect', () => process.exit(1))
  const ends = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
  for (const [signal, code] of Object.entries(ends)) process.once(signal, () => process.exit(code))
}

/** The real service in a process of its own. */
export class ServiceProcess {
  readonly dataDir: string
  /** where it listens, when it runs */
  url = ''
  private readonly env: Record<string, string>
  private child: ChildProcess | undefined
  private family: ProcessIdentity[] = []
  private output = ''

  private constructor(dataDir: string, env: Record<string, string>) {
    this.dataDir = dataDir
    this.env = env
  }

  /**
   * Makes a service; it does not run yet.
   * @param env settings beside those that the tests use
   * @param from a stopped one whose data folder is copied
   */
  static async create(env: Record<string, string> = {}, from?: ServiceProcess): Promise<ServiceProcess> {
    const dataDir = await mkdtemp(join(tmpdir(), 'fleet-process-'))
    const service = new ServiceProcess(dataDir, env)
    guard()
    made.add(service)
    if (from) await cp(from.dataDir, dataDir, { recursive: true })
    return service
  }

  get isRunning(): boolean {
    return this.child !== undefined
  }

  /** The service's own process, when it runs. */
  get pid(): number | undefined {
    return this.child?.pid
  }

  /** What it has printed since it started, for messages. */
  get printed(): string {
    return this.output
  }

  /** Starts it and waits for its ready line. @throws with what it printed when there is none */
  async start(): Promise<void> {
    if (this.child) throw new Error('the service runs already')
    const { main: file } = await builtService()
    const settings = {
      ...{ DATA_DIR: this.dataDir, MONGODB_URI: '', PORT: '0', HOST: '127.0.0.1', NOW, LOG_LEVEL: 'warn' },
      ...{ ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password, SMTP_URL: '', NODE_ENV: 'test' },
    }
    this.output = ''
    const child = spawn(process.execPath, ['--enable-source-maps', file], {
      cwd: ROOT,
      env: { ...process.env, ...settings, ...this.env },
      // A process group of its own, so that it can be killed as one.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child = child
    try {
      this.url = await this.readyAt(child)
    } catch (error) {
      await this.kill()
      throw error
    }
    this.family = [child.pid ?? 0, ...descendantsOf(child.pid ?? 0)].flatMap((pid) => identify(pid) ?? [])
    const database = this.databasePid()
    if (!this.family.some(({ pid }) => pid === database))
      throw new Error(`the database process ${database} is none of ${this.family.map(({ pid }) => pid)}`)
  }

  /** A visitor of it; signed in as the administrator if asked for. */
  async client(signedIn = true): Promise<Client> {
    // While a test compares ledgers for seconds, the service ends what is idle: each request has its own connection.
    const client = new Client(this.url, { connection: 'close' })
    if (signedIn) await client.signIn(ADMIN.email, ADMIN.password)
    return client
  }

  /** Kills the service's process group and the database's in the same moment, and waits until all are gone. */
  async kill(): Promise<void> {
    this.killNow()
    await this.gone()
  }

  /** The same without waiting. */
  killNow(): void {
    const { pid } = this.child ?? {}
    if (pid === undefined) return
    const others = this.family.length > 0 ? this.family : descendantsOf(pid).flatMap((p) => identify(p) ?? [])
    killHard(pid)
    for (const other of others) if (other.pid !== pid && isSameProcess(other)) killHard(other.pid)
    this.family = others
  }

  /** Ends it as an operator of the machine would. @throws when it does not end cleanly */
  async stop(): Promise<void> {
    const child = this.child
    if (!child) return
    const ended = new Promise<string>((resolve) =>
      child.once('exit', (code, signal) => resolve(String(signal ?? code))),
    )
    child.kill('SIGTERM')
    const how = await ended
    await this.gone()
    if (how !== '0') throw new Error(`the service ended with ${how}:\n${this.output}`)
  }

  /** Kills what still runs and removes the data folder. */
  async remove(): Promise<void> {
    if (this.child) await this.kill()
    await rm(this.dataDir, { recursive: true, force: true, maxRetries: 5 })
    made.delete(this)
  }

  private readyAt(child: ChildProcess): Promise<string> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`the service ${why}:\n${this.output}`))
      const timer = setTimeout(() => fail('printed no ready line'), START_MS)
      const read = (chunk: Buffer) => {
        this.output += chunk.toString()
        const url = /Ready .*?(http:\/\/[^/\s]+)/.exec(this.output)?.[1]
        if (!url) return
        clearTimeout(timer)
        resolve(url)
      }
      child.stdout?.on('data', read)
      child.stderr?.on('data', read)
      child.once('exit', (code, signal) => {
        clearTimeout(timer)
        fail(`ended with ${signal ?? code}`)
      })
    })
  }

  /** Where the running service's database listens, to look into it past the service. */
  databaseUri(): string {
    const port = /--port[ =](\d+)/.exec(argumentsOf(this.databasePid() ?? 0))?.[1]
    if (!port) throw new Error('the database process does not say its port')
    return `mongodb://127.0.0.1:${port}/${DEFAULT_DATABASE}?directConnection=true&retryWrites=false`
  }

  /** The database's process, as the service noted it in the data folder's lock. */
  private databasePid(): number | undefined {
    const lock = JSON.parse(readFileSync(join(this.dataDir, 'database.lock'), 'utf8')) as {
      database?: ProcessIdentity
    }
    return lock.database?.pid
  }

  private async gone(): Promise<void> {
    const deadline = Date.now() + GONE_MS
    for (let left = this.family; left.length > 0; left = left.filter(isSameProcess)) {
      if (Date.now() > deadline) throw new Error(`still running: ${left.map(({ pid }) => pid)}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    this.family = []
    this.child = undefined
    this.url = ''
  }
}
