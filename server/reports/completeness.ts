import { type CivilDate, endOfMonth, monthOf, monthsBetween } from '../domain/civil-date.ts'
import { liesIn } from '../domain/regions.ts'
import { dueDateOf } from '../domain/reminder-steps.ts'
import type { ImportModel } from '../imports/model.ts'
import type { OperatorDoc } from '../operators/model.ts'
import type { Operators } from '../operators/service.ts'
import { addLedger, type Reported, reportedFor } from '../quality/reported.ts'
import type { QualityViews } from '../quality/views.ts'
import type { NilReportModel } from '../reporting/model.ts'
import type { Completeness } from './schema.ts'

interface Parts {
  operators: Operators
  imports: ImportModel
  nilReports: NilReportModel
  qualityViews: QualityViews
  timeZone: string
}

interface Asked {
  /** the months that the report judges, oldest first */
  months: readonly string[]
  /** first day of the plan: nothing is asked for before */
  planFrom: string
  knownAt: Date
  reportingDays: number
  /** the day of the following month by which a month's list is due, as operators are told */
  dueDay: number
  /** the day on which the report is made: what is due on it, or later, is not missing yet */
  madeOn: CivilDate
}

/** Who had to report, and who has, from the plan's beginning on. */
export interface Reporting extends Asked {
  /** those that must report every month, by name */
  operators: readonly OperatorDoc[]
  reported: Reported
}

/** Reads who has reported: lists, nil reports, and what stands on the ledger, as GET /reporting tells it. */
export async function reportingOf(parts: Parts, asked: Asked): Promise<Reporting> {
  const last = asked.months.at(-1) ?? monthOf(asked.planFrom)
  const span = { from: monthOf(asked.planFrom), to: last }
  const [reported, all] = await Promise.all([reportedFor(span, undefined, parts), parts.operators.all()])
  const { tally } = await parts.qualityViews.at(asked.knownAt, asked.reportingDays)
  await addLedger(reported, tally, span, parts)
  return { ...asked, reported, operators: all.filter((doc) => doc.reportsMonthly ?? true) }
}

/**
 * How complete a report's data are, in the city or a county (of an operator's own county).
 * An operator has to report from the month on in which anything first came of it; one of which nothing ever came is
 * missing in the months that the report judges, and makes no earlier month incomplete.
 */
export function completenessOf(reporting: Reporting, county?: string): Completeness {
  const { months, reported, planFrom, madeOn } = reporting
  const operators = reporting.operators.filter((doc) => county === undefined || isOf(doc, county))
  const last = months.at(-1) ?? monthOf(planFrom)
  const must = (doc: OperatorDoc, month: string) =>
    reported.since(doc._id, month) || (months.includes(month) && !reported.since(doc._id, '9999-12'))
  const has = (doc: OperatorDoc, month: string) => reported.of(doc._id, month) !== null
  const isDue = (month: string) => dueDateOf(month, reporting) < madeOn
  const lacks = (doc: OperatorDoc, month: string) => must(doc, month) && !has(doc, month) && isDue(month)
  const count = (month: string) => {
    const asked = operators.filter((doc) => must(doc, month))
    const have = asked.filter((doc) => has(doc, month)).length
    const open = asked.length - have
    const pending = isDue(month) ? {} : { pending: open, dueOn: dueDateOf(month, reporting) }
    return { month, expected: asked.length, reported: have, missing: isDue(month) ? open : 0, ...pending }
  }
  const since = planFrom <= endOfMonth(last) ? planFrom : endOfMonth(last)
  const all = monthsBetween(since, endOfMonth(last)).map(count)
  const open = all.findIndex(({ expected, reported: have }) => have < expected)
  const complete = (open < 0 ? all : all.slice(0, open)).filter(({ expected }) => expected > 0).at(-1)
  const firstGap = all.find(({ missing }) => missing > 0)
  const { expected, reported: have } = count(last)
  return {
    completeTo: complete ? endOfMonth(complete.month) : null,
    firstGap: firstGap ? { month: firstGap.month, missing: firstGap.missing } : null,
    ...{ month: last, expected, reported: have },
    months: months.map(count),
    missing: operators.flatMap((doc) => {
      const lacking = months.filter((month) => lacks(doc, month))
      return lacking.length > 0 ? [{ id: doc._id, name: doc.name, county: doc.county, months: lacking }] : []
    }),
    ...(county === undefined ? { operators: operators.flatMap(ownOf) } : {}),
  }

  function ownOf(doc: OperatorDoc) {
    const asked = months.filter((month) => must(doc, month))
    const pending = asked.filter((month) => !has(doc, month) && !isDue(month))
    const own = { id: doc._id, name: doc.name, reported: asked.filter((month) => has(doc, month)), pending }
    return asked.length > 0 ? [own] : []
  }
}

const isOf = ({ county: own }: OperatorDoc, county: string): boolean => own !== null && liesIn(own, county)
