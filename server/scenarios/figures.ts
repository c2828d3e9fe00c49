import { isWithin } from '../accounts/permissions.ts'
import type { LedgerClock } from '../changes/ledger-clock.ts'
import { isWhole } from '../compliance/figure.ts'
import { within } from '../compliance/routes.ts'
import type { LedgerViews } from '../compliance/views.ts'
import { civilDateAt } from '../domain/civil-date.ts'
import { isRegionCode, liesIn, theCity } from '../domain/regions.ts'
import { monthsLeft, project, type ScenarioInputs } from '../domain/scenario.ts'
import { invalidField, Problem } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import type { Operators } from '../operators/service.ts'
import type { VehicleModel } from '../vehicles/model.ts'
import type { ScenarioResult, Start } from './schema.ts'
import { stepViews } from './step-views.ts'

interface Parts {
  views: LedgerViews
  clock: LedgerClock
  operators: Operators
  vehicles: VehicleModel
  timeZone: string
}

/** What if: every rule's figure at the period's end, from the ledger as it is known at an instant. */
export class ScenarioFigures {
  private readonly parts: Parts

  constructor(parts: Parts) {
    this.parts = parts
  }

  /**
   * Every rule at the period's end by what is planned.
   * @param given.county whose figures; null for all that the caller sees
   * @param keep the figures are to be kept: the instant is as late as now, and settled for ever
   * @throws Problem 400 for a day to come and for what nobody knows, 403 for a county outside the caller's, 404 for an
   *   unknown version of the policy, 409 `scenario.period-over`
   */
  async result(
    given: { inputs: ScenarioInputs; basis: Start; county: string | null },
    caller: Caller,
    now: Date,
    keep = false,
  ): Promise<{ result: ScenarioResult; inputs: ScenarioInputs; county: string | null }> {
    const { views, clock, timeZone } = this.parts
    const { basis } = given
    const today = civilDateAt(now, timeZone)
    const asOf = basis.asOf ?? today
    if (asOf > today) throw invalidField('body.basis.asOf', 'date.future', asOf)
    const filter = { ...placeOf(given.county, caller), operator: caller.scope.operator }
    const inputs = await this.checked(given.inputs, caller, filter.county)
    const instant = keep && !basis.knownAt ? await clock.settle(now) : await clock.settled(basis.knownAt, now)
    const view = await views.at(instant, basis.policyVersion)
    const { policy, tally, knownAt } = view
    const { period } = policy
    if (asOf > period.to) throw new Problem(409, 'scenario.period-over', `The period ended on ${period.to}`)
    const sumsOf = (rule: string) => (day: string) => tally.total(rule, day, filter)
    const rules = project(policy, asOf, inputs, sumsOf, isWhole(filter))
    const months = monthsLeft(period, asOf)
    const made = { asOf, knownAt: knownAt.toISOString(), policyVersion: policy.version }
    const steps = await stepViews(this.parts.vehicles, policy, inputs.steps, months)
    return {
      ...{ inputs, county: filter.county ?? null },
      result: { basis: { ...made, until: period.to, months: Math.floor(months * 10) / 10 }, rules, steps },
    }
  }

  /** The steps, with the figures' own county where none is named. */
  private async checked(
    inputs: ScenarioInputs,
    caller: Caller,
    place: string | undefined,
  ): Promise<ScenarioInputs> {
    const scope = { ...caller.scope, county: place }
    const named = inputs.steps.some((s) => s.operators.length > 0)
    const names = named
      ? await this.parts.operators.namesSeenBy({ ...caller, scope })
      : new Map<string, string>()
    for (const [i, { county, operators }] of inputs.steps.entries()) {
      if (county !== null && !isKnown(county))
        throw invalidField(`body.inputs.steps.${i}.county`, 'county.unknown', county)
      if (county !== null && !isWithin({ county, operator: '' }, { county: caller.scope.county }))
        throw new Problem(403, 'permission.denied')
      if (own(county) !== null && place !== undefined && !liesIn(county ?? '', place))
        throw invalidField(`body.inputs.steps.${i}.county`, 'scenario.beyond-county', county ?? '')
      // What lies outside the caller's part of the city is told apart from nothing by nobody.
      const stranger = operators.find((id) => !names.has(id))
      if (stranger !== undefined)
        throw invalidField(`body.inputs.steps.${i}.operators`, 'operator.unknown', stranger)
    }
    const steps = inputs.steps.map((s) => ({ ...s, county: own(s.county) ?? place ?? null }))
    return { ...inputs, steps }
  }
}

const isKnown = (code: string): boolean => isRegionCode(code) || code === theCity().code

/** A county's code; null for the city's own, and for none. */
const own = (county: string | null) => (county === null || county === theCity().code ? null : county)

/** Whose figures are asked for. @throws Problem 400 for a county that nobody knows, 403 for one outside the caller's */
function placeOf(county: string | null, { scope }: Caller): { county: string | undefined } {
  if (county !== null && !isKnown(county)) throw invalidField('body.county', 'county.unknown', county)
  return { county: within({ county: own(county) ?? undefined }, { county: scope.county }).county }
}
