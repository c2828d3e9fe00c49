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

/** Amounts of a sum, in the order in which a series holds them. */
const WIDTH = 5
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

/**
 * Sums by day, held as running totals: what had been counted by the end of a day is one search. Amounts are whole
 * numbers, so adding and taking away are exact inverses in whatever order they come.
 */
export class Series {
  private days = new Int32Array(0)
  private totals = new Float64Array(0)
  /** day and amounts, one after another, not sorted in yet */
  private waiting: number[] = []

  add(on: CivilDate, sum: Sum, sign: 1 | -1 = 1): void {
    this.waiting.push(numberOf(on))
    this.waiting.push(sign * sum.numerator, sign * sum.denominator, sign * sum.undetermined)
    this.waiting.push(sign * sum.squares, sign * sum.entries)
    const most = Math.max(WAITING, this.days.length >> 3)
    if (this.waiting.length >= most * (WIDTH + 1)) this.sortIn()
  }

  /** Adds to a sum everything up to and including a day. */
  addUpTo(day: CivilDate, to: Sum, sign: 1 | -1 = 1): void {
    if (this.waiting.length > 0) this.sortIn()
    const at = (behind(this.days, numberOf(day)) - 1) * WIDTH
    if (at < 0) return
    const { totals } = this
    to.numerator += sign * (totals[at] ?? 0)
    to.denominator += sign * (totals[at + 1] ?? 0)
    to.undetermined += sign * (totals[at + 2] ?? 0)
    to.squares += sign * (totals[at + 3] ?? 0)
    to.entries += sign * (totals[at + 4] ?? 0)
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
    const own = (row: number, column: number): number => {
      const at = row * WIDTH + column
      return (this.totals[at] ?? 0) - (row === 0 ? 0 : (this.totals[at - WIDTH] ?? 0))
    }
    for (const [row, day] of this.days.entries()) {
      const [numerator, denominator, undetermined] = [own(row, 0), own(row, 1), own(row, 2)]
      const sum = { numerator, denominator, undetermined, squares: own(row, 3), entries: own(row, 4) }
      if (!isNothing(sum)) yield { on: dayOf(day), sum }
    }
  }

  private sortIn(): void {
    const added = this.inOrder()
    const most = this.days.length + added.length
    const days = new Int32Array(most)
    const totals = new Float64Array(most * WIDTH)
    const running = [0, 0, 0, 0, 0]
    let [length, old, next] = [0, 0, 0]
    while (old < this.days.length || next < added.length) {
      const before = this.days[old] ?? Number.POSITIVE_INFINITY
      const wait = this.waiting[added[next] ?? -1] ?? Number.POSITIVE_INFINITY
      const day = Math.min(before, wait)
      for (; this.waiting[added[next] ?? -1] === day; next++) {
        const from = (added[next] ?? 0) + 1
        for (let i = 0; i < WIDTH; i++) running[i] = (running[i] ?? 0) + (this.waiting[from + i] ?? 0)
      }
      // The former totals up to this day, and all that has been added to them by now.
      const at = (before === day ? old : old - 1) * WIDTH
      for (let i = 0; i < WIDTH; i++)
        totals[length * WIDTH + i] = (at < 0 ? 0 : (this.totals[at + i] ?? 0)) + (running[i] ?? 0)
      days[length++] = day
      if (before === day) old++
    }
    this.days = days.slice(0, length)
    this.totals = totals.slice(0, length * WIDTH)
    this.waiting = []
  }

  /** Where the waiting additions stand, in the order of their days. */
  private inOrder(): number[] {
    const places: number[] = []
    for (let at = 0; at < this.waiting.length; at += WIDTH + 1) places.push(at)
    return places.sort((a, b) => (this.waiting[a] ?? 0) - (this.waiting[b] ?? 0))
  }
}

/** How many sorted days are not later than one. */
function behind(days: Int32Array, day: number): number {
  let low = 0
  let high = days.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((days[middle] ?? 0) <= day) low = middle + 1
    else high = middle
  }
  return low
}
