import { beforeEach, describe, expect, it } from 'vitest'
import type { ChangeDraft } from '../../server/domain/change.ts'
import { type Checked, checkChange } from '../../server/domain/check-change.ts'
import { type Field, type Issue, type IssueField, issue } from '../../server/domain/issue.ts'
import { stateOf } from '../../server/domain/life.ts'
import { WorkingRegister } from '../../server/domain/register.ts'
import type { RowValues } from '../../server/domain/row.ts'

const CONTEXT = { today: '2026-11-23', periodFrom: '2024-01-01' }

/** Vehicles have VINs like these; the check reads them as given. */
const vin = (name: string) => `LTEST${name.padStart(12, '0')}`
const [A, B, C, D] = [vin('A1'), vin('B2'), vin('C3'), vin('D4')]

const OPERATORS: Record<string, { id: string; isNew: boolean }> = {
  甲公司: { id: 'op-1', isNew: false },
  乙公司: { id: 'op-2', isNew: false },
  乙: { id: 'op-2', isNew: false },
  新公司: { id: 'op-new', isNew: true },
}

let register: WorkingRegister
beforeEach(() => {
  register = new WorkingRegister((name) => OPERATORS[name])
})

const TRUCK: RowValues = {
  plate: '闽H00001',
  category: 'truck',
  energy: 'diesel',
  emission: '3',
  operator: '甲公司',
  county: '350702',
}
const BUS: RowValues = { ...TRUCK, category: 'bus', energy: 'BEV', emission: undefined }

/** A row without the fields that are undefined. */
const row = (values: { [K in keyof RowValues]: RowValues[K] | undefined }): RowValues =>
  Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined)) as RowValues

const check = (values: { [K in keyof RowValues]: RowValues[K] | undefined }, issues: Issue[] = []): Checked =>
  checkChange({ values: row(values), issues }, register, CONTEXT)

/** Records a change that must be a good one. @returns it and the id under which it is on the ledger */
function put(values: { [K in keyof RowValues]: RowValues[K] | undefined }): ChangeDraft & { id: string } {
  const checked = check(values)
  if (checked.outcome !== 'new') throw new Error(JSON.stringify(checked))
  const id = `${values.kind}-${checked.draft.vehicle.vin.slice(-2)}-${checked.draft.on}`
  register.accept(id, checked.draft)
  return { ...checked.draft, id }
}

const stock = (of: string, over: RowValues = {}) => ({
  ...TRUCK,
  vin: of,
  kind: 'stock' as const,
  on: '2015-06-01',
  ...over,
})
const added = (of: string, on: string, over: RowValues = {}) => ({
  ...TRUCK,
  vin: of,
  kind: 'added' as const,
  on,
  ...over,
})
const instead = (of: string, on: string, replaces: string[], over: RowValues = {}) => ({
  ...{
    ...TRUCK,
    vin: of,
    kind: 'replaced' as const,
    on,
    replaces,
    plate: '闽HD10001',
    energy: 'BEV' as const,
  },
  emission: undefined,
  ...over,
})
const retired = (on: string, over: RowValues) => ({
  kind: 'retired' as const,
  on,
  reason: 'scrapped' as const,
  ...over,
})
const swap = (on: string, over: RowValues) => ({ kind: 'battery-swap' as const, on, packs: 4, ...over })
const moved = (on: string, over: RowValues) => ({ kind: 'transferred' as const, on, ...over })

const codes = (checked: Checked) => checked.issues.map((i) => i.code)
const found = (checked: Checked): [string, IssueField | null][] =>
  checked.issues.map((i) => [i.code, i.field])

/** Expects an error with just these findings. */
function refused(checked: Checked, ...expected: [string, IssueField | null][]): void {
  expect(found(checked)).toEqual(expected)
  expect(checked.outcome).toBe('error')
}

/** Expects a new change with just these warnings. */
function accepted(checked: Checked, ...expected: [string, IssueField | null][]): ChangeDraft {
  expect(found(checked)).toEqual(expected)
  if (checked.outcome !== 'new') throw new Error(`not new but ${JSON.stringify(checked)}`)
  expect(checked.issues.every((i) => i.severity === 'warning')).toBe(true)
  return checked.draft
}

