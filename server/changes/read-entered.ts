import type { z } from 'zod'
import { packIssues } from '../domain/batteries.ts'
import { chemistryOfCode, isBatteryCode, normaliseBatteryCode } from '../domain/battery-code.ts'
import type { Batteries } from '../domain/change.ts'
import { hasError, type Issue, issue } from '../domain/issue.ts'
import { contradictsEnergy, isPlate, normalisePlate } from '../domain/plate.ts'
import type { ReadRow, RowValues } from '../domain/row.ts'
import { isVesselNumber, readVesselName } from '../domain/vessel.ts'
import { hasVinCheckDigit, isVin, normaliseVin } from '../domain/vin.ts'
import type { Category } from '../domain/vocabulary.ts'
import type { createChange } from './schema.ts'

/** What was entered by hand, as a row: identifiers normalised and checked, the rest as the form gave it. */
export function readEntered(body: z.output<typeof createChange>): ReadRow {
  const { vehicle } = body
  const issues: Issue[] = []
  const values: RowValues = {
    kind: body.kind,
    ...given({
      on: body.on,
      vin: readVin(vehicle.vin, vehicle.category, issues),
      plate: readPlate(vehicle.plate, vehicle.category, issues, 'plate'),
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
      batteries: readBatteries(body, issues),
      note: body.note,
      replaces: readReplaced(body.replaces, vehicle.category, issues),
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

function readVin(
  text: string | undefined,
  category: Category | undefined,
  issues: Issue[],
): string | undefined {
  if (text === undefined) return undefined
  const vin = normaliseVin(text)
  const vessel = category === 'vessel'
  if (isVesselNumber(vin) ? category !== undefined && !vessel : vessel && !isVin(vin)) {
    issues.push(issue('vessel.number-invalid', 'vin', { value: text }))
    return undefined
  }
  if (!isVin(vin)) {
    issues.push(issue('vin.invalid', 'vin', { value: text, length: String(vin.length) }))
    return undefined
  }
  if (!hasVinCheckDigit(vin)) issues.push(issue('vin.check-digit', 'vin', { value: vin }))
  return vin
}

function readPlate(
  text: string | undefined,
  category: Category | undefined,
  issues: Issue[],
  field: 'plate' | 'replaces',
): string | undefined {
  if (text === undefined) return undefined
  const plate = normalisePlate(text)
  if (isPlate(plate)) return plate
  const name = (category ?? 'vessel') === 'vessel' ? readVesselName(text) : undefined
  if (name !== undefined) return name
  issues.push(issue(category === 'vessel' ? 'vessel.name-invalid' : 'plate.invalid', field, { value: text }))
  return undefined
}

function readReplaced(
  refs: string[] | undefined,
  category: Category | undefined,
  issues: Issue[],
): string[] | undefined {
  if (!refs || refs.length === 0) return undefined
  const read = refs.map((ref) =>
    isVin(normaliseVin(ref)) ? normaliseVin(ref) : readPlate(ref, category, issues, 'replaces'),
  )
  return hasError(issues) ? undefined : read.filter((ref) => ref !== undefined)
}

/** What is said of a swap's packs; undefined where nothing is. */
function readBatteries(
  { kind, packs, batteries }: z.output<typeof createChange>,
  issues: Issue[],
): Batteries | undefined {
  if (!batteries) return undefined
  const { chemistry, capacityKwh = null } = batteries
  const installed = readCodes(batteries.installed, issues)
  const removed = readCodes(batteries.removed, issues)
  if (installed.length + removed.length === 0 && chemistry === undefined && capacityKwh === null)
    return undefined
  if (kind !== 'battery-swap') {
    issues.push(issue('battery.not-swap', 'batteries'))
    return undefined
  }
  const read = { installed, removed, chemistry: chemistry ?? saidByCodes(installed), capacityKwh }
  issues.push(...packIssues(read, packs))
  return read
}

function readCodes(texts: readonly string[] = [], issues: Issue[]): string[] {
  const codes = texts.map((text) => ({ text, code: normaliseBatteryCode(text) }))
  for (const { text, code } of codes)
    if (!isBatteryCode(code)) issues.push(issue('battery.code-invalid', 'batteries', { value: text }))
  return codes.map(({ code }) => code).filter(isBatteryCode)
}

/** What the cells are made of where nobody says, if all codes say the same. */
function saidByCodes(codes: readonly string[]): Batteries['chemistry'] {
  const said = new Set(codes.map(chemistryOfCode))
  const [only] = said
  return said.size === 1 && only !== undefined ? only : null
}
