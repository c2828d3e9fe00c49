import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Connection } from 'mongoose'
import { type Logger, pino } from 'pino'
import { AccountMails } from '../jobs/account-mails.ts'
import { createJobRoutes, createJobs, type Jobs } from '../jobs/index.ts'
import { ListMails } from '../jobs/list-mails.ts'
import { ScenarioMails } from '../jobs/scenario-mails.ts'
import type { TallyChecker } from '../jobs/tally-check.ts'
import { createTrouble } from '../jobs/trouble.ts'
import { createApp } from './app.ts'
import { atMost } from './at-most.ts'
import { clockFrom, systemClock } from './clock.ts'
import type { Config } from './config.ts'
import { connectMongoose } from './database/connect.ts'
import { prepareIndexes } from './database/indexes.ts'
import type { StartedDatabase } from './database/start.ts'
import { civilDateAt } from './domain/civil-date.ts'
import type { WriteLimits } from './http/limits.ts'
import { sweepFiles } from './imports/sweep.ts'
import { createServices, type Services } from './services.ts'
import { completeVehicles } from './vehicles/complete.ts'

/** A service that runs. */
export interface RunningService {
  /** where it listens */
  url: string
  services: Services
  jobs: Jobs
  /** what the database is */
  description: string
  /** link for creating the first administrator; null when there is one */
  setUpLink: string | null
  /** Stops taking requests, lets work in hand come to a safe point, and closes everything. */
  stop(): Promise<void>
}

const RECOVER_MS = 10_000
/** At the end, answers that are under way are waited for so long, and so is each part that works in the background. */
const ANSWERS_MS = 10_000
const PARTS_MS = 15_000
/** Where other processes may be receiving files, those that came in lately are left alone. */
const RECEIVING_MS = 3_600_000

/**
 * Starts the service on a database that is being opened.
 * @throws when the database cannot be had or the port is taken
 */
export async function startService(
  config: Config,
  opening: Promise<StartedDatabase>,
  options: {
    log?: Logger
    clientFolder?: string
    importThread?: string | undefined
    writeLimits?: WriteLimits | undefined
  } = {},
): Promise<RunningService> {
  const log = options.log ?? pino({ level: config.logLevel }, pino.destination(2))
  const clock = config.startAt ? clockFrom(config.startAt) : systemClock
  // Time zones are slow to load the first time: while the database opens there is time for it.
  civilDateAt(clock.now(), config.timeZone)
  const database = await opening
  const connection = await connectMongoose(database.uri)
  const services = createServices({
    ...{ connection, databaseUri: database.uri, config, clock, log, importThread: options.importThread },
  })
  await services.policies.start()
  const trouble = createTrouble({
    ...{ notices: services.notices, people: services.people, timeZone: config.timeZone },
    onTold: () => services.rounds.soon(),
  })
  const jobs = createJobs({
    trouble,
    connection,
    clock,
    config: { ...config, soleProcess: config.mongodbUri === undefined },
    figures: services.compliance,
    reports: services.reports,
    alerts: {
      ...{ watch: services.alertWatch, readers: services.alertReaders, unsubscribe: services.unsubscribe },
    },
    reminding: {
      ...{ plans: services.reminderPlans, reminders: services.reminders, nilLinks: services.nilLinks },
      mailing: services.reminderMailing,
    },
    cleaner: services.cleaning,
    address: () => services.address.current,
    reportMails: {
      ...{ recipients: services.recipients, unsubscribe: services.unsubscribe },
      contentFor: (report, scope, at) => services.reports.contentFor(report, scope, at),
      operatorNames: (ids) => services.operators.namesOf(ids),
      dueBy: ({ county, operator }, until, at) =>
        services.due.summary({ by: 'month', county, operator, until }, at),
      workbook: async (report, options) =>
        (await import('./reports/face/workbook.ts')).reportWorkbook(report, options),
    },
    seal: sealFor(services.keys),
    seals: services.seals,
    tallies: { check: (now, options) => checkCounts(services, now, options) },
    record: (deed) => services.audit.recordOwn(deed),
    log,
  })
  services.mailList.learnDisabled(() => jobs.outbox.disabled.all())
  const { accountLinks: links, accountRounds, notices, people, rounds } = services
  rounds.onSuccess(jobs.watchRounds('notices'))
  accountRounds.onSuccess(jobs.watchRounds('account-mails'))
  const { publicUrl } = config
  const listMails = new ListMails({ notices, people, outbox: jobs.outbox, publicUrl, trouble, log })
  rounds.add(async () => {
    if ((await listMails.sweep(clock.now())) > 0) jobs.deliverSoon()
  })
  const scenarioMails = new ScenarioMails({
    ...{ scenarios: services.scenarioSending, outbox: jobs.outbox, publicUrl, trouble, log },
    timeZone: config.timeZone,
  })
  rounds.add(async () => {
    if ((await scenarioMails.sweep(clock.now())) > 0) jobs.deliverSoon()
  })
  rounds.add(async () => {
    if (((await jobs.reminderMails?.sweep(clock.now())) ?? 0) > 0) jobs.deliverSoon()
  })
  const { address } = services
  const accountMails = new AccountMails({
    ...{ links, outbox: jobs.outbox, trouble, log, timeZone: config.timeZone },
    address: () => address.current,
  })
  accountRounds.add(async () => {
    // Not before the service knows its own address.
    if (address.current !== '' && (await accountMails.sweep(clock.now())) > 0) jobs.deliverSoon()
  })
  const [indexes] = await Promise.all([
    prepareIndexes(connection),
    config.mongodbUri === undefined ? releaseLeases(connection) : undefined,
  ])
  const setUpLink = await prepareSetUp(services)
  const app = createApp({
    services,
    routes: createJobRoutes(jobs),
    probes: jobs.probes,
    metrics: [jobs.addMetrics],
    clientFolder: options.clientFolder ?? defaultClientFolder(),
    writeLimits: options.writeLimits,
  })
  const server = createServer(app)
  await listen(server, config)
  const url = addressOf(server, config)
  address.current ||= url
  const indexed = indexes.rest().catch((error) => log.fatal({ err: error }, 'indexes are missing'))
  let stopping = false
  const completing = indexed
    .then(() => completeVehicles(services.models.vehicles, () => stopping))
    .catch((error) => log.error({ err: error }, 'vehicles of an earlier version were not completed'))
  services.importThread.start()
  const receiving = config.mongodbUri === undefined ? 0 : RECEIVING_MS
  const { importFiles, models } = services
  const sweeping = sweepFiles(importFiles, models.imports, new Date(Date.now() - receiving)).catch((error) =>
    log.error({ err: error }, 'files without a list were not removed'),
  )
  const scheduling = jobs.start().catch((error) => log.error({ err: error }, 'the scheduler did not start'))
  const recover = () =>
    services.changes.recover().then(
      () => undefined,
      (error) => log.error({ err: error }, 'recovery failed'),
    )
  let recovering = recover()
  rounds.soon()
  accountRounds.soon()
  const timer = setInterval(() => {
    recovering = recover()
    rounds.soon()
    accountRounds.soon()
  }, RECOVER_MS)
  return {
    url,
    services,
    jobs,
    description: database.description,
    setUpLink: setUpLink && `${config.publicUrl ?? url}/setup?token=${setUpLink}`,
    async stop() {
      clearInterval(timer)
      stopping = true
      // First, so that jobs come to a safe point while answers are still being sent.
      jobs.leave()
      services.policies.stop()
      services.importEvents.close()
      await closeServer(server)
      // Whatever hangs is left: its leases run out, and the next start goes on.
      const leave = async (part: string, work: Promise<unknown>) => {
        const isOver = await atMost(PARTS_MS, work)
        if (!isOver) log.warn({ part }, 'stopped without waiting for it any longer')
      }
      await leave('import thread', services.importThread.stop())
      await leave('rounds', Promise.all([rounds.stop(), accountRounds.stop()]))
      await jobs.stop()
      await leave('start', Promise.all([scheduling, recovering, sweeping, completing]))
      await leave('connection', connection.close())
      await database.stop()
    },
  }
}

