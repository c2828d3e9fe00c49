import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_POLICY, SHIPPED } from '../../server/domain/policies/index.ts'
import { serviceYears } from '../../server/domain/policy.ts'
import { effectivePolicy } from '../../server/domain/policy-readings.ts'
import { codesWithin, readRegion, setRegions } from '../../server/domain/regions.ts'
import { LINHAI, linhai2025, NANPING, nanping2024 } from '../harness/policies.ts'

/** The shipped policies are data: nothing of a city stands in code. */

/** Where a city's names may stand: its policy's data, and made-up data for looking around. */
const DATA = ['server/domain/policies', 'server/sample']

function* sources(folder: string): Iterable<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (DATA.includes(path)) continue
    if (entry.isDirectory()) yield* sources(path)
    else if (/\.(ts|tsx|mjs|css|html|json)$/.test(entry.name)) yield path
  }
}

describe('the code', () => {
  it('names no place, code or document of a shipped policy', () => {
    const words = [NANPING, LINHAI].flatMap(({ id, city, number, regions }) => [
      ...[id.replace(/-\d+$/, ''), city.name.zh.slice(0, -1), number],
      // A code stands alone or as the beginning of a longer one; within another number it means nothing.
      ...regions.flatMap((r) => [r.code, r.name, ...r.aliases]),
      ...city.prefixes,
    ])
    const places = words.filter((word) => /\p{Script=Han}/u.test(word) && word.length >= 2)
    const codes = words.filter((word) => /^\d{6}/.test(word))
    const pattern = new RegExp(
      `${[...new Set(places)].join('|')}|(?<!\\d)(?:${[...new Set(codes)].join('|')})|(?<!\\d)3507(?!\\d)|nanping|linhai`,
      'i',
    )
    const files = ['server', 'jobs', 'client/src'].flatMap((folder) => [...sources(folder)])
    expect(files.length).toBeGreaterThan(300)
    const found = files.flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1} ${pattern.exec(line)?.[0]}`] : [])),
    )
    // The setting's documentation gives an example of an id.
    expect(found.filter((line) => !line.startsWith('server/config.ts'))).toEqual([])
  })
})

describe('what ships', () => {
  it('is two cities, one of them the default', () => {
    expect(Object.keys(SHIPPED).sort()).toEqual(['linhai-2025', 'nanping-2024'])
    expect(DEFAULT_POLICY).toBe('nanping-2024')
  })

  it('has the readings of domain.md as defaults', () => {
    expect(nanping2024.rules.find((r) => r.id === 'old-diesel-trucks-retired')).toMatchObject({
      sum: [
        { reasons: ['scrapped', 'deregistered'], where: { emissionAtMost: 3 } },
        { of: 'replaced-vehicles', where: { emissionAtMost: 3 } },
      ],
    })
    expect(nanping2024.rules.map((r) => r.id)).not.toContain('cruising-taxi-renewal')
  })

  it('has the service lives of the national standard', () => {
    const of = (category: 'bus' | 'cruising-taxi' | 'ride-hailing' | 'truck' | 'sanitation' | 'vessel') =>
      serviceYears(nanping2024, { category, energy: 'diesel' })
    expect([of('bus'), of('cruising-taxi'), of('ride-hailing'), of('truck'), of('sanitation')]).toEqual([
      13, 8, 8, 15, 15,
    ])
    // No source gives one number for all inland vessels.
    expect(of('vessel')).toBeNull()
  })

  it('takes the first service life that fits a vehicle', () => {
    expect(serviceYears(linhai2025, { category: 'bus', energy: 'BEV' })).toBe(10)
    expect(serviceYears(linhai2025, { category: 'bus', energy: 'diesel' })).toBe(12)
  })

  it('is the same when its readings are applied again', () => {
    for (const policy of [nanping2024, linhai2025]) expect(effectivePolicy(policy)).toEqual(policy)
  })

  it('can be read with any choice of its readings', () => {
    for (const document of Object.values(SHIPPED))
      for (const [i, { options }] of document.readings.entries())
        for (const { id } of options) {
          const copy = structuredClone(document)
          const reading = copy.readings[i]
          if (reading) reading.chosen = id
          expect(effectivePolicy(copy).rules.length).toBeGreaterThanOrEqual(document.rules.length)
        }
  })
})

describe('regions that nest', () => {
  beforeAll(() => setRegions(LINHAI))
  afterAll(() => setRegions(NANPING))

  it.each([
    ['望潮村', '990702101201'],
    ['麟海市东港区南屿镇望潮村', '990702101201'],
    ['东港区望潮', '990702101201'],
    ['990702101201', '990702101201'],
    ['990702101299', '990702101'],
    ['990702999', '990702'],
    ['南屿科技园', '990702101KJ'],
    ['990702101kj', '990702101KJ'],
    ['西川区城关街道', '990703001'],
    ['云岭县城关', '990721001'],
    ['云岭镇半山', '990721100201'],
    ['云岭市', '990721'],
    ['990781', '990721'],
    ['新港 经济区', '9907XG'],
  ])('%s is %s', (text, code) => expect(readRegion(text)?.code).toBe(code))

  it.each(['城关街道', '城关', '东港区城关街道', '延平区', '350702', '990799', '麟海市', ''])(
    '%s is none of them, or more than one',
    (text) => expect(readRegion(text)).toBeUndefined(),
  )

  it('are found although a policy names a blank as what may stand before them', () => {
    setRegions({ ...LINHAI, city: { ...LINHAI.city, prefixes: [' ', '麟海市'] } })
    expect([readRegion('麟海市东港区')?.code, readRegion('无此地')]).toEqual(['990702', undefined])
    setRegions(LINHAI)
  })

  it('lie in each other by their codes', () => {
    expect(codesWithin('990702')).toEqual(
      LINHAI.regions.map((r) => r.code).filter((code) => code.startsWith('990702')),
    )
    expect(codesWithin('990702101201')).toEqual(['990702101201'])
    expect(codesWithin('350702')).toEqual([])
  })
})
