import { describe, expect, it } from 'vitest'
import { addDays } from '../../server/domain/civil-date.ts'
import {
  endOfLife,
  fullYears,
  lifeGroups,
  monthOfEnd,
  oldTrucks,
  registeredBelow,
  withoutLife,
} from '../../server/domain/due.ts'
import { apportion, type DueKind, scenarioSums } from '../../server/domain/due-scenarios.ts'
import { type Policy, serviceYears } from '../../server/domain/policy.ts'
import { CATEGORIES, ENERGIES } from '../../server/domain/vocabulary.ts'
import { linhai2025, nanping2024 } from '../harness/policies.ts'

describe('the last day of a service life', () => {
  it.each([
    ['2014-12-31', 13, '2027-12-31'],
    ['2015-01-01', 13, '2028-01-01'],
    ['2018-11-23', 8, '2026-11-23'],
    // Registered on a leap day: the month's last where the year has none (民法典 第 202 条).
    ['2012-02-29', 13, '2025-02-28'],
    ['2012-02-28', 13, '2025-02-28'],
    ['2012-02-29', 8, '2020-02-29'],
    ['2020-02-29', 8, '2028-02-29'],
    // 2100 is no leap year.
    ['2092-02-29', 8, '2100-02-28'],
  ])('of a vehicle registered on %s for %i years is %s', (registered, years, last) => {
    expect(endOfLife(registered, years)).toBe(last)
  })

  it('falls on a day or before exactly for those registered below the bound of that day', () => {
    for (const years of [4, 8, 13]) {
      for (let last = '2024-02-20'; last <= '2025-03-05'; last = addDays(last, 1)) {
        const bound = registeredBelow(last, years)
        const from = `${Number(last.slice(0, 4)) - years}-01-01`
        for (let day = addDays(from, 45); day <= addDays(from, 75); day = addDays(day, 1)) {
          const due = endOfLife(day, years) <= last
          if (day < bound !== due) expect([last, years, day, day < bound]).toEqual([last, years, day, due])
        }
      }
    }
  })

  it('lies in the month of registration, so many years on', () => {
    for (let day = '2011-12-25'; day < '2012-04-01'; day = addDays(day, 1))
      expect(monthOfEnd(day.slice(0, 7), 13)).toBe(endOfLife(day, 13).slice(0, 7))
  })
})

describe('age', () => {
  it.each([
    ['2016-11-23', 10],
    ['2016-11-24', 9],
    ['2012-02-29', 14],
    ['2026-11-23', 0],
    ['2027-01-01', 0],
  ])('of a vehicle registered on %s is %i on 2026-11-23', (day, years) => {
    expect(fullYears(day, '2026-11-23')).toBe(years)
  })
})

describe('service lives', () => {
  it('apply as the policy says of each vehicle: the first that fits, and none twice', () => {
    for (const policy of [nanping2024, linhai2025]) {
      const groups = lifeGroups(policy)
      for (const category of CATEGORIES)
        for (const energy of ENERGIES) {
          const own = groups.filter((g) => g.category === category && g.energies.includes(energy))
          const years = serviceYears(policy, { category, energy })
          expect([category, energy, own.map((g) => g.years)]).toEqual([
            ...[category, energy],
            years === null ? [] : [years],
          ])
        }
    }
    expect(lifeGroups(linhai2025).slice(0, 2)).toMatchObject([
      { category: 'bus', energies: ['BEV', 'PHEV', 'FCEV'], years: 10 },
      { category: 'bus', energies: ['HEV', 'diesel', 'gasoline', 'gas', 'other'], years: 12 },
    ])
  })

  it('of the national standard are those of 2012 No. 12, and vessels have none', () => {
    expect(nanping2024.serviceLives.map(({ category, years }) => [category, years])).toEqual([
      ['bus', 13],
      ['cruising-taxi', 8],
      ['ride-hailing', 8],
      ['truck', 15],
      ['sanitation', 15],
    ])
    expect(withoutLife(nanping2024)).toEqual([{ category: 'vessel', energies: ENERGIES }])
    expect(withoutLife(linhai2025)).toEqual([])
  })
})

