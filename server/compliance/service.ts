import type { LedgerClock } from '../changes/ledger-clock.ts'
import type { Effect } from '../changes/schema.ts'
import { type Assessment, assess } from '../domain/assessment.ts'
import { breaksTarget } from '../domain/breach.ts'
import type { ChangeDraft } from '../domain/change.ts'
import { type CivilDate, civilDateAt } from '../domain/civil-date.ts'
import { Moves } from '../domain/moves.ts'
import type { Policy, Rule } from '../domain/policy.ts'
import { countsAlike } from '../domain/policy-readings.ts'
import { addSum } from '../domain/series.ts'
import type { TallyFilter } from '../domain/tally.ts'
import type { PolicySource } from '../policies/source.ts'
import { figureOf, isWhole } from './figure.ts'
import { labelOf } from './labels.ts'
import type { LedgerView } from './ledger-view.ts'
import type { Compliance, Part, RuleFigure } from './schema.ts'
import type { LedgerViews } from './views.ts'

/** Which figures are asked for. */
export interface FiguresQuery extends TallyFilter {
  asOf?: CivilDate | undefined
  knownAt?: string | undefined
  /** by the rules of this version of the policy rather than of the one in force at that instant */
  policyVersion?: number | undefined
}

/** Figures of the rules: made from the ledger, for any day, any knowledge, any part of the city. */
export class ComplianceService {
  private readonly policies: PolicySource
  private readonly clock: LedgerClock
  private readonly timeZone: string
  private readonly views: LedgerViews

  constructor(parts: {
    views: LedgerViews
    clock: LedgerClock
    policies: PolicySource
    timeZone: string
  }) {
    this.policies = parts.policies
    this.views = parts.views
    this.clock = parts.clock
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
    const view = await this.views.at(await this.clock.settled(query.knownAt, now), query.policyVersion)
    return this.compliance(view, asOf, query)
  }

  /** Every rule's figure, to be kept: asked again with the same `asOf` and `knownAt` it is the same for ever. */
  async freeze({ asOf, now }: { asOf?: CivilDate; now: Date }): Promise<Compliance> {
    const knownAt = await this.clock.settle(now)
    const view = await this.views.at(knownAt)
    return this.compliance(view, asOf ?? civilDateAt(now, this.timeZone), {})
  }

  /** The figures without and with changes that are not recorded. Rules that nothing moves are left out. */
  effects(
    drafts: Iterable<ChangeDraft>,
    now: Date,
    sign: 1 | -1 = 1,
    within: TallyFilter = {},
  ): Promise<Effect[]> {
    const all = [...drafts]
    const add = (moves: Moves): void => {
      for (const draft of all) moves.add(draft, sign)
    }
    return this.effectsBy(add, now, within)
  }

  /**
   * The same for what is added to moves.
   * @param add called once for the part whose figures are asked for and once for the city, by the policy that judges
   */
  async effectsBy(add: (moves: Moves) => void, now: Date, within: TallyFilter = {}): Promise<Effect[]> {
    const view = await this.views.at(await this.clock.horizon(now))
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
    return this.effectsIn(await this.views.at(await this.clock.horizon(now)), moves, now, within, moves)
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
    const view = await this.views.at(await this.clock.horizon(now))
    const { policy, knownAt } = view
    const total = (id: string) => (day: CivilDate) => view.tally.total(id, day)
    const before = policy.rules.map((rule) => assess(policy, rule, asOf, total(rule.id), true))
    const [alike, other] = [true, false].map((same) =>
      candidate.rules.filter(({ id }) => countsAlike(policy, candidate, id) === same),
    ) as [Rule[], Rule[]]
    const after = new Map(alike.map((rule) => [rule.id, assess(candidate, rule, asOf, total(rule.id), true)]))
    const anew = this.views.apart({ ...candidate, rules: other })
    if (other.length > 0) await anew.bringTo(knownAt)
    for (const rule of other)
      after.set(
        rule.id,
        assess(candidate, rule, asOf, (day) => anew.tally.total(rule.id, day), true),
      )
    return { asOf, before, after: candidate.rules.flatMap(({ id }) => after.get(id) ?? []) }
  }

  private compliance(view: LedgerView, asOf: CivilDate, filter: TallyFilter): Compliance {
    const { policy } = view
    const { id, version, title, number, period } = policy
    const figure = (rule: Rule): RuleFigure => {
      const county = [...view.tally.breakdown(rule.id, 'county', asOf, filter)]
        .filter(([, sum]) => sum.entries !== 0)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(
          ([key, sum]): Part => ({
            key,
            label: labelOf('county', key, NO_NAMES),
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
        breakdown: { county },
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

/** Counties have names of their own. */
const NO_NAMES: ReadonlyMap<string, string> = new Map()

const outline = ({ value, numerator, denominator, status }: Assessment) => ({
  value,
  numerator,
  denominator,
  status,
})
