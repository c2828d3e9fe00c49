import { ObjectId } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Compliance } from '../../server/compliance/schema.ts'
import type { Policy } from '../../server/domain/policy.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { PolicyView } from '../../server/policies/schema.ts'
import { digestOf } from '../../server/reports/digest.ts'
import type { ReportDoc } from '../../server/reports/model.ts'
import type { ReportCheck, ReportItem, ReportView } from '../../server/reports/schema.ts'
import { ReportStore } from '../../server/reports/store.ts'
import {
  type Client,
  type Page,
  person,
  plateOf,
  type Recorded,
  vehicleOf,
  vinOf,
} from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** Reports on two weeks of a small city, and what is recorded between and after them. */
let service: TestService
let admin: Client
let earlier: ReportView
let report: ReportView
/** entries by what they are called here */
const entries: Record<string, string> = {}
let operators: Record<string, string>

const REASON = { reason: '录入有误' }
const taxi = (n: number, energy: string, more: Record<string, unknown> = {}) =>
  vehicleOf(n, {
    ...{ category: 'cruising-taxi', operator: '甲公司', county: '350702', energy },
    ...(energy === 'BEV' ? {} : { emission: '6' }),
    ...more,
  })
const replacement = (n: number, energy: string, on: string, more: Record<string, unknown> = {}) => ({
  ...{ kind: 'replaced', on, vehicle: taxi(n, energy), replaces: [plateOf(n - 100)] },
  ...more,
})
const enter = async (name: string, body: Record<string, unknown>): Promise<Recorded> => {
  const made = await admin.mustChange(body)
  entries[name] = made.id
  return made
}
const order = async (period: string, kind = 'weekly', by = admin) =>
  by.post<ReportView & ProblemBody>('/reports', { kind, period })
const mustOrder = async (period: string, kind = 'weekly'): Promise<ReportView> => {
  const { status, body } = await order(period, kind)
  if (status !== 201) throw new Error(`the report answered ${status} ${JSON.stringify(body)}`)
  return body
}
const open = async (id: string, by = admin): Promise<ReportView> => {
  const { status, body } = await by.get<ReportView>(`/reports/${id}`)
  if (status !== 200) throw new Error(`opening answered ${status} ${JSON.stringify(body)}`)
  return body
}
const ruleOf = <T extends { rule: string }>(rules: T[], id: string): T | undefined =>
  rules.find(({ rule }) => rule === id)

beforeAll(async () => {
  // A Monday: the week of the 16th is over.
  service = await startTestService({ NOW: '2026-11-23T10:00:00+08:00' })
  admin = service.admin
  const made = []
  for (const [name, county] of [
    ['甲公司', '350702'],
    ['乙公司', '350703'],
    ['丙公司', '350703'],
  ])
    made.push((await admin.post<{ id: string; name: string }>('/operators', { name, county })).body)
  operators = Object.fromEntries(made.map(({ id, name }) => [name, id]))
  for (const n of [1, 2, 3, 4, 5, 6, 7])
    await enter(`old ${n}`, { kind: 'stock', vehicle: taxi(n, 'gasoline') })
  await enter('truck', {
    kind: 'stock',
    vehicle: vehicleOf(21, { emission: undefined, operator: '乙公司', county: '350703' }),
  })
  for (const n of [101, 102, 103]) await enter(`taxi ${n}`, replacement(n, 'BEV', '2025-03-01'))
  await enter('hybrid', replacement(104, 'HEV', '2026-11-10'))
  await enter('truck gone', {
    ...{ kind: 'retired', on: '2026-11-12', reason: 'scrapped', vehicle: { vin: vinOf(21) } },
  })
  await enter('old bus', {
    kind: 'stock',
    vehicle: vehicleOf(31, { category: 'bus', emission: '3', operator: '乙公司', county: '350703' }),
  })
  await enter('diesel bus', {
    ...{ kind: 'replaced', on: '2026-11-13', replaces: [plateOf(31)], breachReason: '山区线路暂无充电条件' },
    vehicle: vehicleOf(131, { category: 'bus', emission: '6', operator: '乙公司', county: '350703' }),
  })
  earlier = await mustOrder('2026-W46')
  // Then one happens, one comes late, one is withdrawn, one is put right.
  await enter('happened', replacement(105, 'BEV', '2026-11-17'))
  await enter('late', replacement(106, 'BEV', '2025-06-01'))
  expect((await admin.post(`/changes/${entries['taxi 102']}/void`, REASON)).status).toBe(200)
  const corrected = await admin.post(`/changes/${entries.hybrid}/correct`, {
    ...REASON,
    change: replacement(104, 'BEV', '2026-11-10'),
  })
  expect(corrected.status).toBe(201)
  report = await mustOrder('2026-W47')
})
afterAll(() => service?.close())

