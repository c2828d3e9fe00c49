import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChangeView } from '../../server/changes/schema.ts'
import type { Compliance, RuleFigure, Trend } from '../../server/compliance/schema.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import { type Client, csvOf, type Page, person, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

const SAMPLES = fileURLToPath(new URL('../fixtures/samples/', import.meta.url))
type Evidence = ChangeView & { numerator: number; denominator: number; undetermined: number }

let service: TestService
let admin: Client
/** when half of the ledger was there */
let halfway: Compliance

/** Two sample lists of buses and taxis, and trucks, transfers and voided changes of our own. */
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
  for (const name of ['bus-stock.xlsx', 'taxi-stock.csv', 'bus-changes.xlsx'])
    await admin.sendAndApprove(SAMPLES + name)
  halfway = await compliance()
  await admin.sendAndApprove(`${SAMPLES}taxi-changes.csv`)
  const counties = ['350702', '350721', '3507WY']
  const truck = (n: number) =>
    vehicleOf(n, {
      county: counties[n % 3],
      operator: `货运公司${n % 4}`,
      emission: n % 7 ? String(n % 6) : '',
    })
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)
  const day = (n: number) => `${2024 + (n % 3)}-0${1 + (n % 9)}-1${n % 9}`
  const rows = [
    ...range(0, 120).map((n) => ({ ...truck(n), kind: 'stock' })),
    ...range(200, 230).map((n) => ({ ...truck(n), kind: 'added', on: day(n) })),
    ...range(0, 50).map((n) => ({
      vin: vinOf(n),
      kind: 'retired',
      on: day(n),
      reason: n % 5 ? 'scrapped' : 'transferred-out',
    })),
    ...range(50, 70).map((n) => ({
      ...truck(n + 250),
      energy: 'BEV',
      emission: '',
      kind: 'replaced',
      on: day(n),
      replaces: vinOf(n),
    })),
  ]
  const applied = await admin.record(
    'trucks.csv',
    csvOf(
      rows.map((r) => ('energy' in r && r.energy === 'BEV' ? { ...r, plate: `闽HD${r.plate.slice(2)}` } : r)),
    ),
  )
  expect(applied.counts.error).toBe(0)
  for (const n of range(80, 90))
    await admin.mustChange({
      kind: 'transferred',
      on: day(n),
      vehicle: { vin: vinOf(n) },
      to: { county: '350783', operator: '受让公司' },
    })
  const [first] = (await admin.get<Page<ChangeView>>('/changes?kind=retired')).body.items
  await admin.post(`/changes/${first?.id}/void`, { reason: '测试' })
})
afterAll(() => service.close())

async function compliance(query = '', client = admin): Promise<Compliance> {
  const { status, body } = await client.get<Compliance>(`/compliance${query}`)
  if (status !== 200) throw new Error(`${query} answered ${status} ${JSON.stringify(body)}`)
  return body
}
const sumOf = (items: readonly { numerator: number; denominator: number | null; undetermined: number }[]) => {
  const sum = { numerator: 0, denominator: 0, undetermined: 0 }
  for (const i of items) {
    sum.numerator += i.numerator
    sum.denominator += i.denominator ?? 0
    sum.undetermined += i.undetermined
  }
  return sum
}
const digits = ({ numerator, denominator, undetermined }: RuleFigure) => ({
  numerator,
  denominator: denominator ?? 0,
  undetermined,
})

/** Days before, in, at the ends of and after the period; all of the city, a county, a prefix, an operator; then and now. */
async function questions(): Promise<string[]> {
  const { body } = await admin.get<{ items: { id: string; name: string }[] }>('/operators')
  const operator = body.items.find((o) => o.name === '货运公司1')?.id
  return [
    '',
    '?asOf=2023-12-31',
    '?asOf=2024-01-01',
    '?asOf=2024-08-09&county=350702',
    '?asOf=2025-12-31&county=3507WY',
    '?asOf=2028-06-30',
    '?county=3507',
    '?county=350783',
    `?operator=${operator}`,
    `?asOf=2025-06-30&county=350721&operator=${operator}`,
    '?county=999999',
    `?knownAt=${halfway.knownAt}`,
    `?asOf=2024-12-31&knownAt=${halfway.knownAt}&county=350702`,
    '?operator=',
  ]
}

