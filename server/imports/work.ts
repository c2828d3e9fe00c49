import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Connection, mongo } from 'mongoose'
import type { Logger } from 'pino'
import type { Attachments } from '../attachments/service.ts'
import type { LedgerClock } from '../changes/ledger-clock.ts'
import type { ChangeModel } from '../changes/model.ts'
import type { WriterLock } from '../changes/writer-lock.ts'
import type { Clock } from '../clock.ts'
import type { ComplianceService } from '../compliance/service.ts'
import { civilDateAt } from '../domain/civil-date.ts'
import { Moves } from '../domain/moves.ts'
import type { Operators } from '../operators/service.ts'
import type { VehicleModel } from '../vehicles/model.ts'
import { applyList } from './apply/apply-list.ts'
import { withdrawList } from './apply/withdraw-list.ts'
import { checkList } from './check/check-list.ts'
import { countMoves } from './check/count-moves.ts'
import type { ListContext } from './check/verdict.ts'
import { FileCache } from './file-cache.ts'
import type { ImportFiles } from './files.ts'
import type { ImportDoc, ImportModel, ImportRowModel, MendDoc, MendModel } from './model.ts'
import { keepMoves, keptMoves } from './moves.ts'
import { ListProblem } from './reading/problem.ts'
import { recount } from './recount.ts'
import { WORKING } from './states.ts'

export interface WorkParts {
  connection: Connection
  imports: ImportModel
  rows: ImportRowModel
  mends: MendModel
  files: ImportFiles
  changes: ChangeModel
  vehicles: VehicleModel
  attachments: Attachments
  operators: Operators
  compliance: ComplianceService
  ledgerClock: LedgerClock
  lock: WriterLock
  clock: Clock
  timeZone: string
  rowLimit: number
  /** a folder for temporary files of this process's own */
  folder: string
  log: Logger
  /** told of every list whose state has changed */
  onChanged: (id: string) => void
  /** told when there is nothing left to do */
  onIdle: () => void
}

const LEASE_MS = 15_000
/** How often at most it is written down how far the work is. */
const TELL_MS = 250
const MOST_FAILURES = 5
/** A list whose check has ended the thread so often is too much for it. */
const MOST_CHECKS = 3
const SYSTEM = { id: 'system', name: '系统' }

/** What a list is left with when the work on it is over. */
const FREE = { lease: null, tries: 0, failures: 0 }

class Stopped extends Error {}

/**
 * Checks, applies and withdraws lists, one at a time in each process. A list belongs to the process whose lease on it
 * runs; when that dies, another (or the next start) takes it up where it was.
 */
export class ImportWork {
  private readonly parts: WorkParts
  readonly owner = randomUUID()
  readonly cache: FileCache
  private stopping = false
  private busy: Promise<void> | undefined
  private again = false
  private told = 0

  constructor(parts: WorkParts) {
    this.parts = parts
    this.cache = new FileCache(parts.files, parts.folder)
  }

  /** Says that there is work. */
  kick(): void {
    if (this.stopping) return
    this.again = true
    this.busy ??= this.drain().finally(() => {
      this.busy = undefined
      this.parts.onIdle()
    })
  }

