import type { ChangeView } from '../../../../server/changes/schema.ts'
import { matches } from '../../../../server/domain/contribution.ts'
import type { Rule } from '../../../../server/domain/policy.ts'
import { isEntry } from '../../../../server/domain/vocabulary.ts'

/** A vehicle that a rule cannot count yet, and the change by which it would. */
export interface Pending {
  key: string
  vehicle: ChangeView['vehicle']
  change: ChangeView
}

/** The vehicles of a change that a rule would count if their emission standard were known to be low enough. */
export function pendingOf(
  rule: Rule,
  change: ChangeView,
  place: { county: string; operator: string },
): Pending[] {
  if (rule.kind !== 'count' || change.exemptFrom.includes(rule.id)) return []
  const found = rule.sum.flatMap((measure) => {
    if (!measure.kinds.includes(change.kind)) return []
    if (measure.reasons && (change.reason === null || !measure.reasons.includes(change.reason))) return []
    const vehicles = measure.of === 'vehicle' ? [change.vehicle] : change.retires
    return vehicles.filter((facts) => matches(facts, measure.where) === 'undetermined')
  })
  return found
    .filter(
      ({ county, operator }) =>
        county.startsWith(place.county) && (!place.operator || operator === place.operator),
    )
    .map((vehicle) => ({ key: `${change.id} ${vehicle.vin}`, vehicle, change }))
}

/** Whether any vehicle may be left undetermined by a rule. */
export const asksEmission = (rule: Rule): boolean =>
  rule.kind === 'count' && rule.sum.some((measure) => measure.where.emissionAtMost !== undefined)

/** The entry that says what a vehicle is: the last one by which it came into service up to a day. */
export function entryBefore<T extends ChangeView & { partial: boolean }>(
  history: readonly T[],
  vin: string,
  day: string,
): T | undefined {
  return history.findLast(
    (entry) =>
      isEntry(entry.kind) &&
      entry.voidedAt === null &&
      !entry.partial &&
      entry.vehicle.vin === vin &&
      entry.on <= day,
  )
}
