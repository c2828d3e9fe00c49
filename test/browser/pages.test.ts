import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scrollsSideways, type Visit, visit } from '../harness/page.ts'
import { startTestService, type TestService } from '../harness/service.ts'

const SAMPLES = fileURLToPath(new URL('../fixtures/samples/', import.meta.url))
const { upload } = JSON.parse(readFileSync(`${SAMPLES}expected.json`, 'utf8')) as { upload: string[] }

let service: TestService
let vehicle: { id: string; plate: string; replaces: string[] }
/** a list with faults, and a dispute about one of its rows */
let preview: string
let dispute: string
beforeAll(async () => {
  service = await startTestService()
  for (const name of upload) await service.admin.sendAndApprove(SAMPLES + name)
  const { body } = await service.admin.get<{ items: (typeof vehicle)[] }>(
    '/vehicles?category=cruising-taxi&limit=50',
  )
  const found = body.items.find((v) => v.replaces.length > 0)
  if (!found) throw new Error('no taxi has replaced another')
  vehicle = found
  const { id } = await service.admin.check('errors.xlsx', readFileSync(`${SAMPLES}errors.xlsx`))
  const [row] = (
    await service.admin.get<{ items: { seq: number }[] }>(`/imports/${id}/rows?outcome=error&limit=1`)
  ).body.items
  const claim = new FormData()
  claim.set('claim', '批文见附件')
  claim.set('wish', 'record')
  claim.set('file', new Blob(['%PDF-1.7\n%%EOF\n']), '批文.pdf')
  const raised = await service.admin.send<{ id: string }>(
    'POST',
    `/imports/${id}/rows/${row?.seq}/disputes`,
    claim,
  )
  if (raised.status !== 201) throw new Error(`the dispute was not taken: ${JSON.stringify(raised.body)}`)
  preview = `/uploads/${id}`
  dispute = `/disputes/${raised.body.id}`
})
afterAll(() => service?.close())

describe('a figure', () => {
  let officer: Visit
  beforeAll(async () => {
    officer = await visit(service)
  })
  afterAll(() => officer?.close())

  it('opens the changes behind it, and each its vehicle and the one it replaced', async () => {
    const { page } = officer
    await page.getByTestId('value-taxi-renewal').click()
    await page.waitForURL(/\/evidence\/taxi-renewal/)
    await expect.poll(() => page.getByTestId('evidence-total').innerText()).toBe('70.0%')
    await expect.poll(() => page.getByTestId('evidence-count').innerText()).toContain('90')
    await expect.poll(() => page.getByTestId('evidence-match').getAttribute('data-matches')).toBe('true')
    await officer.go(`/vehicles/${vehicle.id}`)
    await expect.poll(() => page.locator('h1').innerText()).toContain(vehicle.plate)
    await page.locator(`a[href="/vehicles/${vehicle.replaces[0]}"]`).first().click()
    await page.waitForURL(new RegExp(vehicle.replaces[0] ?? ''))
    await expect.poll(() => page.getByTestId('vehicle-status').innerText()).not.toBe('')
    expect(officer.complaints).toEqual([])
  })

  it('is found again by its address: as of a past day', async () => {
    const { page } = officer
    await officer.go('/?asOf=2024-12-31')
    await expect.poll(() => page.getByTestId('value-taxi-renewal').innerText()).toBe('59.4%')
    await expect.poll(() => page.getByTestId('card-taxi-renewal').innerText()).toContain('22/37')
  })

  it('is found by typing a piece of a plate', async () => {
    const { page } = officer
    await officer.go('/vehicles')
    await page.getByTestId('vehicles-table').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type(vehicle.plate.slice(2))
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator(`a[href="/vehicles/${vehicle.id}"]`).count()).toBeGreaterThan(0)
  })
})

describe('every page', () => {
  const PAGES = [
    '/',
    '/evidence/bus-renewal',
    ...['/breakdown/taxi-renewal', '/breakdown/freight-fleet?by=month'],
    '/undetermined/old-diesel-trucks-retired',
    '/vehicles',
    '/changes',
    '/changes/new?kind=replaced',
    '/uploads',
    '/uploads/send',
    '/uploads?tab=all',
    '/reporting',
    '/disputes',
    '/operators',
    '/mails',
    '/jobs',
    '/accounts',
    ...['/audit', '/audit?tab=seals'],
    ...['/me', '/me?tab=password', '/me?tab=secondFactor', '/me?tab=sessions', '/me?tab=tokens'],
    '/assessments',
    ...['/due', '/due?view=old-trucks', '/due?view=scenarios'],
    '/nowhere',
  ]

  it.each([
    ['zh-CN', 'desk'],
    ['zh-CN', 'phone'],
    ['en', 'desk'],
    ['en', 'phone'],
  ] as const)(
    'in %s on a %s has a heading in its language, fits and logs no error',
    { timeout: 400_000 },
    async (language, size) => {
      await service.admin.send('PATCH', '/me', { language })
      const reader = await visit(service, { locale: language, size })
      for (const path of [...PAGES, `/vehicles/${vehicle.id}`, preview, dispute]) {
        await reader.go(path)
        const heading = reader.page.locator('h1').first()
        await heading.waitFor().catch((error) => {
          throw new Error(`${path}: ${error}`)
        })
        await expect.poll(() => reader.page.getByTestId('loading').count(), { message: path }).toBe(0)
        if (!/\/(vehicles|uploads|disputes)\/\w{10}/.test(path)) {
          const chinese = /\p{Script=Han}/u.test(await heading.innerText())
          expect({ path, chinese }).toEqual({ path, chinese: language === 'zh-CN' })
        }
        expect({ path, sideways: await scrollsSideways(reader.page) }).toEqual({ path, sideways: false })
      }
      expect(reader.complaints).toEqual([])
      await reader.close()
      await service.admin.send('PATCH', '/me', { language: 'zh-CN' })
    },
  )
})
