/** Real processes that deliver, killed at any moment: nothing is lost, and what comes twice comes under one Message-ID. */
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSmtp, type TestSmtp } from '../harness/smtp.ts'
import { deliverApart, ended, idsByRecipient, mailTo, NOW } from './support/mails.ts'
import { createWorld, until, type World } from './support/world.ts'

/** Connections of a process: as many mails can be in flight when it dies. */
const IN_FLIGHT = 5

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

/** Another process, after the leases of the dead one. */
const later = () =>
  world.life({ smtpUrl: smtp.url }, { machineNow: () => new Date(Date.now() + 181_000) }).outbox

const one = async () => (await world.life().outbox.list({ limit: 1 })).items[0]

test.each([
  { moment: 'before the server greets', behaviour: 'hang', copies: 1 },
  { moment: 'while the recipient is named', behaviour: 'hang-recipient', copies: 1 },
  { moment: 'after the server took it, before it says so', behaviour: 'hold', copies: 2 },
] as const)('killed $moment: the mail arrives', async ({ behaviour, copies }) => {
  smtp.behave(behaviour)
  await world.life().outbox.enqueue(mailTo(), world.clock.now())
  const child = deliverApart(world, smtp)
  await until('it is at that moment', () => {
    if (behaviour === 'hang') return smtp.connections() === 1
    return behaviour === 'hold' ? smtp.received.length === 1 : smtp.recipients.length === 1
  })
  child.kill('SIGKILL')
  await ended(child)
  expect(await one()).toMatchObject({ status: 'sending', attempts: 1 })

  smtp.behave('accept')
  expect(await later().deliverDue(world.clock.now())).toMatchObject({ sent: 1 })
  expect(await one()).toMatchObject({ status: 'sent', attempts: 2 })
  const ids = idsByRecipient(smtp.received).get('a1@example.org') ?? []
  expect(ids).toHaveLength(copies)
  expect(new Set(ids).size).toBe(1)
})

test('killed between the server’s yes and our record of it: twice, under one Message-ID', async () => {
  smtp.behave('hold')
  await world.life().outbox.enqueue(mailTo(), world.clock.now())
  const child = deliverApart(world, smtp)
  await until('the server has taken it', () => smtp.received.length === 1)
  // Suspended, it cannot read the answer before it is killed.
  child.kill('SIGSTOP')
  smtp.release()
  child.kill('SIGKILL')
  await ended(child)
  expect(await one()).toMatchObject({ status: 'sending' })

  smtp.behave('accept')
  await later().deliverDue(world.clock.now())
  expect(await one()).toMatchObject({ status: 'sent' })
  const ids = idsByRecipient(smtp.received).get('a1@example.org') ?? []
  expect(ids).toHaveLength(2)
  expect(new Set(ids).size).toBe(1)
})

test('a process that was suspended while another took over records nothing over it', async () => {
  smtp.behave('hold')
  await world.life().outbox.enqueue(mailTo(), world.clock.now())
  const child = deliverApart(world, smtp)
  await until('the server has taken it', () => smtp.received.length === 1)
  child.kill('SIGSTOP')
  smtp.behave('accept')
  await later().deliverDue(world.clock.now())
  const sent = await one()
  expect(sent).toMatchObject({ status: 'sent', attempts: 2 })
  // To the suspended one it is a failed attempt, to be made again.
  smtp.release('broken')
  child.kill('SIGCONT')
  expect(await ended(child)).toBe(0)
  expect(await one()).toEqual(sent)
})

test('three processes share an outbox: each mail once', async () => {
  const mails = Array.from({ length: 150 }, (_, i) => mailTo(`a${i}`))
  for (const mail of mails) await world.life().outbox.enqueue(mail, world.clock.now())
  // None is answered before each has its hands full: so each has its part, however long its start takes.
  smtp.behave('hold')
  const children = [0, 1, 2].map(() => deliverApart(world, smtp, { LOOP: '1', GATE: '3' }))
  await until('each has its part', () => smtp.received.length === 3 * IN_FLIGHT)
  smtp.behave('accept')
  smtp.release()
  expect(await Promise.all(children.map(ended))).toEqual([0, 0, 0])
  expect(await world.life().outbox.countByState()).toMatchObject({ sent: 150 })
  const ids = idsByRecipient(smtp.received)
  expect(ids.size).toBe(150)
  expect(smtp.received).toHaveLength(150)
})

test('three processes, killed and started again at random: nothing lost, doubles only of what was in flight', async () => {
  const MAILS = 300
  const { outbox } = world.life()
  for (let i = 0; i < MAILS; i++) await outbox.enqueue(mailTo(`a${i}`), world.clock.now())
  const start = () => deliverApart(world, smtp, { LOOP: '1', LEASE_MS: '10000' })
  const children = [start(), start(), start()]
  let kills = 0
  // By what has arrived, so that each kill hits processes at work.
  for (const share of [0.15, 0.3, 0.45, 0.6, 0.75]) {
    await until(`${share} have arrived`, () => smtp.received.length >= MAILS * share, 60_000)
    await pause((kills * 37) % 50)
    const victim = children[kills % children.length]
    victim?.kill('SIGKILL')
    if (victim) await ended(victim)
    children[kills % children.length] = start()
    kills += 1
  }
  await Promise.all(children.map(ended))
  expect(await outbox.countByState()).toMatchObject({ sent: MAILS, queued: 0, sending: 0, failed: 0 })
  const ids = idsByRecipient(smtp.received)
  expect(ids.size).toBe(MAILS)
  const doubled = [...ids.values()].filter((each) => each.length > 1)
  expect(doubled.length).toBeLessThanOrEqual(kills * IN_FLIGHT)
  for (const each of ids.values()) {
    expect(each.length).toBeLessThanOrEqual(2)
    expect(new Set(each).size).toBe(1)
  }
}, 120_000)
