/** A mail server that misbehaves in every way: each mail ends where it should, none is lost, none is doubled by us. */
import { setTimeout as pause } from 'node:timers/promises'
import MailComposer from 'nodemailer/lib/mail-composer'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Lines } from '../../jobs/outbox/lines.ts'
import type { MailView } from '../../jobs/schema.ts'
import { type Behaviour, startSmtp, type TestSmtp } from '../harness/smtp.ts'
import { idsByRecipient, mailTo, NOW, PATIENT } from './support/mails.ts'
import { createWorld, until, type World } from './support/world.ts'

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

type Jobs = ReturnType<World['life']>

async function views(jobs: Jobs): Promise<Map<string, MailView>> {
  const { items } = await jobs.outbox.list({ limit: 200 })
  return new Map(items.map((mail) => [mail.to.split('@')[0] ?? '', mail]))
}

/** Delivers round after round, until the clock has passed so many minutes. */
async function deliverFor(jobs: Jobs, minutes: number): Promise<void> {
  for (let passed = 0; passed <= minutes; passed++) {
    await jobs.outbox.deliverDue(world.clock.now())
    world.clock.pass(1)
  }
}

/** What becomes of a mail while the server behaves so, and once it accepts: state, and how often it arrived. */
const COURSES: Partial<
  Record<Behaviour, { first: MailView['status']; error?: RegExp; copies: number; last: MailView['status'] }>
> = {
  accept: { first: 'sent', copies: 1, last: 'sent' },
  goodbye: { first: 'sent', copies: 1, last: 'sent' },
  'refuse-later': { first: 'queued', error: /451/, copies: 1, last: 'sent' },
  refuse: { first: 'failed', error: /550/, copies: 0, last: 'failed' },
  'refuse-then-cut': { first: 'failed', error: /550/, copies: 0, last: 'failed' },
  'refuse-then-hang': { first: 'failed', error: /550/, copies: 0, last: 'failed' },
  // About us: it goes once that is mended.
  'refuse-relay': { first: 'queued', error: /Relaying/, copies: 1, last: 'sent' },
  'refuse-listed': { first: 'queued', error: /block list/, copies: 1, last: 'sent' },
  'hang-recipient': { first: 'queued', error: /time/i, copies: 1, last: 'sent' },
  'refuse-content': { first: 'failed', error: /554/, copies: 0, last: 'failed' },
  'later-content': { first: 'queued', error: /451/, copies: 1, last: 'sent' },
  'cut-middle': { first: 'queued', error: /ECONN|ESOCKET|closed/i, copies: 1, last: 'sent' },
  // It has the mail already when it breaks off or says nothing: the retry is the same mail to it.
  cut: { first: 'queued', error: /ECONN|ESOCKET|closed/i, copies: 2, last: 'sent' },
  hold: { first: 'queued', error: /time/i, copies: 2, last: 'sent' },
}
const HEAVY = {
  pictures: [{ cid: 'c.x', filename: 'c.png', type: 'image/png', content: Buffer.alloc(150_000, 7) }],
}

test('a mail for each way to misbehave, all on one server: each ends where it should', async () => {
  const jobs = world.life({ smtpUrl: smtp.url }, PATIENT)
  const kinds = Object.keys(COURSES) as Behaviour[]
  for (const kind of kinds) {
    smtp.behave(kind, `${kind}@example.org`)
    await jobs.outbox.enqueue(mailTo(kind, HEAVY), world.clock.now())
  }
  // A server that fails mail after mail is left alone until the next round.
  await until('each has been tried', async () => {
    await jobs.outbox.deliverDue(world.clock.now())
    return [...(await views(jobs)).values()].every((mail) => mail.attempts > 0)
  })
  for (const [kind, mail] of await views(jobs)) {
    const course = COURSES[kind as Behaviour]
    expect(mail, kind).toMatchObject({ status: course?.first, attempts: 1 })
    if (course?.error) expect(mail.lastError, kind).toMatch(course.error)
    else expect(mail.lastError, kind).toBeNull()
  }

  for (const kind of kinds) smtp.behave('accept', `${kind}@example.org`)
  await deliverFor(jobs, 3)
  const ids = idsByRecipient(smtp.received)
  for (const [kind, mail] of await views(jobs)) {
    const course = COURSES[kind as Behaviour]
    expect(mail.status, kind).toBe(course?.last)
    const copies = ids.get(mail.to) ?? []
    expect(copies.length, kind).toBe(course?.copies)
    expect(new Set(copies).size, kind).toBe(Math.min(1, copies.length))
  }
})

