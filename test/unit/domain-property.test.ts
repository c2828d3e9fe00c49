import { describe, expect, it } from 'vitest'
import { type Assessment, assess } from '../../server/domain/assessment.ts'
import { DIMENSIONS, differences } from '../../server/domain/cells.ts'
import type { Change } from '../../server/domain/change.ts'
import { checkChange } from '../../server/domain/check-change.ts'
import { endOfMonth, monthsBetween } from '../../server/domain/civil-date.ts'
import { contributionsOf } from '../../server/domain/contribution.ts'
import { byTime, impossibleEvent, stateOf } from '../../server/domain/life.ts'
import { WorkingRegister } from '../../server/domain/register.ts'
import type { RowValues } from '../../server/domain/row.ts'
import { emptySum, type Sum } from '../../server/domain/series.ts'
import { Tally, type TallyFilter } from '../../server/domain/tally.ts'
import { EMISSIONS, KINDS, REASONS } from '../../server/domain/vocabulary.ts'
import { nanping2024 } from '../harness/policies.ts'
import {
  COUNTIES,
  Dice,
  EDGES,
  type Entry,
  isNew,
  OPERATORS,
  RECOUNT,
  randomChange,
  recount,
} from '../harness/recount.ts'

function addedUp(sums: Iterable<Sum>): Sum {
  const total = emptySum()
  for (const sum of sums) for (const key of Object.keys(total) as (keyof Sum)[]) total[key] += sum[key]
  return total
}

/** The ledger's tally, filled in random order, with voids at random times and questions in between. */
function tallyOf(ledger: readonly Entry[], dice: Dice): Tally {
  const tally = new Tally()
  const steps = ledger.flatMap(({ change, voided }) => {
    const at = dice.next()
    const add = { at, sign: 1 as const, change }
    return voided ? [add, { at: at + (1 - at) * dice.next(), sign: -1 as const, change }] : [add]
  })
  for (const { change, sign } of steps.sort((a, b) => a.at - b.at)) {
    for (const c of contributionsOf(nanping2024, change)) tally.add(c, sign)
    if (dice.chance(0.01)) tally.total('freight-fleet', '2026-01-01')
  }
  return tally
}

const RULES = nanping2024.rules.map((r) => r.id)

it('the recount knows every rule', () => expect(Object.keys(RECOUNT).sort()).toEqual([...RULES].sort()))

