import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ComposedMail } from '../../jobs/mail/kit/index.ts'
import { openBrowser } from '../harness/browser.ts'
import { sampleMails } from '../jobs/support/mail-samples.ts'

/**
 * Every kind of mail as it looks in a mail program: on a telephone and a desk, on light and dark pages, and with
 * pictures off. `MAIL_LOOKS=FOLDER` keeps the pictures, to be looked at by somebody.
 */

const FOLDER = process.env.MAIL_LOOKS ?? ''
const WIDTHS = [360, 700] as const

let browser: Browser
let page: Page
beforeAll(async () => {
  browser = await openBrowser()
  page = await browser.newPage()
  if (FOLDER !== '') mkdirSync(FOLDER, { recursive: true })
})
afterAll(() => browser?.close())

/** A mail as a page. @param pictures false: as a mail program that fetches and shows none */
const pageOf = ({ html, pictures }: ComposedMail, shown = true): string =>
  pictures.reduce(
    (page, { cid, type, content }) =>
      page.replaceAll(
        `cid:${cid}`,
        shown ? `data:${type};base64,${content.toString('base64')}` : 'about:blank',
      ),
    html,
  )

async function show(
  mail: ComposedMail,
  look: { width: number; dark: boolean; pictures?: boolean },
): Promise<void> {
  await page.setViewportSize({ width: look.width, height: 800 })
  await page.emulateMedia({ colorScheme: look.dark ? 'dark' : 'light' })
  await page.setContent(pageOf(mail, look.pictures), { waitUntil: 'load' })
}

/** The texts whose contrast with what lies behind them is less than WCAG's 4.5, or 3 where they are large. */
const faint = () =>
  page.evaluate(() => {
    const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number)
    const light = ([r = 0, g = 0, b = 0]: number[]) => {
      const part = (value: number) => {
        const share = value / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      }
      return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
    }
    const ground = (from: Element | null): number[] => {
      for (let at = from; at; at = at.parentElement) {
        const colour = channels(getComputedStyle(at).backgroundColor)
        if (colour.length === 3 || (colour[3] ?? 0) > 0.99) return colour
      }
      return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255]
    }
    const bad: string[] = []
    let looked = 0
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement
      const text = node.textContent?.trim() ?? ''
      if (!element || text === '' || !element.checkVisibility({ opacityProperty: true })) continue
      const style = getComputedStyle(element)
      const [a, b] = [light(channels(style.color)), light(ground(element))]
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
      looked += 1
      if (contrast < 4.5) bad.push(`${text.slice(0, 30)} ${style.color} ${contrast.toFixed(2)}`)
    }
    return { bad, looked }
  })

describe.each(['zh-CN', 'en'] as const)('in %s', (language) => {
  let mails: [string, ComposedMail][]
  beforeAll(() => {
    mails = Object.entries(sampleMails(language))
  })

  it.each(WIDTHS)('fits %d pixels and is legible, on light and dark pages', async (width) => {
    for (const [name, mail] of mails) {
      for (const dark of [false, true]) {
        await show(mail, { width, dark })
        const said = `${name} ${width} ${dark ? 'dark' : 'light'}`
        const wide = await page.evaluate(() => document.documentElement.scrollWidth)
        expect([said, wide]).toEqual([said, width])
        const { bad, looked } = await faint()
        expect([said, bad]).toEqual([said, []])
        expect(looked).toBeGreaterThan(5)
        if (FOLDER !== '')
          await page.screenshot({
            path: join(FOLDER, `${name}-${language}-${width}${dark ? '-dark' : ''}.png`),
            fullPage: true,
          })
      }
    }
  })

  it('says in words what its pictures show, when pictures are off', async () => {
    for (const [name, mail] of mails) {
      await show(mail, { width: 360, dark: false, pictures: false })
      const pictures = await page
        .locator('img')
        .evaluateAll((all) => all.map((one) => one.getAttribute('alt') ?? ''))
      expect([name, pictures.length]).toEqual([name, mail.pictures.length])
      for (const alt of pictures) expect([name, alt]).toEqual([name, expect.stringMatching(/\d/)])
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
      if (FOLDER !== '' && pictures.length > 0)
        await page.screenshot({ path: join(FOLDER, `${name}-${language}-off.png`), fullPage: true })
    }
  })

  it('is laid out as old mail programs understand it: tables, styles inline, nothing fetched', () => {
    for (const [name, { html }] of mails) {
      expect([name, /display:\s*(flex|grid)|position:\s*(absolute|fixed)|float:/.test(html)]).toEqual([
        name,
        false,
      ])
      expect([name, /<(script|link|iframe|form|svg|video)\b/i.test(html)]).toEqual([name, false])
      expect([name, /src="(?!cid:)/.test(html), /url\(/.test(html)]).toEqual([name, false, false])
      expect([name, Buffer.byteLength(html) < 102_000]).toEqual([name, true])
      // Every table but those of figures is one for the layout's sake, and says so to screen readers.
      for (const [table] of html.replace(/<!--[\s\S]*?-->/g, '').matchAll(/<table[^>]*>/g))
        expect([name, table]).toEqual([name, expect.stringMatching(/role="presentation"|color:#1f2328/)])
    }
  })
})
