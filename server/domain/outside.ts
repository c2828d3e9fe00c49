import type { VehicleFacts } from './change.ts'
import { type Checked, vehicleOfPlate } from './check-change.ts'
import type { FleetChecked } from './fleet.ts'
import { type Issue, type IssueCode, type IssueField, issue } from './issue.ts'
import { stateOf } from './life.ts'
import type { Register } from './register.ts'
import type { RowValues } from './row.ts'
import { isVin } from './vin.ts'
import { isEntry } from './vocabulary.ts'

/** Whether an account sees a vehicle with such facts. */
export type Sees = (facts: Pick<VehicleFacts, 'county' | 'operator'>) => boolean

/** Findings that tell something that the register knows of the row's own vehicle. */
const OF_SUBJECT: ReadonlySet<IssueCode> = new Set<IssueCode>([
  ...(['date.before-entry', 'date.before-registration', 'battery.not-new-energy'] as const),
  ...(['vehicle.already-registered', 'vehicle.already-retired', 'vehicle.conflict'] as const),
  ...(['vehicle.returned', 'vehicle.elsewhere', 'vehicle.returns', 'change.conflict'] as const),
  ...(['transfer.unchanged', 'register.differs', 'register.corrected'] as const),
])

/**
 * What a check may tell an account that sees a part of the city only. Of a vehicle that it does not see it learns that
 * the plate or VIN which it sent is taken by one outside its part, and nothing else: no VIN, plate, operator, date or
 * entry. A change that would touch such a vehicle is refused with the same words, possible or not.
 */
export function asSeen<T extends Checked | FleetChecked>(
  checked: T,
  values: RowValues,
  register: Register,
  sees: Sees,
): T | { outcome: 'error'; issues: Issue[] } {
  const sight = new Sight(values, register, sees)
  const issues = sight.told(checked.issues)
  if (checked.outcome === 'error') return { outcome: 'error', issues }
  const reach = sight.reach(checked)
  if (reach.length === 0) return { ...checked, issues }
  return { outcome: 'error', issues: unique([...issues.filter((i) => !OF_SUBJECT.has(i.code)), ...reach]) }
}

class Sight {
  private readonly values: RowValues
  private readonly register: Register
  private readonly sees: Sees
  private readonly subject: string | undefined

  constructor(values: RowValues, register: Register, sees: Sees) {
    this.values = values
    this.register = register
    this.sees = sees
    const { kind, vin, plate, on } = values
    const named = () => vehicleOfPlate(plate, kind ?? 'retired', on ?? '9999-12-31', register, [])
    this.subject = vin ?? (kind && isEntry(kind) ? undefined : named())
  }

  /** True for a vehicle that the account does not see, as it is now or as it was on the day. */
  private isOutside(vin: string | undefined): boolean {
    const life = vin === undefined ? undefined : this.register.life(vin)
    const first = life?.[0]
    if (!life || !first) return false
    const onDay =
      this.values.on === undefined ? undefined : (stateOf(life, this.values.on)?.facts ?? first.facts)
    return [stateOf(life)?.facts, onDay].some((facts) => facts !== undefined && !this.sees(facts))
  }

  private outside(field: IssueField, value: string): Issue {
    return issue('vehicle.outside', field, { value })
  }

  private ofSubject(): Issue {
    const { vin, plate } = this.values
    return this.outside(vin === undefined ? 'plate' : 'vin', vin ?? plate ?? '')
  }

  told(issues: readonly Issue[]): Issue[] {
    return unique(issues.map((one) => this.toldOf(one)))
  }

  private toldOf(one: Issue): Issue {
    const { code, field, params } = one
    const { value = '', vin } = params
    if (field === 'replaces' && (code === 'vehicle.conflict' || code.startsWith('replaced.')))
      return this.namedBy(value).some((v) => this.isOutside(v)) ? this.outside('replaces', value) : one
    // The vehicles that hold the plate or pack in question.
    if (vin !== undefined && (code === 'vehicle.conflict' || code === 'battery.elsewhere'))
      return vin.split(', ').some((v) => this.isOutside(v)) ? this.outside(field ?? 'plate', value) : one
    return OF_SUBJECT.has(code) && this.isOutside(this.subject) ? this.ofSubject() : one
  }

  /** The vehicles that a reference can mean. */
  private namedBy(ref: string): readonly string[] {
    return isVin(ref) ? [ref] : this.register.holders(ref)
  }

  /** What a change that is possible touches outside, as far as the register and not the row itself says so. */
  reach(checked: Exclude<Checked | FleetChecked, { outcome: 'error' }>): Issue[] {
    if (checked.outcome === 'unchanged') {
      const events = (this.subject && this.register.life(this.subject)) || []
      const known = events.find((e) => e.change === checked.change)
      return known && !this.sees(known.facts) ? [this.ofSubject()] : []
    }
    const { draft } = checked
    const corrected = checked.outcome === 'changed' ? (checked.correction?.events ?? []) : []
    const before = draft?.from ?? (draft && !isEntry(draft.kind) ? draft.vehicle : null)
    const own = [...(before ? [before] : []), ...corrected.map((e) => e.facts)].every(this.sees)
    const others = (draft?.retires ?? []).filter((old) => !this.sees(old))
    const refs =
      this.values.replaces?.filter((ref) => others.some((o) => o.vin === ref || o.plate === ref)) ?? []
    const named = refs.length > 0 || others.length === 0 ? refs : (this.values.replaces ?? [])
    return [...(own ? [] : [this.ofSubject()]), ...named.map((ref) => this.outside('replaces', ref))]
  }
}

const unique = (issues: readonly Issue[]): Issue[] => {
  const keys = issues.map((i) => JSON.stringify([i.code, i.field, i.params]))
  return issues.filter((_, i) => keys.indexOf(keys[i] ?? '') === i)
}
