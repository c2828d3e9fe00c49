import type { CivilDate } from '../../domain/civil-date.ts'
import { daysBetween } from '../../domain/civil-date.ts'
import type { RowValues } from '../../domain/row.ts'
import type { Kind } from '../../domain/vocabulary.ts'

/**
 * The order in which a list's rows are taken: by their dates, so that a list may name a vehicle before the row that
 * brings it. Kept as numbers, twelve bytes a row.
 */

/** On one day a vehicle comes in before it is handed on, and is handed on before it leaves. */
const RANK: Record<Kind, number> = {
  stock: 0,
  added: 1,
  replaced: 2,
  transferred: 3,
  'battery-swap': 4,
  retired: 5,
}
const RANKS = 16
const NO_RANK = 9
const FIRST_DAY: CivilDate = '1899-12-31'

/** Stock was there before everything else, whatever its date; a row without a date comes next. */
const keyOf = ({ kind, on }: RowValues): number => {
  if (kind === 'stock') return 0
  const day = on === undefined ? 1 : 1 + daysBetween(FIRST_DAY, on)
  return day * RANKS + (kind ? RANK[kind] : NO_RANK)
}

/** Places of rows, to be had in the order in which they are taken. */
export class RowOrder {
  private places = new Uint32Array(1 << 12)
  private keys = new Uint32Array(1 << 12)
  private count = 0

  get length(): number {
    return this.count
  }

  /** Adds the next row of the file. */
  add(place: number, values: RowValues): void {
    if (this.count === this.places.length) {
      this.places = larger(this.places)
      this.keys = larger(this.keys)
    }
    this.places[this.count] = place
    this.keys[this.count] = keyOf(values)
    this.count++
  }

  /** Days with the places of their rows, in order; rows that rank alike stay in the file's order. */
  *days(): Iterable<Uint32Array> {
    const sorted = this.sorted()
    let start = 0
    for (let end = 1; end <= this.count; end++) {
      if (end < this.count && dayOf(this.keys[sorted[start] ?? 0]) === dayOf(this.keys[sorted[end] ?? 0]))
        continue
      yield sorted.slice(start, end).map((i) => this.places[i] ?? 0)
      start = end
    }
  }

  /** The rows' numbers by their keys: a counting sort, which is stable. */
  private sorted(): Uint32Array {
    const keys = this.keys.subarray(0, this.count)
    let most = 0
    for (const key of keys) if (key > most) most = key
    const starts = new Uint32Array(most + 2)
    for (const key of keys) starts[key + 1] = (starts[key + 1] ?? 0) + 1
    for (let k = 1; k < starts.length; k++) starts[k] = (starts[k] ?? 0) + (starts[k - 1] ?? 0)
    const sorted = new Uint32Array(this.count)
    keys.forEach((key, i) => {
      const at = starts[key] ?? 0
      starts[key] = at + 1
      sorted[at] = i
    })
    return sorted
  }
}

const dayOf = (key: number | undefined): number => Math.floor((key ?? 0) / RANKS)

function larger(numbers: Uint32Array): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(numbers.length * 1.5)
  more.set(numbers)
  return more
}
