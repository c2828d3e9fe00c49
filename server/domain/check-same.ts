import { type Field, type Issue, issue } from './issue.ts'
import { holdsPlateOn, type LifeEvent, type VehicleState } from './life.ts'
import type { Register } from './register.ts'
import type { RowValues } from './row.ts'
import { isVin } from './vin.ts'
import { hasExhaust, type Kind } from './vocabulary.ts'

/** The facts that a figure counts by: a contradiction must be settled by a person. */
const COUNTED = ['category', 'energy', 'emission'] as const

const FACTS = ['plate', 'category', 'energy', 'emission', 'registeredOn', 'county'] as const

/**
 * The fields in which a row differs from the change of the same vehicle, kind and date that is on the ledger.
 * A field that the row leaves empty does not differ.
 */
export function sameChange(values: RowValues, known: LifeEvent, register: Register): Field[] {
  const entry = known.kind === 'stock' || known.kind === 'added' || known.kind === 'replaced'
  const differs: Field[] = entry
    ? FACTS.filter((f) => values[f] !== undefined && values[f] !== known.facts[f] && !hasNoEmission(f, known))
    : COUNTED.filter(
        (f) =>
          values[f] !== undefined &&
          values[f] !== known.facts[f] &&
          (known.facts[f] !== null || isUndetermined(known)),
      )
  if (
    entry &&
    values.operator !== undefined &&
    register.operator(values.operator)?.id !== known.facts.operator
  )
    differs.push('operator')
  if (known.kind === 'battery-swap' && values.packs !== undefined && values.packs !== known.packs)
    differs.push('packs')
  if (known.kind === 'retired' && values.reason !== undefined && values.reason !== known.reason)
    differs.push('reason')
  if (known.kind === 'replaced' && values.replaces && !sameReplaced(values.replaces, known, register))
    differs.push('replaces')
  if (known.kind === 'transferred') differs.push(...otherDestination(values, known, register))
  return differs
}

/** A diesel truck that left without its emission standard: a row that says it completes what the figure lacks. */
const isUndetermined = ({ kind, facts }: LifeEvent): boolean =>
  kind === 'retired' && facts.category === 'truck' && facts.energy === 'diesel' && facts.emission === null

/** The fields in which a row sends a vehicle elsewhere than the transfer on the ledger did. */
function otherDestination(values: RowValues, known: LifeEvent, register: Register): Field[] {
  const operator: Field = values.toOperator === undefined ? 'operator' : 'toOperator'
  const county: Field = values.toCounty === undefined ? 'county' : 'toCounty'
  const name = values.toOperator ?? values.operator
  const code = values.toCounty ?? values.county
  const differs: Field[] = []
  if (name !== undefined && register.operator(name)?.id !== known.facts.operator) differs.push(operator)
  if (code !== undefined && code !== known.facts.county) differs.push(county)
  return differs
}

const hasNoEmission = (field: Field, event: LifeEvent): boolean =>
  field === 'emission' && !hasExhaust(event.facts.energy)

function sameReplaced(refs: readonly string[], known: LifeEvent, register: Register): boolean {
  const named = new Set<string>()
  for (const ref of refs) {
    const vin = known.others.find(
      (other) => other === ref || (!isVin(ref) && holdsPlateOn(register.life(other) ?? [], ref, known.on)),
    )
    if (!vin) return false
    named.add(vin)
  }
  return named.size === known.others.length
}

/**
 * Where a row about a vehicle in the register says something else than the register: an error for what figures
 * count by, a warning for the rest (the register's word stands).
 */
export function differences(values: RowValues, state: VehicleState, register: Register, kind: Kind): Issue[] {
  const { facts } = state
  const found: Issue[] = COUNTED.filter(
    (f) => values[f] !== undefined && facts[f] !== null && values[f] !== facts[f],
  ).map((f) => issue('vehicle.conflict', f, { value: String(values[f]), register: String(facts[f]) }))
  const warn = (field: Field, value: string | undefined, known: string | null) => {
    if (value !== undefined && known !== null && value !== known)
      found.push(issue('register.differs', field, { value, register: known }))
  }
  warn('plate', values.plate, facts.plate)
  warn('registeredOn', values.registeredOn, facts.registeredOn)
  if (kind !== 'transferred') {
    warn('county', values.county, facts.county)
    const named = values.operator === undefined ? undefined : register.operator(values.operator)
    if (values.operator !== undefined && named?.id !== facts.operator)
      found.push(issue('register.differs', 'operator', { value: values.operator, register: '' }))
  }
  return found
}
