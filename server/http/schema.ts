import { z } from 'zod'
import { isRegionCode } from '../domain/regions.ts'

/** Shapes that every part of the API shares. */

/** The stable codes of problem answers; the client owns their wording. */
export const PROBLEM_CODES = [
  'request.invalid',
  'request.too-large',
  'request.not-json',
  'request.too-many',
  'request.foreign-origin',
  'session.required',
  'session.wrong-credentials',
  'session.second-factor',
  'session.wrong-code',
  'session.throttled',
  'token.invalid',
  'permission.denied',
  'permission.session-only',
  'second-factor.required',
  'second-factor.not-pending',
  'second-factor.off',
  'password.wrong',
  'link.expired',
  'not-found',
  'method.not-allowed',
  'setup.done',
  'setup.token',
  'account.exists',
  'account.last-administrator',
  'account.not-invited',
  'token.too-many',
  'change.invalid',
  'change.already-voided',
  'change.has-dependents',
  'change.breaks-target',
  'change.unchanged',
  'attachment.no-file',
  'attachment.type',
  'attachment.too-large',
  'attachment.taken',
  'change.duplicate',
  'import.not-a-list',
  'import.empty',
  'import.no-header',
  'import.too-many-rows',
  'import.too-large',
  'import.too-complex',
  'import.encrypted',
  'import.corrupt',
  'import.encoding',
  'import.no-file',
  'import.wrong-status',
  'import.nothing-to-apply',
  'import.beyond-county',
  'import.has-dependents',
  'dispute.not-disputable',
  'dispute.open',
  'dispute.no-document',
  'dispute.document-type',
  'dispute.document-too-large',
  'dispute.decided',
  'dispute.own',
  'dispute.cannot-record',
  'dispute.row-changed',
  'operator.exists',
  'report.has-list',
  'report.exists',
  'reminder.reported',
  'reminder.not-expected',
  'reminder.nobody',
  'reminder.today',
  'rule.unknown',
  'policy.unknown-version',
  'policy.unchanged',
  'policy.other-city',
  'policy.superseded',
  'scenario.period-over',
  'scenario.name-taken',
  'scenario.superseded',
  'export.running',
  'job.unknown',
  'job.running',
  'job.schedule-changed',
  'cron.invalid',
  'cron.too-often',
  'cron.never',
  'mail.not-resendable',
  'mail.address-disabled',
  'mail.on-its-way',
  'mail.one-time',
  'recipient.exists',
  'recipient.has-account',
  'unsubscribe.invalid',
  'busy',
  'internal',
] as const
export type ProblemCode = (typeof PROBLEM_CODES)[number]

/** RFC 9457 problem details, with the faults of single fields. */
export const problemBody = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string().optional(),
  errors: z
    .array(
      z.object({
        path: z.string(),
        code: z.string(),
        message: z.string(),
        params: z.record(z.string(), z.string()).optional(),
      }),
    )
    .default([]),
})
export type ProblemBody = z.infer<typeof problemBody>

/** A text in both languages. */
export const wording = z.object({ zh: z.string(), en: z.string() })

/** The code of a region that there is. */
export const countyCode = z.string().refine(isRegionCode, { error: 'county.unknown' })

/** A document's id: 24 hexadecimal digits. */
export const objectId = z.string().regex(/^[0-9a-f]{24}$/, { error: 'id.invalid' })

/** An instant, ISO 8601 with a zone. */
export const instant = z.iso.datetime({ offset: true })

/** Paging of a list: how many, and where to go on. */
export const paging = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
})

/** A page of a list. `total` is there where counting is cheap. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable(), total: z.number().int().optional() })

/** A comma-separated list of values of an enumeration, as in `category=cruising-taxi,ride-hailing`. */
export const oneOrMore = <T extends readonly [string, ...string[]]>(values: T) =>
  z
    .string()
    .transform((text) => text.split(',').filter((part) => part !== ''))
    .pipe(z.array(z.enum(values)).min(1).max(20))
