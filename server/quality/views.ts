import type { ChangeModel } from '../changes/model.ts'
import type { Closings } from '../compliance/closings.ts'
import { BEGINNING, firstRecorded } from '../compliance/moved.ts'
import { type QualityCells, QualityTally } from '../domain/quality-tally.ts'
import type { KeptMonths } from './kept-months.ts'
import { qualityMoved } from './moved.ts'

/** So many numbers of reporting days have their tally at hand: the policy's, and what it was before. */
const AT_HAND = 2

interface Parts {
  changes: ChangeModel
  kept: KeptMonths
  /** where months of knowledge end */
  closings: Pick<Closings, 'endsWithin'>
  timeZone: string
}

/** The tallies at hand, each brought forward by what each whole month added and, for the rest, by what came since. */
export class QualityViews {
  private readonly parts: Parts
  private readonly views = new Map<number, QualityView>()

  constructor(parts: Parts) {
    this.parts = parts
  }

  /**
   * The tally by a number of reporting days, of an instant that is settled or a later one. Use it before the next
   * `await`: it may be brought forward after that.
   */
  async at(instant: Date, reportingDays: number): Promise<{ tally: QualityTally; knownAt: Date }> {
    const view = this.views.get(reportingDays) ?? new QualityView(this.parts, reportingDays)
    this.views.delete(reportingDays)
    this.views.set(reportingDays, view)
    const [oldest] = this.views.keys()
    if (this.views.size > AT_HAND && oldest !== undefined) this.views.delete(oldest)
    await view.bringTo(instant)
    return view
  }

  /** Forgets what is at hand; it is made anew from the ledger. */
  forget(): void {
    this.views.clear()
  }
}

class QualityView {
  readonly tally = new QualityTally()
  knownAt = BEGINNING
  /** nothing is known yet, or whole months only */
  private atMonthsEnd = true
  private readonly parts: Parts
  private readonly reportingDays: number
  private work: Promise<void> = Promise.resolve()

  constructor(parts: Parts, reportingDays: number) {
    this.parts = parts
    this.reportingDays = reportingDays
  }

  /** Brings the tally forward; one after the other, however many ask. */
  bringTo(instant: Date): Promise<void> {
    this.work = this.work.catch(() => undefined).then(() => this.advance(instant))
    return this.work
  }

  private async advance(to: Date): Promise<void> {
    const { changes, closings, kept, timeZone } = this.parts
    if (to <= this.knownAt) return
    const days = this.reportingDays
    const moved = async (end: Date) =>
      (await qualityMoved(changes, days, timeZone, this.knownAt, end)).contents()
    const first = this.knownAt > BEGINNING ? this.knownAt : await firstRecorded(changes)
    for (const end of first ? closings.endsWithin(this.knownAt, first, to) : []) {
      // What is still missing of a month that is known in part is not the month.
      const known = this.atMonthsEnd ? await kept.load(days, end) : undefined
      const cells = known ?? (await moved(end))
      if (this.atMonthsEnd && !known) await kept.save(days, end, cells)
      this.take(cells, end, true)
    }
    if (to > this.knownAt) this.take(await moved(to), to, false)
  }

  private take(cells: QualityCells, upTo: Date, atMonthsEnd: boolean): void {
    this.tally.take(cells)
    this.knownAt = upTo
    this.atMonthsEnd = atMonthsEnd
  }
}
