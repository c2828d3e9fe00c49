import { may } from '../accounts/permissions.ts'
import { inCounty } from '../compliance/evidence.ts'
import type { Caller } from '../http/route.ts'
import type { DisputeDoc } from './model.ts'

/** Which disputes a caller sees, as a query: those of the lists that it sees, and its own. */
export function visibleTo({ id, scope }: Caller): Record<string, unknown> {
  if (scope.operator !== undefined) return { operator: scope.operator }
  if (scope.county === undefined) return {}
  return { $or: [{ county: inCounty(scope.county) }, { 'by.id': id }] }
}

/** Whether a caller who sees a dispute may decide it: an officer, but nobody their own. */
export const mayDecide = (doc: Pick<DisputeDoc, 'by' | 'status' | 'verdict'>, caller: Caller): boolean =>
  doc.status === 'open' && may(caller, 'dispute.decide') && doc.by.id !== caller.id