describe.each([1, 20_241, 777, 4_294_967_295])(
  'a ledger of 3000 random changes, a fifth of them voided (seed %d)',
  (seed) => {
    const dice = new Dice(seed)
    const ledger = Array.from(
      { length: 3000 },
      (_, i): Entry => ({ change: randomChange(dice, i), voided: dice.chance(0.2) }),
    )
    const tally = tallyOf(ledger, dice)

    const FILTERS: TallyFilter[] = [
      {},
      ...[...COUNTIES, '3507', '35', '36', '99'].map((county) => ({ county })),
      ...[...OPERATORS, 'op-'].map((operator) => ({ operator })),
      { county: '3507', operator: 'op-2' },
      { county: '350702', operator: 'op-1' },
      { category: 'truck' },
      { category: 'bus', county: '3507' },
      { energy: 'diesel', operator: 'op-3' },
      { category: 'truck', energy: 'diesel', county: '36', operator: 'op-1' },
      { energy: 'none such' },
    ]

    it.each(RULES)('%s: the tally is the recount, on any day, of any part', (rule) => {
      let some = 0
      for (const asOf of [
        ...EDGES,
        ...Array.from({ length: 6 }, () => dice.day('2023-05-01', '2028-07-31')),
      ]) {
        for (const filter of FILTERS) {
          const sum = recount(ledger, rule, asOf, filter)
          expect({ asOf, filter, ...tally.total(rule, asOf, filter) }).toEqual({ asOf, filter, ...sum })
          some += sum.entries
        }
      }
      expect(some).toBeGreaterThan(50)
    })

    it.each(RULES)('%s: the parts of each breakdown add up to the whole, and each is the recount', (rule) => {
      for (const asOf of ['2024-02-29', '2025-12-31', '2027-12-31', '2028-06-30']) {
        for (const filter of FILTERS) {
          const whole = tally.total(rule, asOf, filter)
          for (const dimension of DIMENSIONS)
            expect(addedUp(tally.breakdown(rule, dimension, asOf, filter).values())).toEqual(whole)
        }
        for (const dimension of DIMENSIONS) {
          for (const [key, part] of tally.breakdown(rule, dimension, asOf))
            expect({ dimension, key, ...part }).toEqual({
              dimension,
              key,
              ...recount(ledger, rule, asOf, { [dimension]: key }),
            })
        }
      }
    })

    it.each(RULES)('%s: its course is its total on every day, of any part', (rule) => {
      for (const filter of FILTERS) {
        const course = tally.course(rule, filter)
        for (const day of [
          ...EDGES,
          ...Array.from({ length: 10 }, () => dice.day('2023-05-01', '2028-07-31')),
        ])
          expect({ filter, day, ...course.upTo(day) }).toEqual({
            ...{ filter, day },
            ...tally.total(rule, day, filter),
          })
        const days = [...course.byDay()]
        expect(addedUp(days.map(({ sum }) => sum))).toEqual(tally.total(rule, '9999-12-31', filter))
        expect(days.map(({ on }) => on)).toEqual([...new Set(days.map(({ on }) => on))].sort())
      }
    })

    it('its cells, put into another tally, make the same one; a single contribution more is found', async () => {
      const other = new Tally()
      other.take(dice.shuffle([...tally.cells()]))
      expect(await differences(tally.cells(), other.cells())).toEqual([])
      for (const rule of RULES)
        expect(other.total(rule, '2027-12-31')).toEqual(tally.total(rule, '2027-12-31'))
      const [first] = tally.cells()
      if (!first) throw new Error('the tally is empty')
      const more = { ...first, sum: { ...emptySum(), numerator: 1 } }
      other.take([more])
      expect(await differences(other.cells(), tally.cells())).toEqual([more])
      expect(await differences(tally.cells(), other.cells())).toMatchObject([{ sum: { numerator: -1 } }])
    })

    it.each(RULES)('%s: each month adds what happened in it', (rule) => {
      let before = tally.total(rule, '2023-05-31')
      expect(before).toEqual(emptySum())
      for (const month of monthsBetween('2023-06-01', '2028-06-30')) {
        const now = tally.total(rule, endOfMonth(month))
        const within = ledger.filter((e) => e.change.on.startsWith(month))
        expect({ month, ...now }).toEqual({
          month,
          ...addedUp([before, recount(within, rule, '9999-12-31')]),
        })
        before = now
      }
      expect(before).toEqual(recount(ledger, rule, '9999-12-31'))
    })

    it('the assessment shows these figures, and its numbers hang together', () => {
      for (let i = 0; i < 40; i++) {
        const asOf = dice.day('2023-06-01', '2028-06-30')
        for (const rule of nanping2024.rules) {
          const figure: Assessment = assess(nanping2024, rule, asOf, (day) => tally.total(rule.id, day))
          const sum = recount(ledger, rule.id, asOf)
          expect(figure).toMatchObject({ numerator: sum.numerator, undetermined: sum.undetermined })
          if (rule.kind === 'count') {
            expect(figure.value).toBe(sum.numerator)
            if (figure.forecast) expect(figure.forecast.low).toBeGreaterThanOrEqual(sum.numerator)
            if (rule.target !== undefined) expect(figure.status === 'met').toBe(sum.numerator >= rule.target)
          } else expect(figure.denominator).toBe(sum.denominator)
          if (rule.kind === 'share' && sum.denominator > 0) {
            const reached = BigInt(sum.numerator) * 100n >= BigInt(sum.denominator) * BigInt(rule.target)
            expect(['on-track', 'met'].includes(figure.status)).toBe(reached)
          }
        }
      }
    })

    it('taking everything away leaves nothing', () => {
      const emptied = tallyOf(ledger, dice)
      for (const { change, voided } of dice.shuffle(ledger))
        if (!voided) for (const c of contributionsOf(nanping2024, change)) emptied.add(c, -1)
      for (const rule of RULES) for (const day of EDGES) expect(emptied.total(rule, day)).toEqual(emptySum())
      expect([...emptied.cells()]).toEqual([])
    })
  },
)

// --- a register that grows by random rows, good and bad, in any order of dates ----------------------------------

const CONTEXT = { today: '2027-06-30', periodFrom: '2024-01-01' }
const VEHICLES = 400
const vinOf = (i: number) => `LTEST${String(i).padStart(12, '0')}`

function randomRow(dice: Dice): RowValues {
  const kind = dice.of([
    ...KINDS,
    'added',
    'replaced',
    'replaced',
    'battery-swap',
    'transferred',
    'transferred',
  ] as const)
  const on = dice.chance(0.5)
    ? dice.of(['2024-03-01', '2025-03-01', '2026-03-01'])
    : dice.day('2022-01-01', '2027-06-30')
  const plate = () => `闽H${String(dice.below(150)).padStart(5, '0')}`
  const vin = () => vinOf(dice.below(VEHICLES))
  const which = (): RowValues => (dice.chance(0.5) ? { vin: vin() } : { plate: plate() })
  switch (kind) {
    case 'stock':
    case 'added':
    case 'replaced':
      return {
        kind,
        ...(kind === 'stock' && dice.chance(0.5) ? {} : { on }),
        vin: vin(),
        plate: plate(),
        category: dice.of(['bus', 'truck'] as const),
        energy: dice.of(['BEV', 'diesel'] as const),
        ...(dice.chance(0.5) ? { emission: dice.of(EMISSIONS) } : {}),
        operator: dice.of(OPERATORS),
        county: dice.of(COUNTIES),
        ...(kind === 'replaced'
          ? {
              replaces: Array.from({ length: 1 + dice.below(2) }, () => (dice.chance(0.3) ? vin() : plate())),
            }
          : {}),
      }
    case 'retired':
      return { kind, on, ...which(), reason: dice.of(REASONS) }
    case 'battery-swap':
      return { kind, on, ...which(), packs: 1 + dice.below(5) }
    case 'transferred':
      return { kind, on, ...which(), toOperator: dice.of(OPERATORS), toCounty: dice.of(COUNTIES) }
  }
}

