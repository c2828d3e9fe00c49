import type { ChangeDraft } from '../domain/change.ts'
import { liesIn } from '../domain/regions.ts'
import type { Role } from './schema.ts'

/** What an account may do. Each route declares one; `public` routes are open to anyone, `signed-in` to any account. */
export const PERMISSIONS = [
  'read',
  'change.write',
  'import.send',
  'import.submit',
  'import.decide',
  'dispute.decide',
  'report.nil',
  'operator.manage',
  'job.run',
  'schedule.manage',
  'mail.read',
  'account.manage',
  'recipient.manage',
  'reporting.manage',
  'policy.manage',
  'scenario.read',
  'scenario.write',
  'audit.read',
] as const
export type Permission = (typeof PERMISSIONS)[number]

const COUNTY_OFFICER = [
  'read',
  'change.write',
  'import.send',
  'import.decide',
  'dispute.decide',
  'report.nil',
  'scenario.read',
  'scenario.write',
] as const

const MATRIX: Record<Role, readonly Permission[]> = {
  // Submitting is what an operator does; the bureau's own lists are approved at once.
  administrator: PERMISSIONS.filter((permission) => permission !== 'import.submit'),
  officer: [...COUNTY_OFFICER, 'operator.manage', 'mail.read', 'job.run'],
  'county-officer': COUNTY_OFFICER,
  viewer: ['read', 'mail.read', 'scenario.read', 'audit.read'],
  operator: ['read', 'import.send', 'import.submit', 'report.nil'],
}

/** Whether a role has a permission. */
export const can = (role: Role, permission: Permission): boolean => MATRIX[role].includes(permission)

/** What concerns the whole city and cannot be shown in part. */
const CITY_WIDE: readonly string[] = ['mail.read', 'audit.read']

/** Who asks to do something: an account of a role, limited by its scope, and further by the token that it uses. */
export interface Actor {
  role: Role
  scope: Scope
  /** the token by which a program acts for the account; absent in a browser's session */
  token?: { permissions: readonly Permission[] } | undefined
}

/** The permissions of a caller: its role's, without what its scope or its token excludes. */
export const permissionsOfCaller = ({ role, scope, token }: Actor): Permission[] =>
  MATRIX[role].filter(
    (permission) =>
      (role !== 'viewer' || scope.county === undefined || !CITY_WIDE.includes(permission)) &&
      (token === undefined || token.permissions.includes(permission)),
  )

/** Whether a caller may do something. */
export const may = (caller: Actor, permission: Permission): boolean =>
  permissionsOfCaller(caller).includes(permission)

/** What part of the city an account sees: all of it, one county, or one operator's own fleet. */
export interface Scope {
  county?: string | undefined
  operator?: string | undefined
}

/** True for a caller who sees only a part of the city. */
export const isLimited = ({ county, operator }: Scope): boolean =>
  county !== undefined || operator !== undefined

/**
 * True if a thing lies in a scope: it is the operator's own, and in the county or below it. What lies in a wider place
 * than the scope's county lies outside.
 */
export const isWithin = ({ county, operator }: { county: string; operator: string }, scope: Scope): boolean =>
  (scope.operator === undefined || operator === scope.operator) &&
  (scope.county === undefined || liesIn(county, scope.county))

/**
 * Narrows a query's county and operator to a scope: what lies outside gives an empty result, never somebody else's
 * data; of a wider place only the scope's part is left. Whether a thing may be seen is for `isWithin` to say.
 * Returns null when the two exclude each other.
 */
export function narrow<T extends Scope>(query: T, scope: Scope): T | null {
  if (scope.operator !== undefined && query.operator !== undefined && query.operator !== scope.operator)
    return null
  const county = narrowCounty(query.county, scope.county)
  if (county === null) return null
  return { ...query, county, operator: scope.operator ?? query.operator }
}

function narrowCounty(asked: string | undefined, own: string | undefined): string | undefined | null {
  if (own === undefined || asked === undefined) return own ?? asked
  if (asked.startsWith(own)) return asked
  return own.startsWith(asked) ? own : null
}

/** True if everything that a change touches, as it was and as it becomes, lies within a scope. */
export const liesWithin = (
  { vehicle, from, retires }: Pick<ChangeDraft, 'vehicle' | 'from' | 'retires'>,
  scope: Scope,
): boolean => [vehicle, ...(from ? [from] : []), ...retires].every((thing) => isWithin(thing, scope))
