/** Bar charts as pictures, drawn on the server by Chart.js. */
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import { BarController, BarElement, CategoryScale, Chart, LinearScale, type Plugin } from 'chart.js'
import { CHART_FONT, registerFonts } from './fonts.ts'
import type { Tone } from './kit/index.ts'

/** A bar: what it says above itself, how long it is and where its mark stands, both in percent. */
export interface Bar {
  title: string
  value: string
  percent: number | null
  mark: number | null
  tone: Tone
}

/** In CSS pixels: as wide as a phone shows, so that nothing is scaled down to where it cannot be read. */
const WIDTH = 360
const ROW = 50
const RATIO = 2
const INK = '#1f2328'
const MUTED = '#59636e'
const COLOURS: Record<Tone, string> = { good: '#2f7d4f', warn: '#b7791f', bad: '#c0392b', calm: '#5b7083' }

Chart.register(BarController, BarElement, CategoryScale, LinearScale)

/** Writes each bar's title and value above it and draws its mark. */
const labels = (bars: Bar[]): Plugin<'bar'> => ({
  id: 'labels',
  afterDatasetsDraw(chart) {
    const { ctx: context, scales } = chart
    const { left, right } = chart.chartArea
    bars.forEach((bar, i) => {
      const y = chart.getDatasetMeta(0).data[i]?.y ?? 0
      context.textBaseline = 'alphabetic'
      context.fillStyle = INK
      context.font = `14px ${CHART_FONT}`
      context.textAlign = 'left'
      context.fillText(fitted(context, bar.title, right - left - 88), left, y - 13)
      context.font = `700 14px ${CHART_FONT}`
      context.textAlign = 'right'
      context.fillStyle = COLOURS[bar.tone]
      context.fillText(bar.value, right, y - 13)
      const x = bar.mark === null ? undefined : scales.x?.getPixelForValue(Math.min(bar.mark, 100))
      if (x === undefined) return
      context.fillStyle = INK
      context.fillRect(Math.min(x, right - 2) - 1, y - 10, 2.5, 20)
    })
  },
})

/** A text cut to a width. */
function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text
  let end = text.length
  while (end > 1 && context.measureText(`${text.slice(0, end)}…`).width > width) end--
  return `${text.slice(0, end)}…`
}

/** Draws bars below each other, from 0 to 100 %. @returns a PNG, twice as fine as `size` says */
export function drawBars(bars: Bar[]): { content: Buffer; size: { width: number; height: number } } {
  registerFonts()
  const size = { width: WIDTH, height: bars.length * ROW + 44 }
  const canvas = createCanvas(size.width, size.height)
  const chart = new Chart(canvas as unknown as HTMLCanvasElement, {
    type: 'bar',
    data: {
      labels: bars.map((bar) => bar.title),
      datasets: [
        {
          data: bars.map((bar) => Math.min(bar.percent ?? 0, 100)),
          backgroundColor: bars.map((bar) => COLOURS[bar.tone]),
          barThickness: 12,
          borderRadius: 2,
        },
      ],
    },
    options: {
      indexAxis: 'y',
      animation: false,
      responsive: false,
      devicePixelRatio: RATIO,
      layout: { padding: { left: 14, right: 18, top: 12, bottom: 6 } },
      scales: {
        x: {
          min: 0,
          max: 100,
          border: { display: false },
          grid: { color: '#e4e8ec' },
          ticks: { stepSize: 25, color: MUTED, font: { family: CHART_FONT, size: 12 } },
        },
        y: { display: false },
      },
    },
    plugins: [background, labels(bars)],
  })
  const content = canvas.toBuffer('image/png')
  chart.destroy()
  return { content, size }
}

/** A ground of its own: the picture stands on dark pages too. */
const background: Plugin<'bar'> = {
  id: 'background',
  beforeDraw({ ctx, width, height }) {
    const context = ctx as unknown as SKRSContext2D
    context.fillStyle = '#ffffff'
    context.fillRect(0, 0, width, height)
  },
}