describe('a report', () => {
  it('gives the figures of its last day, as known when it was made, and says which ledger they are of', async () => {
    const { content, digest, code } = report
    expect(content).toMatchObject({
      ...{ kind: 'weekly', period: '2026-W47', from: '2026-11-16', asOf: '2026-11-22' },
      ...{ number: '南平交运更新周报〔2026〕47号', shortNumber: 'W2026-47', occasion: 'on-demand' },
      ...{ standsFor: ['2026-W47'], city: { name: { zh: '南平市' } } },
      policy: { version: 1, issuer: '南平市人民政府', number: '南政规〔2024〕8号' },
    })
    const { asOf, knownAt } = content
    const query = `asOf=${asOf}&knownAt=${knownAt}&policyVersion=1`
    expect(content.figures).toEqual((await admin.get<Compliance>(`/compliance?${query}`)).body)
    expect(content.figures.rules.find(({ id }) => id === 'taxi-renewal')).toMatchObject({
      ...{ numerator: 5, denominator: 5, value: 100 },
    })
    for (const county of content.counties)
      expect(county.figures).toEqual(
        (await admin.get<Compliance>(`/compliance?${query}&county=${county.code}`)).body,
      )
    const course = ruleOf(content.courses, 'taxi-renewal')?.points.at(-1)
    expect(course).toMatchObject({ on: '2026-11-22', numerator: 5, denominator: 5 })
    expect([digest, code]).toEqual([digestOf(content), digest.slice(0, 20)])
  })

  it('says what moved since the one before, and why, in parts that add up', () => {
    const { previous, moved, counties } = report.content
    expect(previous).toMatchObject({ id: earlier.id, number: earlier.content.number, dropped: [] })
    const taxis = ruleOf(moved, 'taxi-renewal')
    expect(taxis).toEqual({
      rule: 'taxi-renewal',
      before: { value: 75, numerator: 3, denominator: 4, status: 'on-track' },
      after: { value: 100, numerator: 5, denominator: 5, status: 'on-track' },
      because: {
        happened: { numerator: 1, denominator: 1 },
        late: { numerator: 1, denominator: 1 },
        corrected: { numerator: 0, denominator: -1 },
        policy: { numerator: 0, denominator: 0 },
      },
    })
    expect(ruleOf(counties.find(({ code }) => code === '350702')?.moved ?? [], 'taxi-renewal')).toEqual(taxis)
    const elsewhere = counties.find(({ code }) => code === '350703')?.moved ?? []
    expect(ruleOf(elsewhere, 'taxi-renewal')?.because.happened).toEqual({ numerator: 0, denominator: 0 })
    for (const county of counties) expect(county.moved).toHaveLength(moved.length)
  })

  it('names the exceptions: what breaks a target for good, what nobody has said, what came late', () => {
    const told = (view: ReportView) =>
      view.content.exceptions.items.map(({ rule, reason, change, note, days }) => ({
        ...{ rule, reason, change, note, days },
      }))
    const none = { note: null, days: null }
    const lasting = [
      {
        ...{ rule: 'old-diesel-trucks-retired', reason: 'undetermined', change: entries['truck gone'] },
        ...none,
      },
      {
        ...{ rule: 'bus-renewal', reason: 'breach-confirmed', change: entries['diesel bus'] },
        ...{ note: '山区线路暂无充电条件', days: null },
      },
    ]
    // A hybrid among the taxis is named in the report that it comes new to.
    const hybrid = { rule: 'taxi-renewal', reason: 'not-new-energy', change: entries.hybrid, ...none }
    // To the first report everything is new that was recorded since its week began.
    const late = ['taxi 103', 'taxi 102', 'taxi 101'].map((name) => ({
      ...{ rule: null, reason: 'recorded-late', change: entries[name], note: null, days: 632 },
    }))
    expect(told(earlier)).toEqual([hybrid, ...lasting, ...late])
    const since = { rule: null, reason: 'recorded-late', change: entries.late, note: null, days: 540 }
    expect(told(report)).toEqual([...lasting, since])
    expect(report.content.exceptions).toMatchObject({
      total: 3,
      byReason: { 'not-new-energy': 0, 'breach-confirmed': 1, undetermined: 1, 'recorded-late': 1 },
    })
    const [bus] = report.content.exceptions.items.filter(({ rule }) => rule === 'bus-renewal')
    expect(bus).toMatchObject({ vin: vinOf(131), operator: { name: '乙公司' }, county: '350703' })
  })

  it('says up to when its data are complete, and who is missing', () => {
    // The October lists: 甲 and 乙 have changes in November only, of 丙 nothing ever came.
    const { completeness, counties } = report.content
    expect(completeness).toMatchObject({
      ...{ month: '2026-10', months: [{ month: '2026-10', expected: 1, reported: 0, missing: 1 }] },
      missing: [{ id: operators.丙公司, name: '丙公司', county: '350703', months: ['2026-10'] }],
      ...{ completeTo: null, firstGap: { month: '2026-10', missing: 1 } },
    })
    const of = (code: string) => counties.find((county) => county.code === code)?.completeness
    expect(of('350702')).toMatchObject({ expected: 0, missing: [], firstGap: null })
    expect(of('350703')).toMatchObject({ expected: 1, missing: [{ name: '丙公司' }] })
  })
})

