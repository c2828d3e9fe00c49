import type { ChangeDraft } from './change.ts'
import type { CivilDate } from './civil-date.ts'
import { contributionsOf } from './contribution.ts'
import type { Policy } from './policy.ts'
import { addSum, emptySum, type Sum } from './series.ts'
import type { TallyFilter } from './tally.ts'

/** Moves as they are kept. */
export type KeptMoves = [rule: string, days: (Sum & { on: CivilDate })[]][]

/**
 * What changes that are not recorded would add to each rule's figure, by day: as large as there are days, however
 * many changes there are.
 */
export class Moves {
  /** by which the changes are counted */
  readonly policy: Policy
  private readonly within: Pick<TallyFilter, 'county' | 'operator'>
  private readonly rules = new Map<string, Map<CivilDate, Sum>>()

  /** @param within the part of the city whose figures are asked for */
  constructor(policy: Policy, within: Pick<TallyFilter, 'county' | 'operator'> = {}) {
    this.policy = policy
    this.within = within
  }

  /** Adds what a change counts, or takes it away. */
  add(change: ChangeDraft, sign: 1 | -1 = 1): void {
    const { county, operator } = this.within
    for (const c of contributionsOf(this.policy, change)) {
      if (county !== undefined && !c.county.startsWith(county)) continue
      if (operator !== undefined && c.operator !== operator) continue
      this.addOn(c.rule, c.on, { ...c, squares: c.numerator * c.numerator, entries: 1 }, sign)
    }
  }

  /** Everything in it, to be kept. */
  toJSON(): KeptMoves {
    return [...this.rules].map(([rule, days]) => [rule, [...days].map(([on, sum]) => ({ on, ...sum }))])
  }

  /** Adds what was kept of other moves. */
  take(kept: KeptMoves): void {
    for (const [rule, days] of kept) {
      for (const { on, ...sum } of days) this.addOn(rule, on, sum, 1)
    }
  }

  private addOn(rule: string, on: CivilDate, sum: Sum, sign: 1 | -1): void {
    let days = this.rules.get(rule)
    if (!days) {
      days = new Map()
      this.rules.set(rule, days)
    }
    const day = days.get(on) ?? emptySum()
    addSum(day, sum, sign)
    days.set(on, day)
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
