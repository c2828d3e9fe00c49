import type { ReportKind } from '../../../../server/reports/schema.ts'
import { useText } from '../../i18n/index.ts'

/** A report's period as the reader writes it. Takes `2026-W48`, `2026-11`, `2026-Q4`. */
export function usePeriodName(): (period: string) => string {
  const { t } = useText()
  return (period) => {
    const [year = '', part = ''] = period.split('-')
    const kind = part.startsWith('W') ? 'week' : part.startsWith('Q') ? 'quarter' : 'month'
    return t(`reports.${kind}`, { year, n: Number(part.replace(/\D/g, '')) })
  }
}

/** The scheduled job that makes a kind of report. */
export const jobOf = (kind: ReportKind): string => `${kind}-report`
