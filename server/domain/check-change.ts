import type { ChangeDraft, VehicleFacts } from './change.ts'
import { resolveReplaced } from './check-replaced.ts'
import { differences, sameChange } from './check-same.ts'
import { addDays, type CivilDate } from './civil-date.ts'
import { type Field, hasError, type Issue, type IssueCode, issue } from './issue.ts'
import {
  holdsPlateFrom,
  holdsPlateOn,
  impossibleEvent,
  isExit,
  type Life,
  type LifeEvent,
  stateOf,
  type VehicleState,
} from './life.ts'
import { insertEvent, type Register } from './register.ts'
import type { ReadRow, RowValues } from './row.ts'
import { nameIssues } from './vessel.ts'
import { hasExhaust, isEntry, isNewEnergy, type Kind } from './vocabulary.ts'

/** What the check needs to know beside the register. */
export interface CheckContext {
  today: CivilDate
  /** the first day of the plan's period: a vehicle in stock was there before it */
  periodFrom: CivilDate
  /** errors that a document has settled: they stand in the way no more */
  settled?: readonly IssueCode[]
  /**
   * A recorded change is said anew: plates are compared over whole lives afterwards, and a transfer may name the plate
   * that the vehicle came to.
   */
  correcting?: boolean
}

/** What a row or an entered change comes to. */
export type Checked =
  | { outcome: 'new'; issues: Issue[]; draft: ChangeDraft }
  | { outcome: 'unchanged'; issues: Issue[]; change: string }
  | { outcome: 'error'; issues: Issue[] }

const REQUIRED: Record<Kind, readonly Field[]> = {
  stock: ['vin', 'plate', 'category', 'energy', 'county', 'operator'],
  added: ['vin', 'plate', 'category', 'energy', 'county', 'operator', 'on'],
  replaced: ['vin', 'plate', 'category', 'energy', 'county', 'operator', 'on', 'replaces'],
  retired: ['on', 'reason'],
  'battery-swap': ['on', 'packs'],
  transferred: ['on'],
}

/**
 * Checks what a row says against the register and makes it a change.
 * @param row the row as read, with what could not be read
 * @returns the change to record; the change that is there already; or what stands in the way
 * The codes are those of the domain's issue list; impossible histories are refused (retired twice, swapped after
 * retirement, before registration, in the future).
 */
export function checkChange(row: ReadRow, register: Register, context: CheckContext): Checked {
  const { values } = row
  const issues = [...row.issues, ...missingFields(row)]
  const { kind } = values
  const on = kind && effectiveDate(values, kind, context)
  if (on !== undefined && on > context.today && !issues.some((i) => i.code === 'date.future'))
    issues.push(issue('date.future', 'on', { value: on }))
  if (!kind || !on) return { outcome: 'error', issues }
  return isEntry(kind)
    ? checkEntry(values, kind, on, register, context, issues)
    : checkLater(values, kind, on, register, context, issues)
}

function missingFields(row: ReadRow): Issue[] {
  const faulty = new Set(row.issues.filter((i) => i.severity === 'error').map((i) => i.field))
  const missing = (field: Field) => row.values[field] === undefined && !faulty.has(field)
  if (row.values.kind === undefined) return missing('kind') ? [issue('required.missing', 'kind')] : []
  const fields = REQUIRED[row.values.kind].filter(missing)
  if (!isEntry(row.values.kind) && missing('vin') && missing('plate')) fields.push('plate')
  return fields.map((field) => issue('required.missing', field))
}

/** A vehicle in stock needs no date of its own: it was there since registration, or at the latest the day before the period. */
function effectiveDate(values: RowValues, kind: Kind, context: CheckContext): CivilDate | undefined {
  if (kind !== 'stock') return values.on
  return values.on ?? values.registeredOn ?? addDays(context.periodFrom, -1)
}

