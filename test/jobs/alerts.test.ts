import type { Connection } from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Alerts, GATHER_MS } from '../../jobs/alerts.ts'
import { type AlertDoc, alertModel } from '../../server/alerts/model.ts'
import { tellReaders } from '../../server/alerts/readers.ts'
import type { AlertView } from '../../server/alerts/schema.ts'
import { AlertWatch } from '../../server/alerts/watch.ts'
import type { NoticeView } from '../../server/notices/schema.ts'
import type { PolicyView } from '../../server/policies/schema.ts'
import {
  type Client,
  csvOf,
  type Named,
  type Page,
  person,
  plateOf,
  vehicleOf,
  vinOf,
} from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { startSmtp, type TestSmtp } from '../harness/smtp.ts'

let smtp: TestSmtp
let service: TestService
let admin: Client
let connection: Connection
let yanping: Named
let jianyang: Named
let english: Named
beforeAll(async () => {
  smtp = await startSmtp()
  service = await startTestService({ SMTP_URL: smtp.url, PUBLIC_URL: 'http://fleet.example.com' })
  admin = service.admin
  connection = service.services.connection
  const old = (n: number, county: string) => ({
    ...vehicleOf(n, { category: 'bus', county, operator: county === '350702' ? '延平公交' : '建阳公交' }),
    kind: 'stock',
  })
  const places = Array.from({ length: 40 }, (_, i) => old(i + 1, i < 30 ? '350702' : '350703'))
  await admin.record('stock.csv', csvOf(places))
  yanping = await person(service, { role: 'county-officer', county: '350702' })
  jianyang = await person(service, { role: 'county-officer', county: '350703' })
  english = await person(service, { role: 'officer' })
  await english.send('PATCH', '/me', { language: 'en' })
  // Ticks come when the tests say so.
  await service.jobs.scheduler.stop()
  await tick()
  // What the stock itself moved is told here, and no more below.
  await wait(GATHER_MS + 60_000)
  await tick()
  smtp.received.length = 0
})
afterAll(async () => {
  await service?.close()
  await smtp?.close()
})

/** How far the tests' own time is ahead of the service's clock. */
let ahead = 0
const now = () => new Date(service.services.clock.now().getTime() + ahead)
const wait = async (ms: number) => {
  ahead += ms
}
const alertsOf = () => {
  const { alerts } = service.jobs
  if (!alerts) throw new Error('no alerts')
  return alerts
}
/** Lets the tick find what happened, and sends the mails. */
async function tick(): Promise<void> {
  await alertsOf().tick(now())
  await service.jobs.outbox.deliverDue(now())
}
const list = async (by: Client = admin, query = '') =>
  (await by.get<Page<AlertView>>(`/alerts?${query}`)).body.items
const latest = async (query = '', by: Client = admin) => (await list(by, query))[0]
const mailsTo = (address: string) =>
  smtp.received.filter((m) => m.to.includes(address) && (m.mail.subject ?? '').match(/占比|指标|share/i))
const bus = (n: number, replaces: number, energy: string, county = '350702') => ({
  ...{ kind: 'replaced', on: '2026-03-01', replaces: [plateOf(replaces)] },
  vehicle: vehicleOf(n, {
    ...{ category: 'bus', energy, county, ...(energy === 'BEV' ? {} : { emission: '6' }) },
    operator: county === '350702' ? '延平公交' : '建阳公交',
  }),
})

/** What rounds of mails are made from, beside the service's own tick. */
const mailParts = () => ({
  ...{ connection, watch: { look: async () => 0 }, readers: service.services.alertReaders },
  ...{ unsubscribe: service.services.unsubscribe, address: () => 'http://fleet.example.com' },
  ...{ timeZone: 'Asia/Shanghai', onQueued: () => {}, outbox: service.jobs.outbox },
  log: { info: () => {}, warn: () => {}, error: () => {} },
})

const SENTENCE = '更新公交车新能源占比由“达到要求”变为“已不达标”'

