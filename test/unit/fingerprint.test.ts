import { expect, it } from 'vitest'
import { countingFingerprint } from '../../server/domain/fingerprint.ts'
import type { Policy } from '../../server/domain/policy.ts'
import { nanping2024 } from '../harness/policies.ts'

const with_ = (change: (policy: Policy) => void): Policy => {
  const copy = structuredClone(nanping2024)
  change(copy)
  return copy
}

it('is the same for the same policy, read anew', () => {
  expect(countingFingerprint(structuredClone(nanping2024))).toBe(countingFingerprint(nanping2024))
})

it.each<[string, (policy: Policy) => void]>([
  ['another period', (p) => void Object.assign(p.period, { to: '2028-12-31' })],
  [
    'a rule that counts another kind of change',
    (p) => {
      const rule = p.rules.find((r) => r.kind === 'share')
      if (rule?.kind === 'share') rule.over.kinds = ['added']
    },
  ],
  ['a rule less', (p) => void p.rules.pop()],
  ['another version', (p) => void Object.assign(p, { version: 2 })],
])('is another for %s', (_, change) => {
  expect(countingFingerprint(with_(change))).not.toBe(countingFingerprint(nanping2024))
})