describe('required.missing', () => {
  const ENTRY: Field[] = ['vin', 'plate', 'category', 'energy', 'county', 'operator']
  const whole: Record<string, () => RowValues> = {
    stock: () => stock(B, { plate: '闽H00002' }),
    added: () => added(B, '2025-01-01', { plate: '闽H00002' }),
    replaced: () => row(instead(B, '2025-01-01', [A])),
    retired: () => retired('2025-01-01', { vin: A }),
    'battery-swap': () => swap('2025-01-01', { vin: D }),
    transferred: () => moved('2025-01-01', { vin: A, county: '350703' }),
  }
  const needs: [string, Field][] = [
    ...ENTRY.map((f): [string, Field] => ['stock', f]),
    ...[...ENTRY, 'on' as const].map((f): [string, Field] => ['added', f]),
    ...[...ENTRY, 'on' as const, 'replaces' as const].map((f): [string, Field] => ['replaced', f]),
    ['retired', 'on'],
    ['retired', 'reason'],
    ['battery-swap', 'on'],
    ['battery-swap', 'packs'],
    ['transferred', 'on'],
  ]
  const world = () => {
    put(stock(A))
    put({ ...BUS, vin: D, plate: '闽HD10009', kind: 'stock', on: '2020-01-01' })
  }
  const rowOf = (kind: string) => whole[kind]?.() ?? {}

  it.each(Object.keys(whole))('%s: nothing is missing from a whole row', (kind) => {
    world()
    accepted(check(rowOf(kind)))
  })

  it.each(needs)('%s needs %s', (kind, field) => {
    world()
    refused(check({ ...rowOf(kind), [field]: undefined }), ['required.missing', field])
  })

  it.each(needs)('%s: %s that could not be read is not missing too', (kind, field) => {
    world()
    const unread = issue('date.invalid', field, { value: '?' })
    refused(check({ ...rowOf(kind), [field]: undefined }, [unread]), ['date.invalid', field])
  })

  it.each(['retired', 'battery-swap', 'transferred'])('%s needs a VIN or a plate', (kind) => {
    world()
    refused(check({ ...rowOf(kind), vin: undefined }), ['required.missing', 'plate'])
    refused(check({ ...rowOf(kind), vin: undefined }, [issue('vin.invalid', 'vin')]), ['vin.invalid', 'vin'])
  })

  it('a warning about a field does not stand for the field', () => {
    refused(
      check({ ...stock(A), plate: undefined }, [issue('plate.energy-mismatch', 'plate')]),
      ['plate.energy-mismatch', 'plate'],
      ['required.missing', 'plate'],
    )
  })

  it('the kind must be there, or be reported as unknown', () => {
    refused(check({ ...TRUCK, vin: A, on: '2025-01-01' }), ['required.missing', 'kind'])
    refused(check({ ...TRUCK, vin: A }, [issue('kind.unknown', 'kind')]), ['kind.unknown', 'kind'])
  })

  it('every missing field is named', () => {
    refused(
      check({ kind: 'added' }),
      ...([...ENTRY, 'on'] as Field[]).map((f): [string, Field] => ['required.missing', f]),
    )
  })
})