describe('opened again later', () => {
  const later: Record<string, string> = {}
  beforeAll(async () => {
    later.recorded = (await enter('afterwards', replacement(107, 'HEV', '2026-11-20'))).id
    later.voided = entries.happened ?? ''
    expect((await admin.post(`/changes/${later.voided}/void`, REASON)).status).toBe(200)
    // After the report's day: of no concern to it.
    await enter('another day', {
      ...{ kind: 'added', on: '2026-11-23' },
      vehicle: vehicleOf(500, { energy: 'BEV', operator: '乙公司', county: '350703' }),
    })
    const { policy } = (await admin.get<PolicyView>('/policy')).body
    const rule = (policy as Policy).rules.find(({ id }) => id === 'taxi-renewal')
    if (rule?.kind === 'share') rule.target = 90
    const published = await admin.post('/policy/versions', { policy, note: '市政府办公室通知' })
    expect(published.status).toBe(201)
  })

  it('it is the same to the digit, and the ledger still gives the same', async () => {
    const again = await open(report.id)
    expect(again.content).toEqual(report.content)
    expect([again.digest, digestOf(again.content)]).toEqual([report.digest, report.digest])
    const { asOf, knownAt, policy } = again.content
    const query = `asOf=${asOf}&knownAt=${knownAt}&policyVersion=${policy.version}`
    expect((await admin.get<Compliance>(`/compliance?${query}`)).body).toEqual(report.content.figures)
    await service.restart()
    expect((await open(report.id)).content).toEqual(report.content)
    expect((await admin.get<Compliance>(`/compliance?${query}`)).body).toEqual(report.content.figures)
  })

  it('it says exactly what has changed since', async () => {
    const { since } = await open(report.id)
    expect(since).toMatchObject({ asOf: '2026-11-22', changed: true, policy: { before: 1, after: 2 } })
    expect(ruleOf(since.rules, 'taxi-renewal')).toEqual({
      rule: 'taxi-renewal',
      before: { value: 100, numerator: 5, denominator: 5, status: 'on-track' },
      // Of 90 % now, 4 of 5 are short.
      after: { value: 80, numerator: 4, denominator: 5, status: 'behind' },
      because: {
        late: { numerator: 0, denominator: 1 },
        corrected: { numerator: -1, denominator: -1 },
        policy: { numerator: 0, denominator: 0 },
      },
      ...{ recorded: 1, voided: 1 },
    })
    expect(since.entries).toMatchObject([
      {
        ...{ what: 'recorded', change: later.recorded, vin: vinOf(107), corrects: null },
        ...{ operator: { id: operators.甲公司, name: '甲公司' } },
      },
      { what: 'voided', change: later.voided, vin: vinOf(105) },
    ])
    expect(since.entries[0]?.rules.sort()).toEqual(['taxi-fleet', 'taxi-renewal'])
    for (const rule of since.rules.filter(({ rule }) => !rule.startsWith('taxi')))
      expect(rule).toMatchObject({ after: rule.before ?? {}, recorded: 0, voided: 0 })
    const [then, now] = [since.knownAt, since.knownNow].map(
      (knownAt) => `/compliance/taxi-renewal/evidence/count?asOf=${since.asOf}&knownAt=${knownAt}`,
    )
    const counts = await Promise.all([admin.get(`${then}`), admin.get(`${now}`)])
    expect(counts.map(({ body }) => body.total)).toEqual([5, 5])
  })

  it('one of which nothing has changed says so', async () => {
    const { body } = await order('2026-10', 'monthly')
    expect(body.since).toMatchObject({ changed: false, entries: [] })
  })
})

