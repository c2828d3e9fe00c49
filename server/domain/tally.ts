import { type Cell, Cells, type Dimension, type Heading, headingKey } from './cells.ts'
import type { CivilDate } from './civil-date.ts'
import type { Contribution } from './contribution.ts'
import { emptySum, Series, type Sum } from './series.ts'

/** Narrows a figure; a county's code takes in those that lie in it (a city's takes in its counties'). */
export interface TallyFilter {
  county?: string | undefined
  operator?: string | undefined
  category?: string | undefined
  energy?: string | undefined
}

/** One rule's sums: finest of all by all four headings, and ready at the levels that are asked for most. */
class RuleTally {
  private readonly whole = new Series()
  private readonly counties = new Map<string, Series>()
  private readonly operators = new Map<string, Series>()
  /** by county, then by operator */
  private readonly shared = new Map<string, Map<string, Series>>()
  private readonly finest = new Map<string, { heading: Heading; series: Series }>()

  add(heading: Heading, on: CivilDate, sum: Sum, sign: 1 | -1): void {
    const key = headingKey(heading)
    let finest = this.finest.get(key)
    if (!finest) {
      finest = { heading, series: new Series() }
      this.finest.set(key, finest)
    }
    let shared = this.shared.get(heading.county)
    if (!shared) {
      shared = new Map()
      this.shared.set(heading.county, shared)
    }
    this.whole.add(on, sum, sign)
    finest.series.add(on, sum, sign)
    seriesOf(this.counties, heading.county).add(on, sum, sign)
    seriesOf(this.operators, heading.operator).add(on, sum, sign)
    seriesOf(shared, heading.operator).add(on, sum, sign)
  }

  /** The series whose sum is what a filter leaves. */
  *narrowed(filter: TallyFilter): Iterable<Series> {
    const { county, operator, category, energy } = filter
    if (category !== undefined || energy !== undefined) {
      for (const { heading, series } of this.finest.values()) if (lies(heading, filter)) yield series
    } else if (county !== undefined) {
      for (const [place, operators] of this.shared) {
        if (!place.startsWith(county)) continue
        const series = operator === undefined ? this.counties.get(place) : operators.get(operator)
        if (series) yield series
      }
    } else if (operator !== undefined) {
      const series = this.operators.get(operator)
      if (series) yield series
    } else yield this.whole
  }

  /** The same, under each heading of a dimension. */
  *under(dimension: Dimension, filter: TallyFilter): Iterable<[heading: string, series: Series]> {
    const { county, operator, category, energy } = filter
    const coarse = dimension === 'county' || dimension === 'operator'
    if (!coarse || category !== undefined || energy !== undefined) {
      for (const { heading, series } of this.finest.values())
        if (lies(heading, filter)) yield [heading[dimension], series]
    } else if (county === undefined && operator === undefined) {
      yield* dimension === 'county' ? this.counties : this.operators
    } else {
      for (const [place, operators] of this.shared) {
        if (county !== undefined && !place.startsWith(county)) continue
        for (const [company, series] of operator === undefined ? operators : one(operators, operator))
          yield [dimension === 'county' ? place : company, series]
      }
    }
  }

  *cells(rule: string): Iterable<Cell> {
    for (const { heading, series } of this.finest.values())
      for (const { on, sum } of series.byDay()) yield { rule, heading, on, sum }
  }
}

/**
 * The figures of a set of changes, for every rule, day and heading. Adding and taking away are exact inverses, so
 * a tally equals the recomputation over the ledger whatever the order in which changes and voids arrived. How long a
 * figure takes does not depend on how many changes there are.
 */
export class Tally {
  private readonly rules = new Map<string, RuleTally>()

  /** Adds a contribution, or takes it away again. */
  add(contribution: Contribution, sign: 1 | -1 = 1): void {
    const one = new Cells()
    one.add(contribution)
    this.take(one, sign)
  }

  /** Adds what changes add up to, or takes it away again. */
  take(cells: Iterable<Cell>, sign: 1 | -1 = 1): void {
    for (const { rule, heading, on, sum } of cells) {
      let tally = this.rules.get(rule)
      if (!tally) {
        tally = new RuleTally()
        this.rules.set(rule, tally)
      }
      tally.add(heading, on, sum, sign)
    }
  }

  /** A rule's sum up to and including a day, narrowed. */
  total(rule: string, asOf: CivilDate, filter: TallyFilter = {}): Sum {
    const total = emptySum()
    for (const series of this.rules.get(rule)?.narrowed(filter) ?? []) series.addUpTo(asOf, total)
    return total
  }

  /** A rule's sums up to a day under each heading of a dimension; they add up to the total. */
  breakdown(rule: string, dimension: Dimension, asOf: CivilDate, filter: TallyFilter = {}): Map<string, Sum> {
    const parts = new Map<string, Sum>()
    for (const [heading, series] of this.rules.get(rule)?.under(dimension, filter) ?? []) {
      let part = parts.get(heading)
      if (!part) {
        part = emptySum()
        parts.set(heading, part)
      }
      series.addUpTo(asOf, part)
    }
    return parts
  }

  /** A rule's sums by day, narrowed: for figures on many days. */
  course(rule: string, filter: TallyFilter = {}): Series {
    const found = [...(this.rules.get(rule)?.narrowed(filter) ?? [])]
    if (found.length === 1 && found[0]) return found[0]
    const joined = new Series()
    for (const series of found) for (const { on, sum } of series.byDay()) joined.add(on, sum)
    return joined
  }

  /** Everything in it, or in one rule of it, to be compared with a recomputation. */
  *cells(only?: string): Iterable<Cell> {
    for (const [rule, tally] of this.rules) if (only === undefined || rule === only) yield* tally.cells(rule)
  }
}

function seriesOf(level: Map<string, Series>, key: string): Series {
  let series = level.get(key)
  if (!series) {
    series = new Series()
    level.set(key, series)
  }
  return series
}

const lies = (heading: Heading, { county, operator, category, energy }: TallyFilter): boolean =>
  (county === undefined || heading.county.startsWith(county)) &&
  (operator === undefined || heading.operator === operator) &&
  (category === undefined || heading.category === category) &&
  (energy === undefined || heading.energy === energy)

function* one(operators: ReadonlyMap<string, Series>, operator: string): Iterable<[string, Series]> {
  const series = operators.get(operator)
  if (series) yield [operator, series]
}
