import { type Assessment, assess, type SumUpTo } from './assessment.ts'
import type { ChangeDraft, VehicleFacts } from './change.ts'
import { addDays, type CivilDate, calendarMonths, daysBetween } from './civil-date.ts'
import { contributionsOf } from './contribution.ts'
import { growth } from './forecast.ts'
import { paceOn } from './outlook.ts'
import type { Policy, Rule } from './policy.ts'
import { emptySum, type Sum } from './series.ts'
import { neededForShare } from './share.ts'
import type { Category, Energy, Kind } from './vocabulary.ts'

/**
 * What if: how every rule would stand at the period's end if so much more came. What counts in which rule is the policy's
 * own to say: each step is put before it as a change would be.
 */

/** What can be planned: a change of one of these kinds. */
export const STEP_KINDS = ['replaced', 'retired', 'added', 'battery-swap'] as const satisfies readonly Kind[]
export type StepKind = (typeof STEP_KINDS)[number]

/** So much of one kind of change, from the day of the figures to the period's end. */
export interface Step {
  kind: StepKind
  category: Category
  /** where: a region's code, or null for all of the city */
  county: string | null
  /** whose: operators' ids; all when empty */
  operators: readonly string[]
  /** vehicles, or packs for a battery swap */
  amount: number
  /** the amount is all of it, or a month's */
  per: 'period' | 'month'
  /** of the vehicles that come in, so many percent are new-energy */
  newEnergy: number
  /** of the vehicles that go, so many percent are diesel ones of the oldest emission standard */
  oldDiesel: number
}

export interface ScenarioInputs {
  /** what comes beside the steps: nothing, or as much as at the pace of the last 365 days */
  others: 'nothing' | 'pace'
  steps: readonly Step[]
}

/** How many a step comes to, and how many of these count as what. */
export interface StepTotal {
  total: number
  newEnergy: number
  oldDiesel: number
}

type Standing = Pick<Assessment, 'value' | 'numerator' | 'denominator' | 'status'>

/** A rule today and at the period's end. */
export interface Projection {
  id: string
  title: Rule['title']
  kind: Rule['kind']
  unit: Assessment['unit']
  target: number | null
  now: Standing
  /** when the period is over: met or missed, for rules with a target */
  end: Standing
  /** the same if nothing is done but all goes on at the pace of the last 365 days */
  pace: Standing
  /** what is missing at the end: vehicles or packs, or new-energy ones in a row; null where no number helps or none is asked */
  short: number | null
  /** a count: the day on which its target is reached, if what is planned comes evenly; null when it is not, or for others */
  reachedOn: CivilDate | null
  /** a step bears on it */
  moved: boolean
}

/** What new-energy vehicles of a plan are taken to be, and what the others are. */
const NEW: Energy = 'BEV'
const FUEL: Record<Category, Energy> = {
  bus: 'diesel',
  'cruising-taxi': 'gasoline',
  'ride-hailing': 'gasoline',
  truck: 'diesel',
  sanitation: 'diesel',
  vessel: 'diesel',
}

/** The months that are left of the period after a day; 0 when it is over. */
export const monthsLeft = (period: Policy['period'], asOf: CivilDate): number =>
  Math.max(0, calendarMonths(asOf < period.from ? addDays(period.from, -1) : asOf, period.to))

/** How many a step comes to in so many months: whole ones, rounded down, so that nothing is flattered. */
export function stepTotal({ kind, amount, per, newEnergy, oldDiesel }: Step, months: number): StepTotal {
  const total = per === 'month' ? Math.floor(amount * months + 1e-6) : Math.floor(amount)
  const part = (percent: number) => Math.floor((total * Math.round(percent * 10)) / 1000)
  const enters = kind === 'replaced' || kind === 'added'
  const leaves = kind === 'replaced' || kind === 'retired'
  return { total, newEnergy: enters ? part(newEnergy) : 0, oldDiesel: leaves ? part(oldDiesel) : 0 }
}

/** A change as the plan has it: of one vehicle (or one pack), counted as often as it is planned. */
function draftOf(policy: Policy, step: Step, comes: Energy, oldLeaves: boolean): ChangeDraft {
  const { kind, category } = step
  const facts = (energy: Energy, emission: VehicleFacts['emission']): VehicleFacts => ({
    ...{ vin: '', plate: '', category, energy, emission, registeredOn: null },
    ...{ operator: step.operators[0] ?? '', county: step.county ?? policy.city.code },
  })
  const leaving = oldLeaves ? facts('diesel', '0') : facts(FUEL[category], '6')
  return {
    ...{ kind, on: policy.period.to, from: null, certificate: null, note: null },
    vehicle: kind === 'retired' ? leaving : facts(comes, comes === NEW ? null : '6'),
    retires: kind === 'replaced' ? [leaving] : [],
    reason: kind === 'retired' ? 'scrapped' : null,
    packs: kind === 'battery-swap' ? 1 : null,
  }
}