describe('who sees what', () => {
  it('a county’s officer sees the county alone', async () => {
    const officer = await person(service, { role: 'county-officer', county: '350703' })
    const { content, since } = await open(report.id, officer)
    const own = report.content.counties.find(({ code }) => code === '350703')
    expect(content.figures).toEqual(own?.figures)
    expect(content.counties).toEqual([own])
    expect(content).toMatchObject({
      completeness: own?.completeness,
      exceptions: own?.exceptions,
      courses: [],
    })
    expect(JSON.stringify(content)).not.toContain('甲公司')
    expect(content.exceptions.items.map(({ vin }) => vin).sort()).toEqual([vinOf(131), vinOf(21)].sort())
    expect([since.changed, since.entries]).toEqual([false, []])
    const list = (await officer.get<Page<ReportItem>>('/reports?kind=weekly')).body
    expect(list.items[0]?.rules.find(({ id }) => id === 'taxi-renewal')).toMatchObject({ denominator: 0 })
  })

  it('an operator sees its own figures, as they were known then', async () => {
    const own = await person(service, { role: 'operator', operator: '甲公司' })
    const { content, since } = await open(report.id, own)
    expect(content.figures.rules.find(({ id }) => id === 'taxi-renewal')).toMatchObject({ denominator: 5 })
    expect(content).toMatchObject({ counties: [], courses: [], moved: [], completeness: { missing: [] } })
    expect(JSON.stringify(content)).not.toContain('乙公司')
    expect(since.entries.map(({ vin }) => vin)).toEqual([vinOf(107), vinOf(105)])
    const other = await person(service, { role: 'operator', operator: '丙公司' })
    const theirs = await open(report.id, other)
    expect(theirs.content.completeness.missing.map(({ name }) => name)).toEqual(['丙公司'])
    expect(theirs.content.exceptions.items).toEqual([])
    expect([theirs.since.entries, JSON.stringify(theirs)]).toEqual([
      [],
      expect.not.stringContaining('甲公司'),
    ])
  })

  it('only those of the bureau have one made', async () => {
    for (const role of ['county-officer', 'viewer', 'operator'] as const) {
      const somebody = await person(service, { role })
      expect([role, (await order('2026-W40', 'weekly', somebody)).status]).toEqual([role, 403])
    }
    const officer = await person(service, { role: 'officer' })
    expect((await order('2026-W40', 'weekly', officer)).status).toBe(201)
    const { items } = (
      await admin.get<Page<{ action: string; target: { label: string } }>>(
        `/audit?action=report.order&q=${encodeURIComponent('周报〔2026〕40号')}`,
      )
    ).body
    expect(items[0]?.target.label).toBe('南平交运更新周报〔2026〕40号')
  })
})

