import { describe, expect, it } from 'vitest'
import type { VehicleFacts } from '../../server/domain/change.ts'
import { checkChange } from '../../server/domain/check-change.ts'
import { checkFleetRow } from '../../server/domain/fleet.ts'
import { issue } from '../../server/domain/issue.ts'
import { eventsOf } from '../../server/domain/life.ts'
import { asSeen } from '../../server/domain/outside.ts'
import { WorkingRegister } from '../../server/domain/register.ts'
import type { RowValues } from '../../server/domain/row.ts'
import { vinOf } from '../harness/client.ts'

const OWN = '350702'
const THEIRS = '350703'
const register = new WorkingRegister((name) => ({ id: name, isNew: false }))
const vehicle = (n: number, county: string, over: Partial<VehicleFacts> = {}): VehicleFacts => ({
  ...{ vin: vinOf(n), plate: `闽H0000${n}`, category: 'truck', energy: 'diesel', emission: '3' },
  ...{ registeredOn: '2010-01-01', operator: `公司${county}`, county },
  ...over,
})
const blank = { retires: [], from: null, reason: null, certificate: null, packs: null, note: null }
function put(n: number, county: string, retiredOn?: string): void {
  const facts = vehicle(n, county)
  const events = eventsOf(`entry-${n}`, { ...blank, kind: 'stock', on: '2015-01-01', vehicle: facts })
  if (retiredOn)
    events.push(
      ...eventsOf(`exit-${n}`, {
        ...blank,
        kind: 'retired',
        on: retiredOn,
        reason: 'scrapped',
        vehicle: facts,
      }),
    )
  register.load(facts.vin, events)
}
put(1, OWN)
put(2, THEIRS)
put(3, THEIRS, '2020-02-02')
put(4, OWN, '2020-02-02')

const context = { today: '2026-11-23', periodFrom: '2024-01-01' }
const sees = ({ county }: { county: string }) => county.startsWith(OWN)
const found = (values: RowValues) => {
  const row = { values, issues: [] }
  const seen = asSeen(checkChange(row, register, context), values, register, sees)
  return seen.issues.map((i) => [i.code, i.field, i.params.value])
}
const retired = (n: number, over: RowValues = {}): RowValues => ({
  ...{ kind: 'retired', on: '2025-01-01', reason: 'scrapped', vin: vinOf(n) },
  ...over,
})
const added = (n: number, over: RowValues = {}): RowValues => ({
  ...vehicle(n, OWN, {}),
  ...{ emission: '3', kind: 'added', on: '2025-01-01', registeredOn: '2025-01-01' },
  ...over,
})

describe('somebody who sees one county', () => {
  it.each<[string, RowValues]>([
    ['could be retired', retired(2)],
    ['is retired', retired(3)],
    ['is retired, as recorded', retired(3, { on: '2020-02-02' })],
    ['is retired, for another reason', retired(3, { on: '2020-02-02', reason: 'deregistered' })],
    ['came in later', retired(2, { on: '2012-01-01' })],
    ['is of another energy', retired(2, { energy: 'BEV' })],
    ['has another plate', retired(2, { plate: '闽H55555' })],
    ['has no battery', { kind: 'battery-swap', on: '2025-01-01', packs: 1, vin: vinOf(2) }],
    ['is moved in', { kind: 'transferred', on: '2025-01-01', vin: vinOf(2), toCounty: OWN }],
    ['is registered again', added(2, { plate: '闽H55555' })],
  ])('learns the same of a vehicle elsewhere that %s', (_name, values) => {
    expect(found(values)).toEqual([['vehicle.outside', 'vin', vinOf(2 + Number(values.vin === vinOf(3)))]])
  })

  it('learns of a plate only that it is taken', () => {
    expect(found(retired(2, { vin: undefined, plate: '闽H00002' } as never))).toEqual([
      ['vehicle.outside', 'plate', '闽H00002'],
    ])
    const taken = { values: added(9, { plate: '闽H00002' }), issues: [] }
    const seen = asSeen(checkChange(taken, register, context), taken.values, register, sees)
    expect(seen.issues).toEqual([issue('vehicle.outside', 'plate', { value: '闽H00002' })])
    expect(JSON.stringify(seen)).not.toContain(vinOf(2))
  })

  it('learns no more of a vehicle that is to be replaced', () => {
    const replaced = (ref: string) => added(9, { kind: 'replaced', replaces: [ref] })
    for (const ref of [vinOf(2), '闽H00002', vinOf(3), '闽H00003'])
      expect(found(replaced(ref))).toEqual([['vehicle.outside', 'replaces', ref]])
    expect(found(replaced(vinOf(4)))).toEqual([['replaced.already-retired', 'replaces', vinOf(4)]])
    expect(found(replaced(vinOf(8)))).toEqual([['replaced.not-found', 'replaces', vinOf(8)]])
  })

  it('learns no VIN and plate of the vehicle that has a pack', () => {
    const values: RowValues = { kind: 'battery-swap', on: '2025-01-01', packs: 1, vin: vinOf(1) }
    const told = (n: number) => {
      const elsewhere = issue('battery.elsewhere', 'batteries', {
        value: 'X',
        vin: vinOf(n),
        plate: `闽H0000${n}`,
      })
      return asSeen({ outcome: 'error', issues: [elsewhere] }, values, register, sees).issues
    }
    expect(told(2)).toEqual([issue('vehicle.outside', 'batteries', { value: 'X' })])
    expect(told(4)[0]?.params.vin).toBe(vinOf(4))
  })

  it('learns everything of its own, and of what it wrote itself', () => {
    expect(found(retired(1))).toEqual([])
    expect(found(retired(4))).toEqual([['vehicle.already-retired', 'on', vinOf(4)]])
    expect(found(added(9, { county: THEIRS }))).toEqual([])
    expect(found(retired(7))).toEqual([['vehicle.not-found', 'vin', vinOf(7)]])
  })

  it('learns the same from a fleet list', () => {
    const fleet = { ...context, asOf: '2026-10-31' }
    for (const n of [2, 3]) {
      const { kind: _k, on: _o, reason: _r, ...values } = retired(n, { operator: '公司350703', county: OWN })
      const checked = checkFleetRow({ values, issues: [] }, register, fleet)
      const { outcome, issues } = asSeen(checked, values, register, sees)
      expect([outcome, issues]).toEqual(['error', [issue('vehicle.outside', 'vin', { value: vinOf(n) })]])
    }
  })
})
