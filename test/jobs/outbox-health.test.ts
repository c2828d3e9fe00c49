/** Whether mails get out, how many there are, and that asking is cheap. */
import { ObjectId } from 'mongodb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dueBy, dueTooLate, leftAt } from '../../jobs/outbox/delivery.ts'
import { addressKey } from '../../jobs/outbox/disabled.ts'
import { toldOn } from '../../jobs/outbox/ended.ts'
import { failingSince, sentBetween } from '../../jobs/outbox/health.ts'
import { mailFilter } from '../../jobs/outbox/reading.ts'
import { LEFT_CONTENT, neverTried, secretsOver } from '../../jobs/outbox/stale.ts'
import type { Trouble } from '../../jobs/trouble.ts'
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
const now = () => world.clock.now()

describe('stuck', () => {
  test('nothing is stuck when nothing is due, or when no server is set', async () => {
    const { outbox } = world.life({ smtpUrl: smtp.url })
    expect(await outbox.stuck(now())).toEqual({
      ...{ stuck: false, reason: null, oldestDueAt: null, queued: 0 },
    })
    const without = world.life().outbox
    await without.enqueue(mailTo(), now())
    world.clock.pass(600)
    expect(await without.stuck(now())).toMatchObject({ stuck: false, queued: 1, oldestDueAt: new Date(NOW) })
  })

  test('due for half an hour while nothing leaves: told once a day, until something leaves', async () => {
    const told: Trouble[] = []
    const trouble = { tell: async (one: Trouble) => void told.push(one) }
    const { outbox } = world.life({ smtpUrl: smtp.url }, undefined, undefined, trouble)
    await outbox.enqueue(mailTo(), now())
    world.clock.pass(29)
    expect(await outbox.stuck(now())).toMatchObject({ stuck: false })
    world.clock.pass(1)
    expect(await outbox.stuck(now())).toMatchObject({ stuck: true, reason: 'waiting' })
    await outbox.watch(now())
    expect(told).toEqual([
      { key: 'outbox-stuck|2026-11-30', kind: 'outbox-stuck', detail: { waiting: '1', since: NOW } },
    ])
    await outbox.deliverDue(now())
    await outbox.enqueue(mailTo('b'), new Date(NOW))
    // One that is only behind others is not stuck.
    expect(await outbox.stuck(now())).toMatchObject({ stuck: false })
    world.clock.pass(10)
    expect(await outbox.stuck(now())).toMatchObject({ stuck: true })
  })

  test('the server fails everything for an hour', async () => {
    smtp.behave('hang')
    const { outbox } = world.life({ smtpUrl: smtp.url }, PATIENT)
    await outbox.enqueue(mailTo(), now())
    await outbox.deliverDue(now())
    world.clock.pass(59)
    await outbox.deliverDue(now())
    expect(await outbox.stuck(now())).toMatchObject({ stuck: false })
    world.clock.pass(1)
    expect(await outbox.stuck(now())).toMatchObject({ stuck: true, reason: 'failing' })
    smtp.behave('accept')
    world.clock.pass(5)
    expect(await outbox.deliverDue(now())).toMatchObject({ sent: 1 })
    expect(await outbox.stuck(now())).toMatchObject({ stuck: false })
  })

  test('mails that a dead process left, or whose lease a clock ahead has written, wait too', async () => {
    const { outbox } = world.life({ smtpUrl: smtp.url })
    const mails = world.connection.collection('outbox')
    for (const until of [new Date(0), new Date('2027-11-30')]) {
      await mails.deleteMany({})
      await outbox.enqueue(mailTo(), now())
      const lease = { owner: 'x', until }
      await mails.updateOne({}, { $set: { status: 'sending', lease } })
      expect(await outbox.stuck(new Date(now().getTime() + 31 * 60_000))).toMatchObject({
        ...{ stuck: true, reason: 'waiting', oldestDueAt: now(), queued: 1 },
      })
      await mails.updateOne({}, { $set: { 'lease.until': new Date(Date.now() + 60_000) } })
      expect(await outbox.stuck(now())).toMatchObject({ stuck: false, queued: 0 })
    }
  })

  test('what a clock that ran ahead has sent does not hide for a year that nothing leaves', async () => {
    const { outbox } = world.life({ smtpUrl: smtp.url })
    await outbox.enqueue(mailTo('a'), now())
    await outbox.deliverDue(new Date('2027-11-30T00:00:00Z'))
    await outbox.enqueue(mailTo('b'), now())
    world.clock.pass(31)
    expect(await outbox.stuck(now())).toMatchObject({ stuck: true, reason: 'waiting' })
  })

  test('one busy mailbox is not a stuck outbox', async () => {
    smtp.behave('refuse-later')
    const { outbox } = world.life({ smtpUrl: smtp.url })
    await outbox.enqueue(mailTo(), now())
    for (let i = 0; i < 6; i++) {
      await outbox.deliverDue(now())
      world.clock.pass(15)
    }
    expect(await outbox.stuck(now())).toMatchObject({ stuck: false })
  })
})

