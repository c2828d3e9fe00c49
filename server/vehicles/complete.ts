import { vehicleOf } from './derive.ts'
import type { VehicleDoc, VehicleModel } from './model.ts'

const BATCH = 500

/**
 * Gives vehicles that an earlier version stored what lists and searches go by now. Made of the life that they hold, and
 * only where it is missing: one that is written anew meanwhile has it. Safe to repeat, and to break off.
 * @param stopped ends it between two batches
 * @returns how many lacked it
 */
export async function completeVehicles(vehicles: VehicleModel, stopped: () => boolean): Promise<number> {
  const lacking = { fragments: null } as Record<string, unknown>
  for (let completed = 0; ; ) {
    const found = stopped()
      ? []
      : await vehicles.collection
          .find<VehicleDoc>(lacking as never)
          .limit(BATCH)
          .toArray()
    const writes = found.flatMap(({ _id, life }) => {
      const made = vehicleOf(_id, life)
      if (!made) return []
      const { fragments, spells, returned } = made
      const update = { $set: { fragments, spells, ...(returned ? { returned } : {}) } }
      return [{ updateOne: { filter: { _id, fragments: null }, update } }]
    })
    if (writes.length === 0) return completed
    await vehicles.collection.bulkWrite(writes as never, { ordered: false })
    completed += writes.length
  }
}
