import { Skeleton } from 'antd'
import { lazy, Suspense, useMemo } from 'react'
import { Link, useNavigate } from 'react-router-dom'
import type { Breakdown, BreakdownPart, RuleFigure } from '../../../../server/compliance/schema.ts'
import { COLOURS } from '../../app/theme.ts'
import { type Column, DataList } from '../../components/DataList.tsx'
import { count, share, signed } from '../../format.ts'
import { type Text, useText } from '../../i18n/index.ts'
import { amountOf } from './parts.ts'

// Chart.js is fetched beside the numbers, which show without waiting for it.
const BarChart = lazy(() => import('../../components/chart/BarChart.tsx'))

const REST = '#c9d4d2'

/** What each month brought; each opens its changes. */
export function Months(props: {
  data: Breakdown
  rule: RuleFigure
  evidence: (part: BreakdownPart) => string
}) {
  const { data, rule, evidence } = props
  const text = useText()
  const { t, pick } = text
  const navigate = useNavigate()
  const fleet = data.kind === 'rising-share'
  const months = data.items
  const labels = useMemo(() => months.map(({ key }) => key), [months])
  const series = useMemo(() => seriesOf(data, text), [data, text])
  const columns = useMemo(() => columnsOf(data, rule, evidence, text), [data, rule, evidence, text])
  const newest = useMemo(() => months.filter(({ entries }) => entries !== 0).toReversed(), [months])
  const top = months.reduce<BreakdownPart | undefined>(
    (a, b) => (a && amountOf(a) >= amountOf(b) ? a : b),
    undefined,
  )
  const unit = t(`unit.${rule.unit === 'percent' ? 'vehicles' : rule.unit}`)
  return (
    <>
      <div className="section-head">
        <div>
          <h2>{t('breakdown.monthsTitle')}</h2>
          <span className="hint">{t('breakdown.partsHint')}</span>
        </div>
      </div>
      {!fleet && top && (
        <section className="card breakdown-months" aria-label={t('breakdown.monthsTitle')}>
          <ul className="legend" aria-hidden>
            {series.map(({ label, colour }) => (
              <li key={label} className="legend-bar" style={{ '--bar': colour } as React.CSSProperties}>
                {label}
              </li>
            ))}
          </ul>
          <Suspense fallback={<Skeleton.Node active className="chart-wait" />}>
            <BarChart
              labels={labels}
              series={series}
              summary={t('breakdown.monthsChart', {
                ...{ title: pick(rule.title), month: top.key, n: count(amountOf(top)), unit },
              })}
              onPick={(place) => {
                const month = months[place]
                if (month) navigate(evidence(month))
              }}
            />
          </Suspense>
        </section>
      )}
      <div className="card card-flush">
        <DataList columns={columns} rows={newest} rowKey={(part) => part.key} testId="months-table" />
      </div>
    </>
  )
}

function seriesOf({ items, kind }: Breakdown, { t }: Text) {
  if (kind !== 'share')
    return [{ label: t('breakdown.barAmount'), data: items.map(amountOf), colour: COLOURS.accent }]
  return [
    {
      ...{ label: t('breakdown.barCounted'), colour: COLOURS.accent },
      data: items.map(({ numerator }) => numerator),
    },
    {
      ...{ label: t('breakdown.barOther'), colour: REST },
      data: items.map(({ numerator, denominator }) => (denominator ?? 0) - numerator),
    },
  ]
}

function columnsOf(
  { kind }: Breakdown,
  rule: RuleFigure,
  evidence: (part: BreakdownPart) => string,
  { t }: Text,
): Column<BreakdownPart>[] {
  const unit = t(`unit.${rule.unit === 'percent' ? 'vehicles' : rule.unit}`)
  const one = kind === 'rising-share' ? signed : count
  const value = (part: BreakdownPart) =>
    part.denominator === null
      ? `${count(part.numerator)} ${unit}`
      : `${one(part.numerator)} / ${one(part.denominator)}`
  const head =
    kind === 'count'
      ? t('breakdown.amount')
      : t(kind === 'share' ? 'breakdown.inMonth' : 'breakdown.fleetMonth')
  const shares: Column<BreakdownPart>[] =
    kind === 'share'
      ? [
          {
            ...{ key: 'share', title: t('breakdown.share'), width: 120, align: 'right' },
            render: (part) => share(part.value),
          },
        ]
      : []
  return [
    { key: 'month', title: t('chart.month'), width: 130, card: 'head', render: (part) => <b>{part.key}</b> },
    {
      ...{ key: 'amount', title: head, width: 200, align: 'right' },
      render: (part) => (
        <Link
          to={evidence(part)}
          aria-label={t('breakdown.open', { name: part.key, value: value(part) })}
          data-testid={`part-${part.key}`}
        >
          {value(part)}
        </Link>
      ),
    },
    ...shares,
  ]
}
