import type { LedgerClock } from '../changes/ledger-clock.ts'
import type { ChangeModel } from '../changes/model.ts'
import { type Cell, differences } from '../domain/cells.ts'
import { inTurns } from '../domain/in-turns.ts'
import type { Policy } from '../domain/policy.ts'
import type { Closings } from './closings.ts'
import { BEGINNING, firstRecorded, movedWithin } from './moved.ts'
import type { LedgerViews } from './views.ts'

/** Where a kept sum was not what the ledger says. */
export interface Difference extends Cell {
  /** `policy@version` */
  policy: string
  /** the month of knowledge (its last instant) whose kept sum it was; null for the figures in memory */
  closing: Date | null
}

export interface CheckedTallies {
  /** months of knowledge that were added up again, of all versions of the policy */
  months: number
  /** sums compared */
  sums: number
  differences: Difference[]
}

/** How a check is gone about. */
export interface CheckOptions<T> {
  /** told of differences before they are put right: a crash in between finds them again, and loses none */
  note?: ((differences: readonly T[]) => Promise<void>) | undefined
  /** between two months it stops when this is aborted */
  signal?: AbortSignal | undefined
}

interface Parts {
  changes: ChangeModel
  clock: LedgerClock
  closings: Closings
  views: LedgerViews
  policies: { versions(): Promise<{ policy: Policy }[]> }
}

/** Adds the figures up again from every entry of the ledger, and compares them with what is kept. */
export class TallyCheck {
  private readonly parts: Parts

  constructor(parts: Parts) {
    this.parts = parts
  }

  /** Checks every version of the policy, and puts right what differs: the ledger decides. */
  async check(now: Date, options: CheckOptions<Difference> = {}): Promise<CheckedTallies> {
    const { clock, policies, changes } = this.parts
    const to = await clock.horizon(now)
    const found: CheckedTallies = { months: 0, sums: 0, differences: [] }
    const first = await firstRecorded(changes)
    try {
      for (const { policy } of first ? await policies.versions() : []) {
        await this.checkMonths(policy, { first: first ?? to, to }, found, options)
        await this.checkMemory(policy, found, options)
      }
    } finally {
      // Other processes may have made figures of them, and there may be more of them in this one.
      if (found.differences.length > 0) {
        await clock.raiseGeneration()
        this.parts.views.forget()
      }
    }
    return found
  }

  /** Each month by itself, so that no more than one is held at a time. */
  private async checkMonths(
    policy: Policy,
    { first, to }: { first: Date; to: Date },
    found: CheckedTallies,
    { note, signal }: CheckOptions<Difference>,
  ): Promise<void> {
    const { changes, closings } = this.parts
    let from = BEGINNING
    const name = `${policy.id}@${policy.version}`
    for (const end of closings.endsWithin(from, first, to)) {
      signal?.throwIfAborted()
      const should = await inTurns(await movedWithin(changes, policy, from, end))
      const is = await closings.load(policy, end)
      const cells = is ? await differences(should, is) : []
      const differing = cells.map((cell) => ({ ...cell, policy: name, closing: end }))
      if (differing.length > 0) await note?.(differing)
      found.differences.push(...differing)
      if (!is || differing.length > 0) await closings.save(policy, end, should)
      found.months++
      found.sums += should.length
      from = end
    }
  }

  /** The figures at hand, rule by rule, by the months that have just been checked. */
  private async checkMemory(
    policy: Policy,
    found: CheckedTallies,
    { note, signal }: CheckOptions<Difference>,
  ): Promise<void> {
    const { views } = this.parts
    const name = `${policy.id}@${policy.version}`
    for (const { id } of policy.rules) {
      signal?.throwIfAborted()
      const view = views.atHand(policy.version)
      if (!view) return
      // All at once: it may be brought forward meanwhile.
      const [knownAt, is] = [view.knownAt, [...view.tally.cells(id)]]
      const should = views.walk(policy, id)
      await should.bringTo(knownAt)
      const cells = await differences(should.tally.cells(), is)
      const differing = cells.map((cell) => ({ ...cell, policy: name, closing: null }))
      if (differing.length > 0) await note?.(differing)
      found.differences.push(...differing)
    }
  }
}

/** A difference in one line, for logs and terminals. */
export function differenceLine({ policy, closing, rule, heading, on, sum }: Difference): string {
  const where = closing ? `closing ${closing.toISOString()}` : 'memory'
  const { county, operator, category, energy } = heading
  return `${policy} ${where}: ${rule} ${on} ${county} ${operator} ${category} ${energy} ${JSON.stringify(sum)}`
}
