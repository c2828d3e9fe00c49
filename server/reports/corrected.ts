import type { Types } from 'mongoose'
import type { ChangeDoc, ChangeModel } from '../changes/model.ts'
import { COUNTED } from '../compliance/moved.ts'
import { Cells } from '../domain/cells.ts'
import { contributionsOf } from '../domain/contribution.ts'
import type { Policy } from '../domain/policy.ts'

/** Entries looked at together. */
const BATCH = 1000

/** What became of entries that were known at one instant and withdrawn by another. */
export interface Corrected {
  /** what they had counted */
  withdrawn: Cells
  /** what the entries count that say them anew and stand at the later instant */
  saidAnew: Cells
}

/**
 * What was put right within (from, to]: entries known at `from` and withdrawn since, and those that say them anew,
 * however often. An entry that came new within the time and was put right in it is news, not a correction. Only what
 * was withdrawn is read, which is little.
 * @param signal ends it between batches
 * @throws when the signal is aborted
 */
export async function correctedWithin(
  changes: ChangeModel,
  policy: Policy,
  { from, to }: { from: Date; to: Date },
  signal?: AbortSignal,
): Promise<Corrected> {
  const found = { withdrawn: new Cells(), saidAnew: new Cells() }
  const voided = changes.collection
    .find<ChangeDoc>(
      { voided: true, voidedAt: { $gt: from, $lte: to }, recordedAt: { $lte: from } },
      { projection: COUNTED },
    )
    .batchSize(BATCH)
  let ids: Types.ObjectId[] = []
  const follow = async () => {
    signal?.throwIfAborted()
    for (const doc of await standingFor(changes, ids, { from, to })) count(found.saidAnew, policy, doc)
    ids = []
  }
  for await (const doc of voided) {
    count(found.withdrawn, policy, doc)
    if (ids.push(doc._id) >= BATCH) await follow()
  }
  await follow()
  return found
}

/** The entries that say others anew, directly or through such as were withdrawn in turn, and stand at the end. */
async function standingFor(
  changes: ChangeModel,
  ids: Types.ObjectId[],
  { from, to }: { from: Date; to: Date },
): Promise<ChangeDoc[]> {
  const standing: ChangeDoc[] = []
  for (let open = ids; open.length > 0; ) {
    const next = await changes.collection
      .find<ChangeDoc>(
        { corrects: { $in: open }, recordedAt: { $gt: from, $lte: to } },
        { projection: COUNTED },
      )
      .toArray()
    const stands = (doc: ChangeDoc) => doc.voidedAt === null || doc.voidedAt > to
    standing.push(...next.filter(stands))
    open = next.filter((doc) => !stands(doc)).map((doc) => doc._id)
  }
  return standing
}

const count = (cells: Cells, policy: Policy, doc: ChangeDoc): void => {
  for (const contribution of contributionsOf(policy, doc)) cells.add(contribution)
}
