import { beforeEach, describe, expect, it } from 'vitest'
import { type Assessment, assess } from '../../server/domain/assessment.ts'
import type { Change, ChangeDraft, VehicleFacts } from '../../server/domain/change.ts'
import { checkChange } from '../../server/domain/check-change.ts'
import { contributionsOf } from '../../server/domain/contribution.ts'
import { stateOf } from '../../server/domain/life.ts'
import { type Policy, policy } from '../../server/domain/policy.ts'
import { WorkingRegister } from '../../server/domain/register.ts'
import type { RowValues } from '../../server/domain/row.ts'
import { Tally, type TallyFilter } from '../../server/domain/tally.ts'
import { nanping2024 } from '../harness/policies.ts'

/**
 * domain.md's worked figures and more of the kind, from changes through contributions and the tally to the
 * assessment. Voiding and `knownAt` are done here as the ledger's reader does them (recorded by then, not yet
 * voided); test/api asks the service itself for the same figures.
 */

let serial = 0
beforeEach(() => {
  serial = 0
})

const facts = (over: Partial<VehicleFacts> = {}): VehicleFacts => ({
  vin: `LTEST${String(++serial).padStart(12, '0')}`,
  plate: `闽H${String(serial).padStart(5, '0')}`,
  category: 'truck',
  energy: 'diesel',
  emission: null,
  registeredOn: null,
  operator: 'op-1',
  county: '350702',
  ...over,
})

const draft = (over: Partial<ChangeDraft> & Pick<ChangeDraft, 'kind' | 'on' | 'vehicle'>): ChangeDraft => ({
  retires: [],
  from: null,
  reason: null,
  certificate: null,
  packs: null,
  note: null,
  ...over,
})

const oldTruck = (over: Partial<VehicleFacts> = {}) => facts({ emission: '3', ...over })
const retired = (on: string, vehicle: VehicleFacts, reason: Change['reason'] = 'scrapped') =>
  draft({ kind: 'retired', on, vehicle, reason })
const replaced = (on: string, vehicle: VehicleFacts, ...retires: VehicleFacts[]) =>
  draft({ kind: 'replaced', on, vehicle, retires })
const bus = (energy: VehicleFacts['energy']) => facts({ category: 'bus', energy })
const taxi = (energy: VehicleFacts['energy'], category: VehicleFacts['category'] = 'cruising-taxi') =>
  facts({ category, energy })
const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i))

/** A rule's figure over a set of changes. */
function figure(
  changes: readonly ChangeDraft[],
  ruleId: string,
  asOf: string,
  { filter = {}, plan = nanping2024 }: { filter?: TallyFilter; plan?: Policy } = {},
): Assessment {
  const tally = new Tally()
  for (const change of changes) for (const c of contributionsOf(plan, change)) tally.add(c)
  const rule = plan.rules.find((r) => r.id === ruleId)
  if (!rule) throw new Error(`no rule ${ruleId}`)
  return assess(plan, rule, asOf, (day) => tally.total(ruleId, day, filter))
}

/** The changes of a ledger as known at an instant. */
const knownAt = (ledger: readonly Change[], instant: string): Change[] =>
  ledger.filter(
    (c) => c.recordedAt <= new Date(instant) && (c.voidedAt === null || c.voidedAt > new Date(instant)),
  )

const entry = (change: ChangeDraft, recordedAt: string, voidedAt: string | null = null): Change => ({
  ...change,
  id: `c${++serial}`,
  recordedAt: new Date(recordedAt),
  voidedAt: voidedAt === null ? null : new Date(voidedAt),
})

