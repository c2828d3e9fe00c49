import { entryOf, insertEntries } from '../changes/entries.ts'
import type { LedgerClock } from '../changes/ledger-clock.ts'
import type { Actor, ChangeDoc, ChangeModel } from '../changes/model.ts'
import { Problem } from '../http/problem.ts'
import type { ImportDoc, ImportRowDoc } from '../imports/model.ts'
import type { Operators } from '../operators/service.ts'
import { deriveVehicles } from '../vehicles/derive.ts'
import type { VehicleModel } from '../vehicles/model.ts'
import type { DisputeDoc } from './model.ts'
import type { Plan } from './plan.ts'

export interface RecorderParts {
  changes: ChangeModel
  vehicles: VehicleModel
  operators: Operators
  clock: LedgerClock
}

/**
 * Records what an upheld dispute claims, once: the entry has the dispute's own id. Call it under the writers' lock.
 * @throws Problem 409 `change.duplicate` when somebody else has recorded the same
 */
export async function recordUpheld(
  dispute: DisputeDoc,
  {
    list,
    row,
    plan,
    by,
    answer,
  }: { list: ImportDoc; row: ImportRowDoc; plan: Plan; by: Actor; answer: string },
  now: Date,
  { changes, vehicles, operators, clock }: RecorderParts,
): Promise<void> {
  await operators.register(plan.newOperators)
  const { note } = plan.draft
  const decision = `异议成立：${answer}`
  const draft = { ...plan.draft, note: (note ? `${note}；${decision}` : decision).slice(0, 500) }
  const { seq, sheet } = dispute
  const source = { import: list._id, seq, row: row.row, sheet, filename: list.filename }
  const reportedAt = list.reportedAt ?? dispute.at
  const made = entryOf(draft, plan.register, { recordedAt: now, recordedBy: by, reportedAt, source })
  const entry: ChangeDoc = { ...made, _id: dispute._id, dispute: dispute._id }
  const owner = `dispute:${dispute._id.toHexString()}`
  entry.recordedAt = await clock.begin(owner, now, entry.vins)
  const refused = await insertEntries(changes, [entry])
  await deriveVehicles(changes, vehicles, entry.vins)
  await clock.finish(owner)
  if (refused.size > 0 && !(await changes.collection.findOne({ _id: dispute._id })))
    throw new Problem(409, 'change.duplicate', 'Somebody has just recorded this')
}
