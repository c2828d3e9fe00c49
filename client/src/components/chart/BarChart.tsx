import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartOptions,
  LinearScale,
  Tooltip,
} from 'chart.js'
import { useMemo } from 'react'
import { Bar } from 'react-chartjs-2'
import { COLOURS } from '../../app/theme.ts'
import { count } from '../../format.ts'
import { countTick } from './labels.ts'

Chart.register(BarController, BarElement, LinearScale, CategoryScale, Tooltip)

export interface BarSeries {
  label: string
  data: number[]
  colour: string
}

/** Counts by month or other steps, one upon the other; react-chartjs-2 makes, updates and destroys the chart. */
export default function BarChart(props: {
  labels: string[]
  series: readonly BarSeries[]
  /** the chart in a sentence, for those who cannot see it */
  summary: string
  /** a bar was chosen, by its place */
  onPick: (place: number) => void
}) {
  const { labels, series, summary, onPick } = props
  const data = useMemo(
    () => ({
      labels,
      datasets: series.map(({ label, data, colour }) => ({
        ...{ label, data, backgroundColor: colour, hoverBackgroundColor: colour },
        ...{ maxBarThickness: 34, categoryPercentage: 0.86, barPercentage: 0.92 },
      })),
    }),
    [labels, series],
  )
  const options = useMemo(() => optionsOf(onPick), [onPick])
  return (
    <div className="chart chart-bars" role="img" aria-label={summary}>
      <Bar data={data} options={options} aria-hidden="true" />
    </div>
  )
}

const optionsOf = (onPick: (place: number) => void): ChartOptions<'bar'> => ({
  responsive: true,
  maintainAspectRatio: false,
  animation: false,
  interaction: { mode: 'index', intersect: false },
  onClick: (_event, bars) => {
    const [bar] = bars
    if (bar) onPick(bar.index)
  },
  onHover: (event, bars) => {
    const target = event.native?.target
    if (target instanceof HTMLElement) target.style.cursor = bars.length > 0 ? 'pointer' : 'default'
  },
  scales: {
    x: {
      stacked: true,
      grid: { display: false },
      border: { color: COLOURS.line },
      ticks: { maxRotation: 0, autoSkipPadding: 14, color: COLOURS.muted, font: { size: 11 } },
    },
    y: {
      stacked: true,
      beginAtZero: true,
      border: { display: false },
      grid: { color: '#edf2f0' },
      ticks: {
        maxTicksLimit: 5,
        color: COLOURS.muted,
        font: { size: 11 },
        callback: (value) => countTick(Number(value)),
      },
    },
  },
  plugins: {
    tooltip: {
      backgroundColor: '#16302f',
      padding: 10,
      boxWidth: 8,
      boxHeight: 8,
      filter: (item) => (item.parsed.y ?? 0) > 0,
      callbacks: { label: (item) => `${item.dataset.label}  ${count(item.parsed.y)}` },
    },
  },
})
