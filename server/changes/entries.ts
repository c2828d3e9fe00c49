import { type BulkWriteOptions as InsertManyOptions, ObjectId } from 'mongodb'
import { type ChangeDraft, changeKey, touchedVins } from '../domain/change.ts'
import type { Life } from '../domain/life.ts'
import type { Register } from '../domain/register.ts'
import { isEntry } from '../domain/vocabulary.ts'
import type { Actor, ChangeDoc, ChangeModel } from './model.ts'

/** Where a change comes from, and when. */
export interface Origin {
  recordedAt: Date
  recordedBy: Actor
  reportedAt: Date | null
  source: ChangeDoc['source']
}

/** Makes a ledger entry of a change. Call it before the register has accepted the change. */
export function entryOf(draft: ChangeDraft, register: Register, origin: Origin): ChangeDoc {
  return {
    _id: new ObjectId(),
    key: changeKey(draft.vehicle.vin, draft.kind, draft.on),
    holds: holdsOf(draft, register),
    ...draft,
    vins: touchedVins(draft),
    ...origin,
    voided: false,
    voidedAt: null,
    voidedBy: null,
    voidReason: null,
  }
}

/** A vehicle comes into service once and leaves once in each spell: keys that no two entries can hold. */
function holdsOf({ kind, on, vehicle, retires }: ChangeDraft, register: Register): string[] {
  const { vin } = vehicle
  const holds = retires.map((old) => `out|${old.vin}|${spells(register.life(old.vin), on)}`)
  if (isEntry(kind)) holds.push(`in|${vin}|${spells(register.life(vin), on) + 1}`)
  if (kind === 'retired') holds.push(`out|${vin}|${spells(register.life(vin), on)}`)
  return holds
}

/** How often a vehicle has come into service by the end of a day. */
const spells = (life: Life | undefined, on: string): number =>
  life?.filter((e) => e.role === 'subject' && isEntry(e.kind) && e.on <= on).length ?? 0

/**
 * Inserts entries.
 * @returns the positions of those that a unique key refused, because the same was recorded by another
 */
export async function insertEntries(
  changes: ChangeModel,
  entries: ChangeDoc[],
  options: InsertManyOptions = {},
): Promise<Set<number>> {
  if (entries.length === 0) return new Set()
  // An absent list stays out of the index; an empty one would be taken for a value.
  const documents = entries.map(({ holds, ...entry }) => (holds.length > 0 ? { ...entry, holds } : entry))
  try {
    await changes.collection.insertMany(documents as never, { ...options, ordered: false })
    return new Set()
  } catch (error) {
    const refused = refusedAsDuplicates(error)
    if (!refused) throw error
    return refused
  }
}

/** The positions of an unordered insert that met a duplicate key; undefined when anything else went wrong. */
export function refusedAsDuplicates(error: unknown): Set<number> | undefined {
  if (typeof error !== 'object' || error === null || !('writeErrors' in error)) return undefined
  const faults = [error.writeErrors].flat() as { code?: number; index?: number }[]
  if (faults.length === 0 || faults.some((f) => f.code !== 11000 || f.index === undefined)) return undefined
  return new Set(faults.map((f) => f.index ?? -1))
}

/**
 * Puts entries in the order of their recording. Done here where many are found by other fields: asked to sort, the
 * database weighs walking the whole ledger in that order.
 */
export const byRecording = <T extends Pick<ChangeDoc, '_id' | 'recordedAt'>>(entries: T[]): T[] =>
  entries.sort(
    (a, b) =>
      a.recordedAt.getTime() - b.recordedAt.getTime() || (a._id.toHexString() < b._id.toHexString() ? -1 : 1),
  )