/** What steps add to each rule of a policy. */
export function plannedSums(policy: Policy, steps: readonly Step[], months: number): Map<string, Sum> {
  const sums = new Map<string, Sum>()
  for (const step of steps) {
    const { total, newEnergy, oldDiesel } = stepTotal(step, months)
    const swaps = step.kind === 'battery-swap'
    const comings: [Energy, number][] = swaps
      ? [[NEW, total]]
      : [
          [NEW, newEnergy],
          [FUEL[step.category], total - newEnergy],
        ]
    // Which of the new ones takes the place of which old one makes no difference: rules look at one side or the other.
    let old = oldDiesel
    for (const [energy, times] of comings) {
      const olds = Math.min(old, times)
      old -= olds
      add(sums, policy, draftOf(policy, step, energy, true), olds)
      add(sums, policy, draftOf(policy, step, energy, false), times - olds)
    }
  }
  return sums
}

function add(sums: Map<string, Sum>, policy: Policy, draft: ChangeDraft, times: number): void {
  if (times <= 0) return
  for (const { rule, numerator, denominator } of contributionsOf(policy, draft)) {
    const sum = sums.get(rule) ?? emptySum()
    sum.numerator += numerator * times
    sum.denominator += denominator * times
    sum.entries += times
    sums.set(rule, sum)
  }
}

/**
 * Every rule of a policy today and at the period's end.
 * @param asOf the day of today's figures, within the period or before it
 * @param sumsOf a rule's sums by day, as they are known
 * @param whole false when the figures are a part's of the city, for which counts have no target
 */
export function project(
  policy: Policy,
  asOf: CivilDate,
  inputs: ScenarioInputs,
  sumsOf: (rule: string) => SumUpTo,
  whole = true,
): Projection[] {
  const planned = plannedSums(policy, inputs.steps, monthsLeft(policy.period, asOf))
  return policy.rules.map((rule) => {
    const sumUpTo = sumsOf(rule.id)
    const steps = planned.get(rule.id)
    const going = growth(paceOn(policy.period, asOf, sumUpTo))
    const beside = inputs.others === 'pace' ? going : { numerator: 0, denominator: 0 }
    const more = {
      numerator: beside.numerator + (steps?.numerator ?? 0),
      denominator: beside.denominator + (steps?.denominator ?? 0),
    }
    const over = addDays(policy.period.to, 1)
    const at = (day: CivilDate, sums: SumUpTo) => assess(policy, rule, day, sums, whole)
    const [now, end, pace] = [
      at(asOf, sumUpTo),
      at(over, ahead(rule, policy.period, asOf, sumUpTo, more)),
      at(over, ahead(rule, policy.period, asOf, sumUpTo, going)),
    ]
    const { id, kind, unit, target } = now
    return {
      ...{
        id,
        title: rule.title,
        kind,
        unit,
        target,
        now: standing(now),
        end: standing(end),
        pace: standing(pace),
      },
      short: shortOf(end),
      reachedOn: end.kind === 'count' ? end.reachedOn : null,
      moved: steps !== undefined && (steps.numerator !== 0 || steps.denominator !== 0),
    }
  })
}

const standing = ({ value, numerator, denominator, status }: Assessment): Standing => ({
  ...{ value, numerator, denominator, status },
})

function shortOf({ target, numerator, denominator }: Assessment): number | null {
  if (target === null) return null
  if (denominator === null) return Math.max(0, target - numerator)
  return denominator === 0 ? null : neededForShare(numerator, denominator, target)
}

/** A rule's sums by day as known up to one, and from there on evenly to what the period's end is to bring. */
function ahead(
  rule: Rule,
  { to }: Policy['period'],
  asOf: CivilDate,
  sumUpTo: SumUpTo,
  more: { numerator: number; denominator: number },
): SumUpTo {
  const known = sumUpTo(asOf)
  const span = daysBetween(asOf, to)
  const within = (day: CivilDate, amount: number) =>
    day >= to ? amount : Math.trunc((amount * daysBetween(asOf, day)) / span)
  return (day) => {
    if (day <= asOf) return sumUpTo(day)
    const denominator = Math.max(0, known.denominator + within(day, more.denominator))
    const numerator = Math.max(0, known.numerator + within(day, more.numerator))
    // Fuel vehicles go first; when there are none left in the fleet, new-energy ones do.
    const most = rule.kind === 'count' ? numerator : Math.min(numerator, denominator)
    return { ...known, numerator: most, denominator }
  }
}
