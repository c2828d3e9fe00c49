import { randomUUID } from 'node:crypto'
import { ObjectId } from 'mongodb'
import { type Connection, mongo } from 'mongoose'
import type { Logger } from 'pino'
import type { LedgerClock } from '../changes/ledger-clock.ts'
import type { ChangeModel } from '../changes/model.ts'
import type { WriterLock } from '../changes/writer-lock.ts'
import type { Clock } from '../clock.ts'
import type { ComplianceService } from '../compliance/service.ts'
import { civilDateAt } from '../domain/civil-date.ts'
import type { Operators } from '../operators/service.ts'
import type { VehicleModel } from '../vehicles/model.ts'
import { applyList, withdrawList } from './apply.ts'
import { checkList } from './check.ts'
import type { ImportFiles } from './files.ts'
import type { ImportDoc, ImportModel, ImportRowModel } from './model.ts'
import { ListProblem } from './reading/problem.ts'
import { recount } from './recount.ts'

export interface WorkerParts {
  connection: Connection
  imports: ImportModel
  rows: ImportRowModel
  files: ImportFiles
  changes: ChangeModel
  vehicles: VehicleModel
  operators: Operators
  compliance: ComplianceService
  ledgerClock: LedgerClock
  lock: WriterLock
  clock: Clock
  timeZone: string
  rowLimit: number
  log: Logger
}

const LEASE_MS = 15_000
const LOOK_MS = 3_000
const MOST_FAILURES = 5

class Stopped extends Error {}

/**
 * Checks and applies lists in the background, one at a time in each process. A list belongs to the process whose lease
 * on it runs; when that dies, another (or the next start) takes it up where it was.
 */
export class ImportWorker {
  private readonly parts: WorkerParts
  private readonly owner = randomUUID()
  private stopping = false
  private busy: Promise<void> | undefined
  private again = false
  private timer: NodeJS.Timeout | undefined

  constructor(parts: WorkerParts) {
    this.parts = parts
  }

  /** Takes up what is left, and looks for more from time to time. */
  start(): void {
    this.kick()
    this.timer = setInterval(() => this.kick(), LOOK_MS)
  }

  /** Says that there is work. */
  kick(): void {
    if (this.stopping) return
    this.again = true
    this.busy ??= this.drain().finally(() => {
      this.busy = undefined
    })
  }

  /** Ends after the batch in hand; what is left is taken up at the next start. */
  async stop(): Promise<void> {
    this.stopping = true
    clearInterval(this.timer)
    await this.busy
  }

  private async drain(): Promise<void> {
    while (this.again && !this.stopping) {
      this.again = false
      try {
        for (let doc = await this.claim(); doc; doc = this.stopping ? null : await this.claim())
          await this.work(doc)
      } catch (error) {
        this.parts.log.error({ err: error }, 'looking for lists failed')
      }
    }
  }

  private async claim(): Promise<ImportDoc | null> {
    const now = new Date()
    return this.parts.imports.collection.findOneAndUpdate(
      {
        status: { $in: ['parsing', 'applying'] },
        $or: [{ lease: null }, { 'lease.until': { $lt: now } }],
      },
      {
        $set: { lease: { owner: this.owner, until: new Date(now.getTime() + LEASE_MS) } },
        $inc: { tries: 1 },
      },
      { sort: { sentAt: 1 }, returnDocument: 'after' },
    ) as Promise<ImportDoc | null>
  }

  private async work(doc: ImportDoc): Promise<void> {
    try {
      // A list claimed while the end came is given back at once, not when its lease runs out.
      if (this.stopping) throw new Stopped()
      if (doc.status === 'parsing') await this.check(doc)
      else await this.apply(doc)
    } catch (error) {
      if (error instanceof Stopped) {
        await this.update(doc, { lease: null })
        return
      }
      this.parts.log.error({ err: error, import: doc._id.toHexString() }, 'work on a list failed')
      // The database will be back: the work is taken up again when the lease runs out.
      if (error instanceof mongo.MongoError) return
      if (doc.status === 'parsing') await this.fail(doc, error)
      else await this.applyFailed(doc, error)
    }
  }

  /** Applying is tried again when the lease runs out, but not for ever: figures of the whole city wait for it. */
  private async applyFailed(doc: ImportDoc, error: unknown): Promise<void> {
    const failures = doc.failures + 1
    if (failures < MOST_FAILURES) {
      await this.update(doc, { failures })
      return
    }
    await withdrawList(doc, { ...this.parts, clock: this.parts.ledgerClock })
    await this.fail(doc, error)
  }

  private async check(doc: ImportDoc): Promise<void> {
    const { compliance, clock, timeZone, files, rowLimit } = this.parts
    const now = clock.now()
    const context = { now, today: civilDateAt(now, timeZone), periodFrom: compliance.policy.period.from }
    const { openList } = await import('./reading/index.ts')
    const list = openList(await files.get(doc.file), doc.filename, { maxRows: rowLimit })
    const found = await checkList(doc, list, context, this.parts, (done, total) =>
      this.renew(doc, { progress: { done, total } }),
    )
    const progress = { done: found.counts.total, total: found.counts.total }
    await this.update(doc, { ...found, progress, status: 'checked', lease: null, tries: 0 })
  }

  private async apply(doc: ImportDoc): Promise<void> {
    const { compliance, clock, timeZone, ledgerClock, changes, rows } = this.parts
    const now = doc.decidedAt ?? clock.now()
    const today = civilDateAt(clock.now(), timeZone)
    const context = {
      now,
      today,
      periodFrom: compliance.policy.period.from,
      approver: doc.decidedBy ?? doc.sentBy,
    }
    const total = doc.counts.total
    await applyList(doc, context, { ...this.parts, clock: ledgerClock }, (done) =>
      this.renew(doc, { progress: { done, total } }),
    )
    const recorded = await changes.collection.countDocuments({ 'source.import': doc._id })
    const found = await recount(rows, doc._id)
    await this.update(doc, { ...found, recorded, status: 'applied', appliedAt: clock.now(), lease: null })
  }

  private async fail(doc: ImportDoc, error: unknown): Promise<void> {
    const known = error instanceof ListProblem
    const detail = known ? error.message : 'The list could not be read'
    await this.update(doc, {
      status: 'failed',
      error: { code: known ? error.code : 'internal', detail },
      lease: null,
    })
  }

  /** Goes on holding the list and tells how far the work is. @throws Stopped when it is not ours any more */
  private async renew(doc: ImportDoc, set: Partial<ImportDoc>): Promise<void> {
    if (this.stopping) throw new Stopped()
    const lease = { owner: this.owner, until: new Date(Date.now() + LEASE_MS) }
    if (!(await this.update(doc, { ...set, lease }))) throw new Stopped()
  }

  private async update(doc: ImportDoc, set: Partial<ImportDoc>): Promise<boolean> {
    const done = await this.parts.imports.collection.updateOne(
      { _id: new ObjectId(doc._id.toHexString()), 'lease.owner': this.owner },
      { $set: set },
    )
    return done.matchedCount === 1
  }
}
