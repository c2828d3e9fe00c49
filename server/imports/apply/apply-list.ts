import type { Attachments } from '../../attachments/service.ts'
import { entryOf, insertEntries, type Origin } from '../../changes/entries.ts'
import type { LedgerClock } from '../../changes/ledger-clock.ts'
import type { ChangeDoc, ChangeModel } from '../../changes/model.ts'
import type { WriterLock } from '../../changes/writer-lock.ts'
import type { ComplianceService } from '../../compliance/service.ts'
import { bulkWrites } from '../../database/connect.ts'
import { type Issue, issue } from '../../domain/issue.ts'
import { Moves } from '../../domain/moves.ts'
import type { OperatorRef, WorkingRegister } from '../../domain/register.ts'
import type { Operators } from '../../operators/service.ts'
import { deriveVehicles, writeVehicles } from '../../vehicles/derive.ts'
import type { VehicleModel } from '../../vehicles/model.ts'
import { loadRegister } from '../../vehicles/register-loader.ts'
import { outcomeOf } from '../check/row-writer.ts'
import {
  accept,
  checkMissing,
  checkRow,
  type ListContext,
  noteMoves,
  refusal,
  type Verdict,
} from '../check/verdict.ts'
import { type ImportDoc, type ImportRowDoc, type ImportRowModel, rowsOf } from '../model.ts'
import { correctEntries, finishCorrections } from './corrections.ts'
import { movesOnLedger } from './moved.ts'

export interface ApplyParts {
  rows: ImportRowModel
  changes: ChangeModel
  vehicles: VehicleModel
  attachments: Attachments
  operators: Operators
  compliance: ComplianceService
  clock: LedgerClock
  lock: WriterLock
}

export type ApplyContext = ListContext & { now: Date; approver: Origin['recordedBy'] }

const BATCH = 1000
/** A batch that nobody finishes in this time belongs to a dead process. */
const LEASE_MS = 60_000
/** So long officers' own entries may have to wait for a list. */
const HOLD_MS = 1_500

/** What owns a list's writes at the ledger's clock. */
export const ownerOf = (doc: Pick<ImportDoc, '_id'>): string => `import:${doc._id.toHexString()}`

/**
 * Records the good rows of an approved list. Every step can be repeated: a crash anywhere leaves work that the next
 * try finishes, under the same `recorded at`, and the whole list becomes visible at once at the end.
 * Each row is checked again, because the register may have moved since the list was checked.
 * @param report told how many rows are done; may throw to stop
 * @param keep keeps what the list does to the figures, worked out before it counts; may throw to stop
 */
export async function applyList(
  doc: ImportDoc,
  context: ApplyContext,
  parts: ApplyParts,
  report: (done: number) => Promise<void>,
  keep: (effects: Pick<ImportDoc, 'effects' | 'effectsCity'>) => Promise<void>,
): Promise<void> {
  const recordedAt = await parts.clock.begin(ownerOf(doc), context.now, [], LEASE_MS)
  await parts.operators.register(doc.newOperators)
  const run = new Application(doc, context, parts, recordedAt, await parts.operators.finder())
  for (let more = true; more; ) {
    // Others get their turn in between.
    more = await parts.lock.run(() => run.forAWhile(report))
    await parts.clock.begin(ownerOf(doc), context.now, [], LEASE_MS)
  }
  // Until the end figures are without the list.
  if (!doc.effectsKept) {
    const moves = await run.moved()
    const effects = await parts.compliance.effectsOf(moves, context.now, doc.scope)
    await keep({ effects, effectsCity: await parts.compliance.effectsOf(moves, context.now) })
  }
  await parts.clock.finish(ownerOf(doc))
}

class Application {
  private readonly doc: ImportDoc
  private readonly context: ApplyContext
  private readonly parts: ApplyParts
  private readonly origin: Origin
  private readonly findOperator: (name: string) => OperatorRef | undefined
  private readonly bulk
  private readonly sheetNames: ReadonlyMap<number, string | null>
  private after = ''
  private done = 0
  /** what this try has recorded; not all of it after an earlier one */
  private readonly moves: Moves
  private isAll: boolean
  private next: Promise<ImportRowDoc[]>

  constructor(
    doc: ImportDoc,
    context: ApplyContext,
    parts: ApplyParts,
    recordedAt: Date,
    findOperator: (name: string) => OperatorRef | undefined,
  ) {
    this.doc = doc
    this.context = context
    this.parts = parts
    this.findOperator = findOperator
    const { reportedAt } = doc
    this.origin = { recordedAt, recordedBy: context.approver, reportedAt, source: null }
    this.bulk = bulkWrites(parts.changes.db)
    const chosen = doc.sheets.filter((s) => s.chosen)
    this.sheetNames = new Map(chosen.length > 1 ? chosen.map((s) => [s.index, s.name]) : [])
    this.moves = new Moves(parts.compliance.policy)
    this.isAll = doc.tries <= 1
    this.next = this.read()
  }

  /** Records batch after batch for some time. @returns whether there is more */
  async forAWhile(report: (done: number) => Promise<void>): Promise<boolean> {
    for (const until = Date.now() + HOLD_MS; Date.now() < until; ) {
      const batch = await this.next
      const last = batch.at(-1)
      if (!last) return false
      this.after = last._id
      // The next rows are read while these are recorded.
      this.next = this.read()
      this.next.catch(() => undefined)
      const good = batch.filter((r) => this.isApproved(r))
      if (good.length > 0) await this.record(good)
      this.done += batch.length
      await report(this.done)
    }
    return true
  }