describe('figures', () => {
  it('have a breakdown by county that adds up to them', async () => {
    for (const question of await questions()) {
      for (const rule of (await compliance(question)).rules) {
        expect([question, rule.id, sumOf(rule.breakdown.county)]).toEqual([question, rule.id, digits(rule)])
        const codes = rule.breakdown.county.map((p) => p.key)
        expect(new Set(codes).size).toBe(codes.length)
      }
    }
  })

  it('are the sum of their evidence, every rule, whatever is asked', async () => {
    for (const question of await questions()) {
      const { rules, knownAt, asOf } = await compliance(question)
      const settled = `${question}${question ? '&' : '?'}knownAt=${knownAt}&asOf=${asOf}`
        .replace(/knownAt=[^&]*&(?=.*knownAt)/, '')
        .replace(/asOf=[^&]*&(?=.*asOf)/, '')
      for (const rule of rules) {
        const path = `/compliance/${rule.id}/evidence${settled}`
        const items = await admin.all<Evidence>(path)
        const undetermined = rule.undetermined ? await admin.all<Evidence>(`${path}&undetermined=true`) : []
        const { numerator, denominator } = sumOf(items)
        expect([
          question,
          rule.id,
          { numerator, denominator, undetermined: sumOf(undetermined).undetermined },
        ]).toEqual([question, rule.id, digits(rule)])
        const { body } = await admin.get<{ total: number }>(path.replace('/evidence', '/evidence/count'))
        expect([rule.id, body.total]).toEqual([rule.id, items.length])
        expect(new Set(items.map((i) => i.id)).size).toBe(items.length)
      }
    }
  })

  it('are where their course ends', async () => {
    for (const question of await questions()) {
      const { rules, asOf } = await compliance(question)
      for (const rule of rules) {
        const { body } = await admin.get<Trend>(`/compliance/${rule.id}/trend${question}`)
        const { numerator, denominator, value } = body.points.at(-1) ?? {}
        expect([question, rule.id, body.asOf, { numerator, denominator, value }]).toEqual([
          ...[question, rule.id, asOf],
          { numerator: rule.numerator, denominator: rule.denominator, value: rule.value },
        ])
        const months = body.points.map((p) => p.month)
        expect(months).toEqual([...new Set(months)].sort())
      }
    }
  })

  it('by category, energy and month add up too', async () => {
    const { rules } = await compliance()
    for (const id of [
      'taxi-renewal',
      'old-diesel-trucks-retired',
      'freight-fleet',
      'bus-batteries-swapped',
    ]) {
      const rule = rules.find((r) => r.id === id)
      const whole = { numerator: rule?.numerator, denominator: rule?.denominator ?? 0 }
      const all = await admin.all<Evidence>(`/compliance/${id}/evidence?`)
      const part = async (query: string) =>
        sumOf(await admin.all<Evidence>(`/compliance/${id}/evidence?${query}`))
      const months = [...new Set(all.map((c) => c.on.slice(0, 7)))].map((m) => `month=${m}`)
      const categories = ['bus', 'cruising-taxi', 'ride-hailing', 'truck', 'sanitation', 'vessel'].map(
        (c) => `category=${c}`,
      )
      const energies = ['BEV', 'PHEV', 'FCEV', 'HEV', 'diesel', 'gasoline', 'gas', 'other'].map(
        (e) => `energy=${e}`,
      )
      for (const queries of [months, categories, energies]) {
        const { numerator, denominator } = sumOf(await Promise.all(queries.map(part)))
        expect([id, queries[0], { numerator, denominator }]).toEqual([id, queries[0], whole])
      }
    }
  })

  it('are the same for ever when asked with the knownAt that came with them', async () => {
    const before = await compliance()
    const evidence = await admin.all<Evidence>(`/compliance/freight-fleet/evidence?knownAt=${before.knownAt}`)
    const made = await admin.mustChange({ kind: 'added', on: '2024-02-02', vehicle: vehicleOf(900) })
    const fresh = await compliance()
    expect(fresh.rules).not.toEqual(before.rules)
    await admin.post(`/changes/${made.id}/void`, { reason: '测试' })
    const [old] = (await admin.get<Page<ChangeView>>('/changes?kind=retired')).body.items
    expect((await admin.post(`/changes/${old?.id}/void`, { reason: '测试' })).status).toBe(200)
    await admin.record(
      'more.csv',
      csvOf([901, 902].map((n) => ({ ...vehicleOf(n), kind: 'added', on: '2024-03-03' }))),
    )
    for (const then of [halfway, before, fresh]) {
      expect(await compliance(`?asOf=${then.asOf}&knownAt=${then.knownAt}`)).toEqual(then)
      const offset = `${new Date(new Date(then.knownAt).getTime() + 8 * 3_600_000).toISOString().slice(0, -1)}%2B08:00`
      expect((await compliance(`?asOf=${then.asOf}&knownAt=${offset}`)).rules).toEqual(then.rules)
    }
    expect(
      (await admin.all<Evidence>(`/compliance/freight-fleet/evidence?knownAt=${before.knownAt}`)).map(
        (e) => e.id,
      ),
    ).toEqual(evidence.map((e) => e.id))
    await service.restart({ NOW: '2026-11-23T11:00:00+08:00' })
    for (const then of [halfway, before, fresh])
      expect((await compliance(`?asOf=${then.asOf}&knownAt=${then.knownAt}`)).rules).toEqual(then.rules)
  })

  it('asked for a later instant than now are given as of what is settled, which is told', async () => {
    const ahead = await compliance('?knownAt=2199-01-01T00:00:00Z')
    const now = await compliance()
    expect(ahead.rules).toEqual(now.rules)
    expect(new Date(ahead.knownAt) <= service.services.clock.now()).toBe(true)
    for (const path of ['evidence', 'trend']) {
      const { body } = await admin.get<Trend>(`/compliance/bus-renewal/${path}?knownAt=2199-01-01T00:00:00Z`)
      expect(new Date(body.knownAt) <= service.services.clock.now()).toBe(true)
    }
    const never = await compliance('?knownAt=1999-01-01T00:00:00Z')
    expect(never.rules.map((r) => [r.numerator, r.status]).filter(([, s]) => s === 'on-track')).toEqual([])
  })

  it.each([
    'asOf=yesterday',
    'asOf=2025-02-29',
    'asOf=2025-13-01',
    'asOf=20250101',
    'asOf=',
    'asOf=2025-01-01&asOf=2025-01-02',
    'knownAt=now',
    'knownAt=2025-01-01',
    'knownAt=2025-01-01T00:00:00',
    'knownAt=2025-02-30T00:00:00Z',
    'knownAt=1',
    `county=${'3'.repeat(13)}`,
    `operator=${'x'.repeat(101)}`,
    'county=%00',
  ])('are refused for %s', async (query) => {
    for (const path of ['', '/bus-renewal/evidence', '/bus-renewal/trend']) {
      const { status, body } = await admin.get<ProblemBody>(`/compliance${path}?${query}`)
      expect([path, status, body.code]).toEqual([path, 400, 'request.invalid'])
    }
  })

  it.each([
    'month=2025',
    'month=2025-13',
    'category=tram',
    'energy=HYBRID',
    'undetermined=perhaps',
    'limit=0',
    'cursor=x',
  ])('have no evidence for %s', async (query) => {
    expect((await admin.get(`/compliance/bus-renewal/evidence?${query}`)).status).toBe(400)
  })

  it.each(['none', '__proto__', 'constructor', 'toString', 'bus-renewal%20', '$where'])(
    'of the rule %s are not there',
    async (rule) => {
      for (const path of ['evidence', 'trend']) {
        const { status, body } = await admin.get<ProblemBody>(`/compliance/${rule}/${path}`)
        expect([status, body.code]).toEqual([404, 'rule.unknown'])
      }
    },
  )

  it('of a county with characters of a pattern are those of no county', async () => {
    for (const county of ['.', '3507.2', '3507[0-9]', '^35', '$', '(', '\\']) {
      const { rules } = await compliance(`?county=${encodeURIComponent(county)}`)
      expect([county, rules.map((r) => r.numerator).filter((n) => n !== 0)]).toEqual([county, []])
      const { body } = await admin.get<Page<Evidence>>(
        `/compliance/freight-fleet/evidence?county=${encodeURIComponent(county)}`,
      )
      expect([county, body.total]).toEqual([county, 0])
    }
  })
})

