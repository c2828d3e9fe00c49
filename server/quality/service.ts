import type { Scope } from '../accounts/permissions.ts'
import type { LedgerClock } from '../changes/ledger-clock.ts'
import { civilDateAt, endOfMonth, monthOf, monthsBetween } from '../domain/civil-date.ts'
import type { QualityTally } from '../domain/quality-tally.ts'
import { liesIn } from '../domain/regions.ts'
import { allPages, decodeCursor, pageFrom } from '../http/cursor.ts'
import { invalidField } from '../http/problem.ts'
import type { ImportModel } from '../imports/model.ts'
import type { OperatorDoc } from '../operators/model.ts'
import type { Operators } from '../operators/service.ts'
import type { PolicySource } from '../policies/source.ts'
import type { NilReportModel } from '../reporting/model.ts'
import type { FaultyEntries, Known, PageAsked } from './entries.ts'
import { type Evidence, judged, judgedTogether, ranked, sortKey } from './judging.ts'
import type { MissingFacts } from './missing.ts'
import { addLedger, dueOn, type Months, reportedFor } from './reported.ts'
import type { DoubtfulChange, LateChange, Quality, QualityFilter, QualityMonths } from './schema.ts'
import type { QualityViews } from './views.ts'

interface Parts {
  views: QualityViews
  clock: LedgerClock
  policies: PolicySource
  operators: Operators
  imports: ImportModel
  nilReports: NilReportModel
  entries: FaultyEntries
  missing: MissingFacts
  timeZone: string
}

/** So many months are looked at unless told: this one and those before it. */
const MONTHS = 12
/** So many at most. */
const MOST_MONTHS = 120
/** Entries read at a time for an export. */
const BATCH = 500

/** How well operators report. */
export class QualityService {
  private readonly parts: Parts

  constructor(parts: Parts) {
    this.parts = parts
  }

  /** What is known now: the tally, by the policy in force. */
  async known(now: Date): Promise<Known & { policyVersion: number }> {
    const { views, clock, policies } = this.parts
    const horizon = await clock.horizon(now)
    const { version: policyVersion, reportingDays } = await policies.at(horizon)
    const { tally, knownAt } = await views.at(horizon, reportingDays)
    return { tally, knownAt, reportingDays, policyVersion }
  }

  /**
   * A page of the operators, the worst first, each with what lowers its score.
   * @param query narrowed to the caller's scope already
   */
  async list(query: QualityFilter & PageAsked, now: Date): Promise<Quality> {
    const { items: all, ...head } = await this.all(query, now)
    const after = query.cursor ? decodeCursor(query.cursor, 1)[0] : undefined
    const rest = after === undefined ? all : all.filter((item) => sortKey(item) > after)
    const page = pageFrom(rest, query.limit, (last) => [sortKey(last)])
    return { ...page, total: all.length, ...head }
  }

  /** All of them. */
  async all(query: QualityFilter, now: Date): Promise<Omit<Quality, 'nextCursor' | 'total'>> {
    const { parts } = this
    const { county, operator } = query
    const span = this.span(query, now)
    const [reported, registration, emission, docs] = await Promise.all([
      reportedFor(span, operator, parts),
      parts.missing.counts('registration', { county, operator }),
      parts.missing.counts('emission', { county, operator }),
      this.operators(operator),
    ])
    const { tally, knownAt, reportingDays, policyVersion } = await this.known(now)
    await addLedger(reported, tally, span, { ...parts, operator })
    const today = civilDateAt(now, parts.timeZone)
    const missing = { registration, emission }
    const evidence: Evidence = { tally, reported, missing, span, county, today, reportingDays }
    const found = docs.filter((doc) => concerns(doc, county, tally)).map((doc) => judged(doc, evidence))
    // The first of one is no place.
    const items = operator === undefined ? ranked(found) : found
    const whole = judgedTogether(items)
    return { items, ...span, knownAt: knownAt.toISOString(), policyVersion, reportingDays, whole }
  }

  private async operators(operator: string | undefined): Promise<OperatorDoc[]> {
    if (operator === undefined) return this.parts.operators.all()
    const one = await this.parts.operators.find(operator)
    return one ? [one] : []
  }

