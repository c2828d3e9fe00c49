import { isDeepStrictEqual } from 'node:util'
import { ObjectId } from 'mongodb'
import { isWithin, liesWithin, type Scope } from '../accounts/permissions.ts'
import type { Attachments } from '../attachments/service.ts'
import type { ComplianceService } from '../compliance/service.ts'
import { notFound, Problem } from '../http/problem.ts'
import type { Operators } from '../operators/service.ts'
import { deriveVehicles } from '../vehicles/derive.ts'
import type { VehicleModel } from '../vehicles/model.ts'
import { loadRegister } from '../vehicles/register-loader.ts'
import { ChangeCorrections } from './corrections.ts'
import { dependentFaults, dependentsOf } from './dependents.ts'
import {
  type ChangeBody,
  checkEntered,
  differs,
  policyContext,
  refuseBreach,
  refuseIssues,
  refuseWithdrawing,
  registerNew,
} from './entering.ts'
import { entryOf, insertEntries } from './entries.ts'
import type { InFlight, LedgerClock } from './ledger-clock.ts'
import type { Actor, ChangeDoc, ChangeModel } from './model.ts'
import { packProblems } from './packs.ts'
import { readEntered } from './read-entered.ts'
import type { ChangeView, Effect } from './schema.ts'
import { changeViews } from './view.ts'
import { cutTo } from './visible.ts'
import type { WriterLock } from './writer-lock.ts'

export interface ChangeParts {
  changes: ChangeModel
  vehicles: VehicleModel
  clock: LedgerClock
  lock: WriterLock
  operators: Operators
  compliance: ComplianceService
  attachments: Attachments
  timeZone: string
}

/** On whose behalf, when, and whether only to see what would happen. */
export interface Entering {
  by: Actor
  scope: Scope
  now: Date
  dryRun: boolean
}

/** Changes entered by hand, their voiding and correcting. */
export class ChangeService {
  private readonly parts: ChangeParts
  private readonly corrections: ChangeCorrections

  constructor(parts: ChangeParts) {
    this.parts = parts
    this.corrections = new ChangeCorrections(parts)
  }

  /** One entry, without what lies outside the scope. @throws Problem 404, also for one outside the scope */
  async get(id: string, scope: Scope): Promise<ChangeView> {
    return cutTo(await this.shown(await this.find(id, scope)), scope)
  }

  /**
   * Records a change, or says what recording it would do.
   * @returns the change with the figures that it moves, before and after
   * @throws Problem 422 `change.invalid` with what stands in the way, `change.breaks-target` without a reason for it;
   *   409 `change.duplicate`
   */
  create(body: ChangeBody, call: Entering) {
    return this.run(call.dryRun, async () => {
      const { vehicles, operators, compliance, changes, attachments } = this.parts
      const { by, scope, now, dryRun } = call
      const row = readEntered(body)
      const register = await loadRegister(vehicles, [row.values], await operators.finder())
      const entered = await this.check(row, register, call)
      const { draft } = entered
      refuseIssues(await packProblems(draft, register, this.parts), row, register, scope)
      const files = (body.attachments ?? []).map((id) => new ObjectId(id))
      await attachments.mustBeFree(files, by)
      const effects = await compliance.effects([draft], now, 1, scope)
      const origin = { recordedAt: now, recordedBy: by, reportedAt: null, source: null }
      const entry: ChangeDoc = {
        ...entryOf(draft, register, origin),
        ...(body.breachReason === undefined ? {} : { breachReason: body.breachReason }),
        ...(files.length === 0 ? {} : { attachments: files }),
      }
      if (!dryRun) {
        refuseBreach(effects, body.breachReason)
        await refuseWithdrawing(entry.vins, changes)
        await registerNew(entered, operators)
        await this.record(entry, now)
      }
      return { ...(await this.shown(entry)), effects, warnings: entered.warnings }
    })
  }

  private async check(
    row: ReturnType<typeof readEntered>,
    register: Awaited<ReturnType<typeof loadRegister>>,
    { scope, now }: Entering,
  ) {
    const { compliance, timeZone, changes } = this.parts
    try {
      return checkEntered(row, register, scope, policyContext(compliance, now, timeZone))
    } catch (error) {
      // The register's lives know nothing of packs: the same swap with others is no repetition.
      const id = error instanceof Problem && error.code === 'change.duplicate' && error.errors[0]?.message
      if (!id || !row.values.batteries) throw error
      const known = await changes.collection.findOne<ChangeDoc>({ _id: new ObjectId(id) })
      if (known && !isDeepStrictEqual(known.batteries, row.values.batteries)) throw differs('batteries', id)
      throw error
    }
  }

  /** Writes an entry: a crash anywhere leaves work that `recover` finishes. */
  private async record(entry: ChangeDoc, now: Date): Promise<void> {
    const { clock, changes, vehicles, attachments } = this.parts
    const owner = `change:${entry._id.toHexString()}`
    entry.recordedAt = await clock.begin(owner, now, entry.vins)
    const refused = await insertEntries(changes, [entry])
    if (refused.size === 0) await attachments.take(entry.attachments ?? [], entry._id)
    await deriveVehicles(changes, vehicles, entry.vins)
    await clock.finish(owner)
    if (refused.size > 0) throw new Problem(409, 'change.duplicate', 'Somebody has just recorded this')
  }