describe('entries', () => {
  it('become a change with all that the row says', () => {
    expect(
      accepted(
        check(
          added(A, '2025-01-01', {
            registeredOn: '2024-12-30',
            certificate: 'C-1',
            note: 'n',
            packs: 9,
            reason: 'scrapped',
          }),
        ),
      ),
    ).toEqual({
      kind: 'added',
      on: '2025-01-01',
      vehicle: {
        vin: A,
        plate: '闽H00001',
        category: 'truck',
        energy: 'diesel',
        emission: '3',
        registeredOn: '2024-12-30',
        operator: 'op-1',
        county: '350702',
      },
      retires: [],
      from: null,
      reason: null,
      certificate: 'C-1',
      packs: null,
      note: 'n',
    })
  })

  it('of battery-electric and fuel-cell vehicles have no emission standard, whatever the row says', () => {
    for (const energy of ['BEV', 'FCEV'] as const)
      expect(accepted(check(added(A, '2025-01-01', { energy, emission: '6' }))).vehicle.emission).toBeNull()
    expect(accepted(check(added(A, '2025-01-01', { energy: 'PHEV', emission: '6' }))).vehicle.emission).toBe(
      '6',
    )
  })

  it('date.future: from tomorrow on', () => {
    accepted(check(added(A, '2026-11-23')))
    refused(check(added(A, '2026-11-24')), ['date.future', 'on'])
    refused(
      check({ ...stock(A), on: undefined, registeredOn: '2026-11-24' }),
      ['date.future', 'on'],
      ['stock.in-period', 'registeredOn'],
    )
    refused(check({ ...added(A, ''), on: undefined }, [issue('date.future', 'on')]), ['date.future', 'on'])
  })

  it('date.before-registration: on the day itself is well', () => {
    accepted(check(added(A, '2025-01-02', { registeredOn: '2025-01-02' })))
    refused(check(added(A, '2025-01-01', { registeredOn: '2025-01-02' })), ['date.before-registration', 'on'])
    refused(check(stock(A, { on: '2015-01-01', registeredOn: '2015-01-02' })), [
      'date.before-registration',
      'on',
    ])
  })

  it('stock without a date was there since its registration, or at the latest the day before the period', () => {
    expect(accepted(check({ ...stock(A), on: undefined, registeredOn: '2019-03-04' })).on).toBe('2019-03-04')
    expect(accepted(check({ ...stock(A), on: undefined })).on).toBe('2023-12-31')
    expect(accepted(check(stock(A, { registeredOn: '2014-01-01' }))).on).toBe('2015-06-01')
  })

  it('stock.in-period: a warning from the first day of the period', () => {
    accepted(check(stock(A, { on: '2023-12-31' })))
    accepted(check(stock(A, { on: '2024-01-01' })), ['stock.in-period', 'on'])
    accepted(check({ ...stock(A), on: undefined, registeredOn: '2024-01-01' }), [
      'stock.in-period',
      'registeredOn',
    ])
    accepted(check(added(A, '2024-01-01')))
  })

  it('emission.missing: a warning for diesel trucks alone', () => {
    const without = (over: RowValues) => check({ ...added(A, '2025-01-01', over), emission: undefined })
    expect(accepted(without({}), ['emission.missing', 'emission']).vehicle.emission).toBeNull()
    accepted(without({ energy: 'gasoline' }))
    accepted(without({ energy: 'BEV' }))
    accepted(without({ category: 'bus' }))
  })

  it('operator.unknown is an error, operator.new a warning', () => {
    refused(check(added(A, '2025-01-01', { operator: '丙公司' })), ['operator.unknown', 'operator'])
    expect(
      accepted(check(added(A, '2025-01-01', { operator: '新公司' })), ['operator.new', 'operator']).vehicle
        .operator,
    ).toBe('op-new')
    expect(accepted(check(added(A, '2025-01-01', { operator: '乙' }))).vehicle.operator).toBe('op-2')
  })

  it('warnings of the reading are kept, errors of the reading forbid', () => {
    accepted(check(added(A, '2025-01-01'), [issue('vin.check-digit', 'vin')]), ['vin.check-digit', 'vin'])
    refused(check(added(A, '2025-01-01'), [issue('emission.unknown', 'emission')]), [
      'emission.unknown',
      'emission',
    ])
  })

  it('vehicle.already-registered: whatever the kind, also once it has left', () => {
    put(stock(A))
    refused(check(added(A, '2025-01-01')), ['vehicle.already-registered', 'vin'])
    refused(check(stock(A, { on: '2015-06-02' })), ['vehicle.already-registered', 'vin'])
    // nothing else is said of it but what could not be read
    refused(
      check(added(A, '2025-01-01', { operator: '丙公司' }), [issue('county.unknown', 'county')]),
      ['county.unknown', 'county'],
      ['vehicle.already-registered', 'vin'],
    )
    put(retired('2025-01-01', { vin: A }))
    refused(check(added(A, '2026-01-01')), ['vehicle.already-registered', 'vin'])
  })

  it('vehicle.conflict: the plate is on another vehicle', () => {
    put(stock(A))
    const checked = check(added(B, '2025-01-01'))
    refused(checked, ['vehicle.conflict', 'plate'])
    expect(checked.issues[0]?.params).toEqual({ value: '闽H00001', vin: A })
    accepted(check(added(B, '2025-01-01', { plate: '闽H00002' })))
  })

  it('vehicle.conflict: nor may the plate come to another vehicle later', () => {
    put(added(A, '2025-06-01'))
    refused(check(added(B, '2025-01-01')), ['vehicle.conflict', 'plate'])
  })

  it('a plate is free again on the day on which its vehicle leaves, not before', () => {
    put(stock(A))
    put(retired('2025-03-01', { vin: A }))
    refused(check(added(B, '2025-02-28')), ['vehicle.conflict', 'plate'])
    put(added(B, '2025-03-01'))
    expect(register.holders('闽H00001')).toEqual([A, B])
    expect(stateOf(register.life(A) ?? [], '2025-03-01')?.status).toBe('retired')
    expect(stateOf(register.life(B) ?? [], '2025-03-01')?.status).toBe('active')
  })
})

