import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { isLimited, type Scope } from '../accounts/permissions.ts'
import type { RuleFigure } from '../compliance/schema.ts'
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
  return hashOf(text)
}

/** What stands in a report's QR code for its digest. */
export const codeOf = (digest: string): string => digest.slice(0, CODE_LENGTH)

/** What an operator's extract stands for: figures that are no part of the report, but worked out of the ledger. */
export type OwnFigure = Pick<RuleFigure, 'id' | 'numerator' | 'denominator' | 'undetermined'>

/** So many digits of an operator's digest say whose it is, the others that its figures are the same. */
const WHOSE = 12

/**
 * The digest that an extract bears, made of the whole report's and the part that it is of. It proves as much, and does
 * not open the city's figures to whoever holds a part: the check of a paper shows what stands on that paper. A
 * county's figures are in the report; an operator's are not, and its digest covers them too.
 * @param rules the figures of the part
 * @returns the report's own digest for who sees all of it
 */
export function digestFor(digest: string, scope: Scope, rules: readonly OwnFigure[]): string {
  if (!isLimited(scope)) return digest
  if (scope.operator === undefined) return hashOf(`${digest}|county:${scope.county}`)
  const own = rules.map(({ id, numerator, denominator, undetermined }) => ({
    ...{ id, numerator, denominator, undetermined },
  }))
  return (
    whoseOf(digest, scope.operator) + hashOf(`${digest}|${scope.operator}|${canonicalize(own)}`).slice(WHOSE)
  )
}

/** The first digits of an operator's digest: they are known without its figures. */
export const whoseOf = (digest: string, operator: string): string =>
  hashOf(`${digest}|operator:${operator}`).slice(0, WHOSE)

const hashOf = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')
