import { describe, expect, it } from 'vitest'
import type { ChangeDraft, VehicleFacts } from '../../server/domain/change.ts'
import { plateClash } from '../../server/domain/plate-clash.ts'
import { type Entry, livesWithout, natureAsked, restate } from '../../server/domain/restate.ts'

const facts = (over: Partial<VehicleFacts> = {}): VehicleFacts => ({
  ...{ vin: 'V', plate: '闽H00001', category: 'truck', energy: 'diesel', emission: '3' },
  ...{ registeredOn: '2015-01-01', operator: 'op-a', county: '350702' },
  ...over,
})
const draft = (over: Partial<ChangeDraft>): ChangeDraft => ({
  ...{ kind: 'stock', on: '2015-01-01', vehicle: facts(), retires: [], from: null },
  ...{ reason: null, certificate: null, packs: null, note: null },
  ...over,
})
const entry = (id: string, over: Partial<ChangeDraft>): Entry => ({ ...draft(over), id })
const said = ({ rewritten }: ReturnType<typeof restate>) =>
  Object.fromEntries(rewritten.map(({ id, after }) => [id, after]))
const names = ({ dangling }: ReturnType<typeof restate>) => dangling.map((e) => e.change)

const stock = entry('stock', {})
const moved = entry('moved', {
  ...{ kind: 'transferred', on: '2020-01-01', vehicle: facts({ county: '350703' }) },
  from: { operator: 'op-a', county: '350702' },
})
const gone = entry('gone', {
  ...{ kind: 'retired', on: '2025-01-01', reason: 'scrapped', vehicle: facts({ county: '350703' }) },
})

describe('what later entries copied follows', () => {
  it('the nature of a vehicle, in all entries of the spell', () => {
    const anew = draft({ vehicle: facts({ emission: '4', category: 'sanitation' }) })
    const restated = restate(stock, anew, [moved, gone], {})
    expect(names(restated)).toEqual([])
    expect(said(restated)).toMatchObject({
      moved: { vehicle: { emission: '4', category: 'sanitation', county: '350703' } },
      gone: { vehicle: { emission: '4', category: 'sanitation', county: '350703' } },
    })
  })

  it('asked of a later entry it goes back to the one that says it, and forward', () => {
    const asked = natureAsked({ emission: '2', energy: 'diesel' }, gone.vehicle)
    expect(asked).toEqual({ emission: '2' })
    const [life] = [...livesWithout(gone, [stock, moved], asked).values()]
    expect(life?.map((e) => e.facts.emission)).toEqual(['2', '2'])
    const anew = { ...gone, vehicle: facts({ county: '350703', emission: '2' }) }
    const restated = restate(gone, anew, [stock, moved], asked)
    expect(Object.keys(said(restated))).toEqual(['stock', 'moved'])
    expect(said(restated).stock?.vehicle.emission).toBe('2')
  })

  it('an electric vehicle has no emission standard', () => {
    expect(natureAsked({ energy: 'BEV' }, gone.vehicle)).toEqual({ energy: 'BEV', emission: null })
  })

  it('plate, operator and county up to the transfer that says otherwise', () => {
    const anew = draft({ vehicle: facts({ plate: '闽H99999', county: '350721', operator: 'op-b' }) })
    const { moved: transfer, gone: exit } = said(restate(stock, anew, [moved, gone], {}))
    expect(transfer).toMatchObject({
      vehicle: { plate: '闽H99999', operator: 'op-b', county: '350703' },
      from: { operator: 'op-b', county: '350721' },
    })
    expect(exit?.vehicle).toMatchObject({ plate: '闽H99999', operator: 'op-b', county: '350703' })
  })

  it('the facts of a vehicle that another one replaced', () => {
    const fresh = facts({ vin: 'N', energy: 'BEV', emission: null, registeredOn: '2025-01-01' })
    const replacing = entry('new', {
      ...{ kind: 'replaced', on: '2025-01-01', vehicle: fresh, retires: [facts()] },
    })
    const restated = restate(stock, draft({ vehicle: facts({ emission: '4' }) }), [replacing], {})
    expect(names(restated)).toEqual([])
    expect(said(restated).new).toMatchObject({ vehicle: fresh, retires: [{ vin: 'V', emission: '4' }] })
  })

  it('where a transfer is moved across another one, each keeps what it said itself', () => {
    const sold = entry('sold', {
      ...{ kind: 'transferred', on: '2021-01-01' },
      vehicle: facts({ county: '350703', operator: 'op-b' }),
      from: { operator: 'op-a', county: '350703' },
    })
    const [before] = [...livesWithout(moved, [stock, sold], {}).values()]
    expect(before?.at(-1)?.facts).toMatchObject({ operator: 'op-b', county: '350702' })
    const anew = draft({
      ...{ kind: 'transferred', on: '2022-01-01' },
      vehicle: facts({ county: '350703', operator: 'op-b' }),
      from: { operator: 'op-b', county: '350702' },
    })
    const restated = restate(moved, anew, [stock, sold], {})
    expect(said(restated)).toMatchObject({
      sold: { vehicle: { county: '350702', operator: 'op-b' }, from: { operator: 'op-a', county: '350702' } },
    })
  })

  it('nothing where nothing was copied', () => {
    const restated = restate(gone, { ...gone, on: '2025-01-02', certificate: 'B-1' }, [stock, moved], {})
    expect([restated.rewritten, restated.dangling]).toEqual([[], []])
  })
})

