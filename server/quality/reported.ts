import { addDays, type CivilDate, endOfMonth, monthOf } from '../domain/civil-date.ts'
import type { QualityTally } from '../domain/quality-tally.ts'
import type { ImportDoc, ImportModel } from '../imports/model.ts'
import { COUNTING } from '../reporting/lists.ts'
import type { NilReportDoc, NilReportModel } from '../reporting/model.ts'
import { instantsOf } from '../reporting/month.ts'
import { Days } from './moved.ts'

/** In which months operators reported, by a list (or changes on the ledger) or that there is nothing. */
export class Reported {
  private readonly list = new Map<string, Set<string>>()
  private readonly nil = new Map<string, Set<string>>()
  /** the earliest month in which anything came of an operator */
  private readonly first = new Map<string, string>()

  /** How an operator reported for a month: a list counts before a nil report. */
  of(operator: string, month: string): 'list' | 'nil' | null {
    if (this.list.get(operator)?.has(month)) return 'list'
    return this.nil.get(operator)?.has(month) ? 'nil' : null
  }

  /** True from the month on in which anything first came of an operator: before it nothing is missing. */
  since(operator: string, month: string): boolean {
    const first = this.first.get(operator)
    return first !== undefined && month >= first
  }

  add(how: 'list' | 'nil', operator: string, month: string): void {
    const months = this[how].get(operator) ?? new Set()
    this[how].set(operator, months.add(month))
  }

  /** Something came of an operator in a month. */
  came(operator: string, month: string | undefined): void {
    const before = this.first.get(operator)
    if (month !== undefined && (before === undefined || month < before)) this.first.set(operator, month)
  }
}

interface Models {
  imports: ImportModel
  nilReports: NilReportModel
  timeZone: string
}

/** Months from one to another, `YYYY-MM`, both included. */
export interface Months {
  from: string
  to: string
}

/**
 * What was reported for months, as GET /reporting tells it of each.
 * @param operator only this one
 */
export async function reportedFor(
  { from, to }: Months,
  operator: string | undefined,
  models: Models,
): Promise<Reported> {
  const found = new Reported()
  const [lists, nils] = await Promise.all([
    listsUpTo(to, operator, models),
    models.nilReports.collection
      .find<Pick<NilReportDoc, 'operator' | 'month'>>(
        { ...of(operator), month: { $lte: to }, takenBack: null } as never,
        { projection: { _id: 0, operator: 1, month: 1 } },
      )
      .toArray(),
  ])
  const days = new Days(models.timeZone)
  for (const { operator: whose, submittedAt, appliedAt } of lists) {
    const months = [submittedAt, appliedAt].flatMap((at) => (at ? [monthOf(days.of(at))] : []))
    for (const month of new Set(months)) {
      if (whose === null) continue
      found.came(whose, month)
      if (month >= from && month <= to) found.add('list', whose, month)
    }
  }
  for (const nil of nils) {
    found.came(nil.operator, nil.month)
    if (nil.month >= from) found.add('nil', nil.operator, nil.month)
  }
  return found
}

const of = (operator: string | undefined) => ({ operator: operator ?? { $type: 'string' } })

/** Lists wait for a decision or are on the ledger; read from an index alone, as their documents are large. */
function listsUpTo(
  to: string,
  operator: string | undefined,
  { imports, timeZone }: Models,
): Promise<Pick<ImportDoc, 'operator' | 'submittedAt' | 'appliedAt'>[]> {
  const [, end] = instantsOf(to, timeZone)
  return imports.collection
    .find<Pick<ImportDoc, 'operator' | 'submittedAt' | 'appliedAt'>>(
      {
        ...of(operator),
        status: { $in: [...COUNTING] },
        $or: [{ submittedAt: { $lt: end } }, { appliedAt: { $lt: end } }],
      } as never,
      { projection: { _id: 0, operator: 1, submittedAt: 1, appliedAt: 1 } },
    )
    .toArray()
}

/** Adds what the ledger tells: months in which something happened, and when the first of it was recorded. */
export function addLedger(
  found: Reported,
  tally: QualityTally,
  { from, to }: Months,
  operator?: string,
): void {
  for (const cell of tally.cells({ from, to, operator }))
    if (cell.entries > 0) found.add('list', cell.operator, cell.month)
  for (const whose of operator === undefined ? tally.operators() : [operator])
    found.came(whose, tally.firstOf(whose))
}

/** The last day on which a month's report is in time: so many days after its end as changes have to be recorded. */
export const dueOn = (month: string, reportingDays: number): CivilDate =>
  addDays(endOfMonth(month), reportingDays)
