import type { LedgerClock } from '../changes/ledger-clock.ts'
import type { ChangeModel } from '../changes/model.ts'
import type { Policy } from '../domain/policy.ts'
import { Problem } from '../http/problem.ts'
import type { PolicySource } from '../policies/source.ts'
import type { Closings } from './closings.ts'
import { LedgerView } from './ledger-view.ts'

/** Versions of the policy whose present figures are kept at hand; others are made anew. */
const VERSIONS = 3
/** Views of the past that are kept at hand, and for how long after they were last asked for. */
const PAST = 4
const PAST_MS = 5 * 60_000
/** So many views of the past wait to be made; who comes then is asked to come again. */
const WAITING = 20

interface Parts {
  changes: ChangeModel
  policies: PolicySource
  closings: Closings
  clock: Pick<LedgerClock, 'generation'>
}

/** Tallies of the ledger that are kept at hand: for each version of the policy one that moves on, and some of the past. */
export class LedgerViews {
  private readonly parts: Parts
  private readonly moving = new Map<string, LedgerView>()
  private readonly past = new Map<string, { view: LedgerView; usedAt: number }>()
  private generation = 0
  /** the past is made one view at a time: each is as large as the city's figures, whoever asks */
  private making: Promise<unknown> = Promise.resolve()
  private waiting = 0

  constructor(parts: Parts) {
    this.parts = parts
  }

  /**
   * The view of an instant that is settled, by the policy in force then or by another version of it. Use it before the
   * next `await`: one that moves on may be brought forward after that.
   * @throws Problem 404 `policy.unknown-version`, 503 `busy`
   */
  async at(instant: Date, version?: number): Promise<LedgerView> {
    const policy = await this.parts.policies.asked(instant, version)
    this.forgetIfTold()
    const name = String(policy.version)
    const moving = this.kept(name, policy)
    if (instant >= moving.knownAt) {
      await moving.bringTo(instant)
      if (moving.knownAt.getTime() === instant.getTime()) return moving
    }
    const key = `${name}|${instant.getTime()}`
    const known = this.past.get(key)
    const view = known?.view ?? this.anew(policy)
    this.past.delete(key)
    this.past.set(key, { view, usedAt: performance.now() })
    this.dropPast()
    if (view.knownAt.getTime() !== instant.getTime()) await this.inTurn(() => view.bringTo(instant))
    return view
  }

  /** The moving view of a version of the policy, if there is one at hand. */
  atHand(version: number): LedgerView | undefined {
    this.forgetIfTold()
    return this.moving.get(String(version))
  }

  /** A view of one's own and of one rule only, to be brought forward step by step (see `inTurn`). */
  walk(policy: Policy, rule: string): LedgerView {
    const { changes, closings } = this.parts
    return new LedgerView({ changes, policy, closings, rule })
  }

  /** Makes something of the past when it is its turn. @throws Problem 503 `busy` when many wait already */
  async inTurn<T>(make: () => Promise<T>): Promise<T> {
    if (this.waiting >= WAITING) throw new Problem(503, 'busy')
    this.waiting++
    const made = this.making.then(make, make)
    this.making = made.catch(() => undefined)
    try {
      return await made
    } finally {
      this.waiting--
    }
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

  /** Another process may have found that kept sums are wrong. */
  private forgetIfTold(): void {
    const { generation } = this.parts.clock
    if (generation === this.generation) return
    this.generation = generation
    this.forget()
  }

  private anew(policy: Policy): LedgerView {
    const { changes, closings } = this.parts
    return new LedgerView({ changes, policy, closings })
  }

  /** The moving view of a version; the one that was not asked for longest gives way. */
  private kept(name: string, policy: Policy): LedgerView {
    const view = this.moving.get(name) ?? this.anew(policy)
    this.moving.delete(name)
    this.moving.set(name, view)
    const [oldest] = this.moving.keys()
    if (this.moving.size > VERSIONS && oldest !== undefined) this.moving.delete(oldest)
    return view
  }

  private dropPast(): void {
    const since = performance.now() - PAST_MS
    for (const [key, { usedAt }] of this.past)
      if (usedAt < since || this.past.size > PAST) this.past.delete(key)
  }
}
