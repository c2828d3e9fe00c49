import type { RuleFigure } from '../../../../server/compliance/schema.ts'
import type { Rule } from '../../../../server/domain/policy.ts'
import { address, type Query } from '../../api/client.ts'
import { count, figure, share, targetShare } from '../../format.ts'
import type { TextKey } from '../../i18n/index.ts'
import type { Sentence } from './sentence.ts'

type Outlook = Pick<
  RuleFigure,
  'unit' | 'target' | 'status' | 'forecast' | 'requiredFromToday' | 'reachedOn' | 'reachedReason' | 'needed'
>

/** Where a figure with a target is heading, in words. */
export interface OutlookText {
  /** whether the target will be reached; null where that is beyond question, or nobody can say */
  verdict: Sentence | null
  /** the figure expected at the period's end */
  range: Sentence | null
  /** when the target is reached, or what has to come so that it is */
  next: Sentence | null
}

const say = (key: TextKey, params: Record<string, string | number> = {}): Sentence => ({ key, params })

/**
 * @param unit the word for what is counted
 * @param end the period's last day, `YYYY-MM-DD`
 */
export const outlookOf = (rule: Outlook, unit: string, end: string): OutlookText => ({
  verdict: verdictOf(rule),
  range: rangeOf(rule, unit, end),
  next: shareNeeded(rule) ?? reachedText(rule, end),
})

/** The range against the target: beyond it as a whole, below it as a whole, or around it. */
function verdictOf({ unit, target, status, forecast }: Outlook): Sentence | null {
  if (!forecast || target === null || status === 'breached' || status === 'missed') return null
  const held = unit === 'percent'
  // That all must be new-energy, and all have been, says it: no course is ever sure of the next one.
  if (status === 'met' || (held && target === 100 && forecast.expected >= target)) return null
  if (forecast.low >= target) return say(held ? 'outlook.willHold' : 'outlook.willMeet')
  if (forecast.high < target) return say(held ? 'outlook.wontHold' : 'outlook.wontMeet')
  if (forecast.expected >= target) return say(held ? 'outlook.nearlyHold' : 'outlook.nearlyMeet')
  return say(held ? 'outlook.mayHold' : 'outlook.mayMeet')
}

function rangeOf({ unit, forecast }: Outlook, unitWord: string, end: string): Sentence | null {
  if (!forecast) return null
  const one = (value: number) => figure(value, unit)
  const low = one(forecast.low)
  const high = one(forecast.high)
  const expected = unit === 'percent' ? one(forecast.expected) : `${one(forecast.expected)} ${unitWord}`
  const params = { end, expected, low, high, days: count(forecast.basisDays) }
  return say(low === high ? 'outlook.exact' : 'outlook.range', params)
}

/** What share of what is still to come must count, while the target is not held. */
function shareNeeded({ unit, status, requiredFromToday }: Outlook): Sentence | null {
  const further = requiredFromToday?.further
  if (unit !== 'percent' || status !== 'behind' || !requiredFromToday || !further) return null
  const n = count(further)
  if (requiredFromToday.value === null) return say('outlook.shareOutOfReach', { n })
  return say('outlook.shareNeeded', { n, share: share(requiredFromToday.value) })
}

function reachedText({ reachedOn, reachedReason }: Outlook, end: string): Sentence | null {
  if (reachedReason === 'reached' && reachedOn) return say('outlook.reachedPast', { on: reachedOn })
  if (reachedReason === 'no-pace') return say('outlook.noPace')
  if (reachedReason === 'mix-too-low') return say('outlook.mixTooLow')
  if (reachedReason === 'too-far') return say('outlook.tooFar')
  if (!reachedOn) return null
  // A pace does not tell the day.
  const month = reachedOn.slice(0, 7)
  return say(reachedOn > end ? 'outlook.reachedLate' : 'outlook.reachedOn', { month })
}

/** A target as it is written beside its figure. */
export const targetText = ({ unit, target }: Pick<RuleFigure, 'unit' | 'target'>): string =>
  unit === 'percent' ? targetShare(target ?? 0) : count(target)

/**
 * Where the vehicles are listed whose going would move a rule's figure; null for a rule that no vehicle's going moves.
 * @param place the part of the city that the figure is of
 */
export function dueAddress(rule: Rule | undefined, place: Query): string | null {
  if (!rule || rule.kind === 'rising-share') return null
  const measures = rule.kind === 'share' ? [rule.over] : rule.sum
  if (measures.some((measure) => measure.where.emissionAtMost !== undefined))
    return address('/due', { ...place, view: 'old-trucks' })
  const replaced = measures.filter((measure) => measure.kinds.includes('replaced'))
  if (replaced.length === 0) return null
  const categories = [...new Set(replaced.flatMap((measure) => measure.where.categories ?? []))]
  return address('/due', { ...place, category: categories.join(',') })
}
