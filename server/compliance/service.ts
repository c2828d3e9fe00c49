import type { LedgerClock } from '../changes/ledger-clock.ts'
import type { ChangeModel } from '../changes/model.ts'
import type { Effect } from '../changes/schema.ts'
import { type Assessment, assess, lineAt, percent } from '../domain/assessment.ts'
import { breaksTarget } from '../domain/breach.ts'
import type { ChangeDraft } from '../domain/change.ts'
import { type CivilDate, civilDateAt, endOfMonth, monthsBetween } from '../domain/civil-date.ts'
import { Moves } from '../domain/moves.ts'
import type { Policy, Rule } from '../domain/policy.ts'
import { countsAlike } from '../domain/policy-readings.ts'
import { regionByCode } from '../domain/regions.ts'
import { addSum, type Sum, type TallyFilter } from '../domain/tally.ts'
import { Problem } from '../http/problem.ts'
import type { Operators } from '../operators/service.ts'
import type { PolicySource } from '../policies/source.ts'
import { LedgerView } from './ledger-view.ts'
import type { Compliance, Part, RuleFigure, Trend } from './schema.ts'

/** Which figures are asked for. */
export interface FiguresQuery extends TallyFilter {
  asOf?: CivilDate | undefined
  knownAt?: string | undefined
  /** by the rules of this version of the policy rather than of the one in force at that instant */
  policyVersion?: number | undefined
}

/** Views that are kept at hand: the latest of so many versions of the policy, and so many of the past. */
const LATEST_VIEWS = 3
const PAST_VIEWS = 4

/** Figures of the rules: made from the ledger, for any day, any knowledge, any part of the city. */
export class ComplianceService {
  private readonly policies: PolicySource
  private readonly changes: ChangeModel
  private readonly clock: LedgerClock
  private readonly operators: Operators
  private readonly timeZone: string
  /** the latest of each version of the policy that was asked for lately, made when first asked for */
  private readonly latest = new Map<number, LedgerView>()
  private readonly past = new Map<string, LedgerView>()

  constructor(parts: {
    changes: ChangeModel
    clock: LedgerClock
    operators: Operators
    policies: PolicySource
    timeZone: string
  }) {
    this.policies = parts.policies
    this.changes = parts.changes
    this.clock = parts.clock
    this.operators = parts.operators
    this.timeZone = parts.timeZone
  }

  /** The policy of now. */
  get policy(): Policy {
    return this.policies.current()
  }

  /** The policy in force at an instant that is settled, exactly (see PolicySource.at). */
  policyAt(knownAt: Date): Promise<Policy> {
    return this.policies.at(knownAt)
  }

  /** Every rule's figure. */
  async figures(query: FiguresQuery, now: Date): Promise<Compliance> {
    const asOf = query.asOf ?? civilDateAt(now, this.timeZone)
    const names = await this.operators.names()
    const view = await this.view(await this.clock.settled(query.knownAt, now), query.policyVersion)
    return this.compliance(view, asOf, query, names)
  }

  /** Every rule's figure, to be kept: asked again with the same `asOf` and `knownAt` it is the same for ever. */
  async freeze({ asOf, now }: { asOf?: CivilDate; now: Date }): Promise<Compliance> {
    const knownAt = await this.clock.settle(now)
    const names = await this.operators.names()
    const view = await this.view(knownAt)
    return this.compliance(view, asOf ?? civilDateAt(now, this.timeZone), {}, names)
  }

  /** A figure's course by month, with the line that the plan requires. */
  async trend(ruleId: string, query: FiguresQuery, now: Date): Promise<Trend> {
    const asOf = query.asOf ?? civilDateAt(now, this.timeZone)
    const view = await this.view(await this.clock.settled(query.knownAt, now), query.policyVersion)
    const { policy } = view
    const rule = ruleOf(policy, ruleId)
    const { period } = policy
    const required = (day: CivilDate) =>
      rule.kind === 'share' || isWhole(query) ? requiredOn(rule, policy, day) : null
    // The last point is the figure itself: a fleet's goes on when the period is over, and was there before it.
    const first = asOf < period.from ? asOf : period.from
    const last = rule.kind === 'rising-share' || asOf < period.to ? asOf : period.to
    const points = monthsBetween(first, last).map((month) => {
      const on = endOfMonth(month) < last ? endOfMonth(month) : last
      const sum = view.tally.total(rule.id, on, query)
      return { month, on, ...figureOf(rule, sum), required: required(on) }
    })
    const requiredLine = monthsBetween(period.from, period.to).map((month) => ({
      month,
      required: required(endOfMonth(month)),
    }))
    return { rule: rule.id, asOf, knownAt: view.knownAt.toISOString(), points, requiredLine }
  }

