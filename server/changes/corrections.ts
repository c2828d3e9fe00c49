import { isDeepStrictEqual } from 'node:util'
import { ObjectId } from 'mongodb'
import { liesWithin, type Scope } from '../accounts/permissions.ts'
import { codesOf } from '../domain/batteries.ts'
import { type ChangeDraft, touchedVins } from '../domain/change.ts'
import { issue } from '../domain/issue.ts'
import type { LifeEvent } from '../domain/life.ts'
import type { Moves } from '../domain/moves.ts'
import { plateClash } from '../domain/plate-clash.ts'
import type { WorkingRegister } from '../domain/register.ts'
import { livesWithout, natureAsked, type Restated, restate } from '../domain/restate.ts'
import type { ReadRow } from '../domain/row.ts'
import { isEntry } from '../domain/vocabulary.ts'
import { Problem } from '../http/problem.ts'
import { deriveVehicles } from '../vehicles/derive.ts'
import { loadRegister } from '../vehicles/register-loader.ts'
import { asEntry, isSame, keptOf, readAnew } from './anew.ts'
import { dependentFaults } from './dependents.ts'
import {
  type ChangeBody,
  checkEntered,
  type Entered,
  policyContext,
  refuseBreach,
  refuseIssues,
  refuseWithdrawing,
  registerNew,
} from './entering.ts'
import { byRecording, entryOf, insertEntries } from './entries.ts'
import type { ChangeDoc, SaidAnew } from './model.ts'
import { packDependents, packProblems } from './packs.ts'
import type { Effect } from './schema.ts'
import type { ChangeParts, Entering } from './service.ts'

interface Weighed extends Entered {
  register: WorkingRegister
  restated: Restated
  /** the entries that are withdrawn and said anew beside the corrected one */
  copies: { doc: ChangeDoc; after: ChangeDraft }[]
  effects: Effect[]
}

/**
 * Says recorded changes anew. The corrected entry and those that copied from it are withdrawn and said anew at one
 * instant. The corrected entry's withdrawal carries all that is to be said, in one write that decides who of several
 * was first; everything after it can be repeated by whoever finds it half done.
 */
export class ChangeCorrections {
  private readonly parts: ChangeParts

  constructor(parts: ChangeParts) {
    this.parts = parts
  }

  /**
   * Corrects an entry, or weighs what that would do. Call it under the writers' lock.
   * @throws Problem 403, 409 `change.already-voided`, `change.has-dependents`; 422 `change.unchanged` and as entering
   */
  async correct(old: ChangeDoc, given: { reason: string; change: ChangeBody }, call: Entering) {
    const { attachments, operators, changes } = this.parts
    if (old.voided) throw new Problem(409, 'change.already-voided', 'This change has been withdrawn already')
    if (!liesWithin(old, call.scope)) throw new Problem(403, 'permission.denied')
    const { change } = given
    const weighed = await this.weigh(old, change, call)
    const files = change.attachments?.map((id) => new ObjectId(id)) ?? (await attachments.of(old._id))
    await attachments.mustBeFree(files, call.by, old._id)
    const origin = { recordedAt: call.now, recordedBy: call.by, reportedAt: null, source: null }
    const entry: ChangeDoc = {
      ...entryOf(weighed.draft, weighed.register, origin),
      ...keptOf(old),
      ...(change.breachReason === undefined ? {} : { breachReason: change.breachReason }),
      ...(files.length === 0 ? {} : { attachments: files }),
      corrects: old._id,
    }
    if (!call.dryRun) {
      refuseBreach(weighed.effects, change.breachReason)
      const anew = [{ of: old._id, entry }, ...this.copiesOf(weighed, call)]
      await refuseWithdrawing([...new Set([...old.vins, ...anew.flatMap((a) => a.entry.vins)])], changes)
      await registerNew(weighed, operators)
      await this.record(old, anew, given.reason, call)
    }
    return { entry, effects: weighed.effects, warnings: weighed.warnings }
  }

