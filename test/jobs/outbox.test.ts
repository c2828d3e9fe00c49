import { afterEach, beforeEach, expect, test } from 'vitest'
import type { NewMail } from '../../jobs/outbox/outbox.ts'
import { LEFT_CONTENT } from '../../jobs/outbox/stale.ts'
import { startSmtp, type TestSmtp } from '../harness/smtp.ts'
import { mailTo, NOW, PATIENT } from './support/mails.ts'
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

const mail = (account = 'a1', more: Partial<NewMail> = {}): NewMail =>
  mailTo(account, {
    ...{ to: { name: '李 "局长"', address: `${account}@example.org` }, subject: '周报 <1>' },
    ...more,
  })

const only = async (jobs: ReturnType<World['life']>) => {
  const { items } = await jobs.outbox.list({ limit: 10 })
  const [first] = items
  if (!first || items.length > 1) throw new Error(`${items.length} mails`)
  return first
}

test('a key is queued once, whatever became of the first', async () => {
  const jobs = world.life({ smtpUrl: smtp.url })
  const queued = await Promise.all(
    Array.from({ length: 5 }, () => jobs.outbox.enqueue(mail(), world.clock.now())),
  )
  expect(queued.filter(Boolean)).toHaveLength(1)
  await jobs.outbox.deliverDue(world.clock.now())
  expect(await jobs.outbox.enqueue(mail(), world.clock.now())).toBe(false)
  await jobs.outbox.deliverDue(world.clock.now())
  expect(smtp.received).toHaveLength(1)
  expect(await only(jobs)).toMatchObject({
    status: 'sent',
    attempts: 1,
    sentAt: NOW,
    lastError: null,
    note: null,
  })
})

test('without a mail server mails stay queued, say so, and can be read with their pictures', async () => {
  const jobs = world.life()
  const picture = { cid: 'chart.1', filename: 'c.png', type: 'image/png', content: Buffer.from('PNG!') }
  await jobs.outbox.enqueue(
    mail('a1', { html: '<img src="cid:chart.1">', pictures: [picture] }),
    world.clock.now(),
  )
  expect(await jobs.outbox.deliverDue(world.clock.now())).toEqual({ sent: 0, postponed: 0, failed: 0 })
  const view = await only(jobs)
  expect(view).toMatchObject({ status: 'queued', attempts: 0, nextAttemptAt: null, note: 'no-mail-server' })
  const { html, text } = await jobs.outbox.get(view.id)
  expect(html).toBe(`<img src="data:image/png;base64,${Buffer.from('PNG!').toString('base64')}">`)
  expect(text).toBe('好')
  await expect(jobs.outbox.get('0'.repeat(24))).rejects.toMatchObject({ status: 404 })

  // A server is set a day later: it goes out. One that lay for a week is of no use to anybody.
  await jobs.outbox.enqueue(mail('old'), new Date('2026-11-20T00:00:00Z'))
  const later = world.life({ smtpUrl: smtp.url })
  world.clock.pass(24 * 60)
  expect(await later.outbox.deliverDue(world.clock.now())).toMatchObject({ sent: 1 })
  const { items } = await later.outbox.list({ limit: 10, status: 'given-up' })
  expect(items).toMatchObject([
    { to: 'old@example.org', lastError: expect.stringContaining('no mail server') },
  ])
})

test('a server that fails: queued, tried again with growing pauses, the last error shown, sent when it recovers', async () => {
  smtp.behave('refuse-later')
  const jobs = world.life({ smtpUrl: smtp.url })
  await jobs.outbox.enqueue(mail(), world.clock.now())
  const pauses: number[] = []
  for (let attempt = 1; attempt <= 6; attempt++) {
    expect(await jobs.outbox.deliverDue(world.clock.now())).toMatchObject({ postponed: 1 })
    const view = await only(jobs)
    expect(view).toMatchObject({
      status: 'queued',
      attempts: attempt,
      lastError: expect.stringContaining('451'),
    })
    const pause = Date.parse(view.nextAttemptAt ?? '') - world.clock.now().getTime()
    pauses.push(pause / 60_000)
    world.clock.set(new Date(world.clock.now().getTime() + pause - 1).toISOString())
    expect(await jobs.outbox.deliverDue(world.clock.now())).toEqual({ sent: 0, postponed: 0, failed: 0 })
    world.clock.set(new Date(world.clock.now().getTime() + 1).toISOString())
  }
  expect(pauses).toEqual([1, 5, 15, 60, 240, 240])
  smtp.behave('accept')
  await jobs.outbox.deliverDue(world.clock.now())
  expect(await only(jobs)).toMatchObject({ status: 'sent', attempts: 7, lastError: null })
  expect(smtp.received).toHaveLength(1)
})

