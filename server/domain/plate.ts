import type { Energy } from './vocabulary.ts'
import { isNewEnergy } from './vocabulary.ts'

/** Number plates (GA 36). */

const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼'
const ORDINARY = new RegExp(`^[${PROVINCES}][A-HJ-NP-Z][0-9A-HJ-NP-Z]{5}$`)
const SMALL_NEW_ENERGY = new RegExp(`^[${PROVINCES}][A-HJ-NP-Z]([A-HJK])[0-9A-HJ-NP-Z][0-9]{4}$`)
const LARGE_NEW_ENERGY = new RegExp(`^[${PROVINCES}][A-HJ-NP-Z][0-9]{5}([A-HJK])$`)
const BATTERY_ELECTRIC = 'DABCE'

/** What a plate says of its vehicle: fuel, battery-electric, or other new-energy. */
export type PlateType = 'fuel' | 'battery-electric' | 'other-new-energy'

const COLOURS = '蓝白渐变|渐变绿|黄绿双拼|黄绿|蓝|黄|绿|白|黑'
/** A colour before or behind a plate: 黄京A12345, 京A12345(黄), 京A12345黄色. 黑 is a province too: 黑A12345 has none. */
const COLOUR_BEFORE = new RegExp(`^[(\\[【]?(${COLOURS})[色牌]{0,2}[)\\]】]?(?=[${PROVINCES}][A-Z])`)
const COLOUR_BEHIND = new RegExp(
  `(?<=[A-Z][0-9A-Z]{5,6})[(\\[【/,|]?(${COLOURS})(?:色|牌|号牌|车牌|底){0,2}[)\\]】]?$`,
)
const ANY_COLOUR = /[蓝黄绿白黑]/

const bare = (text: string): string =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\u200b\ufeff·•・‧∙⋅●.\-_]/g, '')

/**
 * NFKC, upper case, without spaces, middle dots, hyphens and a colour written beside it: `京Ａ·d1234５` → `京AD12345`,
 * `京A12345(黄)` → `京A12345`.
 */
export function normalisePlate(text: string): string {
  const plate = bare(text)
  return ANY_COLOUR.test(plate) ? plate.replace(COLOUR_BEFORE, '').replace(COLOUR_BEHIND, '') : plate
}

/** The colour that is written beside a plate in one text with it, or the empty text. */
export function colourBesidePlate(text: string): string {
  if (!ANY_COLOUR.test(text)) return ''
  const plate = bare(text)
  return COLOUR_BEFORE.exec(plate)?.[1] ?? COLOUR_BEHIND.exec(plate)?.[1] ?? ''
}

/**
 * The type of a normalised plate, or undefined when it is no plate: a province character, a letter, then five
 * places without I and O for fuel vehicles; six for new-energy ones, with the type letter first (small) or last
 * (large): D A B C E battery-electric, F G H J K other new-energy.
 */
export function plateType(plate: string): PlateType | undefined {
  if (ORDINARY.test(plate)) return 'fuel'
  const letter = SMALL_NEW_ENERGY.exec(plate)?.[1] ?? LARGE_NEW_ENERGY.exec(plate)?.[1]
  if (letter === undefined) return undefined
  return BATTERY_ELECTRIC.includes(letter) ? 'battery-electric' : 'other-new-energy'
}

/** True for a normalised plate of either form. */
export const isPlate = (plate: string): boolean => plateType(plate) !== undefined

/** What a plate's colour says: for new-energy vehicles (GA 36: green), for all others, or neither. */
export type PlateColour = 'new-energy' | 'ordinary' | 'special'

/**
 * True if the plate's colour, or the name of its kind, contradicts the energy or the plate's own form: a green one
 * on a vehicle that is not new-energy, an ordinary one with the six places of a new-energy plate. What is not known
 * contradicts nothing.
 */
export function contradictsColour(plate: string, colour: PlateColour, energy: Energy | undefined): boolean {
  if (colour === 'new-energy') return energy !== undefined && !isNewEnergy(energy)
  const type = plateType(plate)
  return colour === 'ordinary' && type !== undefined && type !== 'fuel'
}

/**
 * True if the plate's type contradicts the energy: a new-energy plate on a fuel vehicle or of the wrong class.
 * A fuel plate on a new-energy vehicle is no contradiction: older ones kept theirs.
 */
export function contradictsEnergy(plate: string, energy: Energy): boolean {
  const type = plateType(plate)
  if (type === undefined || type === 'fuel') return false
  if (!isNewEnergy(energy)) return true
  return (type === 'battery-electric') !== (energy === 'BEV')
}
