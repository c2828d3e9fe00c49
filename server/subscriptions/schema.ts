import { z } from 'zod'
import { email, LANGUAGES, role } from '../accounts/schema.ts'
import type { Wish } from '../accounts/wishes.ts'
import { countyCode, objectId } from '../http/schema.ts'

/** Shapes of who gets which mails without having to. */

/** What can be subscribed to. Duties are none of these: reminders, invitations, what administrators must hear of. */
export const MAIL_TOPICS = ['weekly', 'monthly', 'quarterly', 'alerts'] as const
export const mailTopic = z.enum(MAIL_TOPICS)
export type MailTopic = z.infer<typeof mailTopic>

/** The switch of an account that stands for a topic. */
export const WISH_OF: Record<MailTopic, Wish> = {
  weekly: 'weeklyReport',
  monthly: 'monthlyReport',
  quarterly: 'quarterlyReport',
  alerts: 'alerts',
}

/** An account of the application, or a further address that an administrator has listed. */
export const SOURCES = ['account', 'list'] as const
export type Source = (typeof SOURCES)[number]

/** Somebody who gets the mails of a topic. */
export interface Recipient {
  id: string
  email: string
  name: string
  language: (typeof LANGUAGES)[number]
  /** what part of the city is told: all of it, a county or an operator's own fleet */
  scope: { county?: string; operator?: string }
  /** wants the tables attached */
  attach: boolean
  source: Source
}

const topics = z
  .array(mailTopic)
  .max(MAIL_TOPICS.length)
  .transform((given) => MAIL_TOPICS.filter((t) => given.includes(t)))

/** A further address: somebody without an account, told of the city, of a county or of an operator. */
export const createRecipient = z.strictObject({
  email,
  name: z.string().trim().min(1).max(80),
  language: z.enum(LANGUAGES).default('zh-CN'),
  county: countyCode.nullish(),
  operator: z.string().trim().min(1).max(100).nullish(),
  topics,
  attach: z.boolean().default(false),
})
export type CreateRecipient = z.output<typeof createRecipient>

/** What is left out stays as it is. */
export const updateRecipient = z.strictObject({
  name: z.string().trim().min(1).max(80).optional(),
  language: z.enum(LANGUAGES).optional(),
  county: countyCode.nullish(),
  operator: z.string().trim().min(1).max(100).nullish(),
  topics: topics.optional(),
  attach: z.boolean().optional(),
})
export type UpdateRecipient = z.output<typeof updateRecipient>

/** Who gets what, and why. */
export const recipient = z.object({
  id: objectId,
  source: z.enum(SOURCES),
  name: z.string(),
  email: z.string(),
  language: z.enum(LANGUAGES),
  /** null for a further address */
  role: role.nullable(),
  county: z.string().nullable(),
  countyName: z.string().nullable(),
  operator: z.string().nullable(),
  operatorName: z.string().nullable(),
  topics: z.array(mailTopic),
  /** topics that the recipient of a further address has ended by the link in a mail */
  ended: z.array(mailTopic),
  attach: z.boolean(),
  /** an account whose owner has not accepted the invitation yet gets nothing */
  invited: z.boolean(),
  /** why no mail goes to the address any more, in the mail server's words; null while they do */
  disabled: z.string().nullable(),
})
export type RecipientView = z.infer<typeof recipient>

/** A link that ends a subscription. */
export const unsubscribeQuery = z.object({ token: z.string().min(1).max(200) })

/** What a link is about, and how it stands. */
export const subscription = z.object({
  topic: mailTopic,
  /** the address, enough of it to know it by */
  email: z.string(),
  language: z.enum(LANGUAGES),
  wanted: z.boolean(),
})
export type Subscription = z.infer<typeof subscription>
