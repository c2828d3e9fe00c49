import type { BulkWriteOptions } from 'mongodb'
import { refusedAsDuplicates } from '../changes/entries.ts'
import type { ChangeDoc, ChangeModel } from '../changes/model.ts'
import {
  byTime,
  eventsOf,
  type Life,
  type LifeEvent,
  plateSpells,
  serviceSpells,
  stateOf,
} from '../domain/life.ts'
import { fragmentsOf } from './fragments.ts'
import type { VehicleDoc, VehicleModel } from './model.ts'

/** The vehicle that a life comes to; null for a life in which it never came into service. */
export function vehicleOf(vin: string, life: Life): VehicleDoc | null {
  const state = stateOf(life)
  if (!state) return null
  const { vin: _, ...facts } = state.facts
  const plates = [...new Set(plateSpells(life).map((s) => s.plate))]
  const spells = serviceSpells(life)
  return {
    _id: vin,
    ...facts,
    status: state.status,
    enteredOn: state.enteredOn,
    exitedOn: state.exitedOn,
    exitReason: state.exitReason,
    replaces: state.replaces,
    replacedBy: state.replacedBy,
    plates,
    fragments: fragmentsOf([...plates, vin]),
    spells,
    ...(spells.length > 1 ? { returned: true } : {}),
    life: [...life],
  }
}

/** Each VIN's events in a set of ledger entries (in the order of their recording), in the order of time. */
export function livesOf(changes: Iterable<ChangeDoc>, only?: ReadonlySet<string>): Map<string, LifeEvent[]> {
  const lives = new Map<string, LifeEvent[]>()
  for (const change of changes) {
    for (const event of eventsOf(change._id.toHexString(), change)) {
      const { vin } = event.facts
      if (only && !only.has(vin)) continue
      const life = lives.get(vin)
      if (life) life.push(event)
      else lives.set(vin, [event])
    }
  }
  for (const life of lives.values()) life.sort(byTime)
  return lives
}

/** Derives vehicles anew from the ledger and writes what comes out. Safe to repeat. */
export async function deriveVehicles(
  changes: ChangeModel,
  vehicles: VehicleModel,
  vins: readonly string[],
): Promise<void> {
  if (vins.length === 0) return
  const entries = await changes.collection
    .find<ChangeDoc>({ vins: { $in: [...vins] }, voided: false })
    .sort({ recordedAt: 1, _id: 1 })
    .toArray()
  const lives = livesOf(entries, new Set(vins))
  await writeVehicles(vehicles, vins, lives)
}

/**
 * Writes the vehicles that lives come to, and removes those that come to nothing.
 * @param fresh vehicles that are not there yet as far as is known: inserting is quicker than replacing
 */
export async function writeVehicles(
  vehicles: VehicleModel,
  vins: readonly string[],
  lives: ReadonlyMap<string, Life>,
  { fresh = new Set(), options = {} }: { fresh?: ReadonlySet<string>; options?: BulkWriteOptions } = {},
): Promise<void> {
  const made: VehicleDoc[] = []
  const operations = [...new Set(vins)].flatMap((vin) => {
    const vehicle = vehicleOf(vin, lives.get(vin) ?? [])
    if (vehicle && fresh.has(vin)) {
      made.push(vehicle)
      return []
    }
    return [vehicle ? replacing(vehicle) : { deleteOne: { filter: { _id: vin } } }]
  })
  if (made.length > 0) operations.push(...(await insertVehicles(vehicles, made, options)).map(replacing))
  if (operations.length > 0)
    await vehicles.collection.bulkWrite(operations as never, { ...options, ordered: false })
}

const replacing = (vehicle: VehicleDoc) => ({
  replaceOne: { filter: { _id: vehicle._id }, replacement: vehicle, upsert: true },
})

/** Inserts vehicles. @returns those that were there all the same */
async function insertVehicles(
  vehicles: VehicleModel,
  made: VehicleDoc[],
  options: BulkWriteOptions,
): Promise<VehicleDoc[]> {
  try {
    await vehicles.collection.insertMany(made as never, { ...options, ordered: false })
    return []
  } catch (error) {
    const refused = refusedAsDuplicates(error)
    if (!refused) throw error
    return made.filter((_, i) => refused.has(i))
  }
}
