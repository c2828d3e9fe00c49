/** Shares, compared exactly and shown rounded down. */

/** numerator ÷ denominator in percent, rounded down to one decimal; null for an empty denominator. */
export const percent = (numerator: number, denominator: number): number | null =>
  denominator === 0 ? null : Math.floor((numerator * 1000) / denominator) / 10

/** Whether a share reaches a target in percent: compared exactly, in integers (hundredths of a percent). */
export const reachesShare = (numerator: number, denominator: number, target: number): boolean =>
  numerator * 10_000 >= denominator * Math.round(target * 100)

/**
 * The smallest number of further new-energy replacements in a row that lifts a share to its target; 0 when it is
 * there, null when no number does (a target of 100 % once broken).
 */
export function neededForShare(numerator: number, denominator: number, target: number): number | null {
  if (reachesShare(numerator, denominator, target)) return 0
  const hundredths = Math.round(target * 100)
  if (hundredths >= 10_000) return null
  return Math.ceil((denominator * hundredths - numerator * 10_000) / (10_000 - hundredths))
}
