import { describe, expect, it } from 'vitest'
import { type ChangeDraft, changeKey, touchedVins, type VehicleFacts } from '../../server/domain/change.ts'
import {
  byTime,
  eventsOf,
  holdsPlateFrom,
  holdsPlateOn,
  impossibleEvent,
  type LifeEvent,
  plateSpells,
  stateOf,
} from '../../server/domain/life.ts'
import { insertEvent, WorkingRegister } from '../../server/domain/register.ts'

const facts = (over: Partial<VehicleFacts> = {}): VehicleFacts => ({
  ...{ vin: 'A', plate: 'P1', category: 'bus', energy: 'BEV', emission: null, registeredOn: null },
  ...{ operator: 'op-1', county: '350702' },
  ...over,
})

const event = (kind: LifeEvent['kind'], on: string, over: Partial<LifeEvent> = {}): LifeEvent => ({
  ...{
    change: `${kind}-${on}`,
    kind,
    on,
    role: 'subject',
    facts: facts(),
    reason: null,
    packs: null,
    others: [],
  },
  ...over,
})

const change = (over: Partial<ChangeDraft> & Pick<ChangeDraft, 'kind' | 'on'>): ChangeDraft => ({
  ...{ vehicle: facts(), retires: [], from: null, reason: null, certificate: null, packs: null, note: null },
  ...over,
})

const replacedBy = (on: string, other: string, over: Partial<LifeEvent> = {}) =>
  event('replaced', on, { role: 'replaced', others: [other], ...over })

describe('a life', () => {
  const life = [
    event('stock', '2020-01-01'),
    event('transferred', '2024-02-01', { facts: facts({ operator: 'op-2' }) }),
    event('battery-swap', '2024-03-01', { facts: facts({ operator: 'op-2' }), packs: 3 }),
    event('retired', '2024-04-01', { facts: facts({ operator: 'op-2' }), reason: 'scrapped' }),
  ]

  it('comes to a state at the end of each day', () => {
    expect(stateOf(life, '2019-12-31')).toBeUndefined()
    expect(stateOf(life, '2020-01-01')).toMatchObject({
      status: 'active',
      enteredOn: '2020-01-01',
      exitedOn: null,
      spell: 1,
    })
    expect(stateOf(life, '2024-01-31')?.facts.operator).toBe('op-1')
    expect(stateOf(life, '2024-02-01')?.facts.operator).toBe('op-2')
    expect(stateOf(life, '2024-03-31')?.status).toBe('active')
    expect(stateOf(life, '2024-04-01')).toMatchObject({
      status: 'retired',
      exitedOn: '2024-04-01',
      exitReason: 'scrapped',
      replacedBy: null,
    })
    expect(stateOf(life)).toEqual(stateOf(life, '9999-12-31'))
    expect(stateOf([])).toBeUndefined()
  })

  it('ends by being replaced, and says by whom', () => {
    const replaced = [event('added', '2024-01-01'), replacedBy('2025-01-01', 'B')]
    expect(stateOf(replaced)).toMatchObject({
      status: 'retired',
      exitReason: 'replaced',
      replacedBy: 'B',
      exitedOn: '2025-01-01',
    })
  })

  it('holds together, or says what cannot have happened', () => {
    expect(impossibleEvent(life)).toBeUndefined()
    expect(impossibleEvent([])).toBeUndefined()
    const [stock, transfer, , retirement] = life as [LifeEvent, LifeEvent, LifeEvent, LifeEvent]
    expect(impossibleEvent([transfer, stock])).toBe(transfer)
    expect(impossibleEvent([retirement])).toBe(retirement)
    const second = event('added', '2024-05-01')
    expect(impossibleEvent([stock, second])).toBe(second)
    const late = event('battery-swap', '2024-06-01')
    expect(impossibleEvent([...life, late])).toBe(late)
    const twice = replacedBy('2024-06-01', 'B')
    expect(impossibleEvent([...life, twice])).toBe(twice)
    // it may come back
    expect(impossibleEvent([...life, second])).toBeUndefined()
    expect(stateOf([...life, second])).toMatchObject({
      status: 'active',
      spell: 2,
      enteredOn: '2024-05-01',
      exitedOn: null,
      exitReason: null,
    })
  })

  it('on one day: entry, transfer, swap, exit', () => {
    const day = '2025-01-01'
    const events = [
      replacedBy(day, 'B'),
      event('battery-swap', day),
      event('transferred', day),
      event('added', day),
      event('added', '2024-12-31'),
      event('retired', '2025-01-02'),
    ]
    expect([...events].sort(byTime).map((e) => [e.on, e.kind, e.role])).toEqual([
      ['2024-12-31', 'added', 'subject'],
      [day, 'added', 'subject'],
      [day, 'transferred', 'subject'],
      [day, 'battery-swap', 'subject'],
      [day, 'replaced', 'replaced'],
      ['2025-01-02', 'retired', 'subject'],
    ])
  })

  it('takes an event in its place, after its equals, and leaves the old list as it was', () => {
    const before = [...life]
    const swap = event('battery-swap', '2024-03-01', { change: 'second' })
    expect(insertEvent(life, swap).map((e) => e.change)).toEqual([
      'stock-2020-01-01',
      'transferred-2024-02-01',
      'battery-swap-2024-03-01',
      'second',
      'retired-2024-04-01',
    ])
    expect(
      insertEvent(life, event('transferred', '2024-03-01', { change: 'x' }))
        .map((e) => e.change)
        .indexOf('x'),
    ).toBe(2)
    expect(insertEvent(life, event('stock', '2019-01-01', { change: 'x' }))[0]?.change).toBe('x')
    expect(insertEvent([], swap)).toEqual([swap])
    expect(life).toEqual(before)
  })
})

