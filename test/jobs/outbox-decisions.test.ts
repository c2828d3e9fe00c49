/** What people and other parts decide about mails: none any more, once more, no more to an address. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Trouble } from '../../jobs/trouble.ts'
import { startSmtp, type TestSmtp } from '../harness/smtp.ts'
import { mailTo, NOW, PATIENT } from './support/mails.ts'
import { createWorld, PLAIN, until, type World } from './support/world.ts'

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

type Outbox = ReturnType<World['life']>['outbox']
const now = () => world.clock.now()
const byAccount = async (outbox: Outbox, account: string) => {
  const { items } = await outbox.list({ limit: 100, to: `${account}@` })
  const [newest] = items
  if (!newest) throw new Error(`no mail to ${account}`)
  return newest
}

test('reminders that nobody needs any more are withdrawn, the others go', async () => {
  const { outbox } = world.life({ smtpUrl: smtp.url })
  const reminder = (account: string, period: string) =>
    outbox.enqueue(mailTo(account, { kind: 'reminder', period }), now())
  await reminder('a', '2026-10')
  await reminder('a', '2026-11')
  await reminder('b', '2026-10')
  await outbox.enqueue(mailTo('a', { kind: 'weekly', period: '2026-10' }), now())
  const which = { kind: 'reminder', period: '2026-10', accounts: ['a', 'nobody'] }
  expect(await outbox.withdraw(which, '企业已报送')).toBe(1)
  expect(await outbox.withdraw(which, '企业已报送')).toBe(0)
  await outbox.deliverDue(now())
  expect(smtp.received).toHaveLength(3)
  const [gone] = (await outbox.list({ limit: 5, status: 'given-up' })).items
  expect(gone).toMatchObject({ period: '2026-10', lastError: '企业已报送', cause: 'withdrawn' })
  // What went out stays as it is.
  expect(await outbox.withdraw({ kind: 'reminder' }, 'x')).toBe(0)
  expect(await outbox.countByState()).toMatchObject({ sent: 3, 'given-up': 1 })
  // Somebody may want it after all.
  await outbox.retry(gone?.id ?? '', now())
  await outbox.deliverDue(now())
  expect(await outbox.get(gone?.id ?? '')).toMatchObject({ status: 'sent', cause: null })
})

test('a mail that is being tried when it is withdrawn is not tried again', async () => {
  smtp.behave('hold')
  const { outbox } = world.life({ smtpUrl: smtp.url }, PATIENT)
  await outbox.enqueue(mailTo('a', { kind: 'reminder' }), now())
  const round = outbox.deliverDue(now())
  await until('it is with the server', () => smtp.received.length === 1)
  await outbox.withdraw({ kind: 'reminder' }, '企业已报送')
  await round
  expect(await byAccount(outbox, 'a')).toMatchObject({ status: 'given-up', cause: 'withdrawn' })
})

test('a secret mail that is withdrawn leaves nothing behind', async () => {
  const { outbox } = world.life(undefined, undefined, PLAIN)
  const secretUntil = new Date(now().getTime() + 60_000)
  await outbox.enqueue(mailTo('a', { kind: 'account-invitation', secretUntil }), now())
  await outbox.withdraw({ kind: 'account-invitation' }, 'x')
  expect(await world.connection.collection('outbox').findOne({})).toMatchObject({ html: '', text: '' })
})

test('a mail is sent once more on purpose as a mail of its own', async () => {
  const { outbox } = world.life({ smtpUrl: smtp.url })
  await outbox.enqueue(mailTo('a'), now())
  const first = await byAccount(outbox, 'a')
  await expect(outbox.resend(first.id, now())).rejects.toMatchObject({ code: 'mail.on-its-way' })
  await outbox.deliverDue(now())
  world.clock.pass(60)
  const [one, other] = await Promise.all([outbox.resend(first.id, now()), outbox.resend(first.id, now())])
  expect(one?.id).toBe(other?.id)
  // A moment later, too: theirs is on its way.
  expect((await outbox.resend(first.id, now())).id).toBe(one?.id)
  expect(one).toMatchObject({ status: 'queued', attempts: 0, resendOf: first.id })
  await outbox.deliverDue(now())
  // Of the second a third: all belong to the first.
  const third = await outbox.resend(one?.id ?? '', now())
  expect(third.resendOf).toBe(first.id)
  await outbox.deliverDue(now())
  expect(smtp.received).toHaveLength(3)
  expect(new Set(smtp.received.map(({ mail }) => mail.messageId)).size).toBe(3)
  for (const { mail } of smtp.received) expect(mail.html).toBe(smtp.received[0]?.mail.html)
  for (const id of [first.id, third.id])
    expect((await outbox.get(id)).repeats.map((mail) => mail.id)).toEqual([first.id, one?.id, third.id])
  // The report's own mail is still known by its key: no second one is made of it.
  expect(await outbox.enqueue(mailTo('a'), now())).toBe(false)
  await expect(outbox.resend('0'.repeat(24), now())).rejects.toMatchObject({ status: 404 })
})

test('a mail that holds a link that works once is never sent once more', async () => {
  const { outbox } = world.life({ smtpUrl: smtp.url }, undefined, PLAIN)
  await outbox.enqueue(mailTo('a', { secretUntil: new Date(now().getTime() + 60_000) }), now())
  await outbox.deliverDue(now())
  const { id } = await byAccount(outbox, 'a')
  await expect(outbox.resend(id, now())).rejects.toMatchObject({ status: 409, code: 'mail.one-time' })
})

test('an address that is refused for good is tried no more until it is enabled again', async () => {
  const told: Trouble[] = []
  const trouble = { tell: async (one: Trouble) => void told.push(one) }
  const { outbox } = world.life({ smtpUrl: smtp.url }, undefined, undefined, trouble)
  smtp.behave('refuse', 'gone@example.org')
  await outbox.enqueue(mailTo('gone', { period: '2026-W47' }), now())
  await outbox.deliverDue(now())
  expect(smtp.recipients).toEqual(['gone@example.org'])

  // Also in another writing, by every way into the outbox, and what was queued before.
  const to = { name: '李', address: 'GONE@Example.org' }
  const { to: _to, account: _account, ...shared } = mailTo('x', { period: '2026-W49' })
  await outbox.enqueue(mailTo('gone', { to }), now())
  expect(await outbox.enqueueMany(shared, [{ account: 'b', to }], now())).toMatchObject({
    ...{ queued: 1, disabled: 1 },
  })
  await outbox.deliverDue(now())
  expect(smtp.recipients).toHaveLength(1)
  const { items } = await outbox.list({ limit: 10 })
  for (const item of items.slice(0, 2))
    expect(item).toMatchObject({
      ...{ status: 'failed', attempts: 0, cause: 'address-disabled' },
      lastError: expect.stringContaining('550 no such mailbox'),
    })
  expect(items[2]).toMatchObject({ status: 'failed', attempts: 1, cause: null })
  for (const decide of [outbox.retry.bind(outbox), outbox.resend.bind(outbox)])
    await expect(decide(items[0]?.id ?? '', now())).rejects.toMatchObject({ code: 'mail.address-disabled' })

  // Administrators hear of it once.
  await outbox.watch(now())
  await outbox.watch(now())
  expect(told).toMatchObject([{ kind: 'address-disabled', detail: { address: 'gone@example.org' } }])

  smtp.behave('accept', 'gone@example.org')
  const [disabled] = (await outbox.disabled.list({ limit: 5 })).items
  expect(disabled).toMatchObject({ address: 'gone@example.org', mail: items[2]?.id })
  await outbox.disabled.enable(disabled?.id ?? '')
  await expect(outbox.disabled.enable(disabled?.id ?? '')).rejects.toMatchObject({ status: 404 })
  await outbox.retry(items[0]?.id ?? '', now())
  await outbox.deliverDue(now())
  expect(await outbox.get(items[0]?.id ?? '')).toMatchObject({ status: 'sent', cause: null })
})

test('of many addresses at a time administrators hear once', async () => {
  const told: Trouble[] = []
  const trouble = { tell: async (one: Trouble) => void told.push(one) }
  const { outbox } = world.life({ smtpUrl: smtp.url }, undefined, undefined, trouble)
  smtp.behave('refuse')
  for (let i = 0; i < 12; i++) await outbox.enqueue(mailTo(`gone${i}`), now())
  await outbox.deliverDue(now())
  await outbox.watch(now())
  await outbox.watch(now())
  expect(told).toHaveLength(1)
  expect(told[0]?.detail).toMatchObject({ n: '12', decision: 'many', reason: '550 no such mailbox' })
  expect(told[0]?.detail.address).toMatch(/^(gone\d+@example\.org ){10}…$/)
})

test('of two mails to an address that is refused, the second is not tried', async () => {
  const jobs = world.life({ smtpUrl: smtp.url })
  smtp.behave('refuse')
  const to = { name: '李', address: 'gone@example.org' }
  for (let i = 0; i < 12; i++) await jobs.outbox.enqueue(mailTo(`a${i}`, { to }), now())
  await jobs.outbox.deliverDue(now())
  expect(await jobs.outbox.countByState()).toMatchObject({ failed: 12, queued: 0 })
  // Only those that were in flight together.
  expect(smtp.recipients.length).toBeLessThanOrEqual(5)
  expect((await jobs.outbox.disabled.list({ limit: 5 })).total).toBe(1)
})

test('a process that dies after disabling an address leaves no mail to it to be tried', async () => {
  const { outbox } = world.life({ smtpUrl: smtp.url })
  await outbox.enqueue(mailTo('gone'), now())
  const mails = world.connection.collection('outbox')
  const [mail] = await mails.find({}).toArray()
  await mails.updateOne(
    {},
    { $set: { status: 'sending', attempts: 1, lease: { owner: 'x', until: new Date(0) } } },
  )
  await outbox.disabled.disable(mail as never, '550 no such mailbox', now())
  await outbox.deliverDue(now())
  expect(smtp.recipients).toEqual([])
  expect(await byAccount(outbox, 'gone')).toMatchObject({ status: 'failed', cause: 'address-disabled' })
})
