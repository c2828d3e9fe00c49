import type { ChangeDoc, ChangeModel } from '../changes/model.ts'
import { COUNTED } from '../compliance/moved.ts'
import { type Move, movesOf } from '../domain/alert.ts'
import { contributionsOf } from '../domain/contribution.ts'
import type { Policy } from '../domain/policy.ts'
import { countyOf } from './standings.ts'

/** Entries read at a time: the requests that come in meanwhile wait no longer than one batch takes. */
const BATCH = 1000

/** Moves of one rule in one place, by the instant of their writing. */
export type Writes = Map<number, Move[]>
export type WritesOf = (place: string, rule: string) => Writes | undefined

/** True if anything was recorded or withdrawn after an instant: two looks at indexes. */
export async function anythingSince(changes: ChangeModel, since: Date): Promise<boolean> {
  const one = { projection: { _id: 1 } } as const
  const [recorded, voided] = await Promise.all([
    changes.collection.findOne({ recordedAt: { $gt: since } }, one),
    changes.collection.findOne({ voided: true, voidedAt: { $gt: since } }, one),
  ])
  return recorded !== null || voided !== null
}

/**
 * What was recorded or withdrawn within (from, to], as it moved each rule in each place. What was recorded and
 * withdrawn again is there twice.
 */
export async function writesBetween(
  changes: ChangeModel,
  policy: Policy,
  places: readonly string[],
  { from, to }: { from: Date; to: Date },
): Promise<WritesOf> {
  const found = new Map<string, Writes>()
  const take = (doc: ChangeDoc, at: Date, sign: 1 | -1): void => {
    const contributions = contributionsOf(policy, doc)
    if (contributions.length === 0) return
    for (const place of places)
      for (const [rule, move] of movesOf(doc._id.toHexString(), contributions, sign, countyOf(place)))
        put(found, `${place}|${rule}`, at.getTime(), move)
  }
  const within = { $gt: from, $lte: to }
  const read = (filter: object) =>
    changes.collection.find<ChangeDoc>(filter as never, { projection: COUNTED }).batchSize(BATCH)
  for await (const doc of read({ recordedAt: within })) take(doc, doc.recordedAt, 1)
  for await (const doc of read({ voided: true, voidedAt: within }))
    if (doc.voidedAt) take(doc, doc.voidedAt, -1)
  return (place, rule) => found.get(`${place}|${rule}`)
}

function put(found: Map<string, Writes>, key: string, at: number, move: Move): void {
  const writes = found.get(key) ?? new Map<number, Move[]>()
  found.set(key, writes)
  const group = writes.get(at)
  if (group) group.push(move)
  else writes.set(at, [move])
}

/** The moves of each write, the earliest first. */
export const inOrder = (writes: Writes | undefined): Move[][] =>
  [...(writes ?? [])].sort(([a], [b]) => a - b).map(([, moves]) => moves)