describe('replacements', () => {
  it('find the old vehicle by plate or VIN, as it was on the day', () => {
    put(stock(A))
    put(moved('2024-06-01', { vin: A, operator: '乙公司', county: '350703' }))
    const places = [A, '闽H00001'].map((ref) => {
      const [old] = accepted(check(instead(B, '2024-06-01', [ref]))).retires
      return [old?.vin, old?.operator, old?.county, old?.emission]
    })
    expect(places).toEqual(Array(2).fill([A, 'op-2', '350703', '3']))
    refused(check(instead(B, '2024-05-31', [A])), ['vehicle.conflict', 'replaces'])
  })

  it('keep the plate: the old vehicle gives it up on the same day', () => {
    put(stock(A))
    const { retires, vehicle } = put(instead(B, '2025-03-01', ['闽H00001'], { plate: '闽H00001' }))
    expect(retires.map((r) => r.vin)).toEqual([A])
    expect(vehicle.plate).toBe('闽H00001')
  })

  it('chain: A, B and C under one plate, on one day too', () => {
    put(stock(A))
    put(instead(B, '2025-03-01', ['闽H00001'], { plate: '闽H00001' }))
    expect(
      put(instead(C, '2025-09-01', ['闽H00001'], { plate: '闽H00001' })).retires.map((r) => r.vin),
    ).toEqual([B])
    expect(
      put(instead(D, '2025-09-01', ['闽H00001'], { plate: '闽H00001' })).retires.map((r) => r.vin),
    ).toEqual([C])
    const active = (day: string) =>
      register.holders('闽H00001').filter((v) => stateOf(register.life(v) ?? [], day)?.status === 'active')
    expect(['2025-02-28', '2025-03-01', '2025-08-31', '2025-09-01'].map(active)).toEqual([[A], [B], [B], [D]])
  })

  it('one for two; the same old one named twice is one', () => {
    put(stock(A))
    put(stock(B, { plate: '闽H00002' }))
    expect(accepted(check(instead(C, '2025-03-01', ['闽H00001', B]))).retires.map((r) => r.vin)).toEqual([
      A,
      B,
    ])
    expect(accepted(check(instead(C, '2025-03-01', ['闽H00001', A]))).retires.map((r) => r.vin)).toEqual([A])
  })

  it('one of two that cannot be found refuses the whole', () => {
    put(stock(A))
    refused(check(instead(C, '2025-03-01', ['闽H00001', '闽H00009'])), ['replaced.not-found', 'replaces'])
    expect(stateOf(register.life(A) ?? [])?.status).toBe('active')
  })

  it('replaced.not-found: nobody, itself, or not there yet', () => {
    refused(check(instead(B, '2025-03-01', ['闽H00001'])), ['replaced.not-found', 'replaces'])
    refused(check(instead(B, '2025-03-01', [A])), ['replaced.not-found', 'replaces'])
    refused(check(instead(B, '2025-03-01', [B])), ['replaced.not-found', 'replaces'])
    put(added(A, '2025-06-01'))
    refused(check(instead(B, '2025-03-01', [A])), ['replaced.not-found', 'replaces'])
    accepted(check(instead(B, '2025-06-01', [A])))
  })

  it('replaced.already-retired: by a retirement or another replacement, before or after', () => {
    put(stock(A))
    put(retired('2025-03-01', { vin: A }))
    for (const [on, ref] of [
      ['2025-03-01', A],
      ['2025-04-01', '闽H00001'],
      ['2025-02-01', A],
      ['2025-02-01', '闽H00001'],
    ] as const)
      refused(check(instead(B, on, [ref])), ['replaced.already-retired', 'replaces'])
    put(stock(C, { plate: '闽H00003' }))
    put(instead(B, '2025-05-01', [C]))
    const again = check(instead(D, '2025-06-01', ['闽H00003'], { plate: '闽HD10004' }))
    refused(again, ['replaced.already-retired', 'replaces'])
    expect(again.issues[0]?.params).toEqual({ value: '闽H00003', on: '2025-05-01' })
  })

  it('vehicle.conflict: the old vehicle had a change after the day', () => {
    put({ ...BUS, vin: A, kind: 'stock', on: '2020-01-01' })
    put(swap('2025-06-01', { vin: A }))
    const checked = check(instead(B, '2025-03-01', [A]))
    refused(checked, ['vehicle.conflict', 'replaces'])
    expect(checked.issues[0]?.params).toEqual({ value: A, on: '2025-06-01' })
    accepted(check(instead(B, '2025-06-01', [A])))
  })

  it('vehicle.conflict: the kept plate belongs to a vehicle that stays', () => {
    put(stock(A))
    put(stock(C, { plate: '闽H00003' }))
    refused(check(instead(B, '2025-03-01', [A], { plate: '闽H00003' })), ['vehicle.conflict', 'plate'])
  })
})