test('only a refusal of the recipient disables its address', async () => {
  const jobs = world.life({ smtpUrl: smtp.url })
  for (const kind of ['refuse', 'refuse-relay', 'refuse-content', 'refuse-later'] as const) {
    smtp.behave(kind, `${kind}@example.org`)
    await jobs.outbox.enqueue(mailTo(kind), world.clock.now())
  }
  await jobs.outbox.deliverDue(world.clock.now())
  const { items } = await jobs.outbox.disabled.list({ limit: 10 })
  expect(items).toMatchObject([{ address: 'refuse@example.org', reason: expect.stringContaining('550') }])
})

test.each([
  ['refuse-sender', '550'],
  ['refuse-unsigned', '530'],
  ['refuse-listed', '554'],
] as const)(
  '%s is about us: the server is left alone, nothing is lost, and all goes once it is mended',
  async (behaviour, code) => {
    smtp.behave(behaviour)
    const jobs = world.life({ smtpUrl: smtp.url }, PATIENT)
    for (let i = 0; i < 40; i++) await jobs.outbox.enqueue(mailTo(`a${i}`), world.clock.now())
    const { postponed, failed } = await jobs.outbox.deliverDue(world.clock.now())
    expect(failed).toBe(0)
    expect(postponed).toBeGreaterThan(0)
    expect(postponed).toBeLessThan(12)
    const tried = [...(await views(jobs)).values()].filter((mail) => mail.attempts > 0)
    for (const mail of tried)
      expect(mail).toMatchObject({ status: 'queued', lastError: expect.stringContaining(code) })
    expect((await jobs.outbox.disabled.list({ limit: 10 })).total).toBe(0)
    // Nothing leaves for an hour: that is told as of any server that fails.
    world.clock.pass(61)
    expect(await jobs.outbox.stuck(world.clock.now())).toMatchObject({ stuck: true })
    smtp.behave('accept')
    await deliverFor(jobs, 2)
    expect(await jobs.outbox.countByState()).toMatchObject({ sent: 40, failed: 0 })
  },
)

test.each(['refuse-then-cut', 'refuse-then-hang'] as const)(
  '%s: the round ends, and the next mail goes',
  async (behaviour) => {
    smtp.behave(behaviour, 'gone@example.org')
    const jobs = world.life({ smtpUrl: smtp.url }, PATIENT)
    for (const account of ['gone', 'b', 'c']) await jobs.outbox.enqueue(mailTo(account), world.clock.now())
    const round = jobs.outbox.deliverDue(world.clock.now())
    expect(await Promise.race([round, pause(40_000, 'never ends')])).toEqual({
      sent: 2,
      postponed: 0,
      failed: 1,
    })
    await jobs.outbox.enqueue(mailTo('d'), world.clock.now())
    expect(await jobs.outbox.deliverDue(world.clock.now())).toMatchObject({ sent: 1 })
  },
)

test('connections that come to nothing are ended: at a refused sign-in, and where a message cannot be composed', async () => {
  const closing = new Lines(
    {
      ...{ host: '127.0.0.1', port: Number(new URL(smtp.url).port), ignoreTLS: true },
      socketTimeout: 30_000,
    },
    { idleMs: 30_000, mails: 100 },
  )
  const { signal } = new AbortController()
  const message = () => new MailComposer({ from: 'a@example.org', to: 'b@example.org', text: '好' }).compile()
  const broken = () => {
    throw new Error('cannot be composed')
  }
  await closing.send(message, signal)
  await expect(closing.send(broken, signal)).rejects.toThrow('cannot be composed')
  await closing.send(message, signal)
  expect([smtp.connections(), smtp.open()]).toEqual([1, 1])
  closing.close()
  await until('none is open', () => smtp.open() === 0)

  const wary = await startSmtp('accept', 0, { refuseSignIn: true })
  const url = new URL(wary.url)
  const jobs = world.life({ smtpUrl: `smtp://user:wrong@${url.host}` })
  await jobs.outbox.enqueue(mailTo(), world.clock.now())
  expect(await jobs.outbox.deliverDue(world.clock.now())).toMatchObject({ postponed: 1 })
  expect((await views(jobs)).get('a1')?.lastError).toContain('535')
  // Not only when everything ends.
  await until('none is open', () => wary.open() === 0)
  await wary.close()
})