function checkEntry(
  values: RowValues,
  kind: Kind,
  on: CivilDate,
  register: Register,
  context: CheckContext,
  issues: Issue[],
): Checked {
  const { vin, plate, category, energy, county, operator } = values
  const life = vin === undefined ? undefined : register.life(vin)
  const known = life?.find((e) => e.role === 'subject' && e.kind === kind && e.on === on)
  if (vin && known) return sameOrConflict(values, known.change, sameChange(values, known, register), issues)
  const left = vin && life && life.length > 0 ? mayReturn(life, kind, on) : undefined
  if (left && vin)
    issues.push(issue('vehicle.returns', 'vin', { value: vin, on: left.on, reason: left.reason ?? '' }))
  else if (vin && life && life.length > 0) {
    // The vehicle is known: what else the row claims of it is beside the point.
    const errors = issues.filter((i) => i.severity === 'error')
    return {
      outcome: 'error',
      issues: [...errors, issue('vehicle.already-registered', 'vin', { value: vin })],
    }
  }
  if (values.registeredOn !== undefined && on < values.registeredOn && !isSettled(BEFORE, context))
    issues.push(issue(BEFORE, 'on', { value: on, registered: values.registeredOn }))
  if (kind === 'stock' && on >= context.periodFrom)
    issues.push(issue('stock.in-period', values.on ? 'on' : 'registeredOn', { value: on }))
  const ref = operator === undefined ? undefined : register.operator(operator)
  if (operator !== undefined) {
    if (!ref) issues.push(issue('operator.unknown', 'operator', { value: operator }))
    else if (ref.isNew) issues.push(issue('operator.new', 'operator', { value: operator }))
  }
  if (energy && category && needsEmission(values))
    issues.push(issue('emission.missing', 'emission', { plate: plate ?? '' }))
  const retires = kind === 'replaced' && values.replaces ? resolveReplaced(values, on, register, issues) : []
  if (vin && plate && !context.correcting) checkPlateFree(vin, plate, on, retires, register, issues)
  if (!vin || !plate || !category || !energy || !county || !ref || hasError(issues))
    return { outcome: 'error', issues }
  const vehicle: VehicleFacts = {
    vin,
    plate,
    category,
    energy,
    emission: hasExhaust(energy) ? (values.emission ?? null) : null,
    registeredOn: values.registeredOn ?? null,
    operator: ref.id,
    county,
  }
  return { outcome: 'new', issues, draft: { ...blank(values, kind, on), vehicle, retires } }
}

/**
 * The exit after which a vehicle may come into service again: one that was deregistered or handed to another place
 * can be bought back on a later day; a scrapped or replaced one is gone for good.
 */
function mayReturn(life: Life, kind: Kind, on: CivilDate): LifeEvent | undefined {
  const last = life.at(-1)
  if (kind !== 'added' || !last || last.role !== 'subject' || last.kind !== 'retired') return undefined
  return last.reason !== 'scrapped' && last.on < on ? last : undefined
}

const BEFORE = 'date.before-registration'
const isSettled = (code: IssueCode, { settled }: CheckContext): boolean => settled?.includes(code) ?? false

/** Without it nobody can say whether a diesel truck is old. */
const needsEmission = (values: RowValues): boolean =>
  values.category === 'truck' && values.energy === 'diesel' && values.emission === undefined

function checkPlateFree(
  vin: string,
  plate: string,
  on: CivilDate,
  retires: readonly VehicleFacts[],
  register: Register,
  issues: Issue[],
): void {
  const holder = plateTaken(vin, plate, on, register, retires)
  if (holder) issues.push(issue('vehicle.conflict', 'plate', { value: plate, vin: holder }))
}

/** Another vehicle (none of those that leave) that carries a plate in service on or after a day. */
export function plateTaken(
  vin: string,
  plate: string,
  on: CivilDate,
  register: Register,
  leave: readonly VehicleFacts[] = [],
): string | undefined {
  const leaving = new Set([vin, ...leave.map((r) => r.vin)])
  return register
    .holders(plate)
    .find((other) => !leaving.has(other) && holdsPlateFrom(register.life(other) ?? [], plate, on))
}

function checkLater(
  values: RowValues,
  kind: Kind,
  on: CivilDate,
  register: Register,
  context: CheckContext,
  issues: Issue[],
): Checked {
  const vin = values.vin ?? vehicleOfPlate(values.plate, kind, on, register, issues)
  const life = vin === undefined ? undefined : register.life(vin)
  const wrong = nameIssues(values, life?.at(-1)?.facts)
  issues.push(...wrong)
  if (!vin || !life || life.length === 0) {
    if (values.vin !== undefined || (values.plate !== undefined && wrong.length === 0))
      issues.push(
        issue('vehicle.not-found', values.vin ? 'vin' : 'plate', { value: values.vin ?? values.plate ?? '' }),
      )
    return { outcome: 'error', issues }
  }
  const known = life.find((e) => e.role === 'subject' && e.kind === kind && e.on === on)
  if (known) return sameOrConflict(values, known.change, sameChange(values, known, register), issues)
  const state = stateOf(life, on)
  if (!state) {
    issues.push(issue('date.before-entry', 'on', { value: on, entered: life[0]?.on ?? '' }))
    return { outcome: 'error', issues }
  }
  const draft = laterDraft(values, kind, on, state, register, context, issues)
  checkPossible(life, draft, issues)
  const found = differences(values, state, register, kind)
  issues.push(...found.filter((i) => i.severity === 'error'))
  if (hasError(issues)) return { outcome: 'error', issues }
  const isPlate = (i: Issue) => i.field === 'plate' && kind === 'transferred' && context.correcting === true
  issues.push(...found.filter((i) => i.severity === 'warning' && !isPlate(i)))
  return { outcome: 'new', issues, draft }
}

