import type { CivilDate } from './civil-date.ts'
import type { Contribution } from './contribution.ts'

/** A sum of contributions. `squares` is the sum of each contribution's squared amount, for the forecast's range. */
export interface Sum {
  numerator: number
  denominator: number
  undetermined: number
  squares: number
  /** how many contributions */
  entries: number
}

/** The headings by which a figure can be narrowed and broken down. */
export const DIMENSIONS = ['county', 'operator', 'category', 'energy'] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** Narrows a figure; `counties` are codes that may nest (a city's takes in its counties'). */
export interface TallyFilter {
  county?: string | undefined
  operator?: string | undefined
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

/** One combination of headings: sums by day, and running totals made when first asked for. */
class Bucket {
  readonly heading: Record<Dimension, string>
  private readonly days = new Map<CivilDate, Sum>()
  private running: { day: CivilDate; sum: Sum }[] | undefined

  constructor(heading: Record<Dimension, string>) {
    this.heading = heading
  }

  add(on: CivilDate, sum: Sum, sign: 1 | -1): void {
    let day = this.days.get(on)
    if (!day) {
      day = emptySum()
      this.days.set(on, day)
    }
    addSum(day, sum, sign)
    this.running = undefined
  }

  /** Adds another bucket's days. */
  merge(other: Bucket): void {
    for (const [on, sum] of other.days) this.add(on, sum, 1)
  }

  /** The sum of everything up to and including a day. */
  upTo(asOf: CivilDate): Sum | undefined {
    const running = this.totals()
    let low = 0
    let high = running.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((running[middle]?.day ?? '') <= asOf) low = middle + 1
      else high = middle
    }
    return running[low - 1]?.sum
  }

  private totals(): { day: CivilDate; sum: Sum }[] {
    if (!this.running) {
      const total = emptySum()
      this.running = [...this.days.entries()]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([day, sum]) => {
          addSum(total, sum)
          return { day, sum: { ...total } }
        })
    }
    return this.running
  }
}

/**
 * The figures of a set of changes, for every rule, day and heading. Adding and taking away are exact inverses, so
 * a tally equals the recomputation over the ledger whatever the order in which changes and voids arrived.
 */
export class Tally {
  private readonly rules = new Map<string, Map<string, Bucket>>()

  /** Adds a contribution, or takes it away again. */
  add(c: Contribution, sign: 1 | -1 = 1): void {
    const { county, operator, category, energy, numerator, denominator, undetermined } = c
    const bucket = this.bucket(c.rule, { county, operator, category, energy })
    bucket.add(
      c.on,
      { numerator, denominator, undetermined, squares: numerator * numerator, entries: 1 },
      sign,
    )
  }

  /** Adds everything that another tally holds. */
  merge(other: Tally): void {
    for (const [rule, buckets] of other.rules)
      for (const bucket of buckets.values()) this.bucket(rule, bucket.heading).merge(bucket)
  }

  private bucket(rule: string, heading: Record<Dimension, string>): Bucket {
    let buckets = this.rules.get(rule)
    if (!buckets) {
      buckets = new Map()
      this.rules.set(rule, buckets)
    }
    const key = `${heading.county}|${heading.operator}|${heading.category}|${heading.energy}`
    let bucket = buckets.get(key)
    if (!bucket) {
      bucket = new Bucket(heading)
      buckets.set(key, bucket)
    }
    return bucket
  }

  /** A rule's sum up to and including a day, narrowed by county and operator. */
  total(rule: string, asOf: CivilDate, filter: TallyFilter = {}): Sum {
    const total = emptySum()
    for (const bucket of this.buckets(rule, filter)) {
      const sum = bucket.upTo(asOf)
      if (sum) addSum(total, sum)
    }
    return total
  }

  /** A rule's sums up to a day under each heading of a dimension; they add up to the total. */
  breakdown(rule: string, dimension: Dimension, asOf: CivilDate, filter: TallyFilter = {}): Map<string, Sum> {
    const parts = new Map<string, Sum>()
    for (const bucket of this.buckets(rule, filter)) {
      const sum = bucket.upTo(asOf)
      if (!sum) continue
      const heading = bucket.heading[dimension]
      const part = parts.get(heading) ?? emptySum()
      addSum(part, sum)
      parts.set(heading, part)
    }
    return parts
  }

  private *buckets(rule: string, filter: TallyFilter): Iterable<Bucket> {
    for (const bucket of this.rules.get(rule)?.values() ?? []) {
      if (filter.county !== undefined && !bucket.heading.county.startsWith(filter.county)) continue
      if (filter.operator !== undefined && bucket.heading.operator !== filter.operator) continue
      yield bucket
    }
  }
}
