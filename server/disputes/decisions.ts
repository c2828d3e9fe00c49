import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import { liesWithin } from '../accounts/permissions.ts'
import type { Effect } from '../changes/schema.ts'
import type { WriterLock } from '../changes/writer-lock.ts'
import { type FieldFault, notFound, Problem } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import { wrongStatus } from '../imports/actions.ts'
import type { ImportDoc, ImportModel, ImportRowDoc, ImportRowModel } from '../imports/model.ts'
import type { ImportStatus } from '../imports/schema.ts'
import type { DisputeDoc, DisputeModel, Verdict } from './model.ts'
import { type Plan, type PlanParts, planOf } from './plan.ts'
import { type RecorderParts, recordUpheld } from './recorder.ts'
import { rowOf } from './rows.ts'
import type { DisputeView, decideDispute } from './schema.ts'
import type { DisputeService } from './service.ts'
import { mayDecide } from './visible.ts'

export interface DisputeDecisionParts extends PlanParts, RecorderParts {
  disputes: DisputeModel
  imports: ImportModel
  rows: ImportRowModel
  service: DisputeService
  lock: WriterLock
  settleSoon: () => void
}

interface Subject {
  list: ImportDoc
  row: ImportRowDoc
  plan: Plan
}

/**
 * Decides disputes. What was decided is written down first, then carried out: a crash in between leaves work that the
 * next round finishes, and of two who decide at once one does.
 */
export class DisputeDecisions {
  private readonly parts: DisputeDecisionParts

  constructor(parts: DisputeDecisionParts) {
    this.parts = parts
  }

  /** What upholding a dispute would do to each rule's figure, without deciding. @throws as `decide` does */
  async preview(id: string, caller: Caller, now: Date): Promise<{ dispute: DisputeView; effects: Effect[] }> {
    const { service } = this.parts
    const doc = await this.decidable(id, caller)
    const { effects } = await this.weigh(doc, caller, now)
    return { dispute: await service.show(doc, caller), effects }
  }

  /**
   * Decides a dispute; upholding it records the row.
   * @throws Problem 404; 403 for the claimant's own and beyond the caller's county; 409 `dispute.decided`,
   *   `dispute.cannot-record`, `change.duplicate`
   */
  decide(
    id: string,
    given: z.output<typeof decideDispute>,
    caller: Caller,
    now: Date,
  ): Promise<{ dispute: DisputeView; effects: Effect[] }> {
    const { lock, service, disputes, settleSoon } = this.parts
    const { decision, answer } = given
    if (answer === undefined) return Promise.reject(missing('body.answer', 'claim.length'))
    return lock.run(async () => {
      const doc = await this.decidable(id, caller)
      const { effects, plan } =
        decision === 'upheld' ? await this.weigh(doc, caller, now) : { effects: [], plan: null }
      const by = { id: caller.id, name: caller.name }
      const rules = plan?.draft.exemptFrom ?? []
      const verdict: Verdict = { decision, answer, by, at: now, rules, effects }
      const set = { $set: { verdict } }
      const done = await disputes.collection.updateOne({ _id: doc._id, status: 'open', verdict: null }, set)
      if (done.matchedCount === 0) throw decided(await service.find(id, caller))
      await this.carryOut({ ...doc, verdict })
      settleSoon()
      return { dispute: await service.get(id, caller), effects }
    })
  }

  /** Carries out what was decided and not finished. */
  async finishAll(): Promise<void> {
    const filter = { status: 'open', verdict: { $ne: null } }
    const left = await this.parts.disputes.collection.find<DisputeDoc>(filter as never).toArray()
    for (const { _id } of left) {
      const work = this.parts.lock.run(async () => {
        const doc = await this.parts.disputes.collection.findOne<DisputeDoc>({ ...filter, _id } as never)
        if (doc) await this.carryOut(doc)
      })
      // One that has to be decided anew must not keep the others.
      await work.catch((error: unknown) => {
        if (!(error instanceof Problem)) throw error
      })
    }
  }

  private async decidable(id: string, caller: Caller): Promise<DisputeDoc> {
    const doc = await this.parts.service.find(id, caller)
    if (doc.status !== 'open' || doc.verdict) throw decided(doc)
    if (doc.by.id === caller.id) throw new Problem(403, 'dispute.own')
    if (!mayDecide(doc, caller)) throw new Problem(403, 'permission.denied')
    return doc
  }

  private async weigh(
    doc: DisputeDoc,
    caller: Caller,
    now: Date,
  ): Promise<{ effects: Effect[]; plan: Plan }> {
    const { plan } = await this.subject(doc, doc.rules, now)
    if (!liesWithin(plan.draft, caller.scope)) throw new Problem(403, 'import.beyond-county')
    return { effects: await this.parts.compliance.effects([plan.draft], now, 1, caller.scope), plan }
  }

  private async subject(doc: DisputeDoc, rules: string[], now: Date): Promise<Subject> {
    const { imports, rows } = this.parts
    const list = await imports.collection.findOne<ImportDoc>({ _id: doc.import } as never)
    const row = await rowOf(doc, rows)
    if (!list || !row) throw notFound()
    if (GONE.includes(list.status)) throw wrongStatus(list)
    // What is recorded is what was claimed, and shown to who decides.
    if (!isDeepStrictEqual(row.cells, doc.cells)) throw new Problem(409, 'dispute.row-changed')
    return { list, row, plan: await planOf({ ...doc, rules }, list, row, now, this.parts) }
  }

  /** Records what was upheld, then says that the dispute is decided. Safe to repeat; call it under the lock. */
  private async carryOut(doc: DisputeDoc): Promise<void> {
    const { disputes, changes } = this.parts
    const { verdict } = doc
    if (!verdict) return
    const upheld = verdict.decision === 'upheld'
    if (upheld && !(await changes.collection.findOne({ _id: doc._id }))) {
      try {
        const subject = await this.subject(doc, verdict.rules, verdict.at)
        await recordUpheld(doc, { ...subject, ...verdict }, verdict.at, this.parts)
      } catch (error) {
        // The register has moved on since: it has to be decided anew.
        if (error instanceof Problem && error.status < 500)
          await disputes.collection.updateOne({ _id: doc._id, status: 'open' }, { $set: { verdict: null } })
        throw error
      }
    }
    const set = { status: verdict.decision, change: upheld ? doc._id : null, settled: false }
    await disputes.collection.updateOne({ _id: doc._id, status: 'open' }, { $set: set })
  }
}

/** Lists that were taken back: nothing of them is recorded any more. */
const GONE: readonly ImportStatus[] = ['cancelled', 'withdrawing', 'withdrawn', 'failed']

/** 409 that tells how a dispute was decided, and by whom. */
function decided({ status, verdict }: DisputeDoc): Problem {
  const code = 'dispute.decided'
  const params = { status, by: verdict?.by.name ?? '', at: verdict?.at.toISOString() ?? '' }
  return new Problem(409, code, `The dispute is ${status}`, [
    { path: 'status', code, message: `${status}, ${params.by}`, params },
  ])
}

function missing(path: string, code: string): Problem {
  const fault: FieldFault = { path, code, message: code }
  return new Problem(400, 'request.invalid', undefined, [fault])
}