describe('the list', () => {
  it('is the latest period first, by kind, page by page', async () => {
    const periods = async (query: string) =>
      (await admin.all<ReportItem>(`/reports?${query}`, 1)).map(({ period }) => period)
    expect(await periods('kind=weekly')).toEqual(['2026-W47', '2026-W46', '2026-W40'])
    expect(await periods('kind=monthly')).toEqual(['2026-10'])
    expect(await periods('kind=quarterly')).toEqual([])
    expect(await periods('')).toHaveLength(4)
    const { items, total } = (await admin.get<Page<ReportItem>>('/reports?kind=weekly')).body
    expect(total).toBe(3)
    expect(items[0]).toMatchObject({
      ...{ id: report.id, number: report.content.number, digest: report.digest, exceptions: 3 },
      comparedWith: { period: '2026-W46' },
      completeness: { month: '2026-10', expected: 1, reported: 0, lacking: 1 },
    })
    expect(items[0]?.rules.find(({ id }) => id === 'taxi-renewal')).toMatchObject({ value: 100 })
    expect((await admin.get('/reports?cursor=bm9uZQ')).status).toBe(400)
    expect((await admin.get('/reports?kind=daily')).status).toBe(400)
  })

  it.each([
    ['weekly', '2026-W47', 409, 'report.exists'],
    ['weekly', '2026-W48', 400, 'period.not-over'],
    ['monthly', '2026-11', 400, 'period.not-over'],
    ['monthly', '2023-12', 400, 'period.before-plan'],
    ['quarterly', '2026-Q5', 400, 'period.invalid'],
    ['weekly', '../etc', 400, 'period.invalid'],
  ])('makes no %s report on %s', async (kind, period, status, code) => {
    const answer = await order(period, kind)
    expect([answer.status, answer.body.errors[0]?.code ?? answer.body.code]).toEqual([status, code])
  })

  it('makes one of two that are asked for at once', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => order('2026-Q3', 'quarterly')))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409])
    const noted = await admin.get<Page<unknown>>('/audit?action=report.make&q=季报')
    expect(noted.body.items).toHaveLength(1)
  })

  it('counts an operator once, however many months it lacks', async () => {
    const [quarter] = (await admin.get<Page<ReportItem>>('/reports?kind=quarterly')).body.items
    const { months, lacking } = quarter?.completeness ?? {}
    expect(lacking).toBeGreaterThan(0)
    expect(months?.map(({ missing }) => missing)).toEqual([lacking, lacking, lacking])
    const officer = await person(service, { role: 'county-officer', county: '350703' })
    const [theirs] = (await officer.get<Page<ReportItem>>('/reports?kind=quarterly')).body.items
    expect(theirs?.completeness).toMatchObject({ expected: 1, lacking: 1 })
  })

  it('takes from the database what it shows, and no more', async () => {
    const { connection } = service.services
    const store = new ReportStore(connection, { note: async () => {}, noted: async () => [] })
    const { items } = await store.list({ kind: 'weekly', limit: 1 }, '350702')
    const [county] = items[0]?.content.counties ?? []
    expect(county?.figures.rules.map(({ id }) => id)).toEqual(
      report.content.figures.rules.map(({ id }) => id),
    )
    for (const rule of [...(county?.figures.rules ?? []), ...(items[0]?.content.figures.rules ?? [])])
      expect(Object.keys(rule).sort()).toEqual([
        'denominator',
        'id',
        'numerator',
        'status',
        'target',
        'title',
        'unit',
        'value',
      ])
    expect(Object.keys(county ?? {}).sort()).toEqual(['completeness', 'exceptions', 'figures'])
  })

  it('does not know one that is none', async () => {
    expect((await admin.get(`/reports/${new ObjectId()}`)).status).toBe(404)
    expect((await admin.get('/reports/x')).status).toBe(400)
    expect((await service.visitor().get(`/reports/${report.id}`)).status).toBe(401)
  })
})

