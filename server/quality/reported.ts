import type { ObjectId } from 'mongodb'
import { changeModel } from '../changes/model.ts'
import { addDays, type CivilDate, endOfMonth } from '../domain/civil-date.ts'
import { monthDueAt, standsForDue } from '../domain/list-month.ts'
import type { QualityTally } from '../domain/quality-tally.ts'
import type { ImportDoc, ImportModel } from '../imports/model.ts'
import { COUNTING, cameAt, instantsDueFor, latestChanges } from '../reporting/lists.ts'
import type { NilReportDoc, NilReportModel } from '../reporting/model.ts'
import { ReminderPlans } from '../reporting/reminder-settings.ts'
import { Days } from './moved.ts'

/** In which months operators reported, by a list (or changes on the ledger) or that there is nothing. */
export class Reported {
  private readonly list = new Map<string, Set<string>>()
  private readonly nil = new Map<string, Set<string>>()
  /** the earliest month in which anything came of an operator */
  private readonly first = new Map<string, string>()
  /** lists by what was due when they were sent in: `operator|month` */
  private readonly sent = new Map<string, ObjectId[]>()

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

  /** A list was sent in when a month was due; whether it stands for that shows from what it brought. */
  addSent(operator: string, month: string, list: ObjectId): void {
    const key = `${operator}|${month}`
    this.sent.set(key, [...(this.sent.get(key) ?? []), list])
  }

  /** What was sent in for months of which the ledger tells nothing. */
  undecided(): { operator: string; month: string; lists: ObjectId[] }[] {
    return [...this.sent].flatMap(([key, lists]) => {
      const [operator = '', month = ''] = key.split('|')
      return this.list.get(operator)?.has(month) ? [] : [{ operator, month, lists }]
    })
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
  const plan = await new ReminderPlans(models.imports.db).get()
  const [, end] = instantsDueFor(to, plan, models.timeZone)
  const [lists, nils] = await Promise.all([
    listsBefore(end, operator, models.imports),
    models.nilReports.collection
      .find<Pick<NilReportDoc, 'operator' | 'month'>>(
        { ...of(operator), month: { $lte: to }, takenBack: null } as never,
        { projection: { _id: 0, operator: 1, month: 1 } },
      )
      .toArray(),
  ])
  const days = new Days(models.timeZone)
  for (const { _id, operator: whose, ...doc } of lists) {
    const at = cameAt(doc)
    if (whose === null || !at) continue
    const month = monthDueAt(days.of(at), plan)
    found.came(whose, month)
    if (month >= from && month <= to) found.addSent(whose, month, _id)
  }
  for (const nil of nils) {
    found.came(nil.operator, nil.month)
    if (nil.month >= from) found.add('nil', nil.operator, nil.month)
  }
  return found
}

const of = (operator: string | undefined) => ({ operator: operator ?? { $type: 'string' } })

type Sent = Pick<ImportDoc, '_id' | 'operator' | 'submittedAt' | 'appliedAt'>

/** Lists wait for a decision or are on the ledger; read from an index alone, as their documents are large. */
function listsBefore(end: Date, operator: string | undefined, imports: ImportModel): Promise<Sent[]> {
  return imports.collection
    .find<Sent>(
      {
        ...of(operator),
        status: { $in: [...COUNTING] },
        $or: [{ submittedAt: { $lt: end } }, { submittedAt: null, appliedAt: { $lt: end } }],
      } as never,
      { projection: { operator: 1, submittedAt: 1, appliedAt: 1 } },
    )
    .toArray()
}

/**
 * Adds what the ledger tells: months in which something happened, and when the first of it was recorded; then the lists
 * that stand for the month in which they were due. What these brought is looked up only where the ledger has nothing.
 */
export async function addLedger(
  found: Reported,
  tally: QualityTally,
  { from, to }: Months,
  { imports, operator }: { imports: ImportModel; operator?: string | undefined },
): Promise<void> {
  for (const cell of tally.cells({ from, to, operator }))
    if (cell.entries > 0) found.add('list', cell.operator, cell.month)
  for (const whose of operator === undefined ? tally.operators() : [operator])
    found.came(whose, tally.firstOf(whose))
  const undecided = found.undecided()
  const changes = changeModel(imports.db)
  const latest = await latestChanges(
    undecided.flatMap(({ lists }) => lists),
    { imports, changes },
  )
  for (const { operator: whose, month, lists } of undecided)
    if (lists.some((list) => standsForDue(month, latest.get(list.toHexString()))))
      found.add('list', whose, month)
}

/** The last day on which a month's report is in time: so many days after its end as changes have to be recorded. */
export const dueOn = (month: string, reportingDays: number): CivilDate =>
  addDays(endOfMonth(month), reportingDays)
