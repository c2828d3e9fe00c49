import type { RuleFigure } from '../../../../server/compliance/schema.ts'
import { count, targetShare } from '../../format.ts'
import type { TextKey } from '../../i18n/index.ts'

type Figure = Pick<
  RuleFigure,
  | 'kind'
  | 'numerator'
  | 'denominator'
  | 'target'
  | 'status'
  | 'needed'
  | 'requiredPerMonth'
  | 'unit'
  | 'value'
  | 'yearBefore'
>

/** A sentence still to be put into a language. */
export interface Sentence {
  key: TextKey
  params: Record<string, string | number>
}

const say = (key: TextKey, params: Record<string, string | number> = {}): Sentence => ({ key, params })

/**
 * What is needed, in one sentence.
 * @param unit the word for what is counted
 * @param main whether it is one of the plan's targets: a county's part of such a count has no target of its own
 */
export function needOf(figure: Figure, unit: string, main = false): Sentence {
  if (main && figure.kind === 'count' && figure.target === null) return say('need.partOnly')
  if (figure.kind === 'share') return needOfShare(figure)
  if (figure.kind === 'count') return needOfCount(figure, unit)
  if (figure.status === 'no-data') return say('need.noFleet')
  if (figure.yearBefore === null) return say('need.none')
  if (figure.numerator === figure.denominator) return say('need.fleetWhole')
  return say(figure.status === 'behind' ? 'need.falling' : 'need.rising')
}

function needOfShare({ status, needed, target, numerator, denominator }: Figure): Sentence {
  const goal = { target: targetShare(target ?? 0) }
  switch (status) {
    case 'no-data':
      return say('need.noShare')
    case 'met':
      return say('need.shareMet')
    case 'missed':
      return say('need.shareMissed', goal)
    case 'breached': {
      const others = (denominator ?? 0) - numerator
      return say('need.breached', { ...goal, n: count(others), count: others })
    }
    case 'behind':
      return needed === null ? say('need.shareMissed', goal) : say('need.shareBehind', { n: count(needed) })
    default:
      return numerator === denominator ? say('need.allGood') : say('need.shareGood', goal)
  }
}

function needOfCount(
  { status, target, numerator, needed, requiredPerMonth }: Figure,
  unit: string,
): Sentence {
  if (target === null) return say('need.reported')
  if (numerator >= target) {
    const over = numerator - target
    return over > 0 ? say('need.countMet', { n: count(over), unit }) : say('need.countMetExactly')
  }
  if (status === 'missed') return say('need.countMissed', { n: count(target - numerator), unit })
  const n = count(needed ?? target - numerator)
  if (requiredPerMonth === null) return say('need.countNeeded', { n, unit })
  return say('need.countRate', { n, unit, rate: count(requiredPerMonth) })
}
