/** Something of which no mail can be made keeps nobody else from theirs; it is put aside in the end, and told of. */
import { ObjectId } from 'mongodb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AccountMails } from '../../jobs/account-mails.ts'
import { Alerts, GATHER_MS, mailedBetween } from '../../jobs/alerts.ts'
import { ListMails } from '../../jobs/list-mails.ts'
import { ReportMails } from '../../jobs/report-mails.ts'
import { ScenarioMails } from '../../jobs/scenario-mails.ts'
import type { Trouble } from '../../jobs/trouble.ts'
import type { LinkMail } from '../../server/accounts/links.ts'
import { type AlertDoc, alertModel } from '../../server/alerts/model.ts'
import type { AlertReader } from '../../server/alerts/readers.ts'
import { ensureIndexes } from '../../server/database/indexes.ts'
import { noticeModel } from '../../server/notices/model.ts'
import { NoticeService } from '../../server/notices/service.ts'
import type { ScenarioMailDoc } from '../../server/scenarios/model.ts'
import { NOW } from './support/mails.ts'
import { createWorld, li, PLAIN, smith, type World } from './support/world.ts'

let world: World
let told: Trouble[]
beforeEach(async () => {
  world = await createWorld(NOW)
  told = []
})
afterEach(() => world.close())

const now = () => world.clock.now()
const trouble = { tell: async (one: Trouble) => void told.push(one) }
const log = { info() {}, warn() {}, error() {} }
const zone = { timeZone: 'Asia/Shanghai' }
/** The accounts that have a mail in the outbox. */
const accounts = async () =>
  (await world.connection.collection('outbox').find({}).sort({ _id: 1 }).toArray()).map(
    (mail) => mail.account,
  )

describe('notices', () => {
  const people = {
    addressee: async (id: string) => ({
      id,
      language: 'zh-CN' as const,
      name: id,
      email: `${id}@example.org`,
    }),
    dutyAddressee: async (id: string) => ({
      id,
      language: 'zh-CN' as const,
      name: id,
      email: `${id}@example.org`,
    }),
  }
  const start = async () => {
    const model = noticeModel(world.connection)
    await ensureIndexes(world.connection)
    const notices = new NoticeService(model)
    const notice = (kind: string, account: string, minute: number) =>
      notices.tell(
        {
          ...{ kind: kind as never, period: account, params: { filename: '名单.csv' }, link: '/' },
          at: new Date(now().getTime() + minute * 60_000),
        },
        [account],
      )
    const { outbox } = world.life()
    return { notice, notices, mails: new ListMails({ notices, people, outbox, trouble, log }) }
  }

  test('one of a kind that nobody knows any more holds up none behind it', async () => {
    const { notice, notices, mails } = await start()
    // More than go into one round, all of them before the good one.
    for (let i = 0; i < 101; i++) await notice('of-another-version', `bad${i}`, i)
    await notice('list-returned', 'good', 200)
    await expect(mails.sweep(now())).rejects.toThrow(/101 notices could not be put into mails/)
    expect(await accounts()).toEqual(['good'])
    expect(await notices.mailDue(500)).toHaveLength(101)
    for (let i = 0; i < 3; i++) await mails.sweep(now()).catch(() => {})
    expect(told).toEqual([])
    expect(await mails.sweep(now())).toBe(0)
    expect(await notices.mailDue(500)).toEqual([])
    // One word of all of them: what keeps many back is one thing to look into.
    expect(told).toMatchObject([{ kind: 'mails-failed', detail: { failed: '101' } }])
    await notice('list-returned', 'later', 201)
    expect(await mails.sweep(now())).toBe(1)
  })

  test('one that comes right meanwhile is not put aside, nor is anything while the database is not to be had', async () => {
    const { notice, notices, mails } = await start()
    await notice('list-returned', 'a', 0)
    const { outbox } = world.life()
    const outage = Object.assign(new Error('no server'), { name: 'MongoServerSelectionError' })
    const refused = Object.assign(new Error('not primary'), { name: 'MongoServerError' })
    for (const error of [outage, refused]) {
      const down = new ListMails({
        ...{ notices, trouble, log, outbox },
        people: { ...people, addressee: () => Promise.reject(error) },
      })
      for (let i = 0; i < 8; i++) await expect(down.sweep(now())).rejects.toThrow(error.message)
    }
    expect(told).toEqual([])
    expect(await mails.sweep(now())).toBe(1)
    expect(await accounts()).toEqual(['a'])
  })
})

