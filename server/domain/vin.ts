import { isVesselNumber } from './vessel.ts'

/** VIN (GB 16735): form, and the check digit in the ninth place. A vessel's number takes its place (vessel.ts). */

const FORM = /^[0-9A-HJ-NPR-Z]{17}$/
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2] as const
const VALUES: Readonly<Record<string, number>> = {
  ...{ A: 1, B: 2, C: 3, D: 4, E: 5, F: 6, G: 7, H: 8, J: 1, K: 2, L: 3, M: 4, N: 5, P: 7, R: 9 },
  ...{ S: 2, T: 3, U: 4, V: 5, W: 6, X: 7, Y: 8, Z: 9 },
}

/** Upper case, NFKC, without spaces and hyphens. */
export const normaliseVin = (text: string): string =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\u200b\ufeff-]/g, '')

/** True for 17 characters of digits and letters without I, O and Q, or a vessel's number. Takes a normalised text. */
export const isVin = (vin: string): boolean => FORM.test(vin) || isVesselNumber(vin)

/** The check character (0–9 or X) that belongs in the ninth place of a well-formed VIN. */
export function vinCheckCharacter(vin: string): string {
  let sum = 0
  WEIGHTS.forEach((weight, i) => {
    const c = vin.charAt(i)
    sum += weight * (VALUES[c] ?? Number(c))
  })
  return sum % 11 === 10 ? 'X' : String(sum % 11)
}

/** True if the ninth place holds the right check character; a vessel's number has none to check. */
export const hasVinCheckDigit = (vin: string): boolean =>
  isVesselNumber(vin) || vin.charAt(8) === vinCheckCharacter(vin)