describe('an alert', () => {
  it('tells whom it concerns that a status changed, with the entry, its reason and what can be done', async () => {
    for (const n of [1, 2, 3]) await admin.mustChange(bus(100 + n, n, 'BEV'))
    await tick()
    const quiet = await list()
    const made = await admin.mustChange({ ...bus(104, 4, 'diesel'), breachReason: '山区线路暂无充电桩' })
    await tick()
    const fresh = (await list()).slice(0, (await list()).length - quiet.length)
    expect(fresh.map((a) => [a.county, a.rule, a.kind, a.direction])).toEqual(
      expect.arrayContaining([
        [null, 'bus-renewal', 'status', 'worse'],
        ['350702', 'bus-renewal', 'status', 'worse'],
      ]),
    )
    const city = fresh.find((a) => a.county === null && a.rule === 'bus-renewal')
    expect(city).toMatchObject({
      before: { status: 'on-track', numerator: 3, denominator: 3, value: 100 },
      after: { status: 'breached', numerator: 3, denominator: 4, value: 75 },
      ...{ because: ['changes'], needed: null, target: 100 },
      changes: {
        total: 1,
        items: [
          { id: made.id, plate: plateOf(104), by: '管理员', reason: '山区线路暂无充电桩', voided: false },
        ],
      },
    })
    const mail = mailsTo('admin@example.com').find((m) => m.mail.subject === SENTENCE)
    for (const part of [mail?.mail.text, String(mail?.mail.html)])
      for (const said of [
        SENTENCE,
        ...[
          '100.0%',
          '75.0%',
          '3/4',
          plateOf(104),
          '延平公交',
          '管理员',
          '山区线路暂无充电桩',
          '期内无法再回到目标',
        ],
        `http://fleet.example.com/vehicles/${vinOf(104)}`,
        'http://fleet.example.com/evidence/bus-renewal?asOf=2026-11-23',
      ])
        expect(part?.replaceAll('&amp;', '&')).toContain(said)
    expect(mail?.mail.headers.get('list')).toMatchObject({
      unsubscribe: { url: expect.stringContaining('http://fleet.example.com/api/v1/unsubscribe?token=') },
    })
    expect(mailsTo(english.email).map((m) => m.mail.subject)).toContain(
      'New-energy share of replaced buses: from “On track” to “Breached”',
    )
    expect(mailsTo(yanping.email).map((m) => m.mail.subject)).toContain(`延平区：${SENTENCE}`)
    expect(mailsTo(jianyang.email)).toEqual([])
    const told = (await yanping.get<Page<NoticeView>>('/notices')).body.items.filter(
      (n) => n.kind === 'alert',
    )
    expect(told[0]?.link).toBe(`/alerts?id=${fresh.find((a) => a.county === '350702')?.id}`)
    expect(told[0]?.params).toMatchObject({ afterZh: '已不达标', afterEn: 'Breached' })
  })

  it('is not told again, however often is looked', async () => {
    const [alerts, mails] = [(await list()).length, smtp.received.length]
    for (let i = 0; i < 3; i++) await tick()
    await Promise.all([alertsOf().tick(now()), alertsOf().tick(now()), alertsOf().tick(now())])
    expect([(await list()).length, smtp.received.length]).toEqual([alerts, mails])
  })

  it('comes of every further breach, gathered with what follows into one mail in ten minutes', async () => {
    const before = mailsTo('admin@example.com').length
    const second = await admin.mustChange({ ...bus(105, 5, 'diesel'), breachReason: '车辆采购在先' })
    await tick()
    expect(await latest('county=city&rule=bus-renewal')).toMatchObject({
      ...{ kind: 'breach', direction: 'worse' },
      before: { status: 'breached', numerator: 3, denominator: 4 },
      after: { status: 'breached', numerator: 3, denominator: 5 },
      changes: { total: 1, items: [{ id: second.id, reason: '车辆采购在先' }] },
    })
    await admin.post(`/changes/${second.id}/void`, { reason: '登记有误' })
    const { items } = (
      await admin.get<Page<{ id: string; vehicle: { plate: string } }>>('/changes?kind=replaced')
    ).body
    const first = items.find((c) => c.vehicle.plate === plateOf(104))
    await tick()
    await admin.post(`/changes/${first?.id}/void`, { reason: '实为纯电动' })
    await tick()
    expect(await latest('county=city&rule=bus-renewal')).toMatchObject({
      ...{ kind: 'status', direction: 'better' },
      after: { status: 'on-track', value: 100 },
      changes: { items: [{ id: first?.id, voided: true, reason: '实为纯电动' }] },
    })
    expect(mailsTo('admin@example.com').length).toBe(before)
    await wait(GATHER_MS)
    await tick()
    const mails = mailsTo('admin@example.com')
    expect(mails.length).toBe(before + 1)
    const text = mails.at(-1)?.mail.text ?? ''
    expect(mails.at(-1)?.mail.subject).toContain('恢复为“达到要求”')
    for (const said of ['变化过程', '车辆采购在先', '实为纯电动', plateOf(105)]) expect(text).toContain(said)
    await wait(GATHER_MS)
    await tick()
    expect(mailsTo('admin@example.com').length).toBe(before + 1)
  })

  it('comes of nothing that was recorded and withdrawn again between two looks', async () => {
    await tick()
    const before = await list()
    const slip = await admin.mustChange({ ...bus(139, 29, 'diesel'), breachReason: '录入有误' })
    await admin.post(`/changes/${slip.id}/void`, { reason: '录错车辆' })
    await tick()
    expect(await list()).toEqual(before)
  })

  it('names the list that entries came from, and counts them', async () => {
    const diesel = Array.from({ length: 25 }, (_, i) => ({
      ...bus(200 + i, 6 + i, 'diesel').vehicle,
      ...{ kind: 'replaced', on: '2026-04-01', replaces: plateOf(6 + i), county: '350702' },
    })).slice(0, 24)
    const applied = await admin.record('diesel.csv', csvOf(diesel))
    expect(applied.recorded).toBe(24)
    await tick()
    const found = await latest('county=city&rule=bus-renewal')
    expect([found?.changes.total, found?.changes.items.length]).toEqual([24, 20])
    expect(found?.changes.items[0]?.import).toBe(applied.id)
    await wait(GATHER_MS)
    await tick()
    expect(mailsTo('admin@example.com').at(-1)?.mail.text).toContain('共24条，此处列出20条')
  })

  it('tells a county of its own vehicles only', async () => {
    const across = await admin.mustChange({
      ...bus(300, 31, 'diesel', '350703'),
      breachReason: '更新外县车辆',
    })
    await tick()
    const own = await latest('rule=bus-renewal', jianyang)
    expect(own).toMatchObject({ county: '350703', changes: { items: [{ id: across.id }] } })
    expect((await list(yanping)).every((a) => a.county === '350702')).toBe(true)
    expect((await list(jianyang)).every((a) => a.county === '350703')).toBe(true)
  })
})

