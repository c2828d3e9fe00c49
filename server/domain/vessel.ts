import { type Issue, issue } from './issue.ts'
import { isPlate, normalisePlate } from './plate.ts'
import type { Category } from './vocabulary.ts'

/**
 * What identifies an inland vessel, which has neither plate nor VIN: its 船舶识别号 (CN and eleven digits), or where it
 * has none the twelve digits of its 船舶登记号, stand where a vehicle's VIN stands; its name where the plate stands.
 * Like a VIN the number stays, like a plate the name may pass to another vessel. Sources: 船舶识别号管理规定 (form of
 * the number), 船舶登记办法 (registration number, name).
 */

const NUMBER = /^(?:CN[0-9]{11}|[0-9]{12})$/
const NAME = /^[0-9A-Z\p{Script=Han}]{2,20}$/u
const HAN = /\p{Script=Han}/gu

/** True for a vessel's identification or registration number. Takes a text normalised like a VIN. */
export const isVesselNumber = (text: string): boolean => NUMBER.test(text)

/**
 * True for what can be a vessel's name: at least two Chinese characters among letters and digits, so that no plate is
 * one. Takes a text normalised like a plate.
 */
export const isVesselName = (text: string): boolean =>
  NAME.test(text) && (text.match(HAN)?.length ?? 0) >= 2 && !isPlate(text)

/**
 * What is wrong with a name where a plate stands. Whoever reads a row that leaves the category out cannot know whether
 * it is about a vessel: only then does a name stand for itself, as the row or else the register says.
 * @param known the vehicle that the row is about; undefined where the register has none
 */
export const nameIssues = (
  { plate, category }: { plate?: string; category?: Category },
  known?: { category: Category },
): Issue[] =>
  plate === undefined || isPlate(plate) || (category ?? known?.category) === 'vessel'
    ? []
    : [issue('plate.invalid', 'plate', { value: plate })]

/** A vessel's name in its normal form, or undefined. */
export function readVesselName(text: string): string | undefined {
  const name = normalisePlate(text)
  return isVesselName(name) ? name : undefined
}
