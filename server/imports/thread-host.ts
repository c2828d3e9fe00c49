import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Connection } from 'mongoose'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import { identify } from '../database/processes.ts'
import { Problem } from '../http/problem.ts'
import type { ProblemCode } from '../http/schema.ts'
import type { ImportModel } from './model.ts'
import { WORKING } from './states.ts'
import type { Asked, Reply, Request, ThreadCalls, ThreadSettings } from './thread-messages.ts'

/** How often is looked for work that another process left. */
const LOOK_MS = 3_000
/** A thread that has had nothing to do for so long gives its memory back. */
const IDLE_MS = 60_000
/** A file may keep the thread from hearing and saying anything, but not for so long: then it is ended. */
const SILENT_MS = 60_000
/** A thread that cannot even start is not tried again at once. */
const RESTART_MS = 500
/** The most that the thread's objects may take: a list that needs more ends the thread, not the service. */
const HEAP_MB = 320
/** What is young is kept apart and copied; more of it makes the thread no faster. */
const YOUNG_MB = 16

interface Waiting {
  asked: Asked
  resolve: (answer: never) => void
  reject: (error: unknown) => void
}

export interface ThreadParts {
  connection: Connection
  imports: ImportModel
  mongodbUri: string
  clock: Clock
  timeZone: string
  rowLimit: number
  logLevel: string
  /** where temporary files are kept while lists are worked on */
  folder: string
  log: Logger
  /** the thread's program; found beside this one unless told */
  file?: string | undefined
}

/** The service's side of the thread for lists: starts it when there is work, and anew when it has ended. */
export class ImportThread {
  private readonly parts: ThreadParts
  private readonly waiting = new Map<number, Waiting>()
  private worker: Worker | undefined
  private owner: string | undefined
  private folder: string | undefined
  private calls = 0
  /** when the thread was last heard of */
  private heard = 0
  private busy = false
  private stopping = false
  private looking: Promise<void> = Promise.resolve()
  private timer: NodeJS.Timeout | undefined
  private idle: NodeJS.Timeout | undefined
  private stopped: (() => void) | undefined
  private readonly listeners = new Set<(list: string) => void>()

  constructor(parts: ThreadParts) {
    this.parts = parts
  }

  /** Tells of every list whose state has changed in the thread. */
  onChanged(listener: (list: string) => void): void {
    this.listeners.add(listener)
  }

  /** Takes up what is left, and looks for more from time to time. */
  start(): void {
    const look = () => {
      this.looking = this.looking.then(() => this.look()).catch(() => undefined)
    }
    look()
    this.timer = setInterval(look, LOOK_MS)
  }

  private async look(): Promise<void> {
    if (this.stopping) return
    if (this.worker && Date.now() - this.heard > SILENT_MS) {
      this.parts.log.error({}, 'the thread for lists has not been heard of and is ended')
      await this.worker.terminate()
    }
    const left = await this.parts.imports.collection.findOne(
      {
        status: { $in: [...WORKING] },
        $or: [{ lease: null }, { 'lease.until': { $lt: new Date() } }],
      },
      { projection: { _id: 1 } },
    )
    if (left) this.kick()
  }

  /** Says that there is work. */
  kick(): void {
    if (this.stopping) return
    void this.running().then((worker) => {
      this.busy = true
      worker?.postMessage({ call: 'kick' } satisfies Request)
    })
  }

  /** Whether it has been told to end: nothing is begun any more. */
  get isStopping(): boolean {
    return this.stopping
  }

  /**
   * Asks the thread.
   * @throws Problem as the thread does; 422 `import.too-complex` when the thread ended over it; 503 `busy` when the
   *   service stops
   */
  async ask<K extends keyof ThreadCalls>(
    call: K,
    args: ThreadCalls[K]['args'],
  ): Promise<ThreadCalls[K]['answer']> {
    const asked = { id: ++this.calls, call, args } as Asked
    return new Promise((resolve, reject) => this.put({ asked, resolve, reject }))
  }

  private put(waiting: Waiting): void {
    this.running().then((worker) => {
      if (!worker) return waiting.reject(new Problem(503, 'busy'))
      this.waiting.set(waiting.asked.id, waiting)
      worker.postMessage(waiting.asked satisfies Request)
    }, waiting.reject)
  }

  /** Ends the thread after the batch in hand. */
  async stop(): Promise<void> {
    this.stopping = true
    clearInterval(this.timer)
    clearTimeout(this.idle)
    await this.looking
    await this.starting
    const { worker } = this
    if (worker) {
      await new Promise<void>((resolve) => {
        this.stopped = resolve
        worker.once('exit', () => resolve())
        worker.postMessage({ call: 'stop' } satisfies Request)
      })
      await worker.terminate()
    }
    if (this.folder) await rm(this.folder, { recursive: true, force: true })
  }