test('after days it is given up, and sent when somebody asks for it', async () => {
  smtp.behave('refuse-later')
  const jobs = world.life({ smtpUrl: smtp.url })
  await jobs.outbox.enqueue(mail(), world.clock.now())
  for (let hours = 0; hours <= 5 * 24; hours += 4) {
    await jobs.outbox.deliverDue(world.clock.now())
    world.clock.pass(241)
  }
  const given = await only(jobs)
  expect(given).toMatchObject({
    status: 'given-up',
    nextAttemptAt: null,
    lastError: expect.stringContaining('451'),
  })
  smtp.behave('accept')
  expect(await jobs.outbox.retry(given.id, world.clock.now())).toMatchObject({ status: 'queued' })
  await jobs.outbox.deliverDue(world.clock.now())
  expect(await only(jobs)).toMatchObject({ status: 'sent' })
  await expect(jobs.outbox.retry(given.id, world.clock.now())).rejects.toMatchObject({
    code: 'mail.not-resendable',
  })
  await expect(jobs.outbox.retry('0'.repeat(24), world.clock.now())).rejects.toMatchObject({ status: 404 })
})

test('a mail that opens an account is tried no longer than what it opens lasts, and says why it did not arrive', async () => {
  smtp.behave('refuse-later')
  const jobs = world.life({ smtpUrl: smtp.url }, undefined, PLAIN)
  const minute = (n: number) => new Date(Date.parse(NOW) + n * 60_000)
  await jobs.outbox.enqueue(mail('a1', { secretUntil: minute(10) }), minute(0))
  for (const at of [0, 1, 6])
    expect(await jobs.outbox.deliverDue(minute(at))).toEqual({ sent: 0, postponed: 1, failed: 0 })
  smtp.behave('accept')
  expect(await jobs.outbox.deliverDue(minute(30))).toEqual({ sent: 0, postponed: 0, failed: 0 })
  expect(smtp.received).toEqual([])
  const given = await only(jobs)
  expect(given).toMatchObject({ status: 'given-up', attempts: 3, lastError: expect.stringContaining('451') })
  const stored = () => world.connection.collection('outbox').findOne({})
  expect(await stored()).toMatchObject({ html: '', text: '', lease: null })

  // What a process was sending when it died is not sent either; nor is it kept where no mail server is set any more.
  const dead = { owner: 'x', until: new Date(0) }
  const sending = { status: 'sending', lease: dead, lastError: null, html: 'x', text: 'x' }
  for (const life of [jobs, world.life()]) {
    await world.connection.collection('outbox').updateOne({}, { $set: sending })
    await life.outbox.deliverDue(minute(30))
    expect(await stored()).toMatchObject({ status: 'given-up', html: '', lease: null })
    expect((await only(jobs)).lastError).toContain('ended while it sent')
  }
  expect(smtp.received).toEqual([])
})

test('looking for content that must go reads no mail that has none', async () => {
  const jobs = world.life({ smtpUrl: smtp.url }, undefined, PLAIN)
  const until = new Date(Date.parse(NOW) + 60_000)
  for (let i = 0; i < 20; i++) {
    await jobs.outbox.enqueue(mail(`a${i}`), world.clock.now())
    await jobs.outbox.enqueue(mail(`s${i}`, { secretUntil: until }), world.clock.now())
  }
  expect(await jobs.outbox.deliverDue(world.clock.now())).toMatchObject({ sent: 40 })
  const outbox = world.connection.collection('outbox')
  const looked = () => outbox.find(LEFT_CONTENT).explain('executionStats')
  expect((await looked()).executionStats).toMatchObject({ totalDocsExamined: 0 })
  await outbox.updateOne({ account: 's3' }, { $set: { html: 'left by a crash' } })
  expect((await looked()).executionStats).toMatchObject({ totalDocsExamined: 1 })
  await jobs.outbox.deliverDue(world.clock.now())
  expect(await outbox.countDocuments({ html: 'left by a crash' })).toBe(0)
})

