import { expect, it } from 'vitest'
import type { AssessmentStatus } from '../../server/domain/assessment.ts'
import { breaksTarget } from '../../server/domain/breach.ts'

const of = (status: AssessmentStatus, numerator = 0, denominator: number | null = 1) => ({
  ...{ status, numerator, denominator },
})

it.each<[AssessmentStatus, AssessmentStatus, boolean]>([
  ['on-track', 'breached', true],
  ['on-track', 'behind', true],
  ['no-data', 'behind', true],
  ['no-data', 'breached', true],
  ['met', 'missed', true],
  ['on-track', 'on-track', false],
  ['on-track', 'at-risk', false],
  ['no-data', 'on-track', false],
  ['behind', 'behind', false],
  ['behind', 'missed', false],
  ['at-risk', 'behind', false],
  ['breached', 'on-track', false],
  ['reported', 'reported', false],
])('from %s to %s breaks a target: %s', (before, after, breaks) => {
  expect(breaksTarget(of(before), of(after))).toBe(breaks)
})

it('a breached target is broken further when its share falls, compared exactly', () => {
  const moved = (a: [number, number], b: [number, number]) =>
    breaksTarget(of('breached', ...a), of('breached', ...b))
  expect(moved([10, 11], [10, 12])).toBe(true)
  expect(moved([10, 11], [11, 12])).toBe(false)
  expect(moved([10, 11], [20, 22])).toBe(false)
  // Shown, both are 99.9 %.
  expect(moved([99_999, 100_000], [99_999, 100_001])).toBe(true)
})
