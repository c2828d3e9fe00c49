import { isDeepStrictEqual } from 'node:util'
import type { ChangeDoc, ChangeModel } from '../changes/model.ts'
import { livesOf, vehicleOf, writeVehicles } from './derive.ts'
import type { VehicleDoc, VehicleModel } from './model.ts'

const BATCH = 1000

/**
 * Derives every vehicle anew from the ledger and puts right what differs.
 * @returns how many were checked, and a line for each that differed
 */
export async function rebuildVehicles(
  changes: ChangeModel,
  vehicles: VehicleModel,
): Promise<{ checked: number; differences: string[] }> {
  const differences: string[] = []
  const seen = await distinctVins(changes)
  const strays = await vehicles.collection.find<{ _id: string }>({}, { projection: { _id: 1 } }).toArray()
  const vins = [...new Set([...seen, ...strays.map((s) => s._id)])]
  for (let start = 0; start < vins.length; start += BATCH) {
    const batch = vins.slice(start, start + BATCH)
    const entries = await changes.collection
      .find<ChangeDoc>({ vins: { $in: batch }, voided: false })
      .sort({ recordedAt: 1, _id: 1 })
      .toArray()
    const lives = livesOf(entries, new Set(batch))
    const stored = await vehicles.collection.find<VehicleDoc>({ _id: { $in: batch } } as never).toArray()
    const byVin = new Map(stored.map((v) => [v._id, v]))
    const wrong = batch.filter((vin) => {
      const derived = vehicleOf(vin, lives.get(vin) ?? [])
      const kept = byVin.get(vin) ?? null
      if (isDeepStrictEqual(derived, kept)) return false
      differences.push(describe(vin, derived, kept))
      return true
    })
    await writeVehicles(vehicles, wrong, lives)
  }
  return { checked: vins.length, differences }
}

async function distinctVins(changes: ChangeModel): Promise<string[]> {
  const found = await changes.collection
    .aggregate<{ _id: string }>([{ $unwind: '$vins' }, { $group: { _id: '$vins' } }])
    .toArray()
  return found.map((f) => f._id)
}

function describe(vin: string, derived: VehicleDoc | null, kept: VehicleDoc | null): string {
  if (!kept) return `${vin}: 缺失 missing`
  if (!derived) return `${vin}: 多余 not on the ledger`
  const fields = (Object.keys(derived) as (keyof VehicleDoc)[]).filter(
    (f) => !isDeepStrictEqual(derived[f], kept[f]),
  )
  return `${vin}: ${fields.map((f) => (f === 'life' ? f : `${f} ${String(kept[f])} → ${String(derived[f])}`)).join(', ')}`
}
