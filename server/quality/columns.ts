import { regionByCode } from '../domain/regions.ts'
import { type Columns, countyName } from '../exports/columns.ts'
import type { Column, Value } from '../exports/table.ts'
import type { Wording } from '../wording/index.ts'
import type { qualityZh } from '../wording/quality.zh-CN.ts'
import type { DoubtfulChange, LateChange, OperatorQuality } from './schema.ts'

type Head = keyof typeof qualityZh.column
type Of<T> = (head: Head, width: number, value: (row: T) => Value) => Column<T>

const column =
  <T>({ t }: Wording): Of<T> =>
  (head, width, value) => ({ head: t(`quality.column.${head}`), width, value })

/**
 * The columns of the operators' list: each figure, and what it costs.
 * @param ofCounty the places are those among a county's operators
 */
export function operatorColumns(wording: Wording, ofCounty: boolean): Column<OperatorQuality>[] {
  const { t } = wording
  const of: Of<OperatorQuality> = column(wording)
  const lost = (aspect: string) => (row: OperatorQuality) =>
    row.lines.find((line) => line.aspect === aspect)?.lost ?? 0
  const county = ({ operator }: OperatorQuality) =>
    operator.county && regionByCode(operator.county) ? countyName(operator.county, wording) : operator.county
  return [
    { head: t('field.operator'), width: 28, value: (r) => r.operator.name },
    { head: t('field.county'), width: 14, value: county },
    of('score', 8, (r) => r.score),
    of(ofCounty ? 'rankInCounty' : 'rank', ofCounty ? 16 : 8, (r) => r.rank),
    of('few', 8, (r) => (r.few ? t('exported.filter.yes') : null)),
    of('changes', 10, (r) => r.changes.total),
    of('late', 10, (r) => r.changes.late),
    of('excused', 14, (r) => r.changes.excused),
    of('lostLate', 10, lost('late')),
    of('monthsDue', 10, (r) => r.months.due),
    of('monthsReported', 10, (r) => r.months.reported),
    of('monthsMissing', 24, (r) => r.months.missing.join('、')),
    of('lostMonths', 10, lost('months')),
    of('vehicles', 10, (r) => r.facts.vehicles),
    of('withoutRegistration', 12, (r) => r.facts.withoutRegistration),
    of('dieselTrucks', 12, (r) => r.facts.dieselTrucks),
    of('withoutEmission', 12, (r) => r.facts.withoutEmission),
    of('lostFacts', 12, lost('facts')),
    of('entries', 10, (r) => r.warnings.entries),
    of('open', 12, (r) => r.warnings.open),
    of('lostWarnings', 14, lost('warnings')),
  ]
}

/** How late, then the change. */
export function lateColumns(columns: Columns, wording: Wording): Column<LateChange>[] {
  const of: Of<LateChange> = column(wording)
  return [
    of('daysTaken', 10, (c) => c.daysTaken),
    of('daysLate', 10, (c) => c.daysLate),
    of('excusedLate', 12, (c) => (c.excused ? wording.t('exported.filter.yes') : null)),
    ...columns.changes(),
  ]
}

/** What is doubtful, then the entry. */
export function doubtfulColumns(columns: Columns, wording: Wording): Column<DoubtfulChange>[] {
  const of: Of<DoubtfulChange> = column(wording)
  return [
    of('doubts', 28, (c) => c.doubts.map((doubt) => wording.t(`quality.doubt.${doubt}` as never)).join('、')),
    ...columns.changes(),
  ]
}