describe('the worked figures of domain.md', () => {
  it('buses: ten new-energy, an eleventh on gas, and its voiding', () => {
    const ten = times(10, (i) =>
      entry(replaced('2025-03-01', bus(i % 2 ? 'FCEV' : 'BEV')), '2025-04-01T00:00:00Z'),
    )
    const eleventh = entry(replaced('2025-05-01', bus('gas')), '2025-05-02T00:00:00Z', '2025-06-01T08:00:00Z')
    const ledger = [...ten, eleventh]
    const at = (instant: string) => figure(knownAt(ledger, instant), 'bus-renewal', '2025-12-31')

    expect(at('2025-05-01T23:59:59Z')).toMatchObject({
      value: 100,
      numerator: 10,
      denominator: 10,
      status: 'on-track',
      needed: 0,
    })
    expect(at('2025-06-01T07:59:59.999Z')).toMatchObject({
      value: 90.9,
      numerator: 10,
      denominator: 11,
      status: 'breached',
      needed: null,
    })
    expect(at('2025-06-01T08:00:00Z')).toMatchObject({
      value: 100,
      numerator: 10,
      denominator: 10,
      status: 'on-track',
    })
  })

  it('buses: taking the voided change away again leaves the tally as it was', () => {
    const tally = new Tally()
    const contributions = (c: ChangeDraft) => contributionsOf(nanping2024, c)
    for (const c of times(10, () => replaced('2025-03-01', bus('BEV'))).flatMap(contributions)) tally.add(c)
    const before = tally.total('bus-renewal', '2025-12-31')
    const gas = contributions(replaced('2025-05-01', bus('gas')))
    for (const c of gas) tally.add(c)
    expect(tally.total('bus-renewal', '2025-12-31')).toMatchObject({ numerator: 10, denominator: 11 })
    for (const c of gas) tally.add(c, -1)
    expect(tally.total('bus-renewal', '2025-12-31')).toEqual(before)
  })

  it('taxis: 63 of 90 are exactly 70 %; an HEV more is 69.2 % and needs three', () => {
    const ninety = [
      ...times(40, () => replaced('2025-01-10', taxi('BEV'))),
      ...times(23, () => replaced('2025-02-10', taxi('PHEV', 'ride-hailing'))),
      ...times(27, (i) =>
        replaced('2025-03-10', taxi(i % 2 ? 'gasoline' : 'gas', i % 3 ? 'cruising-taxi' : 'ride-hailing')),
      ),
    ]
    const asOf = '2025-12-31'
    expect(figure(ninety, 'taxi-renewal', asOf)).toMatchObject({
      value: 70,
      numerator: 63,
      denominator: 90,
      status: 'on-track',
      needed: 0,
    })

    const more = [...ninety, replaced('2025-04-10', taxi('HEV'))]
    expect(figure(more, 'taxi-renewal', asOf)).toMatchObject({
      value: 69.2,
      numerator: 63,
      denominator: 91,
      status: 'behind',
      needed: 3,
    })
    const and = (n: number) => [...more, ...times(n, () => replaced('2025-05-10', taxi('BEV')))]
    expect(figure(and(2), 'taxi-renewal', asOf)).toMatchObject({ value: 69.8, status: 'behind', needed: 1 })
    expect(figure(and(3), 'taxi-renewal', asOf)).toMatchObject({
      value: 70.2,
      numerator: 66,
      denominator: 94,
      status: 'on-track',
      needed: 0,
    })
  })

  it('trucks: a replaced 国三 counts as retired and not as added; 国四 and transferred out count for nothing', () => {
    const bev = () => facts({ energy: 'BEV' })
    const asOf = '2025-12-31'
    const one = [replaced('2025-06-01', bev(), oldTruck())]
    expect(figure(one, 'old-diesel-trucks-retired', '2025-05-31').value).toBe(0)
    expect(figure(one, 'old-diesel-trucks-retired', '2025-06-01').value).toBe(1)
    expect(figure(one, 'freight-vehicles-added', asOf).value).toBe(0)
    const none = [
      replaced('2025-06-01', bev(), oldTruck({ emission: '4' })),
      retired('2025-06-01', oldTruck({ emission: '4' })),
      retired('2025-06-01', oldTruck(), 'transferred-out'),
      retired('2025-06-01', oldTruck({ energy: 'gasoline' })),
      retired('2025-06-01', oldTruck({ category: 'bus' })),
    ]
    expect(figure(none, 'old-diesel-trucks-retired', asOf)).toMatchObject({ value: 0, undetermined: 0 })
    const each = [
      retired('2025-06-01', oldTruck({ emission: '0' })),
      retired('2025-06-01', oldTruck(), 'deregistered'),
    ]
    expect(figure([...one, ...none, ...each], 'old-diesel-trucks-retired', asOf).value).toBe(3)
    expect(figure([...one, ...none, ...each], 'freight-vehicles-added', asOf).value).toBe(0)
  })

  it.each([
    [319, 'behind'],
    [320, 'at-risk'],
    [399, 'at-risk'],
    [400, 'met'],
  ] as const)('trucks: %d on the last day are %s, the day after missed or met', (n, status) => {
    const changes = times(n, (i) => retired(i % 2 ? '2024-05-01' : '2027-12-31', oldTruck()))
    const at = (asOf: string) => figure(changes, 'old-diesel-trucks-retired', asOf)
    expect(at('2027-12-31')).toMatchObject({ value: n, status, needed: 400 - n, requiredPerMonth: null })
    expect(at('2028-01-01')).toMatchObject({
      value: n,
      status: n === 400 ? 'met' : 'missed',
      needed: null,
      forecast: null,
    })
  })
})

