import { expect, it } from 'vitest'
import { isSmall, places } from '../../server/domain/ranking.ts'
import { emptySum, type Sum } from '../../server/domain/series.ts'

const share = { kind: 'share' } as const
const count = { kind: 'count' } as const
const part = (key: string, numerator: number, denominator = 0) => ({
  key,
  sum: { ...emptySum(), numerator, denominator } satisfies Sum,
})
const ranked = (rule: Parameters<typeof places>[0], parts: ReturnType<typeof part>[]) =>
  Object.fromEntries([...places(rule, parts)].map(([{ key }, place]) => [key, place]))

it('places shares from the highest, equal ones alike, and goes on behind them as many places down', () => {
  const parts = [
    part('c', 15, 20),
    part('a', 20, 20),
    part('d', 150, 200),
    part('e', 1, 50),
    part('b', 9, 10),
  ]
  expect(ranked(share, parts)).toEqual({ a: 1, b: 2, c: 3, d: 3, e: 5 })
})

it('compares shares exactly, also where they round to the same tenth of a percent', () => {
  expect(ranked(share, [part('less', 6999, 10_000), part('more', 69_999, 100_000)])).toEqual({
    more: 1,
    less: 2,
  })
})

it('gives no place to a share over nine vehicles, and one to a share over ten', () => {
  expect(ranked(share, [part('nine', 9, 9), part('ten', 0, 10), part('none', 0, 0)])).toEqual({
    ...{ nine: null, ten: 1, none: null },
  })
  expect(isSmall(share, part('', 9, 9).sum)).toBe(true)
  expect(isSmall(share, part('', 9, 10).sum)).toBe(false)
})

it('places counts by how many, small ones too', () => {
  expect(ranked(count, [part('two', 2), part('none', 0), part('ten', 10), part('too', 2)])).toEqual({
    ...{ ten: 1, two: 2, too: 2, none: 4 },
  })
  expect(isSmall(count, part('', 1).sum)).toBe(false)
})

it('has nothing to say of nothing', () => {
  expect(places(share, []).size).toBe(0)
})
