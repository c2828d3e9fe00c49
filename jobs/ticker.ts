import { randomUUID } from 'node:crypto'
import { MongoBackend } from '@agendajs/mongo-backend'
import { Agenda } from 'agenda'
import type { Connection } from 'mongoose'
import { describeError, type JobLog } from './job.ts'
import { RHYTHM, type Rhythm } from './schedule.ts'

const COLLECTION = 'agendaJobs'
/** Agenda's lock lasts as long as a tick that died may hold back the next one. */
const LOCK_MS = 60_000

/** What is called at every tick. It starts work and returns; it does not wait for it. */
export type TickHandlers = Record<string, () => void>

/**
 * Agenda as the clock of the jobs: it calls each handler every few seconds, on one machine of many. What is owed,
 * running and done stands in our own ledger of runs, so that nothing hangs on Agenda's locks, zones, overdue runs
 * that are forgotten at start, or ticks that come twice.
 */
export class Ticker {
  private readonly agenda: Agenda
  private readonly connection: Connection
  private readonly handlers: TickHandlers
  private readonly owner = `fleet-ledger-${randomUUID()}`
  private readonly rhythm: Rhythm
  private readonly counts = new Map<string, number>()

  constructor(connection: Connection, handlers: TickHandlers, log: JobLog, rhythm: Rhythm = RHYTHM) {
    this.connection = connection
    this.handlers = handlers
    this.rhythm = rhythm
    this.agenda = new Agenda({
      // The mongoose connection's own database handle; its driver differs from Agenda's in the patch version only.
      backend: new MongoBackend({
        mongo: database(connection) as never,
        collection: COLLECTION,
        ensureIndex: false,
      }),
      name: this.owner,
      processEvery: rhythm.pollMs,
      defaultConcurrency: 1,
      defaultLockLimit: 1,
      defaultLockLifetime: LOCK_MS,
    })
    this.agenda.on('error', (error) => log.error({ error: describeError(error) }, 'agenda error'))
    this.agenda.on('fail', (error: unknown) => log.error({ error: describeError(error) }, 'tick failed'))
    for (const [name, handle] of Object.entries(handlers)) {
      this.agenda.define(name, async () => this.tick(name, handle), {
        concurrency: 1,
        lockLimit: 1,
        lockLifetime: LOCK_MS,
      })
    }
  }

  /** @throws when a tick has no next time, which Agenda itself would keep silent about */
  async start(): Promise<void> {
    await this.collection.createIndex(
      { name: 1, priority: -1, lockedAt: 1, nextRunAt: 1, disabled: 1 },
      { name: 'findAndLockNextJobIndex' },
    )
    // Jobs that an older version defined would stay for ever.
    await this.collection.deleteMany({ name: { $nin: Object.keys(this.handlers) } })
    // Writes each tick anew, due next and unlocked, whatever a killed process or a clock that ran ahead has left.
    for (const name of Object.keys(this.handlers)) {
      const job = await this.agenda.every(this.rhythm.cron, name, undefined, { timezone: 'UTC' })
      if (!job.attrs.nextRunAt) throw new Error(`the ticks of "${name}" would never come`)
    }
    await this.agenda.start()
  }

  /** By its name, something that changes with every tick of any process on the database. */
  async pulse(): Promise<Record<string, string>> {
    const documents = await this.collection
      .find<{ name: string; lastRunAt?: Date | null }>({}, { projection: { name: 1, lastRunAt: 1 } })
      .toArray()
    const latest = new Map(documents.map(({ name, lastRunAt }) => [name, lastRunAt?.getTime() ?? '']))
    return Object.fromEntries(
      Object.keys(this.handlers).map((name) => [
        name,
        `${this.counts.get(name) ?? 0} ${latest.get(name) ?? ''}`,
      ]),
    )
  }

  private tick(name: string, handle: () => void): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1)
    handle()
  }

  /** Stops ticking, and gives back what this process had locked ahead. */
  async stop(): Promise<void> {
    await this.agenda.drain({ timeout: 5_000, closeConnection: false })
    await this.collection.updateMany({ lastModifiedBy: this.owner }, { $set: { lockedAt: null } })
  }

  private get collection() {
    return database(this.connection).collection(COLLECTION)
  }
}

function database(connection: Connection) {
  if (!connection.db) throw new Error('the database is not connected')
  return connection.db
}
