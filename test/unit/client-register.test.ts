import { describe, expect, it } from 'vitest'
import { nameIn } from '../../client/src/api/download.ts'
import { instant } from '../../client/src/format.ts'
import { installedNow } from '../../client/src/pages/vehicles/installed.ts'

const swap = (installed: string[], removed: string[] = []) => ({
  batteries: { installed, removed, chemistry: null, capacityKwh: null },
})

describe('the packs in a vehicle', () => {
  it('are those put in and not taken out since', () => {
    expect(installedNow([])).toEqual([])
    expect(installedNow([swap(['A', 'B']), { batteries: null }, swap(['C'], ['A'])])).toEqual(['B', 'C'])
  })

  it('may come back after they were taken out, and be taken out without ever having been told of', () => {
    expect(installedNow([swap(['A']), swap(['B'], ['A', 'X']), swap(['A'], ['B'])])).toEqual(['A'])
  })
})

describe('the name of a file in its header', () => {
  it.each([
    [`attachment; filename="vehicles.csv"; filename*=UTF-8''%E8%BD%A6%E8%BE%86.csv`, '车辆.csv'],
    ['attachment; filename="vehicles 2026.xlsx"', 'vehicles 2026.xlsx'],
    ['attachment; filename=vehicles.xlsx', 'vehicles.xlsx'],
    [`attachment; filename="a.csv"; filename*=UTF-8''%E8%BD`, 'a.csv'],
    ['attachment', 'export'],
    [null, 'export'],
  ])('%s', (header, name) => expect(nameIn(header)).toBe(name))
})

describe('an instant', () => {
  it.each([
    ['2026-11-23T01:59:59.999Z', '2026-11-23 09:59'],
    ['2026-11-23', '2026-11-23 08:00'],
    ['昨天', '昨天'],
    ['', '—'],
    [null, '—'],
  ])('%s is shown as %s', (iso, shown) => expect(instant(iso)).toBe(shown))
})
