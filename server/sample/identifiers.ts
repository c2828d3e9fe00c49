import { vinCheckCharacter } from '../domain/vin.ts'
import type { Energy } from '../domain/vocabulary.ts'

/** VINs and plates of made-up vehicles: well-formed, right for the energy, and each given once. */

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ'
const PLACES = `0123456789${LETTERS}`
/** Model years 2001 to 2030 in the tenth place of a VIN. */
const MODEL_YEARS = '123456789ABCDEFGHJKLMNPRSTVWXY'
/** Shares no factor with the numbers of plates, so that its multiples visit each once before any twice. */
const STEP = 7_368_787

/** The n-th of `size` numbers in an order that looks random. */
const scattered = (n: number, size: number): number =>
  Number((BigInt(n) * BigInt(STEP) + 4049n) % BigInt(size))

const at = (alphabet: string, place: number): string => alphabet.charAt(place % alphabet.length)
const digits = (n: number, width: number): string => String(n).padStart(width, '0')

/** The n-th plate of a kind: 闽H and five places for fuel, six for new energy. */
function plateOf(kind: 'fuel' | 'small' | 'large', types: string, n: number): string {
  if (kind === 'fuel') {
    const k = scattered(n, 24 * 34 * 1000)
    return `闽H${at(LETTERS, Math.floor(k / 34_000))}${at(PLACES, Math.floor(k / 1000))}${digits(k % 1000, 3)}`
  }
  if (kind === 'small') {
    const k = scattered(n, 5 * 34 * 10_000)
    return `闽H${at(types, Math.floor(k / 340_000))}${at(PLACES, Math.floor(k / 10_000))}${digits(k % 10_000, 4)}`
  }
  const k = scattered(n, 5 * 100_000)
  return `闽H${digits(k % 100_000, 5)}${at(types, Math.floor(k / 100_000))}`
}

/** Gives out VINs and plates, each once. */
export class Identifiers {
  private vins = 0
  private readonly plates = new Map<string, number>()

  /** A VIN with the right check character; `year` is the model year. The maker code is nobody's. */
  vin(year: number): string {
    const model = MODEL_YEARS.charAt((((year - 2001) % 30) + 30) % 30)
    const serial = digits(this.vins++, 7)
    const vin = (check: string) => `LXXSL8A4${check}${model}${serial}`
    return vin(vinCheckCharacter(vin('0')))
  }

  /** A plate whose type is right for the energy. `large` vehicles carry the type letter last. */
  plate(energy: Energy, large: boolean): string {
    const newEnergy = energy === 'BEV' || energy === 'PHEV' || energy === 'FCEV'
    const kind = !newEnergy ? 'fuel' : large ? 'large' : 'small'
    const types = energy === 'BEV' ? 'DABCE' : 'FGHJK'
    const series = newEnergy ? `${kind} ${types}` : kind
    const n = this.plates.get(series) ?? 0
    this.plates.set(series, n + 1)
    return plateOf(kind, types, n)
  }
}
