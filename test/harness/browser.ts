import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--font-render-hinting=none'],
]

/** Sizes at which pages are looked at: a desk's screen and a telephone. */
export const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const

/**
 * Starts the system's Chromium, without a window.
 * @throws when there is none; `scripts/prepare-browser.mjs` installs it
 */
export function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? CANDIDATES.find((path) => existsSync(path))
  if (!executablePath) throw new Error('Chromium is missing: node scripts/prepare-browser.mjs')
  return chromium.launch({ executablePath, args: FLAGS, headless: true })
}
