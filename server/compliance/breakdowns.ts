import type { LedgerClock } from '../changes/ledger-clock.ts'
import { type CivilDate, civilDateAt, endOfMonth, monthsBetween } from '../domain/civil-date.ts'
import type { Rule } from '../domain/policy.ts'
import { isSmall, places } from '../domain/ranking.ts'
import { emptySum, type Sum } from '../domain/series.ts'
import type { Tally, TallyFilter } from '../domain/tally.ts'
import type { Operators } from '../operators/service.ts'
import { figureOf, ruleOf } from './figure.ts'
import { labelOf } from './labels.ts'
import type { Breakdown, BreakdownBy, BreakdownPart, BreakdownQuery } from './schema.ts'
import type { LedgerViews } from './views.ts'

interface Parts {
  views: LedgerViews
  clock: LedgerClock
  operators: Operators
  timeZone: string
}

/** A figure in its parts: by county, operator, category, energy or month. The parts add up to it. */
export class Breakdowns {
  private readonly parts: Parts

  constructor(parts: Parts) {
    this.parts = parts
  }

  /**
   * @param query narrowed to the caller's scope already
   * @throws Problem 404 `rule.unknown`, `policy.unknown-version`
   */
  async breakdown(ruleId: string, query: BreakdownQuery, now: Date): Promise<Breakdown> {
    const { views, clock, operators, timeZone } = this.parts
    const asOf = query.asOf ?? civilDateAt(now, timeZone)
    const view = await views.at(await clock.settled(query.knownAt, now), query.policyVersion)
    const { policy, tally, knownAt } = view
    const rule = ruleOf(policy, ruleId)
    const { by } = query
    const found =
      by === 'month' ? byMonth(tally, rule, asOf, query) : tally.breakdown(rule.id, by, asOf, query)
    const items: { key: string; sum: Sum }[] = []
    for (const [key, sum] of found) if (by === 'month' || sum.entries !== 0) items.push({ key, sum })
    items.sort((a, b) => (a.key < b.key ? -1 : 1))
    const ranks = places(rule, items)
    const total = tally.total(rule.id, asOf, query)
    // The tally may have gone on after this; nothing more is asked of it.
    const keys = items.map(({ key }) => key)
    const names = by === 'operator' ? await operators.namesOf(keys) : NO_NAMES
    return {
      ...{ rule: rule.id, kind: rule.kind, by, asOf, knownAt: knownAt.toISOString() },
      policyVersion: policy.version,
      target: rule.kind === 'share' ? rule.target : null,
      total: { ...amounts(rule, total, by), value: figureOf(rule, total).value },
      items: items.map((item) => ({
        key: item.key,
        label: labelOf(by, item.key, names),
        ...amounts(rule, item.sum, by),
        small: by !== 'month' && isSmall(rule, item.sum),
        rank: by === 'month' ? null : (ranks.get(item) ?? null),
      })),
    }
  }
}

function amounts(
  rule: Rule,
  sum: Sum,
  by: BreakdownBy,
): Omit<BreakdownPart, 'key' | 'label' | 'small' | 'rank'> {
  const { value, numerator, denominator } = figureOf(rule, sum)
  // What a month brought to a fleet and took from it is no share of anything.
  const hasShare = by !== 'month' || rule.kind !== 'rising-share'
  const { undetermined, entries } = sum
  return { value: hasShare ? value : null, numerator, denominator, undetermined, entries }
}

/** Of all other parts the words are known. */
const NO_NAMES: ReadonlyMap<string, string> = new Map()

/** Each month's own amounts, from the first in which something happened to the last. */
function byMonth(tally: Tally, rule: Rule, asOf: CivilDate, filter: TallyFilter): Map<string, Sum> {
  const course = tally.course(rule.id, filter)
  const days = [...course.byDay()].filter(({ on }) => on <= asOf)
  const [first, last] = [days[0], days.at(-1)]
  const months = new Map<string, Sum>()
  if (!first || !last) return months
  for (const month of monthsBetween(first.on, last.on)) {
    const sum = emptySum()
    const end = endOfMonth(month)
    course.addUpTo(end < asOf ? end : asOf, sum)
    course.addUpTo(`${month}-00`, sum, -1)
    months.set(month, sum)
  }
  return months
}
