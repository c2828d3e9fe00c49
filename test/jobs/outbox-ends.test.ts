/** How mails end that do not arrive, and that administrators hear of it. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Trouble } from '../../jobs/trouble.ts'
import { startSmtp, type TestSmtp } from '../harness/smtp.ts'
import { mailTo, NOW, PATIENT } from './support/mails.ts'
import { createWorld, PLAIN, until, type World } from './support/world.ts'

const DAY = 24 * 60

let world: World
let smtp: TestSmtp
let told: Trouble[]
beforeEach(async () => {
  world = await createWorld(NOW)
  smtp = await startSmtp()
  told = []
})
afterEach(async () => {
  await world.close()
  await smtp.close()
})

const now = () => world.clock.now()
const stored = () => world.connection.collection('outbox')
const served = (timing: object = PATIENT) =>
  world.life({ smtpUrl: smtp.url }, timing, PLAIN, { tell: async (one) => void told.push(one) })
const only = async () => (await world.life().outbox.list({ limit: 1 })).items[0]

test('after a downtime of days what was queued before it goes out, and a passing fault is not its end', async () => {
  const { outbox } = served()
  const { to: _to, account: _account, ...shared } = mailTo('x', { period: '2026-W49' })
  await outbox.enqueue(mailTo('a'), now())
  await outbox.enqueueMany(shared, [{ account: 'b', to: { name: '李', address: 'b@example.org' } }], now())
  world.clock.pass(30 * DAY)
  smtp.behave('refuse-later')
  expect(await outbox.deliverDue(now())).toEqual({ sent: 0, postponed: 2, failed: 0 })
  smtp.behave('accept')
  world.clock.pass(1)
  expect(await outbox.deliverDue(now())).toEqual({ sent: 2, postponed: 0, failed: 0 })
})

test('a mail that fails on and on after such a downtime is given up in the end', async () => {
  const { outbox } = served()
  await outbox.enqueue(mailTo('a'), now())
  world.clock.pass(30 * DAY)
  smtp.behave('refuse-later')
  for (let i = 0; i < 8; i++) {
    await outbox.deliverDue(now())
    world.clock.pass(241)
  }
  expect(await only()).toMatchObject({ status: 'given-up', attempts: 5, cause: null })
})

test('a link that ran out during a downtime is not sent, and says why', async () => {
  const { outbox } = served()
  await outbox.enqueue(mailTo('a', { secretUntil: new Date(now().getTime() + 60_000) }), now())
  world.clock.pass(DAY)
  await outbox.deliverDue(now())
  expect(await only()).toMatchObject({ status: 'given-up', attempts: 0, cause: 'expired' })
  expect(await stored().findOne({})).toMatchObject({ html: '', text: '' })
  expect(await stored().findOne({ why: { $exists: true } })).toBeNull()
  expect(smtp.recipients).toEqual([])
  // Without a mail server that is the reason; nobody need be told.
  const without = world.life(undefined, undefined, PLAIN).outbox
  await without.enqueue(mailTo('b', { secretUntil: new Date(now().getTime() + 60_000) }), now())
  world.clock.pass(DAY)
  await without.deliverDue(now())
  expect(await only()).toMatchObject({ status: 'given-up', attempts: 0, cause: 'never-tried' })
  await outbox.watch(now())
  expect(told).toMatchObject([{ kind: 'mails-failed', detail: { failed: '1', address: 'a@example.org' } }])
})

test('administrators hear once a day of mails that did not arrive, of each once', async () => {
  const { outbox } = served()
  smtp.behave('refuse-content')
  await outbox.enqueue(mailTo('a'), now())
  await outbox.enqueue(mailTo('b'), now())
  // What others tell of, or what nobody need hear of.
  smtp.behave('refuse', 'gone@example.org')
  await outbox.enqueue(mailTo('gone'), now())
  await outbox.enqueue(mailTo('admin', { kind: 'mails-failed' }), now())
  await outbox.enqueue(mailTo('late', { kind: 'reminder' }), now())
  await outbox.withdraw({ kind: 'reminder' }, '企业已报送')
  await outbox.deliverDue(now())
  await outbox.watch(now())
  await outbox.watch(now())
  const hear = () => told.filter(({ kind }) => kind === 'mails-failed')
  expect(hear()).toEqual([
    {
      ...{ key: 'mails-failed|2026-11-30', kind: 'mails-failed' },
      detail: {
        ...{ failed: '2', address: 'a@example.org b@example.org' },
        reason: '554 5.6.0 the content is not acceptable',
      },
    },
  ])
  // One that ends later on that day is told the next day, by whichever process.
  await outbox.enqueue(mailTo('c'), now())
  await outbox.deliverDue(now())
  await served().outbox.watch(now())
  expect(hear()).toHaveLength(1)
  world.clock.pass(DAY)
  await served().outbox.watch(now())
  expect(hear()[1]).toMatchObject({
    key: 'mails-failed|2026-12-01',
    detail: { failed: '1', address: 'c@example.org' },
  })
  world.clock.pass(DAY)
  await outbox.watch(now())
  expect(hear()).toHaveLength(2)
})

test('a mail that somebody has sent once more is not told of, and its copy begins anew', async () => {
  const { outbox } = served()
  smtp.behave('refuse-content')
  await outbox.enqueue(mailTo('a'), now())
  await outbox.deliverDue(now())
  const mail = await only()
  smtp.behave('refuse-listed')
  await outbox.retry(mail?.id ?? '', now())
  await outbox.deliverDue(now())
  expect(await stored().findOne({})).toMatchObject({ serverFault: true })
  await outbox.watch(now())
  expect(told).toEqual([])
  smtp.behave('accept')
  world.clock.pass(5)
  await outbox.deliverDue(now())
  expect(await stored().findOne({})).toMatchObject({ status: 'sent', serverFault: false })
  await stored().updateOne({}, { $set: { serverFault: true, told: '', interrupted: 3 } })
  const again = await outbox.resend(mail?.id ?? '', now())
  const copy = await stored().findOne({ resendOf: { $exists: true } })
  for (const name of ['serverFault', 'told', 'interrupted']) expect(copy).not.toHaveProperty(name)
  expect(again).toMatchObject({ status: 'queued', attempts: 0 })
})

test('a mail whose lease a clock that ran ahead has written is taken up again', async () => {
  const ahead = served({ ...PATIENT, machineNow: () => new Date('2027-11-30T00:00:00Z') })
  await ahead.outbox.enqueue(mailTo('a'), now())
  await stored().updateOne(
    {},
    {
      $set: {
        status: 'sending',
        attempts: 1,
        lease: { owner: 'dead', until: new Date('2027-11-30T00:03:00Z') },
      },
    },
  )
  const { outbox } = served({ ...PATIENT, machineNow: () => new Date(NOW) })
  expect(await outbox.deliverDue(now())).toMatchObject({ sent: 1 })
  // One in living hands is not.
  await outbox.enqueue(mailTo('b'), now())
  const living = { owner: 'other', until: new Date(Date.parse(NOW) + 170_000) }
  await stored().updateOne({ account: 'b' }, { $set: { status: 'sending', lease: living } })
  expect(await outbox.deliverDue(now())).toMatchObject({ sent: 0 })
})

test('a mail that a clock which ran ahead has put off is not put off for a year', async () => {
  const { outbox } = served()
  await outbox.enqueue(mailTo('a'), new Date('2027-11-30T00:00:00Z'))
  expect(await outbox.deliverDue(now())).toMatchObject({ sent: 1 })
})

test('a mail that ends the process each time is left alone, told of, and sent when somebody asks for it', async () => {
  const { outbox } = served()
  await outbox.enqueue(mailTo('a'), now())
  await outbox.enqueue(mailTo('b'), now())
  const dies = () =>
    stored().updateOne(
      { account: 'a' },
      { $set: { status: 'sending', lease: { owner: 'dead', until: new Date(0) } } },
    )
  smtp.behave('hold', 'a@example.org')
  await dies()
  const handed = () => smtp.received.filter(({ to }) => to[0] === 'a@example.org').length
  const round = outbox.deliverDue(now())
  for (let deaths = 1; deaths < 5; deaths++) {
    await until('it is being sent', () => handed() === deaths)
    // The process dies: what it would have recorded is not, and the mail is taken up again.
    await dies()
    smtp.release('broken')
  }
  await round
  expect(handed()).toBe(4)
  const { items } = await outbox.list({ limit: 5, status: 'given-up' })
  expect(items).toMatchObject([
    { to: 'a@example.org', cause: 'broken-off', lastError: expect.stringContaining('5 times') },
  ])
  await outbox.watch(now())
  expect(told).toMatchObject([{ kind: 'mails-failed', detail: { failed: '1' } }])
  smtp.behave('accept', 'a@example.org')
  await outbox.retry(items[0]?.id ?? '', now())
  expect(await outbox.deliverDue(now())).toMatchObject({ sent: 1 })
})

test('a mail that is taken up while it is withdrawn is not sent', async () => {
  const { outbox } = served()
  await outbox.enqueue(mailTo('a', { kind: 'reminder' }), now())
  // Between what a withdrawal does first and what it does then, a delivery takes the mail.
  const mails = stored()
  const collection = Object.getPrototypeOf(mails) as { updateMany: typeof mails.updateMany }
  const original = collection.updateMany
  const taken = { status: 'sending', lease: { owner: 'other', until: new Date(0) } }
  collection.updateMany = async function (...args: Parameters<typeof original>) {
    const result = await original.apply(this, args)
    collection.updateMany = original
    await mails.updateOne({ status: 'queued' }, { $set: taken })
    return result
  }
  try {
    await outbox.withdraw({ kind: 'reminder' }, '企业已报送')
  } finally {
    collection.updateMany = original
  }
  await outbox.deliverDue(now())
  expect(smtp.recipients).toEqual([])
  expect(await only()).toMatchObject({ status: 'given-up', cause: 'withdrawn', lastError: '企业已报送' })
})

test('how a mail went is written down although the database refuses it at first: it is not sent again', async () => {
  const { outbox } = served()
  await outbox.enqueue(mailTo('a'), now())
  // The real engine refuses what would be written of a mail that was sent, until what is in its way is gone.
  const sent = { serverFault: false }
  await stored().createIndex({ serverFault: 1 }, { unique: true, partialFilterExpression: sent })
  await stored().insertOne({ key: 'in the way', ...sent })
  let refusals = 0
  const listen = ({ reply }: { reply: unknown }) => {
    if ((reply as { writeErrors?: unknown } | null)?.writeErrors) refusals++
  }
  const mongo = world.connection.getClient()
  mongo.on('commandSucceeded', listen as never)
  const round = outbox.deliverDue(now())
  await until('it was refused', () => refusals > 0)
  mongo.off('commandSucceeded', listen as never)
  await stored().deleteOne({ key: 'in the way' })
  expect(await round).toMatchObject({ sent: 1 })
  expect(await only()).toMatchObject({ status: 'sent', attempts: 1 })
  expect(smtp.received).toHaveLength(1)
})

test('a list is counted as far as that is quick', async () => {
  const { outbox } = world.life()
  await outbox.enqueue(mailTo('a'), now())
  const mail = await stored().findOne({})
  const { _id, ...copy } = mail ?? {}
  await stored().insertMany(
    Array.from({ length: 10_001 }, (_, i) => ({ ...copy, key: `copy ${i}`, status: 'sent' })),
  )
  expect(await outbox.list({ limit: 1 })).toMatchObject({ total: 10_002 })
  expect(await outbox.list({ limit: 1, status: 'queued' })).toMatchObject({ total: 1 })
  expect(await outbox.list({ limit: 1, status: 'sent' })).not.toHaveProperty('total')
  expect(await outbox.countByState()).toEqual({
    queued: 1,
    sending: 0,
    sent: 10_001,
    failed: 0,
    'given-up': 0,
  })
})
