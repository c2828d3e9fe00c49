import type { Language } from '../server/accounts/schema.ts'
import { type Figures, frozenFigures } from './figures.ts'
import type { Job, JobLog } from './job.ts'
import type { WeeklyMail } from './mail/weekly-report.ts'
import type { Outbox } from './outbox/outbox.ts'
import { dayReported, isoWeek } from './periods.ts'
import { type Recipients, usableRecipients } from './recipients.ts'
import type { ReportDoc, Reports } from './reports.ts'
import { SCHEDULE, scheduleOf } from './schedule.ts'
import { latestSlot } from './slots.ts'

/** The kind of the weekly report and of its mails. */
export const WEEKLY = 'weekly'

export interface WeeklyReportParts {
  figures: Figures
  reports: Reports
  outbox: Outbox
  recipients: Recipients
  log: JobLog
  timeZone: string
  /** where people reach the service; without it mails have no links */
  publicUrl?: string | undefined
  /** called when mails have been queued */
  onQueued(): void
}

/**
 * The weekly report: freezes the figures as of the Sunday before, and queues one mail for each account that wants
 * it. Each step is kept before the next begins and is found again under its unique key, so that a run that was cut
 * off is completed by the next one, with the same figures and nobody's mail twice. A run by hand does the same for
 * the latest Monday: it makes up for what is missing and never sends a second mail.
 */
export function createWeeklyReport(parts: WeeklyReportParts): Job {
  const { figures, reports, outbox, timeZone } = parts

  async function reportFor(slot: Date, now: Date): Promise<{ report: ReportDoc; made: number }> {
    const asOf = dayReported(slot, timeZone)
    const period = isoWeek(asOf)
    const known = await reports.find(WEEKLY, period)
    if (known) return { report: known, made: 0 }
    const frozen = await frozenFigures(figures, { asOf, now })
    return { report: await reports.make(WEEKLY, period, frozen, now), made: 1 }
  }

  async function queueMails(report: ReportDoc, now: Date) {
    const { usable, unusable } = await usableRecipients(parts.recipients, parts.log)
    const rendered = new Map<Language, WeeklyMail>()
    let queued = 0
    for (const { id, email, name, language } of usable) {
      if (await outbox.has(WEEKLY, report.period, id)) continue
      const mail = rendered.get(language) ?? (await render(report, language))
      rendered.set(language, mail)
      const to = { name, address: email }
      if (
        await outbox.enqueue({ kind: WEEKLY, period: report.period, account: id, to, language, ...mail }, now)
      )
        queued += 1
    }
    return { recipients: usable.length, queued, unusable }
  }

  /** Loaded when there is something to draw: the service's start does without it. */
  async function render(report: ReportDoc, language: Language): Promise<WeeklyMail> {
    const { renderWeeklyReport } = await import('./mail/weekly-report.ts')
    return renderWeeklyReport(report, { language, timeZone, publicUrl: parts.publicUrl })
  }

  return {
    name: 'weekly-report',
    cron: SCHEDULE.weeklyReport,
    owedAtFirst: 'none',
    async run({ slot, manual, covers, now }) {
      const due = manual ? latestSlot(scheduleOf(SCHEDULE.weeklyReport, timeZone), slot) : slot
      const { report, made } = await reportFor(due, now)
      const mails = await queueMails(report, now)
      if (mails.queued > 0) parts.onQueued()
      return { reports: made, ...mails, missed: Math.max(0, covers.length - 1) }
    },
  }
}
