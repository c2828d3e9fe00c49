import type { ChangeDraft, VehicleFacts } from './change.ts'
import { matches } from './contribution.ts'
import type { Measure, Policy } from './policy.ts'

/** A vehicle for which an entry is an exception to a rule. */
export interface Exceptional {
  rule: string
  reason: 'not-new-energy' | 'undetermined'
  /** the vehicle that is meant: the entry's own, or one that it retires */
  facts: VehicleFacts
}

const meant = (measure: Measure, change: ChangeDraft): VehicleFacts[] => {
  if (!measure.kinds.includes(change.kind)) return []
  if (measure.reasons && (change.reason === null || !measure.reasons.includes(change.reason))) return []
  return measure.of === 'vehicle' ? [change.vehicle] : change.retires
}

/**
 * To which rules an entry is an exception: it counts in a share without being counted, or would count if somebody
 * said its emission standard. Counted exactly as contributionsOf counts; rising shares have no exceptions.
 */
export function exceptionalIn(policy: Policy, change: ChangeDraft): Exceptional[] {
  if (change.on < policy.period.from || change.on > policy.period.to) return []
  return policy.rules.flatMap((rule): Exceptional[] => {
    if (rule.kind === 'rising-share' || change.exemptFrom?.includes(rule.id)) return []
    if (rule.kind === 'share')
      return meant(rule.over, change)
        .filter(
          (facts) => matches(facts, rule.over.where) === 'yes' && matches(facts, rule.counted) !== 'yes',
        )
        .map((facts) => ({ rule: rule.id, reason: 'not-new-energy', facts }))
    return rule.sum.flatMap((measure) =>
      meant(measure, change)
        .filter((facts) => matches(facts, measure.where) === 'undetermined')
        .map((facts): Exceptional => ({ rule: rule.id, reason: 'undetermined', facts })),
    )
  })
}