describe('vehicles that replace others, through the register', () => {
  const register = () => new WorkingRegister((name) => ({ id: name, isNew: false }))
  const context = { today: '2026-11-23', periodFrom: '2024-01-01' }
  const put = (to: WorkingRegister, values: RowValues): ChangeDraft => {
    const checked = checkChange({ values, issues: [] }, to, context)
    if (checked.outcome !== 'new') throw new Error(JSON.stringify(checked))
    to.accept(`c${++serial}`, checked.draft)
    return checked.draft
  }
  const row = (vin: string, plate: string, over: RowValues): RowValues => ({
    ...{ vin, plate, category: 'cruising-taxi', energy: 'gasoline', operator: '甲', county: '350702' },
    ...over,
  })

  it('a taxi replaced with its plate kept: one in service under it, two in its history, one replacement', () => {
    const known = register()
    const changes = [
      put(known, row('OLD', '闽HT0001', { kind: 'stock', on: '2019-01-01' })),
      put(
        known,
        row('NEW', '闽HT0001', { kind: 'replaced', on: '2025-03-01', energy: 'BEV', replaces: ['闽HT0001'] }),
      ),
    ]
    const holders = known.holders('闽HT0001')
    expect([...holders].sort()).toEqual(['NEW', 'OLD'])
    const active = (day: string) =>
      holders.filter((v) => stateOf(known.life(v) ?? [], day)?.status === 'active')
    expect(active('2025-02-28')).toEqual(['OLD'])
    expect(active('2025-03-01')).toEqual(['NEW'])
    expect(figure(changes, 'taxi-renewal', '2025-12-31')).toMatchObject({
      numerator: 1,
      denominator: 1,
      value: 100,
    })
    expect(figure(changes, 'taxi-fleet', '2025-02-28')).toMatchObject({ numerator: 0, denominator: 1 })
    expect(figure(changes, 'taxi-fleet', '2025-03-01')).toMatchObject({ numerator: 1, denominator: 1 })
  })

  it('one new bus for two old: one replacement, two out of service', () => {
    const known = register()
    const OLD = ['LTESTA00000000001', 'LTESTA00000000002'] as const
    const old = { category: 'bus', energy: 'diesel', kind: 'stock' } as const
    const changes = [
      put(known, row(OLD[0], '闽H00001', { ...old, on: '2018-01-01' })),
      put(known, row(OLD[1], '闽H00002', { ...old, on: '2018-01-01' })),
      put(
        known,
        row('NEW', '闽HD10003', {
          category: 'bus',
          energy: 'BEV',
          kind: 'replaced',
          on: '2025-03-01',
          replaces: ['闽H00001', OLD[1]],
        }),
      ),
    ]
    expect(figure(changes, 'bus-renewal', '2025-12-31')).toMatchObject({ numerator: 1, denominator: 1 })
    expect(figure(changes, 'bus-fleet', '2025-02-28')).toMatchObject({
      numerator: 0,
      denominator: 2,
      value: 0,
    })
    expect(figure(changes, 'bus-fleet', '2025-03-01')).toMatchObject({
      numerator: 1,
      denominator: 1,
      value: 100,
    })
    for (const vin of OLD)
      expect(stateOf(known.life(vin) ?? [])).toMatchObject({
        status: 'retired',
        exitedOn: '2025-03-01',
        exitReason: 'replaced',
        replacedBy: 'NEW',
      })
    expect(stateOf(known.life('NEW') ?? [])?.replaces).toEqual([...OLD])
  })

  it('an undetermined truck counts once its standard is known: void, and record it with the standard', () => {
    const known = register()
    const truck = row('T1', '闽H00007', { category: 'truck', energy: 'diesel' })
    put(known, { ...truck, kind: 'stock', on: '2010-01-01' })
    const retirement: RowValues = { vin: 'T1', kind: 'retired', on: '2025-02-01', reason: 'scrapped' }
    const check = (values: RowValues, in_: WorkingRegister) => {
      const checked = checkChange({ values, issues: [] }, in_, context)
      if (checked.outcome !== 'new') throw new Error(JSON.stringify(checked))
      return checked.draft
    }
    const rule = 'old-diesel-trucks-retired'
    expect(figure([check(retirement, known)], rule, '2025-12-31')).toMatchObject({
      value: 0,
      undetermined: 1,
    })
    expect(figure([check({ ...retirement, emission: '3' }, known)], rule, '2025-12-31')).toMatchObject({
      value: 1,
      undetermined: 0,
    })
    expect(figure([check({ ...retirement, emission: '4' }, known)], rule, '2025-12-31')).toMatchObject({
      value: 0,
      undetermined: 0,
    })
  })
})

