import { lineAt, percent } from '../domain/assessment.ts'
import type { CivilDate } from '../domain/civil-date.ts'
import type { Policy, Rule } from '../domain/policy.ts'
import type { Sum } from '../domain/series.ts'
import type { TallyFilter } from '../domain/tally.ts'
import { Problem } from '../http/problem.ts'

/** A rule of a policy. @throws Problem 404 `rule.unknown` */
export function ruleOf(policy: Policy, id: string): Rule {
  const rule = policy.rules.find((r) => r.id === id)
  if (!rule) throw new Problem(404, 'rule.unknown', `There is no rule ${id.slice(0, 60)}`)
  return rule
}

/** True if a filter leaves the whole city in. */
export const isWhole = (filter: TallyFilter): boolean =>
  [filter.county, filter.operator, filter.category, filter.energy].every((value) => value === undefined)

/** A sum as a figure: a share in percent, or a count in its unit. */
export function figureOf(
  rule: Pick<Rule, 'kind'>,
  sum: Sum,
): { value: number | null; numerator: number; denominator: number | null } {
  const { numerator, denominator } = sum
  if (rule.kind === 'count') return { value: numerator, numerator, denominator: null }
  return { value: percent(numerator, denominator), numerator, denominator }
}

/** What the plan asks for on a day: percent, or a count rounded down to one decimal; null where it sets no number. */
export function requiredOn(rule: Rule, policy: Policy, day: CivilDate): number | null {
  if (rule.kind === 'share') return rule.target
  if (rule.kind === 'rising-share' || rule.target === undefined) return null
  const line = lineAt(rule, policy.period, day)
  return Math.floor((line.over * 10) / line.under) / 10
}
