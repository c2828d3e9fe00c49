import { describe, expect, it } from 'vitest'
import { addDays, endOfMonth, isCivilDate, monthsBetween } from '../../server/domain/civil-date.ts'
import {
  creditCodeCheckCharacter,
  isCreditCode,
  normaliseCreditCode,
} from '../../server/domain/credit-code.ts'
import { contradictsEnergy, isPlate, normalisePlate, plateType } from '../../server/domain/plate.ts'
import { allRegions, liesIn, readRegion } from '../../server/domain/regions.ts'
import { hasVinCheckDigit, isVin, normaliseVin, vinCheckCharacter } from '../../server/domain/vin.ts'
import { ENERGIES } from '../../server/domain/vocabulary.ts'

describe('plates', () => {
  it.each([
    ['闽Ｈ·d1234５', '闽HD12345'],
    [' 闽 H 1234 5 ', '闽H12345'],
    ['闽H•12345', '闽H12345'],
    ['闽h-a1203', '闽HA1203'],
    ['闽H\u200b12345\ufeff', '闽H12345'],
    ['闽H\n12345', '闽H12345'],
  ])('%j normalises to %s', (text, plate) => expect(normalisePlate(text)).toBe(plate))

  it.each([
    ['闽H12345', 'fuel'],
    ['闽HA1203', 'fuel'],
    ['闽HABCDE', 'fuel'],
    ['京AZ9Z9Z', 'fuel'],
    ['闽HD12345', 'battery-electric'],
    ['闽HDA2345', 'battery-electric'],
    ['闽HA12345', 'battery-electric'],
    ['闽HB12345', 'battery-electric'],
    ['闽HC12345', 'battery-electric'],
    ['闽HE12345', 'battery-electric'],
    ['闽H12345D', 'battery-electric'],
    ['闽H12345A', 'battery-electric'],
    ['闽HF12345', 'other-new-energy'],
    ['闽HG12345', 'other-new-energy'],
    ['闽HH12345', 'other-new-energy'],
    ['闽HJ12345', 'other-new-energy'],
    ['闽H12345K', 'other-new-energy'],
  ])('%s is %s', (plate, type) => expect(plateType(plate)).toBe(type))

  it.each([
    ...[
      '闽H123',
      '闽HO1234',
      '闽HI1234',
      '闽H1234O',
      '闽I12345',
      '闽O12345',
      '闽112345',
      'AH12345',
      '闽H123456',
    ],
    ...[
      '闽HL12345',
      '闽H12345L',
      '闽HDO2345',
      '闽HD1234A',
      '闽H1234AD',
      '闽HD123456',
      '',
      '闽',
      '闽H1234 5',
      '闽h12345',
      '国H12345',
    ],
  ])('%j is no plate', (plate) => expect(isPlate(plate)).toBe(false))

  it('contradicts the energy by its class, but a fuel plate never does', () => {
    const contradicted = (plate: string) => ENERGIES.filter((e) => contradictsEnergy(plate, e)).join(' ')
    expect(contradicted('闽H12345')).toBe('')
    expect(contradicted('闽HD12345')).toBe('PHEV FCEV HEV diesel gasoline gas other')
    expect(contradicted('闽H12345F')).toBe('BEV HEV diesel gasoline gas other')
    expect(contradicted('nonsense')).toBe('')
  })
})

describe('VINs', () => {
  it.each([
    ['lzytagb60p1100001', 'LZYTAGB60P1100001'],
    [' LZYTAGB60 P1100001\n', 'LZYTAGB60P1100001'],
    ['ＬＺＹＴＡＧＢ６０Ｐ１１００００１', 'LZYTAGB60P1100001'],
    ['LZYT-AGB60P-1100001', 'LZYTAGB60P1100001'],
  ])('%j normalises', (text, vin) => expect(normaliseVin(text)).toBe(vin))

  it.each([
    '1M8GDM9AXKP042788',
    '11111111111111111',
    '5GZCZ43D13S812715',
    'LZYTAGB60P1100001',
    'LGX3R2RWXHC743803',
  ])('%s has its check digit', (vin) => {
    expect(isVin(vin)).toBe(true)
    expect(hasVinCheckDigit(vin)).toBe(true)
  })

  it('finds every single wrong digit in the check place and X among them', () => {
    const vin = '1M8GDM9AXKP042788'
    expect(vinCheckCharacter(vin)).toBe('X')
    for (const c of '0123456789')
      expect(hasVinCheckDigit(`${vin.slice(0, 8)}${c}${vin.slice(9)}`)).toBe(false)
  })

  it.each([
    'LZYTAGB6IP1000012',
    'LZYTAGB6OP1000012',
    'LZYTAGB6QP1000012',
    'LZYTAGB60P10001',
    'LZYTAGB60P11000011',
    '1.2E+16',
    '',
    'lzytagb60p1100001',
  ])('%j is no VIN', (vin) => expect(isVin(vin)).toBe(false))
})

