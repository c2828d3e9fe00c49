import { Skeleton } from 'antd'
import { lazy, Suspense, useCallback, useMemo } from 'react'
import { CATEGORIES, type Category } from '../../../../server/domain/vocabulary.ts'
import type { Due } from '../../../../server/due/schema.ts'
import { count } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { toList } from './DueList.tsx'
import { type Step, stepsOf } from './steps.ts'

// Chart.js is fetched beside the numbers, which show without waiting for it.
const BarChart = lazy(() => import('../../components/chart/BarChart.tsx'))

const COLOUR: Record<Category, string> = {
  bus: '#0e6b5c',
  'cruising-taxi': '#2a628f',
  'ride-hailing': '#84afcf',
  truck: '#b5742a',
  sanitation: '#8a9a5b',
  vessel: '#6b5b95',
}

/** When service lives end: the overdue first, then month by month. */
export function DueChart(props: {
  due: Due
  onPick: (changes: { month: string; overdue: string; undetermined: string }) => void
}) {
  const { due, onPick } = props
  const { t, label } = useText()
  const steps = useMemo(() => stepsOf(due), [due])
  const labels = useMemo(() => steps.map(({ month }) => month ?? t('due.chartOverdue')), [steps, t])
  const series = useMemo(
    () =>
      CATEGORIES.filter((category) => due.categories.some((c) => c.category === category)).map(
        (category) => ({
          ...{ label: label('category', category), colour: COLOUR[category] },
          data: steps.map(({ categories }) => categories.find((c) => c.category === category)?.total ?? 0),
        }),
      ),
    [due, steps, label],
  )
  const pick = useCallback(
    (place: number) => {
      const step = steps[place]
      if (!step) return
      const overdue = step.month === null ? 'true' : 'false'
      onPick({ month: step.month ?? '', overdue, undetermined: '' })
      toList()
    },
    [steps, onPick],
  )
  const coming = steps.filter(({ month }) => month !== null)
  const most = coming.reduce<Step | undefined>((a, b) => (a && a.total >= b.total ? a : b), undefined)
  const summary = t('due.chartSummary', {
    ...{ overdue: count(due.overdue), month: most?.month ?? '', n: count(most?.total ?? 0) },
  })
  return (
    <section className="card" aria-labelledby="due-chart-title">
      <div className="card-head">
        <h2 id="due-chart-title">{t('due.chart')}</h2>
        <span className="hint">{t('due.chartHint')}</span>
        <ul className="due-legend" aria-hidden>
          {series.map(({ label, colour }) => (
            <li key={label}>
              <i style={{ background: colour }} />
              {label}
            </li>
          ))}
        </ul>
      </div>
      <Suspense fallback={<Skeleton.Node active className="chart-wait" />}>
        <BarChart labels={labels} series={series} summary={summary} onPick={pick} />
      </Suspense>
    </section>
  )
}
