import type { z } from 'zod'
import { hasError, type Issue, issue } from '../domain/issue.ts'
import { contradictsEnergy, isPlate, normalisePlate } from '../domain/plate.ts'
import type { ReadRow, RowValues } from '../domain/row.ts'
import { hasVinCheckDigit, isVin, normaliseVin } from '../domain/vin.ts'
import type { createChange } from './schema.ts'

/** What was entered by hand, as a row: identifiers normalised and checked, the rest as the form gave it. */
export function readEntered(body: z.output<typeof createChange>): ReadRow {
  const { vehicle } = body
  const issues: Issue[] = []
  const values: RowValues = {
    kind: body.kind,
    ...given({
      on: body.on,
      vin: readVin(vehicle.vin, issues),
      plate: readPlate(vehicle.plate, issues, 'plate'),
      category: vehicle.category,
      energy: vehicle.energy,
      emission: vehicle.emission ?? undefined,
      registeredOn: vehicle.registeredOn,
      operator: vehicle.operator,
      county: vehicle.county,
      toOperator: body.to?.operator,
      toCounty: body.to?.county,
      reason: body.reason,
      certificate: body.certificate,
      packs: body.packs,
      note: body.note,
      replaces: readReplaced(body.replaces, issues),
    }),
  }
  if (values.plate && values.energy && contradictsEnergy(values.plate, values.energy))
    issues.push(issue('plate.energy-mismatch', 'plate', { value: values.plate, energy: values.energy }))
  return { values, issues }
}

/** Without the fields that are undefined. */
function given(fields: { [K in keyof RowValues]: RowValues[K] | undefined }): RowValues {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as RowValues
}

function readVin(text: string | undefined, issues: Issue[]): string | undefined {
  if (text === undefined) return undefined
  const vin = normaliseVin(text)
  if (!isVin(vin)) {
    issues.push(issue('vin.invalid', 'vin', { value: text }))
    return undefined
  }
  if (!hasVinCheckDigit(vin)) issues.push(issue('vin.check-digit', 'vin', { value: vin }))
  return vin
}

function readPlate(
  text: string | undefined,
  issues: Issue[],
  field: 'plate' | 'replaces',
): string | undefined {
  if (text === undefined) return undefined
  const plate = normalisePlate(text)
  if (isPlate(plate)) return plate
  issues.push(issue('plate.invalid', field, { value: text }))
  return undefined
}

function readReplaced(refs: string[] | undefined, issues: Issue[]): string[] | undefined {
  if (!refs || refs.length === 0) return undefined
  const read = refs.map((ref) =>
    isVin(normaliseVin(ref)) ? normaliseVin(ref) : readPlate(ref, issues, 'replaces'),
  )
  return hasError(issues) ? undefined : read.filter((ref) => ref !== undefined)
}
