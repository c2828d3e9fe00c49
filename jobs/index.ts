/** Scheduled work and mails, wired on one connection for the composition root. */
import type { Connection } from 'mongoose'
import type { Registry } from 'prom-client'
import { atMost } from '../server/at-most.ts'
import { POLICY_ZONE } from '../server/domain/civil-date.ts'
import { createAssessments } from './assessments.ts'
import { createDailyCheck } from './daily-check.ts'
import { createDailySeal, type Sealer } from './daily-seal.ts'
import { createDuties, type DutyParts } from './duties.ts'
import type { Figures } from './figures.ts'
import type { JobLog, RecordDeed } from './job.ts'
import { JobMetrics, shortly } from './metrics.ts'
import { contentModel, disabledModel, mailModel } from './outbox/model.ts'
import { Outbox, type Seal } from './outbox/outbox.ts'
import { createSender, domainOf, type Patience } from './outbox/transport.ts'
import { createReportJobs, type ReportMaking } from './report-jobs.ts'
import { type ReportMailSources, ReportMails } from './report-mails.ts'
import { createScheduler } from './scheduler.ts'
import { createTallyCheck, type TallyChecker } from './tally-check.ts'
import type { Troubles } from './trouble.ts'

export type { Figures } from './figures.ts'
export type { JobLog } from './job.ts'
export { createJobRoutes } from './routes.ts'

export interface JobsParts extends DutyParts {
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
  /** what makes the reports; without it there are no such jobs */
  reports?: ReportMaking | undefined
  /** who gets them, and what they see of them; without it nobody does */
  reportMails?: ReportMailSources | undefined
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

/** Deliveries of one tick go on for so long. */
const DELIVER_MS = 120_000
/** So long the mail server and the database may take, at the end, over the mails that are being sent. */
const LAST_MAILS_MS = 15_000

/** Makes the jobs. Nothing runs, connects or is loaded until `start()`. */
export function createJobs(parts: JobsParts) {
  const { connection, clock, config, figures, log, timing } = parts
  const timeZone = config.timeZone ?? POLICY_ZONE
  const assessments = createAssessments(connection)
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

  /**
   * Sends what is due, in the background, round after round; what cannot be sent now is due again later. After a
   * while the next tick goes on: so long a queue is not taken for work that hangs.
   */
  const deliver = async () => {
    const begun = performance.now()
    while ((await outbox.deliverDue(clock.now())).sent > 0 && performance.now() - begun < DELIVER_MS);
  }
  const deliverSoon = () => {
    deliver().catch((error) => log.error({ error: String(error) }, 'mails not delivered'))
  }

  const { reports, seals, tallies, record } = parts
  const address = parts.address ?? (() => config.publicUrl ?? '')
  const mailing =
    parts.reportMails && new ReportMails({ ...parts.reportMails, outbox, log, timeZone, address })
  const duties = createDuties(parts, {
    ...{ connection, clock, outbox, timeZone, log, onQueued: deliverSoon, trouble: parts.trouble },
  })
  const metrics = new JobMetrics()
  const scheduler = createScheduler({
    ...{ record, observe: metrics.observe, tell: parts.trouble?.tell },
    ...{ connection, clock, log, timeZone, soleProcess: config.soleProcess },
    ...timing,
    jobs: [
      createDailyCheck({ figures, assessments, timeZone }),
      ...(reports ? createReportJobs({ reports, mails: mailing, onQueued: deliverSoon }) : []),
      ...(seals ? [createDailySeal({ seals, record })] : []),
      ...(tallies ? [createTallyCheck({ tallies, record, log, tell: parts.trouble?.tell })] : []),
      ...duties.jobs,
    ],
    // Alerts first: the mails that they queue leave with the same tick.
    ticks: { ...duties.ticks, outbox: deliver, 'outbox-watch': () => outbox.watch(clock.now()) },
  })

  const readyOutbox = async () => {
    if (config.soleProcess) await outbox.releaseAll()
    await outbox.complete()
  }
  const mails = {
    counts: () => outbox.estimateByState(),
    stuck: shortly(() => outbox.stuck(clock.now())),
  }

  return {
    scheduler,
    outbox,
    assessments,
    alerts: duties.alerts,
    reminderMails: duties.reminderMails,
    deliverSoon,
    /** Adds the metrics of the jobs and the mails to those that are scraped. */
    addMetrics: (registry: Registry) =>
      metrics.register(registry, {
        ...{ clock, mails, states: scheduler.states, pulses: () => scheduler.pulses.latest() },
      }),
    /**
     * Says that rounds are to succeed again and again, as the ticks are.
     * @returns what to call when one did
     */
    watchRounds(name: string): () => Promise<void> {
      scheduler.pulses.expect(name)
      return () => scheduler.pulses.beat(name, clock.now())
    },
    /** Whether jobs run and mails get out, for the readiness check. */
    probes: {
      scheduler: () => verdict(scheduler.fault()),
      outbox: async () => verdict((await mails.stuck()).reason),
    },
    /** Call it after listening, and leave it unawaited: it does what is owed and goes on by itself. */
    async start(): Promise<void> {
      // A fault of the mails keeps no check from being made.
      await readyOutbox().catch((error) => log.error({ error: String(error) }, 'outbox not made ready'))
      await scheduler.start()
    },
    /** Takes up nothing more, and asks what is under way to stop at a safe point. */
    leave: () => scheduler.leave(),
    /** Call it before closing the connection. It ends, whatever hangs. */
    async stop(): Promise<void> {
      await Promise.all([scheduler.stop(), atMost(LAST_MAILS_MS, outbox.stop())])
    },
  }
}

/** What a probe answers when a reason was found, or none. */
const verdict = (reason: string | null | undefined) => (reason ? { reason } : true)

export type Jobs = ReturnType<typeof createJobs>
