import { createRequire } from 'node:module'
import { GlobalFonts } from '@napi-rs/canvas'

/** Families of our own names, so that fonts of the machine never stand in for them. */
export const CHART_FONT = '"Fleet Chart", "Fleet Chart Latin", sans-serif'

const FILES = {
  'Fleet Chart': 'noto-sans-sc-chinese-simplified',
  'Fleet Chart Latin': 'noto-sans-sc-latin-ext',
} as const

let registered = false

/** Registers the font that charts are drawn with, once a process: Noto Sans SC from npm, none of the system's. */
export function registerFonts(): void {
  if (registered) return
  const { resolve } = createRequire(import.meta.url)
  for (const [family, file] of Object.entries(FILES)) {
    for (const weight of [400, 700]) {
      const path = resolve(`@fontsource/noto-sans-sc/files/${file}-${weight}-normal.woff2`)
      if (!GlobalFonts.registerFromPath(path, family)) throw new Error(`the font ${path} cannot be read`)
    }
  }
  registered = true
}
