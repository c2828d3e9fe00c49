import type { Connection } from 'mongoose'
import { createJobs, type Jobs, type JobsParts } from '../../../jobs/index.ts'
import type { Compliance } from '../../../server/compliance/schema.ts'
import { connectMongoose } from '../../../server/database/connect.ts'
import { ensureIndexes } from '../../../server/database/indexes.ts'
import type { Recipient } from '../../../server/subscriptions/schema.ts'
import { freshDatabase } from '../../harness/mongo.ts'
import type { TestService } from '../../harness/service.ts'
import { busyCity } from './figures.ts'
import { createWorldReports, type WorldReports } from './reports.ts'

/** A clock that a test sets. */
export interface TestClock {
  now(): Date
  set(iso: string): void
  pass(minutes: number): void
}

export function testClock(iso: string): TestClock {
  let at = new Date(iso)
  return {
    now: () => new Date(at),
    set: (iso) => {
      at = new Date(iso)
    },
    pass: (minutes) => {
      at = new Date(at.getTime() + minutes * 60_000)
    },
  }
}

export const li: Recipient = {
  id: 'a'.repeat(24),
  email: 'li@example.org',
  name: '李局长',
  language: 'zh-CN',
  ...{ scope: {}, attach: false, source: 'account' },
}
export const smith: Recipient = {
  id: 'b'.repeat(24),
  email: 'smith@example.org',
  name: 'Smith',
  language: 'en',
  ...{ scope: {}, attach: false, source: 'account' },
}

/** Encrypts nothing, for tests of when secret mails go and not of what stands in them. */
export const PLAIN: NonNullable<JobsParts['seal']> = { seal: (text) => text, open: (sealed) => sealed }

/** A database with a city, and lives of the service on it. */
export interface World {
  uri: string
  connection: Connection
  clock: TestClock
  recipients: Recipient[]
  /** what was asked of the figures */
  asked: { asOf?: string; now: Date }[]
  figures(args: { asOf?: string; now: Date }): Promise<Compliance>
  logged: string[]
  /** the reports that are made of these figures */
  reports: WorldReports
  /** One life of the service, not started. */
  life(
    config?: Partial<JobsParts['config']>,
    timing?: JobsParts['timing'],
    seal?: JobsParts['seal'],
    trouble?: JobsParts['trouble'],
  ): Jobs
  close(): Promise<void>
}

/** @param iso what time it is at first */
export async function createWorld(iso: string): Promise<World> {
  const database = await freshDatabase()
  const connection = await connectMongoose(database.uri)
  const clock = testClock(iso)
  const lives: Jobs[] = []
  const write = (level: string) => (fields: object, message: string) => {
    world.logged.push(`${level} ${message} ${JSON.stringify(fields)}`)
  }
  const freeze = (args: { asOf?: string; now: Date }) => {
    world.asked.push(args)
    return world.figures(args)
  }
  const world: World = {
    uri: database.uri,
    connection,
    clock,
    recipients: [li, smith],
    asked: [],
    logged: [],
    reports: createWorldReports(connection, freeze),
    async figures({ asOf, now }) {
      return busyCity({ asOf: asOf ?? '2026-01-01', knownAt: now.toISOString() })
    },
    life(config, timing, seal, trouble) {
      const jobs = createJobs({
        ...{ connection, clock, log: { info: write('info'), warn: write('warn'), error: write('error') } },
        config: {
          mailFrom: '台账 <ledger@fleet.example.org>',
          publicUrl: 'https://fleet.example.org',
          ...config,
        },
        figures: { freeze },
        reports: world.reports,
        reportMails: {
          // Of the monthly and quarterly reports nobody wants to hear.
          recipients: { recipientsOf: async (kind) => (kind === 'weekly' ? world.recipients : []) },
          unsubscribe: {
            urlFor: (id, topic) => `https://fleet.example.org/unsubscribe?token=${id}.${topic}`,
          },
          contentFor: async ({ content }) => content,
          operatorNames: async () => new Map(),
        },
        ...(timing ? { timing } : {}),
        ...(seal ? { seal } : {}),
        ...(trouble ? { trouble } : {}),
      })
      lives.push(jobs)
      return jobs
    },
    async close() {
      await Promise.all(lives.map((jobs) => jobs.stop()))
      await connection.close()
      await database.drop()
    },
  }
  world.life()
  await ensureIndexes(connection)
  return world
}

/** Waits until something holds, asking often; fails after a while. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  patienceMs = 45_000,
): Promise<void> {
  for (const end = Date.now() + patienceMs; !(await holds()); ) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`)
    await new Promise((done) => setTimeout(done, 20))
  }
}

/** Waits until a job has run for a slot, which it then does not do again by itself. */
export const ranFor = (service: TestService, name: string, slot: string): Promise<void> =>
  until(
    `${name} has run for ${slot}`,
    async () => {
      const job = (await service.jobs.scheduler.list()).find((job) => job.name === name)
      return job?.lastRun?.slot === slot && job.lastRun.status === 'done'
    },
    100_000,
  )
