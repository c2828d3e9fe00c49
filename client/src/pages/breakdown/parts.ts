import type { Breakdown, BreakdownPart } from '../../../../server/compliance/schema.ts'
import { share } from '../../format.ts'

/**
 * How the parts of a figure are compared: by their place, where the part is somebody's doing; by share without a place;
 * or only by how much of the whole each is. By energy a share says nothing: it is all or nothing.
 */
export type View = 'ranking' | 'shares' | 'composition'

export const viewOf = ({ by, kind }: Pick<Breakdown, 'by' | 'kind'>): View => {
  if (by === 'county' || by === 'operator') return 'ranking'
  return kind === 'count' || by === 'energy' ? 'composition' : 'shares'
}

/** What a part is of the whole: vehicles counted among, or what is counted. */
export const amountOf = (part: Pick<BreakdownPart, 'numerator' | 'denominator'>): number =>
  part.denominator ?? part.numerator

/** Parts that say anything: what has come and gone again is no part any more. */
const says = (part: BreakdownPart): boolean => amountOf(part) !== 0 || part.undetermined > 0

const byAmount = (a: BreakdownPart, b: BreakdownPart): number => amountOf(b) - amountOf(a)

/** The parts in the order in which they are shown: the compared ones, and apart those too small to be. */
export function ordered(data: Breakdown): { compared: BreakdownPart[]; small: BreakdownPart[] } {
  const parts = data.items.filter(says)
  if (viewOf(data) !== 'ranking') return { compared: parts.sort(byAmount), small: [] }
  const place = ({ rank }: BreakdownPart) => rank ?? Number.POSITIVE_INFINITY
  return {
    compared: parts.filter(({ small }) => !small).sort((a, b) => place(a) - place(b) || byAmount(a, b)),
    small: parts.filter(({ small }) => small).sort(byAmount),
  }
}

/** Whether a part's share is at or above the target, compared exactly. */
export const meets = ({ numerator, denominator }: BreakdownPart, target: number): boolean =>
  numerator * 100 >= (denominator ?? 0) * target

/** How much of the whole a part is, in percent rounded down to one decimal; null where there is no whole. */
export function portionOf(part: BreakdownPart, total: Breakdown['total']): number | null {
  const whole = amountOf(total)
  return whole > 0 ? Math.floor((amountOf(part) * 1000) / whole) / 10 : null
}

interface Amounts {
  numerator: number
  denominator: number
}

/** What some months brought together, both included. Takes months as `YYYY-MM`. */
export function sumFrom({ items }: Pick<Breakdown, 'items'>, from: string, to: string): Amounts {
  const within = items.filter(({ key }) => key >= from && key <= to)
  return {
    numerator: within.reduce((sum, part) => sum + part.numerator, 0),
    denominator: within.reduce((sum, part) => sum + (part.denominator ?? 0), 0),
  }
}

/** A share in percent, rounded down to one decimal as every share is. */
export const shareOf = ({ numerator, denominator }: Amounts): string =>
  share(denominator > 0 ? Math.floor((numerator * 1000) / denominator) / 10 : null)
