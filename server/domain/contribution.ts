import type { ChangeDraft, VehicleFacts } from './change.ts'
import type { CivilDate } from './civil-date.ts'
import type { Measure, Policy, Rule, VehicleCondition } from './policy.ts'
import type { Category, Energy } from './vocabulary.ts'
import { isEntry } from './vocabulary.ts'

/** What one change adds to one rule's figure, and under which heading of each breakdown. */
export interface Contribution {
  rule: string
  on: CivilDate
  county: string
  operator: string
  category: Category
  energy: Energy
  /** what is counted: vehicles or packs */
  numerator: number
  /** share rules only: what it is counted among */
  denominator: number
  /** vehicles that would count if their emission standard were known to be low enough */
  undetermined: number
}

type Match = 'yes' | 'no' | 'undetermined'

/**
 * Whether a vehicle meets a condition. An emission standard that nobody has said leaves it undetermined, if all
 * else holds (a vehicle whose standard is unknown is not counted, and is shown).
 */
export function matches(facts: VehicleFacts, where: VehicleCondition): Match {
  if (where.categories && !where.categories.includes(facts.category)) return 'no'
  if (where.energies && !where.energies.includes(facts.energy)) return 'no'
  if (where.emissionAtMost === undefined) return 'yes'
  if (facts.emission === null) return 'undetermined'
  return Number(facts.emission) <= where.emissionAtMost ? 'yes' : 'no'
}

const head = (
  rule: Rule,
  change: ChangeDraft,
  facts: VehicleFacts,
): Omit<Contribution, 'numerator' | 'denominator' | 'undetermined'> => ({
  rule: rule.id,
  on: change.on,
  county: facts.county,
  operator: facts.operator,
  category: facts.category,
  energy: facts.energy,
})

function measured(
  measure: Measure,
  change: ChangeDraft,
): { facts: VehicleFacts; match: Match; weight: number }[] {
  if (!measure.kinds.includes(change.kind)) return []
  if (measure.reasons && (change.reason === null || !measure.reasons.includes(change.reason))) return []
  const weight = measure.weight === 'packs' ? (change.packs ?? 0) : 1
  const vehicles = measure.of === 'vehicle' ? [change.vehicle] : change.retires
  return vehicles
    .map((facts) => ({ facts, match: matches(facts, measure.where), weight }))
    .filter((m) => m.match !== 'no')
}

/**
 * What a change adds to the figures of a policy's rules; nothing to those from which a decision exempted it.
 * Voiding takes the same away again.
 */
export function contributionsOf(policy: Policy, change: ChangeDraft): Contribution[] {
  const inPeriod = change.on >= policy.period.from && change.on <= policy.period.to
  return policy.rules.flatMap((rule): Contribution[] => {
    if (change.exemptFrom?.includes(rule.id)) return []
    if (rule.kind === 'rising-share') return fleetContributions(rule, change)
    if (!inPeriod) return []
    if (rule.kind === 'share') {
      return measured(rule.over, change)
        .filter((m) => m.match === 'yes')
        .map((m) => ({
          ...head(rule, change, m.facts),
          numerator: matches(m.facts, rule.counted) === 'yes' ? m.weight : 0,
          denominator: m.weight,
          undetermined: 0,
        }))
    }
    return rule.sum.flatMap((measure) =>
      measured(measure, change).map((m) => ({
        ...head(rule, change, m.facts),
        numerator: m.match === 'yes' ? m.weight : 0,
        denominator: 0,
        undetermined: m.match === 'undetermined' ? 1 : 0,
      })),
    )
  })
}

/** Vehicles in service: +1 where a vehicle comes in, −1 where it leaves, both for a transfer. */
function fleetContributions(rule: Rule & { kind: 'rising-share' }, change: ChangeDraft): Contribution[] {
  const moves: { facts: VehicleFacts; sign: 1 | -1; county: string; operator: string }[] = []
  const move = (facts: VehicleFacts, sign: 1 | -1, at: { county: string; operator: string } = facts) => {
    if (matches(facts, rule.fleet) === 'yes')
      moves.push({ facts, sign, county: at.county, operator: at.operator })
  }
  if (isEntry(change.kind)) move(change.vehicle, 1)
  if (change.kind === 'retired') move(change.vehicle, -1)
  if (change.kind === 'transferred' && change.from) {
    move(change.vehicle, -1, change.from)
    move(change.vehicle, 1)
  }
  for (const old of change.retires) move(old, -1)
  return moves.map((m) => ({
    rule: rule.id,
    on: change.on,
    county: m.county,
    operator: m.operator,
    category: m.facts.category,
    energy: m.facts.energy,
    numerator: matches(m.facts, rule.counted) === 'yes' ? m.sign : 0,
    denominator: m.sign,
    undetermined: 0,
  }))
}
