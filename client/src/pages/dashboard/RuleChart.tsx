import type { UseQueryResult } from '@tanstack/react-query'
import { Button, Skeleton } from 'antd'
import { lazy, Suspense, useCallback, useMemo } from 'react'
import type { RuleFigure, Trend } from '../../../../server/compliance/schema.ts'
import { seriesOf } from '../../components/chart/series.ts'
import { figure } from '../../format.ts'
import { useText } from '../../i18n/index.ts'

// Chart.js is fetched beside the figures, which show without waiting for it.
const LineChart = lazy(() => import('../../components/chart/LineChart.tsx'))

const waiting = <Skeleton.Node active className="chart-wait" />

/** A rule's course against what is required: cumulated for a count, in percent for a share. */
export function RuleChart({ rule, trend }: { rule: RuleFigure; trend: UseQueryResult<Trend> }) {
  const { t, pick } = useText()
  const title = pick(rule.title)
  const { unit } = rule
  const share = unit === 'percent'
  const names = useMemo(
    () => ({
      actual: t(share ? 'chart.actualShare' : 'chart.actual'),
      required: t(share ? 'chart.target' : 'chart.required'),
      range: t('chart.range'),
      fromToday: t('chart.fromToday'),
    }),
    [t, share],
  )
  const series = useMemo(
    () => (trend.data ? seriesOf(trend.data, rule.forecast, goalOf(rule), rule.target !== null) : undefined),
    [trend.data, rule],
  )
  const format = useCallback((value: number) => figure(value, unit), [unit])
  if (trend.isError && !trend.data)
    return (
      <div className="chart chart-note">
        {t('chart.fallback')}
        <Button size="small" onClick={() => trend.refetch()}>
          {t('common.retry')}
        </Button>
      </div>
    )
  if (!series || !trend.data) return waiting
  const last = trend.data.points.at(-1)
  if (!series.actual.some((value) => value !== null && value > 0))
    return <div className="chart chart-note">{t('chart.none')}</div>
  const summary = t(
    share ? 'chart.summaryShare' : rule.target === null ? 'chart.summaryPlain' : 'chart.summaryCount',
    {
      title,
      month: last?.month ?? '',
      value: figure(last?.value, unit),
      required: figure(last?.required, unit),
      target: figure(rule.target, unit),
    },
  )
  return (
    <>
      <Suspense fallback={waiting}>
        <LineChart series={series} unit={unit} names={names} summary={summary} format={format} />
      </Suspense>
      <ul className="legend" aria-hidden>
        <li className="legend-actual">{names.actual}</li>
        {rule.target !== null && <li className="legend-required">{names.required}</li>}
        {rule.forecast && <li className="legend-range">{names.range}</li>}
        {goalOf(rule) !== null && <li className="legend-from-today">{names.fromToday}</li>}
      </ul>
      <CourseTable trend={trend.data} unit={unit} names={names} title={title} />
    </>
  )
}

/** What a count still has to reach from today on; a share has no straight way to its target. */
const goalOf = ({ unit, requiredFromToday, numerator, target }: RuleFigure): number | null =>
  unit !== 'percent' && requiredFromToday && target !== null && numerator < target ? target : null

/** The chart's numbers, for those who read it with their ears. */
function CourseTable({
  trend,
  unit,
  names,
  title,
}: {
  trend: Trend
  unit: RuleFigure['unit']
  names: { actual: string; required: string }
  title: string
}) {
  const { t } = useText()
  return (
    <table className="visually-hidden">
      <caption>{title}</caption>
      <thead>
        <tr>
          <th>{t('chart.month')}</th>
          <th>{names.actual}</th>
          <th>{names.required}</th>
        </tr>
      </thead>
      <tbody>
        {trend.points.map((point) => (
          <tr key={point.month}>
            <td>{point.month}</td>
            <td>{figure(point.value, unit)}</td>
            <td>{figure(point.required, unit)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
