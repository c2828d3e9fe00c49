import type { ChangeDoc, ChangeModel } from '../changes/model.ts'
import { COUNTED } from '../compliance/moved.ts'
import { movesOf, WriteMoves } from '../domain/alert.ts'
import type { CivilDate } from '../domain/civil-date.ts'
import { contributionsOf } from '../domain/contribution.ts'
import type { Policy } from '../domain/policy.ts'
import { countyOf } from './standings.ts'

/** Entries read at a time: the requests that come in meanwhile wait no longer than one batch takes. */
const BATCH = 1000

/** What moved one rule in one place, by the instant of its writing. */
export type Writes = Map<number, WriteMoves>
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

/** The span between two looks, (from, to], and the civil day of the later one. */
export interface Span {
  from: Date
  to: Date
  day: CivilDate
}

/**
 * What was recorded or withdrawn within a span, as it moved each rule in each place. What was recorded and withdrawn
 * again is there twice. Takes room for each write, however many entries it has.
 */
export async function writesBetween(
  changes: ChangeModel,
  policy: Policy,
  places: readonly string[],
  { from, to, day }: Span,
): Promise<WritesOf> {
  const found = new Map<string, Writes>()
  const isWithin = (at: Date | null): boolean => at !== null && at > from && at <= to
  const take = (doc: ChangeDoc, at: Date, sign: 1 | -1): void => {
    const contributions = contributionsOf(policy, doc)
    if (contributions.length === 0) return
    const undone = isWithin(doc.recordedAt) && isWithin(doc.voidedAt)
    const entry = { id: doc._id.toHexString(), undone }
    for (const place of places)
      for (const [rule, move] of movesOf(entry, contributions, sign, countyOf(place)))
        writeAt(found, `${place}|${rule}`, at.getTime(), day).add(move)
  }
  const within = { $gt: from, $lte: to }
  const read = (filter: object) =>
    changes.collection.find<ChangeDoc>(filter as never, { projection: COUNTED }).batchSize(BATCH)
  for await (const doc of read({ recordedAt: within })) take(doc, doc.recordedAt, 1)
  for await (const doc of read({ voided: true, voidedAt: within }))
    if (doc.voidedAt) take(doc, doc.voidedAt, -1)
  return (place, rule) => found.get(`${place}|${rule}`)
}

function writeAt(found: Map<string, Writes>, key: string, at: number, day: CivilDate): WriteMoves {
  const writes = found.get(key) ?? new Map<number, WriteMoves>()
  found.set(key, writes)
  const write = writes.get(at) ?? new WriteMoves(day)
  writes.set(at, write)
  return write
}

/** The writes, the earliest first. */
export const inOrder = (writes: Writes | undefined): WriteMoves[] =>
  [...(writes ?? [])].sort(([a], [b]) => a - b).map(([, moves]) => moves)
