import type { Connection } from 'mongoose'
import type { z } from 'zod'
import type { Scope } from '../accounts/permissions.ts'
import type { AuditModel } from '../audit/model.ts'
import type { Compliance } from '../compliance/schema.ts'
import type { ReportKind } from '../domain/report-period.ts'
import { notFound } from '../http/problem.ts'
import { checkReport } from './check.ts'
import { type ComposeParts, composeReport } from './compose.ts'
import { digestFor } from './digest.ts'
import { completeEarlier } from './earlier.ts'
import { ReportMaker } from './maker.ts'
import type { ReportDoc } from './model.ts'
import { notedOf } from './noted.ts'
import { typedNumber } from './number.ts'
import type { ReportCheck, ReportContent, reportsQuery, SinceReport } from './schema.ts'
import { type ReportPart, sinceReport } from './since.ts'
import { type Note, ReportStore } from './store.ts'
import { contentFor, itemOf } from './views.ts'

export interface ReportParts extends ComposeParts {
  connection: Connection
  /** notes in the audit log that a report was made, with its digest */
  note: Note
  /** where it is noted */
  audit: AuditModel
}

/** Weekly, monthly and quarterly reports: made once, frozen, opened again and checked. */
export class ReportService {
  private readonly store: ReportStore
  private readonly maker: ReportMaker
  private readonly parts: ReportParts
  private ready: Promise<unknown> | undefined

  constructor(parts: ReportParts) {
    this.parts = parts
    this.store = new ReportStore(parts.connection, {
      note: parts.note,
      noted: (report) => notedOf(parts.audit, report),
    })
    this.maker = new ReportMaker({
      ...{ store: this.store, figures: parts.compliance, timeZone: parts.timeZone },
      compose: (given, signal) => composeReport(parts, given, signal),
      planFrom: () => parts.compliance.policy.period.from,
    })
  }

  /** Makes the report on the last period that was over at a slot, unless it has one (see ReportMaker.make). */
  async make(kind: ReportKind, slot: Date, covers: readonly Date[], now: Date, signal?: AbortSignal) {
    await this.prepare()
    return this.maker.make(kind, slot, covers, now, signal)
  }

  /** Makes the report on a past period that has none, as known now. @throws Problem 400, 409 `report.exists` */
  async order(kind: ReportKind, name: string, now: Date): Promise<ReportDoc> {
    await this.prepare()
    return this.maker.order(kind, name, now)
  }

  /** Completes reports of an earlier version, once for each process. */
  private prepare(): Promise<unknown> {
    this.ready ??= completeEarlier(this.parts, this.store).catch((error) => {
      this.ready = undefined
      throw error
    })
    return this.ready
  }

  /** A report. @throws Problem 404 */
  async get(id: string): Promise<ReportDoc> {
    await this.prepare()
    const found = await this.store.byId(id)
    if (!found) throw notFound()
    return found
  }

  /** The report that one was compared with; null where there is none. */
  async previousOf({ content }: ReportDoc): Promise<ReportDoc | null> {
    return content.previous && (await this.store.byId(content.previous.id))
  }

  /** A page of the reports, the latest period first, as a scope sees them; an operator's figures are in each report. */
  async list(query: z.output<typeof reportsQuery>, scope: Scope) {
    await this.prepare()
    const page = await this.store.list(query, scope.county)
    return { ...page, items: page.items.map((head) => itemOf(head, scope)) }
  }

  /** The figures of a report for a scope: the city's and a county's as they were frozen, an operator's own from the ledger. */
  async figuresFor({ content }: ReportDoc, scope: Scope, now: Date): Promise<Compliance> {
    const { asOf, knownAt, policy, figures, counties } = content
    const { county, operator } = scope
    if (operator === undefined) {
      if (county === undefined) return figures
      const own = counties.find(({ code }) => code === county)
      if (own) return own.figures
    }
    const at = { asOf, knownAt, policyVersion: policy.version }
    return this.parts.compliance.figures({ ...at, county, operator }, now)
  }

  /** A report as a scope sees it, whole or an extract, with the digest that its paper bears. */
  async paperFor(
    report: ReportDoc,
    scope: Scope,
    now: Date,
  ): Promise<{ content: ReportContent; digest: string }> {
    const content = await this.contentFor(report, scope, now)
    return { content, digest: digestFor(report.digest, scope, content.figures.rules) }
  }

  /** What a report says to a scope: nothing of what lies outside it. */
  async contentFor(report: ReportDoc, scope: Scope, now: Date): Promise<ReportContent> {
    return contentFor(report.content, scope, await this.figuresFor(report, scope, now))
  }

  /**
   * What has changed since a report was made: its figures as they are known now, and the entries that made them so.
   * @param part a scope, with the figures that the report gives it
   */
  since(report: ReportDoc, part: ReportPart, now: Date): Promise<SinceReport> {
    return sinceReport(this.parts, report, part, now)
  }

  /** Whether a paper is genuine: for anybody who holds it. */
  async verify(number: string, code: string, now: Date): Promise<ReportCheck> {
    await this.prepare()
    const { audit, operators } = this.parts
    const { store } = this
    const report = (await store.byNumber(number)) ?? (await store.byNumber(typedNumber(number)))
    // It may be that the process that made it ended before it noted it down.
    if (report?.unnoted) await this.store.noteDown(report)
    return checkReport(report, code, {
      noted: async (doc) => (await notedOf(audit, doc)).map(({ digest }) => digest),
      operators: () => operators.names(),
      figuresFor: (report, scope) => this.figuresFor(report, scope, now),
    })
  }
}
