import type { Connection } from 'mongoose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createReminders } from '../../jobs/reminders.ts'
import type { NoticeView } from '../../server/notices/schema.ts'
import type { MonthReminders } from '../../server/reporting/reminder-schema.ts'
import type { MonthlyReporting } from '../../server/reporting/schema.ts'
import { type Client, csvOf, type Named, type Page, person, vehicleOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { startSmtp, type TestSmtp } from '../harness/smtp.ts'
import { ranFor } from './support/world.ts'

let smtp: TestSmtp
let service: TestService
let admin: Client
let connection: Connection
beforeAll(async () => {
  smtp = await startSmtp()
})
afterAll(() => smtp?.close())
beforeEach(async () => {
  smtp.behave('accept')
  smtp.received.length = 0
  // The day before the first reminder of November's lists, which are due on 5 December.
  service = await startTestService({
    ...{ SMTP_URL: smtp.url, PUBLIC_URL: 'http://fleet.example.com', NOW: '2026-11-20T10:00:00+08:00' },
  })
  admin = service.admin
  connection = service.services.connection
  await service.quiet()
})
afterEach(() => service?.close())

const MONTH = '2026-11'
const at = (day: string, time = '09:00') => new Date(`${day}T${time}:00+08:00`)
const signal = new AbortController().signal

/** Runs the job of a day, which may stand for earlier ones, and sends the mails. */
async function run(day: string, covers: readonly string[] = [day]) {
  const job = jobOf()
  const now = at(day)
  const call = { slot: now, covers: covers.map((d) => at(d)), manual: false, now, signal }
  const result = await job.run(call)
  await deliver(now)
  return result
}
function jobOf() {
  const { reminders, reminderPlans: plans } = service.services
  const mails = service.jobs.reminderMails
  if (!mails) throw new Error('no reminders')
  return createReminders({ reminders, plans, mails, timeZone: 'Asia/Shanghai' })
}
const deliver = (now: Date) => service.jobs.outbox.deliverDue(now)

let made = 0
async function company(county: string | null, more: { account?: boolean; contacts?: object[] } = {}) {
  const name = `提醒公司${++made}`
  const { contacts = [], account = true } = more
  const { body } = await admin.post<{ id: string }>('/operators', { name, county, contacts })
  const client: Named | null = account ? await person(service, { role: 'operator', operator: body.id }) : null
  return { id: body.id, name, client }
}
const isReminder = (m: { mail: { subject?: string | undefined } }) => /名单|list/i.test(m.mail.subject ?? '')
const mailsTo = (address: string | undefined) =>
  smtp.received.filter((m) => m.to.includes(address ?? '') && isReminder(m))
const subjects = (address: string | undefined) => mailsTo(address).map((m) => m.mail.subject)
const month = async (by: Client = admin, m = MONTH) =>
  (await by.get<MonthReminders>(`/reporting/reminders?month=${m}`)).body
const stateOf = async (id: string, by: Client = admin) =>
  (await month(by)).items.find((i) => i.operator === id)
const nil = (by: Client, operator?: string) =>
  by.post('/reporting/nil', { month: MONTH, ...(operator ? { operator } : {}) })
/** The token of the nil link in a mail. */
const tokenIn = (text: string | undefined) => /\/nil#token=([\w.-]+)/.exec(text ?? '')?.[1] ?? ''

describe('the ladder', () => {
  it('reminds 14, 7 and 1 days before and 1 day after, then tells the county officer, each once', async () => {
    const officer: Named = await person(service, { role: 'county-officer', county: '350702' })
    const other: Named = await person(service, { role: 'county-officer', county: '350703' })
    const { id, name, client } = await company('350702')
    expect(await run('2026-11-20')).toMatchObject({ steps: 0, reminded: 0 })
    for (const day of ['2026-11-21', '2026-11-28', '2026-12-04', '2026-12-06']) {
      expect(await run(day)).toMatchObject({ steps: 1, reminded: 1, mails: 1 })
      // A second time changes nothing.
      expect(await run(day)).toMatchObject({ reminded: 0, mails: 0 })
      await run(`${day.slice(0, 8)}${String(Number(day.slice(8)) + 1).padStart(2, '0')}`)
    }
    expect(subjects(client?.email)).toEqual([
      '请于2026年12月5日前报送2026年11月车辆变动名单',
      '请于2026年12月5日前报送2026年11月车辆变动名单',
      '请于2026年12月5日前报送2026年11月车辆变动名单',
      '2026年11月车辆变动名单已逾期1天',
    ])
    const [first] = mailsTo(client?.email)
    for (const part of [first?.mail.text, String(first?.mail.html)])
      for (const said of [
        ...[name, '还有14天到期', '2026年12月5日', '2026年12月8日', officer.email],
        'http://fleet.example.com/uploads/send',
      ])
        expect(part).toContain(said)
    expect(first?.mail.headers.has('list')).toBe(false)
    expect(mailsTo(officer.email)).toEqual([])
    expect(await run('2026-12-08')).toMatchObject({ steps: 1, escalated: 1, mails: 1 })
    expect(await run('2026-12-08')).toMatchObject({ escalated: 0, mails: 0 })
    expect(subjects(officer.email)).toEqual(['1家企业逾期未报送2026年11月车辆变动名单'])
    expect(mailsTo(officer.email)[0]?.mail.text).toContain(`${name}`)
    expect(mailsTo(officer.email)[0]?.mail.text).toContain('4次，最近2026-12-06')
    expect([subjects(other.email), mailsTo(client?.email).length]).toEqual([[], 4])
    const state = await stateOf(id)
    expect(state?.sent.map((s) => [s.step, s.reach, s.mails.map((m) => m.status)])).toEqual([
      [-14, 'accounts', ['sent']],
      [-7, 'accounts', ['sent']],
      [-1, 'accounts', ['sent']],
      [1, 'accounts', ['sent']],
    ])
    expect(state?.escalatedAt).toBe('2026-12-08T01:00:00.000Z')
    const notices = (await officer.get<Page<NoticeView>>('/notices')).body.items
    expect(notices.map((n) => n.kind)).toContain('reminder-escalated')
  })

  it('stops the moment they report, by whatever way', async () => {
    const lists = await company('350702')
    const nils = await company('350702')
    const hand = await company('350702')
    const still = await company('350702')
    await run('2026-11-21')
    smtp.received.length = 0
    const sent = await lists.client?.check(
      'nov.csv',
      csvOf([{ ...vehicleOf(1, { operator: lists.name }), kind: 'added', on: '2026-11-10' }]),
    )
    await lists.client?.post(`/imports/${sent?.id}/submit`)
    if (nils.client) await nil(nils.client)
    await admin.mustChange({ kind: 'added', on: '2026-11-12', vehicle: vehicleOf(2, { operator: hand.id }) })
    expect(await run('2026-11-28')).toMatchObject({ reminded: 1 })
    expect([lists, nils, hand, still].map((c) => mailsTo(c.client?.email).length)).toEqual([0, 0, 0, 1])
    // Taken back, it is missing again.
    await nils.client?.send('DELETE', `/reporting/nil/${MONTH}`)
    expect(await run('2026-12-04')).toMatchObject({ reminded: 2 })
    expect(mailsTo(nils.client?.email).length).toBe(1)
  })

  it('takes back mails that are queued when they report', async () => {
    const { id, client } = await company('350702')
    const other = await company('350702')
    smtp.behave('refuse-later')
    await run('2026-11-21')
    expect((await stateOf(id))?.sent[0]?.mails[0]?.status).toBe('queued')
    if (client) await nil(client)
    await service.services.rounds.run()
    expect((await stateOf(id))?.sent[0]).toMatchObject({ stopped: true, mails: [{ status: 'given-up' }] })
    expect((await stateOf(other.id))?.sent[0]).toMatchObject({
      stopped: false,
      mails: [{ status: 'queued' }],
    })
    smtp.behave('accept')
    smtp.received.length = 0
    await deliver(at('2026-11-22'))
    expect([mailsTo(client?.email).length, mailsTo(other.client?.email).length]).toEqual([0, 1])
  })

  it('takes back mails however many others wait to be sent', async () => {
    const { id, client } = await company('350702')
    smtp.behave('refuse-later')
    await run('2026-11-21')
    // As without a mail server: what was queued before is still there.
    const many = Array.from({ length: 5_100 }, (_, i) => `op-${i}`)
    const model = await connection.collection<{ _id: string }>('reminders').findOne({})
    const mail = await connection.collection('outbox').findOne({ kind: 'reminder' })
    const period = mail?.period
    const copies = many.map((operator) => ({
      ...model,
      ...{ _id: `!${operator}|2026-10|-14`, operator, month: '2026-10', to: [{ account: operator }] },
    }))
    await connection.collection<{ _id: string }>('reminders').deleteMany({})
    await connection.collection<{ _id: string }>('reminders').insertMany(copies)
    if (model) await connection.collection<{ _id: string }>('reminders').insertOne(model)
    const { _id, ...queued } = mail ?? {}
    await connection.collection('outbox').insertMany(
      many.map((account) => ({
        ...queued,
        ...{ account, key: `reminder|${String(period).replace(MONTH, '2026-10')}|${account}` },
        messageId: `<${account}@example.com>`,
      })),
    )
    if (client) await nil(client)
    await service.services.rounds.run()
    expect((await stateOf(id))?.sent[0]).toMatchObject({ stopped: true, mails: [{ status: 'given-up' }] })
    expect(await connection.collection('reminders').countDocuments({ open: true })).toBe(many.length)
  })

  it('that cannot be written keep none of the others back, and are put aside in the end and told of', async () => {
    const officer: Named = await person(service, { role: 'county-officer', county: '350702' })
    const [bad, good] = [await company('350702'), await company('350702')]
    await company('350702', { account: false })
    const now = at('2026-11-21')
    const step = { month: MONTH, kind: 'remind', offset: -14, on: '2026-11-21' } as const
    await service.services.reminders.make([step], now, signal)
    const due = connection.collection('reminders')
    await due.updateOne({ operator: bad.id }, { $set: { dueOn: 'some day' } })
    // Nor does an address that no mail can have keep a colleague from his.
    const unusable = { account: 'x', email: 'no address', name: '林', language: 'zh-CN' }
    const first = { $push: { to: { $each: [unusable], $position: 0 } } }
    await due.updateOne({ operator: good.id }, first as never)
    const { reminderMails } = service.jobs
    await expect(reminderMails?.sweep(now)).rejects.toThrow('1 reminders could not be put into mails')
    await deliver(now)
    expect([bad.client, good.client, officer].map((who) => mailsTo(who?.email).length)).toEqual([0, 1, 1])
    for (let i = 0; i < 4; i++) await reminderMails?.sweep(now).catch(() => {})
    expect(await due.countDocuments({ mail: 'due' })).toBe(0)
    expect(await connection.collection('notices').countDocuments({ kind: 'mails-failed' })).toBe(1)
  })

  it('waits while a list waits for its decision, and goes on when it was returned', async () => {
    const { name, client } = await company('350702')
    const sent = await client?.check(
      'late.csv',
      csvOf([{ ...vehicleOf(1, { operator: name }), kind: 'added', on: '2026-10-10' }]),
    )
    await client?.post(`/imports/${sent?.id}/submit`)
    await connection
      .collection('imports')
      .updateMany({}, { $set: { submittedAt: at('2026-12-02'), reportedAt: at('2026-12-02') } })
    expect(await run('2026-12-04')).toMatchObject({ reminded: 0 })
    await admin.post(`/imports/${sent?.id}/reject`, { reason: '不是十一月的' })
    expect(await run('2026-12-06')).toMatchObject({ reminded: 1 })
  })
})

describe('who is told', () => {
  it('is every account that has signed in, else the register’s contacts, else the officer in charge', async () => {
    const officer: Named = await person(service, { role: 'county-officer', county: '350721' })
    const two = await company('350721')
    const colleague: Named = await person(service, { role: 'operator', operator: two.id })
    await colleague.send('PATCH', '/me', { language: 'en', listMails: false })
    await admin.post('/accounts', {
      ...{ email: 'never@example.com', name: '从未登录', password: 'long enough to be taken' },
      ...{ role: 'operator', operator: two.id },
    })
    const named = await company('350721', {
      account: false,
      contacts: [
        { name: '陈调度', email: 'chen@company.cn' },
        { name: '林', phone: '0599-1' },
      ],
    })
    const nobody = await company('350721', { account: false, contacts: [{ name: '林', phone: '0599-1' }] })
    expect(await run('2026-11-21')).toMatchObject({ reminded: 2, unreachable: 1, escalated: 1, mails: 4 })
    expect([mailsTo(two.client?.email).length, mailsTo('never@example.com').length]).toEqual([1, 0])
    expect(subjects(colleague.email)).toEqual([
      'The vehicle list for November 2026 is due by 5 December 2026',
    ])
    expect(mailsTo('chen@company.cn')[0]?.mail.text).toContain('登记的联系邮箱')
    expect(subjects(officer.email)).toEqual(['1家企业尚未报送2026年11月名单，且无人可通知'])
    for (const said of [nobody.name, '林 0599-1', '无人可通知'])
      expect(mailsTo(officer.email)[0]?.mail.text).toContain(said)
    expect(mailsTo(officer.email)[0]?.mail.text).not.toContain(named.name)
    expect(await run('2026-11-28')).toMatchObject({ unreachable: 1, escalated: 0 })
    const reaches = (await month()).items.map((i) => [i.operator, i.reach])
    expect(reaches).toEqual(
      expect.arrayContaining([
        [two.id, 'accounts'],
        [named.id, 'contacts'],
        [nobody.id, 'nobody'],
      ]),
    )
  })

  it('is not an address that a mail server has refused, and the officer hears of those that become unreachable later', async () => {
    const officer: Named = await person(service, { role: 'county-officer', county: '350702' })
    const contacts = [{ name: '陈调度', email: 'Chen@company.cn' }]
    const first = await company('350702', { account: false })
    const [second, third] = [await company('350702', { contacts }), await company('350702')]
    expect(await run('2026-11-21')).toMatchObject({ reminded: 2, unreachable: 1, escalated: 1 })
    const refused = (address: string) => ({ address, at: at('2026-11-22'), reason: '550', told: true })
    const disabled = connection.collection('disabled-addresses')
    await disabled.insertOne(refused(second.client?.email ?? ''))
    expect((await stateOf(second.id))?.reach).toBe('contacts')
    await disabled.insertOne(refused('chen@company.cn'))
    expect(await run('2026-11-28')).toMatchObject({ reminded: 1, unreachable: 2, escalated: 1 })
    const texts = mailsTo(officer.email).map((m) => m.mail.text ?? '')
    const names = (text: string | undefined) =>
      [first, second, third].map(({ name }) => name).filter((name) => text?.includes(name))
    expect(texts.map(names)).toEqual([[first.name], [second.name]])
    const told = (await officer.get<Page<NoticeView>>('/notices')).body.items
    expect(told.filter((n) => n.kind === 'reminder-escalated').length).toBe(2)
    // A second time changes nothing.
    expect(await run('2026-11-28')).toMatchObject({ unreachable: 0, escalated: 0 })
  })

  it('is told of the reminders that arrived only', async () => {
    const officer: Named = await person(service, { role: 'county-officer', county: '350702' })
    const { client } = await company('350702')
    await run('2026-11-21')
    smtp.behave('refuse-later')
    await run('2026-11-28')
    smtp.behave('accept')
    smtp.received.length = 0
    // The mails of the second reminder are still queued when the officer is told.
    const now = at('2026-12-08')
    await jobOf().run({ slot: now, covers: [now], manual: false, now, signal })
    await connection
      .collection('outbox')
      .updateMany(
        { kind: 'reminder', status: 'queued' },
        { $set: { status: 'given-up', nextAttemptAt: null } },
      )
    await deliver(now)
    const text = mailsTo(officer.email)[0]?.mail.text
    expect(text).toContain('1次，最近2026-11-21')
    expect(text).not.toContain('多次提醒')
    expect(mailsTo(client?.email)).toEqual([])
  })

  it('is named up to fifty times to an officer; the rest are counted', async () => {
    const officer: Named = await person(service, { role: 'county-officer', county: '350702' })
    const register = connection.collection<{ _id: string }>('operators')
    const { id } = await company('350702', { account: false })
    const { _id, ...model } = (await register.findOne({ _id: id })) ?? { _id: '' }
    const more = Array.from({ length: 59 }, (_, i) => {
      const name = `批量公司${String(i).padStart(2, '0')}号`
      return { ...model, _id: `op-many-${i}`, name, keys: [name] }
    })
    await register.insertMany(more)
    await run('2026-12-08')
    const [mail] = mailsTo(officer.email)
    expect(mail?.mail.subject).toBe('60家企业逾期未报送2026年11月车辆变动名单')
    expect(new Set(mail?.mail.text?.match(/批量公司\d\d号/g)).size).toBeLessThanOrEqual(50)
    expect(mail?.mail.text).toContain('共60家，此处列出50家')
  })

  it('is nobody who need not report or is left in peace; the bureau where no county officer is', async () => {
    const bureau: Named = await person(service, { role: 'officer' })
    const free = await company('350702')
    await admin.send('PATCH', `/operators/${free.id}`, { reportsMonthly: false })
    const [paused, there, left] = [await company('350702'), await company('350781'), await company(null)]
    const set = { paused: { counties: ['350781'], operators: [paused.id] } }
    expect((await admin.send('PATCH', '/reporting/settings', set)).status).toBe(200)
    expect(await run('2026-11-21')).toMatchObject({ reminded: 1 })
    expect([free, paused, there, left].map((c) => mailsTo(c.client?.email).length)).toEqual([0, 0, 0, 1])
    expect(await run('2026-12-08')).toMatchObject({ escalated: 1 })
    expect(mailsTo(bureau.email).length).toBe(1)
    expect((await stateOf(paused.id))?.paused).toBe(true)
  })
})

describe('days without a slot', () => {
  it('lose no step: a schedule of workdays reminds on Monday of what came at the weekend', async () => {
    const { client } = await company('350702')
    // A Friday, and the Monday after it; the 21st is a Saturday.
    expect(await run('2026-11-20')).toMatchObject({ steps: 0 })
    expect(await run('2026-11-23')).toMatchObject({ steps: 1, reminded: 1 })
    expect(await run('2026-11-24')).toMatchObject({ steps: 0 })
    expect(mailsTo(client?.email).length).toBe(1)
  })

  it('are looked at again by the run after one that was interrupted', async () => {
    await company('350702')
    await run('2026-11-20')
    const aborted = new AbortController()
    aborted.abort()
    const now = at('2026-11-23')
    const call = { slot: now, covers: [now], manual: false, now, signal: aborted.signal }
    await expect(jobOf().run(call)).rejects.toThrow()
    expect(await run('2026-11-24')).toMatchObject({ steps: 1, reminded: 1 })
  })
})

describe('steps in the month after next', () => {
  it('remind until the officer is told, without the link for a nil report', async () => {
    const late = { dueDay: 28, steps: [-1, 10], escalateAfter: 12 }
    expect((await admin.send('PATCH', '/reporting/settings', late)).status).toBe(200)
    const officer: Named = await person(service, { role: 'county-officer', county: '350702' })
    const { client } = await company('350702')
    // November's list is due on 28 December.
    expect(await run('2027-01-07')).toMatchObject({ steps: 1, reminded: 1 })
    const [mail] = mailsTo(client?.email)
    expect(mail?.mail.subject).toBe('2026年11月车辆变动名单已逾期10天')
    expect(mail?.mail.text).toContain('http://fleet.example.com/uploads/send')
    expect(mail?.mail.text).toContain('零报告已停止办理')
    expect(String(mail?.mail.html) + mail?.mail.text).not.toContain('/nil')
    expect(await run('2027-01-09')).toMatchObject({ steps: 1, escalated: 1 })
    expect(mailsTo(officer.email).length).toBe(1)
  })
})

describe('after downtime', () => {
  it('only the latest step of what was missed is sent', async () => {
    const officer: Named = await person(service, { role: 'county-officer', county: '350702' })
    const { client } = await company('350702')
    const days = Array.from({ length: 19 }, (_, i) =>
      new Date(Date.UTC(2026, 10, 20 + i)).toISOString().slice(0, 10),
    )
    expect(days.at(-1)).toBe('2026-12-08')
    expect(await run('2026-12-08', days)).toMatchObject({ steps: 2, reminded: 1, escalated: 1 })
    expect([subjects(client?.email), mailsTo(officer.email).length]).toEqual([
      ['2026年11月车辆变动名单已逾期3天'],
      1,
    ])
  })

  it('nobody is reminded of a month that can be reported no more, but the officer hears of it', async () => {
    const officer: Named = await person(service, { role: 'county-officer', county: '350702' })
    const { client } = await company('350702')
    expect(await run('2027-01-02', ['2026-12-05', '2027-01-02'])).toMatchObject({ reminded: 1, escalated: 1 })
    expect(subjects(client?.email)).toEqual(['请于2027年1月5日前报送2026年12月车辆变动名单'])
    expect(mailsTo(officer.email).length).toBe(1)
  })

  it('a process that died between any two steps leaves nothing out and doubles nothing', async () => {
    const companies = [await company('350702'), await company('350702'), await company('350702')]
    // It died after the second reminder was written down.
    const aborted = new AbortController()
    const { reminders } = service.services
    const steps = [{ month: MONTH, kind: 'remind', offset: -14, on: '2026-11-21' }] as const
    const insert = connection.collection('reminders')
    let operators = 0
    const dying = {
      throwIfAborted() {
        if (++operators === 3) aborted.abort(new Error('died'))
        aborted.signal.throwIfAborted()
      },
    } as AbortSignal
    await expect(reminders.make(steps, at('2026-11-21'), dying)).rejects.toThrow('died')
    expect(await insert.countDocuments()).toBe(2)
    // Two others take it up at once; then one dies between queueing a mail and saying so.
    await Promise.all([run('2026-11-21'), run('2026-11-21')])
    await insert.updateMany({}, { $set: { mail: 'due', open: true } })
    await run('2026-11-21')
    expect(companies.map((c) => mailsTo(c.client?.email).length)).toEqual([1, 1, 1])
    expect(await insert.countDocuments()).toBe(3)
  })
})

describe('the service itself', () => {
  it('sends once, at its next start, what its downtime kept back', async () => {
    const { client } = await company('350702')
    // Its scheduler was stopped before it may have noted since when the service is there; whoever asks for jobs notes it.
    expect((await admin.get('/jobs')).status).toBe(200)
    await service.restart({ NOW: '2026-12-07T10:00:00+08:00' })
    await expect
      .poll(() => subjects(client?.email), { timeout: 30_000 })
      .toEqual(['2026年11月车辆变动名单已逾期2天'])
    await ranFor(service, 'reminders', '2026-12-07T01:00:00.000Z')
    const { body } = await admin.get<{
      items: { name: string; lastRun: { covers: string[]; result: object } }[]
    }>('/jobs')
    const last = body.items.find((job) => job.name === 'reminders')?.lastRun
    expect([last?.covers.length, last?.covers[0]]).toEqual([17, '2026-11-21T01:00:00.000Z'])
    expect(last?.result).toMatchObject({ reminded: 1, mails: 1 })
  })
})

describe('the one-click nil report', () => {
  const check = (token: string) => service.visitor().post('/reporting/nil-link', { token })
  const report = (token: string) => service.visitor().post('/reporting/nil-link/report', { token })

  it('asks first, reports without signing in, and does nothing twice', async () => {
    const { id, name, client } = await company('350702')
    await run('2026-11-21')
    const token = tokenIn(mailsTo(client?.email)[0]?.mail.text)
    expect(token).not.toBe('')
    // Whoever reads the mail in the application does not get the link.
    const mail = (await stateOf(id))?.sent[0]?.mails[0]?.id
    const read = await admin.get<{ html: string; text: string }>(`/outbox/${mail}`)
    expect([read.status, read.body.text.includes(name)]).toEqual([200, true])
    expect(read.body.text + read.body.html).not.toContain(token)
    const asked = await check(token)
    expect([asked.status, asked.body]).toEqual([
      200,
      { month: MONTH, operatorName: name, dueOn: '2026-12-05', reported: null },
    ])
    const reporting = async () =>
      (await admin.get<MonthlyReporting>(`/reporting?month=${MONTH}`)).body.items.find(
        (i) => i.operator.id === id,
      )
    expect(await reporting()).toMatchObject({ reported: null })
    expect(
      (await service.visitor().send('GET', `/reporting/nil-link/report?token=${token}`)).status,
    ).not.toBe(200)
    expect(await reporting()).toMatchObject({ reported: null })
    const done = await report(token)
    expect([done.status, done.body.operator]).toEqual([201, id])
    expect(await reporting()).toMatchObject({ reported: 'nil', by: { id: client?.id } })
    expect((await report(token)).status).toBe(200)
    expect((await check(token)).body).toMatchObject({ reported: 'nil' })
    expect(await run('2026-11-28')).toMatchObject({ reminded: 0 })
    const audit = (await admin.get<Page<Record<string, unknown>>>('/audit?action=report.nil')).body.items
    expect(JSON.stringify(audit)).toContain(client?.email)
    expect(JSON.stringify(audit)).not.toContain(token)
  })

  it('is of no use for anything else', async () => {
    const [one, two] = [await company('350702'), await company('350702')]
    await run('2026-11-21')
    const [a, b] = [one, two].map((c) => tokenIn(mailsTo(c.client?.email)[0]?.mail.text)) as [string, string]
    const [bodyA] = a.split('.')
    const [, macB] = b.split('.')
    const forged = Buffer.from(JSON.stringify([`${two.id}|${MONTH}|-7`, two.client?.id])).toString(
      'base64url',
    )
    for (const bad of [`${bodyA}.${macB}`, `${forged}.${macB}`, bodyA, 'x', `${a}x`, a.toUpperCase()])
      expect([bad, (await check(bad ?? '')).status, (await report(bad ?? '')).status]).toEqual([
        bad,
        410,
        410,
      ])
    for (const body of [{}, { token: '' }, { token: a, month: '2026-10' }])
      expect((await service.visitor().post('/reporting/nil-link/report', body)).status).toBe(400)
    // Somebody who has left the company reports nothing for it any more.
    await admin.send('PATCH', `/accounts/${one.client?.id}`, { active: false })
    expect((await report(a)).status).toBe(410)
    // One that reported by list has nothing to report by this.
    await admin.mustChange({ kind: 'added', on: '2026-11-12', vehicle: vehicleOf(2, { operator: two.id }) })
    expect((await check(b)).body).toMatchObject({ reported: 'list' })
    expect((await report(b)).status).toBe(409)
  })

  it('is of no use to who is no contact of the company any more', async () => {
    const contacts = [{ name: '陈调度', email: 'Chen@company.cn' }]
    const { id } = await company('350702', { account: false, contacts })
    await run('2026-11-21')
    const token = tokenIn(mailsTo('chen@company.cn')[0]?.mail.text)
    expect((await check(token)).status).toBe(200)
    await admin.send('PATCH', `/operators/${id}`, { contacts: [{ name: '林', email: 'lin@company.cn' }] })
    expect([(await check(token)).status, (await report(token)).status]).toEqual([410, 410])
  })

  it('ends with the month’s open time', async () => {
    const { client } = await company('350702')
    await run('2026-11-21')
    const token = tokenIn(mailsTo(client?.email)[0]?.mail.text)
    const { nilLinks } = service.services
    await expect(nilLinks.check(token, at('2026-12-31', '23:59'))).resolves.toMatchObject({ month: MONTH })
    await expect(nilLinks.check(token, at('2027-01-01', '00:00'))).rejects.toMatchObject({ status: 410 })
    await expect(nilLinks.redeem(token, at('2027-01-01', '00:00'))).rejects.toMatchObject({ status: 410 })
  })
})

describe('reminding by hand', () => {
  const remind = (by: Client, operator: string, m = MONTH) =>
    by.post<{ code: string; errors: { code: string }[] }>('/reporting/reminders', { month: m, operator })

  it('is for officers within their county, once a day an operator', async () => {
    const { id, client } = await company('350702')
    const officer: Named = await person(service, { role: 'county-officer', county: '350702' })
    const other: Named = await person(service, { role: 'county-officer', county: '350703' })
    const viewer = await person(service, { role: 'viewer' })
    expect((await remind(other, id)).status).toBe(403)
    for (const by of [viewer, client]) if (by) expect((await remind(by, id)).status).toBe(403)
    expect((await remind(service.visitor(), id)).status).toBe(401)
    expect((await remind(officer, id)).status).toBe(201)
    const again = await remind(admin, id)
    expect([again.status, again.body.code]).toEqual([409, 'reminder.today'])
    const { clock, rounds } = service.services
    await rounds.run()
    await deliver(clock.now())
    expect(mailsTo(client?.email).length).toBe(1)
    const state = await stateOf(id, officer)
    expect(state).toMatchObject({
      today: true,
      sent: [{ step: 'by-hand', by: expect.stringContaining('county-officer') }],
    })
    expect((await month(other)).items.map((i) => i.operator)).not.toContain(id)
    const audit = (await admin.get<Page<{ target: { id: string } }>>('/audit?action=report.remind')).body
      .items
    expect(audit.some((entry) => entry.target?.id === id)).toBe(true)
  })

  it('is refused where it makes no sense', async () => {
    const { id, client } = await company('350702')
    const free = await company('350702')
    await admin.send('PATCH', `/operators/${free.id}`, { reportsMonthly: false })
    const nobody = await company('350702', { account: false })
    const codes = async (operator: string, m = MONTH) => {
      const { status, body } = await remind(admin, operator, m)
      return [status, body.errors[0]?.code ?? body.code]
    }
    expect(await codes(id, '2026-09')).toEqual([400, 'reminder.month-not-open'])
    expect(await codes(id, '2026-13')).toEqual([400, 'month.invalid'])
    expect(await codes('op-nobody')).toEqual([400, 'operator.unknown'])
    expect(await codes(free.id)).toEqual([409, 'reminder.not-expected'])
    expect(await codes(nobody.id)).toEqual([409, 'reminder.nobody'])
    if (client) await nil(client)
    expect(await codes(id)).toEqual([409, 'reminder.reported'])
  })

  it('is one when two officers press at once', async () => {
    const { id } = await company('350702')
    const answers = await Promise.all([remind(admin, id), remind(admin, id), remind(admin, id)])
    expect(answers.map((a) => a.status).sort()).toEqual([201, 409, 409])
  })
})

describe('the settings', () => {
  const patch = (by: Client, body: unknown) =>
    by.send<{ errors: { path: string; code: string }[] }>('PATCH', '/reporting/settings', body)

  it('are an administrator’s, and move the days', async () => {
    const { id, client } = await company('350702')
    const officer = await person(service, { role: 'officer' })
    expect((await officer.get('/reporting/settings')).body).toEqual({
      ...{ dueDay: 5, steps: [-14, -7, -1, 1], escalateAfter: 3, updated: null },
      paused: { counties: [], operators: [] },
    })
    expect((await patch(officer, { dueDay: 8 })).status).toBe(403)
    if (client) expect((await client.get('/reporting/settings')).status).toBe(403)
    const set = await patch(admin, { dueDay: 8, steps: [2, -3, -3], escalateAfter: 6 })
    expect([set.status, set.body]).toEqual([
      200,
      expect.objectContaining({ dueDay: 8, steps: [-3, 2], escalateAfter: 6 }),
    ])
    const shown = (await admin.get<MonthlyReporting>(`/reporting?month=${MONTH}`)).body
    expect(shown.dueOn).toBe('2026-12-08')
    expect(await stateOf(id)).toMatchObject({ next: { on: '2026-12-05', offset: -3, escalates: false } })
    expect(await run('2026-12-04')).toMatchObject({ steps: 0 })
    expect(await run('2026-12-05')).toMatchObject({ reminded: 1 })
    const audit = (await admin.get<Page<object>>('/audit?action=reporting.settings')).body.items
    expect(audit.length).toBe(2)
  })

  it('refuse what makes no plan', async () => {
    const cases: [object, string][] = [
      [{ dueDay: 0 }, 'body.dueDay'],
      [{ dueDay: 29 }, 'body.dueDay'],
      [{ dueDay: 1.5 }, 'body.dueDay'],
      [{ steps: [] }, 'body.steps'],
      [{ steps: [0] }, 'body.steps.0'],
      [{ steps: [-29] }, 'body.steps.0'],
      [{ steps: [3] }, 'body.steps'],
      [{ escalateAfter: 1 }, 'body.escalateAfter'],
      [{ escalateAfter: 15 }, 'body.escalateAfter'],
      [{ paused: { counties: ['110101'], operators: [] } }, 'body.paused.counties.0'],
      [{ paused: { counties: [] } }, 'body.paused.operators'],
    ]
    for (const [body, path] of cases) {
      const answer = await patch(admin, body)
      expect([body, answer.status, answer.body.errors[0]?.path]).toEqual([body, 400, path])
    }
    expect((await patch(admin, { unknown: 1 })).status).toBe(400)
    expect((await patch(service.visitor(), { dueDay: 8 })).status).toBe(401)
  })
})
