import type { Language } from '../../server/accounts/schema.ts'
import { createReportFormat, type ReportFormat } from '../../server/reports/face/format.ts'

/** How values, days and instants are written for one reader: as in reports. */
export interface Format extends Omit<ReportFormat, 'parts'> {
  /** the fraction that a share is made of, as `63/91`; null for counts and without data */
  parts(rule: Parameters<ReportFormat['parts']>[0]): string | null
}

/** @param timeZone in which instants are written */
export function createFormat(language: Language, timeZone: string): Format {
  const format = createReportFormat(language, timeZone)
  return { ...format, parts: (rule) => (rule.denominator ? format.parts(rule) : null) }
}
