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

/** NFKC, upper case, without spaces, middle dots and hyphens: `闽Ｈ·d1234５` → `闽HD12345`. */
export const normalisePlate = (text: string): string =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\u200b\ufeff·•・‧∙⋅●.\-_]/g, '')

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
