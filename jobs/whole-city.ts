import { isLimited, type Scope } from '../server/accounts/permissions.ts'
import { Problem } from '../server/http/problem.ts'

/** Frozen results are the whole city's: an account that sees one county or operator does not get them. @throws Problem 403 */
export function requireWholeCity({ scope }: { scope: Scope }): void {
  if (isLimited(scope)) throw new Problem(403, 'permission.denied')
}
