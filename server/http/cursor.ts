import { z } from 'zod'
import { Problem } from './problem.ts'

/** Where a page ended, as an opaque text. */
export const encodeCursor = (position: readonly string[]): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url')

/** What a part of a cursor must be. */
export type PartCheck = (part: string) => boolean

export const isId: PartCheck = (part) => /^[0-9a-f]{24}$/.test(part)
export const isInstant: PartCheck = (part) => !Number.isNaN(Date.parse(part))
export const isRowNumber: PartCheck = (part) => /^\d{1,9}$/.test(part)

/**
 * Reads a cursor of so many parts, each of which must be what its list puts there: a bad one that was let through
 * would begin the list anew, and whoever visits all pages would never come to an end.
 * @throws Problem 400 when it is not one of ours
 */
export function decodeCursor(cursor: string, parts: number, checks: readonly PartCheck[] = []): string[] {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    const read = z.array(z.string().max(200)).length(parts).parse(position)
    if (!checks.every((fits, i) => fits(read[i] ?? ''))) throw new RangeError('a part of the cursor')
    return read
  } catch {
    throw badCursor()
  }
}

/** What is answered to a cursor that the list cannot have given. */
export const badCursor = (): Problem =>
  new Problem(400, 'request.invalid', 'The cursor is not one that this list gave', [
    { path: 'query.cursor', code: 'cursor.invalid', message: 'cursor.invalid' },
  ])

/** Every page of a list, its items only. */
export async function* allPages<T>(
  read: (cursor: string | undefined) => Promise<{ items: T[]; nextCursor: string | null }>,
): AsyncIterable<T[]> {
  for (let cursor: string | undefined; ; ) {
    const page = await read(cursor)
    yield page.items
    if (page.nextCursor === null) return
    cursor = page.nextCursor
  }
}

/** Cuts a page of one more than asked for, and says where the next begins. */
export function pageFrom<T>(found: T[], limit: number, position: (last: T) => string[]) {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: found.length > limit && last ? encodeCursor(position(last)) : null }
}
