import { createHash } from 'node:crypto'
import type { SealDoc } from './model.ts'

/** What the first seal is chained to. */
export const GENESIS = '0'.repeat(64)

/** The digest of a day, from the digests over its recordings and its withdrawals. */
export const dayDigest = (parts: readonly { digest: Buffer; count: number }[]): string =>
  createHash('sha256')
    .update(parts.map(({ digest, count }) => `${count} ${digest.toString('hex')}\n`).join(''))
    .digest('hex')

/** The chain value of a day: nothing of it or of any day before can be altered without altering it. */
export const chainValue = (
  before: string,
  { _id, from, until, digest }: Pick<SealDoc, '_id' | 'from' | 'until' | 'digest'>,
): string =>
  createHash('sha256')
    .update([before, _id, from.toISOString(), until.toISOString(), digest].join('\n'))
    .digest('hex')