describe('more worked figures', () => {
  it('the period takes in its first and last day, and nothing before or after', () => {
    const days = ['2023-12-31', '2024-01-01', '2027-12-31', '2028-01-01']
    const added = days.map((on) => draft({ kind: 'added', on, vehicle: facts({ energy: 'BEV' }) }))
    const counted = (asOf: string) => figure(added, 'freight-vehicles-added', asOf).value
    expect(
      ['2023-12-31', '2024-01-01', '2027-12-30', '2027-12-31', '2028-01-01', '2030-01-01'].map(counted),
    ).toEqual([0, 1, 1, 2, 2, 2])
    // the fleet is another matter: it is what is in service, whenever it came
    const fleet = (asOf: string) => figure(added, 'freight-fleet', asOf).denominator
    expect(days.map(fleet)).toEqual([1, 2, 3, 4])
    const share = days.map((on) => replaced(on, bus('gas')))
    expect(figure(share, 'bus-renewal', '2030-01-01')).toMatchObject({
      numerator: 0,
      denominator: 2,
      status: 'missed',
    })
  })

  it('a leap day is a day of its own', () => {
    const swap = draft({ kind: 'battery-swap', on: '2024-02-29', vehicle: bus('BEV'), packs: 9 })
    const packs = (asOf: string) => figure([swap], 'bus-batteries-swapped', asOf).value
    expect(['2024-02-28', '2024-02-29', '2024-03-01'].map(packs)).toEqual([0, 9, 9])
  })

  it('packs count only on new-energy buses', () => {
    const swap = (vehicle: VehicleFacts, packs: number | null) =>
      draft({ kind: 'battery-swap', on: '2025-01-01', vehicle, packs })
    const changes = [
      swap(bus('BEV'), 5),
      swap(bus('PHEV'), 3),
      swap(bus('FCEV'), 1),
      swap(bus('HEV'), 100),
      swap(bus('diesel'), 100),
      swap(taxi('BEV'), 100),
      swap(bus('BEV'), null),
    ]
    expect(figure(changes, 'bus-batteries-swapped', '2025-12-31')).toMatchObject({
      value: 9,
      unit: 'packs',
      target: 2000,
      undetermined: 0,
    })
  })

  it('6996 of 10000 shows as 69.9 %, is behind, and needs fourteen', () => {
    // (6996 + n) × 100 ≥ (10000 + n) × 70 ⇔ 30 n ≥ 400
    const changes = times(10_000, (i) => replaced('2025-01-01', taxi(i < 6996 ? 'BEV' : 'HEV')))
    expect(figure(changes, 'taxi-renewal', '2025-12-31')).toMatchObject({
      value: 69.9,
      status: 'behind',
      needed: 14,
    })
  })

  it('two old trucks for one new: two retired, none added', () => {
    const changes = [
      replaced(
        '2025-01-01',
        facts({ energy: 'BEV' }),
        oldTruck(),
        oldTruck({ emission: '2' }),
        oldTruck({ emission: '5' }),
      ),
    ]
    expect(figure(changes, 'old-diesel-trucks-retired', '2025-01-01').value).toBe(2)
    expect(figure(changes, 'freight-vehicles-added', '2025-01-01').value).toBe(0)
    expect(figure(changes, 'freight-fleet', '2025-01-01')).toMatchObject({ numerator: 1, denominator: -2 })
  })

  it('of two trucks replaced, the one without a standard is undetermined', () => {
    const changes = [
      replaced('2025-01-01', facts({ energy: 'BEV' }), oldTruck(), oldTruck({ emission: null })),
    ]
    expect(figure(changes, 'old-diesel-trucks-retired', '2025-12-31')).toMatchObject({
      value: 1,
      undetermined: 1,
    })
    const other = [
      retired('2025-01-01', oldTruck({ emission: null, energy: 'gasoline' })),
      retired('2025-01-01', oldTruck({ emission: null }), 'transferred-out'),
      retired('2023-12-31', oldTruck({ emission: null })),
    ]
    expect(figure(other, 'old-diesel-trucks-retired', '2025-12-31')).toMatchObject({
      value: 0,
      undetermined: 0,
    })
  })

  it('nothing replaced is no data, during the period and after it', () => {
    const stock = [
      draft({ kind: 'stock', on: '2020-01-01', vehicle: bus('diesel') }),
      draft({ kind: 'added', on: '2025-01-01', vehicle: bus('BEV') }),
    ]
    for (const asOf of ['2023-06-01', '2025-12-31', '2028-06-01'])
      expect(figure(stock, 'bus-renewal', asOf)).toMatchObject({
        value: null,
        numerator: 0,
        denominator: 0,
        status: 'no-data',
        needed: null,
      })
  })

  it('a target of 62.5 %: five of eight reach it; 62 of 100 need two more', () => {
    const plan = policy.parse({
      ...nanping2024,
      rules: nanping2024.rules.map((r) => (r.id === 'taxi-renewal' ? { ...r, target: 62.5 } : r)),
    })
    const of = (n: number, all: number) =>
      times(all, (i) => replaced('2025-01-01', taxi(i < n ? 'BEV' : 'gas')))
    const at = (n: number, all: number) => figure(of(n, all), 'taxi-renewal', '2025-12-31', { plan })
    expect(at(5, 8)).toMatchObject({ value: 62.5, target: 62.5, status: 'on-track', needed: 0 })
    expect(at(62, 100)).toMatchObject({ value: 62, status: 'behind', needed: 2 })
    expect(at(64, 102)).toMatchObject({ value: 62.7, status: 'on-track', needed: 0 })
    expect(at(63, 101)).toMatchObject({ value: 62.3, status: 'behind', needed: 1 })
  })

  it('a transfer counts for nothing but moves the vehicle between fleets', () => {
    const vehicle = facts({ category: 'sanitation', energy: 'BEV', county: '350703', operator: 'op-2' })
    const changes = [
      draft({ kind: 'stock', on: '2020-01-01', vehicle: { ...vehicle, county: '350702', operator: 'op-1' } }),
      draft({ kind: 'transferred', on: '2025-06-01', vehicle, from: { county: '350702', operator: 'op-1' } }),
      retired('2026-06-01', vehicle),
    ]
    const fleet = (asOf: string, filter: TallyFilter = {}) =>
      figure(changes, 'sanitation-fleet', asOf, { filter }).denominator
    expect([fleet('2025-05-31'), fleet('2025-06-01'), fleet('2026-06-01')]).toEqual([1, 1, 0])
    expect([fleet('2025-05-31', { county: '350702' }), fleet('2025-06-01', { county: '350702' })]).toEqual([
      1, 0,
    ])
    expect([fleet('2025-05-31', { operator: 'op-2' }), fleet('2025-06-01', { operator: 'op-2' })]).toEqual([
      0, 1,
    ])
    expect(fleet('2025-06-01', { county: '3507' })).toBe(1)
    expect(fleet('2025-06-01', { county: '36' })).toBe(0)
  })

  it('counties nest; the new area without a statutory code lies in the city', () => {
    const changes = ['350702', '3507WY', '350783'].map((county) =>
      retired('2025-01-01', oldTruck({ county })),
    )
    const at = (county: string) =>
      figure(changes, 'old-diesel-trucks-retired', '2025-12-31', { filter: { county } }).value
    expect([at('35'), at('3507'), at('3507WY'), at('350702'), at('350781')]).toEqual([3, 3, 1, 1, 0])
  })

  it('vessels are reported without a target', () => {
    const vessel = (energy: VehicleFacts['energy']) => facts({ category: 'vessel', energy })
    const changes = [
      retired('2025-01-01', vessel('diesel')),
      retired('2025-01-01', vessel('gas')),
      replaced('2025-01-01', vessel('BEV'), vessel('diesel')),
      draft({ kind: 'added', on: '2025-01-01', vehicle: vessel('gas') }),
      draft({ kind: 'added', on: '2025-01-01', vehicle: vessel('diesel') }),
    ]
    expect(figure(changes, 'vessels-retired', '2025-12-31')).toMatchObject({
      value: 2,
      target: null,
      status: 'reported',
      undetermined: 0,
    })
    expect(figure(changes, 'green-vessels-added', '2030-12-31')).toMatchObject({
      value: 2,
      target: null,
      status: 'reported',
    })
  })

  it('the readings that the document leaves open are parameters', () => {
    const plan = policy.parse({
      ...nanping2024,
      rules: [
        {
          ...nanping2024.rules.find((r) => r.id === 'old-diesel-trucks-retired'),
          sum: [
            {
              kinds: ['retired'],
              of: 'vehicle',
              where: { categories: ['truck'], energies: ['diesel'], emissionAtMost: 4 },
            },
          ],
        },
        {
          ...nanping2024.rules.find((r) => r.id === 'freight-vehicles-added'),
          sum: [{ kinds: ['added', 'replaced'], of: 'vehicle', where: { categories: ['truck'] } }],
        },
        {
          ...nanping2024.rules.find((r) => r.id === 'bus-batteries-swapped'),
          unit: 'vehicles',
          sum: [{ kinds: ['battery-swap'], of: 'vehicle', where: { categories: ['bus'] } }],
        },
      ],
    })
    const changes = [
      retired('2025-01-01', oldTruck({ emission: '4' }), 'transferred-out'),
      replaced('2025-01-01', facts({ energy: 'BEV' }), oldTruck()),
      draft({ kind: 'battery-swap', on: '2025-01-01', vehicle: bus('BEV'), packs: 9 }),
    ]
    expect(plan.rules.map((r) => figure(changes, r.id, '2025-12-31', { plan }).value)).toEqual([1, 1, 1])
    expect(plan.rules.map((r) => figure(changes, r.id, '2025-12-31').value)).toEqual([1, 0, 9])
  })

  const cross = () => {
    const there = { county: '350781', operator: 'op-9' }
    return [
      draft({ kind: 'stock', on: '2012-01-01', vehicle: oldTruck(there) }),
      replaced('2025-01-01', facts({ energy: 'BEV' }), oldTruck(there)),
    ]
  }

  it('a replaced vehicle leaves the fleet of the county in which it was', () => {
    const fleet = (county: string) => figure(cross(), 'freight-fleet', '2025-12-31', { filter: { county } })
    expect(fleet('350781')).toMatchObject({ numerator: 0, denominator: 0, status: 'no-data' })
    expect(fleet('350702')).toMatchObject({ numerator: 1, denominator: 1 })
    expect(figure(cross(), 'old-diesel-trucks-retired', '2025-12-31').value).toBe(1)
  })

  // Rule 1: by the (old) vehicle's county and operator as they were. contribution.ts puts it under the new
  // vehicle's, and compliance/evidence.ts looks for it there: both have to change together; then this turns red.
  it('a replaced truck counts as retired in the county and for the operator in which it was', () => {
    const at = (filter: TallyFilter) =>
      figure(cross(), 'old-diesel-trucks-retired', '2025-12-31', { filter }).value
    expect([at({ county: '350781' }), at({ operator: 'op-9' }), at({ county: '350702' })]).toEqual([1, 1, 0])
  })
})
