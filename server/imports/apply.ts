import { entryOf, insertEntries, type Origin } from '../changes/entries.ts'
import type { LedgerClock } from '../changes/ledger-clock.ts'
import type { ChangeDoc, ChangeModel } from '../changes/model.ts'
import type { WriterLock } from '../changes/writer-lock.ts'
import type { CheckContext } from '../domain/check-change.ts'
import { issue } from '../domain/issue.ts'
import type { WorkingRegister } from '../domain/register.ts'
import type { Operators } from '../operators/service.ts'
import { deriveVehicles, writeVehicles } from '../vehicles/derive.ts'
import type { VehicleModel } from '../vehicles/model.ts'
import { loadRegister } from '../vehicles/register-loader.ts'
import { checkWithin, codesOf } from './check.ts'
import { type ImportDoc, type ImportRowDoc, type ImportRowModel, rowId } from './model.ts'

export interface ApplyParts {
  rows: ImportRowModel
  changes: ChangeModel
  vehicles: VehicleModel
  operators: Operators
  clock: LedgerClock
  lock: WriterLock
}

const BATCH = 1000
/** A batch that nobody finishes in this time belongs to a dead process. */
const LEASE_MS = 60_000

/**
 * Records the good rows of an approved list. Every step can be repeated: a crash anywhere leaves work that the next
 * try finishes, under the same `recorded at`, and the whole list becomes visible at once at the end.
 * Each row is checked again, because the register may have moved since the list was checked.
 * @param report told how many rows are done; may throw to stop
 */
export async function applyList(
  doc: ImportDoc,
  context: CheckContext & { now: Date; approver: Origin['recordedBy'] },
  parts: ApplyParts,
  report: (done: number) => Promise<void>,
): Promise<void> {
  const owner = `import:${doc._id.toHexString()}`
  const recordedAt = await parts.clock.begin(owner, context.now, [], LEASE_MS)
  await parts.operators.register(doc.newOperators)
  const findOperator = await parts.operators.finder()
  const origin: Origin = {
    recordedAt,
    recordedBy: context.approver,
    reportedAt: doc.reportedAt,
    source: null,
  }
  let after = rowId(doc._id, 0).slice(0, -8)
  let done = 0
  for (;;) {
    const batch = await parts.rows.collection
      .find<ImportRowDoc>({ _id: { $gt: after, $lt: `${doc._id.toHexString()}-~` } } as never)
      .sort({ _id: 1 })
      .limit(BATCH)
      .toArray()
    const last = batch.at(-1)
    if (!last) break
    after = last._id
    const good = batch.filter((r) => r.outcome === 'new')
    if (good.length > 0) {
      await parts.lock.run(async () => {
        const mine = doc.tries > 1 ? await recordedBefore(doc, good, parts) : new Set<number>()
        const rest = good.filter((r) => !mine.has(r.row))
        const register = await loadRegister(
          parts.vehicles,
          rest.map((r) => r.values),
          findOperator,
        )
        await applyBatch(doc, rest, register, context, origin, parts)
      })
    }
    done += batch.length
    await parts.clock.begin(owner, context.now, [], LEASE_MS)
    await report(done)
  }
  await parts.clock.finish(owner)
}

/**
 * Takes back all that was recorded of a list that cannot be applied to its end. Nobody has seen it yet: it is withdrawn
 * at the very instant of its recording.
 */
export async function withdrawList(doc: ImportDoc, parts: ApplyParts): Promise<void> {
  const owner = `import:${doc._id.toHexString()}`
  const at = await parts.clock.begin(owner, doc.decidedAt ?? doc.sentAt, [], LEASE_MS)
  const own = { 'source.import': doc._id, voided: false }
  await parts.lock.run(async () => {
    const entries = await parts.changes.collection
      .find<Pick<ChangeDoc, 'vins'>>(own, { projection: { vins: 1 } })
      .toArray()
    const voidedBy = { id: 'system', name: '系统' }
    const set = { voided: true, voidedAt: at, voidedBy, voidReason: '名单未能全部入账,整份撤回' }
    await parts.changes.collection.updateMany(own, { $set: set })
    await deriveVehicles(parts.changes, parts.vehicles, [...new Set(entries.flatMap((e) => e.vins))])
  })
  await parts.clock.finish(owner)
}

/** The rows that an earlier try recorded; their vehicles are derived again in case it died before that. */
async function recordedBefore(
  doc: ImportDoc,
  batch: ImportRowDoc[],
  parts: ApplyParts,
): Promise<Set<number>> {
  const entries = await parts.changes.collection
    .find<Pick<ChangeDoc, 'source' | 'vins'>>(
      { 'source.import': doc._id, 'source.row': { $in: batch.map((r) => r.row) } },
      { projection: { source: 1, vins: 1 } },
    )
    .toArray()
  await deriveVehicles(
    parts.changes,
    parts.vehicles,
    entries.flatMap((e) => e.vins),
  )
  return new Set(entries.flatMap((e) => (e.source ? [e.source.row] : [])))
}

async function applyBatch(
  doc: ImportDoc,
  batch: ImportRowDoc[],
  register: WorkingRegister,
  context: CheckContext,
  origin: Origin,
  parts: ApplyParts,
): Promise<void> {
  const entries: ChangeDoc[] = []
  const stale: ImportRowDoc[] = []
  for (const row of batch) {
    const checked = checkWithin({ values: row.values, issues: [] }, register, {
      ...context,
      scope: doc.scope,
    })
    if (checked.outcome !== 'new') {
      stale.push({ ...row, outcome: checked.outcome, issues: checked.issues })
      continue
    }
    const source = { import: doc._id, row: row.row, filename: doc.filename }
    const entry = entryOf(checked.draft, register, { ...origin, source })
    register.accept(entry._id.toHexString(), checked.draft)
    entries.push(entry)
  }
  const refused = await insertEntries(parts.changes, entries)
  const touched = [...new Set(entries.flatMap((e) => e.vins))]
  if (refused.size > 0) {
    // Somebody without the lock (a lease that ran out) recorded the same: the ledger decides what the vehicles are.
    await deriveVehicles(parts.changes, parts.vehicles, touched)
    const rows = new Map(batch.map((r) => [r.row, r]))
    for (const index of refused) {
      const row = rows.get(entries[index]?.source?.row ?? -1)
      if (row)
        stale.push({
          ...row,
          outcome: 'error',
          issues: [issue('vehicle.conflict', 'vin', { value: row.values.vin ?? '' })],
        })
    }
  } else {
    await writeVehicles(
      parts.vehicles,
      touched,
      new Map(touched.map((vin) => [vin, register.life(vin) ?? []])),
    )
  }
  await markStale(stale, parts)
}

/** Rows that the register has overtaken since the check keep the reason, to be mended and sent again. */
async function markStale(stale: ImportRowDoc[], parts: ApplyParts): Promise<void> {
  if (stale.length === 0) return
  const operations = stale.map(({ _id, outcome, issues }) => ({
    updateOne: { filter: { _id }, update: { $set: { outcome, issues, codes: codesOf(issues) } } },
  }))
  await parts.rows.collection.bulkWrite(operations as never, { ordered: false })
}