  private async weigh(old: ChangeDoc, body: ChangeBody, call: Entering): Promise<Weighed> {
    const { vehicles, operators, compliance, timeZone } = this.parts
    const { scope, now } = call
    const row = readAnew(body, old)
    const own = await this.entriesOf(old.vins, old)
    const asked =
      isEntry(old.kind) || row.values.vin !== old.vehicle.vin ? {} : natureAsked(row.values, old.vehicle)
    const former = { vin: old.vehicle.vin, replaces: old.retires.map((r) => r.vin) }
    const register = await loadRegister(vehicles, [row.values, former], await operators.finder())
    for (const [vin, life] of livesWithout(asEntry(old), own.map(asEntry), asked)) register.load(vin, life)
    const context = { ...policyContext(compliance, now, timeZone), correcting: true }
    const entered = checkEntered(row, register, scope, context)
    const { draft } = entered
    if (isSame(draft, old)) throw new Problem(422, 'change.unchanged')
    const docs = await this.withOthers(own, touchedVins(draft), old)
    const restated = restate(asEntry(old), draft, docs.map(asEntry), asked)
    await this.refuseImpossible(old, draft, docs, { row, register, restated }, scope)
    const byId = new Map(docs.map((doc) => [doc._id.toHexString(), doc]))
    const copies = restated.rewritten.flatMap(({ id, after }) => {
      const doc = byId.get(id)
      return doc ? [{ doc, after }] : []
    })
    if (copies.some(({ doc, after }) => !liesWithin(doc, scope) || !liesWithin(after, scope)))
      throw new Problem(403, 'permission.denied')
    const exempt = old.exemptFrom ? { exemptFrom: old.exemptFrom } : {}
    const add = (moves: Moves) => {
      for (const before of [old, ...copies.map((c) => c.doc)]) moves.add(before, -1)
      for (const after of [{ ...draft, ...exempt }, ...copies.map((c) => c.after)]) moves.add(after)
    }
    const effects = await compliance.effectsBy(add, now, scope)
    const moved = effects.filter(({ before, after }) => !isDeepStrictEqual(before, after))
    return { ...entered, register, restated, copies, effects: moved }
  }

  /** Refuses what later entries would not hold with. @throws Problem 409 `change.has-dependents`, 422 */
  private async refuseImpossible(
    old: ChangeDoc,
    draft: ChangeDraft,
    docs: readonly ChangeDoc[],
    { row, register, restated }: { row: ReadRow; register: WorkingRegister; restated: Restated },
    scope: Scope,
  ): Promise<void> {
    const { after, before } = restated
    const except = new Set([old._id.toHexString()])
    const holders = await this.holdersOf(after)
    const clash = plateClash(after, before, holders)
    const plate = clash && issue('vehicle.conflict', 'plate', { value: clash.plate, vin: clash.holder })
    for (const [vin, life] of holders) if (!register.life(vin)) register.load(vin, life)
    const packs = await packProblems(draft, register, this.parts, { lives: after, except })
    refuseIssues([...(plate ? [plate] : []), ...packs], row, register, scope)
    // The packs that the new statement names have just been looked at.
    const named = draft.batteries ? codesOf(draft.batteries) : []
    const left = await packDependents(after, docs, [old], this.parts, named)
    const resting = new Map([...restated.dangling, ...left].map((e): [string, LifeEvent] => [e.change, e]))
    if (resting.size === 0) return
    const code = 'change.has-dependents'
    const detail = 'Later changes would not hold with this; withdraw or correct those first'
    throw new Problem(409, code, detail, dependentFaults([...resting.values()], code, scope))
  }

  /** The lives of other vehicles that ever had a plate of those concerned. */
  private async holdersOf(lives: Restated['after']): Promise<Map<string, LifeEvent[]>> {
    const plates = [...new Set([...lives.values()].flat().map((e) => e.facts.plate))]
    const found = await this.parts.vehicles.collection
      .find<{ _id: string; life: LifeEvent[] }>({ plates: { $in: plates } } as never, {
        projection: { life: 1 },
      })
      .toArray()
    return new Map(found.filter(({ _id }) => !lives.has(_id)).map(({ _id, life }) => [_id, life]))
  }

  /** The entries of some vehicles that count, but for the one that is to be corrected. */
  private async entriesOf(vins: readonly string[], old: ChangeDoc): Promise<ChangeDoc[]> {
    const others = { vins: { $in: [...vins] }, voided: false, _id: { $ne: old._id } }
    return byRecording(await this.parts.changes.collection.find<ChangeDoc>(others as never).toArray())
  }

  /** The entries of an entry's vehicles, which are at hand, with those of other vehicles. */
  private async withOthers(own: ChangeDoc[], vins: readonly string[], old: ChangeDoc): Promise<ChangeDoc[]> {
    const others = vins.filter((vin) => !old.vins.includes(vin))
    if (others.length === 0) return own
    const found = await this.entriesOf(others, old)
    const known = new Set(own.map((e) => e._id.toHexString()))
    return byRecording([...own, ...found.filter((e) => !known.has(e._id.toHexString()))])
  }

