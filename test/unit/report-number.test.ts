import { expect, it } from 'vitest'
import { readPeriod } from '../../server/domain/report-period.ts'
import { digestOf } from '../../server/reports/digest.ts'
import { numberOf, shortNumberOf, typedNumber } from '../../server/reports/number.ts'
import { LINHAI, NANPING } from '../harness/policies.ts'
import { sampleReport } from '../harness/reports.ts'

it.each([
  ['weekly', '2026-W05', '南平交运更新周报〔2026〕5号', 'W2026-05'],
  ['monthly', '2026-11', '南平交运更新月报〔2026〕11号', 'M2026-11'],
  ['quarterly', '2026-Q4', '南平交运更新季报〔2026〕4号', 'Q2026-4'],
] as const)('the %s report on %s is %s', (kind, name, number, short) => {
  const period = readPeriod(kind, name)
  if (!period) throw new Error('no period')
  expect([numberOf(period, NANPING), shortNumberOf(period)]).toEqual([number, short])
})

it('another city’s reports bear its own name, or the mark that its policy gives', () => {
  const period = readPeriod('weekly', '2026-W05')
  if (!period) throw new Error('no period')
  expect(numberOf(period, LINHAI)).not.toContain('南平')
  const city = { ...LINHAI.city, mark: '临交函' }
  expect(numberOf(period, { city })).toBe('临交函周报〔2026〕5号')
})

it.each([
  ['w2026-05', 'W2026-05'],
  [' ｗ２０２６－０５ ', 'W2026-05'],
  ['W2026–05', 'W2026-05'],
  ['q2026 - 4', 'Q2026-4'],
  ['南平交运更新周报[2026]5号', '南平交运更新周报〔2026〕5号'],
  ['南平交运更新周报（２０２６）５号', '南平交运更新周报〔2026〕5号'],
  ['南平交运更新周报【2026】 5 号', '南平交运更新周报〔2026〕5号'],
  ['南平交运更新周报〔2026〕5号', '南平交运更新周报〔2026〕5号'],
])('%j typed from a paper is %s', (typed, number) => {
  expect(typedNumber(typed)).toBe(number)
})

it('a digest depends on every value and on no order', () => {
  const content = sampleReport()
  const turned = Object.fromEntries(Object.entries(content).reverse()) as typeof content
  expect(Object.keys(turned)).not.toEqual(Object.keys(content))
  expect(digestOf(turned)).toBe(digestOf(content))
  expect(digestOf(structuredClone(content))).toBe(digestOf(content))
  const other = structuredClone(content)
  const [first] = other.figures.rules
  if (first) first.numerator += 1
  expect(digestOf(other)).not.toBe(digestOf(content))
})
