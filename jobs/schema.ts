import { z } from 'zod'
import { objectId, paging } from '../server/http/schema.ts'

/** A scheduled job with its last and next runs. */
export const jobView = z.object({
  name: z.string(),
  cron: z.string(),
  timeZone: z.string(),
  nextRunAt: z.iso.datetime().nullable(),
  running: z.boolean(),
  lastRun: z
    .object({
      /** the slot it ran for: the instant at which it was due */
      slot: z.iso.datetime(),
      status: z.enum(['running', 'done', 'failed']),
      startedAt: z.iso.datetime(),
      finishedAt: z.iso.datetime().nullable(),
      /** what it did, in counts */
      result: z.record(z.string(), z.number()).nullable(),
      error: z.string().nullable(),
      /** started by hand */
      manual: z.boolean(),
      /** the slots that it stands for, its own included, oldest first: several when the service was away */
      covers: z.array(z.iso.datetime()),
      attempts: z.number().int(),
      /** when a failed one is tried again */
      nextTryAt: z.iso.datetime().nullable(),
    })
    .nullable(),
  lastSuccessAt: z.iso.datetime().nullable(),
  failures: z.array(z.object({ slot: z.iso.datetime(), at: z.iso.datetime(), error: z.string() })),
  /** the slot before the latest one is still owed: something keeps the job from running */
  late: z.boolean(),
})
export type JobView = z.infer<typeof jobView>

export const MAIL_STATUSES = ['queued', 'sending', 'sent', 'failed', 'given-up'] as const

/** An e-mail of the outbox. */
export const mailView = z.object({
  id: objectId,
  kind: z.string(),
  period: z.string(),
  to: z.string(),
  subject: z.string(),
  status: z.enum(MAIL_STATUSES),
  attempts: z.number().int(),
  createdAt: z.iso.datetime(),
  nextAttemptAt: z.iso.datetime().nullable(),
  sentAt: z.iso.datetime().nullable(),
  lastError: z.string().nullable(),
  language: z.string(),
  /** opens an account: its content is shown to nobody */
  secret: z.boolean(),
  /** why a queued mail is not on its way: no mail server is set */
  note: z.enum(['no-mail-server']).nullable(),
})
export type MailView = z.infer<typeof mailView>

/** With its content; pictures in the HTML stand as data addresses. */
export const mailWithContent = mailView.extend({ html: z.string(), text: z.string() })
export type MailWithContent = z.infer<typeof mailWithContent>

export const outboxQuery = paging.extend({ status: z.enum(MAIL_STATUSES).optional() })

/** A frozen figure in short. */
const frozenRule = z.object({
  id: z.string(),
  title: z.object({ zh: z.string(), en: z.string() }),
  unit: z.enum(['percent', 'vehicles', 'packs']),
  value: z.number().nullable(),
  numerator: z.number(),
  denominator: z.number().nullable(),
  target: z.number().nullable(),
  status: z.string(),
  /** by county; the parts add up to the whole */
  counties: z.array(
    z.object({
      key: z.string(),
      label: z.object({ zh: z.string(), en: z.string() }),
      value: z.number().nullable(),
      numerator: z.number(),
      denominator: z.number().nullable(),
    }),
  ),
})

/** The frozen result of a scheduled check. */
export const assessmentView = z.object({
  id: objectId,
  slot: z.iso.datetime(),
  /** started by hand */
  manual: z.boolean(),
  asOf: z.string(),
  knownAt: z.iso.datetime(),
  policy: z.object({ id: z.string(), version: z.number().int() }),
  rules: z.array(frozenRule),
})
export type AssessmentView = z.infer<typeof assessmentView>

/** A report that was made, with the figures as they were frozen for it. */
export const reportView = z.object({
  id: objectId,
  kind: z.string(),
  /** what it covers, as `2026-W48` */
  period: z.string(),
  createdAt: z.iso.datetime(),
  asOf: z.string(),
  knownAt: z.iso.datetime(),
  policy: z.object({ id: z.string(), version: z.number().int() }),
  /** the report that it was compared with */
  comparedWith: z.object({ period: z.string(), asOf: z.string() }).nullable(),
  rules: z.array(frozenRule),
})
export type ReportView = z.infer<typeof reportView>
