import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ImportView } from '../../server/imports/schema.ts'
import { SAMPLE_OPERATORS } from '../../server/sample/city.ts'
import { sampleLists } from '../../server/sample/lists.ts'
import { loadSampleInto } from '../../server/sample/load.ts'
import { rebuildVehicles } from '../../server/vehicles/rebuild.ts'
import { gate } from '../harness/gate.ts'
import { ADMIN, startTestService, type TestService } from '../harness/service.ts'

/** The day of the harness's clock. */
const TODAY = '2026-11-23'
const LISTS = sampleLists(TODAY)

const services: TestService[] = []
afterEach(async () => {
  for (const service of services.splice(0)) await service.close()
})

/** A service that nobody has set up, and what its set-up page sends. */
async function empty() {
  const service = await startTestService({ ADMIN_EMAIL: '', ADMIN_PASSWORD: '' })
  services.push(service)
  const token = service.services.setUpToken.value
  const setUp = (more: Record<string, unknown>) =>
    service.admin.post('/setup', { token, ...ADMIN, name: '管理员', ...more })
  return { service, setUp }
}

const sent = async ({ admin }: TestService): Promise<ImportView[]> =>
  (await admin.get<{ items: ImportView[] }>('/imports?limit=50')).body.items

/** Waits until every list of the sample is recorded. */
async function loaded(service: TestService): Promise<ImportView[]> {
  await vi.waitFor(
    async () => {
      const lists = await sent(service)
      expect(lists.map((l) => l.status)).toEqual(LISTS.map(() => 'applied'))
    },
    { timeout: 110_000, interval: 100 },
  )
  return sent(service)
}

describe('the made-up city', () => {
  it('is in the ledger after a set-up that asks for it, without a faulty row, and once', async () => {
    const { service, setUp } = await empty()
    expect((await setUp({ sampleData: true })).status).toBe(201)
    const lists = await loaded(service)

    const rows = new Map(LISTS.map((l) => [l.filename, l.rows]))
    for (const { filename, counts, recorded, codes } of lists) {
      const total = rows.get(filename)
      expect({ filename, codes, recorded, ...counts }).toMatchObject({
        ...{ filename, codes: {}, recorded: total, total, new: total, error: 0, warning: 0, unchanged: 0 },
      })
    }

    const figures = await service.admin.figures()
    expect(figures['bus-renewal']).toMatchObject({ value: 100, status: 'on-track' })
    const taxis = figures['taxi-renewal']?.value ?? 0
    expect(taxis).toBeGreaterThan(66)
    expect(taxis).toBeLessThan(74)
    expect(figures['old-diesel-trucks-retired']).toMatchObject({ status: 'at-risk', undetermined: 0 })
    expect(figures['freight-vehicles-added']).toMatchObject({ status: 'behind' })
    expect(figures['bus-batteries-swapped']).toMatchObject({ status: 'on-track' })
    for (const id of ['bus-fleet', 'taxi-fleet', 'freight-fleet', 'sanitation-fleet']) {
      const { value, yearBefore, status } = figures[id] ?? {}
      expect(status, id).toBe('on-track')
      expect(value, id).toBeGreaterThan(yearBefore ?? 100)
    }
    for (const id of ['bus-renewal', 'old-diesel-trucks-retired', 'freight-fleet'])
      expect(figures[id]?.breakdown.county, id).toHaveLength(11)
    const { body: vehicles } = await service.admin.get<{ total: number }>('/vehicles/count')
    expect(vehicles.total).toBeGreaterThan(1500)
    expect(vehicles.total).toBeLessThan(3000)
    const { body: operators } = await service.admin.get<{ items: { name: string }[] }>('/operators')
    expect(operators.items.map((o) => o.name).sort()).toEqual([...SAMPLE_OPERATORS].sort())
    const { changes, vehicles: model } = service.services.models
    expect((await rebuildVehicles(changes, model)).differences).toEqual([])

    expect((await setUp({ sampleData: true })).status).toBe(409)
    const again = loadSampleInto(service.services)
    const [administrator] = await service.services.accounts.list()
    if (!administrator) throw new Error('no administrator')
    await Promise.all([again(administrator), again(administrator)])
    expect(await sent(service)).toEqual(lists)
    expect(await service.admin.figures()).toEqual(figures)
  })

  it('stays away from a set-up that does not ask for it', async () => {
    const { service, setUp } = await empty()
    expect((await setUp({})).status).toBe(201)
    expect(await sent(service)).toEqual([])
  })

  it('is given up without a word when the service stops in the middle', async () => {
    const { service, setUp } = await empty()
    const error = vi.spyOn(service.services.log, 'error')
    // The third list comes when the service is about to stop.
    const { imports } = service.services
    const receive = imports.receive.bind(imports)
    let lists = 0
    const third = gate()
    imports.receive = async (...list) => {
      if (++lists > 2) await third.passed
      return receive(...list)
    }
    await setUp({ sampleData: true })
    await vi.waitFor(() => expect(lists).toBe(3), { timeout: 60_000 })
    const restarted = service.restart()
    third.open()
    await restarted
    expect(error).not.toHaveBeenCalled()
    const [administrator] = await service.services.accounts.list()
    if (!administrator) throw new Error('no administrator')
    await loadSampleInto(service.services)(administrator)
    expect((await sent(service)).length).toBeLessThan(LISTS.length)
    const working = async () => (await sent(service)).filter(({ status }) => /parsing|applying/.test(status))
    await vi.waitFor(async () => expect(await working()).toEqual([]), { timeout: 60_000 })
    const { changes, vehicles } = service.services.models
    expect((await rebuildVehicles(changes, vehicles)).differences).toEqual([])
  })
})

describe('its lists', () => {
  it('are the same for the same day, and end on the day before', () => {
    expect(sampleLists(TODAY)).toEqual(LISTS)
    const dates = LISTS.flatMap((l) => l.text.match(/\b202[4-9]-\d\d-\d\d\b/g) ?? [])
    expect(dates.length).toBeGreaterThan(300)
    expect(dates.filter((date) => date >= TODAY)).toEqual([])
  })

  it('hold only stock before the period begins', () => {
    expect(sampleLists('2023-12-31')).toHaveLength(4)
    expect(sampleLists('2024-01-01')).toHaveLength(4)
    expect(sampleLists('2028-06-01')).toHaveLength(8)
  })
})
