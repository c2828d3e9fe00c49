import { ObjectId } from 'mongodb'
import { insertEntries } from '../../changes/entries.ts'
import type { Actor, ChangeDoc } from '../../changes/model.ts'
import { bulkWrites } from '../../database/connect.ts'
import { deriveVehicles } from '../../vehicles/derive.ts'
import type { ImportDoc } from '../model.ts'
import { type ApplyParts, ownerOf } from './apply-list.ts'

const BATCH = 1000
const LEASE_MS = 60_000

/**
 * Withdraws everything that a list recorded, as one: all of it counts for nothing from one instant on, and what it had
 * put right says again what it said before. Every step can be repeated.
 * @param owner whose write it is at the ledger's clock: the list's own while it is being recorded, as then nobody has
 *   seen any of it yet and it is withdrawn at the very instant of its recording
 * @param report told how many entries are done; may throw to stop
 */
export async function withdrawList(
  doc: ImportDoc,
  by: { actor: Actor; reason: string; now: Date; unseen?: boolean },
  parts: ApplyParts,
  report: (done: number, total: number) => Promise<void> = async () => {},
): Promise<void> {
  const owner = by.unseen ? ownerOf(doc) : `withdraw:${doc._id.toHexString()}`
  const at = await parts.clock.begin(owner, by.now, [], LEASE_MS)
  const set = { voided: true, voidedAt: at, voidedBy: by.actor, voidReason: by.reason }
  const own = { 'source.import': doc._id }
  const total = await parts.changes.collection.countDocuments(own)
  let done = 0
  for (let after = 0; ; ) {
    const entries = await parts.changes.collection
      .find<Recorded>(
        { ...own, 'source.seq': { $gt: after } },
        { projection: { vins: 1, source: 1, corrects: 1, voided: 1, voidedAt: 1 } },
      )
      .sort({ 'source.seq': 1 })
      .limit(BATCH)
      .toArray()
    const last = entries.at(-1)?.source?.seq
    if (last === undefined) break
    // A row may have several entries: the last row's are taken whole with the next batch.
    const whole = entries.filter((e) => entries.length < BATCH || e.source?.seq !== last)
    const batch = whole.length > 0 ? whole : entries
    after = batch.at(-1)?.source?.seq ?? last
    await parts.lock.run(() => withdraw(batch, set, at, parts))
    done += batch.length
    await parts.clock.begin(owner, by.now, [], LEASE_MS)
    await report(done, total)
  }
  if (by.unseen) await restoreUnsaid(doc, at, parts)
  await parts.clock.finish(owner)
}

type Recorded = Pick<ChangeDoc, '_id' | 'vins' | 'source' | 'corrects' | 'voided' | 'voidedAt'>

async function withdraw(entries: Recorded[], set: object, at: Date, parts: ApplyParts): Promise<void> {
  const { changes, vehicles } = parts
  const ids = entries.map((e) => e._id)
  await changes.collection.updateMany(
    { _id: { $in: ids }, voided: false },
    { $set: set },
    bulkWrites(changes.db),
  )
  // What an officer withdrew by hand since stays withdrawn.
  const mine = entries.filter((e) => !e.voided || e.voidedAt?.getTime() === at.getTime())
  const corrected = mine.flatMap((e) => (e.corrects ? [e.corrects] : []))
  if (corrected.length > 0) {
    const before = await changes.collection.find<ChangeDoc>({ _id: { $in: corrected } }).toArray()
    await sayAgain(before, mine, at, parts)
  }
  await deriveVehicles(changes, vehicles, [...new Set(entries.flatMap((e) => e.vins))])
}

/** What a list that is not recorded to its end withdrew to put it right, and did not come to say anew. */
async function restoreUnsaid(doc: ImportDoc, at: Date, parts: ApplyParts): Promise<void> {
  const { changes, vehicles, lock } = parts
  await lock.run(async () => {
    const unsaid = await changes.collection
      .find<ChangeDoc>({ 'voidedFor.import': doc._id, voidedAt: at })
      .toArray()
    await sayAgain(unsaid, [], at, parts)
    await deriveVehicles(changes, vehicles, [...new Set(unsaid.flatMap((e) => e.vins))])
  })
}

/**
 * Says entries again as they were before they were put right. What documents they had they have again, and those that
 * were added to what is withdrawn now. Can be repeated.
 */
async function sayAgain(
  before: readonly ChangeDoc[],
  withdrawn: readonly Recorded[],
  at: Date,
  { changes, attachments }: ApplyParts,
): Promise<void> {
  await insertEntries(
    changes,
    before.map((entry) => again(entry, at)),
  )
  const own = { corrects: { $in: before.map((entry) => entry._id) }, recordedAt: at, voided: false }
  const said = await changes.collection
    .find<Pick<ChangeDoc, '_id' | 'corrects'>>(own, { projection: { corrects: 1 } })
    .toArray()
  const anew = new Map(said.map(({ _id, corrects }) => [String(corrects), _id]))
  const all = [...before.map((e) => [e._id, e._id]), ...withdrawn.map((e) => [e._id, e.corrects])]
  await attachments.follow(
    all.flatMap(([of, corrected]) => {
      const by = anew.get(String(corrected))
      return of && by ? [{ of, by }] : []
    }),
  )
}

/** An entry as it was before it was put right; its key lets it in only once. */
function again({ voidedFor: _, ...entry }: ChangeDoc, at: Date): ChangeDoc {
  return {
    ...entry,
    _id: new ObjectId(),
    holds: entry.holds ?? [],
    corrects: entry._id,
    recordedAt: at,
    ...{ voided: false, voidedAt: null, voidedBy: null, voidReason: null },
  }
}