describe('who sees which figures', () => {
  it('viewers see all of them, visitors none', async () => {
    const viewer = await person(service, { role: 'viewer' })
    expect((await compliance('', viewer)).rules).toEqual((await compliance()).rules)
    for (const path of ['', '/bus-renewal/evidence', '/bus-renewal/trend'])
      expect((await service.visitor().get(`/compliance${path}`)).status).toBe(401)
  })

  it('a county officer and an operator see those of their part, and are refused another', async () => {
    const { body } = await admin.get<{ items: { id: string; name: string }[] }>('/operators')
    const operator = body.items.find((o) => o.name === '货运公司1')?.id ?? ''
    const people: [Client, string, string][] = [
      [await person(service, { role: 'county-officer', county: '350721' }), 'county=350721', 'county=350702'],
      [await person(service, { role: 'operator', operator }), `operator=${operator}`, 'operator=op-other'],
    ]
    for (const [client, own, other] of people) {
      const { knownAt, rules } = await compliance(`?${own}`)
      expect((await compliance(`?knownAt=${knownAt}`, client)).rules).toEqual(rules)
      expect((await compliance(`?knownAt=${knownAt}&${own}`, client)).rules).toEqual(rules)
      const items = await client.all<Evidence>(`/compliance/freight-fleet/evidence?knownAt=${knownAt}`)
      expect(items.map((i) => i.id)).toEqual(
        (await admin.all<Evidence>(`/compliance/freight-fleet/evidence?knownAt=${knownAt}&${own}`)).map(
          (i) => i.id,
        ),
      )
      for (const path of ['', '/bus-renewal/evidence', '/bus-renewal/trend'])
        expect([path, (await client.get(`/compliance${path}?${other}`)).status]).toEqual([path, 403])
    }
  })
})

describe('an empty ledger', () => {
  it('has no data for shares and fleets, and nothing counted', async () => {
    const empty = await startTestService()
    try {
      const { rules, knownAt } = await compliance('', empty.admin)
      expect(new Date(knownAt).getTime()).not.toBeNaN()
      for (const rule of rules) {
        const share = rule.kind !== 'count'
        expect(rule).toMatchObject({
          value: share ? null : 0,
          numerator: 0,
          denominator: share ? 0 : null,
          undetermined: 0,
        })
        if (share) expect([rule.id, rule.status]).toEqual([rule.id, 'no-data'])
        expect(rule.breakdown).toEqual({ county: [] })
        const { body } = await empty.admin.get<Page<Evidence>>(`/compliance/${rule.id}/evidence`)
        expect(body).toMatchObject({ items: [], nextCursor: null, total: 0 })
        const trend = await empty.admin.get<Trend>(`/compliance/${rule.id}/trend`)
        expect(trend.body.points).toHaveLength(35)
        expect(trend.body.requiredLine).toHaveLength(48)
      }
    } finally {
      await empty.close()
    }
  })
})
