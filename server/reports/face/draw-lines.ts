/** Courses by month as small line charts, vectors like the bars. */
import { createCanvas, SvgExportFlag } from '@napi-rs/canvas'
import {
  CategoryScale,
  Chart,
  type ChartOptions,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
} from 'chart.js'
import { type Drawn, tidied } from './draw.ts'
import { CHART_FONT, registerFonts } from './fonts.ts'

/** A course: at each month's end what there was, and what the target asked for. */
export interface Course {
  /** `YYYY-MM` */
  months: string[]
  actual: (number | null)[]
  required: (number | null)[]
  unit: 'percent' | 'vehicles' | 'packs'
}

const SIZE = { width: 224, height: 124 }
const ACTUAL = '#1f6b5c'
const REQUIRED = '#6b7775'
const MUTED = '#59636e'
const GRID = '#e3e8e7'

Chart.register(LineController, LineElement, PointElement, LinearScale, CategoryScale)

const FONT = { family: CHART_FONT, size: 9 }

/** @returns an SVG document with the course and what was required */
export function drawCourse(course: Course): Drawn {
  registerFonts()
  const canvas = createCanvas(SIZE.width, SIZE.height, SvgExportFlag.ConvertTextToPaths)
  const line = { pointRadius: 0, tension: 0, clip: 3 as const, spanGaps: false }
  const chart = new Chart(canvas as unknown as HTMLCanvasElement, {
    type: 'line',
    data: {
      labels: course.months,
      datasets: [
        { ...line, data: course.actual, borderColor: ACTUAL, borderWidth: 2 },
        { ...line, data: course.required, borderColor: REQUIRED, borderWidth: 1.4, borderDash: [5, 3] },
      ],
    },
    options: optionsOf(course),
  })
  const svg = tidied(canvas.getContent())
  chart.destroy()
  return { svg, size: SIZE }
}

const optionsOf = ({ unit, months }: Course): ChartOptions<'line'> => ({
  animation: false,
  responsive: false,
  devicePixelRatio: 1,
  layout: { padding: { top: 6, right: 4, bottom: 0, left: 2 } },
  scales: {
    x: {
      grid: { display: false },
      border: { color: GRID },
      ticks: {
        ...{ autoSkip: false, maxRotation: 0, color: MUTED, font: FONT, align: 'start' },
        // The year, at its first month.
        callback: (_, i) => (months[i]?.endsWith('-01') || i === 0 ? months[i]?.slice(0, 4) : null),
      },
    },
    y: {
      beginAtZero: true,
      ...(unit === 'percent' ? { max: 100 } : {}),
      border: { display: false },
      grid: { color: GRID },
      ticks: { maxTicksLimit: 4, color: MUTED, font: FONT },
    },
  },
})
