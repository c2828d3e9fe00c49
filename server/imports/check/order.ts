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
  private readonly places = new Numbers()
  private readonly keys = new Numbers()

  get length(): number {
    return this.keys.length
  }

  /** Adds the next row of the file. */
  add(place: number, values: RowValues): void {
    this.places.push(place)
    this.keys.push(keyOf(values))
  }

  /** Days with the places of their rows, in order; rows that rank alike stay in the file's order. */
  *days(): Iterable<Uint32Array> {
    const sorted = this.sorted()
    let start = 0
    const day = (at: number): number => dayOf(this.keys.at(sorted[at] ?? 0))
    for (let end = 1; end <= this.length; end++) {
      if (end < this.length && day(start) === day(end)) continue
      yield sorted.slice(start, end).map((i) => this.places.at(i))
      start = end
    }
  }

  /** The rows' numbers by their keys: a counting sort, which is stable. */
  private sorted(): Uint32Array {
    const { keys } = this
    let most = 0
    for (let i = 0; i < keys.length; i++) most = Math.max(most, keys.at(i))
    const starts = new Uint32Array(most + 2)
    for (let i = 0; i < keys.length; i++) starts[keys.at(i) + 1] = (starts[keys.at(i) + 1] ?? 0) + 1
    for (let k = 1; k < starts.length; k++) starts[k] = (starts[k] ?? 0) + (starts[k - 1] ?? 0)
    const sorted = new Uint32Array(keys.length)
    for (let i = 0; i < keys.length; i++) {
      const key = keys.at(i)
      const at = starts[key] ?? 0
      starts[key] = at + 1
      sorted[at] = i
    }
    return sorted
  }
}

const dayOf = (key: number): number => Math.floor(key / RANKS)

const BLOCK = 1 << 14

/** Numbers of 32 bits in blocks: it grows without being copied, so that nothing of it is held twice. */
class Numbers {
  private readonly blocks: Uint32Array[] = []
  length = 0

  push(number: number): void {
    const at = this.length % BLOCK
    if (at === 0) this.blocks.push(new Uint32Array(BLOCK))
    const block = this.blocks.at(-1)
    if (block) block[at] = number
    this.length++
  }

  at(i: number): number {
    return this.blocks[Math.floor(i / BLOCK)]?.[i % BLOCK] ?? 0
  }
}
