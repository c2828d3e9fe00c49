import type { Chemistry } from './vocabulary.ts'

/**
 * Traction battery codes (GB/T 34014-2017): 24 characters of digits and capitals without I and O. Design: maker (3),
 * product (1: P pack, M module, C cell), cells (1), specification (2), tracing (7); production: year, month, day (3)
 * and serial number (7).
 */
const LENGTH = 24
const FORM = /^[0-9A-HJ-NP-Z]{24}$/
const PRODUCT_AT = 3
const CELLS_AT = 4
const MONTH_AT = 15
const PRODUCTS = 'PMC'
/** January to September by their digits, October to December as A, B and C */
const MONTHS = '123456789ABC'
/** Codes of the cells that have a term of their own here. */
const CELLS: Readonly<Record<string, Chemistry>> = { B: 'LFP', C: 'LMO', E: 'NCM', G: 'LTO' }

/** NFKC, upper case, without spaces, hyphens and the mark that scanners put before what they read. */
export const normaliseBatteryCode = (text: string): string =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\u200b\ufeff\-_*#]/g, '')

/** True for a normalised code of the right form: length, characters, kind of product, month of production. */
export const isBatteryCode = (code: string): boolean =>
  code.length === LENGTH &&
  FORM.test(code) &&
  PRODUCTS.includes(code.charAt(PRODUCT_AT)) &&
  MONTHS.includes(code.charAt(MONTH_AT))

/** What the cells are made of, as a well-formed code says; undefined where it says something without a term here. */
export const chemistryOfCode = (code: string): Chemistry | undefined => CELLS[code.charAt(CELLS_AT)]
