import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startSmtp, type TestSmtp } from '../harness/smtp.ts'
import { figuresWith, weekBefore } from './support/figures.ts'
import { createWorld, li, smith, until, type World } from './support/world.ts'

const SUNDAY = '2026-11-29T10:00:00Z'
const MONDAY = '2026-11-30T00:05:00Z'

let world: World
let smtp: TestSmtp
beforeEach(async () => {
  world = await createWorld(SUNDAY)
  smtp = await startSmtp()
})
afterEach(async () => {
  await world.close()
  await smtp.close()
})

/** The first start, on Sunday. */
async function install(): Promise<void> {
  const jobs = world.life({ smtpUrl: smtp.url })
  await jobs.scheduler.runOwed()
  await jobs.stop()
}

const weekly = async (jobs: ReturnType<World['life']>) =>
  (await jobs.scheduler.list()).find((job) => job.name === 'weekly-report')?.lastRun

describe('with NOW past Monday 08:00', () => {
  test('one mail to each recipient arrives; a restart sends none again', async () => {
    await install()
    expect(smtp.received).toHaveLength(0)
    world.clock.set(MONDAY)
    const jobs = world.life({ smtpUrl: smtp.url })
    await jobs.start()
    await until('both mails have arrived', () => smtp.received.length === 2)
    await jobs.stop()
    expect(smtp.received.map((mail) => mail.to).sort()).toEqual([[li.email], [smith.email]])

    for (const later of [MONDAY, '2026-12-02T00:00:00Z']) {
      world.clock.set(later)
      const again = world.life({ smtpUrl: smtp.url, soleProcess: true })
      await again.start()
      await again.scheduler.runOwed()
      await again.stop()
    }
    expect(smtp.received).toHaveLength(2)
    expect((await world.reports.store.list({ kind: 'weekly', limit: 10 })).items).toHaveLength(1)
  })

  test('the mail is whole: HTML and text in the reader’s language, with the charts as inline pictures', async () => {
    await install()
    world.clock.set(MONDAY)
    const jobs = world.life({ smtpUrl: smtp.url })
    await jobs.scheduler.runOwed()
    const mail = smtp.received.find(({ to }) => to.includes(li.email))?.mail
    expect(mail?.subject).toMatch(/^南平市车辆更新周报（2026年第48周）：/)
    expect(mail?.from?.text).toContain('ledger@fleet.example.org')
    expect(mail?.html).toContain('更新出租车新能源占比')
    expect(mail?.text).toContain('再连续更新3辆新能源车可达到目标')
    const link = 'https://fleet.example.org/evidence/taxi-renewal?asOf=2026-11-29&knownAt='
    expect(mail?.text).toContain(link)
    const pictures = mail?.attachments.filter((a) => a.contentType === 'image/png' && a.related) ?? []
    expect(pictures).toHaveLength(2)
    for (const picture of pictures) {
      expect(picture.content.subarray(1, 4).toString()).toBe('PNG')
      expect(smtp.received[0]?.raw).toContain('multipart/related')
    }
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated')
    const english = smtp.received.find(({ to }) => to.includes(smith.email))?.mail
    expect(english?.subject).toMatch(/^Nanping · Weekly report on vehicle renewal, week 48 of 2026 – /)
  })

  test('two services at once send one mail to each', async () => {
    await install()
    world.clock.set(MONDAY)
    const lives = [world.life({ smtpUrl: smtp.url }), world.life({ smtpUrl: smtp.url })]
    await Promise.all(lives.map((jobs) => jobs.start()))
    await until('both mails have arrived', () => smtp.received.length >= 2)
    await Promise.all(lives.map((jobs) => jobs.stop()))
    expect(smtp.received.map((mail) => mail.to).sort()).toEqual([[li.email], [smith.email]])
  })
})

test('Agenda’s ticks bring the slot without a restart', async () => {
  await install()
  world.clock.set('2026-11-29T23:59:59Z')
  const jobs = world.life({ smtpUrl: smtp.url })
  await jobs.start()
  expect(smtp.received).toHaveLength(0)
  world.clock.set('2026-11-30T00:00:00Z')
  await until('both mails have arrived', () => smtp.received.length === 2, 45_000)
})

test('a new installation is not told of a week before it', async () => {
  world.clock.set(MONDAY)
  const jobs = world.life({ smtpUrl: smtp.url })
  await jobs.scheduler.runOwed()
  expect((await jobs.outbox.list({ limit: 10 })).items).toEqual([])
  expect(await weekly(jobs)).toBeNull()
})

test('a run cut off while queueing is completed, with the same figures and nobody’s mail twice', async () => {
  await install()
  world.clock.set(MONDAY)
  world.recipients = [li]
  const cut = world.life()
  await cut.scheduler.runOwed()
  // As if the process had died after the first mail: the run is not done, one recipient is missing.
  await world.connection
    .collection('job-runs')
    .updateOne({ job: 'weekly-report' }, { $set: { status: 'failed', nextTryAt: new Date(MONDAY) } })
  world.recipients = [li, smith]
  const asked = world.asked.length
  const jobs = world.life({ smtpUrl: smtp.url })
  await jobs.scheduler.runOwed()
  expect(world.asked).toHaveLength(asked)
  expect(await weekly(jobs)).toMatchObject({
    status: 'done',
    attempts: 2,
    result: { reports: 0, recipients: 2, queued: 1 },
  })
  await until('both mails have arrived', () => smtp.received.length === 2)
})