/** A store of things that are due. */
function storeOf<T>(items: T[]) {
  let due = items
  return {
    mailDue: async (limit: number) => due.slice(0, limit),
    mailsDue: async (limit: number) => due.slice(0, limit),
    mailDone: async (done: T | string) => {
      due = due.filter((item) => item !== done && (item as { _id?: string })._id !== done)
    },
    left: () => due.length,
  }
}

test('links of accounts and scenarios that cannot be written hold up none behind them', async () => {
  const { outbox } = world.life(undefined, undefined, PLAIN)
  const link: LinkMail = {
    ...{ kind: 'invitation', account: 'good', email: 'good@example.org', name: '李', language: 'zh-CN' },
    ...{ token: 't', nonce: 'nonce-nonce', createdAt: now(), expiresAt: new Date(now().getTime() + 60_000) },
  }
  const links = storeOf([{ ...link, account: 'bad', createdAt: new Date(Number.NaN) }, link])
  const accountMails = new AccountMails({
    links,
    outbox,
    trouble,
    log,
    ...zone,
    address: () => 'http://x.example.org',
  })
  await expect(accountMails.sweep(now())).rejects.toThrow(/account-links/)
  expect(await accounts()).toEqual(['good'])
  const bad = { _id: 'bad', language: 'zh-CN' } as ScenarioMailDoc
  const scenarios = storeOf([bad])
  const scenarioMails = new ScenarioMails({ scenarios, outbox, trouble, log, ...zone })
  for (let i = 0; i < 5; i++) {
    await accountMails.sweep(now()).catch(() => {})
    await scenarioMails.sweep(now()).catch(() => {})
  }
  expect([links.left(), scenarios.left()]).toEqual([0, 0])
  expect(told.map(({ key }) => key)).toEqual([
    'mails-failed|account-links|bad invitation nonce-',
    'mails-failed|scenarios|bad',
  ])
})

test('a report’s mails: a part of the city that cannot be written keeps no other from theirs', async () => {
  const { outbox } = world.life()
  const county = { ...smith, id: 'c'.repeat(24), scope: { county: '350702' } }
  world.recipients = [county, li]
  const { report } = await world.reports.make('weekly', now(), [now()], now())
  let broken = true
  const mails = new ReportMails({
    recipients: { recipientsOf: async () => world.recipients },
    unsubscribe: { urlFor: () => undefined },
    async contentFor({ content }, scope) {
      if (broken && scope.county) throw new Error('no such county')
      return content
    },
    operatorNames: async () => new Map(),
    ...{ outbox, log, ...zone, address: () => 'https://fleet.example.org' },
  })
  await expect(mails.queue(report, now())).rejects.toThrow(/1 of 2 groups.*no such county/)
  expect(await accounts()).toEqual([li.id])
  broken = false
  expect(await mails.queue(report, now())).toEqual({ recipients: 2, queued: 1, unusable: 0 })
  expect(await accounts()).toEqual([li.id, county.id])
})

