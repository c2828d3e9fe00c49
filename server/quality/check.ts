import type { LedgerClock } from '../changes/ledger-clock.ts'
import type { ChangeModel } from '../changes/model.ts'
import type { Closings } from '../compliance/closings.ts'
import { BEGINNING, firstRecorded } from '../compliance/moved.ts'
import type { CheckOptions } from '../compliance/tally-check.ts'
import type { QualityCells } from '../domain/quality-tally.ts'
import type { Policies } from '../policies/service.ts'
import type { KeptMonths } from './kept-months.ts'
import { qualityMoved } from './moved.ts'
import type { QualityViews } from './views.ts'

/** A month of recording whose kept counts were not what the ledger says. */
export interface QualityDifference {
  /** its last instant */
  month: Date
  reportingDays: number
  /** counts that differed */
  counts: number
}

interface Parts {
  changes: ChangeModel
  clock: LedgerClock
  closings: Pick<Closings, 'endsWithin'>
  policies: Pick<Policies, 'versions'>
  kept: KeptMonths
  views: QualityViews
  timeZone: string
}

/** Counts again from every entry of the ledger what is kept of the quality of reporting, and compares. */
export class QualityCheck {
  private readonly parts: Parts

  constructor(parts: Parts) {
    this.parts = parts
  }

  /** Checks every month by every number of reporting days that the policy had, and puts right what differs. */
  async check(
    now: Date,
    options: CheckOptions<QualityDifference> = {},
  ): Promise<{ sums: number; differences: QualityDifference[] }> {
    const { changes, clock, closings, policies, views } = this.parts
    const to = await clock.horizon(now)
    const first = await firstRecorded(changes)
    const found = { sums: 0, differences: [] as QualityDifference[] }
    const versions = await policies.versions()
    try {
      for (const days of new Set(versions.map(({ policy }) => policy.reportingDays))) {
        let from = BEGINNING
        for (const end of first ? closings.endsWithin(from, first, to) : []) {
          options.signal?.throwIfAborted()
          const { sums, differences } = await this.month(days, from, end, options.note)
          found.sums += sums
          found.differences.push(...differences)
          from = end
        }
      }
    } finally {
      // What is at hand may have been made of it.
      if (found.differences.length > 0) views.forget()
    }
    return found
  }

  private async month(
    reportingDays: number,
    from: Date,
    end: Date,
    note: CheckOptions<QualityDifference>['note'],
  ) {
    const { changes, kept, timeZone } = this.parts
    const should = (await qualityMoved(changes, reportingDays, timeZone, from, end)).contents()
    const is = await kept.load(reportingDays, end)
    const [wanted, there] = [linesOf(should), is ? linesOf(is) : undefined]
    const differing = there ? symmetricDifference(wanted, there) : 0
    const differences = differing > 0 ? [{ month: end, reportingDays, counts: differing }] : []
    if (differing > 0) await note?.(differences)
    if (!is || differing > 0) await kept.save(reportingDays, end, should)
    return { sums: wanted.size, differences }
  }
}

/** Every count with its headings as a text. */
const linesOf = ({ cells, fleet, first }: QualityCells): Set<string> =>
  new Set([...cells, ...fleet, ...first].map((cell) => JSON.stringify(Object.entries(cell).sort())))

function symmetricDifference(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const only = (a: ReadonlySet<string>, b: ReadonlySet<string>) =>
    [...a].filter((line) => !b.has(line)).length
  return Math.max(only(one, other), only(other, one))
}

/** A difference in one line, for terminals. */
export const qualityDifferenceLine = ({ month, reportingDays, counts }: QualityDifference): string =>
  `data quality, month to ${month.toISOString()}, ${reportingDays} days: ${counts} counts`
