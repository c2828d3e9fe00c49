import { z } from 'zod'
import { Problem } from './problem.ts'

/** Where a page ended, as an opaque text. */
export const encodeCursor = (position: readonly string[]): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url')

/**
 * Reads a cursor of so many parts.
 * @throws Problem 400 when it is not one of ours
 */
export function decodeCursor(cursor: string, parts: number): string[] {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return z.array(z.string().max(200)).length(parts).parse(position)
  } catch {
    throw new Problem(400, 'request.invalid', 'The cursor is not one that this list gave', [
      { path: 'query.cursor', code: 'cursor.invalid', message: 'cursor.invalid' },
    ])
  }
}

/** Cuts a page of one more than asked for, and says where the next begins. */
export function pageFrom<T>(found: T[], limit: number, position: (last: T) => string[]) {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: found.length > limit && last ? encodeCursor(position(last)) : null }
}
