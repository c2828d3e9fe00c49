import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ScenarioMails } from '../../jobs/scenario-mails.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { MailedScenario, ScenarioView } from '../../server/scenarios/schema.ts'
import { type Client, csvOf, type Named, type Page, person, plateOf, vehicleOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { startSmtp, type TestSmtp } from '../harness/smtp.ts'

let smtp: TestSmtp
let service: TestService
let officer: Named
let leader: Named
let county: Named
let scenario: ScenarioView
beforeAll(async () => {
  smtp = await startSmtp()
  service = await startTestService({ SMTP_URL: smtp.url, PUBLIC_URL: 'http://fleet.example.com' })
  const taxi = (n: number, energy: string) =>
    vehicleOf(n, { category: 'cruising-taxi', energy, operator: '甲<乙>公司' })
  await service.admin.record(
    'stock.csv',
    csvOf([1, 2].map((n) => ({ ...taxi(n, 'gasoline'), kind: 'stock' }))),
  )
  const changed = { kind: 'replaced', on: '2026-03-01' }
  await service.admin.record(
    'changes.csv',
    csvOf([
      { ...taxi(101, 'BEV'), ...changed, replaces: plateOf(1) },
      { ...taxi(102, 'gasoline'), ...changed, replaces: plateOf(2) },
    ]),
  )
  officer = await person(service, { role: 'officer' })
  leader = await person(service, { role: 'viewer' })
  await leader.send('PATCH', '/me', { language: 'en' })
  county = await person(service, { role: 'county-officer', county: '350703' })
  const { items } = (await service.admin.get<Page<{ id: string; name: string }>>('/operators')).body
  const operators = items.filter((o) => o.name === '甲<乙>公司').map((o) => o.id)
  const steps = [
    { kind: 'replaced', category: 'cruising-taxi', amount: 20, per: 'period', newEnergy: 80, operators },
    { kind: 'retired', category: 'truck', amount: 10, per: 'month', oldDiesel: 100 },
  ]
  const inputs = { others: 'nothing', steps }
  const made = await officer.post<ScenarioView>('/scenarios', {
    name: '八成 <新能源>',
    note: '报分管市长',
    inputs,
  })
  if (made.status !== 201) throw new Error(JSON.stringify(made.body))
  scenario = made.body
})
afterAll(async () => {
  await service?.close()
  await smtp?.close()
})

const send = <T = MailedScenario>(to: string[], note = '', by: Client = officer, id = scenario.id) =>
  by.post<T>(`/scenarios/${id}/mail`, { to, note })
/** What somebody was sent of scenarios; what else happens in the city is mailed too. */
const scenarioMails = () => smtp.received.filter((m) => /情景测算|Scenario/.test(m.mail.subject ?? ''))
const mailsTo = (address: string) => scenarioMails().filter((m) => m.to.includes(address))
async function told(): Promise<void> {
  await service.services.rounds.run()
  await service.jobs.outbox.deliverDue(service.services.clock.now())
}

describe('sending a scenario', () => {
  it('says steps, every target now and at the end, and where it is, in each reader’s language', async () => {
    const answer = await send([officer.id, leader.id], '请 <审阅>')
    expect([answer.status, answer.body.queued.map((p) => p.id), answer.body.already]).toEqual([
      202,
      [officer.id, leader.id],
      [],
    ])
    await told()
    const [zh] = mailsTo(officer.email)
    const [en] = mailsTo(leader.email)
    expect(zh?.mail.subject).toBe('车辆更新台账：情景测算“八成 <新能源>”')
    const text = zh?.mail.text ?? ''
    // 1 of 2, and 16 of 20 more
    expect(text).toContain('更新出租车新能源占比 已完成：现在 50.0%；期末 77.2%\n  目标 70%；按现进度 50.0%')
    expect(text).toMatch(/淘汰老旧营运柴油货车 [^：]*：现在 0辆；期末 13\d辆\n {2}.*；还差 26\d 辆/)
    expect(text).toContain('甲<乙>公司更新巡游出租车 20 辆，新能源占 80%')
    expect(text).toMatch(/全市淘汰营运货车 每月 10 辆，共 13\d 辆，退出车辆中老旧柴油车占 100%/)
    expect(text).toContain(`http://fleet.example.com/scenarios?id=${scenario.id}`)
    for (const part of ['请 <审阅>', '报分管市长']) expect(text).toContain(part)
    const html = String(zh?.mail.html)
    for (const part of ['请 &lt;审阅&gt;', '甲&lt;乙&gt;公司', '77.2%', `/scenarios?id=${scenario.id}`])
      expect(html).toContain(part)
    expect(html).not.toContain('<审阅>')
    expect(en?.mail.subject).toContain('Scenario “八成 <新能源>”')
    expect(en?.mail.text).toContain('New-energy share of replaced taxis Met: Now 50.0%; At the end 77.2%')
    for (const part of [text, html, en?.mail.text]) expect(part).not.toMatch(/scenario\.|undefined|\{\{/)
  })

  it('is one mail a day to each, however often it is asked for; changed, it may be sent again', async () => {
    const again = await send([officer.id, officer.id, leader.id])
    expect(again.body.queued).toEqual([])
    expect(again.body.already.map((p) => p.id)).toEqual([officer.id, leader.id])
    const before = scenarioMails().length
    for (let i = 0; i < 2; i++) await told()
    expect(scenarioMails().length).toBe(before)
    const changed = await officer.send('PATCH', `/scenarios/${scenario.id}`, { revision: 1, note: '第二稿' })
    expect(changed.status).toBe(200)
    expect((await send([leader.id])).body.queued).toHaveLength(1)
    await told()
    expect(mailsTo(leader.email)).toHaveLength(2)
    expect(mailsTo(leader.email)[1]?.mail.text).toContain('第二稿')
  })

  it('is done once when it stopped between the mail and its mark', async () => {
    const wishes = service.services.connection.collection('scenario-mails')
    await wishes.updateMany({}, { $set: { mail: 'due' } })
    const before = scenarioMails().length
    await told()
    expect(scenarioMails().length).toBe(before)
    expect(await wishes.countDocuments({ mail: 'due' })).toBe(0)
  })

  it('leaves out an address that no mail can have, and sends the others theirs', async () => {
    await service.quiet()
    const sent: string[] = []
    const wishes = service.services.connection.collection<{ _id: string }>('scenario-mails')
    const any = await wishes.findOne({})
    const wish = (n: number, address: string) => ({
      ...any,
      ...{ _id: `extra ${n}`, account: String(n), mail: 'due', at: new Date(n), to: { name: 'x', address } },
    })
    await wishes.insertMany([wish(1, 'no address'), wish(2, 'fine@example.com')])
    const outbox = {
      enqueue: async (...[mail, now]: Parameters<typeof service.jobs.outbox.enqueue>) => {
        const queued = await service.jobs.outbox.enqueue(mail, now)
        sent.push(mail.to.address)
        return queued
      },
    }
    const log = { info() {}, warn() {}, error() {} }
    const mails = new ScenarioMails({
      scenarios: service.services.scenarioSending,
      outbox,
      timeZone: 'Asia/Shanghai',
      log,
    })
    expect(await mails.sweep(new Date())).toBe(1)
    expect(sent).toEqual(['fine@example.com'])
  })

  it('goes to nobody who may not see it', async () => {
    const driver = await person(service, { role: 'operator', operator: '延平货运公司' })
    const closed = await person(service, { role: 'officer' })
    await service.admin.send('PATCH', `/accounts/${closed.id}`, { active: false })
    for (const [i, id] of [county.id, driver.id, closed.id, '000000000000000000000000'].entries()) {
      const refused = await send<ProblemBody>([officer.id, id])
      expect([i, refused.status, refused.body.errors.map((e) => [e.path, e.code])]).toEqual([
        ...[i, 400],
        [['body.to.1', 'scenario.recipient']],
      ])
    }
    for (const to of [[], ['x'], undefined])
      expect((await officer.post(`/scenarios/${scenario.id}/mail`, { to })).status).toBe(400)
    expect((await send([leader.id], '', leader)).status).toBe(403)
    expect((await send([county.id], '', county)).status).toBe(404)
    expect((await send([leader.id], '', officer, '000000000000000000000000')).status).toBe(404)
    const offered = (await officer.get<Page<{ id: string }>>('/scenarios/recipients')).body.items.map(
      (p) => p.id,
    )
    expect(offered).toContain(leader.id)
    for (const id of [county.id, driver.id, closed.id]) expect(offered).not.toContain(id)
    const near = (await county.get<Page<{ id: string }>>('/scenarios/recipients')).body.items.map((p) => p.id)
    expect(near).toContain(county.id)
    expect(near).toContain(officer.id)
  })

  it('of a county reaches its own officers, and the city’s', async () => {
    const idle = { kind: 'added', category: 'truck', amount: 0, per: 'month' }
    const inputs = { others: 'pace', steps: [idle] }
    const own = await county.post<ScenarioView>('/scenarios', { name: '县里', inputs })
    const answer = await send([county.id, officer.id], '', county, own.body.id)
    expect(answer.body.queued).toHaveLength(2)
    expect(own.body.county).toBe('350703')
    await county.send('DELETE', `/scenarios/${own.body.id}`)
    expect((await send([officer.id], '', county, own.body.id)).status).toBe(404)
    // What was sent is sent, whatever becomes of the scenario.
    await told()
    expect(mailsTo(county.email)[0]?.mail.text).toContain('没有另外的措施')
  })

  it('of a county says so, and tells the counts that its steps bear on, for which it has no target', async () => {
    const truck = { kind: 'retired', category: 'truck', per: 'period', oldDiesel: 100 }
    const inputs = { others: 'nothing', steps: [{ ...truck, amount: 12 }] }
    const own = await county.post<ScenarioView>('/scenarios', { name: '县里淘汰', inputs })
    expect((await send([county.id, leader.id], '', county, own.body.id)).body.queued).toHaveLength(2)
    await told()
    const zh = mailsTo(county.email).at(-1)?.mail
    expect(zh?.subject).toContain('情景测算“县里淘汰”（建阳区）')
    expect(zh?.text).toMatch(/以建阳区.*的数字为起点.*数量目标只对全市设定/)
    expect(zh?.text).toMatch(/淘汰老旧营运柴油货车 [^：]+：现在 0辆；期末 12辆\n {2}按现进度 0辆/)
    // What its steps do not bear on has no target either, and is left out.
    expect(zh?.text).not.toContain('新增')
    expect(String(zh?.html)).toContain('建阳区')
    const en = mailsTo(leader.email).at(-1)?.mail
    expect(en?.subject).toContain('(Jianyang')
    for (const part of [zh?.text, String(zh?.html), en?.text]) expect(part).not.toMatch(/null|undefined/)
  })
})
