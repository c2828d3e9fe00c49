import type { LedgerClock } from '../changes/ledger-clock.ts'
import type { ChangeModel } from '../changes/model.ts'
import { figureOf, isWhole } from '../compliance/figure.ts'
import type { LedgerViews } from '../compliance/views.ts'
import { neededForShare, reachesShare } from '../domain/assessment.ts'
import { type CivilDate, civilDateAt } from '../domain/civil-date.ts'
import { type DueKind, SCENARIOS, scenarioSums } from '../domain/due-scenarios.ts'
import type { Policy, Rule } from '../domain/policy.ts'
import { addSum, emptySum, type Sum } from '../domain/series.ts'
import type { Category } from '../domain/vocabulary.ts'
import { presentMixes } from './mix.ts'
import { DueReads } from './reads.ts'
import type { DueScenarios, ScenarioOutcome, ScenarioQuery } from './schema.ts'
import { type DueParts, groupsOf } from './service.ts'
import { DueSums } from './sums.ts'

interface Parts extends DueParts {
  changes: ChangeModel
  views: LedgerViews
  clock: LedgerClock
}

/** What the targets come to when the vehicles that must go are replaced in one way or another. */
export class DueOutcomes {
  private readonly parts: Parts
  private readonly reads: DueReads

  constructor(parts: Parts) {
    this.parts = parts
    this.reads = new DueReads(parts.vehicles)
  }

  /** Every rule's figure at the period's end in each scenario. @param query the caller's place already */
  async outcomes(query: ScenarioQuery, now: Date): Promise<DueScenarios> {
    const { changes, views, clock, policies } = this.parts
    const today = civilDateAt(now, this.parts.timeZone)
    const knownAt = await clock.horizon(now)
    const policy = await policies.at(knownAt)
    const until = policy.period.to
    const aimed = policy.rules.filter(isAimedAt)
    const { tally } = await views.at(knownAt, policy.version)
    // At once: the tally goes on while the vehicles are counted. To the last entry of the period: nothing is left out.
    const bases = new Map(aimed.map(({ id }) => [id, tally.total(id, until, query)]))
    const { kinds, sums } = await this.due(policy, query, until, today)
    const mixes = await presentMixes(changes, policy, query, today, [
      ...new Set(kinds.map((k) => k.category)),
    ])
    const over = today > until
    const mixOf = (category: Category) => mixes.get(category)?.parts ?? null
    const added = SCENARIOS.map((scenario) => ({
      scenario,
      sums: scenarioSums(policy, kinds, scenario, mixOf, until),
    }))
    return {
      ...{ today, until, knownAt: knownAt.toISOString(), policyVersion: policy.version, over },
      due: sums.whole(),
      mix: [...mixes.values()].map((mix) => mix.shown),
      rules: aimed.map((rule) => {
        const target = targetOf(rule, isWhole(query))
        const base = bases.get(rule.id) ?? emptySum()
        return {
          ...{ id: rule.id, kind: rule.kind, title: rule.title, unit: unitOf(rule), target },
          today: figureOf(rule, base),
          outcomes: over
            ? []
            : added.map(({ scenario, sums }) => outcome(rule, target, scenario, base, sums)),
        }
      }),
    }
  }

  private async due(policy: Policy, query: ScenarioQuery, until: CivilDate, today: CivilDate) {
    const kinds: DueKind[] = []
    const sums = new DueSums()
    const groups = groupsOf(policy, query)
    const found = await Promise.all(
      groups.map(async (group) => ({
        group,
        counted: await this.reads.kinds(group, query, { to: until }, today),
        undated: await this.reads.undated<null>(group, query, null),
      })),
    )
    for (const { group, counted, undated } of found) {
      const { category } = group
      for (const { key, total, overdue } of counted) {
        kinds.push({ category, energy: key.energy, emission: key.emission ?? null, vehicles: total })
        sums.add(null, category, { total, overdue, undetermined: 0 })
      }
      for (const { total } of undated) sums.add(null, category, { total: 0, overdue: 0, undetermined: total })
    }
    return { kinds, sums }
  }
}

/** Counts without a number to reach are only reported. */
const isAimedAt = (rule: Rule): boolean => rule.kind !== 'count' || rule.target !== undefined

const unitOf = (rule: Rule) => (rule.kind === 'count' ? rule.unit : 'percent')

/** The plan sets a count for the whole city only. */
function targetOf(rule: Rule, whole: boolean): number | null {
  if (rule.kind === 'rising-share') return null
  if (rule.kind === 'share') return rule.target
  return whole ? (rule.target ?? null) : null
}

function outcome(
  rule: Rule,
  target: number | null,
  scenario: ScenarioOutcome['scenario'],
  base: Sum,
  added: ReadonlyMap<string, Sum>,
): ScenarioOutcome {
  const sum = emptySum()
  addSum(sum, base)
  addSum(sum, added.get(rule.id) ?? emptySum())
  return { scenario, ...figureOf(rule, sum), ...judged(rule, target, sum) }
}

function judged(
  rule: Rule,
  target: number | null,
  { numerator, denominator }: Sum,
): Pick<ScenarioOutcome, 'reached' | 'missing'> {
  if (target === null || (rule.kind === 'share' && denominator === 0)) return { reached: null, missing: null }
  if (rule.kind === 'share') {
    const reached = reachesShare(numerator, denominator, target)
    return { reached, missing: neededForShare(numerator, denominator, target) }
  }
  return { reached: numerator >= target, missing: Math.max(0, target - numerator) }
}
