import { describe, expect, it } from 'vitest'
import { countedBy } from '../../server/compliance/evidence.ts'
import { documentType } from '../../server/documents/type.ts'
import type { ChangeDraft } from '../../server/domain/change.ts'
import { checkChange } from '../../server/domain/check-change.ts'
import { contributionsOf } from '../../server/domain/contribution.ts'
import { WorkingRegister } from '../../server/domain/register.ts'
import type { RowValues } from '../../server/domain/row.ts'
import { Tally } from '../../server/domain/tally.ts'
import { isOpenMonth } from '../../server/reporting/month.ts'
import { plateOf, vinOf } from '../harness/client.ts'
import { nanping2024 } from '../harness/policies.ts'

const facts = (n: number) => ({
  ...({ vin: vinOf(n), plate: plateOf(n), category: 'truck', energy: 'diesel', emission: '3' } as const),
  ...{ registeredOn: null, operator: 'op-1', county: '350702' },
})
/** An old diesel truck is replaced by another: it counts as retired, and in the fleet. */
const replaced: ChangeDraft = {
  ...{ kind: 'replaced', on: '2025-06-01', vehicle: facts(1), retires: [facts(2)], from: null },
  ...{ reason: null, certificate: null, packs: null, note: null },
}
const counting = (draft: ChangeDraft) => [...new Set(contributionsOf(nanping2024, draft).map((c) => c.rule))]

describe('a change exempted from rules', () => {
  it('is counted by all others as before', () => {
    expect(counting(replaced)).toEqual(['old-diesel-trucks-retired', 'freight-fleet'])
    const exempt = { ...replaced, exemptFrom: ['old-diesel-trucks-retired'] }
    expect(counting(exempt)).toEqual(['freight-fleet'])
    expect(contributionsOf(nanping2024, exempt)).toEqual(
      contributionsOf(nanping2024, replaced).filter((c) => c.rule === 'freight-fleet'),
    )
    expect(counting({ ...replaced, exemptFrom: [] })).toEqual(counting(replaced))
    expect(counting({ ...replaced, exemptFrom: ['bus-renewal'] })).toEqual(counting(replaced))
    expect(counting({ ...replaced, exemptFrom: counting(replaced) })).toEqual([])
  })

  it('leaves no trace of itself in a tally when it is voided', () => {
    const tally = new Tally()
    const exempt = { ...replaced, exemptFrom: ['old-diesel-trucks-retired'] }
    for (const sign of [1, -1] as const)
      for (const contribution of contributionsOf(nanping2024, exempt)) tally.add(contribution, sign)
    for (const rule of nanping2024.rules)
      expect(tally.total(rule.id, '2027-12-31', {})).toEqual(new Tally().total(rule.id, '2027-12-31', {}))
  })

  it.each(nanping2024.rules.map((r) => [r.id, r] as const))('is no evidence of %s', (id, rule) => {
    const everything = { asOf: '2027-12-31', knownAt: new Date(), undetermined: false }
    expect(JSON.stringify(countedBy(nanping2024, rule, everything))).toContain(
      JSON.stringify({ exemptFrom: { $ne: id } }).slice(1, -1),
    )
  })
})

describe('a date before registration', () => {
  const register = () => new WorkingRegister((name) => ({ id: name, isNew: false }))
  const context = { today: '2026-11-23', periodFrom: '2024-01-01' }
  const values: RowValues = {
    ...({ kind: 'added', on: '2026-03-02', vin: vinOf(1), plate: plateOf(1), category: 'truck' } as const),
    ...({
      energy: 'diesel',
      emission: '4',
      registeredOn: '2026-03-05',
      operator: 'op-1',
      county: '350702',
    } as const),
  }
  const settled = ['date.before-registration'] as const

  it('stands in the way unless a document has settled it', () => {
    const codes = (context_: Parameters<typeof checkChange>[2]) =>
      checkChange({ values, issues: [] }, register(), context_).issues.map((i) => i.code)
    expect(codes(context)).toEqual(['date.before-registration'])
    expect(codes({ ...context, settled })).toEqual([])
    const checked = checkChange({ values, issues: [] }, register(), { ...context, settled })
    expect(checked).toMatchObject({ outcome: 'new', draft: { vehicle: { registeredOn: '2026-03-05' } } })
  })

  it('is settled for later changes of the vehicle, too, and nothing else is', () => {
    const known = register()
    const entry = checkChange({ values, issues: [] }, known, { ...context, settled })
    if (entry.outcome !== 'new') throw new Error('the entry was not taken')
    known.accept('c1', entry.draft)
    const later: RowValues = { kind: 'retired', on: '2026-03-04', vin: vinOf(1), reason: 'scrapped' }
    const check = (v: RowValues, more: object = {}) =>
      checkChange({ values: v, issues: [] }, known, { ...context, ...more })
    expect(check(later).issues.map((i) => i.code)).toEqual(['date.before-registration'])
    expect(check(later, { settled }).outcome).toBe('new')
    expect(check({ ...later, on: '2026-03-01' }, { settled }).outcome).toBe('error')
    expect(check({ ...later, on: '2026-12-01' }, { settled }).issues.map((i) => i.code)).toEqual([
      'date.future',
    ])
  })
})

describe('documents', () => {
  const head = (...bytes: (number | string)[]) =>
    Buffer.concat(bytes.map((b) => (typeof b === 'string' ? Buffer.from(b, 'latin1') : Buffer.from([b]))))
  it.each([
    [head('%PDF-1.4'), 'application/pdf'],
    [head(0xff, 0xd8, 0xff, 0xdb), 'image/jpeg'],
    [head(0x89, 'PNG\r\n', 0x1a, '\n', 0), 'image/png'],
    [head('<svg xmlns='), undefined],
    [head(' %PDF-1.4'), undefined],
    [head('MZ'), undefined],
    [head('PK', 3, 4), undefined],
    [head('%PD'), undefined],
    [head(), undefined],
  ])('are known by their first bytes: %#', (bytes, type) => {
    expect(documentType(bytes)).toBe(type)
  })
})

describe('months', () => {
  it.each([
    ['2026-12-31T15:59:59Z', ['2026-11', '2026-12']],
    ['2026-12-31T16:00:00Z', ['2026-12', '2027-01']],
  ])('are open at %s: the present one and the one before', (now, open) => {
    const months = ['2026-10', '2026-11', '2026-12', '2027-01', '2027-02']
    expect(months.filter((m) => isOpenMonth(m, new Date(now), 'Asia/Shanghai'))).toEqual(open)
  })
})
