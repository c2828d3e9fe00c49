import { describe, expect, it } from 'vitest'
import { readEntered } from '../../server/changes/read-entered.ts'
import { isPlate } from '../../server/domain/plate.ts'
import { fieldOfHeader } from '../../server/domain/read-headers.ts'
import { readRow } from '../../server/domain/read-row.ts'
import { allRegions } from '../../server/domain/regions.ts'
import { isVesselName, isVesselNumber, readVesselName } from '../../server/domain/vessel.ts'
import { isVin } from '../../server/domain/vin.ts'
import { exampleRows, formColumns } from '../../server/imports/writing/form-columns.ts'
import { beginnings, fragmentsOf, fragmentTexts } from '../../server/vehicles/fragments.ts'
import { createWording } from '../../server/wording/index.ts'
import { vinOf } from '../harness/client.ts'

/** An inland vessel's identity: its number where a VIN stands, its name where a plate stands. */
const context = { today: '2026-11-23' }
const codes = (cells: Record<string, string | number>) => readRow(cells, context).issues.map((i) => i.code)

describe('a vessel’s number', () => {
  it.each(['CN20181234567', '030318000123'])('%s is one', (text) => {
    expect([isVesselNumber(text), isVin(text)]).toEqual([true, true])
  })
  it.each(['CN2018123456', 'CN201812345678', 'CM20181234567', '03031800012', '0303180001234', ''])(
    '%s is none',
    (text) => expect([isVesselNumber(text), isVin(text)]).toEqual([false, false]),
  )
})

describe('a vessel’s name', () => {
  it.each([
    ['闽南平货 0001', '闽南平货0001'],
    ['武夷一号', '武夷一号'],
    ['邵武客渡·12', '邵武客渡12'],
  ])('%s is %s', (text, name) => expect(readVesselName(text)).toBe(name))
  it.each(['闽H12345', '闽HD12345', '船', 'ABC123', '123456', '名'.repeat(21), '武夷<一号>'])(
    '%s is none',
    (text) => expect(readVesselName(text)).toBeUndefined(),
  )
  it('is never a plate', () => {
    for (const text of ['闽南平货0001', '琼Z12345', '粤B12345D'])
      expect(isVesselName(text) && isPlate(text)).toBe(false)
  })
})

describe('a row of a list', () => {
  const vessel = { category: '内河船舶', plate: '闽南平货0001', vin: 'CN 2018 1234567' }
  it('reads a vessel', () => {
    const { values, issues } = readRow({ ...vessel, replaces: '闽南平货0002、CN20011234567' }, context)
    expect(issues).toEqual([])
    expect(values).toMatchObject({
      ...{ category: 'vessel', plate: '闽南平货0001', vin: 'CN20181234567' },
      replaces: ['闽南平货0002', 'CN20011234567'],
    })
  })
  it('reads a registration number that a spreadsheet made a number', () => {
    expect(readRow({ ...vessel, vin: 130318000123 }, context).values.vin).toBe('130318000123')
  })
  it('reads one that says only which vessel it is about', () => {
    expect(readRow({ plate: '闽南平货0001' }, context)).toEqual({
      values: { plate: '闽南平货0001' },
      issues: [],
    })
  })
  it('says what is wrong with a vessel’s name and number, and takes neither for a vehicle', () => {
    expect(codes({ ...vessel, plate: 'A1' })).toEqual(['vessel.name-invalid'])
    expect(codes({ ...vessel, vin: 'CN123' })).toEqual(['vessel.number-invalid'])
    expect(codes({ ...vessel, replaces: 'X' })).toEqual(['vessel.name-invalid'])
    expect(codes({ ...vessel, category: '城市公交' })).toEqual(['plate.invalid', 'vessel.number-invalid'])
    expect(codes({ category: '城市公交', plate: '闽H1234', vin: vinOf(1) })).toEqual(['plate.invalid'])
  })
})

describe('what is entered by hand', () => {
  const entered = (vehicle: Record<string, unknown>, more: Record<string, unknown> = {}) =>
    readEntered({ kind: 'added', on: '2025-01-01', vehicle, ...more } as never)
  it('reads a vessel, and says what is wrong with one', () => {
    const good = entered(
      { category: 'vessel', plate: '武夷一号', vin: 'cn20181234567' },
      { replaces: ['武夷 二号', 'CN20011234567'] },
    )
    expect(good.issues).toEqual([])
    expect(good.values).toMatchObject({ vin: 'CN20181234567', replaces: ['武夷二号', 'CN20011234567'] })
    const issues = (vehicle: Record<string, unknown>) => entered(vehicle).issues.map((i) => i.code)
    expect(issues({ category: 'vessel', plate: 'X', vin: 'CN1' })).toEqual(
      expect.arrayContaining(['vessel.name-invalid', 'vessel.number-invalid']),
    )
    expect(issues({ category: 'truck', plate: '武夷一号', vin: 'CN20181234567' })).toEqual(
      expect.arrayContaining(['plate.invalid', 'vessel.number-invalid']),
    )
  })
})

describe('lists and searches', () => {
  it.each(['zh-CN', 'en'] as const)(
    'have a form in %s with a vessel’s own headers and examples',
    (language) => {
      const wording = createWording(language)
      const kind = { category: 'vessel', fleet: false } as const
      const columns = formColumns(kind, allRegions(), wording)
      const header = (field: string) => columns.find((c) => c.field === field)?.header ?? ''
      for (const [field, words] of [
        ['plate', '船名'],
        ['vin', '船舶识别号'],
        ['replaces', '被更新船名'],
      ] as const) {
        expect(header(field)).toContain(words)
        expect(fieldOfHeader(header(field))).toBe(field)
      }
      for (const facts of exampleRows(kind, allRegions(), wording))
        expect(readRow(facts, context)).toMatchObject({ issues: [], values: { category: 'vessel' } })
    },
  )

  it.each([
    ['船名', 'plate'],
    ['船舶名称', 'plate'],
    ['船舶识别号', 'vin'],
    ['船舶登记号', 'vin'],
    ['被更新船名', 'replaces'],
  ])('the header %s is %s', (header, field) => expect(fieldOfHeader(header)).toBe(field))

  it('find a vessel by any piece of its name or number', () => {
    const kept = fragmentsOf(['闽南平货0001', 'CN20181234567'])
    for (const piece of ['闽南', '平货', '货00', '0001', '001', '20181', '4567', '闽南平货0001']) {
      const starts = beginnings(fragmentTexts(piece))
      expect([piece, kept.some((text) => starts.some((s) => text.startsWith(s)))]).toEqual([piece, true])
    }
    expect(kept.some((text) => beginnings(fragmentTexts('货99')).some((s) => text.startsWith(s)))).toBe(false)
  })
})