  /** The figures without and with changes that are not recorded. Rules that nothing moves are left out. */
  effects(
    drafts: Iterable<ChangeDraft>,
    now: Date,
    sign: 1 | -1 = 1,
    within: TallyFilter = {},
  ): Promise<Effect[]> {
    return this.effectsBy((moves) => addAll(moves, drafts, sign), now, within)
  }

  /**
   * The same for what is added to moves.
   * @param add called once for the part whose figures are asked for and once for the city, by the policy that judges
   */
  async effectsBy(add: (moves: Moves) => void, now: Date, within: TallyFilter = {}): Promise<Effect[]> {
    const view = await this.view(await this.clock.horizon(now))
    const [moves, city] = [new Moves(view.policy, within), new Moves(view.policy)]
    add(moves)
    add(city)
    return this.effectsIn(view, moves, now, within, city)
  }

  /**
   * The same for what changes add up to, all of which lie in the part of the city. Rules that count otherwise by now
   * than when it was added up are left out.
   */
  async effectsOf(moves: Moves, now: Date, within: TallyFilter = {}): Promise<Effect[]> {
    if (moves.isEmpty) return []
    return this.effectsIn(await this.view(await this.clock.horizon(now)), moves, now, within, moves)
  }

  /** Targets are the city's: whether one is broken is judged by all of it, whatever part the figures are asked for. */
  private effectsIn(view: LedgerView, moves: Moves, now: Date, within: TallyFilter, city: Moves): Effect[] {
    const asOf = civilDateAt(now, this.timeZone)
    const { policy } = view
    return policy.rules.flatMap((rule) => {
      if (!moves.touches(rule.id) || !countsAlike(moves.policy, policy, rule.id)) return []
      const figures = (part: TallyFilter, moved: Moves) => {
        const sumUpTo = (day: CivilDate) => view.tally.total(rule.id, day, part)
        const movedUpTo = (day: CivilDate) => {
          const sum = sumUpTo(day)
          addSum(sum, moved.upTo(rule.id, day))
          return sum
        }
        const whole = isWhole(part)
        return [
          assess(policy, rule, asOf, sumUpTo, whole),
          assess(policy, rule, asOf, movedUpTo, whole),
        ] as const
      }
      const [before, after] = figures(within, moves)
      const breaks = rule.kind !== 'rising-share' && breaksTarget(...figures({}, city))
      return [{ rule: rule.id, breaks, before: outline(before), after: outline(after) }]
    })
  }

  /**
   * How the whole city stands today by the policy in force, and how it would by another one. Only the rules that would
   * count otherwise are counted anew.
   */
  async compare(
    candidate: Policy,
    now: Date,
  ): Promise<{ asOf: CivilDate; before: Assessment[]; after: Assessment[] }> {
    const asOf = civilDateAt(now, this.timeZone)
    const view = await this.view(await this.clock.horizon(now))
    const { policy, knownAt } = view
    const total = (id: string) => (day: CivilDate) => view.tally.total(id, day)
    const before = policy.rules.map((rule) => assess(policy, rule, asOf, total(rule.id), true))
    const [alike, other] = [true, false].map((same) =>
      candidate.rules.filter(({ id }) => countsAlike(policy, candidate, id) === same),
    ) as [Rule[], Rule[]]
    const after = new Map(alike.map((rule) => [rule.id, assess(candidate, rule, asOf, total(rule.id), true)]))
    const anew = new LedgerView(this.changes, { ...candidate, rules: other })
    if (other.length > 0) await anew.bringTo(knownAt)
    for (const rule of other)
      after.set(
        rule.id,
        assess(candidate, rule, asOf, (day) => anew.tally.total(rule.id, day), true),
      )
    return { asOf, before, after: candidate.rules.flatMap(({ id }) => after.get(id) ?? []) }
  }

