import {
  CategoryScale,
  Chart,
  type ChartOptions,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js'
import { useMemo } from 'react'
import { Line } from 'react-chartjs-2'
import { COLOURS } from '../../app/theme.ts'
import { countTick, shareTick, yearTick } from './labels.ts'
import type { Series } from './series.ts'

Chart.register(LineController, LineElement, PointElement, LinearScale, CategoryScale, Filler, Tooltip)

const FROM_TODAY = '#b3361f'

export interface LineChartProps {
  series: Series
  unit: 'percent' | 'vehicles' | 'packs'
  /** the words of the legend and tooltip */
  names: { actual: string; required: string; range: string; fromToday: string }
  /** the chart in a sentence, for those who cannot see it */
  summary: string
  format: (value: number) => string
}

const line = (label: string, data: (number | null)[], colour: string) => ({
  label,
  data,
  borderColor: colour,
  borderWidth: 2,
  pointRadius: 0,
  pointHoverRadius: 4,
  pointHoverBackgroundColor: colour,
  tension: 0,
  // A line along the upper edge, such as one at 100 %, is drawn in full.
  clip: 4,
})

/** The one place that draws with Chart.js; react-chartjs-2 makes, updates and destroys the chart. */
export default function LineChart({ series, unit, names, summary, format }: LineChartProps) {
  const data = useMemo(
    () => ({
      labels: series.months,
      datasets: [
        {
          ...line(names.actual, series.actual, COLOURS.accent),
          fill: 'origin',
          backgroundColor: COLOURS.accentSoft,
        },
        { ...line(names.required, series.required, '#7d8f8d'), borderDash: [5, 4], borderWidth: 1.5 },
        { ...line(names.range, series.low, 'rgba(42,98,143,.35)'), borderWidth: 1, pointHoverRadius: 0 },
        {
          ...line(names.range, series.high, 'rgba(42,98,143,.35)'),
          borderWidth: 1,
          pointHoverRadius: 0,
          fill: '-1',
          backgroundColor: 'rgba(42, 98, 143, 0.14)',
        },
        {
          ...line(names.fromToday, series.fromToday, FROM_TODAY),
          ...{ borderDash: [2, 3], borderWidth: 1.5, pointHoverRadius: 0 },
        },
      ],
    }),
    [series, names],
  )
  const options = useMemo(() => optionsOf(series, unit, format), [series, unit, format])
  return (
    <div className="chart" role="img" aria-label={summary}>
      <Line data={data} options={options} aria-hidden="true" />
    </div>
  )
}

function optionsOf(
  series: Series,
  unit: LineChartProps['unit'],
  format: LineChartProps['format'],
): ChartOptions<'line'> {
  const share = unit === 'percent'
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    interaction: { mode: 'index', intersect: false },
    scales: {
      x: {
        grid: { display: false },
        border: { color: COLOURS.line },
        ticks: {
          autoSkip: false,
          maxRotation: 0,
          color: COLOURS.muted,
          font: { size: 11 },
          callback: (_, index) => yearTick(series.months[index] ?? ''),
          align: 'start',
        },
      },
      y: {
        beginAtZero: true,
        ...(share ? { max: 100 } : {}),
        border: { display: false },
        grid: { color: '#edf2f0' },
        ticks: {
          maxTicksLimit: 4,
          color: COLOURS.muted,
          font: { size: 11 },
          callback: (value) => (share ? shareTick(Number(value)) : countTick(Number(value))),
        },
      },
    },
    plugins: {
      tooltip: {
        backgroundColor: '#16302f',
        padding: 10,
        boxWidth: 8,
        boxHeight: 8,
        // The range's points ahead are drawn for its shape; only its ends at the period's end are figures.
        filter: (item) => item.datasetIndex < 2 || item.dataIndex === series.months.length - 1,
        callbacks: {
          label: (item) => `${item.dataset.label}  ${format(item.parsed.y ?? 0)}`,
        },
      },
    },
  }
}
