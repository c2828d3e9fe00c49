import type { CivilDate } from './civil-date.ts'

/** A sum of contributions. `squares` is the sum of each contribution's squared amount, for the forecast's range. */
export interface Sum {
  numerator: number
  denominator: number
  undetermined: number
  squares: number
  /** how many contributions */
  entries: number
}

export const emptySum = (): Sum => ({ numerator: 0, denominator: 0, undetermined: 0, squares: 0, entries: 0 })

/** Adds a sum to another in place. */
export function addSum(to: Sum, sum: Sum, sign = 1): void {
  to.numerator += sign * sum.numerator
  to.denominator += sign * sum.denominator
  to.undetermined += sign * sum.undetermined
  to.squares += sign * sum.squares
  to.entries += sign * sum.entries
}

/** True if a sum adds nothing. */
export const isNothing = (sum: Sum): boolean =>
  sum.entries === 0 &&
  sum.numerator === 0 &&
  sum.denominator === 0 &&
  sum.undetermined === 0 &&
  sum.squares === 0

/** Numbers of a row: the day and the five amounts of a sum, in the order in which a series holds them. */
const WIDTH = 6
/** So many additions wait before they are sorted in, or an eighth of the days if that is more. */
const WAITING = 32

/** The day read last: thousands of series are asked for the same one, one after another. */
let latest = { day: '' as CivilDate, number: 0 }

/** A day as a number that is ordered as days are: 2026-11-26 is 20261126. */
function numberOf(day: CivilDate): number {
  if (day !== latest.day) {
    const number = Number(day.slice(0, 4)) * 10_000 + Number(day.slice(5, 7)) * 100 + Number(day.slice(8, 10))
    latest = { day, number }
  }
  return latest.number
}

const dayOf = (number: number): CivilDate => {
  const text = String(number).padStart(8, '0')
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
}

/** Rows of numbers, one after another; held in half the room as long as none of them is too large for that. */
type Rows = Int32Array | Float64Array

/**
 * Sums by day, held as running totals: what had been counted by the end of a day is one search. Amounts are whole
 * numbers, so adding and taking away are exact inverses in whatever order they come.
 */
export class Series {
  /** in the order of the days */
  private rows: Rows = NONE
  /** rows of single additions, not sorted in yet */
  private waiting: number[] = []

  add(on: CivilDate, sum: Sum, sign: 1 | -1 = 1): void {
    this.waiting.push(numberOf(on))
    this.waiting.push(sign * sum.numerator, sign * sum.denominator, sign * sum.undetermined)
    this.waiting.push(sign * sum.squares, sign * sum.entries)
    if (this.waiting.length >= Math.max(WAITING * WIDTH, this.rows.length >> 3)) this.sortIn()
  }

  /** Adds to a sum everything up to and including a day. */
  addUpTo(day: CivilDate, to: Sum, sign: 1 | -1 = 1): void {
    if (this.waiting.length > 0) this.sortIn()
    const { rows } = this
    const at = (behind(rows, numberOf(day)) - 1) * WIDTH
    if (at < 0) return
    to.numerator += sign * (rows[at + 1] ?? 0)
    to.denominator += sign * (rows[at + 2] ?? 0)
    to.undetermined += sign * (rows[at + 3] ?? 0)
    to.squares += sign * (rows[at + 4] ?? 0)
    to.entries += sign * (rows[at + 5] ?? 0)
  }

  /** The sum of everything up to and including a day. */
  upTo(day: CivilDate): Sum {
    const sum = emptySum()
    this.addUpTo(day, sum)
    return sum
  }

  /** Each day's own sum, in the order of the days; days that add nothing are left out. */
  *byDay(): Iterable<{ on: CivilDate; sum: Sum }> {
    if (this.waiting.length > 0) this.sortIn()
    const { rows } = this
    for (let at = 0; at < rows.length; at += WIDTH) {
      const own = (column: number): number =>
        (rows[at + column] ?? 0) - (at === 0 ? 0 : (rows[at - WIDTH + column] ?? 0))
      const [numerator, denominator, undetermined] = [own(1), own(2), own(3)]
      const sum = { numerator, denominator, undetermined, squares: own(4), entries: own(5) }
      if (!isNothing(sum)) yield { on: dayOf(rows[at] ?? 0), sum }
    }
  }

  private sortIn(): void {
    const { rows: former, waiting } = this
    const added = this.inOrder()
    const rows = new Float64Array(former.length + waiting.length)
    const running = [0, 0, 0, 0, 0, 0]
    let [length, old, next] = [0, 0, 0]
    while (old < former.length || next < added.length) {
      const before = former[old] ?? Number.POSITIVE_INFINITY
      const wait = waiting[added[next] ?? -1] ?? Number.POSITIVE_INFINITY
      const day = Math.min(before, wait)
      for (; waiting[added[next] ?? -1] === day; next++) {
        const from = added[next] ?? 0
        for (let i = 1; i < WIDTH; i++) running[i] = (running[i] ?? 0) + (waiting[from + i] ?? 0)
      }
      // The former totals up to this day, and all that has been added to them by now.
      const at = before === day ? old : old - WIDTH
      rows[length] = day
      for (let i = 1; i < WIDTH; i++)
        rows[length + i] = (at < 0 ? 0 : (former[at + i] ?? 0)) + (running[i] ?? 0)
      length += WIDTH
      if (before === day) old += WIDTH
    }
    this.rows = asSmallAsCanBe(rows.subarray(0, length))
    this.waiting = []
  }

  /** Where the waiting additions stand, in the order of their days. */
  private inOrder(): number[] {
    const places: number[] = []
    for (let at = 0; at < this.waiting.length; at += WIDTH) places.push(at)
    return places.sort((a, b) => (this.waiting[a] ?? 0) - (this.waiting[b] ?? 0))
  }
}

const NONE = new Int32Array(0)

/** A copy that takes no more room than it must. */
function asSmallAsCanBe(rows: Float64Array): Rows {
  const small = new Int32Array(rows)
  for (let at = 0; at < rows.length; at++) if (small[at] !== rows[at]) return rows.slice()
  return small
}

/** How many days, in order, are not later than one. */
function behind(rows: Rows, day: number): number {
  let low = 0
  let high = rows.length / WIDTH
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rows[middle * WIDTH] ?? 0) <= day) low = middle + 1
    else high = middle
  }
  return low
}
