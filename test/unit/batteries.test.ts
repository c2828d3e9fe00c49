import { describe, expect, it } from 'vitest'
import { type PackEvent, packConflict, packFault, packIssues } from '../../server/domain/batteries.ts'
import { chemistryOfCode, isBatteryCode, normaliseBatteryCode } from '../../server/domain/battery-code.ts'

describe('a battery code (GB/T 34014)', () => {
  const GOOD = '001PB01ABCDEF1C5A0000001'
  it.each([
    [GOOD, true],
    ['08XPE0012345678CC0000001', true],
    ['001ME01ABCDEF10120000001', true],
    ['001CG01ABCDEF19B30000001', true],
    ['', false],
    [GOOD.slice(1), false],
    [`${GOOD}1`, false],
    [GOOD.replace('P', 'X'), false], // neither pack, module nor cell
    ['001PB01ABCDEF1CD10000001', false], // there is no month D
    ['001PB01ABCDEF1C010000001', false], // nor month 0
    [GOOD.replace('A', 'O'), false],
    [GOOD.replace('A', 'I'), false],
    [GOOD.toLowerCase(), false],
    ['电池PB01ABCDEF1C510000001', false],
  ])('%s is one: %s', (code, good) => {
    expect(isBatteryCode(code)).toBe(good)
  })

  it('is brought to one form first', () => {
    expect(normaliseBatteryCode(' 001pb01-abcdef1　c5a 0000001*')).toBe(GOOD)
    expect(normaliseBatteryCode('００１ＰＢ０１ＡＢＣＤＥＦ１Ｃ５Ａ０００００01')).toBe(GOOD)
  })

  it('says what its cells are made of, where there is a term for it', () => {
    const made = ['B', 'C', 'E', 'G', 'A', 'Z'].map((c) => chemistryOfCode(`001P${c}01ABCDEF1C5A0000001`))
    expect(made).toEqual(['LFP', 'LMO', 'NCM', 'LTO', undefined, undefined])
  })
})

describe('the codes of one swap', () => {
  const swap = (installed: string[], removed: string[]) => ({
    ...{ installed, removed },
    ...{ chemistry: null, capacityKwh: null },
  })
  it('name each pack once, and no more packs than were swapped', () => {
    const codes = (issues: { code: string; params: object }[]) => issues.map((i) => [i.code, i.params])
    expect(packIssues(swap(['A', 'B'], ['C']), 2)).toEqual([])
    expect(packIssues(swap(['A', 'B'], []), undefined)).toEqual([])
    expect(codes(packIssues(swap(['A', 'A'], []), 2))).toEqual([['battery.duplicate', { value: 'A' }]])
    expect(codes(packIssues(swap(['A'], ['A']), 1))).toEqual([['battery.duplicate', { value: 'A' }]])
    expect(codes(packIssues(swap(['A', 'B'], []), 1))).toEqual([
      ['battery.too-many', { count: '2', packs: '1' }],
    ])
  })
})

const put = (on: string, vin: string, change = `${vin}+${on}`): PackEvent => ({
  ...{ change, on, vin },
  what: 'installed',
})
const out = (on: string, vin: string, change = `${vin}-${on}`): PackEvent => ({
  ...{ change, on, vin },
  what: 'removed',
})
const never = () => []