describe('a crash', () => {
  it('between a look and its telling loses nothing and doubles nothing', async () => {
    const { services } = service
    const parts = {
      ...{ alerts: alertModel(connection), changes: services.models.changes, timeZone: 'Asia/Shanghai' },
      ...{ policies: services.policies, operators: services.operators },
      // The service's own: what it knows of the ledger.
      ...(services.alertWatch as unknown as { parts: ConstructorParameters<typeof AlertWatch>[0] }).parts,
    }
    let told = 0
    const dying = new AlertWatch({
      ...parts,
      telling: async () => async () => {
        told += 1
        throw new Error('died')
      },
    })
    await admin.mustChange({ ...bus(500, 30, 'diesel'), breachReason: '再次' })
    const before = (await list()).length
    await expect(dying.look(now())).rejects.toThrow('died')
    expect(told).toBe(1)
    expect((await list()).length).toBe(before + 1)
    const others = [new AlertWatch({ ...parts }), new AlertWatch({ ...parts })]
    await Promise.all(others.map((watch) => watch.look(now())))
    const after = (await list()).length
    expect(after).toBeGreaterThan(before + 1)
    await Promise.all(others.map((watch) => watch.look(now())))
    expect((await list()).length).toBe(after)
    const keys = await alertModel(connection).collection.distinct('key')
    expect(new Set(keys).size).toBe(await alertModel(connection).collection.countDocuments())
  })

  it('between the mails of a round sends the others, and none twice', async () => {
    const sent: string[] = []
    const { outbox } = service.jobs
    const make = (dies: boolean) =>
      new Alerts({
        ...mailParts(),
        outbox: {
          enqueueMany: async (mail, to, at) => {
            if (dies && sent.length === 1) throw new Error('died')
            const told = await outbox.enqueueMany(mail, to, at)
            if (told.queued > 0) sent.push(...to.map((one) => one.to.address))
            return told
          },
        },
      })
    await wait(GATHER_MS)
    await expect(make(true).mail(now())).rejects.toThrow('died')
    await Promise.all([make(false).mail(now()), make(false).mail(now())])
    expect(sent.toSorted()).toEqual(['admin@example.com', english.email, yanping.email].toSorted())
    const due = { mail: 'due' } satisfies Partial<AlertDoc>
    expect(await alertModel(connection).collection.countDocuments(due as never)).toBe(0)
  })
})