describe('alerts', () => {
  const reader = (id: string): AlertReader => ({
    ...{ id, email: `${id}@example.org`, name: id, language: 'zh-CN', scope: {}, source: 'account' },
  })
  const alert = (rule: string, minute: number, more: Partial<AlertDoc> = {}): AlertDoc => {
    const figure = { value: 80, numerator: 8, denominator: 10, status: 'breached' as const }
    return {
      ...{ _id: new ObjectId(), rule, county: null, kind: 'status', direction: 'worse' },
      ...{ title: { zh: '指标', en: 'Figure' }, unit: 'percent', comparison: 'at-least', target: 90 },
      ...{ before: { ...figure, status: 'on-track' }, after: figure, because: ['changes'], needed: null },
      ...{
        changes: { total: 0, items: [] },
        asOf: '2026-11-30',
        knownAt: now(),
        mail: 'due',
        mailedAt: null,
      },
      at: new Date(now().getTime() + minute * 1000),
      ...more,
      key: `${rule}|${minute}`,
    } as unknown as AlertDoc
  }
  const start = async (readers: AlertReader[], urlFor = (_id: string): string | undefined => undefined) => {
    const model = alertModel(world.connection)
    await ensureIndexes(world.connection)
    const { outbox } = world.life()
    const alerts = new Alerts({
      ...{ connection: world.connection, outbox, trouble, log, ...zone, onQueued: () => {} },
      ...{ watch: { look: async () => 0 }, readers: async () => readers },
      ...{ unsubscribe: { urlFor }, address: () => 'https://fleet.example.org' },
    })
    return { alerts, collection: model.collection }
  }

  test('those that rest keep no others back, however many they are', async () => {
    const { alerts, collection } = await start([reader('a')])
    const resting = Array.from({ length: 250 }, (_, i) => alert('old-figure', i))
    await collection.insertMany([
      alert('old-figure', -60, { mail: 'done', mailedAt: new Date(now().getTime() - 60_000) }),
      ...resting,
      alert('new-figure', 300),
    ] as never[])
    expect(await alerts.mail(now())).toBe(1)
    expect(await collection.countDocuments({ mail: 'due' } as never)).toBe(250)
    expect(await collection.findOne({ rule: 'new-figure' })).toMatchObject({ mail: 'done' })
    // Later they go, too.
    expect(await alerts.mail(new Date(now().getTime() + GATHER_MS))).toBe(1)
  })

  test('a mail of a clock that ran ahead lets no figure rest for a year', async () => {
    const { alerts, collection } = await start([reader('a')])
    const ahead = { mail: 'done' as const, mailedAt: new Date('2027-11-30') }
    await collection.insertMany([alert('figure', 0, ahead), alert('figure', 1)] as never[])
    expect(await alerts.mail(now())).toBe(1)
  })

  test('which figures rest is found along an index', async () => {
    const { collection } = await start([])
    const old = { mail: 'done' as const, mailedAt: new Date('2026-01-01') }
    await collection.insertMany(Array.from({ length: 200 }, (_, i) => alert('figure', i, old)) as never[])
    const { executionStats } = await collection
      .find(mailedBetween(new Date('2026-11-01'), now()) as never)
      .explain('executionStats')
    expect(executionStats.totalDocsExamined).toBe(0)
  })

  test('a reader to whom none can be written holds up neither the others nor the next round', async () => {
    const { alerts, collection } = await start([reader('bad'), reader('good')], (id) => {
      if (id === 'bad') throw new Error('no link can be made')
      return undefined
    })
    await collection.insertOne(alert('figure', 0) as never)
    await expect(alerts.mail(now())).rejects.toThrow(/1 readers.*no link can be made/)
    expect(await accounts()).toEqual(['good'])
    for (let i = 0; i < 3; i++) await expect(alerts.mail(now())).rejects.toThrow()
    expect(await alerts.mail(now())).toBe(0)
    expect(told).toMatchObject([{ kind: 'mails-failed', detail: { address: 'bad@example.org' } }])
    expect(await collection.countDocuments({ mail: 'due' } as never)).toBe(0)
  })

  test('what is to be told goes out although the figures cannot be looked at', async () => {
    const { collection } = await start([])
    await collection.insertOne(alert('figure', 0) as never)
    const { outbox } = world.life()
    const alerts = new Alerts({
      ...{ connection: world.connection, outbox, log, ...zone, onQueued: () => {} },
      ...{
        watch: { look: () => Promise.reject(new Error('cannot look')) },
        readers: async () => [reader('a')],
      },
      ...{ unsubscribe: { urlFor: () => undefined }, address: () => '' },
    })
    await expect(alerts.tick(now())).rejects.toThrow('cannot look')
    expect(await accounts()).toEqual(['a'])
  })
})
