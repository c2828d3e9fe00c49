import { readFileSync } from 'node:fs'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { openBrowser, SIZES } from './browser.ts'
import { ADMIN, type TestService } from './service.ts'

/** A browser on a service, and what its pages complained of. */
export interface Visit {
  browser: Browser
  context: BrowserContext
  page: Page
  /** errors that pages threw or logged, refused resources among them */
  complaints: string[]
  /** opens an address of the service */
  go(path: string): Promise<void>
  close(): Promise<void>
}

/** Opens a browser on a service, as somebody whose browser speaks a language. */
export async function visit(
  service: TestService,
  options: { locale?: string; size?: keyof typeof SIZES; signedIn?: boolean } = {},
): Promise<Visit> {
  const browser = await openBrowser()
  const context = await browser.newContext({
    viewport: SIZES[options.size ?? 'desk'],
    locale: options.locale ?? 'zh-CN',
    // A dialog that moves while it opens may be missed by a click.
    reducedMotion: 'reduce',
  })
  const complaints: string[] = []
  context.on('weberror', (error) => complaints.push(String(error.error())))
  context.on('console', (message) => {
    // A refused sign-in and a missing vehicle are answers, which the browser logs as errors too.
    if (message.type() === 'error' && !/status of (401|403|404|409|413|422)/.test(message.text()))
      complaints.push(message.text())
  })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const visited: Visit = {
    ...{ browser, context, page, complaints },
    go: async (path) => {
      await page.goto(service.url + path)
    },
    close: () => browser.close(),
  }
  if (options.signedIn !== false) await signIn(visited)
  return visited
}

/** Signs in by the page, as the administrator. */
export async function signIn({ page, go }: Visit, account = ADMIN): Promise<void> {
  await go('/')
  await page.getByTestId('email').fill(account.email)
  await page.getByTestId('password').fill(account.password)
  await page.getByTestId('sign-in').click()
  await signedIn(page)
}

/** Waits until the pages for somebody signed in are there. */
export const signedIn = (page: Page): Promise<void> =>
  page.locator('[data-testid^="account-menu"]:visible').first().waitFor()

/** Chooses an option of a drop-down by its words. */
export async function choose(page: Page, testId: string, words: string): Promise<void> {
  await page.getByTestId(testId).click()
  await page
    .locator('.ant-select-dropdown:visible .ant-select-item-option')
    .filter({ hasText: words })
    .first()
    .click()
}

/**
 * Types into the drop-down that has the cursor, and takes what it finds. Its list opens a moment after the first key,
 * and Enter before that only opens it.
 * @param words of the option, where it is found by something else, such as its code
 */
export async function takeTyped(page: Page, typed: string, words = typed): Promise<void> {
  await page.keyboard.type(typed)
  const offered = page.locator('.ant-select-dropdown:visible .ant-select-item-option-active')
  await offered.filter({ hasText: words }).waitFor()
  await page.keyboard.press('Enter')
}

/** Takes an export of the page. @returns its name and what is in it */
export async function exported(page: Page, format: 'xlsx' | 'csv'): Promise<{ name: string; bytes: Buffer }> {
  await page.getByTestId('export').click()
  const coming = page.waitForEvent('download')
  await page.getByTestId(`export-${format}`).click()
  const file = await coming
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) }
}

/** What a part of the page says. */
export const text = ({ page }: Visit, testId: string): Promise<string> => page.getByTestId(testId).innerText()

/** Keeps pictures of pages in the folder that an environment variable names, for a person who asks for them. */
export const picturesIn =
  (variable: string) =>
  async ({ page }: Visit, name: string, fullPage = true): Promise<void> => {
    const folder = process.env[variable]
    if (!folder) return
    await filled(page)
    await page.screenshot({ path: `${folder}/${name}.png`, fullPage })
  }

/** Waits until the page shows what it asked for: the network is never quiet where pages ask again and again. */
export const filled = async (page: Page): Promise<void> => {
  await page.locator('h1').first().waitFor()
  await expect.poll(() => page.locator('[aria-busy=true]').count()).toBe(0)
}

/** Whether the page is wider than the window. */
export const scrollsSideways = (page: Page): Promise<boolean> =>
  page.evaluate(async () => {
    // What follows the window's size is there a frame after it.
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
    return document.documentElement.scrollWidth > window.innerWidth
  })
