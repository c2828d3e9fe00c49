import type { Collection, Document } from 'mongodb'

/** Documents removed at a time. */
const BATCH = 5000

/**
 * Removes what matches, batch by batch. Safe to repeat.
 * @param signal ends it between two batches
 * @returns how many
 */
export async function removeAll<T extends Document>(
  collection: Pick<Collection<T>, 'find' | 'deleteMany'>,
  filter: object,
  signal: AbortSignal,
): Promise<number> {
  let removed = 0
  for (;;) {
    signal.throwIfAborted()
    const batch = await collection
      .find(filter, { projection: { _id: 1 } })
      .limit(BATCH)
      .toArray()
    if (batch.length === 0) return removed
    const { deletedCount } = await collection.deleteMany({
      _id: { $in: batch.map((doc) => doc._id) },
    } as never)
    removed += deletedCount
  }
}
