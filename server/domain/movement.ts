import type { Sum } from './series.ts'

/** What a figure moved by, in the rule's own unit; `denominator` is null for counts, which have none. */
export interface Moved {
  numerator: number
  denominator: number | null
}

type Counted = Pick<Sum, 'numerator' | 'denominator'>

/** A rule's sums at the corners between two reports. */
export interface Corners {
  /** as the earlier report gave it, by its version of the policy */
  before: Counted
  /** at the earlier report's day and knowledge, by the later one's version */
  beforeAnew: Counted
  /** at the earlier report's day, as the later one knows it */
  sameDay: Counted
  /** at the later report's day and knowledge */
  after: Counted
  /** what entries that the earlier report counted lost by being withdrawn, and got by being said anew, by its day */
  corrected: Counted
}

/**
 * Why a figure moved from one report to the next, in parts that add up to the movement exactly, as each is what lies
 * between two of the corners: another policy, what was recorded late, what was put right, what happened.
 * @param counted a count, whose denominator means nothing
 */
export function becauseOf(
  { before, beforeAnew, sameDay, after, corrected }: Corners,
  counted: boolean,
): Record<'happened' | 'late' | 'corrected' | 'policy', Moved> {
  const part = (to: Counted, from: Counted, less: Counted = NOTHING): Moved => ({
    numerator: to.numerator - from.numerator - less.numerator,
    denominator: counted ? null : to.denominator - from.denominator - less.denominator,
  })
  return {
    happened: part(after, sameDay),
    late: part(sameDay, beforeAnew, corrected),
    corrected: part(corrected, NOTHING),
    policy: part(beforeAnew, before),
  }
}

const NOTHING: Counted = { numerator: 0, denominator: 0 }
