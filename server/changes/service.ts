import { ObjectId } from 'mongodb'
import type { z } from 'zod'
import { liesWithin, narrow, type Scope } from '../accounts/permissions.ts'
import type { ComplianceService } from '../compliance/service.ts'
import { checkChange } from '../domain/check-change.ts'
import { civilDateAt } from '../domain/civil-date.ts'
import type { Issue } from '../domain/issue.ts'
import { notFound, Problem } from '../http/problem.ts'
import type { Operators } from '../operators/service.ts'
import { deriveVehicles } from '../vehicles/derive.ts'
import type { VehicleModel } from '../vehicles/model.ts'
import { loadRegister } from '../vehicles/register-loader.ts'
import { dependentFaults, dependentsOf } from './dependents.ts'
import { entryOf, insertEntries } from './entries.ts'
import type { LedgerClock } from './ledger-clock.ts'
import type { Actor, ChangeDoc, ChangeModel } from './model.ts'
import { readEntered } from './read-entered.ts'
import type { createChange } from './schema.ts'
import { changeView } from './view.ts'
import type { WriterLock } from './writer-lock.ts'

export interface ChangeParts {
  changes: ChangeModel
  vehicles: VehicleModel
  clock: LedgerClock
  lock: WriterLock
  operators: Operators
  compliance: ComplianceService
  timeZone: string
}

/** Changes entered by hand, and their voiding. */
export class ChangeService {
  private readonly parts: ChangeParts

  constructor(parts: ChangeParts) {
    this.parts = parts
  }

  /**
   * Records a change, or says what recording it would do.
   * @returns the change with the figures that it moves, before and after
   * @throws Problem 422 `change.invalid` with what stands in the way, 409 `change.duplicate`
   */
  create(body: z.output<typeof createChange>, by: Actor, scope: Scope, now: Date, dryRun: boolean) {
    const { lock, vehicles, operators, compliance, clock, changes, timeZone } = this.parts
    return lock.run(async () => {
      const row = readEntered(body)
      const register = await loadRegister(vehicles, [row.values], await operators.finder())
      const context = { today: civilDateAt(now, timeZone), periodFrom: compliance.policy.period.from }
      const checked = checkChange(row, register, context)
      if (checked.outcome === 'error') throw invalidChange(checked.issues)
      if (checked.outcome === 'unchanged')
        throw new Problem(409, 'change.duplicate', 'This change is on the ledger already', [
          { path: 'body', code: 'change.duplicate', message: checked.change },
        ])
      const { draft } = checked
      if (!liesWithin(draft, scope)) throw new Problem(403, 'permission.denied')
      const effects = await compliance.effects([draft], now, 1, scope)
      const entry = entryOf(draft, register, {
        recordedAt: now,
        recordedBy: by,
        reportedAt: null,
        source: null,
      })
      if (!dryRun) {
        await this.refuseWithdrawing(entry)
        const isNew = checked.issues.some((i) => i.code === 'operator.new')
        const { operator, toOperator } = row.values
        const name = draft.kind === 'transferred' ? (toOperator ?? operator) : operator
        if (isNew && name) await operators.register([name])
        const owner = `change:${entry._id.toHexString()}`
        entry.recordedAt = await clock.begin(owner, now, entry.vins)
        const refused = await insertEntries(changes, [entry])
        await deriveVehicles(changes, vehicles, entry.vins)
        await clock.finish(owner)
        if (refused.size > 0) throw new Problem(409, 'change.duplicate', 'Somebody has just recorded this')
      }
      return { ...changeView(entry, await operators.names()), effects, warnings: checked.issues }
    })
  }

  /** Refuses what would rest on a list that is being withdrawn. @throws Problem 503 */
  private async refuseWithdrawing({ vins }: ChangeDoc): Promise<void> {
    const { changes } = this.parts
    const lists = await changes.db
      .collection('imports')
      .find({ status: 'withdrawing' }, { projection: { _id: 1 } })
      .toArray()
    if (lists.length === 0) return
    const own = { vins: { $in: vins }, 'source.import': { $in: lists.map((l) => l._id) } }
    if (await changes.collection.findOne(own as never, { projection: { _id: 1 } }))
      throw new Problem(503, 'busy', 'The list that this rests on is being withdrawn')
  }

  /**
   * Withdraws a change: from now on it counts for nothing; what was known before stays as it was.
   * @throws Problem 404, 409 `change.already-voided`, 409 `change.has-dependents` naming the later changes
   */
  voidChange(id: string, reason: string, by: Actor, scope: Scope, now: Date) {
    const { lock, changes, vehicles, clock, operators, compliance } = this.parts
    return lock.run(async () => {
      const doc = await changes.collection.findOne<ChangeDoc>({ _id: new ObjectId(id) })
      if (!doc || !narrow(doc.vehicle, scope)) throw notFound()
      if (doc.voided)
        throw new Problem(409, 'change.already-voided', 'This change has been withdrawn already')
      if (!liesWithin(doc, scope)) throw new Problem(403, 'permission.denied')
      await this.refuseDangling(doc)
      const effects = await compliance.effects([doc], now, -1, scope)
      const owner = `void:${id}`
      const voidedAt = await clock.begin(owner, now, doc.vins)
      const set = { voided: true, voidedAt, voidedBy: by, voidReason: reason }
      const done = await changes.collection.updateOne({ _id: doc._id, voided: false }, { $set: set })
      await deriveVehicles(changes, vehicles, doc.vins)
      await clock.finish(owner)
      if (done.matchedCount === 0)
        throw new Problem(409, 'change.already-voided', 'Somebody has just withdrawn this')
      return { ...changeView({ ...doc, ...set }, await operators.names()), effects, warnings: [] }
    })
  }

  /** Refuses to withdraw what later changes rest on. */
  private async refuseDangling(doc: ChangeDoc): Promise<void> {
    const resting = await dependentsOf({ _id: doc._id }, this.parts)
    if (resting.length === 0) return
    const code = 'change.has-dependents'
    const detail = 'Later changes rest on this one; withdraw those first'
    throw new Problem(409, code, detail, dependentFaults(resting, code))
  }

  /** Finishes the writes of processes that died in the middle: what they recorded is derived, then becomes visible. */
  async recover(): Promise<number> {
    const { clock, changes, vehicles } = this.parts
    const left = (await clock.abandoned()).filter((w) => !OF_LISTS.test(w.owner))
    for (const write of left) {
      await deriveVehicles(changes, vehicles, write.vins)
      await clock.finish(write.owner)
    }
    return left.length
  }
}

/** Writes of lists, which are finished by the work on those lists: half of one must not become visible. */
const OF_LISTS = /^(import|withdraw):/

const invalidChange = (issues: readonly Issue[]): Problem =>
  new Problem(
    422,
    'change.invalid',
    undefined,
    issues
      .filter((i) => i.severity === 'error')
      .map((i) => ({ path: i.field ?? 'body', code: i.code, message: i.code, params: i.params })),
  )
