import type { ChangeDraft, VehicleFacts } from './change.ts'
import { type CheckContext, type Checked, checkChange, plateTaken } from './check-change.ts'
import type { CivilDate } from './civil-date.ts'
import { type Field, hasError, type Issue, issue } from './issue.ts'
import {
  holdsPlateOn,
  impossibleEvent,
  type Life,
  type LifeEvent,
  stateOf,
  type VehicleState,
} from './life.ts'
import { insertEvent, type Register } from './register.ts'
import type { ReadRow, RowValues } from './row.ts'
import { nameIssues } from './vessel.ts'
import { hasExhaust, isEntry } from './vocabulary.ts'

/**
 * Lists that say what an operator's whole fleet is on a day, compared with the register. A row that is not there never
 * retires a vehicle, and one that is there never brings a retired vehicle back or takes one from another operator.
 */

/** What the comparison needs to know beside the register. */
export interface FleetContext extends CheckContext {
  /** the day on which the fleet was so */
  asOf: CivilDate
}

/** Facts of a vehicle that were recorded wrongly, or not at all, and are put right for its whole time in service. */
export interface Correction {
  vin: string
  set: Partial<Pick<VehicleFacts, 'category' | 'energy' | 'emission' | 'registeredOn'>>
  /** the entries that say otherwise, oldest first */
  events: LifeEvent[]
}

/** One attribute before and after. */
export interface Difference {
  field: Field
  before: string | null
  after: string | null
}

/** What a row of a fleet list comes to. */
export type FleetChecked =
  | Checked
  | {
      outcome: 'changed'
      issues: Issue[]
      differences: Difference[]
      /** the change of county or plate on the day of the list */
      draft: ChangeDraft | null
      correction: Correction | null
    }

/** Where a vehicle is, or what it carries, can change on a day; what it is was so from the start. */
const MOVES = ['plate', 'county'] as const
const NATURE = ['category', 'energy', 'emission', 'registeredOn'] as const
/** Facts that a figure counts by. */
const COUNTED: ReadonlySet<Field> = new Set<Field>(['category', 'energy', 'emission'])

/**
 * Compares a row of a fleet list with the register.
 * A row that names a kind of change (somebody classed it) is checked as that change, on the list's day unless it says.
 * @returns a change to record, attributes to put right, nothing new, or what stands in the way
 */
export function checkFleetRow(row: ReadRow, register: Register, context: FleetContext): FleetChecked {
  const { values } = row
  if (values.kind !== undefined) {
    const on = values.on ?? (values.kind === 'stock' ? undefined : dayOfClassed(values, context))
    const said = on === undefined ? row : { ...row, values: { ...values, on } }
    return neverReturns(said, checkChange(said, register, context))
  }
  if (row.issues.some((i) => i.field === 'kind')) return { outcome: 'error', issues: row.issues }
  const vin = values.vin ?? holderOf(values.plate, register, context.asOf)
  const life = vin === undefined ? undefined : register.life(vin)
  if (vin === undefined || !life || life.length === 0) return checkUnknown(row, register, context)
  const state = stateOf(life, context.asOf)
  if (!state) {
    const entered = life[0]?.on ?? ''
    return refused(row, issue('date.before-entry', 'vin', { value: context.asOf, entered }))
  }
  if (state.status === 'retired')
    return refused(row, issue('vehicle.returned', 'vin', { value: vin, on: state.exitedOn ?? '' }))
  return compare(row, vin, life, state, register, context)
}

/** Being on a list brings no vehicle back, however the row is classed. */
function neverReturns(row: ReadRow, checked: Checked): FleetChecked {
  const back = checked.issues.find((i) => i.code === 'vehicle.returns')
  return back ? refused(row, issue('vehicle.returned', 'vin', back.params)) : checked
}

/** A vehicle that came in since has its registration for its day, else the list's own. */
const dayOfClassed = ({ kind, registeredOn }: RowValues, { asOf }: FleetContext): CivilDate =>
  (kind === 'added' || kind === 'replaced') && registeredOn !== undefined && registeredOn <= asOf
    ? registeredOn
    : asOf

/** The vehicle that carries a plate on a day. */
export function holderOf(plate: string | undefined, register: Register, on: CivilDate): string | undefined {
  if (plate === undefined) return undefined
  const holders = register.holders(plate)
  const active = holders.find((vin) => {
    const state = stateOf(register.life(vin) ?? [], on)
    return state?.status === 'active' && state.facts.plate === plate
  })
  return active ?? holders.find((vin) => holdsPlateOn(register.life(vin) ?? [], plate, on)) ?? holders.at(-1)
}

const refused = (row: ReadRow, why: Issue): FleetChecked => ({
  outcome: 'error',
  issues: [...row.issues, why],
})

/** Nobody has heard of the vehicle: one registered before the period was in stock; of a later one it is asked. */
function checkUnknown(row: ReadRow, register: Register, context: FleetContext): FleetChecked {
  const { registeredOn } = row.values
  const wasThere = registeredOn !== undefined && registeredOn < context.periodFrom
  const checked = checkChange({ ...row, values: { ...row.values, kind: 'stock' } }, register, context)
  if (wasThere || checked.outcome === 'error') {
    const issues = checked.issues.filter((i) => i.code !== 'stock.in-period')
    return wasThere ? checked : { outcome: 'error', issues: [...issues, unclassed(registeredOn)] }
  }
  return { outcome: 'error', issues: [...row.issues, unclassed(registeredOn)] }
}

