/**
 * `npm run screenshots`: takes the README's picture, and with a folder as argument pictures of every page in both
 * languages at both sizes. The service runs on a folder of its own with the sample lists of the tests.
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { ADMIN, endProgram, startBuilt, temporaryFolder } from '../test/bench/process.ts'
import { openBrowser, SIZES } from '../test/harness/browser.ts'
import { Client } from '../test/harness/client.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SAMPLES = join(ROOT, 'test/fixtures/samples')
const NOW = '2026-11-23T10:00:00+08:00'

interface Expected {
  upload: string[]
}

async function fill(
  url: string,
): Promise<{ client: Client; preview: string; vehicle: string; dispute: string }> {
  const client = new Client(url)
  await client.signIn(ADMIN.email, ADMIN.password)
  const { upload } = JSON.parse(readFileSync(join(SAMPLES, 'expected.json'), 'utf8')) as Expected
  for (const name of upload) await client.sendAndApprove(join(SAMPLES, name))
  const faulty = await client.uploadFile(join(SAMPLES, 'errors.xlsx'))
  await client.importIn(faulty.body.id, 'checked')
  const [row] = (
    await client.get<{ items: { seq: number }[] }>(`/imports/${faulty.body.id}/rows?code=date.future&limit=1`)
  ).body.items
  const claim = new FormData()
  claim.set('claim', '该车经批准先行投放，批文见附件。')
  claim.set('wish', 'record')
  claim.set('file', new Blob(['%PDF-1.7\n%%EOF\n']), '批文.pdf')
  const raised = await client.send<{ id: string }>(
    'POST',
    `/imports/${faulty.body.id}/rows/${row?.seq}/disputes`,
    claim,
  )
  const found = await client.get<{ items: { id: string; replaces: string[] }[] }>(
    '/vehicles?category=bus&limit=100',
  )
  const vehicle = found.body.items.find((v) => v.replaces.length > 0)
  return { client, preview: faulty.body.id, vehicle: vehicle?.id ?? '', dispute: raised.body.id }
}

/** Opens a page that is signed in, in a language and size. */
async function open(
  browser: Browser,
  url: string,
  cookie: string,
  language: string,
  size: keyof typeof SIZES,
): Promise<Page> {
  const context = await browser.newContext({ viewport: SIZES[size], locale: language, deviceScaleFactor: 1 })
  const [name = '', value = ''] = cookie.split('=')
  await context.addCookies([{ name, value, url }])
  return context.newPage()
}

async function shoot(page: Page, address: string, file: string, fullPage: boolean): Promise<void> {
  await page.goto(address, { waitUntil: 'networkidle' })
  await page.waitForTimeout(900)
  await page.screenshot({ path: file, fullPage })
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth + 1)
  if (sideways) console.log(`横向溢出 scrolls sideways: ${file}`)
}

async function main(): Promise<void> {
  const folder = temporaryFolder()
  const service = await startBuilt(folder.path, { NOW })
  const browser = await openBrowser()
  try {
    const { client, preview, vehicle, dispute } = await fill(service.url)
    const out = process.argv[2]
    if (!out) {
      mkdirSync(join(ROOT, 'docs'), { recursive: true })
      const page = await open(browser, service.url, client.cookie, 'zh-CN', 'desk')
      await shoot(page, `${service.url}/`, join(ROOT, 'docs/dashboard.png'), false)
      return
    }
    mkdirSync(out, { recursive: true })
    const pages = {
      dashboard: '/',
      evidence: '/evidence/taxi-renewal',
      breakdown: '/breakdown/taxi-renewal',
      'breakdown-months': '/breakdown/taxi-renewal?by=month',
      undetermined: '/undetermined/old-diesel-trucks-retired',
      vehicles: '/vehicles',
      vehicle: `/vehicles/${vehicle}`,
      uploads: '/uploads',
      send: '/uploads/send',
      preview: `/uploads/${preview}`,
      reporting: '/reporting',
      disputes: '/disputes',
      dispute: `/disputes/${dispute}`,
      operators: '/operators',
      mails: '/mails',
      jobs: '/jobs',
      changes: '/changes',
      due: '/due',
      'due-old-trucks': '/due?view=old-trucks',
      'due-scenarios': '/due?view=scenarios',
      'entry-replaced': '/changes/new?kind=replaced',
      'entry-swap': `/changes/new?kind=battery-swap&plate=${vehicle}`,
      accounts: '/accounts',
      scenarios: '/scenarios',
      me: '/me?tab=sessions',
    }
    for (const language of ['zh-CN', 'en']) {
      await client.send('PATCH', '/me', { language })
      for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
        const page = await open(browser, service.url, client.cookie, language, size)
        for (const [name, path] of Object.entries(pages))
          await shoot(page, service.url + path, join(out, `${name}-${language}-${size}.png`), true)
        await page.goto(`${service.url}/uploads/${preview}`)
        await page.getByTestId('open-mapping').click()
        await page.waitForTimeout(900)
        await page.screenshot({ path: join(out, `mapping-${language}-${size}.png`) })
        await page.context().close()
      }
    }
  } finally {
    await browser.close()
    await endProgram(service.child)
    folder.remove()
  }
}

await main()
