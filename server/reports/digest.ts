import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
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