describe('retirements, swaps and transfers', () => {
  it('take the vehicle as it was on the day', () => {
    put(stock(A, { registeredOn: '2015-05-30' }))
    put(moved('2024-06-01', { vin: A, toOperator: '乙公司', toCounty: '350703' }))
    const at = (on: string) => accepted(check(retired(on, { plate: '闽H00001', certificate: 'S-1' })))
    expect(at('2024-06-01')).toEqual({
      kind: 'retired',
      on: '2024-06-01',
      vehicle: {
        vin: A,
        plate: '闽H00001',
        category: 'truck',
        energy: 'diesel',
        emission: '3',
        registeredOn: '2015-05-30',
        operator: 'op-2',
        county: '350703',
      },
      retires: [],
      from: null,
      reason: 'scrapped',
      certificate: 'S-1',
      packs: null,
      note: null,
    })
  })

  it('vehicle.not-found: by VIN first, by plate without one', () => {
    put(stock(A))
    refused(check(retired('2025-01-01', { vin: B })), ['vehicle.not-found', 'vin'])
    refused(check(retired('2025-01-01', { plate: '闽H00009' })), ['vehicle.not-found', 'plate'])
    refused(check(swap('2025-01-01', { vin: B, plate: '闽H00001' })), ['vehicle.not-found', 'vin'])
  })

  it('date.before-entry', () => {
    put(added(A, '2025-06-01'))
    refused(check(retired('2025-05-31', { vin: A })), ['date.before-entry', 'on'])
    refused(check(moved('2025-05-31', { plate: '闽H00001', county: '350703' })), ['date.before-entry', 'on'])
    accepted(check(retired('2025-06-01', { vin: A })))
  })

  it('date.before-registration, for a life that was recorded without that check', () => {
    const { vehicle } = accepted(check(stock(A)))
    register.load(A, [
      {
        change: 'c',
        kind: 'stock',
        role: 'subject',
        on: '2015-06-01',
        facts: { ...vehicle, registeredOn: '2016-01-01' },
        reason: null,
        packs: null,
        others: [],
      },
    ])
    refused(check(retired('2015-12-31', { vin: A })), ['date.before-registration', 'on'])
    accepted(check(retired('2016-01-01', { vin: A })))
  })

  it('date.future', () => {
    put(stock(A))
    accepted(check(retired('2026-11-23', { vin: A })))
    refused(check(retired('2026-11-24', { vin: A })), ['date.future', 'on'])
  })

  it('battery.not-new-energy: PHEV is, HEV is not', () => {
    put({ ...BUS, vin: A, kind: 'stock', energy: 'PHEV' })
    put({ ...BUS, vin: B, kind: 'stock', energy: 'HEV', plate: '闽H00002' })
    expect(accepted(check(swap('2025-01-01', { vin: A }))).packs).toBe(4)
    refused(check(swap('2025-01-01', { vin: B })), ['battery.not-new-energy', 'energy'])
  })

  it('vehicle.conflict: the row contradicts what figures count by', () => {
    put(stock(A))
    refused(check(retired('2025-01-01', { vin: A, category: 'bus' })), ['vehicle.conflict', 'category'])
    refused(check(retired('2025-01-01', { vin: A, energy: 'gasoline' })), ['vehicle.conflict', 'energy'])
    const checked = check(retired('2025-01-01', { vin: A, emission: '4', plate: '闽H00005' }))
    refused(checked, ['vehicle.conflict', 'emission'])
    expect(checked.issues[0]?.params).toEqual({ value: '4', register: '3' })
  })

  it('an emission standard that nobody had said comes with the change', () => {
    put({ ...stock(A), emission: undefined })
    expect(accepted(check(retired('2025-01-01', { vin: A, emission: '3' }))).vehicle.emission).toBe('3')
    put({ ...BUS, vin: B, kind: 'stock', plate: '闽HD10002' })
    expect(accepted(check(swap('2025-01-01', { vin: B, emission: '6' }))).vehicle.emission).toBeNull()
  })

  it('register.differs: a warning for what figures do not count by; the register’s word stands', () => {
    put(stock(A, { registeredOn: '2015-01-01' }))
    const other: RowValues = {
      vin: A,
      plate: '闽H00005',
      registeredOn: '2015-01-02',
      county: '350703',
      operator: '乙公司',
    }
    const draft = accepted(
      check(retired('2025-01-01', other)),
      ['register.differs', 'plate'],
      ['register.differs', 'registeredOn'],
      ['register.differs', 'county'],
      ['register.differs', 'operator'],
    )
    expect(draft.vehicle).toMatchObject({
      plate: '闽H00001',
      registeredOn: '2015-01-01',
      county: '350702',
      operator: 'op-1',
    })
    accepted(
      check(
        retired('2025-01-01', {
          vin: A,
          plate: '闽H00001',
          registeredOn: '2015-01-01',
          county: '350702',
          operator: '甲公司',
        }),
      ),
    )
  })

  it('a transfer goes to the operator and county named, which may differ', () => {
    put(stock(A))
    const to = (over: RowValues) => accepted(check(moved('2025-01-01', { vin: A, ...over })))
    expect(to({ county: '350703' })).toMatchObject({
      vehicle: { operator: 'op-1', county: '350703' },
      from: { operator: 'op-1', county: '350702' },
    })
    expect(to({ operator: '乙公司' }).vehicle).toMatchObject({ operator: 'op-2', county: '350702' })
    expect(
      to({ operator: '甲公司', toOperator: '乙公司', county: '350702', toCounty: '350781' }).vehicle,
    ).toMatchObject({ operator: 'op-2', county: '350781' })
    expect(
      accepted(check(moved('2025-01-01', { vin: A, toOperator: '新公司' })), ['operator.new', 'operator'])
        .vehicle.operator,
    ).toBe('op-new')
    refused(check(moved('2025-01-01', { vin: A, toOperator: '丙公司', county: '350703' })), [
      'operator.unknown',
      'operator',
    ])
  })

  it('transfer.unchanged', () => {
    put(stock(A))
    refused(check(moved('2025-01-01', { vin: A })), ['transfer.unchanged', 'operator'])
    refused(check(moved('2025-01-01', { vin: A, operator: '甲公司', county: '350702' })), [
      'transfer.unchanged',
      'operator',
    ])
    put(moved('2024-06-01', { vin: A, county: '350703' }))
    refused(check(moved('2025-01-01', { vin: A, county: '350703' })), ['transfer.unchanged', 'operator'])
    accepted(check(moved('2025-01-01', { vin: A, county: '350702' })))
  })

  it('vehicle.already-retired: nothing happens after a vehicle has left, nor does it leave twice', () => {
    put({ ...BUS, vin: A, kind: 'stock', on: '2020-01-01' })
    put(retired('2025-03-01', { vin: A }))
    refused(check(retired('2025-03-02', { vin: A })), ['vehicle.already-retired', 'on'])
    refused(check(retired('2025-02-01', { vin: A })), ['vehicle.already-retired', 'on'])
    refused(check(swap('2025-03-02', { plate: '闽H00001' })), ['vehicle.already-retired', 'on'])
    refused(check(moved('2025-03-02', { vin: A, county: '350703' })), ['vehicle.already-retired', 'on'])
    accepted(check(swap('2025-03-01', { vin: A })))
    accepted(check(swap('2025-02-28', { vin: A })))
  })

  it('vehicle.already-retired: a replaced vehicle has left too', () => {
    put(stock(A))
    put(instead(B, '2025-03-01', [A]))
    const checked = check(retired('2025-03-01', { vin: A }))
    refused(checked, ['vehicle.already-retired', 'on'])
    expect(checked.issues[0]?.params).toMatchObject({ on: '2025-03-01' })
  })

  it('out of order: a retirement before a swap that is on the ledger is a conflict', () => {
    put({ ...BUS, vin: A, kind: 'stock', on: '2020-01-01' })
    put(swap('2025-06-01', { vin: A }))
    const checked = check(retired('2025-05-31', { vin: A }))
    refused(checked, ['vehicle.conflict', 'on'])
    expect(checked.issues[0]?.params).toEqual({ value: A, on: '2025-06-01' })
    accepted(check(retired('2025-06-01', { vin: A })))
    accepted(check(swap('2025-05-31', { vin: A })))
  })

  it.each([
    ['swap', () => put(swap('2025-06-01', { vin: A }))],
    ['retirement', () => put(retired('2025-06-01', { vin: A }))],
    ['replacement', () => put(instead(B, '2025-06-01', [A]))],
    ['transfer', () => put(moved('2025-06-01', { vin: A, county: '350781' }))],
  ])(
    'out of order: a transfer before a %s that was recorded for the old county is a conflict',
    (_, later) => {
      put({ ...BUS, vin: A, kind: 'stock', on: '2020-01-01' })
      later()
      const checked = check(moved('2025-03-01', { vin: A, county: '350703' }))
      refused(checked, ['vehicle.conflict', 'on'])
      expect(checked.issues[0]?.params).toEqual({ value: A, on: '2025-06-01' })
    },
  )

  it('out of order: a transfer that agrees with what comes after it is none', () => {
    put({ ...BUS, vin: A, kind: 'stock', on: '2020-01-01' })
    const { vehicle, retires, from, reason, certificate, note } = accepted(
      check(swap('2025-06-01', { vin: A })),
    )
    // the transfer was voided and is recorded anew with its right date
    register.accept('s', {
      kind: 'battery-swap',
      on: '2025-06-01',
      packs: 4,
      retires,
      from,
      reason,
      certificate,
      note,
      vehicle: { ...vehicle, county: '350703' },
    })
    accepted(check(moved('2025-03-01', { vin: A, county: '350703' })))
    refused(check(moved('2025-03-01', { vin: A, county: '350781' })), ['vehicle.conflict', 'on'])
  })

  it('a plate leads to the vehicle that carried it on the day', () => {
    put({ ...BUS, vin: A, kind: 'stock', on: '2020-01-01' })
    put(instead(B, '2025-03-01', [A], { category: 'bus', plate: '闽H00001' }))
    const of = (on: string) => accepted(check(swap(on, { plate: '闽H00001' }))).vehicle.vin
    expect([of('2025-02-28'), of('2025-03-02')]).toEqual([A, B])
  })

  it('vehicle.conflict: on the day on which it passes, a plate alone does not say which vehicle is meant', () => {
    put(stock(A))
    put(instead(B, '2025-03-01', [A], { plate: '闽H00001' }))
    // the old vehicle's scrapping, reported beside its replacement: not the new vehicle's
    const checked = check(retired('2025-03-01', { plate: '闽H00001' }))
    refused(checked, ['vehicle.conflict', 'plate'])
    accepted(check(retired('2025-03-01', { plate: '闽H00001', vin: B })))
    refused(check(retired('2025-03-01', { plate: '闽H00001', vin: A })), ['vehicle.already-retired', 'on'])
  })
})