function laterDraft(
  values: RowValues,
  kind: Kind,
  on: CivilDate,
  state: VehicleState,
  register: Register,
  context: CheckContext,
  issues: Issue[],
): ChangeDraft {
  const facts = { ...state.facts }
  if (facts.emission === null && values.emission !== undefined && hasExhaust(facts.energy))
    facts.emission = values.emission
  const base = blank(values, kind, on)
  if (kind === 'battery-swap' && !isNewEnergy(facts.energy))
    issues.push(issue('battery.not-new-energy', 'energy', { value: facts.energy }))
  if (facts.registeredOn !== null && on < facts.registeredOn && !isSettled(BEFORE, context))
    issues.push(issue(BEFORE, 'on', { value: on, registered: facts.registeredOn }))
  if (kind !== 'transferred') return { ...base, vehicle: facts }
  const name = values.toOperator ?? values.operator
  const ref = name === undefined ? undefined : register.operator(name)
  if (name !== undefined && !ref) issues.push(issue('operator.unknown', 'operator', { value: name }))
  if (ref?.isNew) issues.push(issue('operator.new', 'operator', { value: name ?? '' }))
  const vehicle = {
    ...facts,
    plate: (context.correcting && values.plate) || facts.plate,
    operator: ref?.id ?? facts.operator,
    county: values.toCounty ?? values.county ?? facts.county,
  }
  if (samePlace(vehicle, facts) && vehicle.plate === facts.plate)
    issues.push(issue('transfer.unchanged', 'operator'))
  return { ...base, vehicle, from: { operator: facts.operator, county: facts.county } }
}

/** Refuses what cannot have happened to a vehicle with such a life. */
function checkPossible(life: Life, draft: ChangeDraft, issues: Issue[]): void {
  const event = {
    change: '',
    kind: draft.kind,
    role: 'subject' as const,
    on: draft.on,
    facts: draft.vehicle,
    reason: draft.reason,
    packs: draft.packs,
    others: [],
  }
  const after = insertEvent(life, event)
  const impossible = impossibleEvent(after)
  if (!impossible) {
    const stale = draft.kind === 'transferred' && after[after.indexOf(event) + 1]
    // What is on the ledger keeps the operator and county that it was recorded with.
    if (stale && (stale.kind === 'transferred' || !samePlace(stale.facts, draft.vehicle)))
      issues.push(issue('vehicle.conflict', 'on', { value: draft.vehicle.vin, on: stale.on }))
    return
  }
  const exits = life.filter(isExit)
  const exit = exits.filter((e) => e.on <= draft.on).at(-1) ?? exits[0]
  if (exit) issues.push(issue('vehicle.already-retired', 'on', { value: draft.vehicle.vin, on: exit.on }))
  else issues.push(issue('vehicle.conflict', 'on', { value: draft.vehicle.vin, on: impossible.on }))
}

const samePlace = (a: VehicleFacts, b: VehicleFacts): boolean =>
  a.operator === b.operator && a.county === b.county

/**
 * The vehicle that carried a plate on a day, or the last one that ever did. On the day on which a plate passes from
 * one vehicle to another it means neither alone: the one that such a change is on the ledger for, else a conflict.
 */
export function vehicleOfPlate(
  plate: string | undefined,
  kind: Kind,
  on: CivilDate,
  register: Register,
  issues: Issue[],
): string | undefined {
  if (plate === undefined) return undefined
  const holders = register.holders(plate)
  const onDay = holders.filter((vin) => holdsPlateOn(register.life(vin) ?? [], plate, on))
  const same = onDay.find((vin) =>
    register.life(vin)?.some((e) => e.role === 'subject' && e.kind === kind && e.on === on),
  )
  if (same !== undefined) return same
  if (onDay.length > 1)
    issues.push(issue('vehicle.conflict', 'plate', { value: plate, vin: onDay.join(', ') }))
  const states = holders.map((vin) => ({ vin, state: stateOf(register.life(vin) ?? [], on) }))
  const there = states.find((s) => s.state?.facts.plate === plate && s.state.status === 'active')
  const left = states.find((s) => s.state?.facts.plate === plate)
  return (there ?? left)?.vin ?? holders.at(-1)
}

function sameOrConflict(values: RowValues, change: string, differs: Field[], issues: Issue[]): Checked {
  if (hasError(issues)) return { outcome: 'error', issues }
  if (differs.length === 0) return { outcome: 'unchanged', issues: [], change }
  const found = differs.map((field) =>
    issue('change.conflict', field, { value: String(values[field] ?? '').slice(0, 60), change }),
  )
  return { outcome: 'error', issues: [...issues, ...found] }
}

const blank = (values: RowValues, kind: Kind, on: CivilDate): Omit<ChangeDraft, 'vehicle'> => ({
  kind,
  on,
  retires: [],
  from: null,
  reason: kind === 'retired' ? (values.reason ?? null) : null,
  certificate: values.certificate ?? null,
  packs: kind === 'battery-swap' ? (values.packs ?? null) : null,
  note: values.note ?? null,
  ...(kind === 'battery-swap' && values.batteries ? { batteries: values.batteries } : {}),
})