describe('credit codes', () => {
  // public codes: Huawei Technologies, Tencent Computer
  it.each(['914403001922038216', '9144030071526726XG'])('%s is right', (code) => {
    expect(isCreditCode(code)).toBe(true)
    expect(creditCodeCheckCharacter(code)).toBe(code.charAt(17))
  })

  it('refuses a wrong check character, letters that are not used, and other lengths', () => {
    expect(isCreditCode('914403001922038217')).toBe(false)
    expect(isCreditCode('9144030071526726XI')).toBe(false)
    expect(isCreditCode('91440300715267261')).toBe(false)
    expect(isCreditCode('91440300192203821６')).toBe(false)
    expect(isCreditCode(normaliseCreditCode(' 9144 0300-19220382１６'))).toBe(true)
  })

  it('notices two neighbouring characters exchanged', () => {
    expect(isCreditCode('914403001922038126')).toBe(false)
  })
})

describe('regions', () => {
  it.each(allRegions().map((r) => [r.name, r.code] as const))(
    '%s is %s by name, code and with its city',
    (name, code) => {
      for (const text of [name, code, `南平市${name}`, `福建省南平市${name}`, ` ${name} `])
        expect(readRegion(text)?.code).toBe(code)
    },
  )

  it.each([
    ['延平', '350702'],
    ['武夷山', '350782'],
    ['武夷', '350782'],
    ['武夷新区', '3507WY'],
    ['3507wy', '3507WY'],
    ['３５０７２１', '350721'],
    ['350722101', '350722'],
    ['350722101204', '350722'],
  ])('%s is %s', (text, code) => expect(readRegion(text)?.code).toBe(code))

  it.each(['', '鼓楼区', '南平市', '福建省', '3507', '350799', '35072', '延', '延平县'])(
    '%j is none of them',
    (text) => expect(readRegion(text)).toBeUndefined(),
  )

  it('is not looked for in what no place is called, however a cell repeats what may stand before it', () => {
    for (const before of ['福建', '南平市', '延平区'])
      for (const behind of ['延平区', '']) {
        const text = before.repeat(Math.floor((32_767 - behind.length) / before.length)) + behind
        expect(readRegion(text)).toBeUndefined()
      }
    expect(readRegion(`${'福建省'.repeat(65)}延平区`)?.code).toBe('350702')
    expect(readRegion(`${'福建省'.repeat(66)}延平区`)).toBeUndefined()
  })

  it('nests codes', () => {
    expect(['350702', '3507WY'].map((c) => liesIn(c, '3507'))).toEqual([true, true])
    expect(liesIn('350702', '350703')).toBe(false)
  })
})

describe('civil dates', () => {
  it.each(['2024-02-29', '2000-02-29', '1999-12-31'])('%s is a day', (text) =>
    expect(isCivilDate(text)).toBe(true),
  )
  it.each([
    '2025-02-29',
    '1900-02-29',
    '2025-02-30',
    '2025-13-01',
    '2025-00-10',
    '2025-1-1',
    '2025-01-32',
    '',
    '0024-01-01',
  ])('%j is none', (text) => expect(isCivilDate(text)).toBe(false))
  it('counts over months and leap days', () => {
    expect(addDays('2024-02-28', 2)).toBe('2024-03-01')
    expect(addDays('2025-01-01', -1)).toBe('2024-12-31')
    expect(endOfMonth('2024-02')).toBe('2024-02-29')
    expect(monthsBetween('2024-11-30', '2025-02-01')).toEqual(['2024-11', '2024-12', '2025-01', '2025-02'])
  })
})