describe('a round of mails', () => {
  it('that another process began and ended meanwhile is not begun again with the same alerts', async () => {
    await wait(GATHER_MS)
    await admin.mustChange({ ...bus(510, 32, 'diesel', '350703'), breachReason: '第三次' })
    await service.services.alertWatch.look(now())
    const [slow, other] = [new Alerts(mailParts()), new Alerts(mailParts())]
    const { rounds } = slow as unknown as { rounds: { updateOne(...args: unknown[]): Promise<unknown> } }
    let ended = 0
    const suspended = Object.assign(Object.create(rounds), {
      async updateOne(...args: unknown[]) {
        // It has read what is due, and is suspended while the other does all of it.
        if (ended === 0) ended = await other.mail(now())
        return rounds.updateOne(...args)
      },
    })
    Object.assign(slow as object, { rounds: suspended })
    expect(await slow.mail(now())).toBe(0)
    expect(ended).toBeGreaterThan(0)
  })

  it('is written once for those who get the same, and without links to pages for an address without account', async () => {
    await wait(GATHER_MS)
    const second: Named = await person(service, { role: 'officer' })
    const listed = { email: 'mayor@example.org', name: '分管领导', language: 'zh-CN', topics: ['alerts'] }
    const made = await admin.post('/recipients', { ...listed, county: null })
    expect([made.status, made.body]).toEqual([201, made.body])
    await admin.mustChange({ ...bus(520, 33, 'diesel', '350703'), breachReason: '第四次' })
    await service.services.alertWatch.look(now())
    const groups: string[][] = []
    const { outbox } = service.jobs
    const alerts = new Alerts({
      ...mailParts(),
      outbox: {
        enqueueMany: (mail, to, at) => {
          groups.push(to.map((one) => one.to.address))
          return outbox.enqueueMany(mail, to, at)
        },
      },
    })
    await alerts.mail(now())
    expect(groups).toContainEqual(['admin@example.com', second.email])
    expect(groups).toContainEqual(['mayor@example.org'])
    await outbox.deliverDue(now())
    const [mail] = mailsTo('mayor@example.org')
    expect(mail?.mail.headers.get('list')).toBeDefined()
    for (const part of [mail?.mail.text, String(mail?.mail.html)])
      for (const page of ['/me', '/alerts', '/evidence', '/vehicles'])
        expect(part).not.toContain(`http://fleet.example.com${page}`)
  })

  it('reads whom to tell once a look', async () => {
    const { notices, alertReaders, alertWatch } = service.services
    let asked = 0
    const counted = () => {
      asked += 1
      return alertReaders()
    }
    const { parts } = alertWatch as unknown as { parts: ConstructorParameters<typeof AlertWatch>[0] }
    const watch = new AlertWatch({ ...parts, telling: tellReaders(notices, counted) })
    await admin.mustChange(bus(530, 34, 'BEV', '350703'))
    await alertWatch.look(now())
    // Worse for the county and for the city.
    await admin.mustChange({ ...bus(531, 35, 'diesel', '350703'), breachReason: '第五次' })
    expect(await watch.look(now())).toBeGreaterThan(1)
    expect(asked).toBe(1)
  })
})

