import type { Language } from '../../server/accounts/schema.ts'
import { createReportFormat, type ReportFormat } from '../../server/reports/face/format.ts'

/** How values, days and instants are written for one reader: as in reports. */
export interface Format extends Omit<ReportFormat, 'parts'> {
  /** the fraction that a share is made of, as `63/91`; null for counts and without data */
  parts(rule: Parameters<ReportFormat['parts']>[0]): string | null
}

/** Made once for each language: its wording and number formats take longer than an operator's whole mail. */
const formats = new Map<string, ReportFormat>()

/** How a report is written for one reader. @param timeZone in which instants are written */
export function reportFormat(language: Language, timeZone: string): ReportFormat {
  const key = `${language} ${timeZone}`
  const format = formats.get(key) ?? createReportFormat(language, timeZone)
  formats.set(key, format)
  return format
}

/** @param timeZone in which instants are written */
export function createFormat(language: Language, timeZone: string): Format {
  const format = reportFormat(language, timeZone)
  return { ...format, parts: (rule) => (rule.denominator ? format.parts(rule) : null) }
}
