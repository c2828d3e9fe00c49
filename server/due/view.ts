import { type CivilDate, daysBetween } from '../domain/civil-date.ts'
import { endOfLife, fullYears } from '../domain/due.ts'
import { isNewEnergy } from '../domain/vocabulary.ts'
import type { ListedVehicle } from './reads.ts'
import type { DueVehicle } from './schema.ts'

/**
 * A stored vehicle as lists of what is due show it.
 * @param years its service life by the policy; null where the policy says none
 * @param names operators' names by id
 */
export function dueVehicleView(
  doc: ListedVehicle,
  years: number | null,
  today: CivilDate,
  names: ReadonlyMap<string, string>,
): DueVehicle {
  const { _id, plate, category, energy, emission, registeredOn, operator, county, enteredOn } = doc
  const dueOn = years === null || registeredOn === null ? null : endOfLife(registeredOn, years)
  return {
    ...{ id: _id, vin: _id, plate, category, energy, newEnergy: isNewEnergy(energy), emission },
    ...{
      registeredOn,
      operator,
      operatorName: names.get(operator) ?? operator,
      county,
      enteredOn,
      years,
      dueOn,
    },
    daysLeft: dueOn === null ? null : daysBetween(today, dueOn),
    age: registeredOn === null ? null : fullYears(registeredOn, today),
  }
}
