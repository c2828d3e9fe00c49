/** The contract of the mails' part of the API. */
import { z } from 'zod'
import { objectId, paging } from '../../server/http/schema.ts'

export const MAIL_STATUSES = ['queued', 'sending', 'sent', 'failed', 'given-up'] as const

/**
 * Why a mail ended without a mail server's word on it: no mail is tried to its address any more, nobody wants it any
 * more, no server was set while it was new, its link ran out before it could be sent, or the service ended while it
 * sent it.
 */
export const MAIL_CAUSES = ['address-disabled', 'withdrawn', 'never-tried', 'expired', 'broken-off'] as const
export type MailCause = (typeof MAIL_CAUSES)[number]

/** An e-mail of the outbox. */
export const mailView = z.object({
  id: objectId,
  kind: z.string(),
  period: z.string(),
  /** the address */
  to: z.string(),
  name: z.string(),
  subject: z.string(),
  status: z.enum(MAIL_STATUSES),
  attempts: z.number().int(),
  createdAt: z.iso.datetime(),
  nextAttemptAt: z.iso.datetime().nullable(),
  sentAt: z.iso.datetime().nullable(),
  /** the server's words, or what was given as the reason for withdrawing it */
  lastError: z.string().nullable(),
  cause: z.enum(MAIL_CAUSES).nullable(),
  /** the first mail, where this one repeats it on purpose */
  resendOf: objectId.nullable(),
  language: z.string(),
  /** opens an account: its content is shown to nobody */
  secret: z.boolean(),
  /** why a queued mail is not on its way: no mail server is set */
  note: z.enum(['no-mail-server']).nullable(),
})
export type MailView = z.infer<typeof mailView>

/**
 * With its content; pictures in the HTML stand as data addresses, and links by which the recipient acts without
 * signing in as `#`.
 */
export const mailWithContent = mailView.extend({
  html: z.string(),
  text: z.string(),
  attachments: z.array(z.object({ filename: z.string(), type: z.string(), bytes: z.number().int() })),
  /** the first one and all that repeat it on purpose, oldest first; empty when it was never repeated */
  repeats: z.array(z.object({ id: objectId, createdAt: z.iso.datetime(), status: z.enum(MAIL_STATUSES) })),
})
export type MailWithContent = z.infer<typeof mailWithContent>

export const outboxQuery = paging
  .extend({
    status: z.enum(MAIL_STATUSES).optional(),
    kind: z.string().max(60).optional(),
    /** of a kind, those of a period, as `2026-W48`; only with the kind */
    period: z.string().max(60).optional(),
    /** the beginning of a recipient's address or name */
    to: z.string().trim().max(200).optional(),
  })
  .refine(({ kind, period }) => period === undefined || kind !== undefined, {
    ...{ path: ['kind'], message: 'A period is one of a kind' },
  })
export type OutboxQuery = z.infer<typeof outboxQuery>

/** How the outbox is. */
export const outboxSummary = z.object({
  counts: z.record(z.enum(MAIL_STATUSES), z.number().int()),
  /** the kinds of mails that there are */
  kinds: z.array(z.string()),
  /** whether a mail server is set */
  server: z.boolean(),
  /** mails do not get out: nothing leaves although it is due, or the server fails them all */
  stuck: z.enum(['waiting', 'failing']).nullable(),
  /** since when the oldest due mail waits */
  oldestDueAt: z.iso.datetime().nullable(),
  disabledAddresses: z.number().int(),
})
export type OutboxSummary = z.infer<typeof outboxSummary>

/** An address to which no mail is tried any more. */
export const disabledAddress = z.object({
  id: objectId,
  address: z.string(),
  at: z.iso.datetime(),
  /** the server's words */
  reason: z.string(),
  /** the mail that was refused */
  mail: objectId,
})
export type DisabledAddress = z.infer<typeof disabledAddress>
