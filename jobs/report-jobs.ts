import type { ReportKind } from '../server/domain/report-period.ts'
import type { ReportDoc } from '../server/reports/model.ts'
import type { Job } from './job.ts'
import { SCHEDULE } from './schedule.ts'

/** What makes reports, each once. */
export interface ReportMaking {
  make(
    kind: ReportKind,
    slot: Date,
    covers: readonly Date[],
    now: Date,
    signal?: AbortSignal,
  ): Promise<{ report: ReportDoc; isNew: boolean; others: ReportDoc[] }>
}

/** What queues a report's mails: one for each person who wants it, however often it is asked to. */
export interface ReportQueue {
  queue(
    report: ReportDoc,
    now: Date,
    signal: AbortSignal,
  ): Promise<{ recipients: number; queued: number; unusable: number }>
}

interface Parts {
  reports: ReportMaking
  /** absent where nobody gets mails */
  mails?: ReportQueue | undefined
  /** called when mails have been queued */
  onQueued(): void
}

const CRONS: Record<ReportKind, string> = {
  weekly: SCHEDULE.weeklyReport,
  monthly: SCHEDULE.monthlyReport,
  quarterly: SCHEDULE.quarterlyReport,
}

/**
 * The job of one kind of report: freezes the report on the last whole period before the slot, whatever the schedule
 * was edited to, and queues its mails. Each step is kept before the next begins and is found again under its unique
 * key, so that a run that was cut off is completed by the next one, with the same figures and nobody's mail twice.
 * After downtime one report is made, for the latest period, and names those that it stands for; reports on earlier
 * periods whose run was cut off have the rest of their mails queued first. A run by hand does
 * the same for the latest period: it makes up for what is missing and never makes a second one.
 */
const createReportJob = (kind: ReportKind, { reports, mails, onQueued }: Parts): Job => ({
  name: `${kind}-report`,
  cron: CRONS[kind],
  owedAtFirst: 'none',
  async run({ slot, covers, manual, now, signal }) {
    const { report, isNew, others } = await reports.make(kind, slot, manual ? [] : covers, now, signal)
    let late = 0
    for (const other of others) late += (await mails?.queue(other, now, signal))?.queued ?? 0
    const own = (await mails?.queue(report, now, signal)) ?? { recipients: 0, queued: 0, unusable: 0 }
    const queued = late + own.queued
    if (queued > 0) onQueued()
    return { reports: isNew ? 1 : 0, ...own, queued, missed: report.content.standsFor.length - 1 }
  },
})

/** The weekly, monthly and quarterly reports' jobs. */
export const createReportJobs = (parts: Parts): Job[] =>
  (['weekly', 'monthly', 'quarterly'] as const).map((kind) => createReportJob(kind, parts))
