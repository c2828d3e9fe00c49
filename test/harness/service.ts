import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import { type Config, readConfig } from '../../server/config.ts'
import { startDatabase } from '../../server/database/start.ts'
import type { WriteLimits } from '../../server/http/limits.ts'
import { type RunningService, startService } from '../../server/start.ts'
import { Client } from './client.ts'
import { freshDatabase } from './mongo.ts'

export const ADMIN = { email: 'admin@example.com', password: 'a good long password' }
export const NOW = '2026-11-23T10:00:00+08:00'

/** A service of a test's own, on a database of its own, with its administrator signed in. */
export interface TestService extends RunningService {
  config: Config
  /** the administrator */
  admin: Client
  /** a new visitor */
  visitor(): Client
  /** stops it and starts it again on the same database, perhaps with other settings; its clock goes on */
  restart(env?: Record<string, string>): Promise<void>
  /**
   * From now on, until it is started again, nothing happens by itself: the schedule has stopped, and rounds go only when
   * a test runs them. For tests that count what is asked of the database, or come between two steps.
   */
  quiet(): Promise<void>
  close(): Promise<void>
}

/** What tests do to a service beside its settings. */
export interface TestOptions {
  /** where it logs, instead of nowhere */
  log?: Logger
  /** the usual limits of writes; without them tests may write as much as they like */
  writeLimits?: WriteLimits
}

const UNLIMITED: WriteLimits = { account: 1_000_000, address: 1_000_000 }

/** Starts the real service. `env` overrides the settings that tests use. */
export async function startTestService(
  env: Record<string, string> = {},
  options: TestOptions = {},
): Promise<TestService> {
  // Loaded here only: benchmarks use this file's settings outside a test run.
  const { inject } = await import('vitest')
  const database = await freshDatabase()
  const dataDir = mkdtempSync(join(tmpdir(), 'fleet-service-'))
  const base = {
    MONGODB_URI: database.uri,
    DATA_DIR: dataDir,
    PORT: '0',
    NOW,
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
    LOG_LEVEL: process.env.TEST_LOG ?? 'silent',
    ...env,
  }
  const start = (more: Record<string, string>) => {
    const config = readConfig({ ...base, ...more })
    const database = startDatabase({ uri: config.mongodbUri, dataDir: config.dataDir })
    const log = options.log ?? pino({ level: config.logLevel })
    const { writeLimits = UNLIMITED } = options
    const parts = { log, writeLimits, importThread: inject('importThread') }
    return startService(config, database, parts).then((running) => ({
      config,
      running,
    }))
  }
  const first = await start({})
  const service: TestService = {
    ...first.running,
    config: first.config,
    admin: new Client(first.running.url),
    visitor: () => new Client(service.url),
    async restart(more = {}) {
      await service.stop()
      const next = await start({ NOW: service.services.clock.now().toISOString(), ...more })
      Object.assign(service, next.running, { config: next.config })
      service.admin.base = next.running.url
    },
    async quiet() {
      const { rounds } = service.services
      rounds.soon = () => {}
      await service.jobs.scheduler.stop()
      await rounds.run()
    },
    async close() {
      await service.stop()
      await database.drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
  if (base.ADMIN_EMAIL !== '') await service.admin.signIn(ADMIN.email, ADMIN.password)
  return service
}
