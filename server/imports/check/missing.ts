import { inServiceOf } from '../../domain/fleet.ts'
import { readRow } from '../../domain/read-row.ts'
import type { OperatorRef } from '../../domain/register.ts'
import type { RowCells, RowValues } from '../../domain/row.ts'
import type { Category } from '../../domain/vocabulary.ts'
import type { VehicleDoc } from '../../vehicles/model.ts'
import { loadRegister } from '../../vehicles/register-loader.ts'
import type { MendDoc } from '../model.ts'
import type { CheckParts } from './check-list.ts'
import { type Line, texts } from './lines.ts'
import type { Overlay } from './overlay.ts'
import { checkMissing, type ListContext, type Verdict } from './verdict.ts'

/** Whose fleets a list names, and which kinds of vehicles. */
export interface FleetSeen {
  operators: Set<string>
  categories: Set<Category>
}

const BATCH = 500

/**
 * The vehicles that the register has in service of the list's operators, of the categories that the list is about, and
 * that no row names. They are asked about, never retired.
 * @param named whether a row names a vehicle, by VIN or by plate
 * @param mends what somebody answered, by VIN
 */
export async function* missingRows(
  context: ListContext,
  seen: FleetSeen,
  named: (vin: string, plate: string) => boolean,
  mends: ReadonlyMap<string, MendDoc['cells']>,
  overlay: Overlay,
  parts: CheckParts,
  findOperator: (name: string) => OperatorRef | undefined,
): AsyncIterable<{ line: Line; verdict: Verdict }> {
  for (const operator of seen.operators) {
    const fleet = parts.vehicles.collection
      .find<VehicleDoc>({ operator, category: { $in: [...seen.categories] } } as never)
      .sort({ _id: 1 })
      .batchSize(BATCH)
    for await (const doc of fleet) {
      const life = overlay.life(doc._id) ?? doc.life
      const state = inServiceOf(life, operator, context.asOf)
      if (!state || named(doc._id, state.facts.plate)) continue
      const { vin, plate, category, energy, emission, registeredOn, county } = state.facts
      const known = { vin, plate, category, energy, county, ...(emission ? { emission } : {}) }
      const values: RowValues = { ...known, ...(registeredOn ? { registeredOn } : {}) }
      const answer = mends.get(vin)
      const { kind, ...said } = readAnswer(answer, context.today).values
      const read = {
        values: { ...(answer ? { ...said, vin, ...(kind ? { kind } : {}) } : values) },
        issues: readAnswer(answer, context.today).issues,
      }
      const register = answer ? await loadRegister(parts.vehicles, [{ vin }], findOperator) : undefined
      if (register) overlay.lend(register, [{ vin }])
      const verdict = register
        ? checkMissing(read, register, context)
        : ({
            ...{ outcome: 'missing', issues: [], draft: null, correction: null },
            ...{ differences: [], touches: [], change: null },
          } satisfies Verdict)
      const cells = { ...texts(values as RowCells), ...texts((answer ?? {}) as RowCells) }
      yield { line: { seq: 0, sheet: 0, row: 0, read, cells, ...(answer ? { mended: {} } : {}) }, verdict }
    }
  }
}

const readAnswer = (answer: MendDoc['cells'] | undefined, today: string) =>
  readRow((answer ?? {}) as RowCells, { today })
