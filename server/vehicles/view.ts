import { isLimited, isWithin, type Scope } from '../accounts/permissions.ts'
import type { VehicleState } from '../domain/life.ts'
import { isNewEnergy } from '../domain/vocabulary.ts'
import type { VehicleDoc, VehicleModel } from './model.ts'
import type { Vehicle } from './schema.ts'

type Shown = Omit<Vehicle, 'id' | 'vin' | 'newEnergy' | 'operatorName'> & { _id: string }

/** A stored vehicle as the API shows it. */
export function vehicleView(doc: Omit<VehicleDoc, DerivedOnly>, names: ReadonlyMap<string, string>): Vehicle {
  const { _id, plate, category, energy, emission, registeredOn, operator, county } = doc
  const { status, enteredOn, exitedOn, exitReason, replaces, replacedBy } = doc
  const facts = { plate, category, energy, emission, registeredOn, operator, county }
  return view({ _id, ...facts, status, enteredOn, exitedOn, exitReason, replaces, replacedBy }, names)
}

type DerivedOnly = 'life' | 'fragments' | 'spells' | 'returned' | 'plates'

/** A vehicle as a life comes to at some time. */
export function stateView(state: VehicleState, names: ReadonlyMap<string, string>): Vehicle {
  const { facts, spell: _, ...rest } = state
  const { vin, ...others } = facts
  return view({ _id: vin, ...others, ...rest }, names)
}

function view({ _id, ...rest }: Shown, names: ReadonlyMap<string, string>): Vehicle {
  return {
    id: _id,
    vin: _id,
    ...rest,
    newEnergy: isNewEnergy(rest.energy),
    operatorName: names.get(rest.operator) ?? rest.operator,
  }
}

/** Leaves out the vehicles at the other side of replacements that lie outside a scope: their VINs are others' business. */
export async function withoutForeign<T extends Pick<Vehicle, 'replaces' | 'replacedBy'>>(
  items: T[],
  scope: Scope,
  vehicles: VehicleModel,
): Promise<T[]> {
  if (!isLimited(scope)) return items
  const others = items.flatMap((v) => [...v.replaces, ...(v.replacedBy === null ? [] : [v.replacedBy])])
  if (others.length === 0) return items
  const found = await vehicles.collection
    .find<Pick<VehicleDoc, '_id' | 'county' | 'operator'>>({ _id: { $in: others } } as never, {
      projection: { county: 1, operator: 1 },
    })
    .toArray()
  const own = new Set(found.filter((vehicle) => isWithin(vehicle, scope)).map((v) => v._id))
  return items.map((v) => ({
    ...v,
    replaces: v.replaces.filter((vin) => own.has(vin)),
    replacedBy: v.replacedBy !== null && own.has(v.replacedBy) ? v.replacedBy : null,
  }))
}
