import type { VehicleFacts } from './change.ts'
import type { CivilDate } from './civil-date.ts'
import { type Issue, issue } from './issue.ts'
import { impossibleEvent, isExit, type Life, stateOf } from './life.ts'
import { insertEvent, type Register } from './register.ts'
import type { RowValues } from './row.ts'
import { isVin } from './vin.ts'

/**
 * Finds the vehicles that a replacement retires, by plate or VIN, as they were on the day.
 * Adds `replaced.not-found`, `replaced.already-retired` and, when later changes stand against it, `vehicle.conflict`
 * to the issues.
 * @returns the facts of those found
 */
export function resolveReplaced(
  values: RowValues,
  on: CivilDate,
  register: Register,
  issues: Issue[],
): VehicleFacts[] {
  const found = new Map<string, VehicleFacts>()
  for (const ref of values.replaces ?? []) {
    const facts = resolve(ref, values.vin, on, register, issues)
    if (facts) found.set(facts.vin, facts)
  }
  return [...found.values()]
}

function resolve(
  ref: string,
  self: string | undefined,
  on: CivilDate,
  register: Register,
  issues: Issue[],
): VehicleFacts | undefined {
  const candidates = (isVin(ref) ? [ref] : register.holders(ref))
    .filter((vin) => vin !== self)
    .map((vin) => register.life(vin) ?? [])
    .filter((life) => life.length > 0)
  const inService = candidates.filter((life) => {
    const state = stateOf(life, on)
    return state?.status === 'active' && (isVin(ref) || state.facts.plate === ref)
  })
  const life = inService[0]
  const state = life && stateOf(life, on)
  const later = life && state && impossibleEvent(withExit(life, on, state.facts))
  if (state && !later) return state.facts
  const retired = (life ? [life] : candidates).find((c) => c.some(isExit))
  const exit = retired?.find(isExit)
  if (exit) issues.push(issue('replaced.already-retired', 'replaces', { value: ref, on: exit.on }))
  else if (later) issues.push(issue('vehicle.conflict', 'replaces', { value: ref, on: later.on }))
  else issues.push(issue('replaced.not-found', 'replaces', { value: ref }))
  return undefined
}

const withExit = (life: Life, on: CivilDate, facts: VehicleFacts) =>
  insertEvent(life, {
    change: '',
    kind: 'replaced',
    role: 'replaced',
    on,
    facts,
    reason: null,
    packs: null,
    others: [],
  })
