import type { ChangeDoc, ChangeModel } from '../changes/model.ts'
import { Cells } from '../domain/cells.ts'
import { contributionsOf } from '../domain/contribution.ts'
import type { Policy } from '../domain/policy.ts'

/** Entries read at a time: the requests that come in meanwhile wait no longer than one batch takes. */
const BATCH = 1000
/** What the rules count by and since when, and no more: whoever reads the ledger to count reads this. */
export const COUNTED = {
  kind: 1,
  on: 1,
  vehicle: 1,
  retires: 1,
  from: 1,
  reason: 1,
  packs: 1,
  exemptFrom: 1,
  recordedAt: 1,
  voidedAt: 1,
} as const

/** Before everything. */
export const BEGINNING = new Date(-1)

/** What was recorded or voided within (from, to] added to the figures of a policy, read from the ledger. */
export async function movedWithin(
  changes: ChangeModel,
  policy: Policy,
  from: Date,
  to: Date,
): Promise<Cells> {
  const moved = new Cells()
  const count = (change: ChangeDoc, sign: 1 | -1): void => {
    for (const contribution of contributionsOf(policy, change)) moved.add(contribution, sign)
  }
  const recorded = changes.collection
    .find<ChangeDoc>({ recordedAt: { $gt: from, $lte: to } }, { projection: COUNTED })
    .batchSize(BATCH)
  for await (const change of recorded) if (change.voidedAt === null || change.voidedAt > to) count(change, 1)
  const voided = changes.collection
    .find<ChangeDoc>(
      { voided: true, voidedAt: { $gt: from, $lte: to }, recordedAt: { $lte: from } },
      { projection: COUNTED },
    )
    .batchSize(BATCH)
  for await (const change of voided) count(change, -1)
  return moved
}

/** When the first entry was recorded; null for an empty ledger. */
export async function firstRecorded(changes: ChangeModel): Promise<Date | null> {
  const first = await changes.collection.findOne<Pick<ChangeDoc, 'recordedAt'>>(
    {},
    { sort: { recordedAt: 1 }, projection: { recordedAt: 1 } },
  )
  return first?.recordedAt ?? null
}
