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
    })
    .nullable(),
  lastSuccessAt: z.iso.datetime().nullable(),
  failures: z.array(z.object({ slot: z.iso.datetime(), at: z.iso.datetime(), error: z.string() })),
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
})
export type MailView = z.infer<typeof mailView>

/** With its content; pictures in the HTML stand as data addresses. */
export const mailWithContent = mailView.extend({ html: z.string(), text: z.string() })
export type MailWithContent = z.infer<typeof mailWithContent>

export const outboxQuery = paging.extend({ status: z.enum(MAIL_STATUSES).optional() })

/** The frozen result of a scheduled check. */
export const assessmentView = z.object({
  id: objectId,
  slot: z.iso.datetime(),
  asOf: z.string(),
  knownAt: z.iso.datetime(),
  policy: z.object({ id: z.string(), version: z.number().int() }),
  rules: z.array(
    z.object({
      id: z.string(),
      value: z.number().nullable(),
      numerator: z.number(),
      denominator: z.number().nullable(),
      target: z.number().nullable(),
      status: z.string(),
    }),
  ),
})
export type AssessmentView = z.infer<typeof assessmentView>
