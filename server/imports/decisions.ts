import { dependentFaults, dependentsOf } from '../changes/dependents.ts'
import type { Actor, ChangeModel } from '../changes/model.ts'
import type { WriterLock } from '../changes/writer-lock.ts'
import { Problem } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import type { Operators } from '../operators/service.ts'
import type { VehicleModel } from '../vehicles/model.ts'
import { refuseUnless, wrongStatus } from './actions.ts'
import type { ImportDoc, ImportModel } from './model.ts'
import type { ImportAction, ImportView } from './schema.ts'
import type { ImportService } from './service.ts'

export interface DecisionParts {
  imports: ImportModel
  changes: ChangeModel
  vehicles: VehicleModel
  operators: Operators
  service: ImportService
  lock: WriterLock
  /** says that there is work on a list */
  kick: () => void
  /** says that there is something to tell */
  tell: () => void
}

const SYSTEM: Actor = { id: 'system', name: '系统' }
/** Nobody holds a list that has just been decided, and nobody has been told of it. */
const FREE = { lease: null, tries: 0, failures: 0, told: null }

/**
 * What is decided of lists. Each decision is one conditional update of the list's state: of two who press at once one
 * decides, and the other is told how the list stands now and by whom.
 */
export class ImportDecisions {
  private readonly parts: DecisionParts

  constructor(parts: DecisionParts) {
    this.parts = parts
  }

  /**
   * An operator submits its checked list. That of a trusted operator with nothing wrong in it is approved at once.
   * @throws Problem 404, 403, 409 when it cannot be submitted now
   */
  async submit(id: string, caller: Caller, now: Date): Promise<ImportView> {
    const doc = await this.open(id, caller, 'submit')
    const set = { submittedAt: now, reportedAt: now, rejectReason: null, decidedBy: null, decidedAt: null }
    const operator = doc.operator === null ? null : await this.parts.operators.find(doc.operator)
    const approved = operator?.trusted && (await this.move(doc, { ...set, ...byItself(doc, now) }, FAULTLESS))
    const submitted = { ...set, status: 'submitted' }
    return this.answer(approved || (await this.mustMove(doc, caller, submitted, asSeen(doc))), caller)
  }

  /**
   * Has the good rows of a list recorded, all or those without a warning, in the background.
   * @throws Problem 404, 403, 409 when it cannot be approved now, `import.nothing-to-apply` without such rows
   */
  async approve(
    id: string,
    { rows }: { rows: 'all' | 'clean' },
    caller: Caller,
    now: Date,
  ): Promise<ImportView> {
    const doc = await this.open(id, caller, 'approve')
    if (rows === 'clean' && doc.counts.toRecordClean === 0)
      throw new Problem(409, 'import.nothing-to-apply', 'Every row that could be recorded has a warning')
    const set = { ...applying(doc), ...decidedBy(caller, now), approved: rows, automatic: false }
    return this.answer(await this.mustMove(doc, caller, set, asSeen(doc)), caller)
  }

  /** Returns a list to its sender with a reason; nothing of it is recorded. */
  async reject(id: string, reason: string, caller: Caller, now: Date): Promise<ImportView> {
    const doc = await this.open(id, caller, 'return')
    const set = { status: 'rejected', ...decidedBy(caller, now), rejectReason: reason }
    return this.answer(await this.mustMove(doc, caller, set), caller)
  }

  /** Takes a list back before anything of it is recorded. */
  async cancel(id: string, caller: Caller, now: Date): Promise<ImportView> {
    const doc = await this.open(id, caller, 'cancel')
    return this.answer(
      await this.mustMove(doc, caller, { status: 'cancelled', ...decidedBy(caller, now) }),
      caller,
    )
  }

  /**
   * Withdraws all that a list recorded, in the background.
   * @throws Problem 404, 403, 409 `import.has-dependents` naming later changes that rest on it, 503 while another list
   *   is being recorded
   */
  async withdraw(id: string, reason: string, caller: Caller, now: Date): Promise<ImportView> {
    const doc = await this.open(id, caller, 'withdraw')
    const by = { id: caller.id, name: caller.name }
    const progress = { done: 0, total: doc.recorded }
    const code = 'import.has-dependents'
    // Alone: from now on nobody records what would rest on the list.
    const moved = await this.parts.lock.run(async () => {
      if (await this.parts.imports.collection.findOne({ status: 'applying' }, { projection: { _id: 1 } }))
        throw new Problem(503, 'busy', 'Another list is being recorded; try again when it is')
      const resting = await dependentsOf({ 'source.import': doc._id }, this.parts)
      if (resting.length > 0)
        throw new Problem(
          409,
          code,
          'Later changes rest on this list',
          dependentFaults(resting, code, caller.scope),
        )
      const set = { status: 'withdrawing', withdrawn: { at: now, by, reason }, progress }
      return this.mustMove(doc, caller, set)
    })
    return this.answer(moved, caller)
  }

  private async open(id: string, caller: Caller, action: ImportAction): Promise<ImportDoc> {
    const doc = await this.parts.service.find(id, caller)
    refuseUnless(doc, caller, action)
    return doc
  }

  /** Moves a list on from the state in which it was seen; null when somebody else has meanwhile. */
  private move(
    { _id, status }: ImportDoc,
    set: Record<string, unknown>,
    only: Record<string, unknown> = {},
  ): Promise<ImportDoc | null> {
    return this.parts.imports.collection.findOneAndUpdate(
      { ...only, _id, status },
      { $set: { ...FREE, ...set } },
      { returnDocument: 'after' },
    ) as Promise<ImportDoc | null>
  }

  private async mustMove(
    doc: ImportDoc,
    caller: Caller,
    set: Record<string, unknown>,
    only: Record<string, unknown> = {},
  ): Promise<ImportDoc> {
    const moved = await this.move(doc, set, only)
    if (moved) return moved
    throw wrongStatus(await this.parts.service.find(doc._id.toHexString(), caller))
  }

  private answer(doc: ImportDoc, caller: Caller): Promise<ImportView> {
    if (doc.status === 'applying' || doc.status === 'withdrawing') this.parts.kick()
    this.parts.tell()
    return this.parts.service.show(doc, caller)
  }
}

/** What is recorded is what was seen: a list that was checked anew in between has to be looked at again. */
const asSeen = ({ counts: { toRecord, toRecordClean, warning } }: ImportDoc) => ({
  'counts.toRecord': toRecord,
  'counts.toRecordClean': toRecordClean,
  'counts.warning': warning,
})

/** A list in which nothing is wrong, doubtful or left to be answered. */
const FAULTLESS = {
  'counts.warning': 0,
  'counts.error': 0,
  'counts.missing': 0,
  openDisputes: 0,
  'counts.toRecord': { $gt: 0 },
}

const applying = (doc: ImportDoc) => ({
  status: 'applying',
  progress: { done: 0, total: doc.counts.total },
})

const byItself = (doc: ImportDoc, now: Date) => ({
  ...applying(doc),
  ...{ approved: 'all', automatic: true, decidedBy: SYSTEM, decidedAt: now },
})

const decidedBy = ({ id, name }: Caller, now: Date) => ({ decidedBy: { id, name }, decidedAt: now })