  /**
   * Withdraws a change, or says what that would do: from now on it counts for nothing; what was known before stays as
   * it was.
   * @throws Problem 404, 409 `change.already-voided`, 409 `change.has-dependents` naming the later changes
   */
  voidChange(id: string, reason: string, call: Entering) {
    return this.run(call.dryRun, async () => {
      const { changes, vehicles, clock, compliance } = this.parts
      const { by, scope, now, dryRun } = call
      const doc = await this.find(id, scope)
      if (doc.voided)
        throw new Problem(409, 'change.already-voided', 'This change has been withdrawn already')
      if (!liesWithin(doc, scope)) throw new Problem(403, 'permission.denied')
      await this.refuseDangling(doc, scope)
      const effects = await compliance.effects([doc], now, -1, scope)
      if (dryRun) return this.withEffects(doc, effects)
      const owner = `void:${id}`
      const voidedAt = await clock.begin(owner, now, doc.vins)
      const set = { voided: true, voidedAt, voidedBy: by, voidReason: reason }
      const done = await changes.collection.updateOne({ _id: doc._id, voided: false }, { $set: set })
      await deriveVehicles(changes, vehicles, doc.vins)
      await clock.finish(owner)
      if (done.matchedCount === 0)
        throw new Problem(409, 'change.already-voided', 'Somebody has just withdrawn this')
      return this.withEffects({ ...doc, ...set }, effects)
    })
  }

  /**
   * Withdraws a change and says it anew at the same instant, or says what that would do.
   * @returns the new entry, with the figures that both together move
   * @throws Problem as `create` and `voidChange`; 422 `change.unchanged` for one that says the same
   */
  correct(id: string, given: { reason: string; change: ChangeBody }, call: Entering) {
    return this.run(call.dryRun, async () => {
      const old = await this.find(id, call.scope)
      const { entry, effects, warnings } = await this.corrections.correct(old, given, call)
      return { ...(await this.shown(entry)), effects, warnings }
    })
  }

  /** Finishes the writes of processes that died in the middle: what they recorded is derived, then becomes visible. */
  async recover(): Promise<number> {
    const { clock, lock } = this.parts
    if ((await clock.abandoned()).filter(isByHand).length === 0) return 0
    return lock.run(async () => this.finish((await clock.abandoned()).filter(isByHand)))
  }

  /** Does work that writes alone, after what a dead writer may have left half done; what only looks does not wait. */
  private run<T>(dryRun: boolean, work: () => Promise<T>): Promise<T> {
    if (dryRun) return work()
    return this.parts.lock.run(async () => {
      // Whoever holds the lock is the only one to write by hand: other such writes have no writer any more.
      await this.finish((await this.parts.clock.inFlight()).filter(isByHand))
      return work()
    })
  }

  private async finish(left: readonly InFlight[]): Promise<number> {
    const { clock, changes, vehicles, attachments } = this.parts
    for (const { owner, vins } of left) {
      const [what, id = ''] = owner.split(':')
      if (what === 'correct') await this.corrections.finish(new ObjectId(id))
      if (what === 'change') {
        const entry = await changes.collection.findOne<ChangeDoc>({ _id: new ObjectId(id) })
        if (entry?.attachments) await attachments.take(entry.attachments, entry._id)
      }
      await deriveVehicles(changes, vehicles, vins)
      await clock.finish(owner)
    }
    return left.length
  }

  private async find(id: string, scope: Scope): Promise<ChangeDoc> {
    const doc = await this.parts.changes.collection.findOne<ChangeDoc>({ _id: new ObjectId(id) })
    if (!doc || !isWithin(doc.vehicle, scope)) throw notFound()
    return doc
  }

  private async shown(doc: ChangeDoc): Promise<ChangeView> {
    const { operators, changes } = this.parts
    const [view] = await changeViews([doc], await operators.namesOf([doc.vehicle.operator]), changes)
    if (!view) throw new Error('an entry was left out')
    return view
  }

  private async withEffects(doc: ChangeDoc, effects: Effect[]) {
    return { ...(await this.shown(doc)), effects, warnings: [] }
  }

  /** Refuses to withdraw what later changes rest on. */
  private async refuseDangling(doc: ChangeDoc, scope: Scope): Promise<void> {
    const resting = await dependentsOf({ _id: doc._id }, this.parts, false)
    if (resting.length === 0) return
    const code = 'change.has-dependents'
    const detail = 'Later changes rest on this one; withdraw those first'
    throw new Problem(409, code, detail, dependentFaults(resting, code, scope))
  }
}

/** Not the writes of lists, which are finished by the work on those lists: half of one must not become visible. */
const isByHand = ({ owner }: InFlight): boolean => !/^(import|withdraw):/.test(owner)
