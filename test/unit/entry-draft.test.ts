import { describe, expect, it } from 'vitest'
import { type Draft, draftOf, emptyDraft, nextDraft } from '../../client/src/pages/entry/draft.ts'
import { placeOf, readDay, readDraft } from '../../client/src/pages/entry/read-draft.ts'
import type { ChangeView } from '../../server/changes/schema.ts'
import { plateOf, vinOf } from '../harness/client.ts'

const TODAY = '2026-11-23'
const draft = (kind: Draft['kind'], more: Partial<Draft> = {}): Draft => ({
  ...emptyDraft(kind, TODAY),
  ...more,
})
const bodyOf = (of: Draft) => readDraft(of, TODAY).body
const faultsOf = (of: Draft) => readDraft(of, TODAY).faults.map((f) => `${f.field} ${f.code}`)
const bus: Partial<Draft> = {
  ...{ plate: plateOf(2, 'D'), vin: vinOf(2), category: 'bus', energy: 'BEV', emission: '5' },
  ...{ operator: ' 延平公共交通有限公司 ', county: '350702', registeredOn: '2026年10月8日' },
}

describe('a day as typed', () => {
  it.each([
    ['2026-11-02', '2026-11-02'],
    ['20261102', '2026-11-02'],
    ['２０２６／１１／２', '2026-11-02'],
    ['2026年11月2日', '2026-11-02'],
    ['11-2', '2026-11-02'],
    ['11月2日', '2026-11-02'],
    // Nothing that is entered lies in the future.
    ['12.30', '2025-12-30'],
    ['11.23', '2026-11-23'],
  ])('%s is %s', (text, date) => expect(readDay(text, TODAY)).toEqual({ date }))

  it('that does not exist, or could be two, is not guessed', () => {
    expect(readDay('2026-13-01', TODAY)).toEqual({ code: 'date.invalid' })
    expect(readDay('2-30', TODAY)).toEqual({ code: 'date.invalid' })
    expect(readDay('03/04/2026', TODAY)).toEqual({ code: 'date.ambiguous' })
    expect(readDay('昨天', TODAY)).toEqual({ code: 'date.invalid' })
  })
})

describe('the request of a form', () => {
  it('is of the chosen kind, whatever was entered for others', () => {
    const everything: Partial<Draft> = {
      ...bus,
      ...{ subject: vinOf(1), replaces: [plateOf(1)], reason: 'scrapped', certificate: 'RC-1', packs: '2' },
      ...{ toCounty: '350703', note: ' 备注 ' },
    }
    const vehicle = {
      ...{ vin: vinOf(2), plate: plateOf(2, 'D'), category: 'bus', energy: 'BEV' },
      ...{ operator: '延平公共交通有限公司', county: '350702', registeredOn: '2026-10-08' },
    }
    const on = { on: TODAY, note: '备注' }
    expect(bodyOf(draft('added', everything))).toEqual({ kind: 'added', ...on, vehicle })
    expect(bodyOf(draft('replaced', everything))).toEqual({
      ...{ kind: 'replaced', ...on, vehicle, replaces: [plateOf(1)] },
    })
    expect(bodyOf(draft('stock', everything))).toEqual({ kind: 'stock', note: '备注', vehicle })
    expect(bodyOf(draft('retired', { ...everything, emission: '' }))).toEqual({
      ...{ kind: 'retired', ...on, vehicle: { vin: vinOf(1) }, reason: 'scrapped', certificate: 'RC-1' },
    })
    expect(bodyOf(draft('battery-swap', everything))).toEqual({
      ...{ kind: 'battery-swap', ...on, vehicle: { vin: vinOf(1) }, packs: 2 },
    })
    expect(bodyOf(draft('transferred', { ...everything, subject: plateOf(1) }))).toEqual({
      ...{ kind: 'transferred', ...on, vehicle: { plate: plateOf(1) }, to: { county: '350703' } },
    })
    for (const kind of ['added', 'replaced', 'stock', 'retired', 'battery-swap', 'transferred'] as const)
      expect(faultsOf(draft(kind, everything))).toEqual([])
  })

  it('leaves out what cannot be read, and says at which field', () => {
    const wrong = draft('added', {
      ...bus,
      vin: 'LGXC16AB',
      plate: '闽H1234I',
      on: '昨天',
      registeredOn: '3/4/2026',
    })
    expect(bodyOf(wrong)).not.toHaveProperty('on')
    expect(faultsOf(wrong).sort()).toEqual([
      'on date.invalid',
      'plate plate.invalid',
      'registeredOn date.ambiguous',
      'vin vin.invalid',
    ])
    expect(faultsOf(draft('added', { ...bus, plate: plateOf(2, 'F') }))).toEqual([
      'plate plate.energy-mismatch',
    ])
    expect(faultsOf(draft('replaced', { ...bus, replaces: ['闽H1'] }))).toEqual(['replaces plate.invalid'])
    expect(faultsOf(draft('retired', { subject: '闽H1' }))).toEqual(['subject plate.invalid'])
    const swap = draft('battery-swap', {
      subject: vinOf(1),
      packs: '两',
      capacityKwh: '-1',
      installed: '04QPE6EA',
    })
    expect(faultsOf(swap).sort()).toEqual([
      'capacityKwh capacity.invalid',
      'installed battery.code-invalid',
      'packs packs.invalid',
    ])
    expect(bodyOf(swap)).toEqual({
      ...{
        kind: 'battery-swap',
        on: TODAY,
        vehicle: { vin: vinOf(1) },
        batteries: { installed: ['04QPE6EA'] },
      },
    })
  })

  it('shows what the service finds at the field that holds it', () => {
    const of = (kind: Draft['kind'], more: Partial<Draft> = {}) => draft(kind, more)
    expect(placeOf('vin', {}, of('retired'))).toBe('subject')
    expect(placeOf('vin', {}, of('added'))).toBe('vin')
    expect(placeOf('on', {}, of('stock'))).toBe('stockOn')
    expect(placeOf('operator', {}, of('transferred'))).toBe('toOperator')
    expect(placeOf('body.change.vehicle.county', {}, of('added'))).toBe('county')
    expect(placeOf('body.to.county', {}, of('transferred'))).toBe('toCounty')
    expect(placeOf('body', {}, of('added'))).toBeNull()
    const removed = { removed: 'A1\nA2', installed: 'B1' }
    expect(placeOf('batteries', { value: 'A2' }, of('battery-swap', removed))).toBe('removed')
    expect(placeOf('batteries', { value: 'B1' }, of('battery-swap', removed))).toBe('installed')
  })
})

