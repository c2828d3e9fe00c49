/** Bar charts as vectors, drawn on the server by Chart.js with the project's own font: sharp on any paper. */
import { createCanvas, type SvgCanvas, SvgExportFlag } from '@napi-rs/canvas'
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartOptions,
  LinearScale,
  type Plugin,
} from 'chart.js'
import { CHART_FONT, registerFonts } from './fonts.ts'
import type { Tone } from './lines.ts'

/** A bar: what it is called, what it says, how long it is (null without data), and where its mark stands. */
export interface Bar {
  title: string
  value: string
  length: number | null
  mark: number | null
  tone: Tone
}

/** A chart as an SVG document, and how large it is meant to be, in CSS pixels. */
export interface Drawn {
  svg: Buffer
  size: { width: number; height: number }
}

/** Of a chart's bars: their distance and thickness, the size of their texts, where the axis ends. */
interface Shape {
  row: number
  thick: number
  font: number
  /** the axis' end; the longest bar's when it is not given */
  max?: number
  width: number
  ticks: boolean
}

const INK = '#1c2422'
const MUTED = '#59636e'
const GRID = '#dfe4e3'
/** No title takes more of a chart's width. */
const LONGEST_TITLE = 0.45
/** Distinct in grey print too: the graver, the darker. */
const COLOURS: Record<Tone, string> = { good: '#5f9f86', warn: '#c98a2b', bad: '#9c2f22', calm: '#7f919c' }

Chart.register(BarController, BarElement, CategoryScale, LinearScale)

/** Bars from 0 to 100 %, with their marks. @returns an SVG document */
export const drawShares = (bars: Bar[]): Drawn =>
  draw(bars, { row: 30, thick: 13, font: 12.5, max: 100, width: 680, ticks: true })

/** A small chart, one of several side by side. @param max the axis' end, or the longest bar's */
export const drawSmall = (bars: Bar[], max?: number): Drawn =>
  draw(bars, {
    ...{ row: 19, thick: 9, font: 10.5, width: 330, ticks: false },
    ...(max === undefined ? {} : { max }),
  })

function draw(bars: Bar[], shape: Shape): Drawn {
  registerFonts()
  const size = { width: shape.width, height: bars.length * shape.row + (shape.ticks ? 32 : 8) }
  const canvas: SvgCanvas = createCanvas(size.width, size.height, SvgExportFlag.ConvertTextToPaths)
  const chart = new Chart(canvas as unknown as HTMLCanvasElement, {
    type: 'bar',
    data: {
      labels: bars.map((bar) => bar.title),
      datasets: [
        {
          data: bars.map((bar) => Math.min(bar.length ?? 0, shape.max ?? Number.POSITIVE_INFINITY)),
          backgroundColor: bars.map((bar) => COLOURS[bar.tone]),
          barThickness: shape.thick,
        },
      ],
    },
    options: optionsOf(shape, roomFor(bars, shape)),
    plugins: [labels(bars, shape)],
  })
  const svg = tidied(canvas.getContent())
  chart.destroy()
  return { svg, size }
}

/** What the titles before the bars and the values behind them take. */
function roomFor(bars: Bar[], { width, font }: Shape): { left: number; right: number } {
  const context = createCanvas(1, 1).getContext('2d')
  const widest = (weight: number, texts: string[]): number => {
    context.font = `${weight} ${font}px ${CHART_FONT}`
    return Math.max(0, ...texts.map((text) => context.measureText(text).width))
  }
  const left = Math.min(
    widest(
      400,
      bars.map((bar) => bar.title),
    ) + 12,
    width * LONGEST_TITLE,
  )
  return {
    left: Math.ceil(left),
    right:
      Math.ceil(
        widest(
          700,
          bars.map((bar) => bar.value),
        ),
      ) + 12,
  }
}

/**
 * Coordinates to a hundredth of a pixel, finer than any printer: half the size. Names of clips, which are counted over
 * the whole life of the process, begin anew in each picture: the same bars always give the same document.
 */
export function tidied(svg: Buffer): Buffer {
  const clips = new Map<string, string>()
  const clip = (name: string): string => {
    if (!clips.has(name)) clips.set(name, `clip${clips.size}`)
    return clips.get(name) ?? name
  }
  const text = svg
    .toString()
    .replace(/-?\d+\.\d{3,}/g, (number) => String(Math.round(Number(number) * 100) / 100))
    .replace(/cl_[0-9a-f]+/g, clip)
  return Buffer.from(text)
}

const optionsOf = ({ max, ticks }: Shape, room: { left: number; right: number }): ChartOptions<'bar'> => ({
  indexAxis: 'y',
  animation: false,
  responsive: false,
  devicePixelRatio: 1,
  layout: { padding: { top: 4, bottom: 4, ...room } },
  scales: {
    x: {
      min: 0,
      ...(max === undefined ? { grace: 0 } : { max }),
      display: ticks,
      border: { display: false },
      grid: { color: GRID },
      ticks: { stepSize: 25, color: MUTED, font: { family: CHART_FONT, size: 10.5 } },
    },
    y: { display: false },
  },
})

/** Writes each bar's title before it and its value behind the axis, and draws its mark. */
const labels = (bars: Bar[], { font, thick }: Shape): Plugin<'bar'> => ({
  id: 'labels',
  afterDatasetsDraw(chart) {
    const { ctx: context, scales, chartArea } = chart
    bars.forEach((bar, i) => {
      const y = chart.getDatasetMeta(0).data[i]?.y ?? 0
      context.textBaseline = 'middle'
      context.fillStyle = INK
      context.font = `${font}px ${CHART_FONT}`
      context.textAlign = 'right'
      context.fillText(fitted(context, bar.title, chartArea.left - 8), chartArea.left - 8, y)
      context.fillStyle = bar.length === null ? MUTED : INK
      context.font = `${bar.length === null ? 400 : 700} ${font}px ${CHART_FONT}`
      context.textAlign = 'left'
      context.fillText(bar.value, chartArea.right + 8, y)
      const x = bar.mark === null ? undefined : scales.x?.getPixelForValue(bar.mark)
      if (x === undefined || x > chartArea.right + 1) return
      context.fillStyle = INK
      context.fillRect(x - 1, y - thick / 2 - 4, 2, thick + 8)
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
