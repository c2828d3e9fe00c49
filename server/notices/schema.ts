import { z } from 'zod'
import { objectId, pageOf } from '../http/schema.ts'

/** What fails that nobody may be looking at: told to administrators, who cannot turn it off. */
export const TROUBLE_KINDS = [
  'job-failed',
  'job-late',
  'address-disabled',
  'outbox-stuck',
  'mails-failed',
  'figures-mended',
] as const
export type TroubleKind = (typeof TROUBLE_KINDS)[number]

/** What people are told of: what became of a list, and of a dispute about a row of it; and troubles. */
export const NOTICE_KINDS = [
  'list-submitted',
  'list-returned',
  'list-applied',
  'list-failed',
  'list-withdrawn',
  'dispute-opened',
  'dispute-decided',
  'list-expiring',
  'alert',
  'reminder',
  'reminder-escalated',
  ...TROUBLE_KINDS,
] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]

export const isTrouble = (kind: NoticeKind): kind is TroubleKind =>
  (TROUBLE_KINDS as readonly NoticeKind[]).includes(kind)

export const notice = z.object({
  id: objectId,
  kind: z.enum(NOTICE_KINDS),
  at: z.iso.datetime(),
  seen: z.boolean(),
  /** the values that belong in its words (`notice.<kind>` of the shared wording) */
  params: z.record(z.string(), z.string()),
  /** the page that it is about, as a path of the application */
  link: z.string(),
})
export type NoticeView = z.infer<typeof notice>

/** The newest first, with how many the account has not seen. */
export const noticePage = pageOf(notice).extend({ unseen: z.number().int() })

/** The notices to be marked as seen; all of the account's when none are named. */
export const seenNotices = z.strictObject({ ids: z.array(objectId).min(1).max(200).optional() })
