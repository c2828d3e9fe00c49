import { describe, expect, it } from 'vitest'
import { addDays, type CivilDate } from '../../server/domain/civil-date.ts'
import {
  delayOf,
  doubtsOf,
  type Faults,
  isFewChanges,
  lostBy,
  QUALITY_WEIGHTS,
  type QualityAspect,
  qualityScore,
} from '../../server/domain/quality.ts'
import { QualityTally } from '../../server/domain/quality-tally.ts'
import { plateOf, vinOf } from '../harness/client.ts'

const NOTHING: Record<QualityAspect, Faults> = {
  late: { bad: 0, of: 0 },
  months: { bad: 0, of: 0 },
  facts: { bad: 0, of: 0 },
  warnings: { bad: 0, of: 0 },
}

describe('the score', () => {
  it('is 100 where nothing is wrong, and the weights are all of it', () => {
    expect(Object.values<number>(QUALITY_WEIGHTS).reduce((a, b) => a + b)).toBe(100)
    expect(qualityScore({ ...NOTHING, late: { bad: 0, of: 7 } }).score).toBe(100)
  })

  it('is none where there is nothing to judge', () => {
    expect(qualityScore(NOTHING).score).toBeNull()
  })

  it('is 0 where everything is wrong', () => {
    const all = { bad: 3, of: 3 }
    expect(qualityScore({ late: all, months: all, facts: all, warnings: all }).score).toBe(0)
  })

  it.each([
    // 40 × 1/3 = 13.33…, rounded up to 13.4
    [{ late: { bad: 1, of: 3 } }, 86.6],
    // 30 × 2/12 = 5
    [{ months: { bad: 2, of: 12 } }, 95],
    // 20 × 1/1000 = 0.02: a fault shows
    [{ facts: { bad: 1, of: 1000 } }, 99.9],
    [{ late: { bad: 1, of: 10 }, months: { bad: 1, of: 12 }, warnings: { bad: 1, of: 20 } }, 93],
    // The example of docs/quality.md.
    [
      {
        late: { bad: 6, of: 60 },
        months: { bad: 2, of: 11 },
        facts: { bad: 6, of: 160 },
        warnings: { bad: 0, of: 300 },
      },
      89.7,
    ],
  ])('loses for each aspect its weight times the share of what is wrong: %j', (faults, score) => {
    expect(qualityScore({ ...NOTHING, ...faults }).score).toBe(score)
  })

  it('is what its lines say, to the tenth', () => {
    for (let n = 0; n < 500; n++) {
      const of = (seed: number) => ({ bad: (n * seed) % 17, of: 17 + ((n * seed) % 23) })
      const { score, lines } = qualityScore({ late: of(3), months: of(5), facts: of(7), warnings: of(11) })
      const lost = lines.reduce((sum, line) => sum + line.lost, 0)
      expect(Math.round((score ?? -1) * 10) + lost).toBe(1000)
      for (const line of lines) expect(line.lost).toBe(lostBy(line.weight, line))
    }
  })

  it('never costs more than the weight, also where more is wrong than there is', () => {
    expect(lostBy(40, { bad: 9, of: 3 })).toBe(400)
    expect(lostBy(40, { bad: -1, of: 3 })).toBe(0)
  })

  it('says little of few changes, and of none', () => {
    expect([0, 1, 9, 10].map(isFewChanges)).toEqual([true, true, true, false])
  })
})

describe('a delay', () => {
  const on = '2026-01-31'
  it.each([
    [0, false],
    [30, false],
    [31, true],
    [400, true],
  ])('of %d days is late beyond thirty: %s', (days, late) => {
    const arrival = { recordedOn: addDays(on, days), reportedOn: null }
    expect(delayOf(on, arrival, 30)).toEqual({ days, late, excused: false })
  })

  it('crosses a leap day', () => {
    const arrival = { recordedOn: '2028-03-01', reportedOn: null }
    expect(delayOf('2028-01-31', arrival, 30)).toMatchObject({ days: 30, late: false })
    expect(delayOf('2028-01-30', arrival, 30)).toMatchObject({ days: 31, late: true })
  })

  it('is excused where it was sent in time and accepted late', () => {
    const sent = (days: number) => ({ recordedOn: addDays(on, 50), reportedOn: addDays(on, days) })
    expect(delayOf(on, sent(30), 30)).toMatchObject({ late: true, excused: true })
    expect(delayOf(on, sent(31), 30)).toMatchObject({ late: true, excused: false })
    const inTime = { recordedOn: addDays(on, 9), reportedOn: addDays(on, 5) }
    expect(delayOf(on, inTime, 30)).toMatchObject({ late: false, excused: false })
  })
})

