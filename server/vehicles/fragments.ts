/**
 * Finding vehicles by a fragment of a plate or VIN. A vehicle keeps what remains of its plates and VIN from every
 * second character on, so that a fragment is the beginning of one of them, or of one with a single character more in
 * front: a range of an index each. Keeping what remains from every character on would double the index's keys, which
 * are most of what it costs to write a vehicle.
 */
import { normalisePlate } from '../domain/plate.ts'
import { isVesselName } from '../domain/vessel.ts'
import { normaliseVin } from '../domain/vin.ts'

/** What is kept of a vehicle's plates and VIN to find it by. */
export const fragmentsOf = (texts: readonly string[]): string[] => [
  ...new Set(texts.flatMap((text) => remainders(text))),
]

/** Of a vessel's name what remains from every character on: there is no saying what may stand in front. */
const remainders = (text: string): string[] =>
  isVesselName(text)
    ? Array.from({ length: text.length - 1 }, (_, i) => text.slice(i))
    : Array.from({ length: text.length >> 1 }, (_, i) => text.slice(2 * i))

/** Neither a plate nor a VIN has I or O. */
const DIGITS_AND_LETTERS = [...'0123456789ABCDEFGHJKLMNPQRSTUVWXYZ']
/** Characters with which a plate begins (GA 36); a letter comes behind it. */
const PROVINCES = [...'京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼']
/** What plates, VINs and vessels' names are made of. */
const POSSIBLE = /^[0-9A-Z\p{Script=Han}]*$/u
const HAN = /^\p{Script=Han}/u
/** Shorter ones are looked for at the beginning only. */
export const SHORTEST = 2

/** A fragment as it is looked for: as it would stand in a plate, and as in a VIN; what neither can hold is left out. */
export const fragmentTexts = (typed: string): string[] =>
  [...new Set([normalisePlate(typed), normaliseVin(typed)])].filter(
    (text) => text !== '' && text.length <= 20 && POSSIBLE.test(text),
  )

/** The beginnings of kept texts that say that one of the fragments is in a plate or VIN. */
export const beginnings = (texts: readonly string[]): string[] => texts.flatMap(withFront)

function withFront(text: string): string[] {
  const [first = ''] = text
  if (HAN.test(first)) return [text]
  const fronts = first >= 'A' ? [...DIGITS_AND_LETTERS, ...PROVINCES] : DIGITS_AND_LETTERS
  return [text, ...fronts.map((front) => front + text)]
}

/** A query by the index of fragments; of two or more characters each. */
export const byFragments = (texts: readonly string[]): Record<string, unknown> => ({
  fragments: { $in: beginnings(texts).map((text) => new RegExp(`^${text}`)) },
})

/** The same without that index, to be met while walking along another. */
export function holding(texts: readonly string[]): Record<string, unknown> {
  const patterns = texts.map((text) => new RegExp(text.length < SHORTEST ? `^${text}` : text))
  return { $or: patterns.flatMap((pattern) => [{ plates: pattern }, { _id: pattern }]) }
}
