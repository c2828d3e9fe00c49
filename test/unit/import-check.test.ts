import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChangeDraft } from '../../server/domain/change.ts'
import { addDays, daysBetween } from '../../server/domain/civil-date.ts'
import { contributionsOf } from '../../server/domain/contribution.ts'
import type { LifeEvent } from '../../server/domain/life.ts'
import { Moves } from '../../server/domain/moves.ts'
import { WorkingRegister } from '../../server/domain/register.ts'
import type { RowValues } from '../../server/domain/row.ts'
import { addSum, emptySum } from '../../server/domain/series.ts'
import { CATEGORIES, ENERGIES, KINDS } from '../../server/domain/vocabulary.ts'
import { RowOrder } from '../../server/imports/check/order.ts'
import { Overlay } from '../../server/imports/check/overlay.ts'
import { SpillMap } from '../../server/imports/check/spill-map.ts'
import { Spool } from '../../server/imports/check/spool.ts'
import { Random } from '../../server/sample/random.ts'
import { plateOf, vinOf } from '../harness/client.ts'
import { nanping2024 } from '../harness/policies.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const ALPHABET = 'abc闽H0189-\u{20000}"\\\n'
const textOf = (random: Random, length: number): string =>
  Array.from({ length }, () => random.pick([...ALPHABET])).join('')

describe('a spool', () => {
  it('gives back what was added, in any order, of any length around what is read at once', () => {
    const random = new Random(1)
    const spool = new Spool(join(folder, 'rows'))
    const lengths = [0, 1, 2, 3, 4, 5, 4085, 4086, 4087, 4088, 4089, 4090, 4091, 4092, 4093, 8192, 100_000]
    const kept = [...lengths, ...Array.from({ length: 500 }, () => random.int(0, 6000))].map((length) => {
      const record = { text: 'x'.repeat(length), other: textOf(random, 5) }
      return { at: spool.add(record), record }
    })
    expect(new Set(kept.map((k) => k.at)).size).toBe(kept.length)
    // Both what waits to be written and what has been.
    for (let i = 0; i < 2000; i++) {
      const { at, record } = random.pick(kept)
      expect(spool.get(at)).toEqual(record)
      if (i % 100 === 0) {
        const more = { text: textOf(random, random.int(0, 50)), other: '' }
        kept.push({ at: spool.add(more), record: more })
      }
    }
    spool.close()
  })

  it('writes what is longer than it keeps in memory, and removes its file at the end', () => {
    const path = join(folder, 'rows')
    const spool = new Spool(path)
    const places = Array.from({ length: 40 }, (_, i) => spool.add([i, '长'.repeat(20_000)]))
    expect(existsSync(path)).toBe(true)
    places.forEach((at, i) => {
      expect(spool.get<[number, string]>(at)).toEqual([i, '长'.repeat(20_000)])
    })
    spool.close()
    expect(existsSync(path)).toBe(false)
  })
})

describe('a map that spills', () => {
  it('holds what a map in memory holds, whatever is set and asked, while it grows', () => {
    const random = new Random(2)
    const spilled = new SpillMap<unknown>(join(folder, 'map'))
    const map = new Map<string, unknown>()
    const keys: string[] = []
    for (let i = 0; i < 20_000; i++) {
      const known = keys.length > 0 && random.chance(0.3)
      const key = known ? random.pick(keys) : `${textOf(random, random.int(0, 6))}${random.int(0, 40_000)}`
      if (random.chance(0.7)) {
        const value = random.chance(0.01) ? 'v'.repeat(random.int(4000, 9000)) : { i, list: [key] }
        spilled.set(key, value)
        map.set(key, value)
        if (!known) keys.push(key)
      }
      const asked = random.chance(0.5) ? key : textOf(random, 3)
      expect(spilled.has(asked)).toBe(map.has(asked))
      expect(spilled.get(asked)).toEqual(map.get(asked))
    }
    // It has grown twice at least: it begins with 4,096 slots.
    expect(map.size).toBeGreaterThan(8000)
    for (const [key, value] of map) expect(spilled.get(key)).toEqual(value)
    spilled.close()
  })

  it('tells an empty key, and a value that is nothing, from what is not there', () => {
    const map = new SpillMap<string | null>(join(folder, 'map'))
    expect(map.has('')).toBe(false)
    map.set('', null)
    expect(map.has('')).toBe(true)
    expect(map.get('')).toBeNull()
    expect(map.get('x')).toBeUndefined()
    map.close()
  })
})

