import { isLimited, isWithin, liesWithin, type Scope } from '../../accounts/permissions.ts'
import type { ChangeDraft } from '../../domain/change.ts'
import { type CheckContext, type Checked, checkChange } from '../../domain/check-change.ts'
import {
  type Correction,
  checkFleetRow,
  correctedDrafts,
  type Difference,
  type FleetChecked,
} from '../../domain/fleet.ts'
import { type Issue, issue } from '../../domain/issue.ts'
import type { Moves } from '../../domain/moves.ts'
import { asSeen } from '../../domain/outside.ts'
import type { WorkingRegister } from '../../domain/register.ts'
import type { ReadRow, RowValues } from '../../domain/row.ts'
import type { ImportMode, Outcome } from '../schema.ts'

/** What the check of a list's row needs to know beside the register. */
export interface ListContext extends CheckContext {
  mode: ImportMode
  /** `fleet`: the day on which the fleet was so */
  asOf: string
  /** the part of the city to which the list's sender is limited */
  scope: Scope | undefined
  /** id of the operator whose list it is */
  operator: string | null
}

/** What becomes of a row, and what recording it means. */
export interface Verdict {
  outcome: Outcome
  issues: Issue[]
  draft: ChangeDraft | null
  correction: Correction | null
  differences: Difference[]
  /** operators other than the row's own whose vehicles it touches */
  touches: string[]
  /** the entry that says the same already */
  change: string | null
}

const nothing = { draft: null, correction: null, differences: [], touches: [], change: null }

export const refusal = (issues: Issue[]): Verdict => ({ ...nothing, outcome: 'error', issues })

/** Checks a row as its list is meant: as a change, or as a vehicle of a fleet. */
export function checkRow(row: ReadRow, register: WorkingRegister, context: ListContext): Verdict {
  const checked: FleetChecked =
    context.mode === 'fleet' ? checkFleetRow(row, register, context) : checkChange(row, register, context)
  return withinScope(row.values, checked, register, context)
}

/** What lies beyond the sender's part of the city is an error, whatever else it is. */
function withinScope(
  values: RowValues,
  found: FleetChecked,
  register: WorkingRegister,
  context: ListContext,
): Verdict {
  const { scope } = context
  let checked = found
  if (scope && isLimited(scope)) {
    checked = asSeen(checked, values, register, (facts) => isWithin(facts, scope))
  }
  if (scope && reachesBeyond(checked, scope)) {
    const { county = '', operator = '' } = values
    const foreign =
      scope.operator === undefined
        ? issue('county.unknown', 'county', { value: county })
        : issue('operator.unknown', 'operator', { value: operator })
    return refusal([...checked.issues.filter((i) => i.code !== 'operator.new'), foreign])
  }
  return verdictOf(values, checked, register, context)
}

function reachesBeyond(checked: FleetChecked, scope: Scope): boolean {
  if (checked.outcome === 'new') return !liesWithin(checked.draft, scope)
  if (checked.outcome !== 'changed') return false
  const { draft, correction } = checked
  if (draft && !liesWithin(draft, scope)) return true
  return correction?.events.some(({ facts }) => !isWithin(facts, scope)) ?? false
}

function verdictOf(
  values: RowValues,
  checked: FleetChecked,
  register: WorkingRegister,
  context: ListContext,
): Verdict {
  const { issues, outcome } = checked
  if (outcome === 'error') return refusal(issues)
  if (outcome === 'unchanged') return { ...nothing, outcome, issues, change: checked.change }
  const own = context.operator ?? (values.operator ? register.operator(values.operator)?.id : undefined)
  const { draft } = checked
  return {
    ...{ outcome, issues, draft, change: null },
    correction: outcome === 'changed' ? checked.correction : null,
    differences: outcome === 'changed' ? checked.differences : [],
    touches: own === undefined || !draft ? [] : othersIn(draft, own),
  }
}

const othersIn = ({ vehicle, from, retires }: ChangeDraft, own: string): string[] => {
  const holders = [from?.operator ?? vehicle.operator, ...retires.map((r) => r.operator)]
  return [...new Set(holders)].filter((id) => id !== own)
}

/** Lets a row in: those after it see the register as it leaves it. */
export function accept(register: WorkingRegister, id: string, { draft, correction }: Verdict): void {
  if (correction) {
    const wrong = new Set(correction.events)
    const life = register.life(correction.vin) ?? []
    register.load(
      correction.vin,
      life.map((e) => (wrong.has(e) ? { ...e, change: id, facts: { ...e.facts, ...correction.set } } : e)),
    )
  }
  if (draft) register.accept(id, draft)
}

/** Whether approving a row records anything. */
export const records = ({ draft, correction }: Pick<Verdict, 'draft' | 'correction'>): boolean =>
  draft !== null || correction !== null

/** Adds what recording a row moves. */
export function noteMoves(moves: Moves, { draft, correction }: Verdict, sign: 1 | -1 = 1): void {
  if (correction) {
    for (const { before, after } of correctedDrafts(correction)) {
      moves.add(before, sign === 1 ? -1 : 1)
      moves.add(after, sign)
    }
  }
  if (draft) moves.add(draft, sign)
}

/** The vehicles that recording a row changes. */
export const vinsOf = ({ draft, correction }: Verdict): string[] => [
  ...(draft ? [draft.vehicle.vin, ...draft.retires.map((r) => r.vin)] : []),
  ...(correction ? [correction.vin] : []),
]

/**
 * Checks what somebody answered about a vehicle that a fleet list does not name. Without an answer, and when it is
 * said to be in service still, nothing happens to it.
 */
export function checkMissing(row: ReadRow, register: WorkingRegister, context: ListContext): Verdict {
  const { kind } = row.values
  if (kind === undefined || kind === 'stock')
    return { ...nothing, outcome: 'missing', issues: kind ? [] : row.issues }
  const values = { ...row.values, on: row.values.on ?? context.asOf }
  const checked: Checked = checkChange({ ...row, values }, register, context)
  const verdict = withinScope(values, checked, register, context)
  return { ...verdict, outcome: 'missing', differences: leaving(verdict.draft) }
}

const leaving = (draft: ChangeDraft | null): Difference[] =>
  draft === null
    ? []
    : [
        {
          field: 'kind',
          before: 'stock',
          after: draft.kind === 'retired' ? (draft.reason ?? draft.kind) : draft.kind,
        },
      ]
