import { setImmediate as otherWork } from 'node:timers/promises'
import type { ChangeModel } from '../changes/model.ts'
import type { Cell, Cells } from '../domain/cells.ts'
import { inTurns } from '../domain/in-turns.ts'
import type { Policy } from '../domain/policy.ts'
import { Tally } from '../domain/tally.ts'
import type { Closings } from './closings.ts'
import { BEGINNING, firstRecorded, movedWithin } from './moved.ts'

/** Cells taken into a tally at a time, so that other requests have their turn meanwhile. */
const CELLS = 5000

interface Parts {
  changes: ChangeModel
  policy: Policy
  /** for a version of the policy; without them, every entry is read */
  closings?: Closings | undefined
  /** the only rule that is wanted */
  rule?: string | undefined
}

/**
 * The tally of the ledger as known at an instant, kept in memory and brought forward by what each whole month added
 * (see Closings) and, for the rest, by reading only what was recorded or voided since. It holds nothing that the
 * ledger does not say, so a new process makes it anew.
 */
export class LedgerView {
  readonly tally = new Tally()
  readonly policy: Policy
  private readonly parts: Parts
  /** everything recorded or voided up to here is in the tally */
  private known = BEGINNING
  /** when the ledger began; the months before are not kept */
  private first: Date | null = null
  private work: Promise<void> = Promise.resolve()

  constructor(parts: Parts) {
    this.parts = parts
    this.policy = parts.policy
  }

  /** Brings the tally forward to an instant that is settled (see LedgerClock). Going back is not possible. */
  bringTo(instant: Date): Promise<void> {
    this.work = this.work.catch(() => undefined).then(() => this.advance(instant))
    return this.work
  }

  private async advance(to: Date): Promise<void> {
    for (const end of await this.endsUpTo(to)) await this.take(await this.month(end), end)
    if (to > this.known) await this.take(await this.moved(to), to)
  }

  /** What was added since, to the end of a month; kept only where that is the whole of it. */
  private async month(end: Date): Promise<Iterable<Cell>> {
    const { closings } = this.parts
    const isWhole = this.known <= BEGINNING || this.known < (this.first ?? end) || closings?.isEnd(this.known)
    if (!closings || !isWhole) return this.moved(end)
    const kept = await closings.load(this.policy, end)
    if (kept) return kept
    const cells = await inTurns(await this.moved(end))
    // Nothing rests on its being kept; the check of the night keeps what is missing.
    await closings.save(this.policy, end, cells).catch(() => undefined)
    return cells
  }

  /** The ends of whole months on the way to an instant. */
  private async endsUpTo(to: Date): Promise<Date[]> {
    if (!this.parts.closings || to <= this.known) return []
    const { closings, changes } = this.parts
    this.first ??= await firstRecorded(changes)
    return this.first ? closings.endsWithin(this.known, this.first, to) : []
  }

  /** What was added since; read whole before it is taken: half of it must not be. */
  private moved(to: Date): Promise<Cells> {
    return movedWithin(this.parts.changes, this.policy, this.known, to)
  }

  private async take(cells: Iterable<Cell>, to: Date): Promise<void> {
    let batch: Cell[] = []
    for (const cell of cells) {
      if (this.parts.rule !== undefined && cell.rule !== this.parts.rule) continue
      batch.push(cell)
      if (batch.length < CELLS) continue
      this.tally.take(batch)
      batch = []
      await otherWork()
    }
    this.tally.take(batch)
    this.known = to
  }

  /** The instant up to which the tally knows the ledger. */
  get knownAt(): Date {
    return this.known
  }
}