const unclassed = (registered: CivilDate | undefined): Issue =>
  issue('kind.unclassed', 'kind', registered === undefined ? {} : { registered })

function compare(
  row: ReadRow,
  vin: string,
  life: Life,
  state: VehicleState,
  register: Register,
  context: FleetContext,
): FleetChecked {
  const { values } = row
  const { facts } = state
  const named = values.operator === undefined ? undefined : register.operator(values.operator)
  // Nothing else is said of another's vehicle: its operator is nobody's business here.
  if (values.operator !== undefined && named?.id !== facts.operator)
    return refused(row, issue('vehicle.elsewhere', 'operator', { value: vin }))
  const issues = [...row.issues, ...nameIssues(values, facts)]
  const differences = differencesOf(values, facts, issues)
  const moved = differences.filter((d) => MOVES.some((f) => f === d.field))
  const natural = differences.filter((d) => NATURE.some((f) => f === d.field))
  const correction = natural.length > 0 ? correctionOf(vin, life, natural) : null
  const right = { ...facts, ...correction?.set }
  const draft = moved.length > 0 ? moveOf(values, life, right, context, register, issues) : null
  for (const { field, before, after } of natural)
    if (COUNTED.has(field) && before !== null)
      issues.push(issue('register.corrected', field, { value: after ?? '', register: before }))
  if (hasError(issues)) return { outcome: 'error', issues }
  if (differences.length === 0) return { outcome: 'unchanged', issues, change: life.at(-1)?.change ?? '' }
  return { outcome: 'changed', issues, differences, draft, correction }
}

/** An empty cell keeps what the register knows; a written mark clears it, where it can be empty. */
function differencesOf(values: RowValues, facts: VehicleFacts, issues: Issue[]): Difference[] {
  const found: Difference[] = []
  for (const field of [...MOVES, ...NATURE]) {
    const before = facts[field]
    const noEmission = field === 'emission' && !hasExhaust(values.energy ?? facts.energy)
    if (values.clears?.includes(field)) {
      if (field !== 'emission' && field !== 'registeredOn') issues.push(issue('clear.not-allowed', field))
      else if (before !== null) found.push({ field, before, after: null })
      continue
    }
    const after = noEmission ? null : (values[field] ?? before)
    if (after !== before && (values[field] !== undefined || noEmission)) found.push({ field, before, after })
  }
  return found
}

/** The vehicle carries another plate, or belongs to another county, from the list's day on. */
function moveOf(
  values: RowValues,
  life: Life,
  facts: VehicleFacts,
  { asOf }: FleetContext,
  register: Register,
  issues: Issue[],
): ChangeDraft {
  const vehicle = {
    ...facts,
    plate: values.plate ?? facts.plate,
    county: values.county ?? facts.county,
  }
  const draft: ChangeDraft = {
    kind: 'transferred',
    on: asOf,
    vehicle,
    retires: [],
    from: { operator: facts.operator, county: facts.county },
    reason: null,
    certificate: null,
    packs: null,
    note: values.note ?? null,
  }
  const same = life.find((e) => e.role === 'subject' && e.kind === 'transferred' && e.on === asOf)
  if (same) issues.push(issue('change.conflict', 'county', { value: vehicle.plate, change: same.change }))
  const event: LifeEvent = {
    ...{ change: '', kind: 'transferred', role: 'subject', on: asOf, facts: vehicle },
    ...{ reason: null, packs: null, others: [] },
  }
  const later = life.find((e) => e.on > asOf)
  // What is on the ledger after that day keeps the county and plate that it was recorded with.
  if (later ?? impossibleEvent(insertEvent(life, event)))
    issues.push(issue('vehicle.conflict', 'plate', { value: facts.vin, on: (later ?? event).on }))
  if (vehicle.plate !== facts.plate) {
    const holder = plateTaken(facts.vin, vehicle.plate, asOf, register)
    if (holder) issues.push(issue('vehicle.conflict', 'plate', { value: vehicle.plate, vin: holder }))
  }
  return draft
}

/** What a vehicle is was so since it came into service: every entry of its present spell says it anew. */
function correctionOf(vin: string, life: Life, wrong: readonly Difference[]): Correction {
  const set = Object.fromEntries(wrong.map((d) => [d.field, d.after])) as Correction['set']
  let start = life.length - 1
  while (start > 0 && !(life[start]?.role === 'subject' && isEntry(life[start]?.kind ?? 'retired'))) start--
  const spell = life.slice(start)
  const events = spell.filter(
    (e) => e.role === 'subject' && wrong.some((d) => e.facts[d.field as keyof VehicleFacts] !== d.after),
  )
  return { vin, set, events }
}

/** The changes as they stand and as a correction makes them, for the effect on figures. */
export function correctedDrafts({ set, events }: Correction): { before: ChangeDraft; after: ChangeDraft }[] {
  return events.map((e) => {
    const rest = { retires: [], from: null, certificate: null, note: null }
    const before: ChangeDraft = {
      ...{ kind: e.kind, on: e.on, vehicle: e.facts, reason: e.reason, packs: e.packs },
      ...rest,
    }
    return { before, after: { ...before, vehicle: { ...e.facts, ...set } } }
  })
}

/** Whether a list's vehicle that nobody named was in an operator's service on a day. */
export function inServiceOf(life: Life, operator: string, on: CivilDate): VehicleState | undefined {
  const state = stateOf(life, on)
  return state?.status === 'active' && state.facts.operator === operator ? state : undefined
}