describe('the very same change', () => {
  /** Expects the row to be on the ledger already, as that change. */
  function unchanged(checked: Checked, id: string): void {
    expect(checked).toEqual({ outcome: 'unchanged', issues: [], change: id })
  }

  it('is unchanged, for every kind', () => {
    const rows = [
      { ...BUS, vin: A, kind: 'stock' as const, on: '2020-01-01', registeredOn: '2019-12-31' },
      { ...stock(D, { plate: '闽H00004' }), on: undefined },
      { ...added(B, '2024-02-01', { plate: '闽H00002' }) },
      swap('2024-03-01', { plate: '闽H00001' }),
      moved('2024-04-01', { plate: '闽H00002', operator: '乙公司', toCounty: '350703' }),
      retired('2024-05-01', { plate: '闽H00002', operator: '乙公司', emission: '3' as const }),
      instead(C, '2024-06-01', ['闽H00001', D], { plate: '闽H00001' }),
    ]
    const ids = rows.map((r) => put(r).id)
    expect(new Set(ids).size).toBe(7)
    for (const [i, r] of rows.entries()) unchanged(check(r), ids[i] ?? '')
  })

  it('is unchanged when it says less, another name of the operator, or warns', () => {
    const { id } = put(added(A, '2025-01-01', { registeredOn: '2024-12-30', operator: '乙公司', note: 'x' }))
    unchanged(check(added(A, '2025-01-01', { operator: '乙' }), [issue('vin.check-digit', 'vin')]), id)
    const bev = put(added(B, '2025-01-01', { energy: 'BEV', plate: '闽HD10002' }))
    unchanged(check(added(B, '2025-01-01', { energy: 'BEV', plate: '闽HD10002', emission: '6' })), bev.id)
  })

  it('is unchanged after the plate has passed on, and after the vehicle has left', () => {
    put({ ...BUS, vin: A, kind: 'stock', on: '2020-01-01' })
    const first = put(swap('2024-03-01', { plate: '闽H00001' }))
    const second = put(instead(B, '2025-03-01', ['闽H00001'], { category: 'bus', plate: '闽H00001' }))
    const third = put(instead(C, '2025-09-01', ['闽H00001'], { category: 'bus', plate: '闽H00001' }))
    const fourth = put(retired('2026-01-01', { plate: '闽H00001' }))
    put(added(D, '2026-02-01', { plate: '闽H00001' }))
    unchanged(check(swap('2024-03-01', { plate: '闽H00001' })), first.id)
    unchanged(
      check(instead(B, '2025-03-01', ['闽H00001'], { category: 'bus', plate: '闽H00001' })),
      second.id,
    )
    unchanged(check(instead(C, '2025-09-01', ['闽H00001'], { category: 'bus', plate: '闽H00001' })), third.id)
    unchanged(check(retired('2026-01-01', { plate: '闽H00001' })), fourth.id)
  })

  it('is unchanged when the plate passed on that very day', () => {
    put(stock(A))
    const { id } = put(retired('2025-03-01', { plate: '闽H00001' }))
    put(added(B, '2025-03-01', { plate: '闽H00001' }))
    unchanged(check(retired('2025-03-01', { plate: '闽H00001' })), id)
    expect(stateOf(register.life(B) ?? [])?.status).toBe('active')
  })

  it('an error in the reading is an error all the same', () => {
    put(added(A, '2025-01-01'))
    refused(check(added(A, '2025-01-01'), [issue('county.unknown', 'county')]), ['county.unknown', 'county'])
  })
})

