/** Styles of what is filled into the blocks; those of the blocks themselves, and of dark pages, are in blocks.mjml. */
import type { Tone } from './content.ts'

const INK = '#1f2328'
const MUTED = '#59636e'
const LINE = '#d8dee4'

/** Legible on white and on the glance's ground: contrast of 4.5 and more. */
const TEXT: Record<Tone, string> = { good: '#1a6b3c', warn: '#8a5700', bad: '#b42318', calm: '#43525f' }

const cell = `border-bottom:1px solid ${LINE};color:${INK};line-height:1.45;vertical-align:top;font-weight:400`
/** In tables of many cells every letter counts: mail clients cut what is longer than 100 kB. */
const thin = `border-bottom:1px solid ${LINE};color:${INK};font-size:14px`
const head = `padding:6px 0 6px 8px;border-bottom:1px solid ${LINE};color:${MUTED};font-size:13px;font-weight:400;line-height:1.35;vertical-align:bottom`

export const S = {
  over: `margin:0 0 2px;color:${MUTED};font-size:14px`,
  h1: `margin:0 0 6px;color:${INK};font-size:21px;line-height:1.35;font-weight:600`,
  lead: `margin:0;color:${MUTED};font-size:13px;line-height:1.55`,
  h2: `margin:16px 0 4px;color:${INK};font-size:17px;line-height:1.4;font-weight:600`,
  text: `margin:0 0 6px;color:${INK};font-size:15px;line-height:1.6`,
  mutedText: `margin:0 0 4px;color:${MUTED};font-size:13px;line-height:1.55`,
  muted: `color:${MUTED}`,
  edge: { good: '#2f7d4f', warn: '#b7791f', bad: '#c0392b', calm: '#5b7083' } satisfies Record<Tone, string>,
  tone: (tone: Tone): string => `color:${TEXT[tone]};font-weight:600`,
  headline: 'margin:0;font-size:18px;line-height:1.45',
  point: `margin:8px 0 0;color:${INK};font-size:15px;line-height:1.55`,
  tileValue: 'margin:0;font-size:24px;line-height:1.2',
  tileLabel: `margin:2px 0 0;color:${MUTED};font-size:12px;line-height:1.35`,
  link: 'color:#0b5cad;text-decoration:underline',
  list: 'margin:0;padding:0 0 0 20px',
  item: `margin:0 0 6px;color:${INK};font-size:15px;line-height:1.55`,
  head: { first: `${head};text-align:left;padding-left:0`, other: `${head};text-align:right` },
  cell: {
    first: `${cell};padding:9px 0;text-align:left;font-size:15px`,
    other: `${cell};padding:9px 0 9px 8px;text-align:right;white-space:nowrap;font-size:15px`,
  },
  dense: {
    first: `${thin};padding:7px 0;text-align:left;font-weight:400`,
    other: `${thin};padding:7px 0 7px 6px;text-align:right;white-space:nowrap`,
  },
  strong: 'font-weight:700',
  words: 'text-align:left;white-space:normal',
  noLine: 'border-bottom:0',
  note: `padding:0 0 9px;border-bottom:1px solid ${LINE};color:${MUTED};font-size:13px;line-height:1.5;text-align:left`,
  factName: `padding:8px 12px 8px 0;border-bottom:1px solid ${LINE};color:${MUTED};font-size:14px;font-weight:400;text-align:left;vertical-align:top;white-space:nowrap`,
  factValue: `padding:8px 0;border-bottom:1px solid ${LINE};color:${INK};font-size:15px;line-height:1.5;text-align:left;vertical-align:top;width:100%;word-break:break-word`,
  foot: `margin:0 0 6px;color:${MUTED};font-size:13px;line-height:1.55`,
} as const
