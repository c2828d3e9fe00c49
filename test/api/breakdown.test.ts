import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Breakdown, Compliance } from '../../server/compliance/schema.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import { type Client, csvOf, download, person, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

const SAMPLES = fileURLToPath(new URL('../fixtures/samples/', import.meta.url))
const BY = ['county', 'operator', 'category', 'energy', 'month'] as const
type Evidence = { numerator: number; denominator: number; undetermined: number }

let service: TestService
let admin: Client

/** The sample lists of buses and taxis, and trucks that are retired, some of unknown standard. */
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
  for (const name of ['bus-stock.xlsx', 'taxi-stock.csv', 'bus-changes.xlsx', 'taxi-changes.csv'])
    await admin.sendAndApprove(SAMPLES + name)
  const counties = ['350702', '350721', '3507WY']
  const trucks = Array.from({ length: 60 }, (_, n) =>
    vehicleOf(n, {
      county: counties[n % 3],
      operator: `货运公司${n % 4}`,
      emission: n % 7 ? String(n % 6) : '',
    }),
  )
  const rows = [
    ...trucks.map((truck) => ({ ...truck, kind: 'stock' })),
    ...trucks.slice(0, 40).map((_, n) => ({
      ...{ vin: vinOf(n), kind: 'retired', reason: n % 5 ? 'scrapped' : 'transferred-out' },
      on: `${2024 + (n % 3)}-0${1 + (n % 9)}-1${n % 9}`,
    })),
  ]
  const applied = await admin.record('trucks.csv', csvOf(rows))
  expect(applied.counts.error).toBe(0)
  // Nothing but what a test does moves what is known.
  await service.quiet()
})
afterAll(() => service.close())

async function breakdown(rule: string, query: string, client = admin): Promise<Breakdown> {
  const { status, body } = await client.get<Breakdown>(`/compliance/${rule}/breakdown?${query}`)
  if (status !== 200) throw new Error(`${query} answered ${status} ${JSON.stringify(body)}`)
  return body
}
const compliance = async (query = '', client = admin) =>
  (await client.get<Compliance>(`/compliance?${query}`)).body
interface Sum {
  numerator: number
  denominator: number
  undetermined: number
}
const sumOf = (items: readonly (Omit<Sum, 'denominator'> & { denominator: number | null })[]): Sum =>
  items.reduce<Sum>(
    (sum, i) => ({
      numerator: sum.numerator + i.numerator,
      denominator: sum.denominator + (i.denominator ?? 0),
      undetermined: sum.undetermined + i.undetermined,
    }),
    { numerator: 0, denominator: 0, undetermined: 0 },
  )

describe('parts of a figure', () => {
  it('add up to it, by every heading, as of any day, of any part', async () => {
    const questions = [
      '',
      'asOf=2024-12-31',
      'asOf=2025-06-30&county=350702',
      'county=3507WY',
      'county=999999',
    ]
    for (const question of questions) {
      for (const rule of (await compliance(question)).rules) {
        const figure = {
          ...{ numerator: rule.numerator, denominator: rule.denominator ?? 0 },
          undetermined: rule.undetermined,
        }
        for (const by of BY) {
          const parts = await breakdown(rule.id, `${question}&by=${by}`)
          expect([question, rule.id, by, sumOf(parts.items)]).toEqual([question, rule.id, by, figure])
          expect(parts.total).toMatchObject({ value: rule.value, numerator: rule.numerator })
          expect(parts.items.map((i) => i.key)).toEqual([...new Set(parts.items.map((i) => i.key))].sort())
        }
      }
    }
  })

  it('are each what the changes behind them add up to', async () => {
    for (const rule of ['bus-renewal', 'taxi-renewal', 'old-diesel-trucks-retired', 'taxi-fleet']) {
      for (const by of BY) {
        const { items, knownAt, asOf } = await breakdown(rule, `by=${by}`)
        expect(items.length).toBeGreaterThan(0)
        for (const item of items.slice(0, 6)) {
          const path = `/compliance/${rule}/evidence?asOf=${asOf}&knownAt=${knownAt}&${by}=${item.key}`
          const counted = sumOf(await admin.all<Evidence>(path))
          const open = item.undetermined ? await admin.all<Evidence>(`${path}&undetermined=true`) : []
          const { undetermined } = sumOf(open)
          expect([rule, by, item.key, { ...counted, undetermined }]).toEqual([
            ...[rule, by, item.key],
            {
              numerator: item.numerator,
              denominator: item.denominator ?? 0,
              undetermined: item.undetermined,
            },
          ])
        }
      }
    }
  })

  it('can be narrowed by category and energy', async () => {
    const all = await breakdown('taxi-renewal', 'by=energy')
    const categories = ['cruising-taxi', 'ride-hailing']
    const parts = await Promise.all(
      categories.map((category) => breakdown('taxi-renewal', `by=energy&category=${category}`)),
    )
    for (const { key, numerator, denominator } of all.items) {
      const found = parts.flatMap(({ items }) => items.filter((i) => i.key === key))
      expect([key, sumOf(found)]).toMatchObject([key, { numerator, denominator }])
    }
    const months = await breakdown('taxi-renewal', 'by=month&energy=BEV')
    expect(sumOf(months.items).denominator).toBe(all.items.find((i) => i.key === 'BEV')?.denominator)
  })

  it('are named in both languages, and ranked by share with the small ones apart', async () => {
    const counties = await breakdown('bus-renewal', 'by=county')
    expect(counties.items.find((i) => i.key === '350702')?.label).toEqual({ zh: '延平区', en: 'Yanping' })
    const { items } = await breakdown('taxi-renewal', 'by=operator')
    for (const item of items) {
      expect(item.small).toBe((item.denominator ?? 0) < 10)
      expect(item.rank === null).toBe(item.small)
      const better = items.filter(
        (o) => !o.small && o.numerator * (item.denominator ?? 0) > item.numerator * (o.denominator ?? 0),
      )
      if (!item.small) expect(item.rank).toBe(better.length + 1)
    }
    const energies = await breakdown('bus-fleet', 'by=energy')
    expect(energies.items.find((i) => i.key === 'BEV')?.label).toEqual({
      ...{ zh: expect.stringContaining('纯电'), en: expect.stringMatching(/electric/i) },
    })
  })

  it('by month have every month between the first and the last, and no share for a fleet', async () => {
    const { items } = await breakdown('taxi-fleet', 'by=month')
    const months = items.map((i) => i.key)
    const at = (m: string) => Number(m.slice(0, 4)) * 12 + Number(m.slice(5))
    expect(at(months.at(-1) ?? '') - at(months[0] ?? '') + 1).toBe(months.length)
    expect(new Set(items.map((i) => i.value))).toEqual(new Set([null]))
  })
})