  private starting: Promise<Worker | undefined> | undefined

  private running(): Promise<Worker | undefined> {
    clearTimeout(this.idle)
    this.starting ??= this.open()
    return this.starting
  }

  private async open(): Promise<Worker | undefined> {
    if (this.stopping) return undefined
    this.folder ??= await ownFolder(this.parts.folder)
    const { mongodbUri, clock, timeZone, rowLimit, logLevel, log } = this.parts
    const settings: ThreadSettings = {
      ...{ mongodbUri, timeZone, rowLimit, logLevel, folder: this.folder },
      clockOffsetMs: clock.now().getTime() - Date.now(),
    }
    const file = this.parts.file ?? threadFile()
    const limits = {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
      execArgv: [],
    }
    const worker = file.endsWith('.ts')
      ? new Worker(fromSource(file), { ...limits, workerData: settings, eval: true })
      : new Worker(file, { ...limits, workerData: settings })
    this.worker = worker
    this.heard = Date.now()
    worker.on('message', (reply: Reply) => this.hear(reply))
    worker.on('error', (error) => log.error({ err: error }, 'the thread for lists failed'))
    worker.on('exit', (code) => void this.ended(worker, code))
    return worker
  }

  private hear(reply: Reply): void {
    this.heard = Date.now()
    if ('event' in reply) {
      if (reply.event === 'ready') this.owner = reply.owner
      else if (reply.event === 'changed') for (const tell of this.listeners) tell(reply.list)
      else if (reply.event === 'idle') this.rest()
      else if (reply.event === 'stopped') this.stopped?.()
      return
    }
    const call = this.waiting.get(reply.id)
    this.waiting.delete(reply.id)
    if (!this.busy) this.rest()
    if (!call) return
    if ('answer' in reply) call.resolve(reply.answer as never)
    else if ('problem' in reply) {
      const { status, code, params } = reply.problem
      const errors = [{ path: 'file', code, message: code, params }]
      call.reject(new Problem(status, code as ProblemCode, undefined, errors))
    } else call.reject(new Error(reply.fault))
  }

  /** Gives the thread's memory back when nothing comes for a while. */
  private rest(): void {
    this.busy = false
    clearTimeout(this.idle)
    if (this.stopping) return
    this.idle = setTimeout(() => {
      if (this.waiting.size === 0 && !this.busy) this.worker?.postMessage({ call: 'stop' } satisfies Request)
    }, IDLE_MS)
    this.idle.unref()
  }

  /** The thread has ended: what it was asked is answered, and what it was at is taken up by a new one. */
  private async ended(worker: Worker, code: number): Promise<void> {
    if (this.worker !== worker) return
    const { owner } = this
    this.worker = undefined
    this.starting = undefined
    this.owner = undefined
    const left = [...this.waiting.values()]
    this.waiting.clear()
    for (const waiting of left) {
      // One that ended because nothing had come for a while, just as this did, has not ended over it.
      if (this.stopping || code === 0) this.put(waiting)
      else waiting.reject(new Problem(422, 'import.too-complex'))
    }
    this.stopped?.()
    if (this.stopping) return
    if (code === 0) {
      // It was told of work just as it ended.
      if (this.busy) this.kick()
      return
    }
    try {
      if (owner !== undefined) {
        const own = { 'lease.owner': owner }
        await this.parts.imports.collection.updateMany(own, { $set: { lease: null }, $inc: { failures: 1 } })
      }
    } catch (error) {
      this.parts.log.error({ err: error }, 'lists of an ended thread were not given back')
    }
    await pause(RESTART_MS, undefined, { ref: false })
    this.kick()
  }
}

/** A temporary folder of this process's own; those of processes that are gone are removed. */
async function ownFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(folder)) {
    const pid = Number(/^(\d+)-/.exec(name)?.[1])
    if (pid > 0 && !identify(pid)) await rm(join(folder, name), { recursive: true, force: true })
  }
  return mkdtemp(join(folder, `${process.pid}-`))
}

/** A program from source needs what translates it, as the service itself did. */
const fromSource = (file: string): string =>
  `import('tsx/esm/api').then((tsx) => { tsx.register(); return import(${JSON.stringify(pathToFileURL(file).href)}) })`

/** The thread's program: beside the bundled service, or this source. */
function threadFile(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const found = ['import-thread.cjs', 'import-thread.mjs', 'thread.ts']
    .map((name) => join(here, name))
    .find((path) => existsSync(path))
  if (!found) throw new Error('the program of the thread for lists is missing')
  return found
}
