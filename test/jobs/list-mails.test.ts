import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderListMail } from '../../jobs/mail/list-mail.ts'
import { NOTICE_KINDS, type NoticeView } from '../../server/notices/schema.ts'
import { type Client, csvOf, type Named, type Page, person, vehicleOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { startSmtp, type TestSmtp } from '../harness/smtp.ts'

let smtp: TestSmtp
let service: TestService
let admin: Client
beforeAll(async () => {
  smtp = await startSmtp()
  service = await startTestService({ SMTP_URL: smtp.url, PUBLIC_URL: 'http://fleet.example.com' })
  admin = service.admin
})
afterAll(async () => {
  await service?.close()
  await smtp?.close()
})

type Notices = Page<NoticeView> & { unseen: number }
const notices = async (by: Client) => (await by.get<Notices>('/notices')).body
const kinds = async (by: Client) => (await notices(by)).items.map((n) => n.kind)
/** What was mailed of lists; how the rules stand may be mailed, too. */
const listMails = () => smtp.received.filter((m) => /名单|list/i.test(m.mail.subject ?? ''))
const mailsTo = (address: string) => smtp.received.filter((m) => m.to.includes(address))
const noticesOfLists = () =>
  service.services.connection.collection('notices').countDocuments({ kind: /^list-/ })
/** Lets everything that is to be told be told, and sent. */
async function told(): Promise<void> {
  await service.services.rounds.run()
  await service.jobs.outbox.deliverDue(service.services.clock.now())
}

let used = 0
let made = 0
async function company(county: string | null) {
  const name = `邮件企业${++made}`
  const { body } = await admin.post<{ id: string }>('/operators', { name, county })
  const client: Named = await person(service, { role: 'operator', operator: body.id })
  const rows = (count: number) =>
    Array.from({ length: count }, () => ({
      ...vehicleOf(++used, { operator: name, county: county ?? '350702' }),
      ...{ kind: 'added', on: '2026-03-02' },
    }))
  /** Sends and submits a list. */
  const submit = async (filename: string, list: Record<string, unknown>[]) => {
    const { id } = await client.check(filename, csvOf(list))
    const { status } = await client.post(`/imports/${id}/submit`)
    if (status !== 202) throw new Error('the list was not submitted')
    return id
  }
  return { id: body.id, name, client, rows, submit }
}

describe('telling of lists', () => {
  it('goes to the county’s officers, then to every account of the operator, with a mail each, once', async () => {
    const county: Named = await person(service, { role: 'county-officer', county: '350721' })
    const elsewhere: Named = await person(service, { role: 'county-officer', county: '350703' })
    const bureau: Named = await person(service, { role: 'officer' })
    const own = await company('350721')
    const colleague: Named = await person(service, { role: 'operator', operator: own.id })
    await colleague.send('PATCH', '/me', { language: 'en' })
    const id = await own.submit('三月名单.csv', own.rows(2))
    await told()
    expect([
      await kinds(county),
      await kinds(elsewhere),
      await kinds(bureau),
      await kinds(own.client),
    ]).toEqual([['list-submitted'], [], [], []])
    const [mail] = mailsTo(county.email)
    expect(mail?.mail.subject).toContain(`${own.name}报送了名单《三月名单.csv》`)
    for (const part of ['三月名单.csv', own.name, `http://fleet.example.com/uploads/${id}`]) {
      expect(mail?.mail.text).toContain(part)
      expect(mail?.mail.html).toContain(part)
    }
    await county.post(`/imports/${id}/reject`, { reason: '第 2 行 <请核对> 日期' })
    await told()
    expect(await kinds(own.client)).toEqual(['list-returned'])
    expect((await notices(own.client)).items[0]).toMatchObject({
      ...{
        seen: false,
        link: `/uploads/${id}`,
        params: { reason: '第 2 行 <请核对> 日期', filename: '三月名单.csv' },
      },
    })
    const [returned] = mailsTo(own.client.email)
    expect(returned?.mail.text).toContain('第 2 行 <请核对> 日期')
    expect(returned?.mail.html).toContain('第 2 行 &lt;请核对&gt; 日期')
    const [english] = mailsTo(colleague.email)
    expect(english?.mail.subject).toContain('was returned')
    expect(english?.mail.html).toContain('lang="en"')
    const before = listMails().length
    for (let i = 0; i < 3; i++) await told()
    expect(listMails().length).toBe(before)
  })

  it('tells of each return and each submission anew', async () => {
    const county: Named = await person(service, { role: 'county-officer', county: '350722' })
    const own = await company('350722')
    const id = await own.submit('again.csv', own.rows(1))
    await told()
    for (let round = 0; round < 2; round++) {
      await county.post(`/imports/${id}/reject`, { reason: `第${round}次` })
      await told()
      await own.client.post(`/imports/${id}/recheck`)
      await own.client.importIn(id, 'checked')
      await own.client.post(`/imports/${id}/submit`)
      await told()
    }
    expect(await kinds(county)).toEqual(['list-submitted', 'list-submitted', 'list-submitted'])
    expect(await kinds(own.client)).toEqual(['list-returned', 'list-returned'])
    expect(mailsTo(own.client.email).map((m) => /第\d次/.exec(m.mail.text ?? '')?.[0])).toEqual([
      '第0次',
      '第1次',
    ])
  })

  it('goes to the bureau where no county officer is in charge, or the list reaches beyond the county', async () => {
    const bureau: Named = await person(service, { role: 'officer' })
    const gone: Named = await person(service, { role: 'officer' })
    await admin.send('PATCH', `/accounts/${gone.id}`, { active: false })
    const without = await company('350724')
    await without.submit('nobody.csv', without.rows(1))
    await told()
    expect(await kinds(bureau)).toEqual(['list-submitted'])
    expect(mailsTo(gone.email)).toEqual([])
    const county: Named = await person(service, { role: 'county-officer', county: '350725' })
    const across = await company('350725')
    const [row] = across.rows(1)
    await across.submit('across.csv', [{ ...row, county: '350702' }])
    await told()
    expect([await kinds(county), await kinds(bureau)]).toEqual([
      ['list-submitted'],
      ['list-submitted', 'list-submitted'],
    ])
  })

  it('says what was recorded and what was withdrawn, with the counts and the reason', async () => {
    const own = await company('350702')
    const list = [...own.rows(3), { ...own.rows(1)[0], on: '不详' }]
    const id = await own.submit('counts.csv', list)
    await admin.post(`/imports/${id}/approve`)
    await admin.importIn(id, 'applied')
    await told()
    const [applied] = (await notices(own.client)).items
    expect(applied).toMatchObject({ kind: 'list-applied', params: { recorded: '3', error: '1', total: '4' } })
    expect(mailsTo(own.client.email)[0]?.mail.text).toContain('记录变动 3 条')
    await admin.post(`/imports/${id}/withdraw`, { reason: '重复报送' })
    await admin.importIn(id, 'withdrawn')
    await told()
    const [withdrawn] = (await notices(own.client)).items
    expect(withdrawn).toMatchObject({ kind: 'list-withdrawn', params: { reason: '重复报送' } })
    expect(mailsTo(own.client.email)[1]?.mail.text).toContain('重复报送')
  })

  it('does not tell of an officer’s own upload', async () => {
    const officer: Named = await person(service, { role: 'officer' })
    const before = [await noticesOfLists(), listMails().length]
    await officer.record('own.csv', csvOf([{ ...vehicleOf(++used), kind: 'stock' }]))
    const other = await officer.check('back.csv', csvOf([{ ...vehicleOf(++used), kind: 'stock' }]))
    await officer.post(`/imports/${other.id}/reject`, { reason: '误传' })
    await told()
    const after = [await noticesOfLists(), listMails().length]
    expect(after).toEqual(before)
    const left = { told: null, status: { $in: ['applied', 'rejected'] } }
    expect(await service.services.models.imports.collection.countDocuments(left as never)).toBe(0)
  })

  it('sends no mail to whoever wants none, and still tells in the application', async () => {
    const own = await company('350702')
    const quiet: Named = await person(service, { role: 'operator', operator: own.id })
    await quiet.send('PATCH', '/me', { listMails: false })
    const id = await own.submit('quiet.csv', own.rows(1))
    await admin.post(`/imports/${id}/reject`, { reason: 'x' })
    await told()
    expect(await kinds(quiet)).toEqual(['list-returned'])
    expect([mailsTo(quiet.email).length, mailsTo(own.client.email).length]).toEqual([0, 1])
  })

  it('is made good after a crash at any point, and nobody is told twice', async () => {
    const own = await company('350702')
    const id = await own.submit('crash.csv', own.rows(1))
    await admin.post(`/imports/${id}/reject`, { reason: 'x' })
    await told()
    const { connection, models } = service.services
    // It died after writing the notice and before saying so; or after queueing the mail and before saying so.
    const filename = 'crash.csv'
    for (let i = 0; i < 3; i++) {
      await models.imports.collection.updateOne({ filename }, { $set: { told: null } })
      await connection.collection('notices').updateMany({ account: own.client.id }, { $set: { mail: 'due' } })
      await told()
    }
    expect(await kinds(own.client)).toEqual(['list-returned'])
    expect(mailsTo(own.client.email)).toHaveLength(1)
    // Two processes sweep at once.
    // In this order: a round may come in between.
    await connection.collection('notices').deleteMany({ account: own.client.id })
    await models.imports.collection.updateOne({ filename }, { $set: { told: null } })
    await Promise.all([service.services.rounds.run(), service.services.rounds.run()])
    expect(await kinds(own.client)).toEqual(['list-returned'])
  })

  it('outlives a restart between a decision and its telling', async () => {
    const own = await company('350702')
    const id = await own.submit('restart.csv', own.rows(1))
    await admin.post(`/imports/${id}/reject`, { reason: 'x' })
    await told()
    const { connection, models } = service.services
    await connection.collection('notices').deleteMany({ account: own.client.id })
    await models.imports.collection.updateOne({ filename: 'restart.csv' }, { $set: { told: null } })
    await service.restart()
    own.client.base = service.url
    await expect.poll(() => kinds(own.client)).toEqual(['list-returned'])
  })
})

describe('notices', () => {
  it('are counted until they are seen, one by one or all', async () => {
    const own = await company('350702')
    for (const n of [1, 2, 3]) {
      const id = await own.submit(`seen-${n}.csv`, own.rows(1))
      await admin.post(`/imports/${id}/reject`, { reason: 'x' })
    }
    await told()
    const { items, unseen } = await notices(own.client)
    expect([items.length, unseen, items.every((n) => !n.seen)]).toEqual([3, 3, true])
    const other = await company('350702')
    const seen = (by: Client, body = {}) => by.post<{ unseen: number }>('/notices/seen', body)
    expect((await seen(other.client, { ids: [items[0]?.id] })).body.unseen).toBe(0)
    expect((await notices(own.client)).unseen).toBe(3)
    expect((await seen(own.client, { ids: [items[0]?.id] })).body.unseen).toBe(2)
    expect((await seen(own.client)).body.unseen).toBe(0)
    expect((await seen(own.client)).body.unseen).toBe(0)
    expect((await notices(own.client)).items.every((n) => n.seen)).toBe(true)
    expect((await own.client.all<NoticeView>('/notices?', 2)).map((n) => n.id)).toEqual(
      items.map((n) => n.id),
    )
    for (const body of [{ ids: [] }, { ids: ['x'] }, { all: true }])
      expect((await own.client.post('/notices/seen', body)).status).toBe(400)
    expect((await service.visitor().get('/notices')).status).toBe(401)
    expect((await own.client.get('/notices?cursor=x')).status).toBe(400)
  })
})

describe.each(['zh-CN', 'en'] as const)('a mail about a list in %s', (language) => {
  const params = {
    ...{ operator: '甲<公司>', filename: '三月.csv', sender: '王', by: '李', reason: '理由一', total: '9' },
    ...{ toRecord: '8', recorded: '7', warning: '6', error: '5', code: 'import.corrupt', row: '4' },
    ...{ claim: '主张二', answer: '答复三', decision: 'upheld', until: '2026-12-01', address: 'a@b.cn' },
    ...{ job: 'daily-check', slot: '2026-11-30 06:00', lastSuccess: '2026-11-29 06:00', waiting: '12' },
    ...{ since: '2026-11-30 05:00', failed: '3' },
  }
  // The others have mails of their own.
  const own = ['alert', 'reminder', 'reminder-escalated']
  it.each(NOTICE_KINDS.filter((kind) => !own.includes(kind)))('says the same in both parts: %s', (kind) => {
    const mail = { kind, params, link: '/uploads/1' }
    const { html, text, subject } = renderListMail(mail, {
      language,
      publicUrl: 'https://fleet.example.org/',
    })
    const plain = html
      .replace(/<(style|title)>[\s\S]*?<\/\1>/g, ' ')
      .replace(/<[^>]+>/g, ' ')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
    for (const line of text
      .split('\n')
      .filter((l) => l.trim() !== '' && l !== '-- ' && !l.includes('https://')))
      for (const part of line.split(/：|: /)) expect([part, plain.includes(part)]).toEqual([part, true])
    expect(html).toContain('href="https://fleet.example.org/uploads/1"')
    expect(text).toContain('https://fleet.example.org/uploads/1')
    expect([subject.includes('{{'), text.includes('{{'), html.includes('<公司>')]).toEqual([
      false,
      false,
      false,
    ])
    expect(/\p{Script=Han}{3}/u.test(subject.replace(/甲<公司>|三月/g, ''))).toBe(language === 'zh-CN')
    const nowhere = renderListMail(mail, { language })
    expect([nowhere.html.includes('href'), nowhere.text.includes('http')]).toEqual([false, false])
  })
})
