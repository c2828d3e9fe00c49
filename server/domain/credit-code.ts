/** Unified social credit code (GB 32100): 18 characters, the last a check character by modulus 31. */

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const FORM = /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/

/** Upper case, NFKC, without spaces. */
export const normaliseCreditCode = (text: string): string =>
  text.normalize('NFKC').toUpperCase().replace(/[\s-]/g, '')

/** The check character for the first 17 characters: (31 − Σ cᵢ·3ⁱ mod 31) mod 31. */
export function creditCodeCheckCharacter(code: string): string {
  let sum = 0
  let weight = 1
  for (let i = 0; i < 17; i++) {
    sum += ALPHABET.indexOf(code.charAt(i)) * weight
    weight = (weight * 3) % 31
  }
  return ALPHABET.charAt((31 - (sum % 31)) % 31)
}

/** True for a well-formed normalised code with the right check character. */
export const isCreditCode = (code: string): boolean =>
  FORM.test(code) && code.charAt(17) === creditCodeCheckCharacter(code)
