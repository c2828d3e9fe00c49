import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { email } from './accounts/schema.ts'

/** An empty variable counts as not set. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional())

const environment = z
  .object({
    /** TCP port to listen on; 0 picks a free one. */
    PORT: optional(z.coerce.number().int().min(0).max(65_535)),
    /** Address to listen on. */
    HOST: optional(z.string()),
    /** Folder for the embedded database and the session secret. */
    DATA_DIR: optional(z.string()),
    /** A MongoDB deployment; without it an embedded one is started in DATA_DIR. */
    MONGODB_URI: optional(
      z.string().regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb:// or mongodb+srv://'),
    ),
    /** Mail server, e.g. smtp://user:password@host:587; without it mails stay readable in the application. */
    SMTP_URL: optional(z.string().regex(/^smtps?:\/\//, 'must begin with smtp:// or smtps://')),
    /** Sender of mails. */
    MAIL_FROM: optional(z.string().min(3)),
    /** Address under which people reach the service, for links in mails. */
    PUBLIC_URL: optional(z.url()),
    /** Signs session cookies; made and kept in DATA_DIR when absent. */
    SESSION_SECRET: optional(z.string().min(16)),
    /** Creates the first administrator on an empty database, with ADMIN_PASSWORD. */
    ADMIN_EMAIL: optional(z.string().refine(isEmail, 'is no e-mail address').pipe(email)),
    ADMIN_PASSWORD: optional(z.string().min(10).max(200)),
    /** Zone in which civil dates and schedules are meant. */
    TZ_POLICY: optional(z.string().refine(isTimeZone, 'is no time zone')),
    /** Tests and demonstrations only: the clock starts at this instant and runs on. */
    NOW: optional(z.iso.datetime({ offset: true })),
    /** Largest list that can be sent, in MB. */
    UPLOAD_LIMIT_MB: optional(z.coerce.number().positive().max(2000)),
    /** Most rows of a list. */
    UPLOAD_LIMIT_ROWS: optional(z.coerce.number().int().positive()),
    /** Proxies in front of the service, as Express's `trust proxy` counts them. */
    TRUST_PROXY: optional(z.coerce.number().int().min(0).max(10)),
    /** Id of the shipped policy that a new database gets, e.g. `linhai-2025`. */
    POLICY: optional(z.string().regex(/^[a-z][a-z0-9-]*$/, 'is no id of a policy')),
    /** fatal, error, warn, info, debug or silent. */
    LOG_LEVEL: optional(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])),
    NODE_ENV: optional(z.string()),
  })
  .refine((env) => !(env.NOW && env.NODE_ENV === 'production'), {
    path: ['NOW'],
    error: 'is refused when NODE_ENV=production',
  })
  .refine((env) => (env.ADMIN_EMAIL === undefined) === (env.ADMIN_PASSWORD === undefined), {
    path: ['ADMIN_EMAIL'],
    error: 'needs ADMIN_PASSWORD beside it, and the other way round',
  })

function isEmail(text: string): boolean {
  return email.safeParse(text).success
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** The names of all settings, for the check that the README documents each. */
export const SETTINGS = Object.keys(environment.shape)

/** The settings of the service, typed. */
export interface Config {
  port: number
  host: string
  dataDir: string
  mongodbUri: string | undefined
  smtpUrl: string | undefined
  mailFrom: string
  publicUrl: string | undefined
  sessionSecret: string
  admin: { email: string; password: string } | undefined
  timeZone: string
  startAt: Date | undefined
  uploadLimitBytes: number
  uploadLimitRows: number
  trustProxy: number
  policy: string | undefined
  logLevel: string
}

/**
 * Reads the settings from an environment.
 * @throws Error naming each setting that is wrong, and why
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const result = environment.safeParse(env)
  if (!result.success) {
    const faults = result.error.issues.map((i) => `  ${i.path.join('.')}: ${i.message}`)
    throw new Error(`配置有误 / Settings are wrong:\n${faults.join('\n')}`)
  }
  const e = result.data
  const dataDir = resolve(e.DATA_DIR ?? 'data')
  return {
    port: e.PORT ?? 3000,
    host: e.HOST ?? '127.0.0.1',
    dataDir,
    mongodbUri: e.MONGODB_URI,
    smtpUrl: e.SMTP_URL,
    mailFrom: e.MAIL_FROM ?? '车辆更新台账 <fleet-ledger@localhost>',
    publicUrl: e.PUBLIC_URL,
    sessionSecret: e.SESSION_SECRET ?? keptSecret(dataDir),
    admin:
      e.ADMIN_EMAIL && e.ADMIN_PASSWORD ? { email: e.ADMIN_EMAIL, password: e.ADMIN_PASSWORD } : undefined,
    timeZone: e.TZ_POLICY ?? 'Asia/Shanghai',
    startAt: e.NOW ? new Date(e.NOW) : undefined,
    uploadLimitBytes: (e.UPLOAD_LIMIT_MB ?? 50) * 1024 * 1024,
    uploadLimitRows: e.UPLOAD_LIMIT_ROWS ?? 300_000,
    trustProxy: e.TRUST_PROXY ?? 0,
    policy: e.POLICY,
    logLevel: e.LOG_LEVEL ?? 'info',
  }
}

/** The secret kept in the data folder, made at the first start and readable by its owner only. */
function keptSecret(dataDir: string): string {
  const file = join(dataDir, 'session-secret')
  mkdirSync(dataDir, { recursive: true })
  try {
    writeFileSync(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return readFileSync(file, 'utf8').trim()
}
