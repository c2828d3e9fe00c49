import type { ChangeModel } from '../changes/model.ts'
import { isDuplicateKey } from '../changes/writer-lock.ts'
import { liesIn } from '../domain/regions.ts'
import { dueDateOf } from '../domain/reminder-steps.ts'
import { invalidField, notFound, Problem } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import type { ImportModel } from '../imports/model.ts'
import type { OperatorDoc } from '../operators/model.ts'
import type { Operators } from '../operators/service.ts'
import { type Sent, sentFor } from './lists.ts'
import { type NilReportDoc, type NilReportModel, nilReportId } from './model.ts'
import { isOpenMonth } from './month.ts'
import type { ReminderPlans } from './reminder-settings.ts'
import type { MonthlyReporting, NilReport, ReportingItem } from './schema.ts'

export interface ReportingParts {
  nilReports: NilReportModel
  imports: ImportModel
  changes: ChangeModel
  operators: Operators
  plans: ReminderPlans
  timeZone: string
  /** says that an operator has reported */
  soon?: () => void
}

/** Who reported for a month: by a list, or that there is nothing to report (零报告). */
export class ReportingService {
  private readonly parts: ReportingParts

  constructor(parts: ReportingParts) {
    this.parts = parts
  }

  /** What each operator within the caller's scope reported for a month. A list counts before a nil report. */
  async month(month: string, caller: Caller, now: Date): Promise<MonthlyReporting> {
    const { nilReports, operators, timeZone } = this.parts
    const { operator, county } = caller.scope
    const own = operator === undefined ? undefined : await operators.find(operator)
    const seen = operator === undefined ? await operators.all(county) : own ? [own] : []
    const plan = await this.parts.plans.get()
    const sent = await sentFor(month, plan, this.parts, operator)
    const nils = await nilReports.collection
      .find<NilReportDoc>({
        month,
        takenBack: null,
        ...(operator === undefined ? {} : { operator }),
      } as never)
      .toArray()
    const byOperator = new Map(nils.map((doc) => [doc.operator, doc]))
    const items = seen.map((doc) => itemOf(doc, sent.get(doc._id), byOperator.get(doc._id)))
    const expected = items.filter((item) => item.expected)
    const count = (what: ReportingItem['reported']) => expected.filter((i) => i.reported === what).length
    const [list, nil] = [count('list'), count('nil')]
    const open = isOpenMonth(month, now, timeZone)
    const dueOn = dueDateOf(month, plan)
    return { month, dueOn, items, reported: list + nil, missing: count(null), list, nil, open }
  }

  /**
   * Reports that an operator has nothing to report for a month.
   * @returns the report, and whether it is new: the same again changes nothing
   * @throws Problem 400 for a month that is not open or an operator that is none, 403 for one outside the caller's
   *   scope, 409 `report.has-list`
   */
  async reportNil(
    given: { month: string; operator?: string | undefined },
    caller: Caller,
    now: Date,
  ): Promise<{ report: NilReport; isNew: boolean }> {
    const { nilReports, plans } = this.parts
    const { month } = given
    this.refuseClosed(month, now, 'body.month')
    const operator = await this.operatorFor(given.operator, caller, 'body.operator')
    const sent = await sentFor(month, await plans.get(), this.parts, operator)
    if (sent.has(operator)) throw new Problem(409, 'report.has-list')
    const by = { id: caller.id, name: caller.name }
    const _id = nilReportId(operator, month)
    const doc: NilReportDoc = { _id, operator, month, at: now, by, takenBack: null }
    try {
      await nilReports.collection.insertOne(doc as never)
      this.parts.soon?.()
      return { report: nilView(doc), isNew: true }
    } catch (error) {
      if (!isDuplicateKey(error)) throw error
    }
    const again = await nilReports.collection.updateOne({ _id, takenBack: { $ne: null } } as never, {
      $set: { at: now, by, takenBack: null },
    })
    this.parts.soon?.()
    const kept = await nilReports.collection.findOne<NilReportDoc>({ _id } as never)
    return { report: nilView(kept ?? doc), isNew: again.modifiedCount === 1 }
  }

  /** Takes a nil report back. @throws Problem 400 for a month that is not open, 403, 404 where there is none */
  async takeBack(month: string, asked: string | undefined, caller: Caller, now: Date): Promise<void> {
    this.refuseClosed(month, now, 'params.month')
    const operator = await this.operatorFor(asked, caller, 'query.operator')
    const by = { id: caller.id, name: caller.name }
    const done = await this.parts.nilReports.collection.updateOne(
      { _id: nilReportId(operator, month), takenBack: null } as never,
      { $set: { takenBack: { at: now, by } } },
    )
    if (done.matchedCount === 0) throw notFound()
  }

  private refuseClosed(month: string, now: Date, path: string): void {
    if (!isOpenMonth(month, now, this.parts.timeZone)) throw invalidField(path, 'month.not-open', month)
  }

  /** The operator that a report is for: the caller's own, or the one that an officer names. */
  private async operatorFor(asked: string | undefined, caller: Caller, path: string): Promise<string> {
    const { scope } = caller
    const id = asked ?? scope.operator
    if (id === undefined) throw invalidField(path, 'report.needs-operator', '')
    if (scope.operator !== undefined && id !== scope.operator) throw new Problem(403, 'permission.denied')
    const doc = await this.parts.operators.find(id)
    if (!doc) throw invalidField(path, 'operator.unknown', id)
    const within = scope.county === undefined || (doc.county && liesIn(doc.county, scope.county))
    if (!within) throw new Problem(403, 'permission.denied')
    return id
  }
}

function itemOf(doc: OperatorDoc, sent: Sent | undefined, nil: NilReportDoc | undefined): ReportingItem {
  const operator = { id: doc._id, name: doc.name, county: doc.county }
  const made = sent ?? nil
  return {
    operator,
    expected: doc.reportsMonthly ?? true,
    reported: sent ? 'list' : nil ? 'nil' : null,
    at: made?.at.toISOString() ?? null,
    by: made?.by ?? null,
    imports: sent?.imports ?? [],
  }
}

const nilView = ({ month, operator, at, by }: NilReportDoc): NilReport => ({
  month,
  operator,
  at: at.toISOString(),
  by,
})