  /**
   * How complete the months are, the latest first, of the operators that `all` judges: due months without a report add
   * up to what it counts as missing. Who has to report is as it is now.
   * @param query narrowed to the caller's scope already
   */
  async months(query: QualityFilter, now: Date): Promise<QualityMonths> {
    const { parts } = this
    const { county, operator } = query
    const span = this.span(query, now)
    const [reported, docs] = await Promise.all([reportedFor(span, operator, parts), this.operators(operator)])
    const { tally, reportingDays } = await this.known(now)
    await addLedger(reported, tally, span, { ...parts, operator })
    const reporting = docs.filter((doc) => (doc.reportsMonthly ?? true) && concerns(doc, county, tally))
    const byMonth = tally.byMonth({ ...span, county, operator })
    const today = civilDateAt(now, parts.timeZone)
    const items = monthsBetween(`${span.from}-01`, endOfMonth(span.to)).map((month) => {
      const expected = reporting.filter((doc) => reported.since(doc._id, month))
      const how = expected.map((doc) => reported.of(doc._id, month))
      const [list, nil] = [how.filter((h) => h === 'list').length, how.filter((h) => h === 'nil').length]
      const { changes = 0, late = 0, excused = 0 } = byMonth.get(month) ?? {}
      const on = dueOn(month, reportingDays)
      return {
        ...{ month, dueOn: on, due: on < today },
        ...{ expected: how.length, list, nil, missing: how.length - list - nil },
        ...{ changes, late, excused },
      }
    })
    return { reportingDays, items: items.reverse() }
  }

  /** A page of the late changes of the months, newest effective date first. */
  async late(query: QualityFilter & PageAsked, scope: Scope, now: Date) {
    const known = await this.known(now)
    const page = await this.parts.entries.late(known, { ...query, ...this.span(query, now) }, scope)
    return { ...page, knownAt: known.knownAt.toISOString(), reportingDays: known.reportingDays }
  }

  /** A page of the entries with something doubtful, of all times, newest effective date first. */
  async doubtful(query: Scope & PageAsked, scope: Scope, now: Date) {
    const known = await this.known(now)
    const page = await this.parts.entries.doubtful(known, query, scope)
    return { ...page, knownAt: known.knownAt.toISOString() }
  }

  /** All late changes, in batches. What is recorded meanwhile is not among them. */
  async *allLate(query: QualityFilter, scope: Scope, now: Date): AsyncIterable<LateChange[]> {
    const known = await this.known(now)
    const asked = { ...query, ...this.span(query, now), limit: BATCH }
    yield* allPages((cursor) => this.parts.entries.late(known, { ...asked, cursor }, scope))
  }

  /** All doubtful entries, in batches. */
  async *allDoubtful(query: Scope, scope: Scope, now: Date): AsyncIterable<DoubtfulChange[]> {
    const known = await this.known(now)
    yield* allPages((cursor) => this.parts.entries.doubtful(known, { ...query, limit: BATCH, cursor }, scope))
  }

  /**
   * The months that are meant: the last twelve up to `to`, which is this one unless told.
   * @throws Problem 400 when they are not in order, or more than ten years
   */
  span(asked: Asked, now: Date): Months {
    const to = asked.to ?? monthOf(civilDateAt(now, this.parts.timeZone))
    const from = asked.from ?? monthBefore(to, MONTHS - 1)
    if (from > to) throw invalidField('query.from', 'months.order', from)
    if (from <= monthBefore(to, MOST_MONTHS)) throw invalidField('query.from', 'months.too-many', from)
    return { from, to }
  }
}

interface Asked {
  from?: string | undefined
  to?: string | undefined
}

/** The month so many months before another. */
function monthBefore(month: string, months: number): string {
  const at = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 - months
  return `${String(Math.floor(at / 12)).padStart(4, '0')}-${String((at % 12) + 1).padStart(2, '0')}`
}

/** Those of a county are its own companies, and those with entries or vehicles there. */
function concerns(doc: OperatorDoc, county: string | undefined, tally: QualityTally): boolean {
  if (county === undefined || (doc.county !== null && liesIn(doc.county, county))) return true
  if (tally.fleet(doc._id, county).vehicles > 0) return true
  for (const cell of tally.cells({ operator: doc._id, county })) if (cell.entries > 0) return true
  return false
}