test('what a page says of the outbox', async () => {
  const { outbox } = world.life({ smtpUrl: smtp.url })
  expect(await outbox.summary(now())).toEqual({
    counts: { queued: 0, sending: 0, sent: 0, failed: 0, 'given-up': 0 },
    ...{ kinds: [], server: true, stuck: null, oldestDueAt: null, disabledAddresses: 0 },
  })
  smtp.behave('refuse', 'b@example.org')
  await outbox.enqueue(mailTo('a'), now())
  await outbox.enqueue(mailTo('b', { kind: 'reminder' }), now())
  await outbox.deliverDue(now())
  await outbox.enqueue(mailTo('c'), now())
  expect(await outbox.summary(now())).toEqual({
    counts: { queued: 1, sending: 0, sent: 1, failed: 1, 'given-up': 0 },
    ...{ kinds: ['reminder', 'weekly'], server: true, stuck: null, oldestDueAt: NOW, disabledAddresses: 1 },
  })
})

test('the list is narrowed by state, kind and the beginning of a recipient’s address or name', async () => {
  const { outbox } = world.life({ smtpUrl: smtp.url })
  await outbox.enqueue(mailTo('zhang', { to: { name: '张科长', address: 'Zhang.San@example.org' } }), now())
  await outbox.deliverDue(now())
  await outbox.enqueue(mailTo('li', { kind: 'monthly' }), now())
  const found = async (query: object) =>
    (await outbox.list({ limit: 10, ...query })).items.map((mail) => mail.kind)
  expect(await found({})).toEqual(['monthly', 'weekly'])
  expect(await found({ to: 'ZHANG.s' })).toEqual(['weekly'])
  expect(await found({ to: '张' })).toEqual(['weekly'])
  expect(await found({ to: '李', status: 'queued', kind: 'monthly' })).toEqual(['monthly'])
  expect(await found({ to: '李', status: 'sent' })).toEqual([])
  // No pattern is let in.
  for (const to of ['.*', '(', '[a-z]', '$']) expect(await found({ to })).toEqual([])
})

test('every question to the outbox goes along an index', async () => {
  const { outbox } = world.life(undefined, undefined, PLAIN)
  const soon = new Date(now().getTime() + 86_400_000)
  for (let i = 0; i < 300; i++) {
    for (const period of ['2026-W46', '2026-W48']) await outbox.enqueue(mailTo(`a${i}`, { period }), now())
    const secret = { kind: 'account-invitation', secretUntil: soon }
    for (const period of ['one', 'two']) await outbox.enqueue(mailTo(`s${i}`, { ...secret, period }), now())
  }
  const mails = world.connection.collection('outbox')
  // Of each kind three hundred that are queued, and as many that are sent.
  const sent = { status: 'sent', sentAt: now(), nextAttemptAt: null }
  await mails.updateMany({ period: '2026-W46' }, { $set: sent })
  await mails.updateMany({ period: 'one' }, { $set: { ...sent, html: '', text: '' } })
  await mails.updateOne({ account: 'a7', period: '2026-W48' }, { $set: { period: '2026-W47' } })
  const at = now()
  const before = new Date(at.getTime() - 1)
  const leases = { machineNow: at, leaseMs: 180_000 }
  const questions: [string, object, Record<string, 1 | -1>?, number?][] = [
    ['due', dueBy(before), { nextAttemptAt: 1 }],
    ['put off by a clock that ran ahead', dueTooLate(at), { nextAttemptAt: 1 }],
    ['left by the dead', leftAt(at, 180_000), { 'lease.until': 1 }],
    ['never tried', neverTried(at)],
    ['content that must go', LEFT_CONTENT],
    ['secrets that are over', secretsOver(at, leases)],
    ['not told of', toldOn('')],
    ['told of on a day', toldOn('2026-11-30')],
    ['failing', failingSince(at)],
    ['sent lately', sentBetween(at, soon), { sentAt: -1 }],
    ['to a disabled address', { address: addressKey('A7@example.org'), status: 'queued' }],
    ['withdrawn', { kind: 'weekly', period: '2026-W47', account: { $in: ['a7'] }, status: 'queued' }],
    ['repeats', { resendOf: new ObjectId() }],
    ['without an address', { address: null }],
    ['the list', mailFilter({ status: 'failed' }), { _id: -1 }],
    ['of a kind', mailFilter({ kind: 'reminder' }), { _id: -1 }],
    ['of a kind and state', mailFilter({ kind: 'weekly', status: 'failed' }), { _id: -1 }],
    ['of a period', mailFilter({ kind: 'weekly', period: '2026-W47' }), { _id: -1 }],
    ['to somebody', mailFilter({ to: 'a77@' }), { _id: -1 }],
  ]
  for (const [what, filter, sort] of questions) {
    const cursor = mails.find(filter)
    const { queryPlanner, executionStats } = await (sort ? cursor.sort(sort) : cursor).explain(
      'executionStats',
    )
    const stages = JSON.stringify(queryPlanner.winningPlan)
    expect(stages, what).not.toContain('COLLSCAN')
    expect(executionStats.totalDocsExamined, what).toBeLessThanOrEqual(2)
  }
})