describe('the check of a paper', () => {
  const stored = () => service.services.connection.collection<ReportDoc>('reports')
  const check = async (number: string, code: string, by = service.visitor()): Promise<ReportCheck> => {
    const path = `/reports/check/${encodeURIComponent(number)}?code=${code}`
    const { status, body } = await by.get<ReportCheck>(path)
    expect(status).toBe(200)
    return body
  }
  const UNKNOWN = { verdict: 'unknown', report: null }

  it('tells whoever holds it, without signing in, that it is genuine, with its figures and no more', async () => {
    const { content, digest, code } = report
    for (const number of [content.shortNumber, content.number])
      for (const given of [code, digest, code.toUpperCase(), digest.slice(0, 40)]) {
        const found = await check(number, given)
        expect(found.verdict).toBe('genuine')
        expect(found.report).toMatchObject({ number: content.number, digest, knownAt: content.knownAt })
        expect(
          found.report?.rules.map(({ id, value, numerator, denominator }) => [
            id,
            value,
            numerator,
            denominator,
          ]),
        ).toEqual(content.figures.rules.map((r) => [r.id, r.value, r.numerator, r.denominator]))
        expect(JSON.stringify(found)).not.toMatch(/公司|闽H|LGXC/)
      }
  })

  it('tells nothing to whoever has not the code, not even that there is one', async () => {
    const { content, code, digest } = report
    const wrong = `${code.slice(0, 19)}${code.endsWith('0') ? '1' : '0'}`
    const long = `${digest.slice(0, 39)}${digest[39] === '0' ? '1' : '0'}`
    for (const given of [
      '',
      wrong,
      long,
      code.slice(0, 19),
      earlier.code,
      digest.slice(0, 40).replace(/^./, 'g'),
    ])
      expect(await check(content.shortNumber, given)).toEqual(UNKNOWN)
    expect(await check('W2026-48', code)).toEqual(UNKNOWN)
    expect(await check('%00', code)).toEqual(UNKNOWN)
  })

  it('tells that what is stored was altered, whatever was altered, and whoever mended the digest', async () => {
    const { id, content, code, digest } = report
    const _id = new ObjectId(id)
    const kept = await stored().findOne({ _id: _id as never })
    if (!kept) throw new Error('no report')
    const put = (change: Record<string, unknown>) =>
      stored().updateOne({ _id: _id as never }, { $set: change })
    const altered = structuredClone(content)
    const [rule] = altered.figures.rules
    if (rule) rule.numerator += 1
    for (const change of [
      { content: altered },
      { content: altered, digest: digestOf(altered) },
      { asOf: '2026-11-21' },
    ]) {
      await put(change)
      expect(await check(content.shortNumber, code)).toEqual({ verdict: 'altered', report: null })
      await put({ content: kept.content, digest, asOf: kept.asOf })
    }
    expect((await check(content.shortNumber, code)).verdict).toBe('genuine')
  })

  it('tells that another was put in its place, and that the log has none of it', async () => {
    const { content, code } = report
    const kept = await stored().findOne({ period: '2026-W47' })
    if (!kept) throw new Error('no report')
    const altered = structuredClone(content)
    const [rule] = altered.figures.rules
    if (rule) rule.numerator += 1
    const ALTERED = { verdict: 'altered', report: null }
    // Whole in itself, and under the same number; the second claims that nobody has noted it down yet.
    for (const more of [{}, { unnoted: true }, { unnoted: true, number: '别的〔2026〕47号' }]) {
      const { number = content.number } = more as { number?: string }
      const own = { ...altered, number }
      const other = { ...kept, _id: new ObjectId(), number, content: own, digest: digestOf(own), ...more }
      await stored().deleteOne({ period: '2026-W47' })
      await stored().insertOne(other as never)
      for (const given of [code, other.digest])
        expect(await check(content.shortNumber, given)).toEqual(ALTERED)
      // The job notes down first what has not been.
      const { services } = service
      const now = services.clock.now()
      await services.reports.make('weekly', now, [now], now)
      expect(await check(content.shortNumber, other.digest)).toEqual(ALTERED)
      await stored().deleteOne({ _id: other._id as never })
    }
    await stored().insertOne(kept)
    expect((await check(content.shortNumber, code)).verdict).toBe('genuine')
    const free = {
      ...altered,
      period: '2026-W20',
      number: '南平交运更新周报〔2026〕20号',
      shortNumber: 'W2026-20',
    }
    const { period, number, shortNumber } = free
    const made = { ...kept, _id: new ObjectId(), period, number, shortNumber, content: free }
    await stored().insertOne({ ...made, digest: digestOf(free) } as never)
    expect(await check('W2026-20', digestOf(free))).toEqual(ALTERED)
    await stored().deleteOne({ _id: made._id as never })
  })

  it('tells of an extract what stands on it: nothing of the rest of the city', async () => {
    const officer = await person(service, { role: 'county-officer', county: '350703' })
    const own = await person(service, { role: 'operator', operator: '甲公司' })
    const papers = [await open(report.id, officer), await open(report.id, own)]
    const parts = [
      { kind: 'county', name: { zh: '建阳区', en: 'Jianyang' } },
      { kind: 'operator', name: { zh: '甲公司', en: '甲公司' } },
    ]
    for (const [i, { code, digest, content }] of papers.entries()) {
      expect(JSON.stringify(papers[i])).not.toContain(report.code)
      const found = await check(content.shortNumber, code)
      expect(found).toMatchObject({ verdict: 'genuine', report: { digest, part: parts[i] } })
      const figures = (rules: { id: string; numerator: number; denominator: number | null }[] = []) =>
        rules.map(({ id, numerator, denominator }) => [id, numerator, denominator])
      expect(figures(found.report?.rules)).toEqual(figures(content.figures.rules))
      expect(figures(found.report?.rules)).not.toEqual(figures(report.content.figures.rules))
    }
    const list = (await officer.get<Page<ReportItem>>('/reports?kind=weekly')).body
    expect(list.items[0]?.digest).toBe(papers[0]?.digest)
    expect((await check(report.content.shortNumber, report.code)).report?.part).toBeNull()
  })

  it('tells that the ledger says something else now than an operator’s extract did', async () => {
    const own = await person(service, { role: 'operator', operator: '甲公司' })
    const { code, digest, content } = await open(report.id, own)
    expect((await own.get<Page<ReportItem>>('/reports?kind=weekly')).body.items[0]?.digest).toBeNull()
    const changes = () => service.services.connection.collection('changes')
    const _id = new ObjectId(entries['taxi 103'])
    const kept = await changes().findOne({ _id })
    if (!kept) throw new Error('no entry')
    await changes().updateOne({ _id }, { $set: { 'vehicle.energy': 'HEV' } })
    await service.restart()
    const ALTERED = { verdict: 'altered', report: null }
    for (const given of [code, digest]) expect(await check(content.shortNumber, given)).toEqual(ALTERED)
    // The report itself is what it was.
    expect((await check(content.shortNumber, report.code)).verdict).toBe('genuine')
    await changes().replaceOne({ _id }, kept)
    await service.restart()
    expect(await check(content.shortNumber, code)).toMatchObject({ verdict: 'genuine', report: { digest } })
    const wrong = `${code.slice(0, 19)}${code.endsWith('0') ? '1' : '0'}`
    expect(await check(content.shortNumber, wrong)).toEqual(ALTERED)
  })

  it('is not for guessing', async () => {
    const guess = () => service.visitor().get('/reports/check/W2026-47?code=0')
    const answers = []
    for (let n = 0; n < 61; n++) answers.push((await guess()).status)
    expect(answers.at(-1)).toBe(429)
  })
})