  /** Ends after the batch in hand; what is left is taken up at the next start. */
  async stop(): Promise<void> {
    this.stopping = true
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
    const { collection } = this.parts.imports
    // Nothing may come to rest on a list while it is being withdrawn.
    const withdrawing = await collection.findOne({ status: 'withdrawing' }, { projection: { _id: 1 } })
    const states = withdrawing ? WORKING.filter((status) => status !== 'applying') : WORKING
    return collection.findOneAndUpdate(
      {
        status: { $in: [...states] },
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
      if (doc.failures >= MOST_FAILURES && doc.status === 'applying')
        throw new Error('recording the list has ended the thread too often')
      if (doc.status === 'parsing') await this.check(doc)
      else if (doc.status === 'applying') await this.apply(doc)
      else await this.withdraw(doc)
    } catch (error) {
      if (error instanceof Stopped) {
        // A check that was stopped in good order has shown nothing of what the list is like.
        await this.update(doc, { lease: null })
        return
      }
      if (!(error instanceof ListProblem))
        this.parts.log.error({ err: error, import: doc._id.toHexString() }, 'work on a list failed')
      // The database will be back: the work is taken up again when the lease runs out.
      if (error instanceof mongo.MongoError) return
      if (doc.status === 'parsing') await this.fail(doc, error)
      else await this.recordingFailed(doc, error)
    }
    this.parts.onChanged(doc._id.toHexString())
  }

  /** Recording is tried again when the lease runs out, but not for ever: figures of the whole city wait for it. */
  private async recordingFailed(doc: ImportDoc, error: unknown): Promise<void> {
    const failures = doc.failures + 1
    if (failures < MOST_FAILURES || doc.status === 'withdrawing') {
      await this.update(doc, { failures })
      return
    }
    const by = { actor: SYSTEM, reason: '名单未能全部入账，整份撤回', now: doc.decidedAt ?? doc.sentAt }
    await withdrawList(doc, { ...by, unseen: true }, { ...this.parts, clock: this.parts.ledgerClock })
    await this.fail(doc, error)
  }

  private async check(doc: ImportDoc): Promise<void> {
    if (doc.failures >= MOST_CHECKS) throw new ListProblem('import.too-complex')
    const { mends, clock, rowLimit, folder } = this.parts
    const now = clock.now()
    const own = await mkdtemp(join(folder, 'check-'))
    try {
      const { openListFile } = await import('./reading/index.ts')
      const path = await this.cache.pathOf(doc.file)
      const file = await openListFile(path, doc.filename, { maxRows: rowLimit })
      try {
        const found = await checkList(
          {
            ...{ doc, file, rowLimit, folder: own, context: { ...this.contextOf(doc, now), now } },
            mends: new Map(
              (await mends.collection.find<MendDoc>({ import: doc._id }).toArray()).map((m) => [
                m.key,
                m.cells,
              ]),
            ),
            report: (done, total) => this.tell(doc, { progress: { done, total } }),
          },
          this.parts,
        )
        const progress = { done: found.counts.total, total: found.counts.total }
        await this.update(doc, { ...found, progress, status: 'checked', ...FREE, error: null })
      } finally {
        await file.close()
      }
      await this.cache.forget(doc.file)
    } finally {
      await rm(own, { recursive: true, force: true })
    }
  }

  /** Counts anew what a list would move, by the policy in force, if another version of it had counted that. */
  async countMoves(id: string): Promise<void> {
    const { imports, rows, compliance, ledgerClock, clock, folder } = this.parts
    const doc = await imports.collection.findOne<ImportDoc>({ _id: new mongo.ObjectId(id) } as never)
    const policy = await compliance.policyAt(await ledgerClock.horizon(clock.now()))
    const kept = doc && (await keptMoves(rows.db, doc._id, { policy }))
    if (!doc || !kept || kept instanceof Moves) return
    const own = await mkdtemp(join(folder, 'count-'))
    try {
      const context = { ...this.contextOf(doc, clock.now()), periodFrom: policy.period.from }
      await keepMoves(rows.db, doc._id, await countMoves(doc, policy, context, own, this.parts), kept.stale)
    } finally {
      await rm(own, { recursive: true, force: true })
    }
  }

  private contextOf(doc: ImportDoc, now: Date): ListContext {
    const { compliance, timeZone } = this.parts
    const today = civilDateAt(now, timeZone)
    const { mode, scope, operator } = doc
    return {
      today,
      periodFrom: compliance.policy.period.from,
      mode,
      asOf: doc.asOf ?? today,
      scope,
      operator,
    }
  }

  private async apply(doc: ImportDoc): Promise<void> {
    const { clock, ledgerClock, changes, rows } = this.parts
    const now = doc.decidedAt ?? clock.now()
    const context = { ...this.contextOf(doc, clock.now()), now, approver: doc.decidedBy ?? doc.sentBy }
    const total = doc.counts.total
    await applyList(
      doc,
      context,
      { ...this.parts, clock: ledgerClock },
      (done) => this.tell(doc, { progress: { done, total } }),
      async (effects) => {
        if (!(await this.update(doc, { ...effects, effectsKept: true }))) throw new Stopped()
      },
    )
    const recorded = await changes.collection.countDocuments({ 'source.import': doc._id })
    const found = await recount(rows, doc._id)
    const progress = { done: total, total }
    await this.update(doc, {
      ...{
        ...found,
        recorded,
        progress,
        status: 'applied',
        appliedAt: clock.now(),
        lease: null,
        tries: 0,
      },
    })
  }

  private async withdraw(doc: ImportDoc): Promise<void> {
    const { at = new Date(0), by = SYSTEM, reason = '' } = doc.withdrawn ?? {}
    const parts = { ...this.parts, clock: this.parts.ledgerClock }
    await withdrawList(doc, { actor: by, reason, now: at }, parts, (done, total) =>
      this.tell(doc, { progress: { done, total } }),
    )
    await this.update(doc, { status: 'withdrawn', lease: null, tries: 0 })
  }

  private async fail(doc: ImportDoc, error: unknown): Promise<void> {
    const known = error instanceof ListProblem
    const detail = known ? error.message : 'The list could not be read'
    await this.update(doc, {
      status: 'failed',
      error: { code: known ? error.code : 'internal', detail },
      lease: null,
    })
    await this.cache.forget(doc.file)
  }

  /**
   * Goes on holding the list and tells how far the work is, from time to time.
   * @throws Stopped when it is not ours any more
   */
  private async tell(doc: ImportDoc, set: Partial<ImportDoc>): Promise<void> {
    if (this.stopping) throw new Stopped()
    if (Date.now() - this.told < TELL_MS) return
    const lease = { owner: this.owner, until: new Date(Date.now() + LEASE_MS) }
    if (!(await this.update(doc, { ...set, lease }))) throw new Stopped()
    this.told = Date.now()
  }

  /** Writes to a list that is still ours and in the state in which it was claimed. */
  private async update(doc: ImportDoc, set: Partial<ImportDoc>): Promise<boolean> {
    const done = await this.parts.imports.collection.updateOne(
      { _id: doc._id, status: doc.status, 'lease.owner': this.owner },
      { $set: set as never },
    )
    return done.matchedCount === 1
  }
}
