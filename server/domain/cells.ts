import type { CivilDate } from './civil-date.ts'
import type { Contribution } from './contribution.ts'
import { eachInTurn, inTurns } from './in-turns.ts'
import { Series, type Sum } from './series.ts'

/** The headings by which a figure can be narrowed and broken down. */
export const DIMENSIONS = ['county', 'operator', 'category', 'energy'] as const
export type Dimension = (typeof DIMENSIONS)[number]
export type Heading = Record<Dimension, string>

/** One day's sum of one rule under one heading. */
export interface Cell {
  rule: string
  heading: Heading
  on: CivilDate
  sum: Sum
}

/** The key of a heading. */
export const headingKey = ({ county, operator, category, energy }: Heading): string =>
  `${county}|${operator}|${category}|${energy}`

/** Contributions added up by rule, heading and day: what a tally is made of and brought forward by. */
export class Cells {
  private readonly rules = new Map<string, Map<string, { heading: Heading; series: Series }>>()

  /** Adds a contribution, or takes it away again. */
  add(c: Contribution, sign: 1 | -1 = 1): void {
    const { rule, on, county, operator, category, energy, numerator, denominator, undetermined } = c
    const squares = numerator * numerator
    const sum = { numerator, denominator, undetermined, squares, entries: 1 }
    this.put({ rule, heading: { county, operator, category, energy }, on, sum }, sign)
  }

  /** Adds a cell, or takes it away again. */
  put({ rule, heading, on, sum }: Cell, sign: 1 | -1 = 1): void {
    let headings = this.rules.get(rule)
    if (!headings) {
      headings = new Map()
      this.rules.set(rule, headings)
    }
    const key = headingKey(heading)
    let under = headings.get(key)
    if (!under) {
      under = { heading, series: new Series() }
      headings.set(key, under)
    }
    under.series.add(on, sum, sign)
  }

  /** Everything in it that is not nothing. */
  *[Symbol.iterator](): Iterator<Cell> {
    for (const [rule, headings] of this.rules)
      for (const { heading, series } of headings.values())
        for (const { on, sum } of series.byDay()) yield { rule, heading, on, sum }
  }
}

/**
 * In which cells what should be there differs from what is there: what is missing, negative where there is too much.
 * Other work has its turn meanwhile; neither must change.
 */
export async function differences(should: Iterable<Cell>, is: Iterable<Cell>): Promise<Cell[]> {
  const both = new Cells()
  await eachInTurn(should, (cell) => both.put(cell))
  await eachInTurn(is, (cell) => both.put(cell, -1))
  return inTurns(both)
}