describe('plates', () => {
  const life = [
    event('stock', '2020-01-01'),
    event('transferred', '2022-01-01', { facts: facts({ plate: 'P2' }) }),
    event('retired', '2024-01-01', { facts: facts({ plate: 'P2' }) }),
  ]

  it('are carried from a day to a day', () => {
    expect(plateSpells(life)).toEqual([
      { plate: 'P1', from: '2020-01-01', to: '2022-01-01' },
      { plate: 'P2', from: '2022-01-01', to: '2024-01-01' },
    ])
    expect(plateSpells(life.slice(0, 1))).toEqual([{ plate: 'P1', from: '2020-01-01', to: null }])
    expect(plateSpells([...life, event('added', '2025-01-01')]).at(-1)).toEqual({
      plate: 'P1',
      from: '2025-01-01',
      to: null,
    })
  })

  it.each([
    ['P1', '2019-12-31', true, false],
    ['P1', '2020-01-01', true, true],
    ['P1', '2021-12-31', true, true],
    ['P1', '2022-01-01', false, true],
    ['P1', '2022-01-02', false, false],
    ['P2', '2021-12-31', true, false],
    ['P2', '2023-12-31', true, true],
    ['P2', '2024-01-01', false, true],
    ['P2', '2024-01-02', false, false],
    ['P3', '2021-01-01', false, false],
  ])('%s on %s: then or later %s, that day %s', (plate, day, from, on) => {
    expect(holdsPlateFrom(life, plate, day)).toBe(from)
    expect(holdsPlateOn(life, plate, day)).toBe(on)
  })
})

describe('a change', () => {
  const replacement = change({
    kind: 'replaced',
    on: '2025-01-01',
    vehicle: facts({ vin: 'N' }),
    retires: [facts({ vin: 'A' }), facts({ vin: 'B', plate: 'P2' })],
  })

  it('makes an event for each vehicle that it touches', () => {
    expect(eventsOf('c1', replacement).map((e) => [e.change, e.facts.vin, e.role, e.others])).toEqual([
      ['c1', 'N', 'subject', ['A', 'B']],
      ['c1', 'A', 'replaced', ['N']],
      ['c1', 'B', 'replaced', ['N']],
    ])
    expect(touchedVins(replacement)).toEqual(['N', 'A', 'B'])
  })

  it('has a key of vehicle, kind and date', () => {
    const keys = [
      changeKey('A', 'added', '2025-01-01'),
      changeKey('A', 'retired', '2025-01-01'),
      changeKey('A', 'added', '2025-01-02'),
      changeKey('B', 'added', '2025-01-01'),
    ]
    expect(new Set(keys).size).toBe(4)
  })
})

describe('the working register', () => {
  const register = () =>
    new WorkingRegister((name) => (name === '甲' ? { id: 'op-1', isNew: false } : undefined))

  it('knows what it was given and what it has accepted, in the order of time', () => {
    const known = register()
    const loaded = [event('stock', '2020-01-01')]
    known.load('A', loaded)
    known.accept('c2', change({ kind: 'retired', on: '2025-06-01', reason: 'scrapped' }))
    known.accept('c1', change({ kind: 'battery-swap', on: '2025-01-01', packs: 2 }))
    expect(known.life('A')?.map((e) => e.change)).toEqual(['stock-2020-01-01', 'c1', 'c2'])
    expect(loaded).toHaveLength(1)
    expect(known.life('B')).toBeUndefined()
    expect(known.operator('甲')).toEqual({ id: 'op-1', isNew: false })
    expect(known.operator('乙')).toBeUndefined()
  })

  it('knows every vehicle that ever carried a plate, once', () => {
    const known = register()
    known.load('A', [event('stock', '2020-01-01')])
    known.accept(
      'c1',
      change({ kind: 'replaced', on: '2025-01-01', vehicle: facts({ vin: 'N' }), retires: [facts()] }),
    )
    known.accept(
      'c2',
      change({ kind: 'battery-swap', on: '2025-02-01', vehicle: facts({ vin: 'N' }), packs: 2 }),
    )
    expect(known.holders('P1')).toEqual(['A', 'N'])
    expect(known.holders('P9')).toEqual([])
    expect(stateOf(known.life('A') ?? [])).toMatchObject({ status: 'retired', replacedBy: 'N' })
    expect(stateOf(known.life('N') ?? [])).toMatchObject({ status: 'active', replaces: ['A'] })
  })
})