  /** The view of an instant that is settled. Use it before the next `await`: the present one may be brought forward after that. */
  private async view(instant: Date, version?: number): Promise<LedgerView> {
    const policy = await this.policies.asked(instant, version)
    const latest = this.kept(this.latest, policy.version, policy, LATEST_VIEWS)
    if (instant >= latest.knownAt) {
      await latest.bringTo(instant)
      if (latest.knownAt.getTime() === instant.getTime()) return latest
    }
    const view = this.kept(this.past, `${policy.version}|${instant.getTime()}`, policy, PAST_VIEWS)
    await view.bringTo(instant)
    return view
  }

  /** A view by its key, made if it is not there; so many are kept, those that were asked for last. */
  private kept<K>(views: Map<K, LedgerView>, key: K, policy: Policy, most: number): LedgerView {
    const view = views.get(key) ?? new LedgerView(this.changes, policy)
    views.delete(key)
    views.set(key, view)
    const [oldest] = views.keys()
    if (views.size > most && oldest !== undefined) views.delete(oldest)
    return view
  }

  private compliance(
    view: LedgerView,
    asOf: CivilDate,
    filter: TallyFilter,
    names: ReadonlyMap<string, string>,
  ): Compliance {
    const { policy } = view
    const { id, version, title, number, period } = policy
    const figure = (rule: Rule): RuleFigure => {
      const parts = (dimension: 'county' | 'operator') =>
        [...view.tally.breakdown(rule.id, dimension, asOf, filter)]
          .filter(([, sum]) => sum.entries !== 0)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(
            ([key, sum]): Part => ({
              key,
              label: labelOf(dimension, key, names),
              ...figureOf(rule, sum),
              undetermined: sum.undetermined,
            }),
          )
      const sumUpTo = (day: CivilDate) => view.tally.total(rule.id, day, filter)
      const assessment = assess(policy, rule, asOf, sumUpTo, isWhole(filter))
      const { title, source, readings } = rule
      return {
        ...assessment,
        title,
        source,
        readings,
        breakdown: { county: parts('county'), operator: parts('operator') },
      }
    }
    return {
      asOf,
      knownAt: view.knownAt.toISOString(),
      policy: { id, version, title, number, period },
      rules: policy.rules.map(figure),
    }
  }
}

/** @throws Problem 404 `rule.unknown` */
function ruleOf(policy: Policy, id: string): Rule {
  const rule = policy.rules.find((r) => r.id === id)
  if (!rule) throw new Problem(404, 'rule.unknown', `There is no rule ${id.slice(0, 60)}`)
  return rule
}

function addAll(moves: Moves, drafts: Iterable<ChangeDraft>, sign: 1 | -1): void {
  for (const draft of drafts) moves.add(draft, sign)
}

const isWhole = (filter: TallyFilter): boolean => filter.county === undefined && filter.operator === undefined

function figureOf(
  rule: Rule,
  sum: Sum,
): { value: number | null; numerator: number; denominator: number | null } {
  if (rule.kind === 'count') return { value: sum.numerator, numerator: sum.numerator, denominator: null }
  return {
    value: percent(sum.numerator, sum.denominator),
    numerator: sum.numerator,
    denominator: sum.denominator,
  }
}

function labelOf(dimension: 'county' | 'operator', key: string, names: ReadonlyMap<string, string>) {
  const region = dimension === 'county' ? regionByCode(key) : undefined
  const name = names.get(key) ?? key
  return region ? { zh: region.name, en: region.english } : { zh: name, en: name }
}

function requiredOn(rule: Rule, policy: Policy, day: CivilDate): number | null {
  if (rule.kind === 'share') return rule.target
  if (rule.kind === 'rising-share' || rule.target === undefined) return null
  const line = lineAt(rule, policy.period, day)
  return Math.floor((line.over * 10) / line.under) / 10
}

const outline = ({ value, numerator, denominator, status }: Assessment) => ({
  value,
  numerator,
  denominator,
  status,
})