describe('a report of an earlier version of the application', () => {
  it('keeps its figures, is listed, opened, compared and checked as the others', async () => {
    const { figures } = earlier.content
    const asOf = '2026-11-08'
    const query = `asOf=${asOf}&knownAt=${figures.knownAt}&policyVersion=1`
    const old = (await admin.get<Compliance>(`/compliance?${query}`)).body
    const { id, version } = old.policy
    const _id = new ObjectId()
    await service.services.connection.collection('reports').insertOne({
      ...{ _id, kind: 'weekly', period: '2026-W45', createdAt: new Date(old.knownAt), asOf },
      ...{ knownAt: new Date(old.knownAt), policy: { id, version }, figures: old, previous: null },
    })
    await service.restart()
    const { items } = (await admin.get<Page<ReportItem>>('/reports?kind=weekly')).body
    expect(items.map(({ period }) => period)).toEqual(['2026-W47', '2026-W46', '2026-W45', '2026-W40'])
    const opened = await open(_id.toHexString())
    expect(opened.content.figures).toEqual(old)
    expect(opened.content).toMatchObject({ number: '南平交运更新周报〔2026〕45号', createdAt: old.knownAt })
    expect(opened.digest).toBe(digestOf(opened.content))
    const noted = await admin.get<Page<unknown>>(`/audit?action=report.make&target=report:${_id}`)
    expect(noted.body.items).toHaveLength(1)
    const check = `/reports/check/W2026-45?code=${opened.code}`
    expect((await service.visitor().get<ReportCheck>(check)).body.verdict).toBe('genuine')
  })
})