describe('asking for parts', () => {
  it.each(['', 'by=plate', 'by=county&by=energy', 'by=county&asOf=2025-02-29', 'by=county&energy=HYBRID'])(
    'is refused for %s',
    async (query) => {
      const { status, body } = await admin.get<ProblemBody>(`/compliance/bus-renewal/breakdown?${query}`)
      expect([status, body.code]).toEqual([400, 'request.invalid'])
    },
  )

  it('of a rule or a version that is not there is answered so', async () => {
    for (const rule of ['none', '__proto__', 'constructor']) {
      const { status, body } = await admin.get<ProblemBody>(`/compliance/${rule}/breakdown?by=county`)
      expect([status, body.code]).toEqual([404, 'rule.unknown'])
    }
    const { body } = await admin.get<ProblemBody>(
      '/compliance/bus-renewal/breakdown?by=county&policyVersion=9',
    )
    expect(body.code).toBe('policy.unknown-version')
  })

  it('is for whoever may see the figures, of the part that they may see', async () => {
    const path = '/compliance/old-diesel-trucks-retired/breakdown?by=county'
    expect((await service.visitor().get(path)).status).toBe(401)
    const officer = await person(service, { role: 'county-officer', county: '350721' })
    const own = await breakdown('old-diesel-trucks-retired', 'by=county', officer)
    expect(own.items.map((i) => i.key)).toEqual(['350721'])
    expect((await officer.get(`${path}&county=350702`)).status).toBe(403)
    const operator = await person(service, { role: 'operator', operator: '货运公司1' })
    const mine = await breakdown('old-diesel-trucks-retired', 'by=operator', operator)
    expect(mine.items.map((i) => i.label.zh)).toEqual(['货运公司1'])
    expect((await operator.get(`${path}&operator=op-other`)).status).toBe(403)
  })

  it('twice with the same moment gives the same', async () => {
    const { knownAt, ...first } = await breakdown('taxi-renewal', 'by=month')
    await admin.mustChange({ kind: 'added', on: '2024-02-02', vehicle: vehicleOf(900) })
    expect(await breakdown('taxi-renewal', `by=month&knownAt=${knownAt}`)).toEqual({ knownAt, ...first })
  })

  it('again and again gives the same text, and another as soon as anything is entered or renamed', async () => {
    const ask = async (query = '') => {
      const { bytes, headers } = await download(
        admin,
        `/compliance/freight-vehicles-added/breakdown?by=operator${query}`,
      )
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(headers.get('content-length')).toBe(String(bytes.length))
      return JSON.parse(bytes.toString('utf8')) as Breakdown
    }
    const counts = async (query = '') => (await ask(query)).items.map((i) => [i.label.zh, i.numerator])
    const added = (n: number) => ({ kind: 'added', on: '2026-03-03', vehicle: vehicleOf(n) })
    await admin.mustChange(added(901))
    const before = await ask()
    expect(await ask()).toEqual(before)
    const made = await admin.mustChange(added(902))
    const more = await counts()
    expect(more).toEqual(before.items.map((i) => [i.label.zh, i.numerator + 1]))
    expect(await counts('&asOf=2024-02-01')).toEqual([])
    expect(await counts('&county=350721')).toEqual([])
    const [key] = (await ask()).items.map((item) => item.key)
    const renamed = await admin.send('PATCH', `/operators/${key}`, { name: '改名货运公司' })
    expect(renamed.status).toBe(200)
    expect(await counts()).toEqual(more.map(([, count]) => ['改名货运公司', count]))
    await admin.post(`/changes/${made.id}/void`, { reason: '录入有误' })
    expect(await counts()).toEqual(before.items.map((i) => ['改名货运公司', i.numerator]))
  })

  it('is not worked out anew while nothing has changed', async () => {
    const { breakdowns, clock } = service.services
    const ask = (by: 'operator' | 'county') =>
      breakdowns.json('freight-vehicles-added', { by, operator: undefined }, clock.now())
    for (const by of ['operator', 'county'] as const) {
      const first = await ask(by)
      expect(await ask(by)).toBe(first)
    }
    await admin.mustChange({ kind: 'added', on: '2026-03-03', vehicle: vehicleOf(903) })
    const later = await ask('operator')
    expect(await ask('operator')).toBe(later)
  })

  it('of an empty ledger gives none', async () => {
    const empty = await startTestService()
    try {
      for (const by of BY) {
        const { items, total } = await breakdown('bus-renewal', `by=${by}`, empty.admin)
        expect([items, total.value]).toEqual([[], null])
      }
    } finally {
      await empty.close()
    }
  })
})