test('a refusal for good is final at once, and the others’ mails go on', async () => {
  smtp.behave('refuse')
  const jobs = world.life({ smtpUrl: smtp.url })
  await jobs.outbox.enqueue(mail('gone'), world.clock.now())
  await jobs.outbox.deliverDue(world.clock.now())
  expect(await only(jobs)).toMatchObject({
    status: 'failed',
    attempts: 1,
    lastError: expect.stringContaining('550'),
  })
  smtp.behave('accept')
  await jobs.outbox.enqueue(mail('there'), world.clock.now())
  world.clock.pass(600)
  await jobs.outbox.deliverDue(world.clock.now())
  expect(smtp.received.map((received) => received.to)).toEqual([['there@example.org']])
})

test.each(['hang', 'hold', 'cut'] as const)(
  'a server that does "%s" does not hold up anything',
  async (behaviour) => {
    smtp.behave(behaviour)
    const jobs = world.life({ smtpUrl: smtp.url }, PATIENT)
    await jobs.outbox.enqueue(mail('a1'), world.clock.now())
    await jobs.outbox.enqueue(mail('a2'), world.clock.now())
    expect(await jobs.outbox.deliverDue(world.clock.now())).toEqual({ sent: 0, postponed: 2, failed: 0 })
    const { items } = await jobs.outbox.list({ limit: 10 })
    for (const item of items)
      expect(item).toMatchObject({ status: 'queued', attempts: 1, lastError: expect.any(String) })
    expect(items[0]?.lastError).not.toBe('')
  },
)

test('a server that is not there is waited for', async () => {
  const { url } = smtp
  await smtp.close()
  const jobs = world.life({ smtpUrl: url })
  await jobs.outbox.enqueue(mail(), world.clock.now())
  await jobs.outbox.deliverDue(world.clock.now())
  expect(await only(jobs)).toMatchObject({
    status: 'queued',
    lastError: expect.stringContaining('ECONNREFUSED'),
  })
  smtp = await startSmtp('accept', Number(new URL(url).port))
  world.clock.pass(1)
  await jobs.outbox.deliverDue(world.clock.now())
  expect(await only(jobs)).toMatchObject({ status: 'sent', attempts: 2 })
})

test('two services deliver each mail once', async () => {
  const lives = [world.life({ smtpUrl: smtp.url }), world.life({ smtpUrl: smtp.url })]
  for (let i = 0; i < 20; i++) await lives[0]?.outbox.enqueue(mail(`a${i}`), world.clock.now())
  await Promise.all(lives.map((jobs) => jobs.outbox.deliverDue(world.clock.now())))
  expect(new Set(smtp.received.map((received) => received.to[0])).size).toBe(20)
  expect(smtp.received).toHaveLength(20)
})

test('pages go from the newest to the oldest, each mail once', async () => {
  const jobs = world.life()
  for (let i = 0; i < 5; i++) await jobs.outbox.enqueue(mail(`a${i}`), world.clock.now())
  const seen: string[] = []
  let cursor: string | null | undefined
  do {
    const page = await jobs.outbox.list({ limit: 2, cursor: cursor ?? undefined })
    expect(page.total).toBe(5)
    seen.push(...page.items.map((item) => item.to))
    cursor = page.nextCursor
  } while (cursor)
  expect(seen).toEqual(['a4', 'a3', 'a2', 'a1', 'a0'].map((account) => `${account}@example.org`))
  await expect(jobs.outbox.list({ limit: 2, cursor: 'nonsense' })).rejects.toMatchObject({ status: 400 })
})
