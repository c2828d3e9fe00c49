import type { OperatorRef } from '../domain/register.ts'
import { WorkingRegister } from '../domain/register.ts'
import type { RowValues } from '../domain/row.ts'
import { isVin } from '../domain/vin.ts'
import type { VehicleDoc, VehicleModel } from './model.ts'

const CHUNK = 2000

/**
 * Loads what the check of some rows needs of the register: the vehicles that they name by VIN or plate, and those
 * at the other side of their replacements.
 */
export async function loadRegister(
  vehicles: VehicleModel,
  rows: Iterable<RowValues>,
  findOperator: (name: string) => OperatorRef | undefined,
): Promise<WorkingRegister> {
  const register = new WorkingRegister(findOperator)
  const vins = new Set<string>()
  const plates = new Set<string>()
  for (const values of rows) {
    if (values.vin) vins.add(values.vin)
    if (values.plate) plates.add(values.plate)
    for (const ref of values.replaces ?? []) (isVin(ref) ? vins : plates).add(ref)
  }
  const others = new Set<string>()
  const take = (doc: Pick<VehicleDoc, '_id' | 'life'>) => {
    if (register.life(doc._id)) return
    register.load(doc._id, doc.life)
    for (const event of doc.life) for (const vin of event.others) others.add(vin)
  }
  await find(vehicles, '_id', [...vins], take)
  await find(vehicles, 'plates', [...plates], take)
  await find(
    vehicles,
    '_id',
    [...others].filter((vin) => !register.life(vin)),
    take,
  )
  return register
}

async function find(
  vehicles: VehicleModel,
  field: '_id' | 'plates',
  values: string[],
  take: (doc: Pick<VehicleDoc, '_id' | 'life'>) => void,
): Promise<void> {
  for (let i = 0; i < values.length; i += CHUNK) {
    const filter = { [field]: { $in: values.slice(i, i + CHUNK) } }
    const found = await vehicles.collection
      .find<Pick<VehicleDoc, '_id' | 'life'>>(filter as never, { projection: { life: 1 } })
      .batchSize(CHUNK)
      .toArray()
    for (const doc of found) take(doc)
  }
}
