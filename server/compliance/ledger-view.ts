import type { ChangeDoc, ChangeModel } from '../changes/model.ts'
import { contributionsOf } from '../domain/contribution.ts'
import type { Policy } from '../domain/policy.ts'
import { Tally } from '../domain/tally.ts'

/** Entries read at a time: the requests that come in meanwhile wait no longer than one batch takes. */
const BATCH = 1000
/** What the rules count by, and no more. */
const COUNTED = {
  kind: 1,
  on: 1,
  vehicle: 1,
  retires: 1,
  from: 1,
  reason: 1,
  packs: 1,
  exemptFrom: 1,
  recordedAt: 1,
  voidedAt: 1,
} as const

/**
 * The tally of the ledger as known at an instant, kept in memory and brought forward by reading only what was
 * recorded or voided since. It holds nothing that the ledger does not say, so a new process makes it anew.
 */
export class LedgerView {
  readonly tally = new Tally()
  private readonly changes: ChangeModel
  readonly policy: Policy
  /** everything recorded or voided up to here is in the tally */
  private known = new Date(-1)
  private work: Promise<void> = Promise.resolve()

  constructor(changes: ChangeModel, policy: Policy) {
    this.changes = changes
    this.policy = policy
  }

  /** Brings the tally forward to an instant that is settled (see LedgerClock). Going back is not possible. */
  bringTo(instant: Date): Promise<void> {
    this.work = this.work.catch(() => undefined).then(() => this.advance(instant))
    return this.work
  }

  private async advance(to: Date): Promise<void> {
    const from = this.known
    if (to <= from) return
    // Added apart first: a failure half-way must not leave half of the entries in the tally.
    const moved = new Tally()
    const recorded = this.changes.collection
      .find<ChangeDoc>({ recordedAt: { $gt: from, $lte: to } }, { projection: COUNTED })
      .batchSize(BATCH)
    for await (const change of recorded)
      if (change.voidedAt === null || change.voidedAt > to) this.count(moved, change, 1)
    const voided = this.changes.collection
      .find<ChangeDoc>(
        { voided: true, voidedAt: { $gt: from, $lte: to }, recordedAt: { $lte: from } },
        { projection: COUNTED },
      )
      .batchSize(BATCH)
    for await (const change of voided) this.count(moved, change, -1)
    this.tally.merge(moved)
    this.known = to
  }

  private count(tally: Tally, change: ChangeDoc, sign: 1 | -1): void {
    for (const contribution of contributionsOf(this.policy, change)) tally.add(contribution, sign)
  }

  /** The instant up to which the tally knows the ledger. */
  get knownAt(): Date {
    return this.known
  }
}