describe('the order of rows', () => {
  const RANK = { stock: 0, added: 1, replaced: 2, transferred: 3, 'battery-swap': 4, retired: 5 }
  /** In words: stock first, then rows without a date, then day by day in the order of a vehicle's life. */
  const before = (a: RowValues, b: RowValues): number => {
    if (a.kind === 'stock' || b.kind === 'stock')
      return Number(b.kind === 'stock') - Number(a.kind === 'stock')
    if (a.on !== b.on) return (a.on ?? '') < (b.on ?? '') ? -1 : 1
    return (a.kind ? RANK[a.kind] : 9) - (b.kind ? RANK[b.kind] : 9)
  }
  const dayOf = ({ kind, on }: RowValues) => (kind === 'stock' ? 'stock' : (on ?? 'none'))

  function rowsOf(seed: number, count: number): RowValues[] {
    const random = new Random(seed)
    return Array.from({ length: count }, () => ({
      ...(random.chance(0.9) ? { kind: random.pick(KINDS) } : {}),
      ...(random.chance(0.9)
        ? { on: addDays('1999-12-20', random.int(0, random.pick([3, 400, 9000]))) }
        : {}),
    }))
  }

  it.each([1, 2, 3, 4])('is that of a plain stable sort (seed %i)', (seed) => {
    const rows = rowsOf(seed, 10_000)
    const order = new RowOrder()
    rows.forEach((values, i) => {
      order.add(i * 3, values)
    })
    expect(order.length).toBe(rows.length)
    const days = [...order.days()].map((day) => Array.from(day, (place) => place / 3))
    const sorted = rows.map((_, i) => i).sort((a, b) => before(rows[a] ?? {}, rows[b] ?? {}) || a - b)
    expect(days.flat()).toEqual(sorted)
    for (const day of days) expect(new Set(day.map((i) => dayOf(rows[i] ?? {}))).size).toBe(1)
    const names = days.map((day) => dayOf(rows[day[0] ?? 0] ?? {}))
    expect(new Set(names).size).toBe(names.length)
  })

  it('of no rows is no days, and of a single row that row', () => {
    expect([...new RowOrder().days()]).toEqual([])
    const order = new RowOrder()
    order.add(7, {})
    expect([...order.days()]).toEqual([Uint32Array.of(7)])
  })

  it('takes the first and the last date that a list can name', () => {
    const order = new RowOrder()
    const dates = ['2199-12-31', '1900-01-01', '1899-12-31']
    dates.forEach((on, i) => {
      order.add(i, { on, kind: 'added' })
    })
    expect([...order.days()].map((d) => [...d])).toEqual([[2], [1], [0]])
  })
})

describe('what rows made of the register', () => {
  const eventOf = (n: number, more: Partial<LifeEvent> = {}): LifeEvent => ({
    ...{ change: `row:${n}`, kind: 'stock', role: 'subject', on: '2020-01-01', reason: null, packs: null },
    others: [],
    facts: {
      ...{ vin: vinOf(n), plate: plateOf(n), category: 'truck', energy: 'diesel', emission: '3' },
      ...{ registeredOn: '2020-01-01', county: '350702', operator: 'op' },
    },
    ...more,
  })
  const register = () => new WorkingRegister(() => undefined)

  it('is lent to the rows that name a vehicle by VIN, by plate, or as one that is replaced', () => {
    const overlay = new Overlay(folder)
    const first = register()
    for (const n of [1, 2, 3, 4]) first.load(vinOf(n), [eventOf(n)])
    overlay.keep(first, [vinOf(1), vinOf(2), vinOf(3)])
    const lent = register()
    overlay.lend(lent, [{ vin: vinOf(1) }, { plate: plateOf(2) }, { replaces: [plateOf(3)] }])
    expect([1, 2, 3].map((n) => lent.life(vinOf(n))?.at(0)?.change)).toEqual(['row:1', 'row:2', 'row:3'])
    expect(lent.holders(plateOf(2))).toEqual([vinOf(2)])
    const other = register()
    overlay.lend(other, [{ vin: vinOf(4) }, { vin: vinOf(1) }])
    expect(other.life(vinOf(4))).toBeUndefined()
    expect(overlay.life(vinOf(2))).toEqual([eventOf(2)])
    overlay.close()
  })

  it('comes with the vehicles beside it, and is the latest of what was kept', () => {
    const overlay = new Overlay(folder)
    const kept = register()
    kept.load(vinOf(1), [eventOf(1, { others: [vinOf(2)] })])
    kept.load(vinOf(2), [eventOf(2)])
    overlay.keep(kept, [vinOf(1), vinOf(2)])
    const plate = plateOf(9)
    const moved = eventOf(2, { kind: 'transferred', on: '2024-01-01', facts: { ...eventOf(2).facts, plate } })
    kept.load(vinOf(2), [eventOf(2), moved])
    overlay.keep(kept, [vinOf(2)])
    const lent = register()
    overlay.lend(lent, [{ vin: vinOf(1) }])
    expect(lent.life(vinOf(2))?.map((e) => e.kind)).toEqual(['stock', 'transferred'])
    for (const named of [plateOf(2), plate]) {
      const found = register()
      overlay.lend(found, [{ plate: named }])
      expect(found.holders(named)).toEqual([vinOf(2)])
    }
    overlay.close()
  })
})