describe('the passing of days and the policy', () => {
  it('change statuses too', async () => {
    const { policy } = (await admin.get<PolicyView>('/policy')).body
    const rules = policy.rules.map((r) =>
      r.id === 'freight-vehicles-added' ? { ...r, target: 1, milestones: [] } : r,
    )
    await admin.mustChange({ kind: 'added', on: '2026-10-01', vehicle: vehicleOf(400, { emission: '6' }) })
    await tick()
    const put = await admin.post('/policy/versions', { policy: { ...policy, rules }, note: '测试' })
    expect([put.status, put.body]).toEqual([201, put.body])
    await tick()
    expect(await latest('rule=freight-vehicles-added')).toMatchObject({
      ...{ direction: 'better', after: { status: 'met' }, because: ['policy'] },
    })
    // The last day of the plan is over.
    const days = 420
    await wait(days * 24 * 3600_000)
    await tick()
    expect(await latest('rule=old-diesel-trucks-retired')).toMatchObject({
      ...{ direction: 'worse', after: { status: 'missed' }, because: ['day'], changes: { total: 0 } },
    })
  })
})

describe('the list of alerts', () => {
  it('is filtered by rule, place, direction and days, page by page', async () => {
    const all = await list()
    expect(all.length).toBeGreaterThan(5)
    expect(all.map((a) => a.at)).toEqual(
      all
        .map((a) => a.at)
        .toSorted()
        .toReversed(),
    )
    expect((await list(admin, 'direction=better')).every((a) => a.direction === 'better')).toBe(true)
    expect((await list(admin, 'county=city')).every((a) => a.county === null)).toBe(true)
    expect((await list(admin, 'county=350703')).every((a) => a.county === '350703')).toBe(true)
    expect(await list(admin, 'to=2026-11-22')).toEqual([])
    expect((await list(admin, 'from=2027-06-01')).every((a) => a.at > '2027-05-31')).toBe(true)
    expect((await admin.all<AlertView>('/alerts?', 3)).map((a) => a.id)).toEqual(all.map((a) => a.id))
    for (const bad of ['from=x', 'cursor=x', 'direction=up', 'limit=0', 'who=me'])
      expect([bad, (await admin.get(`/alerts?${bad}`)).status]).toEqual([bad, 400])
  })

  it('shows nobody what is not theirs', async () => {
    const operator = await person(service, { role: 'operator', operator: '延平公交' })
    const viewer = await person(service, { role: 'viewer' })
    const [city] = await list(admin, 'county=city')
    expect(await list(operator)).toEqual([])
    expect((await list(viewer)).length).toBe((await list()).length)
    expect(await list(yanping, 'county=350703')).toEqual([])
    expect(await list(yanping, 'county=city')).toEqual([])
    expect((await yanping.get(`/alerts/${city?.id}`)).status).toBe(404)
    expect((await operator.get(`/alerts/${city?.id}`)).status).toBe(404)
    expect((await admin.get(`/alerts/${city?.id}`)).body).toMatchObject({ id: city?.id })
    expect((await admin.get('/alerts/000000000000000000000000')).status).toBe(404)
    expect((await admin.get('/alerts/x')).status).toBe(400)
    for (const path of ['/alerts', `/alerts/${city?.id}`])
      expect((await service.visitor().get(path)).status).toBe(401)
  })
})