/** Takes no more requests, and waits for the answers that are under way; then cuts them off. */
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => {
    server.close(resolve)
    server.closeIdleConnections()
  })
  if (await atMost(ANSWERS_MS, closed)) return
  server.closeAllConnections()
  await closed
}

/**
 * On a database that only this process can be using, whoever holds a lease is dead: its work is taken up at once
 * rather than when the lease runs out.
 */
async function releaseLeases(connection: Connection): Promise<void> {
  await Promise.all([
    connection.collection('locks').deleteMany({}),
    connection.collection('imports').updateMany({ lease: { $ne: null } }, { $set: { lease: null } }),
    connection
      .collection('ledger-state')
      .updateMany({ inFlight: { $type: 'array' } }, { $set: { 'inFlight.$[].until': new Date(0) } }),
  ])
}

/** What encrypts mails that open an account, so that a copy of the database opens none. */
const sealFor = (keys: Services['keys']) => ({
  seal: (text: string, context: string) => keys.seal('mail', text, context),
  open: (sealed: string, context: string) => keys.open('mail', sealed, context),
})

/** Creates the administrator that the settings name, or gives the token of a set-up link. */
async function prepareSetUp({ accounts, config, clock, setUpToken, log }: Services): Promise<string | null> {
  if (!(await accounts.needsSetUp())) return null
  if (!config.admin) return setUpToken.value
  await accounts.createFirst({ ...config.admin, name: '管理员' }, clock.now())
  log.info('created the first administrator from ADMIN_EMAIL')
  return null
}

function listen(server: Server, config: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `端口 ${config.port} 已被占用，请用 PORT 另选一个 / Port ${config.port} is taken; choose another with PORT`
      reject(error.code === 'EADDRINUSE' ? new Error(taken) : error)
    })
    server.listen(config.port, config.host, () => resolve())
  })
}

function addressOf(server: Server, config: Config): string {
  const { port } = server.address() as AddressInfo
  const host = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** Counts again what is kept of the figures, and of the quality of reporting. */
async function checkCounts(
  { tallyCheck, qualityCheck }: Services,
  now: Date,
  options: Parameters<TallyChecker['check']>[1],
) {
  const figures = await tallyCheck.check(now, options)
  const quality = await qualityCheck.check(now, options)
  return {
    months: figures.months,
    sums: figures.sums + quality.sums,
    differences: [...figures.differences, ...quality.differences],
  }
}

/** The built browser application: beside the built service, or in dist when run from source. */
function defaultClientFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  return here.endsWith('server') && !here.includes('dist')
    ? join(here, '../dist/client')
    : join(here, '../client')
}
