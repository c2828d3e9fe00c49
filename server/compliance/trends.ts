import type { LedgerClock } from '../changes/ledger-clock.ts'
import {
  addDays,
  type CivilDate,
  civilDateAt,
  endOfMonth,
  monthsBetween,
  startOfDay,
} from '../domain/civil-date.ts'
import type { Policy, Rule } from '../domain/policy.ts'
import type { PolicySource } from '../policies/source.ts'
import { figureOf, isWhole, requiredOn, ruleOf } from './figure.ts'
import type { LedgerView } from './ledger-view.ts'
import type { Trend, TrendQuery } from './schema.ts'
import type { LedgerViews } from './views.ts'

interface Parts {
  views: LedgerViews
  clock: LedgerClock
  policies: PolicySource
  timeZone: string
}

type Point = Trend['points'][number]

/** Figures’ courses by month: as they are known today, or as each was known when its month was over. */
export class Trends {
  private readonly parts: Parts

  constructor(parts: Parts) {
    this.parts = parts
  }

  /**
   * A figure's course, with the line that the plan requires.
   * @param query narrowed to the caller's scope already
   * @throws Problem 404 `rule.unknown`, `policy.unknown-version`
   */
  async trend(ruleId: string, query: TrendQuery, now: Date): Promise<Trend> {
    const { views, clock, timeZone } = this.parts
    const asOf = query.asOf ?? civilDateAt(now, timeZone)
    const view = await views.at(await clock.settled(query.knownAt, now), query.policyVersion)
    const { policy, knownAt } = view
    const rule = ruleOf(policy, ruleId)
    const days = daysOf(rule, policy, asOf)
    const course = view.tally.course(rule.id, query)
    const points =
      query.as === 'as-then-known'
        ? await views.inTurn(() => this.asThenKnown(rule.id, days, query, knownAt))
        : days.map((on) => point(rule, policy, on, course, query))
    const { from, to } = policy.period
    const requiredLine = monthsBetween(from, to).map((month) => ({
      month,
      required: required(rule, policy, endOfMonth(month), query),
    }))
    return { ...{ rule: rule.id, as: query.as, asOf }, knownAt: knownAt.toISOString(), points, requiredLine }
  }

  /**
   * Each point as it was known at the end of its day, by the policy in force then. A rule that there was not then
   * has no figure.
   */
  private async asThenKnown(
    ruleId: string,
    days: CivilDate[],
    query: TrendQuery,
    latest: Date,
  ): Promise<Point[]> {
    const { views, policies, timeZone } = this.parts
    const walks = new Map<number, LedgerView>()
    const points: Point[] = []
    for (const on of days) {
      const over = new Date(startOfDay(addDays(on, 1), timeZone).getTime() - 1)
      const instant = over < latest ? over : latest
      const policy = await policies.asked(instant, query.policyVersion)
      const rule = policy.rules.find((r) => r.id === ruleId)
      if (!rule) {
        points.push({ ...{ month: on.slice(0, 7), on }, ...NO_FIGURE })
        continue
      }
      const walk = walks.get(policy.version) ?? views.walk(policy, rule.id)
      walks.set(policy.version, walk)
      await walk.bringTo(instant)
      points.push(point(rule, policy, on, walk.tally.course(rule.id, query), query))
    }
    return points
  }
}

const NO_FIGURE = { value: null, numerator: 0, denominator: null, required: null }

const required = (rule: Rule, policy: Policy, day: CivilDate, query: TrendQuery): number | null =>
  rule.kind === 'share' || isWhole(query) ? requiredOn(rule, policy, day) : null

function point(
  rule: Rule,
  policy: Policy,
  on: CivilDate,
  course: ReturnType<LedgerView['tally']['course']>,
  query: TrendQuery,
): Point {
  const figure = figureOf(rule, course.upTo(on))
  return { month: on.slice(0, 7), on, ...figure, required: required(rule, policy, on, query) }
}

/** The months' ends of the period up to a day; the last point is the figure itself, on that day. */
function daysOf(rule: Rule, { period }: Policy, asOf: CivilDate): CivilDate[] {
  // A fleet's goes on when the period is over, and was there before it.
  const first = asOf < period.from ? asOf : period.from
  const last = rule.kind === 'rising-share' || asOf < period.to ? asOf : period.to
  return monthsBetween(first, last).map((month) => (endOfMonth(month) < last ? endOfMonth(month) : last))
}
