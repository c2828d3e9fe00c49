import type { ChangeModel } from '../changes/model.ts'
import type { Policy } from '../domain/policy.ts'
import type { PolicySource } from '../policies/source.ts'
import type { Closings } from './closings.ts'
import { LedgerView } from './ledger-view.ts'

/** Versions of the policy whose present figures are kept at hand; others are made anew. */
const VERSIONS = 3
/** Views of the past that are kept at hand. */
const PAST = 4

interface Parts {
  changes: ChangeModel
  policies: PolicySource
  closings: Closings
}

/** Tallies of the ledger that are kept at hand: for each version of the policy one that moves on, and some of the past. */
export class LedgerViews {
  private readonly parts: Parts
  private readonly moving = new Map<string, LedgerView>()
  private readonly past = new Map<string, LedgerView>()

  constructor(parts: Parts) {
    this.parts = parts
  }

  /**
   * The view of an instant that is settled, by the policy in force then or by another version of it. Use it before the
   * next `await`: one that moves on may be brought forward after that.
   * @throws Problem 404 `policy.unknown-version`
   */
  async at(instant: Date, version?: number): Promise<LedgerView> {
    const policy = await this.parts.policies.asked(instant, version)
    const name = String(policy.version)
    const moving = kept(this.moving, name, VERSIONS, () => this.anew(policy))
    if (instant >= moving.knownAt) {
      await moving.bringTo(instant)
      if (moving.knownAt.getTime() === instant.getTime()) return moving
    }
    const view = kept(this.past, `${name}|${instant.getTime()}`, PAST, () => this.anew(policy))
    await view.bringTo(instant)
    return view
  }

  /** A view of one's own and of one rule only, to be brought forward step by step. */
  walk(policy: Policy, rule: string): LedgerView {
    const { changes, closings } = this.parts
    return new LedgerView({ changes, policy, closings, rule })
  }

  private anew(policy: Policy): LedgerView {
    const { changes, closings } = this.parts
    return new LedgerView({ changes, policy, closings })
  }

  /** A view that reads every entry: of rules that are no version of the policy, or to check the others by. */
  apart(policy: Policy): LedgerView {
    return new LedgerView({ changes: this.parts.changes, policy })
  }

  /** Forgets what is at hand; it is made anew from the ledger. */
  forget(): void {
    this.moving.clear()
    this.past.clear()
  }
}

/** What is kept under a key, made if it is not there; the one that was not asked for longest gives way. */
function kept(views: Map<string, LedgerView>, key: string, most: number, make: () => LedgerView): LedgerView {
  const view = views.get(key) ?? make()
  views.delete(key)
  views.set(key, view)
  const [oldest] = views.keys()
  if (views.size > most && oldest !== undefined) views.delete(oldest)
  return view
}