describe('a pack is in one vehicle at a time', () => {
  const A = 'A'
  const B = 'B'
  const C = 'C'
  it.each<[string, PackEvent[]]>([
    ['nothing', []],
    ['put in', [put('2025-01-01', A)]],
    ['taken out of where it came with', [out('2025-01-01', A)]],
    ['put in, out, into another', [put('2025-01-01', A), out('2025-02-01', A), put('2025-02-01', B)]],
    ['recorded the other way about', [put('2025-02-01', B), out('2025-02-01', A), put('2025-01-01', A)]],
    [
      'through three hands in a day',
      [out('2025-01-01', A), put('2025-01-01', B), out('2025-01-01', B), put('2025-01-01', C)],
    ],
    ['put in and out in a day', [put('2025-01-01', A), out('2025-01-01', A), put('2025-01-02', B)]],
    [
      'back to the first',
      [
        put('2025-01-01', A),
        out('2025-02-01', A),
        put('2025-03-01', B),
        out('2025-04-01', B),
        put('2025-05-01', A),
      ],
    ],
  ])('%s holds together', (_name, events) => {
    expect(packFault(events, never)).toBeUndefined()
    expect(packFault([...events].reverse(), never)).toBeUndefined()
  })

  it.each<[string, PackEvent[], string, string | null]>([
    ['in two at once', [put('2025-01-01', A), put('2025-02-01', B)], 'B+2025-02-01', A],
    ['in two on one day', [put('2025-01-01', A), put('2025-01-01', B)], 'B+2025-01-01', A],
    ['put in twice', [put('2025-01-01', A), put('2025-02-01', A)], 'A+2025-02-01', A],
    ['taken out of another', [put('2025-01-01', A), out('2025-02-01', B)], 'B-2025-02-01', A],
    ['taken out twice', [out('2025-01-01', A), out('2025-02-01', A)], 'A-2025-02-01', null],
    [
      'taken out too early',
      [put('2025-03-01', A), put('2025-04-01', B), out('2025-05-01', A)],
      'B+2025-04-01',
      A,
    ],
  ])('%s does not', (_name, events, change, where) => {
    expect(packFault(events, never)).toMatchObject({ event: { change }, where })
  })

  it('and comes free when its vehicle leaves', () => {
    const exits = (vin: string) => (vin === A ? ['2025-01-15', '2026-01-01'] : [])
    const first = put('2025-01-01', A)
    expect(packFault([first, put('2025-01-15', B)], exits)).toBeUndefined()
    expect(packFault([first, put('2025-01-14', B)], exits)).toMatchObject({ where: A })
    // The vehicle came back without it.
    expect(packFault([first, out('2025-02-01', A)], exits)).toMatchObject({ where: null })
  })
})

describe('a swap that names a pack', () => {
  const told = (mine: PackEvent[], others: PackEvent[]) => {
    const found = packConflict('X', mine, others, never, (vin) => `闽${vin}`)
    return found && [found.code, found.params]
  }
  it('is refused with what it meets, before it and after it', () => {
    expect(told([put('2025-02-01', 'A', '')], [])).toBeUndefined()
    const elsewhere = ['battery.elsewhere', { value: 'X', vin: 'B', plate: '闽B' }]
    expect(told([put('2025-02-01', 'A', '')], [put('2025-01-01', 'B')])).toEqual(elsewhere)
    expect(told([put('2025-02-01', 'A', '')], [put('2025-03-01', 'B')])).toEqual(elsewhere)
    expect(told([put('2025-02-01', 'A', '')], [out('2025-03-01', 'B')])).toEqual(elsewhere)
    expect(told([put('2025-02-01', 'A', '')], [put('2025-01-01', 'A')])).toEqual([
      'battery.duplicate',
      { value: 'X' },
    ])
    expect(told([put('2025-02-01', 'A', '')], [put('2025-03-01', 'A')])).toEqual([
      'battery.duplicate',
      { value: 'X' },
    ])
    const notHere = ['battery.not-here', { value: 'X' }]
    expect(told([out('2025-02-01', 'A', '')], [put('2025-01-01', 'B')])).toEqual(notHere)
    expect(told([out('2025-02-01', 'A', '')], [put('2025-01-01', 'A'), out('2025-01-02', 'A')])).toEqual(
      notHere,
    )
    expect(told([out('2025-02-01', 'A', '')], [put('2025-01-01', 'A'), out('2025-03-01', 'A')])).toEqual(
      notHere,
    )
    expect(told([out('2025-02-01', 'A', '')], [put('2025-01-01', 'A')])).toBeUndefined()
  })
})
