import { Button, Skeleton } from 'antd'
import { lazy, Suspense, useMemo, useState } from 'react'
import { Link, useNavigate } from 'react-router-dom'
import type { Breakdown, BreakdownPart, RuleFigure } from '../../../../server/compliance/schema.ts'
import { COLOURS } from '../../app/theme.ts'
import { count, share, signed } from '../../format.ts'
import { type Text, useText } from '../../i18n/index.ts'
import { amountOf } from './parts.ts'

// Chart.js is fetched beside the numbers, which show without waiting for it.
const BarChart = lazy(() => import('../../components/chart/BarChart.tsx'))

const REST = '#c9d4d2'
/** Months listed at first: a fleet's go back to its oldest vehicle. */
const MONTHS = 24

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
  const [most, setMost] = useState(MONTHS)
  const fleet = data.kind === 'rising-share'
  const months = data.items
  const labels = useMemo(() => months.map(({ key }) => key), [months])
  const series = useMemo(() => seriesOf(data, text), [data, text])
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
        <p className="ranking-head hint">{t(heads(data.kind))}</p>
        <ol className="ranking ranking-months" data-testid="months-list">
          {newest.slice(0, most).map((part) => (
            <Month key={part.key} part={part} kind={data.kind} unit={unit} to={evidence(part)} />
          ))}
        </ol>
        {newest.length > most && (
          <div className="list-more">
            <Button onClick={() => setMost(most + 5 * MONTHS)} data-testid="months-more">
              {t('breakdown.moreRows', { n: count(newest.length - most) })}
            </Button>
          </div>
        )}
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

function Month(props: { part: BreakdownPart; kind: Breakdown['kind']; unit: string; to: string }) {
  const { part, kind, unit, to } = props
  const { t } = useText()
  const one = kind === 'rising-share' ? signed : count
  const amount = part.denominator === null ? `${count(part.numerator)} ${unit}` : one(part.numerator)
  const counts = part.denominator === null ? '' : `${one(part.numerator)} / ${one(part.denominator)}`
  const value = kind === 'share' ? share(part.value) : kind === 'count' ? amount : ''
  return (
    <li>
      <Link
        to={to}
        className="ranking-line"
        aria-label={t('breakdown.open', { name: part.key, value: [value, counts].filter(Boolean).join(' ') })}
        data-testid={`part-${part.key}`}
      >
        <span className="ranking-name">{part.key}</span>
        <b className="ranking-value">{value}</b>
        <span className="ranking-counts">{counts}</span>
      </Link>
    </li>
  )
}

/** What the numbers of a month are. */
const heads = (kind: Breakdown['kind']) =>
  kind === 'count'
    ? ('breakdown.monthCount' as const)
    : kind === 'share'
      ? ('breakdown.inMonth' as const)
      : ('breakdown.fleetMonth' as const)
