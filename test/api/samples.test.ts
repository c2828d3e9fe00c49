import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../harness/service.ts'

const SAMPLES = fileURLToPath(new URL('../fixtures/samples/', import.meta.url))
interface Figures {
  busReplaced: number
  busReplacedNev: number
  packsReplaced: number
  taxiReplaced: number
  taxiReplacedNev: number
  oldDieselTrucksRetired: number
  trucksAdded: number
}
const expected = JSON.parse(readFileSync(`${SAMPLES}expected.json`, 'utf8')) as {
  upload: string[]
  vehicles: Record<string, number>
  active: Record<string, number>
  total: Figures & { undeterminedTrucks: number }
  asOfYearEnd: Record<string, Figures>
}
const errors = JSON.parse(readFileSync(`${SAMPLES}errors.expected.json`, 'utf8')) as {
  row: number
  severity: 'none' | 'warning' | 'error'
  code: string | null
}[]
const CATEGORIES: Record<string, string> = { bus: 'bus', taxi: 'cruising-taxi,ride-hailing', truck: 'truck' }

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.close())

async function figures(query = ''): Promise<Figures> {
  const rules = await service.admin.figures(query)
  return {
    busReplaced: rules['bus-renewal']?.denominator ?? -1,
    busReplacedNev: rules['bus-renewal']?.numerator ?? -1,
    packsReplaced: rules['bus-batteries-swapped']?.value ?? -1,
    taxiReplaced: rules['taxi-renewal']?.denominator ?? -1,
    taxiReplacedNev: rules['taxi-renewal']?.numerator ?? -1,
    oldDieselTrucksRetired: rules['old-diesel-trucks-retired']?.value ?? -1,
    trucksAdded: rules['freight-vehicles-added']?.value ?? -1,
  }
}

async function expectFigures() {
  const { undeterminedTrucks, ...total } = expected.total
  expect(await figures()).toEqual(total)
  for (const [year, at] of Object.entries(expected.asOfYearEnd)) {
    expect(await figures(`?asOf=${year}-12-31`), year).toEqual(at)
  }
  const rules = await service.admin.figures()
  expect(rules['old-diesel-trucks-retired']?.undetermined).toBe(undeterminedTrucks)
  for (const [group, category] of Object.entries(CATEGORIES)) {
    const all = await service.admin.get<{ total: number }>(`/vehicles/count?category=${category}`)
    const active = await service.admin.get<{ total: number }>(
      `/vehicles/count?category=${category}&status=active`,
    )
    expect(all.body.total, `${group} vehicles`).toBe(expected.vehicles[group])
    expect(active.body.total, `${group} in service`).toBe(expected.active[group])
  }
}

describe('the six sample lists', () => {
  it('give every expected figure once they are approved', async () => {
    for (const name of expected.upload) {
      const applied = await service.admin.sendAndApprove(SAMPLES + name)
      expect({ name, ...applied.counts, effects: undefined }).toMatchObject({
        error: 0,
        unchanged: 0,
        new: applied.counts.total,
      })
      expect(applied.recorded).toBe(applied.counts.total)
    }
    await expectFigures()
  })

  it('change nothing when they are sent again', async () => {
    for (const name of expected.upload) {
      const again = await service.admin.sendAndApprove(SAMPLES + name)
      expect({ name, ...again.counts }).toMatchObject({ unchanged: again.counts.total, new: 0, error: 0 })
    }
    await expectFigures()
  })

  it('let each row of the faulty list get the code that it must', async () => {
    const sent = await service.admin.uploadFile(`${SAMPLES}errors.xlsx`)
    const checked = await service.admin.importIn(sent.body.id, 'checked')
    const { body } = await service.admin.get<{
      items: {
        row: number
        issues: { code: string; severity: string; message: string; column: string | null }[]
      }[]
    }>(`/imports/${checked.id}/rows?limit=200`)
    const found = body.items.map(({ row, issues }) => ({
      row,
      severity: issues[0]?.severity ?? 'none',
      code: issues.length > 1 ? issues.map((i) => i.code).join() : (issues[0]?.code ?? null),
    }))
    expect(found).toEqual(errors)
    for (const item of body.items) for (const i of item.issues) expect(i.message).toMatch(/\p{Script=Han}/u)
  })
})
