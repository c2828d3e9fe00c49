import { type FieldFault, Problem } from '../http/problem.ts'
import type { Role } from './schema.ts'

/** The part of the city to which an account is limited. */
export interface Limits {
  county: string | null
  operator: string | null
}

/** Which limit a role has, and whether it must have it; the others have none. */
const LIMIT: Partial<Record<Role, { field: keyof Limits; required: boolean }>> = {
  'county-officer': { field: 'county', required: true },
  viewer: { field: 'county', required: false },
  operator: { field: 'operator', required: true },
}

/**
 * The limits of an account with a role.
 * @param given what was asked for; undefined where nothing was
 * @param before the limits so far, kept where the role has them and nothing else was asked for
 * @param isOperator whether an id is a registered operator's
 * @throws Problem 400 with the fault of the field: missing, unknown, or not for this role
 */
export async function limitsFor(
  role: Role,
  given: { [K in keyof Limits]?: string | null | undefined },
  before: Limits,
  isOperator: (id: string) => Promise<boolean>,
): Promise<Limits> {
  const faults: FieldFault[] = []
  const fault = (field: keyof Limits, code: string, value = '') =>
    faults.push({ path: `body.${field}`, code, message: code, params: { value } })
  const limits: Limits = { county: null, operator: null }
  for (const field of ['county', 'operator'] as const) {
    const asked = given[field]
    if (LIMIT[role]?.field !== field) {
      if (asked !== undefined && asked !== null) fault(field, `account.no-${field}`)
      continue
    }
    limits[field] = asked === undefined ? before[field] : asked
    if (limits[field] === null && LIMIT[role].required) fault(field, `account.needs-${field}`)
  }
  const { operator } = limits
  if (operator !== null && !(await isOperator(operator))) fault('operator', 'operator.unknown', operator)
  if (faults.length > 0) throw new Problem(400, 'request.invalid', undefined, faults)
  return limits
}