test('missed Mondays become one report, compared with the one before', async () => {
  await install()
  world.clock.set('2026-11-30T00:00:00Z')
  world.figures = async () => ({ ...weekBefore(), asOf: '2026-11-29' })
  const first = world.life()
  await first.scheduler.runOwed()
  world.clock.set('2026-12-23T00:00:00Z')
  world.figures = async ({ now }) => ({ ...weekBefore(), asOf: '2026-12-20', knownAt: now.toISOString() })
  const jobs = world.life({ smtpUrl: smtp.url })
  await jobs.scheduler.runOwed()
  const run = await weekly(jobs)
  expect(run?.covers).toEqual([
    '2026-12-07T00:00:00.000Z',
    '2026-12-14T00:00:00.000Z',
    '2026-12-21T00:00:00.000Z',
  ])
  const { items } = await world.reports.store.list({ kind: 'weekly', limit: 10 })
  expect(items.map(({ period, content }) => [period, content.previous?.period, content.standsFor])).toEqual([
    ['2026-W51', '2026-W48', ['2026-W49', '2026-W50', '2026-W51']],
    ['2026-W48', undefined, ['2026-W48']],
  ])
  const text = smtp.received.find((m) => m.to[0] === li.email && m.mail.subject?.includes('第51周'))?.mail
    .text
  expect(text).toContain('与上期（2026年第48周，南平交运更新周报〔2026〕48号，截至2026年11月29日）相比')
  expect(text).toContain('各项指标均无变化')
})

test('a run by hand makes up for what is missing and never sends a second mail', async () => {
  world.recipients = [li]
  const jobs = world.life({ smtpUrl: smtp.url })
  await jobs.scheduler.runOwed()
  const done = async (count: number) =>
    until(
      'the run is done',
      async () =>
        (await weekly(jobs))?.status === 'done' &&
        world.logged.filter((l) => l.includes('"manual":true')).length === count,
    )
  await jobs.scheduler.runNow('weekly-report')
  await done(1)
  world.recipients = [li, smith]
  world.clock.pass(1)
  await jobs.scheduler.runNow('weekly-report')
  await done(2)
  await until('both mails have arrived', () => smtp.received.length === 2)
  expect(smtp.received.map((mail) => mail.to).sort()).toEqual([[li.email], [smith.email]])
})

test('nobody wants it, or an address is useless: the run is done all the same', async () => {
  await install()
  world.clock.set(MONDAY)
  world.recipients = [{ ...smith, email: 'not an address' }]
  const jobs = world.life({ smtpUrl: smtp.url })
  await jobs.scheduler.runOwed()
  expect(await weekly(jobs)).toMatchObject({
    status: 'done',
    result: { reports: 1, recipients: 0, queued: 0, unusable: 1 },
  })
  world.clock.set('2026-12-07T00:00:00Z')
  world.recipients = []
  await jobs.scheduler.runOwed()
  expect(await weekly(jobs)).toMatchObject({ status: 'done', result: { recipients: 0 } })
  expect(smtp.received).toHaveLength(0)
})

test('who was to get a report when its run was cut off gets it, though the next one came first', async () => {
  await install()
  world.clock.set(MONDAY)
  world.recipients = [li]
  const cut = world.life({ smtpUrl: smtp.url })
  await cut.scheduler.runOwed()
  await until('the first mail has arrived', () => smtp.received.length === 1)
  await cut.stop()
  await world.connection
    .collection('job-runs')
    .updateOne({ job: 'weekly-report' }, { $set: { status: 'failed', nextTryAt: new Date('2026-12-31') } })
  world.recipients = [li, smith]
  world.clock.set('2026-12-07T00:00:00Z')
  const jobs = world.life({ smtpUrl: smtp.url })
  await jobs.scheduler.runOwed()
  expect(await weekly(jobs)).toMatchObject({
    status: 'done',
    result: { reports: 1, recipients: 2, queued: 3 },
  })
  await until('all four mails have arrived', () => smtp.received.length === 4)
  const arrived = smtp.received.map(
    ({ to, mail }) => `${to} ${/第?\s?(48|49)/.exec(mail.subject ?? '')?.[1]}`,
  )
  expect(arrived.sort()).toEqual([
    `${li.email} 48`,
    `${li.email} 49`,
    `${smith.email} 48`,
    `${smith.email} 49`,
  ])
  expect((await world.reports.store.find('weekly', '2026-W49'))?.content.standsFor).toEqual(['2026-W49'])
})

test('a run by hand after downtime names the periods that were missed', async () => {
  await install()
  world.clock.set(MONDAY)
  await world.life().scheduler.runOwed()
  world.clock.set('2026-12-23T00:00:00Z')
  const jobs = world.life()
  await jobs.scheduler.runNow('weekly-report')
  await until(
    'the report is made',
    async () => (await world.reports.store.find('weekly', '2026-W51')) !== null,
  )
  const made = await world.reports.store.find('weekly', '2026-W51')
  expect(made?.content.standsFor).toEqual(['2026-W49', '2026-W50', '2026-W51'])
})

test('an empty city is reported as one', async () => {
  await install()
  world.clock.set(MONDAY)
  world.figures = async ({ asOf, now }) => figuresWith({}, { asOf: asOf ?? '', knownAt: now.toISOString() })
  const jobs = world.life({ smtpUrl: smtp.url })
  await jobs.scheduler.runOwed()
  const mail = smtp.received.find(({ to }) => to.includes(li.email))?.mail
  expect(mail?.subject).toContain('还没有可统计的变动')
  expect(mail?.text).toContain('各县（市、区）尚无变动')
})
