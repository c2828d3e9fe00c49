import type { Compliance } from '../compliance/schema.ts'
import { addDays, type CivilDate, civilDateAt } from '../domain/civil-date.ts'
import {
  lastPeriodBefore,
  periodWith,
  type ReportKind,
  type ReportPeriod,
  readPeriod,
} from '../domain/report-period.ts'
import { invalidField, Problem } from '../http/problem.ts'
import type { ToCompose } from './compose.ts'
import type { ReportDoc } from './model.ts'
import type { ReportContent } from './schema.ts'
import type { ReportStore } from './store.ts'

export interface MakerParts {
  store: ReportStore
  /** where the city's figures come from, to be kept */
  figures: { freeze(args: { asOf: CivilDate; now: Date }): Promise<Compliance> }
  compose: (given: ToCompose, signal?: AbortSignal) => Promise<ReportContent>
  /** the plan's first day: on a time before it there is nothing to report */
  planFrom: () => CivilDate
  timeZone: string
}

/** A report that was made, or had been before. */
export interface Made {
  report: ReportDoc
  isNew: boolean
  /** the reports on earlier periods that the run stands for: their mails may not all have been queued */
  others: ReportDoc[]
}

/** Makes reports, each once: what was frozen for a period stays. */
export class ReportMaker {
  private readonly parts: MakerParts

  constructor(parts: MakerParts) {
    this.parts = parts
  }

  /**
   * Makes the report on the last period that was over at a slot, unless it has one.
   * @param covers the slots that the run stands for: the report names their periods that have no report of their own;
   *   none for a run by hand, which names those since the last report that was made at its time
   * @param signal ends the work between its steps; nothing has been written then
   * @returns the report, and those that earlier periods among the slots have, oldest first
   */
  async make(
    kind: ReportKind,
    slot: Date,
    covers: readonly Date[],
    now: Date,
    signal?: AbortSignal,
  ): Promise<Made> {
    const { store, timeZone } = this.parts
    await store.noteAll()
    const period = lastPeriodBefore(kind, slot, timeZone)
    const covered = [...new Set(covers.map((at) => lastPeriodBefore(kind, at, timeZone).name))]
    const others = await store.of(
      kind,
      covered.filter((name) => name < period.name),
    )
    const known = await store.find(kind, period.name)
    if (known) return { report: known, isNew: false, others }
    const names = covers.length > 0 ? covered : await this.sinceLast(period)
    const having = await store.having(kind, names)
    const missed = names.filter((name) => !having.has(name) && name < period.name).sort()
    const standsFor = [...missed, period.name]
    return { ...(await this.freeze(period, { occasion: 'scheduled', standsFor }, now, signal)), others }
  }

  /** The periods since the last report that was made at its time; none where there is no such report. */
  private async sinceLast({ kind, from }: ReportPeriod): Promise<string[]> {
    const last = await this.parts.store.lastScheduled(kind, from)
    const names: string[] = []
    let period = periodWith(kind, addDays(from, -1))
    while (last && period.to > last.asOf) {
      names.push(period.name)
      period = periodWith(kind, addDays(period.from, -1))
    }
    return names
  }

  /**
   * Makes the report on a past period that has none, as known now.
   * @throws Problem 400 for what is no period, is not over, or lies before the plan; 409 `report.exists`
   */
  async order(kind: ReportKind, name: string, now: Date): Promise<ReportDoc> {
    const { store, timeZone, planFrom } = this.parts
    const period = readPeriod(kind, name)
    if (!period) throw invalidField('body.period', 'period.invalid', name)
    if (period.to >= civilDateAt(now, timeZone)) throw invalidField('body.period', 'period.not-over', name)
    if (period.to < planFrom()) throw invalidField('body.period', 'period.before-plan', name)
    if (await store.find(kind, name)) throw new Problem(409, 'report.exists')
    const { report, isNew } = await this.freeze(period, { occasion: 'on-demand', standsFor: [name] }, now)
    if (!isNew) throw new Problem(409, 'report.exists')
    return report
  }

  private async freeze(
    period: ReportPeriod,
    how: Pick<ToCompose, 'occasion' | 'standsFor'>,
    now: Date,
    signal?: AbortSignal,
  ) {
    const { store, figures: source, compose } = this.parts
    const figures = await source.freeze({ asOf: period.to, now })
    const previous = await store.before(period.kind, period.from)
    return store.freeze(await compose({ ...how, period, figures, previous, createdAt: now }, signal))
  }
}
