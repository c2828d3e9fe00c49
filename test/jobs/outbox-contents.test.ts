/** Contents that many mails share, and what is each recipient's own in them. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type MailAddressee, placeholder, type SharedMail } from '../../jobs/outbox/new-mail.ts'
import { startSmtp, type TestSmtp } from '../harness/smtp.ts'
import { mailTo, NOW } from './support/mails.ts'
import { createWorld, PLAIN, type World } from './support/world.ts'

let world: World
let smtp: TestSmtp
beforeEach(async () => {
  world = await createWorld(NOW)
  smtp = await startSmtp()
})
afterEach(async () => {
  await world.close()
  await smtp.close()
})

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const shared = (more: Partial<SharedMail> = {}): SharedMail => ({
  ...{ kind: 'weekly', period: '2026-W48', topic: 'weekly', language: 'zh-CN', subject: '周报' },
  html: `<p>${placeholder('greeting')}</p><img src="cid:c.x"><a href="${placeholder('unsubscribe')}">退订</a>`,
  text: `${placeholder('greeting')}\n退订：${placeholder('unsubscribe')}\n`,
  pictures: [{ cid: 'c.x', filename: 'c.png', type: 'image/png', content: Buffer.from('PNG!') }],
  attachments: [{ filename: '周报 2026-W48.xlsx', type: XLSX, content: Buffer.from('PK-table') }],
  ...more,
})
const LINK =
  'https://fleet.example.org/unsubscribe?token=abcdefghijklmnopqrstuvwxyz0123456789&topic=weekly&who='
const who = (account: string, more: Partial<MailAddressee> = {}): MailAddressee => ({
  account,
  to: { name: '李局长', address: `${account}@example.org` },
  unsubscribe: `${LINK}${account}`,
  values: { greeting: `<${account}> 您好` },
  ...more,
})
const stored = (name: string) => world.connection.collection(name)
const now = () => world.clock.now()

test('a content arrives whole: pictures, attachment, one-click unsubscribe, and each recipient’s own values', async () => {
  const { outbox } = world.life({ smtpUrl: smtp.url })
  expect(await outbox.enqueueMany(shared(), [who('a'), who('b')], now())).toEqual({
    ...{ queued: 2, disabled: 0, known: 0, unusable: 0 },
  })
  await outbox.deliverDue(now())
  expect(smtp.received).toHaveLength(2)
  for (const { to, mail } of smtp.received) {
    const account = String(to[0]).split('@')[0]
    expect(mail.html).toContain(`&lt;${account}&gt; 您好`)
    expect(mail.html).toContain(`topic=weekly&amp;who=${account}"`)
    expect(mail.text).toContain(`<${account}> 您好\n退订：${LINK}${account}`)
    const list = mail.headerLines.filter(({ key }) => key.startsWith('list-unsubscribe'))
    expect(list.map(({ line }) => line.replace(/\r\n\s+/g, ' ')).sort()).toEqual([
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
      `List-Unsubscribe: <${LINK}${account}>`,
    ])
    const [picture, table] = [...mail.attachments].sort((x) => (x.related ? -1 : 1))
    expect(picture).toMatchObject({ cid: 'c.x', related: true, contentType: 'image/png' })
    expect(picture?.content.toString()).toBe('PNG!')
    expect(table).toMatchObject({ filename: '周报 2026-W48.xlsx', contentType: XLSX })
    expect(table?.contentDisposition).toBe('attachment')
    expect(table?.content.toString()).toBe('PK-table')
  }
})

test('a mail without a topic has no unsubscribe header', async () => {
  const { outbox } = world.life({ smtpUrl: smtp.url })
  await outbox.enqueue(mailTo(), now())
  await outbox.deliverDue(now())
  expect(smtp.received[0]?.mail.headers.has('list-unsubscribe')).toBe(false)
})

test('500 mails of 300 kB are kept as one content; another wording is another', async () => {
  const { outbox } = world.life()
  const heavy = shared({
    pictures: [{ cid: 'c.x', filename: 'c.png', type: 'image/png', content: Buffer.alloc(300_000, 7) }],
  })
  const many = Array.from({ length: 500 }, (_, i) => who(`a${i}`))
  expect(await outbox.enqueueMany(heavy, many, now())).toMatchObject({ queued: 500 })
  await outbox.enqueue({ ...heavy, ...who('single') }, now())
  expect(await stored('mail-contents').countDocuments()).toBe(1)
  const [size] = await stored('outbox')
    .aggregate([{ $group: { _id: null, bytes: { $sum: { $bsonSize: '$$ROOT' } } } }])
    .toArray()
  expect(size?.bytes / 501).toBeLessThan(1_500)
  await outbox.enqueue({ ...heavy, ...who('other'), text: '另一封' }, now())
  expect(await stored('mail-contents').countDocuments()).toBe(2)
})

test('queueing many is completed by repeating it: nobody has two, nobody none', async () => {
  const { outbox } = world.life()
  const many = Array.from({ length: 30 }, (_, i) => who(`a${i}`))
  await outbox.enqueueMany(shared(), many.slice(0, 11), now())
  const again = await Promise.all([
    outbox.enqueueMany(shared(), many, now()),
    world.life().outbox.enqueueMany(shared(), many, now()),
  ])
  expect(again.reduce((sum, { queued }) => sum + queued, 0)).toBe(19)
  expect(again.reduce((sum, { known }) => sum + known, 0)).toBe(41)
  expect(await stored('outbox').countDocuments()).toBe(30)
  expect(await outbox.enqueueMany(shared(), [], now())).toMatchObject({ queued: 0, known: 0 })
})

test('a recipient to whom no mail can be written keeps nobody from theirs', async () => {
  const { outbox } = world.life()
  const broken = { ...who('x'), to: { name: 'X', address: 'nobody' } }
  const insecure = { ...who('y'), unsubscribe: 'javascript:alert(1)' }
  expect(await outbox.enqueueMany(shared(), [broken, who('a'), insecure], now())).toMatchObject({
    ...{ queued: 1, unusable: 2 },
  })
})

test('what is too heavy for a mail is refused before anything is stored', async () => {
  const { outbox } = world.life()
  const content = Buffer.alloc(10_000_001)
  const heavy = shared({ attachments: [{ filename: 'a.xlsx', type: XLSX, content }] })
  await expect(outbox.enqueueMany(heavy, [who('a')], now())).rejects.toThrow('too large')
  expect(await stored('outbox').countDocuments()).toBe(0)
})

test('whoever reads a mail in the application gets no link that acts for its recipient', async () => {
  const { outbox } = world.life()
  await outbox.enqueueMany(shared(), [who('a')], now())
  const [listed] = (await outbox.list({ limit: 1 })).items
  const read = await outbox.get(listed?.id ?? '')
  expect(read.html).toContain('<a href="#">退订</a>')
  expect(`${read.html}${read.text}`).not.toContain('token=')
  expect(read.text).toContain('<a> 您好')
  expect(read.attachments).toEqual([{ filename: '周报 2026-W48.xlsx', type: XLSX, bytes: 8 }])
  expect((await outbox.attachment(read.id, 0)).content.toString()).toBe('PK-table')
  for (const place of [1, 99])
    await expect(outbox.attachment(read.id, place)).rejects.toMatchObject({ status: 404 })
})

test('a place without a value, or of a name that nobody gave, stays as it is', async () => {
  const { outbox } = world.life({ smtpUrl: smtp.url })
  const text = `${placeholder('nothing')} ${placeholder('constructor')} ${placeholder('__proto__')}`
  await outbox.enqueueMany(shared({ text }), [who('a', { values: {} })], now())
  await outbox.deliverDue(now())
  expect(smtp.received[0]?.mail.text?.trim()).toBe(text)
})

test('mails of earlier versions, with their content in them, are read, found and sent', async () => {
  const jobs = world.life({ smtpUrl: smtp.url })
  const { html, text, pictures, kind, period, account, to, language, subject } = mailTo('Old')
  await stored('outbox').insertOne({
    ...{ key: `${kind}|${period}|${account}`, kind, period, account, to, language, subject, html, text },
    pictures,
    ...{ messageId: '<old@fleet.example.org>', status: 'queued', attempts: 0, createdAt: now() },
    ...{ nextAttemptAt: now(), giveUpAt: new Date('2026-12-05'), sentAt: null, lastError: null, lease: null },
  })
  expect((await jobs.outbox.list({ limit: 5, to: 'old@' })).total).toBe(0)
  await jobs.outbox.complete()
  const [found] = (await jobs.outbox.list({ limit: 5, to: 'old@' })).items
  expect(found).toMatchObject({ to: 'Old@example.org', cause: null, resendOf: null })
  expect(await jobs.outbox.get(found?.id ?? '')).toMatchObject({ text: '好', attachments: [] })
  expect(await jobs.outbox.deliverDue(now())).toMatchObject({ sent: 1 })
  expect(smtp.received[0]?.mail.attachments[0]?.content.toString()).toBe('PNG!')
  const again = await jobs.outbox.resend(found?.id ?? '', now())
  await jobs.outbox.deliverDue(now())
  expect(again).toMatchObject({ resendOf: found?.id })
  expect(smtp.received).toHaveLength(2)
})

test('a content that is missing fails its mails, and no others', async () => {
  const { outbox } = world.life({ smtpUrl: smtp.url })
  await outbox.enqueueMany(shared(), [who('a')], now())
  await stored('mail-contents').deleteMany({})
  await outbox.enqueue(mailTo('b'), now())
  expect(await outbox.deliverDue(now())).toEqual({ sent: 1, postponed: 0, failed: 1 })
  const [failed] = (await outbox.list({ limit: 5, status: 'failed' })).items
  expect(failed).toMatchObject({ lastError: expect.stringContaining('missing') })
  expect((await outbox.get(failed?.id ?? '')).html).toBe('')
})

test('a secret mail stands by itself: nothing of it is shared, and nothing stays', async () => {
  const { outbox } = world.life({ smtpUrl: smtp.url }, undefined, PLAIN)
  const secretUntil = new Date(now().getTime() + 3_600_000)
  await outbox.enqueue(mailTo('s', { secretUntil, html: '<p>once</p>' }), now())
  expect(await stored('mail-contents').countDocuments()).toBe(0)
  await outbox.deliverDue(now())
  expect(smtp.received[0]?.mail.html).toContain('once')
  expect(await stored('outbox').findOne({})).toMatchObject({ html: '', text: '', status: 'sent' })
})