describe('change.conflict: the same change with another word', () => {
  it.each([
    ['plate', '闽H00005'],
    ['category', 'bus'],
    ['energy', 'gasoline'],
    ['emission', '4'],
    ['registeredOn', '2024-01-01'],
    ['county', '350703'],
    ['operator', '乙公司'],
    ['operator', '丙公司'],
  ] as [Field, string][])('an entry: %s %s', (field, value) => {
    const { id } = put(added(A, '2025-01-01', { registeredOn: '2024-12-30' }))
    const checked = check({ ...added(A, '2025-01-01'), [field]: value })
    refused(checked, ['change.conflict', field])
    expect(checked.issues[0]?.params).toEqual({ value, change: id })
  })

  it('a replacement of others', () => {
    put(stock(A))
    put(stock(B, { plate: '闽H00002' }))
    put(instead(C, '2025-01-01', [A]))
    for (const replaces of [[B], [A, B], ['闽H00002'], ['闽H00009']])
      refused(check(instead(C, '2025-01-01', replaces)), ['change.conflict', 'replaces'])
    put(stock(D, { plate: '闽H00004' }))
    const two = vin('E5')
    put(instead(two, '2025-01-01', [B, D], { plate: '闽HD10005' }))
    refused(check(instead(two, '2025-01-01', [B], { plate: '闽HD10005' })), ['change.conflict', 'replaces'])
    refused(check(instead(two, '2025-01-01', [B, '闽H00002'], { plate: '闽HD10005' })), [
      'change.conflict',
      'replaces',
    ])
  })

  it('a swap of other packs, a retirement for another reason, each of another energy', () => {
    put({ ...BUS, vin: A, kind: 'stock', on: '2020-01-01' })
    put(swap('2025-01-01', { vin: A }))
    refused(check(swap('2025-01-01', { vin: A, packs: 5 })), ['change.conflict', 'packs'])
    refused(check(swap('2025-01-01', { vin: A, energy: 'PHEV' })), ['change.conflict', 'energy'])
    put(retired('2025-02-01', { vin: A }))
    refused(check(retired('2025-02-01', { vin: A, reason: 'transferred-out' })), [
      'change.conflict',
      'reason',
    ])
  })

  it('a transfer to somebody else', () => {
    put(stock(A))
    put(moved('2025-01-01', { vin: A, toOperator: '乙公司', toCounty: '350703' }))
    refused(check(moved('2025-01-01', { vin: A, toOperator: '新公司', toCounty: '350703' })), [
      'change.conflict',
      'toOperator',
    ])
    refused(
      check(moved('2025-01-01', { vin: A, operator: '甲公司', county: '350781' })),
      ['change.conflict', 'operator'],
      ['change.conflict', 'county'],
    )
  })

  it('the emission standard that an old truck’s retirement lacks', () => {
    put({ ...stock(A), emission: undefined })
    put(retired('2025-01-01', { vin: A }))
    // not "unchanged": the truck would stay undetermined although somebody has said what it was
    refused(check(retired('2025-01-01', { vin: A, emission: '3' })), ['change.conflict', 'emission'])
    put({ ...stock(B, { category: 'bus', plate: '闽H00002' }), emission: undefined })
    const { id } = put(retired('2025-01-01', { vin: B }))
    expect(check(retired('2025-01-01', { vin: B, emission: '3' }))).toMatchObject({
      outcome: 'unchanged',
      change: id,
    })
  })
})

it('a row with several faults is told all of them', () => {
  put(stock(A))
  expect(
    codes(
      check({
        ...instead(B, '2026-12-01', ['闽H00009'], {
          operator: '丙公司',
          plate: '闽H00001',
          registeredOn: '2027-01-01',
        }),
      }),
    ),
  ).toEqual([
    'date.future',
    'date.before-registration',
    'operator.unknown',
    'replaced.not-found',
    'vehicle.conflict',
  ])
})