  /** Entries that copied what is put right, as they are said anew. */
  private copiesOf({ copies }: Weighed, { by, now }: Entering): SaidAnew[] {
    return copies.map(({ doc, after }) => {
      const { voidedFor: _v, saidAnew: _s, ...former } = doc
      const entry: ChangeDoc = {
        ...former,
        ...{ vehicle: after.vehicle, retires: after.retires, from: after.from },
        ...{ _id: new ObjectId(), corrects: doc._id, holds: doc.holds ?? [] },
        ...{ recordedAt: now, recordedBy: by, reportedAt: null, source: null },
      }
      return { of: doc._id, entry }
    })
  }

  private async record(
    old: ChangeDoc,
    anew: SaidAnew[],
    reason: string,
    { by, now }: Entering,
  ): Promise<void> {
    const { clock, changes, vehicles } = this.parts
    const [first] = anew
    if (!first) return
    const owner = `correct:${old._id.toHexString()}`
    const vins = [...new Set([...old.vins, ...anew.flatMap((a) => a.entry.vins)])]
    const at = await clock.begin(owner, now, vins)
    for (const { entry } of anew) entry.recordedAt = at
    const set = { voided: true, voidedAt: at, voidedBy: by, voidReason: reason }
    const saidAnew = { by: first.entry._id, entries: anew }
    const done = await changes.collection.updateOne(
      { _id: old._id, voided: false },
      { $set: { ...set, saidAnew } as never },
    )
    const refused = done.matchedCount === 1 ? await this.finish(old._id) : 0
    await deriveVehicles(changes, vehicles, vins)
    await clock.finish(owner)
    if (done.matchedCount === 0)
      throw new Problem(409, 'change.already-voided', 'Somebody has just withdrawn this')
    if (refused > 0) throw new Problem(409, 'change.duplicate', 'Somebody has just recorded this')
  }

  /**
   * Carries out the correction that an entry was withdrawn for: withdraws the others and says all anew. Safe to repeat.
   * @returns how many could not be said because somebody else had recorded the same
   */
  async finish(id: ObjectId): Promise<number> {
    const { changes, attachments } = this.parts
    const old = await changes.collection.findOne<ChangeDoc>({ _id: id })
    if (!old?.saidAnew?.entries) return 0
    const { by, entries } = old.saidAnew
    const { voidedAt, voidedBy, voidReason } = old
    const others = entries.filter((e) => !e.of.equals(id)).map((e) => e.of)
    await changes.collection.updateMany(
      { _id: { $in: others }, voided: false },
      { $set: { ...{ voided: true, voidedAt, voidedBy, voidReason }, saidAnew: { by } } as never },
    )
    // What somebody else has withdrawn meanwhile is not said again.
    const mine = await changes.collection
      .find<Pick<ChangeDoc, '_id'>>({ _id: { $in: entries.map((e) => e.of) }, 'saidAnew.by': by } as never, {
        projection: { _id: 1 },
      })
      .toArray()
    const withdrawn = new Set(mine.map((m) => m._id.toHexString()))
    const anew = entries.filter((e) => withdrawn.has(e.of.toHexString()))
    const toSay = anew.map((e) => e.entry)
    const said = await this.saidOf(toSay)
    const missing = toSay.filter((e) => !said.has(e._id.toHexString()))
    await insertEntries(changes, missing)
    const after = await this.saidOf(toSay)
    const done = anew.filter(({ entry }) => after.has(entry._id.toHexString()))
    // The corrected one has the documents that it names now, the others go on having theirs.
    for (const { of, entry } of done)
      if (of.equals(id)) await attachments.take(entry.attachments ?? [], entry._id)
    const copies = done.filter(({ of }) => !of.equals(id))
    await attachments.follow(copies.map(({ of, entry }) => ({ of, by: entry._id })))
    return toSay.length - after.size
  }

  private async saidOf(entries: readonly ChangeDoc[]): Promise<Set<string>> {
    const found = await this.parts.changes.collection
      .find({ _id: { $in: entries.map((e) => e._id) } }, { projection: { _id: 1 } })
      .toArray()
    return new Set(found.map((doc) => String(doc._id)))
  }
}