describe('what changes move in the figures', () => {
  const COUNTIES = ['350702', '350703', '350721', '350781']
  const factsOf = (random: Random, n: number): ChangeDraft['vehicle'] => ({
    ...{ vin: vinOf(n), plate: plateOf(n), category: random.pick(CATEGORIES), energy: random.pick(ENERGIES) },
    ...{ emission: random.pick(['0', '3', '4', '6', null] as const), registeredOn: null },
    ...{ county: random.pick(COUNTIES), operator: random.pick(['a', 'b', 'c']) },
  })
  function draftsOf(seed: number, count: number): ChangeDraft[] {
    const random = new Random(seed)
    return Array.from({ length: count }, (_, n): ChangeDraft => {
      const kind = random.pick(KINDS)
      return {
        kind,
        on: addDays('2023-12-25', random.int(0, 1100)),
        vehicle: factsOf(random, n),
        retires:
          kind === 'replaced' ? Array.from({ length: random.int(1, 3) }, () => factsOf(random, n + 1e6)) : [],
        from: kind === 'transferred' ? { operator: 'a', county: random.pick(COUNTIES) } : null,
        reason:
          kind === 'retired' ? random.pick(['scrapped', 'deregistered', 'transferred-out'] as const) : null,
        certificate: null,
        packs: kind === 'battery-swap' ? random.int(1, 12) : null,
        note: null,
      }
    })
  }
  /** Contributions added up one by one. */
  function naive(
    drafts: readonly ChangeDraft[],
    rule: string,
    day: string,
    within: { county?: string; operator?: string },
  ) {
    const total = emptySum()
    for (const c of drafts.flatMap((draft) => contributionsOf(nanping2024, draft))) {
      if (c.rule !== rule || c.on > day) continue
      if (within.county !== undefined && !c.county.startsWith(within.county)) continue
      if (within.operator !== undefined && c.operator !== within.operator) continue
      addSum(total, { ...c, squares: c.numerator * c.numerator, entries: 1 }, 1)
    }
    return total
  }
  const DAYS = ['2023-12-31', '2024-06-15', '2025-12-31', '2027-12-31']
  const all = (moves: Moves) =>
    nanping2024.rules.flatMap((r) => DAYS.map((day) => [r.id, day, moves.upTo(r.id, day)]))

  it.each([{}, { county: '350702' }, { county: '3507' }, { operator: 'b' }])(
    'is what their contributions come to, within %j',
    (within) => {
      const drafts = draftsOf(3, 1500)
      const moves = new Moves(nanping2024, within)
      for (const draft of drafts) moves.add(draft)
      let moved = 0
      for (const { id } of nanping2024.rules) {
        for (const day of DAYS) {
          const expected = naive(drafts, id, day, within)
          expect(moves.upTo(id, day), `${id} ${day}`).toEqual(expected)
          moved += expected.entries
        }
      }
      expect(moved).toBeGreaterThan(100)
    },
  )

  it('is nothing once all is taken away again', () => {
    const moves = new Moves(nanping2024)
    expect(moves.isEmpty).toBe(true)
    const drafts = draftsOf(4, 300)
    for (const draft of drafts) moves.add(draft)
    for (const draft of drafts.toReversed()) moves.add(draft, -1)
    for (const [, , sum] of all(moves)) expect(sum).toEqual(emptySum())
  })

  it('is the same once kept and taken again, alone or on top of others', () => {
    const [first, second] = [draftsOf(5, 400), draftsOf(6, 400)]
    const movesOf = (drafts: readonly ChangeDraft[]) => {
      const moves = new Moves(nanping2024)
      for (const draft of drafts) moves.add(draft)
      return moves
    }
    const kept = JSON.parse(JSON.stringify(movesOf(first))) as ReturnType<Moves['toJSON']>
    const alone = new Moves(nanping2024)
    alone.take(kept)
    expect(all(alone)).toEqual(all(movesOf(first)))
    const onTop = movesOf(second)
    onTop.take(kept)
    expect(all(onTop)).toEqual(all(movesOf([...first, ...second])))
    expect(first.some((d) => alone.touches('taxi-renewal') && d.kind === 'replaced')).toBe(true)
    expect(kept.flatMap(([, days]) => days).length).toBeLessThanOrEqual(
      nanping2024.rules.length * (daysBetween('2023-12-25', '2027-01-01') + 1),
    )
  })
})