  private read(): Promise<ImportRowDoc[]> {
    const { doc, parts } = this
    return parts.rows.collection
      .find<ImportRowDoc>(rowsOf(doc._id, this.after) as never)
      .sort({ _id: 1 })
      .limit(BATCH)
      .batchSize(BATCH)
      .toArray()
  }

  private isApproved(row: ImportRowDoc): boolean {
    return row.records && !(this.doc.approved === 'clean' && row.codes?.includes('warning'))
  }

  private async record(rows: ImportRowDoc[]): Promise<void> {
    const { doc, parts } = this
    const again = doc.tries > 1
    if (again) await finishCorrections(doc, rows, this.origin, parts)
    const mine = again ? await this.recordedBefore(rows) : new Set<number>()
    // A row that also puts facts right may have been left between the two.
    const rest = rows.filter((r) => !mine.has(r.seq) || r.outcome === 'changed')
    const values = rest.map((r) => r.values)
    const register = await loadRegister(parts.vehicles, values, this.findOperator)
    await this.recordRest(rest, register, mine)
  }

  private async recordRest(
    rows: ImportRowDoc[],
    register: WorkingRegister,
    mine: ReadonlySet<number>,
  ): Promise<void> {
    const { doc, parts, context } = this
    const entries: ChangeDoc[] = []
    const fresh = new Set<string>()
    const stale: { row: ImportRowDoc; verdict: Verdict }[] = []
    const corrected: { row: ImportRowDoc; verdict: Verdict }[] = []
    for (const row of rows) {
      const read = { values: row.values, issues: [] }
      const verdict =
        row.outcome === 'missing' ? checkMissing(read, register, context) : checkRow(read, register, context)
      if (!verdict.draft && !verdict.correction) {
        if (!mine.has(row.seq)) stale.push({ row, verdict })
        continue
      }
      if (verdict.correction) corrected.push({ row, verdict })
      if (verdict.draft) {
        if (!register.life(verdict.draft.vehicle.vin)) fresh.add(verdict.draft.vehicle.vin)
        entries.push(entryOf(verdict.draft, register, { ...this.origin, source: this.sourceOf(row) }))
      }
      accept(register, entries.at(-1)?._id.toHexString() ?? '', verdict)
      noteMoves(this.moves, verdict)
    }
    const source = (row: ImportRowDoc) => this.sourceOf(row)
    const put = await correctEntries(doc, corrected, this.origin, source, parts)
    const refused = await insertEntries(parts.changes, entries, this.bulk)
    const touched = [...new Set(entries.flatMap((e) => e.vins))]
    if (refused.size > 0) this.isAll = false
    if (refused.size > 0 || put.length > 0) {
      // Somebody without the lock (a lease that ran out) recorded the same: the ledger decides what the vehicles are.
      await deriveVehicles(parts.changes, parts.vehicles, [...new Set([...touched, ...put])])
      const bySeq = new Map(rows.map((r) => [r.seq, r]))
      for (const index of refused) {
        const row = bySeq.get(entries[index]?.source?.seq ?? -1)
        if (row) stale.push({ row, verdict: refusal([conflictOf(row)]) })
      }
    } else {
      const lives = new Map(touched.map((vin) => [vin, register.life(vin) ?? []]))
      await writeVehicles(parts.vehicles, touched, lives, { fresh, options: this.bulk })
    }
    await this.markStale(stale)
  }

  /** What the list's entries add to the figures. */
  async moved(): Promise<Moves> {
    return this.isAll ? this.moves : movesOnLedger(this.doc, this.origin.recordedAt, this.parts)
  }

  private sourceOf({ seq, row, sheet }: ImportRowDoc): NonNullable<ChangeDoc['source']> {
    const { _id, filename } = this.doc
    return { import: _id, seq, row, sheet: this.sheetNames.get(sheet) ?? null, filename }
  }

  /** The rows that an earlier try recorded; their vehicles are derived again in case it died before that. */
  private async recordedBefore(batch: ImportRowDoc[]): Promise<Set<number>> {
    const { changes, vehicles } = this.parts
    const entries = await changes.collection
      .find<Pick<ChangeDoc, 'source' | 'vins'>>(
        { 'source.import': this.doc._id, 'source.seq': { $in: batch.map((r) => r.seq) } },
        { projection: { source: 1, vins: 1 } },
      )
      .toArray()
    await deriveVehicles(changes, vehicles, [...new Set(entries.flatMap((e) => e.vins))])
    return new Set(entries.flatMap((e) => (e.source ? [e.source.seq] : [])))
  }

  /** Rows that the register has overtaken since the check keep the reason, to be mended and sent again. */
  private async markStale(stale: { row: ImportRowDoc; verdict: Verdict }[]): Promise<void> {
    if (stale.length === 0) return
    const operations = stale.map(({ row, verdict }) => {
      const set = outcomeOf(verdict)
      const unset = Object.fromEntries(
        ['codes', 'differences', 'touches'].filter((k) => !(k in set)).map((k) => [k, '']),
      )
      const update = Object.keys(unset).length > 0 ? { $set: set, $unset: unset } : { $set: set }
      return { updateOne: { filter: { _id: row._id }, update } }
    })
    await this.parts.rows.collection.bulkWrite(operations as never, { ordered: false })
  }
}

const conflictOf = (row: ImportRowDoc): Issue =>
  issue('vehicle.conflict', 'vin', { value: row.values.vin ?? '' })
