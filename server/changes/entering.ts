import type { z } from 'zod'
import { isWithin, liesWithin, type Scope } from '../accounts/permissions.ts'
import type { ComplianceService } from '../compliance/service.ts'
import type { ChangeDraft } from '../domain/change.ts'
import { type Checked, checkChange } from '../domain/check-change.ts'
import { type CivilDate, civilDateAt } from '../domain/civil-date.ts'
import { hasError, type Issue, issue } from '../domain/issue.ts'
import { asSeen } from '../domain/outside.ts'
import type { WorkingRegister } from '../domain/register.ts'
import type { ReadRow, RowValues } from '../domain/row.ts'
import { type FieldFault, Problem } from '../http/problem.ts'
import type { Operators } from '../operators/service.ts'
import type { ChangeModel } from './model.ts'
import type { createChange, Effect } from './schema.ts'

/** What every entering of a change goes through, whether it is new or says another anew. */

export type ChangeBody = z.output<typeof createChange>

export interface Entered {
  row: ReadRow
  draft: ChangeDraft
  /** what is to be looked at */
  warnings: Issue[]
}

/**
 * Checks what was entered against the register, and tells the caller no more of it than the caller may know.
 * @throws Problem 422 `change.invalid`, 409 `change.duplicate`, 403 for what lies outside by what was entered itself
 */
export function checkEntered(
  row: ReadRow,
  register: WorkingRegister,
  scope: Scope,
  context: { now: Date; timeZone: string; periodFrom: CivilDate; correcting?: boolean },
): Entered {
  const { now, timeZone, periodFrom, correcting = false } = context
  const today = civilDateAt(now, timeZone)
  const checked = told(
    checkChange(row, register, { today, periodFrom, correcting }),
    row.values,
    register,
    scope,
  )
  if (checked.outcome === 'error') throw invalidChange(checked.issues)
  if (checked.outcome === 'unchanged') throw duplicate(checked.change)
  const { draft, issues } = checked
  if (!liesWithin(draft, scope)) throw new Problem(403, 'permission.denied')
  return { row, draft, warnings: issues }
}

/** What a caller may be told. */
function told(checked: Checked, values: RowValues, register: WorkingRegister, scope: Scope): Checked {
  if (scope.county === undefined && scope.operator === undefined) return checked
  return asSeen(checked, values, register, (facts) => isWithin(facts, scope))
}

/** Refuses what issues found later stand against. @throws Problem 422 `change.invalid` */
export function refuseIssues(issues: Issue[], row: ReadRow, register: WorkingRegister, scope: Scope): void {
  if (!hasError(issues)) return
  throw invalidChange(told({ outcome: 'error', issues }, row.values, register, scope).issues)
}

/** Refuses to break a target without a reason. @throws Problem 422 `change.breaks-target` naming the rules */
export function refuseBreach(effects: readonly Effect[], reason: string | undefined): void {
  const broken = effects.filter((e) => e.breaks).map((e) => e.rule)
  if (broken.length === 0 || reason !== undefined) return
  const code = 'change.breaks-target'
  throw new Problem(
    422,
    code,
    'A reason is needed',
    broken.map((rule) => ({ path: rule, code, message: code, params: { rule } })),
  )
}

/** Registers the operator that a change names, where nobody has. */
export async function registerNew({ row, draft, warnings }: Entered, operators: Operators): Promise<void> {
  if (!warnings.some((i) => i.code === 'operator.new')) return
  const { operator, toOperator } = row.values
  const name = draft.kind === 'transferred' ? (toOperator ?? operator) : operator
  if (name) await operators.register([name])
}

/** Refuses what would rest on a list that is being withdrawn. @throws Problem 503 */
export async function refuseWithdrawing(vins: readonly string[], changes: ChangeModel): Promise<void> {
  const lists = await changes.db
    .collection('imports')
    .find({ status: 'withdrawing' }, { projection: { _id: 1 } })
    .toArray()
  if (lists.length === 0) return
  const own = { vins: { $in: [...vins] }, 'source.import': { $in: lists.map((l) => l._id) } }
  if (await changes.collection.findOne(own as never, { projection: { _id: 1 } }))
    throw new Problem(503, 'busy', 'The list that this rests on is being withdrawn')
}

/** 409 for what is on the ledger already. */
export const duplicate = (change: string): Problem =>
  new Problem(409, 'change.duplicate', 'This change is on the ledger already', [
    { path: 'body', code: 'change.duplicate', message: change },
  ])

/** 422 with what stands in the way, field by field. */
export const invalidChange = (issues: readonly Issue[]): Problem =>
  new Problem(422, 'change.invalid', undefined, issues.filter((i) => i.severity === 'error').map(faultOf))

const faultOf = ({ field, code, params }: Issue): FieldFault => ({
  path: field ?? 'body',
  code,
  message: code,
  params,
})

/** 422 for a change that differs from the one on the ledger of the same vehicle, kind and day. */
export const differs = (field: 'batteries', change: string): Problem =>
  invalidChange([issue('change.conflict', field, { value: '', change })])

/** What is needed of the policy for a check. */
export const policyContext = (compliance: ComplianceService, now: Date, timeZone: string) => ({
  now,
  timeZone,
  periodFrom: compliance.policy.period.from,
})
