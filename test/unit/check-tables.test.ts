import { afterAll, expect, it } from 'vitest'
import { addDays } from '../../server/domain/civil-date.ts'
import type { RowValues } from '../../server/domain/row.ts'
import type { Kind } from '../../server/domain/vocabulary.ts'
import { RowOrder } from '../../server/imports/check/order.ts'
import { SpillMap } from '../../server/imports/check/spill-map.ts'
import { Random } from '../../server/sample/random.ts'
import { Folder } from '../harness/workbook.ts'

const folder = new Folder()
afterAll(() => folder.remove())

it('a map in a file holds what was put in last, and nothing else, however much that is', () => {
  const random = new Random(3)
  const map = new SpillMap<{ n: number }>(folder.of('map'))
  const should = new Map<string, number>()
  for (let n = 0; n < 60_000; n++) {
    const key = `京${random.int(0, 40_000)}`
    map.set(key, { n })
    should.set(key, n)
  }
  for (let i = 0; i <= 40_000; i++) {
    const [key, n] = [`京${i}`, should.get(`京${i}`)]
    if (map.get(key)?.n !== n || map.has(key) !== (n !== undefined))
      throw new Error(`${key}: ${JSON.stringify(map.get(key))} instead of ${n}`)
  }
  expect(should.size).toBeGreaterThan(30_000)
  expect([map.get(''), map.has('京-1')]).toEqual([undefined, false])
  map.close()
})

it('rows are taken day by day, stock first; those that rank alike in the order of the file', () => {
  const random = new Random(5)
  const kinds: Kind[] = ['stock', 'added', 'replaced', 'transferred', 'battery-swap', 'retired']
  const order = new RowOrder()
  const rows: { place: number; key: string }[] = []
  for (let i = 0; i < 40_000; i++) {
    const rank = random.int(0, kinds.length - 1)
    const on = random.chance(0.02) ? undefined : addDays('2024-01-01', random.int(0, 300))
    const place = i * 7
    order.add(place, { kind: kinds[rank], on } as RowValues)
    const day = rank === 0 ? '' : (on ?? '0')
    rows.push({ place, key: `${day} ${rank}` })
  }
  const sorted = rows.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.place - b.place))
  const days = [...order.days()]
  expect(days.flatMap((places) => [...places])).toEqual(sorted.map(({ place }) => place))
  expect(days.length).toBe(new Set(rows.map(({ key }) => key.split(' ')[0])).size)
  expect(order.length).toBe(40_000)
  expect([...new RowOrder().days()]).toEqual([])
})
