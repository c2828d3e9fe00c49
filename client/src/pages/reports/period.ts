import dayjs, { type Dayjs } from 'dayjs'
import isoWeek from 'dayjs/plugin/isoWeek'
import quarterOfYear from 'dayjs/plugin/quarterOfYear'
import type { ReportKind } from '../../../../server/reports/schema.ts'
import { useText } from '../../i18n/index.ts'

dayjs.extend(isoWeek)
dayjs.extend(quarterOfYear)

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

/** A period that a report can be on, with its first and last day. */
export interface Period {
  name: string
  from: string
  to: string
}

/** The first and the last day of the period in which a day lies. */
const startOf = (kind: ReportKind, day: Dayjs): Dayjs =>
  kind === 'weekly' ? day.startOf('isoWeek') : day.startOf(kind === 'monthly' ? 'month' : 'quarter')
const endOf = (kind: ReportKind, day: Dayjs): Dayjs =>
  kind === 'weekly' ? day.endOf('isoWeek') : day.endOf(kind === 'monthly' ? 'month' : 'quarter')

/**
 * The periods of a kind that are over, the latest first.
 * @param today the service's day
 * @param since the first day of the plan: periods that ended before it are left out
 */
export function pastPeriods(kind: ReportKind, today: string, since: string): Period[] {
  const periods: Period[] = []
  for (let day = startOf(kind, dayjs(today)).subtract(1, 'day'); ; ) {
    const [from, to] = [startOf(kind, day), endOf(kind, day)].map((d) => d.format('YYYY-MM-DD'))
    if (!from || !to || to < since) return periods
    periods.push({ name: nameOf(kind, from), from, to })
    day = dayjs(from).subtract(1, 'day')
  }
}

/** A period's name, as the service writes it, by its first day. */
function nameOf(kind: ReportKind, from: string): string {
  const day = dayjs(from)
  if (kind === 'weekly') return `${day.isoWeekYear()}-W${String(day.isoWeek()).padStart(2, '0')}`
  return kind === 'monthly' ? day.format('YYYY-MM') : `${day.year()}-Q${day.quarter()}`
}
