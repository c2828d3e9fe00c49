import { liesWithin } from '../accounts/permissions.ts'
import type { ComplianceService } from '../compliance/service.ts'
import type { ChangeDraft } from '../domain/change.ts'
import { checkChange } from '../domain/check-change.ts'
import { civilDateAt } from '../domain/civil-date.ts'
import { contributionsOf } from '../domain/contribution.ts'
import { type Issue, type IssueCode, issue } from '../domain/issue.ts'
import type { WorkingRegister } from '../domain/register.ts'
import type { RowValues } from '../domain/row.ts'
import { Problem } from '../http/problem.ts'
import type { ImportDoc, ImportRowDoc } from '../imports/model.ts'
import type { Operators } from '../operators/service.ts'
import type { VehicleModel } from '../vehicles/model.ts'
import { loadRegister } from '../vehicles/register-loader.ts'
import type { DisputeDoc } from './model.ts'

export interface PlanParts {
  vehicles: VehicleModel
  operators: Operators
  compliance: ComplianceService
  timeZone: string
}

/** What upholding a dispute records. */
export interface Plan {
  draft: ChangeDraft
  register: WorkingRegister
  /** operators to be registered with it */
  newOperators: string[]
}

/** Errors that a document can settle: it shows that the date is right all the same. */
const SETTLED: readonly IssueCode[] = ['date.before-registration']

/** Errors that the check finds anew, as the register now is; all others are kept as the list's check found them. */
const FOUND_ANEW: ReadonlySet<IssueCode> = new Set<IssueCode>([
  ...(['date.before-registration', 'date.before-entry', 'date.future', 'battery.not-new-energy'] as const),
  ...(['vehicle.not-found', 'vehicle.already-registered', 'vehicle.already-retired'] as const),
  ...(['vehicle.conflict', 'change.conflict', 'transfer.unchanged', 'required.missing'] as const),
  ...(['replaced.not-found', 'replaced.already-retired'] as const),
  ...(['operator.new', 'emission.missing', 'register.differs', 'stock.in-period'] as const),
])

/**
 * The change that a disputed row records as it stands, against the register as it is now.
 * @throws Problem 409 `dispute.cannot-record` naming what no document settles
 */
export async function planOf(
  dispute: Pick<DisputeDoc, 'wish' | 'rules'>,
  list: ImportDoc,
  row: ImportRowDoc,
  now: Date,
  { vehicles, operators, compliance, timeZone }: PlanParts,
): Promise<Plan> {
  const values = valuesOf(list, row)
  const register = await loadRegister(vehicles, [values], await operators.finder())
  const issues = row.issues.filter((i) => !FOUND_ANEW.has(i.code))
  const { policy } = compliance
  const context = { today: civilDateAt(now, timeZone), periodFrom: policy.period.from, settled: SETTLED }
  const checked = checkChange({ values, issues }, register, context)
  if (checked.outcome === 'error') throw cannotRecord(checked.issues.filter((i) => i.severity === 'error'))
  if (checked.outcome === 'unchanged')
    throw new Problem(409, 'change.duplicate', 'The ledger has this change already')
  const { draft } = checked
  if (list.scope && !liesWithin(draft, list.scope))
    throw cannotRecord([issue('operator.unknown', 'operator', { value: values.operator ?? '' })])
  const isNew = checked.issues.some((i) => i.code === 'operator.new')
  const name = draft.kind === 'transferred' ? (values.toOperator ?? values.operator) : values.operator
  return {
    draft: dispute.wish === 'exempt' ? { ...draft, exemptFrom: exempted(dispute, draft, compliance) } : draft,
    register,
    newOperators: isNew && name ? [name] : [],
  }
}

/** A row of an operator's own list needs not name it. */
const valuesOf = ({ operator }: ImportDoc, { values }: ImportRowDoc): RowValues =>
  values.operator === undefined && operator !== null ? { ...values, operator } : values

/** The rules named, or all that would count the change. */
function exempted({ rules }: Pick<DisputeDoc, 'rules'>, draft: ChangeDraft, { policy }: ComplianceService) {
  if (rules.length > 0) return rules
  const counting = new Set(contributionsOf(policy, draft).map((c) => c.rule))
  return exemptible(policy).filter((id) => counting.has(id))
}

/**
 * The rules from which a change can be exempted: those with a number of their own. A fleet's share counts vehicles
 * that come and go: leaving out the coming alone would count a vehicle less than none when it goes.
 */
export const exemptible = (policy: ComplianceService['policy']): string[] =>
  policy.rules.filter((rule) => rule.kind !== 'rising-share').map((rule) => rule.id)

const cannotRecord = (issues: readonly Issue[]): Problem =>
  new Problem(
    409,
    'dispute.cannot-record',
    undefined,
    issues.map(({ field, code, params }) => ({ path: field ?? 'row', code, message: code, params })),
  )
