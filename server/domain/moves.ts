import type { ChangeDraft } from './change.ts'
import type { CivilDate } from './civil-date.ts'
import { contributionsOf } from './contribution.ts'
import type { Policy } from './policy.ts'
import { addSum, emptySum, type Sum, type TallyFilter } from './tally.ts'

/**
 * What changes that are not recorded would add to each rule's figure, by day: as large as there are days, however
 * many changes there are.
 */
export class Moves {
  private readonly policy: Policy
  private readonly within: TallyFilter
  private readonly rules = new Map<string, Map<CivilDate, Sum>>()

  /** @param within the part of the city whose figures are asked for */
  constructor(policy: Policy, within: TallyFilter = {}) {
    this.policy = policy
    this.within = within
  }

  /** Adds what a change counts, or takes it away. */
  add(change: ChangeDraft, sign: 1 | -1 = 1): void {
    const { county, operator } = this.within
    for (const c of contributionsOf(this.policy, change)) {
      if (county !== undefined && !c.county.startsWith(county)) continue
      if (operator !== undefined && c.operator !== operator) continue
      let days = this.rules.get(c.rule)
      if (!days) {
        days = new Map()
        this.rules.set(c.rule, days)
      }
      const day = days.get(c.on) ?? emptySum()
      addSum(day, { ...c, squares: c.numerator * c.numerator, entries: 1 }, sign)
      days.set(c.on, day)
    }
  }

  /** Whether a rule's figure is moved at all. */
  touches(rule: string): boolean {
    return this.rules.has(rule)
  }

  get isEmpty(): boolean {
    return this.rules.size === 0
  }

  /** What is added to a rule's figure by the end of a day. */
  upTo(rule: string, day: CivilDate): Sum {
    const total = emptySum()
    for (const [on, sum] of this.rules.get(rule) ?? []) if (on <= day) addSum(total, sum)
    return total
  }
}
