/** The mail's styles: inline for every client, and a sheet for those that follow the reader's dark setting. */
import type { Tone } from './content.ts'
import { Markup } from './html.ts'

const INK = '#1f2328'
const MUTED = '#59636e'
const LINE = '#d8dee4'
const FAMILY =
  "-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei','Noto Sans SC','Noto Sans CJK SC',sans-serif"
/** Legible on white and on the glance's ground: contrast of 4.5 and more. */
const TEXT: Record<Tone, string> = { good: '#1a6b3c', warn: '#8a5700', bad: '#b42318', calm: '#43525f' }

const cell = `padding:9px 0 9px 8px;border-bottom:1px solid ${LINE};color:${INK};font-size:15px;line-height:1.45;vertical-align:top`
const head = `padding:6px 0 6px 8px;border-bottom:1px solid ${LINE};color:${MUTED};font-size:13px;font-weight:400`

export const S = {
  page: `margin:0;padding:0;background:#f2f4f6;font-family:${FAMILY};-webkit-text-size-adjust:100%`,
  frame: 'background:#f2f4f6',
  card: `max-width:640px;background:#ffffff;border-radius:8px;font-family:${FAMILY}`,
  preheader: 'display:none;max-height:0;overflow:hidden;opacity:0',
  over: `margin:0 0 2px;color:${MUTED};font-size:14px`,
  h1: `margin:0 0 6px;color:${INK};font-size:22px;line-height:1.3`,
  h2: `margin:28px 0 8px;color:${INK};font-size:17px;line-height:1.35`,
  small: `margin:6px 0;color:${MUTED};font-size:13px;line-height:1.5`,
  muted: `color:${MUTED}`,
  note: `color:${MUTED};font-size:13px`,
  notes: `padding:0 0 9px;border-bottom:1px solid ${LINE};color:${MUTED};font-size:13px;line-height:1.5`,
  glance: 'margin:16px 0 0;background:#f6f8fa;border-radius:4px',
  edge: { good: '#2f7d4f', warn: '#b7791f', bad: '#c0392b', calm: '#5b7083' } satisfies Record<Tone, string>,
  headline: 'margin:0 0 4px;font-size:18px;line-height:1.4',
  point: `padding:8px 0 0;color:${INK};font-size:15px;line-height:1.5`,
  link: 'color:#0b5cad;text-decoration:underline',
  table: 'border-collapse:collapse;width:100%',
  th: `${head};text-align:right;white-space:nowrap`,
  thLeft: `${head};text-align:left;padding-left:0`,
  td: `${cell};text-align:right;white-space:nowrap`,
  tdLeft: `${cell};text-align:left;padding-left:0;width:100%`,
  county: `padding:7px 0;border-bottom:1px solid ${LINE};color:${INK};font-size:14px;text-align:left;font-weight:400`,
  figure: `padding:7px 0 7px 6px;border-bottom:1px solid ${LINE};color:${INK};font-size:14px;text-align:right;white-space:nowrap`,
  figureHead: `${head};text-align:right`,
  chart: `display:block;width:100%;max-width:480px;height:auto;border:0;border-radius:6px;background:#ffffff;color:${INK};font-size:14px;line-height:1.6`,
  list: 'margin:0;padding:0 0 0 20px',
  item: `margin:0 0 6px;color:${INK};font-size:15px;line-height:1.5`,
  footer: `margin:28px 0 0;padding:14px 0 0;border-top:1px solid ${LINE}`,
}

export const toneStyle = (tone: Tone): string => `color:${TEXT[tone]};font-weight:600`

/** Markup, not text: it holds no values of ours. */
export const DARK = new Markup(`:root{color-scheme:light dark}
@media (prefers-color-scheme:dark){
.page{background:#0f1215 !important}
.card{background:#1b2026 !important}
.glance{background:#252c34 !important}
.ink{color:#e8ebee !important}
.muted{color:#a9b4be !important}
.line{border-color:#38414b !important}
.link{color:#79b8ff !important}
.good{color:#63c78b !important}
.warn{color:#e6b450 !important}
.bad{color:#ff8f85 !important}
.calm{color:#b4c2cf !important}
img.ink{color:#1f2328 !important}
}`)
