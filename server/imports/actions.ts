import { can } from '../accounts/permissions.ts'
import { inCounty } from '../compliance/evidence.ts'
import { liesIn } from '../domain/regions.ts'
import { Problem } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import type { ImportDoc } from './model.ts'
import { IMPORT_ACTIONS, type ImportAction, type ImportStatus } from './schema.ts'

/**
 * Which lists a caller sees, as a query: the bureau all; a county officer those of the county and those that the
 * officer sent; an operator's accounts those of the operator.
 */
export function visibleTo({ id, scope }: Caller): Record<string, unknown> {
  if (scope.operator !== undefined) return { operator: scope.operator }
  if (scope.county === undefined) return {}
  return { $or: [{ county: inCounty(scope.county) }, { 'sentBy.id': id }] }
}

/** What a list is to a caller: its own, one to be decided by it, or one that it only looks at. */
type Side = 'sender' | 'officer' | 'receiver' | 'onlooker'

type Actionable = Pick<
  ImportDoc,
  | 'status'
  | 'operator'
  | 'sentBy'
  | 'sentAs'
  | 'scope'
  | 'county'
  | 'counties'
  | 'counts'
  | 'recorded'
  | 'decidedBy'
  | 'decidedAt'
  | 'submittedAt'
>

/**
 * `sender`: any account of the operator that sent it. `officer`: an officer's own list (for a bureau officer those of
 * all officers, as absences must not stop the work). `receiver`: an operator's list, seen by an officer.
 */
function sideOf(doc: Actionable, caller: Caller): Side {
  const { role, scope, id } = caller
  if (role === 'operator')
    return doc.sentAs === 'operator' && doc.operator === scope.operator ? 'sender' : 'onlooker'
  if (!can(role, 'import.decide')) return 'onlooker'
  if (doc.sentAs === 'operator') return 'receiver'
  const own = doc.sentBy.id === id || scope.county === undefined || doc.scope?.county === scope.county
  return own ? 'officer' : 'onlooker'
}

const OPEN: readonly ImportStatus[] = ['checked', 'rejected']
const MENDING = { mend: OPEN, map: OPEN, recheck: OPEN }

/** In which states of a list each side may do what. */
const WHEN: Record<Side, Partial<Record<ImportAction, readonly ImportStatus[]>>> = {
  sender: {
    ...MENDING,
    submit: ['checked'],
    cancel: ['parsing', 'checked', 'submitted', 'rejected'],
    dispute: ['checked', 'submitted', 'rejected', 'applied'],
  },
  officer: {
    ...MENDING,
    approve: ['checked'],
    return: ['checked'],
    cancel: ['parsing', 'checked', 'rejected'],
    withdraw: ['applied'],
    dispute: ['checked', 'rejected', 'applied'],
  },
  receiver: { approve: ['submitted'], return: ['submitted'], withdraw: ['applied'] },
  onlooker: {},
}

/** What a caller may do with a list as it stands. */
export const actionsFor = (doc: Actionable, caller: Caller): ImportAction[] =>
  IMPORT_ACTIONS.filter((action) => refusalOf(doc, caller, action) === null)

/**
 * Refuses what a caller may not do with a list now.
 * @throws Problem 403 `permission.denied` or `import.beyond-county`; 409 `import.wrong-status` with the present status
 *   and by whom; 409 `import.nothing-to-apply`
 */
export function refuseUnless(doc: Actionable, caller: Caller, action: ImportAction): void {
  const refusal = refusalOf(doc, caller, action)
  if (refusal) throw refusal
}

function refusalOf(doc: Actionable, caller: Caller, action: ImportAction): Problem | null {
  const when = WHEN[sideOf(doc, caller)][action]
  if (!when) return new Problem(403, 'permission.denied')
  if (!when.includes(doc.status)) return wrongStatus(doc)
  if ((action === 'submit' || action === 'approve') && doc.counts.toRecord === 0)
    return new Problem(409, 'import.nothing-to-apply', 'No row of this list has anything new to record')
  if ((action === 'approve' || action === 'withdraw') && !withinCounty(doc, caller))
    return new Problem(403, 'import.beyond-county', 'Rows of this list touch other counties')
  return null
}

/** True if all counties that a list touches lie in the caller's. */
const withinCounty = (doc: Actionable, { scope: { county } }: Caller): boolean =>
  county === undefined || doc.counties.every((code) => liesIn(code, county))

/** 409 that tells how a list stands now, and who brought it there. */
export function wrongStatus(doc: Actionable): Problem {
  const { status, decidedBy, decidedAt, submittedAt, sentBy } = doc
  const by = status === 'submitted' ? sentBy.name : (decidedBy?.name ?? sentBy.name)
  const at = (status === 'submitted' ? submittedAt : decidedAt)?.toISOString()
  const code = 'import.wrong-status'
  return new Problem(409, code, `The list is ${status}`, [
    { path: 'status', code, message: `${status}, ${by}`, params: { status, by, ...(at ? { at } : {}) } },
  ])
}
