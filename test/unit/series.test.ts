import { describe, expect, it } from 'vitest'
import { addDays, type CivilDate } from '../../server/domain/civil-date.ts'
import { addSum, emptySum, Series, type Sum } from '../../server/domain/series.ts'
import { Random } from '../../server/sample/random.ts'

const sumOf = (numerator: number, denominator = 1): Sum => ({
  ...{ numerator, denominator, undetermined: 0, squares: numerator ** 2, entries: 1 },
})
const day = (n: number): CivilDate => addDays('2024-01-01', n)

/** What a series must say, in the simplest way. */
function added(moves: { on: CivilDate; sum: Sum; sign: 1 | -1 }[], upTo: CivilDate): Sum {
  const total = emptySum()
  for (const { on, sum, sign } of moves) if (on <= upTo) addSum(total, sum, sign)
  return total
}

describe('a series', () => {
  it('gives what had been counted by the end of any day, whatever was added in whatever order', () => {
    const random = new Random(7)
    const series = new Series()
    const moves: { on: CivilDate; sum: Sum; sign: 1 | -1 }[] = []
    for (let i = 0; i < 3000; i++) {
      const move = {
        ...{ on: day(random.int(0, 399)), sum: sumOf(random.int(0, 49)) },
        sign: random.chance(0.25) ? (-1 as const) : (1 as const),
      }
      moves.push(move)
      series.add(move.on, move.sum, move.sign)
      if (i % 37 !== 0) continue
      const asked = day(random.int(-10, 409))
      // -0 and 0 are the same amount.
      for (const [name, amount] of Object.entries(series.upTo(asked)))
        expect([i, name, amount + 0]).toEqual([i, name, added(moves, asked)[name as keyof Sum] + 0])
    }
  })

  it('is exact with amounts beyond 32 bits, and when they have gone again', () => {
    const series = new Series()
    const large = sumOf(70_000)
    series.add(day(1), sumOf(3))
    series.add(day(2), large)
    expect(series.upTo(day(2))).toEqual({
      ...{ numerator: 70_003, denominator: 2, undetermined: 0, squares: 4_900_000_009, entries: 2 },
    })
    expect(series.upTo(day(1))).toEqual(sumOf(3))
    series.add(day(2), large, -1)
    expect(series.upTo(day(2))).toEqual(sumOf(3))
    series.add(day(3), sumOf(-2_147_483_648))
    series.add(day(3), sumOf(-1))
    expect(series.upTo(day(3)).numerator).toBe(-2_147_483_646)
  })

  it('lists the days on which anything was counted, in order', () => {
    const series = new Series()
    for (const n of [5, 1, 9, 5]) series.add(day(n), sumOf(n))
    series.add(day(9), sumOf(9), -1)
    expect([...series.byDay()]).toEqual([
      { on: day(1), sum: sumOf(1) },
      { on: day(5), sum: { ...sumOf(10, 2), squares: 50, entries: 2 } },
    ])
    expect([...new Series().byDay()]).toEqual([])
    expect(new Series().upTo(day(1))).toEqual(emptySum())
  })
})