describe('doubts', () => {
  it('are a wrong check digit, and a plate of another energy', () => {
    const vin = vinOf(1)
    const wrong = `${vin.slice(0, 8)}${vin[8] === '0' ? '1' : '0'}${vin.slice(9)}`
    expect(doubtsOf({ vin, plate: plateOf(1), energy: 'diesel' })).toEqual([])
    expect(doubtsOf({ vin: wrong, plate: plateOf(1), energy: 'diesel' })).toEqual(['vin.check-digit'])
    expect(doubtsOf({ vin, plate: plateOf(1, 'D'), energy: 'diesel' })).toEqual(['plate.energy-mismatch'])
    expect(doubtsOf({ vin: wrong, plate: plateOf(1, 'D'), energy: 'PHEV' })).toHaveLength(2)
  })
})

describe('the tally', () => {
  const vehicle = (n: number, more = {}) => ({
    ...{ vin: vinOf(n), plate: plateOf(n), category: 'truck', energy: 'diesel', emission: null },
    ...{ registeredOn: null, operator: `op-${n % 3}`, county: n % 2 ? '350702' : '350721', ...more },
  })
  type Entry = Parameters<QualityTally['add']>[0]
  const entry = (n: number, kind: string, on: CivilDate, more: object = {}): Entry =>
    ({ kind, on, vehicle: vehicle(n), retires: [], from: null, ...more }) as unknown as Entry

  it('takes away exactly what it added, and is the same in parts', () => {
    const whole = new QualityTally()
    const parts = [new QualityTally(), new QualityTally()]
    for (let n = 0; n < 300; n++) {
      const kind = ['stock', 'added', 'retired', 'battery-swap'][n % 4] ?? ''
      const on = addDays('2026-01-01', (n * 37) % 300)
      const arrival = { recordedOn: addDays(on, n % 60), reportedOn: n % 5 ? null : addDays(on, n % 40) }
      whole.add(entry(n, kind, on), arrival, 30)
      parts[n % 2]?.add(entry(n, kind, on), arrival, 30)
      if (n % 7 === 0) {
        whole.add(entry(n, kind, on), arrival, 30, -1)
        parts[(n + 1) % 2]?.add(entry(n, kind, on), arrival, 30, -1)
      }
    }
    const joined = new QualityTally()
    for (const part of parts) joined.take(JSON.parse(JSON.stringify(part.contents())))
    expect(joined.sum({})).toEqual(whole.sum({}))
    for (let n = 0; n < 3; n++)
      for (const county of [undefined, '350702', '3507'])
        expect(joined.fleet(`op-${n}`, county)).toEqual(whole.fleet(`op-${n}`, county))
    expect(whole.sum({}).late).toBeGreaterThan(0)
  })

  it('follows vehicles as they come, are handed over, replaced and leave', () => {
    const tally = new QualityTally()
    const arrival = { recordedOn: '2026-01-01', reportedOn: null }
    const add = (change: Entry) => tally.add(change, arrival, 30)
    add(entry(3, 'stock', '2023-01-01'))
    add(entry(6, 'stock', '2023-01-01'))
    expect(tally.fleet('op-0', undefined)).toEqual({ vehicles: 2, dieselTrucks: 2 })
    add(
      entry(3, 'transferred', '2026-01-01', {
        vehicle: vehicle(3, { operator: 'op-1' }),
        from: { operator: 'op-0', county: '350702' },
      }),
    )
    expect([tally.fleet('op-0', undefined).vehicles, tally.fleet('op-1', undefined).vehicles]).toEqual([1, 1])
    const bev = vehicle(9, { energy: 'BEV' })
    add(entry(9, 'replaced', '2026-01-01', { vehicle: bev, retires: [vehicle(6)] }))
    expect(tally.fleet('op-0', undefined)).toEqual({ vehicles: 1, dieselTrucks: 0 })
    expect(tally.fleet('op-0', '350721')).toEqual({ vehicles: 0, dieselTrucks: 0 })
    add(entry(9, 'retired', '2026-01-02', { vehicle: bev }))
    expect(tally.fleet('op-0', undefined)).toEqual({ vehicles: 0, dieselTrucks: 0 })
  })

  it('never holds the inventory against anybody', () => {
    const tally = new QualityTally()
    tally.add(entry(1, 'stock', '2020-01-01'), { recordedOn: '2026-01-01', reportedOn: null }, 30)
    expect(tally.sum({})).toMatchObject({ entries: 1, changes: 0, late: 0 })
  })
})