describe('the next form', () => {
  it('keeps what usually repeats, and nothing of the vehicle', () => {
    const next = nextDraft(
      draft('added', { ...bus, on: '2026-11-02', note: '备注', breachReason: '理由' }),
      TODAY,
    )
    expect(next).toMatchObject({ category: 'bus', energy: 'BEV', county: '350702', on: '2026-11-02' })
    expect(next).toMatchObject({
      plate: '',
      vin: '',
      note: '',
      breachReason: '',
      registeredOn: '',
      attachments: [],
    })
  })
})

describe('a recorded entry', () => {
  const facts = { vin: vinOf(2), plate: plateOf(1), category: 'bus', energy: 'BEV', emission: null } as const
  const entry: ChangeView = {
    ...{ id: 'a'.repeat(24), kind: 'replaced', on: '2026-02-01', operatorName: '延平公共交通有限公司' },
    vehicle: { ...facts, registeredOn: null, operator: 'op', county: '350702' },
    retires: [
      { ...facts, vin: vinOf(1), energy: 'diesel', registeredOn: null, operator: 'op', county: '350702' },
    ],
    ...{ from: null, reason: null, certificate: null, packs: null, batteries: null, note: null },
    ...{ breachReason: null, exemptFrom: [], dispute: null, source: null, corrects: null, correctedBy: null },
    ...{ attachments: [], reportedAt: null, recordedAt: '2026-02-01T00:00:00.000Z' },
    ...{ recordedBy: { id: '1', name: '管理员' }, voidedAt: null, voidedBy: null, voidReason: null },
  }

  it('fills the form so that saving it would say the same', () => {
    const form = draftOf(entry)
    expect(form).toMatchObject({ keepPlate: true, replaces: [vinOf(1)], operator: '延平公共交通有限公司' })
    expect(bodyOf(form)).toEqual({
      ...{ kind: 'replaced', on: '2026-02-01', replaces: [vinOf(1)] },
      vehicle: {
        ...{ vin: vinOf(2), plate: plateOf(1), category: 'bus', energy: 'BEV' },
        ...{ operator: '延平公共交通有限公司', county: '350702' },
      },
    })
    const moved = draftOf({
      ...entry,
      kind: 'transferred',
      retires: [],
      from: { operator: 'op', county: '350703' },
    })
    expect(bodyOf(moved)).toEqual({
      ...{ kind: 'transferred', on: '2026-02-01', vehicle: { vin: vinOf(2) }, to: { county: '350702' } },
    })
    const batteries = {
      installed: ['A'.repeat(24)],
      removed: [],
      chemistry: 'LFP',
      capacityKwh: 102.5,
    } as const
    const swap = draftOf({
      ...entry,
      kind: 'battery-swap',
      packs: 2,
      batteries: { ...batteries, installed: [...batteries.installed], removed: [] },
    })
    expect(bodyOf(swap)).toMatchObject({
      packs: 2,
      batteries: { installed: batteries.installed, chemistry: 'LFP', capacityKwh: 102.5 },
    })
  })
})