test('a server that does not even greet takes up a few mails a round, not all of them one after the other', async () => {
  smtp.behave('hang')
  const jobs = world.life({ smtpUrl: smtp.url }, PATIENT)
  for (let i = 0; i < 40; i++) await jobs.outbox.enqueue(mailTo(`a${i}`), world.clock.now())
  const { postponed, sent } = await jobs.outbox.deliverDue(world.clock.now())
  expect(sent).toBe(0)
  expect(postponed).toBeGreaterThan(0)
  expect(postponed).toBeLessThan(12)
  expect(await jobs.outbox.countByState()).toMatchObject({ queued: 40, sending: 0 })
  smtp.behave('accept')
  await deliverFor(jobs, 2)
  expect(await jobs.outbox.countByState()).toMatchObject({ sent: 40 })
  for (const [address, ids] of idsByRecipient(smtp.received)) expect(ids, address).toHaveLength(1)
})

test('a server that dies and comes back gets everything, each mail once', async () => {
  const port = Number(new URL(smtp.url).port)
  const jobs = world.life({ smtpUrl: smtp.url }, PATIENT)
  for (let i = 0; i < 60; i++) await jobs.outbox.enqueue(mailTo(`a${i}`), world.clock.now())
  // Of these it has not said that it has them when it dies.
  for (let i = 30; i < 60; i++) smtp.behave('hold', `a${i}@example.org`)
  const round = jobs.outbox.deliverDue(world.clock.now())
  await until('some have arrived', () => smtp.received.length >= 10)
  const before = smtp.received
  await smtp.close()
  await round
  const counts = await jobs.outbox.countByState()
  expect(counts).toMatchObject({ failed: 0, 'given-up': 0, sending: 0 })
  expect(counts.queued).toBeGreaterThan(0)

  smtp = await startSmtp('accept', port)
  await deliverFor(jobs, 3)
  expect(await jobs.outbox.countByState()).toMatchObject({ sent: 60, queued: 0 })
  const ids = idsByRecipient([...before, ...smtp.received])
  expect(ids.size).toBe(60)
  // Those that it was taking in when it died may have come twice, under one Message-ID: at most one a connection.
  const doubled = [...ids.values()].filter((each) => each.length > 1)
  expect(doubled.length).toBeLessThanOrEqual(5)
  for (const each of ids.values()) expect(new Set(each).size).toBe(1)
})

test('connections are used again, and one that the server has ended meanwhile costs a mail nothing', async () => {
  const jobs = world.life({ smtpUrl: smtp.url })
  for (let i = 0; i < 30; i++) await jobs.outbox.enqueue(mailTo(`a${i}`), world.clock.now())
  await jobs.outbox.deliverDue(world.clock.now())
  expect(smtp.received).toHaveLength(30)
  expect(smtp.connections()).toBeLessThanOrEqual(5)

  // It ends each connection when another mail is announced over it: that goes over a new one, at once.
  smtp.behave('once')
  for (let i = 0; i < 20; i++) await jobs.outbox.enqueue(mailTo(`b${i}`), world.clock.now())
  expect(await jobs.outbox.deliverDue(world.clock.now())).toEqual({ sent: 20, postponed: 0, failed: 0 })
  for (const mail of (await views(jobs)).values()) expect(mail).toMatchObject({ status: 'sent', attempts: 1 })
  for (const ids of idsByRecipient(smtp.received).values()) expect(ids).toHaveLength(1)
})