describe('what would not hold is named', () => {
  const bus = facts({ category: 'bus', energy: 'BEV', emission: null })
  const swap = entry('swap', { kind: 'battery-swap', on: '2022-01-01', packs: 4, vehicle: bus })
  const busStock = entry('stock', { vehicle: bus })

  it('a change before the new day on which the vehicle came in', () => {
    const later = (on: string) => names(restate(busStock, draft({ on, vehicle: bus }), [swap], {}))
    expect([later('2021-12-31'), later('2022-01-02')]).toEqual([[], ['swap']])
  })

  it('every later change when the vehicle turns out to be another one', () => {
    const anew = draft({ vehicle: facts({ ...bus, vin: 'W' }) })
    expect(names(restate(busStock, anew, [swap], {}))).toEqual(['swap'])
    expect(names(restate(busStock, anew, [], {}))).toEqual([])
  })

  it('a swap of a vehicle that has no battery, a change before the registration', () => {
    expect(names(restate(busStock, draft({ vehicle: facts({ energy: 'gas' }) }), [swap], {}))).toEqual([
      'swap',
    ])
    const registered = draft({ vehicle: { ...bus, registeredOn: '2022-06-01' } })
    expect(names(restate(busStock, registered, [swap], {}))).toEqual(['swap'])
  })

  it('a transfer to where the vehicle would be already', () => {
    const anew = draft({ vehicle: facts({ county: '350703' }) })
    expect(names(restate(stock, anew, [moved, gone], {}))).toEqual(['moved'])
  })

  it('a second coming into service when the vehicle has not left before it', () => {
    const left = entry('left', { kind: 'retired', on: '2018-01-01', reason: 'transferred-out' })
    const back = entry('back', { kind: 'added', on: '2020-01-01' })
    const to = (on: string) => names(restate(left, { ...draft(left), on }, [stock, back], {}))
    expect([to('2018-01-02'), to('2020-06-01')]).toEqual([[], ['back']])
  })

  it('a replacement whose old vehicle would not be there any more', () => {
    const replacing = entry('new', {
      ...{ kind: 'replaced', on: '2016-01-01', retires: [facts()] },
      vehicle: facts({ vin: 'N', plate: '闽H00002' }),
    })
    expect(names(restate(stock, draft({ on: '2017-01-01' }), [replacing], {}))).toEqual(['new'])
  })
})

describe('a plate is on one vehicle', () => {
  const clash = (anew: ChangeDraft, other: Entry) => {
    const { before, after } = restate(stock, anew, [], {})
    const holders = livesWithout(entry('x', { vehicle: facts({ vin: 'none' }) }), [], {})
    for (const [vin, life] of restate(other, draft(other), [], {}).before) holders.set(vin, [...life])
    return plateClash(after, before, holders)
  }
  const other = entry('other', { on: '2018-01-01', vehicle: facts({ vin: 'W', plate: '闽H77777' }) })

  it('and not given to a second one', () => {
    expect(clash(draft({ vehicle: facts({ plate: '闽H77777' }) }), other)).toEqual({
      ...{ vin: 'V', plate: '闽H77777', holder: 'W' },
    })
    expect(clash(draft({ vehicle: facts({ plate: '闽H66666' }) }), other)).toBeUndefined()
  })

  it('what clashes already is no business of a correction', () => {
    const same = entry('other', { on: '2018-01-01', vehicle: facts({ vin: 'W' }) })
    expect(clash(draft({ note: 'x' }), same)).toBeUndefined()
  })
})
