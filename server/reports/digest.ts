import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { isLimited, type Scope } from '../accounts/permissions.ts'
import type { ReportContent } from './schema.ts'

/** How many digits of the digest stand in a report's QR code: enough that nobody guesses them (80 bits). */
export const CODE_LENGTH = 20

/**
 * A report's digest: SHA-256, in hex, over its content as canonical JSON (RFC 8785), in UTF-8. The order in which a
 * database gives fields back makes no difference.
 * @throws Error for what is no JSON
 */
export function digestOf(content: ReportContent): string {
  const text = canonicalize(content)
  if (text === undefined) throw new Error('A report has no content')
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

/** What stands in a report's QR code for its digest. */
export const codeOf = (digest: string): string => digest.slice(0, CODE_LENGTH)

/**
 * The digest that an extract bears, made of the whole report's and the part that it is of. It proves as much, and does
 * not open the city's figures to whoever holds a part: the check of a paper shows what stands on that paper.
 * @returns the report's own digest for who sees all of it
 */
export function digestFor(digest: string, scope: Scope): string {
  if (!isLimited(scope)) return digest
  const part = scope.operator === undefined ? `county:${scope.county}` : `operator:${scope.operator}`
  return createHash('sha256').update(`${digest}|${part}`, 'utf8').digest('hex')
}
