import { createHash } from 'node:crypto'
import type { ChangeDraft, VehicleFacts } from './change.ts'
import { addDays } from './civil-date.ts'
import { contributionsOf } from './contribution.ts'
import type { Policy } from './policy.ts'
import { CATEGORIES, EMISSIONS, ENERGIES, KINDS, REASONS } from './vocabulary.ts'

const known = new WeakMap<Policy, string>()

/**
 * What a policy counts, and how this program counts it, as a digest: sums that were kept under another one are not
 * what would be counted now. Every kind of change of every kind of vehicle is counted for it, so that a program that
 * counts otherwise is noticed by what it does.
 */
export function countingFingerprint(policy: Policy): string {
  const at = known.get(policy)
  if (at !== undefined) return at
  const digest = createHash('sha256').update(JSON.stringify(policy))
  for (const probe of probes(policy)) digest.update(JSON.stringify(contributionsOf(policy, probe)))
  const fingerprint = digest.digest('base64url')
  known.set(policy, fingerprint)
  return fingerprint
}

function* probes({ period }: Policy): Iterable<ChangeDraft> {
  const from = { operator: 'b', county: '2' }
  for (const category of CATEGORIES)
    for (const energy of ENERGIES)
      for (const emission of [null, ...EMISSIONS]) {
        const vehicle: VehicleFacts = {
          ...{ vin: 'V', plate: 'P', registeredOn: null, operator: 'a', county: '1' },
          ...{ category, energy, emission },
        }
        const retires = [{ ...vehicle, vin: 'W', county: '3' }]
        const rest = { on: period.from, vehicle, from, certificate: null, packs: 3, note: null }
        for (const kind of KINDS)
          for (const reason of kind === 'retired' ? REASONS : [null])
            yield { ...rest, kind, reason, retires: kind === 'replaced' ? retires : [] }
        for (const on of [addDays(period.from, -1), period.to, addDays(period.to, 1)])
          yield { ...rest, on, kind: 'added', reason: null, retires: [] }
      }
}
