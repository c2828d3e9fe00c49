import type { Language } from '../../server/accounts/schema.ts'
import { compliance } from '../../server/compliance/schema.ts'
import type { NewMail } from '../outbox/outbox.ts'
import type { ReportDoc } from '../reports.ts'
import { drawCharts } from './charts.ts'
import { weeklyContent } from './content.ts'
import { createFormat } from './format.ts'
import { weeklyHtml } from './weekly-html.ts'
import { weeklyText } from './weekly-text.ts'

/** The content of a mail. */
export type WeeklyMail = Pick<NewMail, 'subject' | 'html' | 'text' | 'pictures'>

/** Renders the weekly report for readers of a language: the same for each of them. */
export function renderWeeklyReport(
  report: ReportDoc,
  options: { language: Language; timeZone: string; publicUrl?: string | undefined },
): WeeklyMail {
  const format = createFormat(options.language, options.timeZone)
  const figures = compliance.parse(report.figures)
  const previous = report.previous && {
    ...report.previous,
    figures: compliance.parse(report.previous.figures),
  }
  const content = weeklyContent({ ...report, figures, previous }, format, options.publicUrl)
  const charts = drawCharts(content, format)
  return {
    subject: content.subject,
    html: weeklyHtml(content, charts, format),
    text: weeklyText(content, format),
    pictures: charts.map((chart) => chart.picture),
  }
}