describe.each([3, 99, 2027])(
  'a register that 6000 random rows were put to, in any order (seed %d)',
  (seed) => {
    const dice = new Dice(seed)
    const register = new WorkingRegister((name) => ({ id: name, isNew: false }))
    const accepted: { row: RowValues; change: Change }[] = []
    for (let i = 0; i < 6000; i++) {
      const row = randomRow(dice)
      const checked = checkChange({ values: row, issues: [] }, register, CONTEXT)
      if (checked.outcome !== 'new') continue
      const change = { ...checked.draft, id: `c${i}`, recordedAt: new Date(i), voidedAt: null }
      register.accept(change.id, change)
      accepted.push({ row, change })
    }
    const vins = Array.from({ length: VEHICLES }, (_, i) => vinOf(i)).filter((vin) => register.life(vin))
    const lifeOf = (vin: string) => register.life(vin) ?? []
    const days = [...new Set([...accepted.map((a) => a.change.on), '2021-12-31', '2023-12-31'])].sort()

    it('took enough of every kind to say something', () => {
      for (const kind of KINDS)
        expect(accepted.filter((a) => a.change.kind === kind).length).toBeGreaterThan(20)
    })

    it('every life is in order and possible', () => {
      for (const vin of vins) {
        const life = lifeOf(vin)
        expect([...life].sort(byTime)).toEqual(life)
        expect(impossibleEvent(life)).toBeUndefined()
      }
    })

    it('on no day do two vehicles in service carry one plate', () => {
      for (const day of days) {
        const plates = vins.flatMap((vin) => {
          const state = stateOf(lifeOf(vin), day)
          return state?.status === 'active' ? [state.facts.plate] : []
        })
        expect({ day, twice: plates.filter((p, i) => plates.indexOf(p) !== i) }).toEqual({ day, twice: [] })
      }
    })

    it('every change holds the facts of its vehicle on that day', () => {
      for (const { change } of accepted) {
        if (change.kind === 'stock' || change.kind === 'added' || change.kind === 'replaced') continue
        const { operator, county, plate, category, energy } =
          stateOf(lifeOf(change.vehicle.vin), change.on)?.facts ?? {}
        const { vehicle } = change
        expect({ operator, county, plate, category, energy }).toEqual({
          operator: vehicle.operator,
          county: vehicle.county,
          plate: vehicle.plate,
          category: vehicle.category,
          energy: vehicle.energy,
        })
      }
    })

    it('the fleets are the vehicles in service, in each county and for each operator, on any day', () => {
      const tally = new Tally()
      for (const { change } of dice.shuffle(accepted))
        for (const c of contributionsOf(nanping2024, change)) tally.add(c)
      for (const day of days) {
        const inService = vins.flatMap((vin) => {
          const state = stateOf(lifeOf(vin), day)
          return state?.status === 'active' ? [state.facts] : []
        })
        for (const [rule, category] of [
          ['bus-fleet', 'bus'],
          ['freight-fleet', 'truck'],
        ] as const) {
          for (const filter of [
            {},
            ...COUNTIES.map((county) => ({ county })),
            ...OPERATORS.map((operator) => ({ operator })),
          ] as TallyFilter[]) {
            const there = inService.filter(
              (f) =>
                f.category === category &&
                (!filter.county || f.county === filter.county) &&
                (!filter.operator || f.operator === filter.operator),
            )
            const { numerator, denominator } = tally.total(rule, day, filter)
            expect({ day, rule, filter, numerator, denominator }).toEqual({
              day,
              rule,
              filter,
              numerator: there.filter(isNew).length,
              denominator: there.length,
            })
          }
        }
      }
    })

    it('the same rows once more, in any order, change nothing', () => {
      for (const { row, change } of dice.shuffle(accepted))
        expect({ row, ...checkChange({ values: row, issues: [] }, register, CONTEXT) }).toEqual({
          row,
          outcome: 'unchanged',
          issues: [],
          change: change.id,
        })
    })
  },
)