describe('old trucks', () => {
  it('are those whose retirement the policy counts, as it reads "old"', () => {
    expect(oldTrucks(nanping2024)).toMatchObject({
      rule: { id: 'old-diesel-trucks-retired' },
      where: { categories: ['truck'], energies: ['diesel'], emissionAtMost: 3 },
    })
    expect(oldTrucks(linhai2025)?.where.emissionAtMost).toBe(4)
    expect(oldTrucks({ rules: nanping2024.rules.filter((r) => r.kind === 'share') })).toBeNull()
  })
})

describe('a number of vehicles in given proportions', () => {
  it.each([
    [10, { BEV: 3, HEV: 1 }, { BEV: 8, HEV: 2 }],
    [10, { BEV: 2, gas: 1 }, { BEV: 7, gas: 3 }],
    [1, { BEV: 1, PHEV: 1, gas: 1 }, { BEV: 1 }],
    [7, { BEV: 1 }, { BEV: 7 }],
    [0, { BEV: 1, gas: 1 }, {}],
  ])('%i by %j are %j', (vehicles, parts, expected) => {
    const mix = new Map(Object.entries(parts)) as Parameters<typeof apportion>[1]
    expect(Object.fromEntries(apportion(vehicles, mix))).toEqual(expected)
  })

  it('are as many as there were, none further from its part than one', () => {
    for (let vehicles = 0; vehicles < 60; vehicles++) {
      const mix = new Map([
        ['BEV', 5],
        ['PHEV', 3],
        ['gas', 2],
        ['diesel', vehicles % 4],
      ] as const)
      const got = apportion(vehicles, mix)
      expect([...got.values()].reduce((a, b) => a + b, 0)).toBe(vehicles)
      const whole = [...mix.values()].reduce((a, b) => a + b, 0)
      for (const [energy, part] of mix)
        expect(Math.abs((got.get(energy) ?? 0) - (vehicles * part) / whole)).toBeLessThan(1)
    }
  })
})

describe('what a scenario adds', () => {
  const ON = '2027-12-31'
  const due: DueKind[] = [
    { category: 'cruising-taxi', energy: 'gasoline', emission: '4', vehicles: 6 },
    { category: 'ride-hailing', energy: 'BEV', emission: null, vehicles: 4 },
    { category: 'truck', energy: 'diesel', emission: '3', vehicles: 5 },
    { category: 'truck', energy: 'diesel', emission: '4', vehicles: 2 },
    { category: 'truck', energy: 'diesel', emission: null, vehicles: 1 },
  ]
  const added = (policy: Policy, scenario: Parameters<typeof scenarioSums>[2]) => {
    const sums = scenarioSums(
      policy,
      due,
      scenario,
      (category) =>
        category === 'cruising-taxi'
          ? new Map([
              ['BEV', 1],
              ['HEV', 1],
            ] as const)
          : null,
      ON,
    )
    return Object.fromEntries(
      [...sums].map(([rule, { numerator, denominator }]) => [rule, [numerator, denominator]]),
    )
  }

  it('by new-energy vehicles: all count, old trucks leave, fleets are renewed', () => {
    expect(added(nanping2024, 'new-energy')).toMatchObject({
      'taxi-renewal': [10, 10],
      'old-diesel-trucks-retired': [5, 0],
      'taxi-fleet': [6, 0],
      'freight-fleet': [8, 0],
    })
  })

  it('by the present mix: by what came of late, where nothing did by the like', () => {
    expect(added(nanping2024, 'mix')).toMatchObject({
      'taxi-renewal': [3 + 4, 10],
      'old-diesel-trucks-retired': [5, 0],
      'freight-fleet': [0, 0],
    })
  })

  it('by none: nothing is renewed, what leaves has left', () => {
    const sums = added(nanping2024, 'none')
    expect(sums['taxi-renewal']).toBeUndefined()
    expect(sums).toMatchObject({
      'old-diesel-trucks-retired': [5, 0],
      'taxi-fleet': [-4, -10],
      'freight-fleet': [0, -8],
    })
  })

  it('follows the policy’s readings', () => {
    const sums = added(linhai2025, 'new-energy')
    expect(sums).toMatchObject({
      'cruising-taxi-renewal': [6, 6],
      'ride-hailing-renewal': [4, 4],
      'freight-vehicles-added': [8, 0],
    })
  })
})
