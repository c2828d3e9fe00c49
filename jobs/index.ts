/** Scheduled work and mails, wired on one connection for the composition root. */
import type { Connection } from 'mongoose'
import type { Registry } from 'prom-client'
import { POLICY_ZONE } from '../server/domain/civil-date.ts'
import { createAssessments } from './assessments.ts'
import { createDailyCheck } from './daily-check.ts'
import { createDailySeal, type Sealer } from './daily-seal.ts'
import type { Figures } from './figures.ts'
import type { JobLog, RecordDeed } from './job.ts'
import { JobMetrics } from './metrics.ts'
import { contentModel, disabledModel, mailModel } from './outbox/model.ts'
import { Outbox, type Seal } from './outbox/outbox.ts'
import { createSender, domainOf, type Patience } from './outbox/transport.ts'
import type { Recipients } from './recipients.ts'
import { createReports } from './reports.ts'
import { createScheduler } from './scheduler.ts'
import { createTallyCheck, type TallyChecker } from './tally-check.ts'
import type { Troubles } from './trouble.ts'
import { createWeeklyReport } from './weekly-report.ts'

export type { Figures } from './figures.ts'
export type { JobLog } from './job.ts'
export type { Recipient, Recipients } from './recipients.ts'
export { createJobRoutes } from './routes.ts'

export interface JobsParts {
  connection: Connection
  clock: { now(): Date }
  config: {
    smtpUrl?: string | undefined
    mailFrom: string
    publicUrl?: string | undefined
    /** Asia/Shanghai unless told */
    timeZone?: string | undefined
    /**
     * Nobody else can be using the database (the embedded one): what an ended process left half done is taken up
     * at start, without waiting for its lease.
     */
    soleProcess?: boolean | undefined
  }
  figures: Figures
  recipients: Recipients
  /** encrypts mails that open an account */
  seal?: Seal | undefined
  /** what seals the ledger; without it there is no such job */
  seals?: Sealer | undefined
  /** what adds the figures up again; without it there is no such job */
  tallies?: TallyChecker | undefined
  /** notes in the audit log what the jobs did */
  record?: RecordDeed | undefined
  /** tells administrators of what does not come right by itself */
  trouble?: Pick<Troubles, 'tell'> | undefined
  log: JobLog
  /** for tests: shorter leases and time-outs, and the machine's time */
  timing?: { leaseMs?: number; machineNow?: () => Date; smtp?: Patience }
}

/** Makes the jobs. Nothing runs, connects or is loaded until `start()`. */
export function createJobs(parts: JobsParts) {
  const { connection, clock, config, figures, recipients, log, timing } = parts
  const timeZone = config.timeZone ?? POLICY_ZONE
  const assessments = createAssessments(connection)
  const reports = createReports(connection)
  const outbox = new Outbox({
    mails: mailModel(connection),
    contents: contentModel(connection),
    disabled: disabledModel(connection),
    sender: config.smtpUrl ? createSender(config.smtpUrl, config.mailFrom, timing?.smtp) : undefined,
    trouble: parts.trouble,
    domain: domainOf(config.mailFrom),
    seal: parts.seal,
    ...timing,
  })

  /** Sends what is due, in the background, round after round; what cannot be sent now is due again later. */
  const deliver = async () => {
    while ((await outbox.deliverDue(clock.now())).sent > 0);
  }
  const deliverSoon = () => {
    deliver().catch((error) => log.error({ error: String(error) }, 'mails not delivered'))
  }

  const { seals, tallies, record } = parts
  const metrics = new JobMetrics()
  const scheduler = createScheduler({
    ...{ record, observe: metrics.observe, tell: parts.trouble?.tell },
    ...{ connection, clock, log, timeZone, soleProcess: config.soleProcess },
    ...timing,
    jobs: [
      createDailyCheck({ figures, assessments, timeZone }),
      createWeeklyReport({
        ...{ figures, reports, outbox, recipients, log, timeZone, onQueued: deliverSoon },
        publicUrl: config.publicUrl,
      }),
      ...(seals ? [createDailySeal({ seals, record })] : []),
      ...(tallies ? [createTallyCheck({ tallies, record, log })] : []),
    ],
    ticks: { outbox: deliver, 'outbox-watch': () => outbox.watch(clock.now()) },
  })

  return {
    scheduler,
    outbox,
    assessments,
    reports,
    deliverSoon,
    /** Adds the metrics of the jobs to those that are scraped. */
    addMetrics: (registry: Registry) => metrics.register(registry, { clock, states: scheduler.states }),
    /** Call it after listening, and leave it unawaited: it does what is owed and goes on by itself. */
    async start(): Promise<void> {
      if (config.soleProcess) await outbox.releaseAll()
      await outbox.complete()
      await scheduler.start()
    },
    /** Call it before closing the connection. */
    async stop(): Promise<void> {
      await Promise.all([scheduler.stop(), outbox.stop()])
    },
  }
}

export type Jobs = ReturnType<typeof createJobs>
