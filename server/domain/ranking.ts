import type { Rule } from './policy.ts'
import type { Sum } from './series.ts'

/** A share over fewer than so many vehicles says little: one vehicle moves it by ten points or more. */
export const SMALL_BELOW = 10

/** True if a part's denominator is too small for its share to be compared with others'; counts have none. */
export const isSmall = (rule: Pick<Rule, 'kind'>, { denominator }: Sum): boolean =>
  rule.kind !== 'count' && denominator < SMALL_BELOW

/**
 * Places by share, or by count: the highest is 1, equal ones share a place. Shares are compared exactly, not as they
 * are rounded. Small parts (see isSmall) are not placed, so that nobody is last for one vehicle.
 * @returns each part's place, null for those that are not placed
 */
export function places<T extends { sum: Sum }>(
  rule: Pick<Rule, 'kind'>,
  parts: readonly T[],
): Map<T, number | null> {
  const compare = (a: Sum, b: Sum): number =>
    rule.kind === 'count'
      ? b.numerator - a.numerator
      : b.numerator * a.denominator - a.numerator * b.denominator
  const placed = parts.filter(({ sum }) => !isSmall(rule, sum)).sort((a, b) => compare(a.sum, b.sum))
  const found = new Map<T, number | null>()
  for (const part of parts) found.set(part, null)
  for (const [i, part] of placed.entries()) {
    const before = placed[i - 1]
    const equal = before !== undefined && compare(before.sum, part.sum) === 0
    found.set(part, equal ? (found.get(before) ?? i + 1) : i + 1)
  }
  return found
}
