/** What is handed to the outbox. */
import { z } from 'zod'
import { LANGUAGES } from '../../server/accounts/schema.ts'
import { html } from '../mail/html.ts'

/** What pictures and attachments of a mail may come to, in bytes: a stored document takes 16 MB. */
const MAX_FILES_BYTES = 10_000_000

const picture = z.object({
  cid: z.string().regex(/^[\w.@-]+$/),
  filename: z.string(),
  type: z.string(),
  content: z.instanceof(Buffer),
})

const attachment = z.object({
  filename: z.string().min(1).max(200),
  type: z.string().min(1).max(200),
  content: z.instanceof(Buffer),
})

/** What stands in a mail. Many recipients may share it: what differs between them stands in it as `placeholder(…)`. */
const content = z.object({
  kind: z.string().min(1).max(60),
  period: z.string().min(1).max(60),
  /** what the recipient subscribed to, such as `weekly`; absent where the mail is a duty */
  topic: z.string().min(1).max(60).optional(),
  language: z.enum(LANGUAGES),
  subject: z.string().min(1).max(400),
  html: z.string().min(1),
  text: z.string().min(1),
  pictures: z.array(picture),
  attachments: z.array(attachment).optional(),
})

/** Who gets it, and what is this recipient's own in it. */
const addressee = z.object({
  account: z.string().min(1).max(60),
  to: z.object({ name: z.string().max(200), address: z.email().max(254) }),
  /** one click ends the subscription (RFC 8058); stands for `placeholder('unsubscribe')` too */
  unsubscribe: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
  /** what stands for each `placeholder(name)`; escaped in the HTML part */
  values: z.record(z.string().regex(/^[a-z][\w-]*$/), z.string().max(2_000)).optional(),
})

const light = (mail: Pick<z.infer<typeof content>, 'pictures' | 'attachments'>): boolean =>
  [...mail.pictures, ...(mail.attachments ?? [])].reduce((sum, file) => sum + file.content.length, 0) <=
  MAX_FILES_BYTES
const TOO_HEAVY = 'pictures and attachments are too large for a mail'

/** A mail to be queued. */
export const newMail = z
  .object({
    ...content.shape,
    ...addressee.shape,
    /** opens an account until then: nobody reads it here, and from then on it is not tried any more */
    secretUntil: z.date().optional(),
  })
  .refine(light, TOO_HEAVY)
  .refine((mail) => !mail.secretUntil || !mail.attachments?.length, 'a secret mail has no attachments')
export type NewMail = z.infer<typeof newMail>

/** One content for many: `outbox.enqueueMany(shared, recipients, now)`. */
export const sharedMail = content.refine(light, TOO_HEAVY)
export type SharedMail = z.infer<typeof sharedMail>
export const mailAddressee = addressee
export type MailAddressee = z.infer<typeof mailAddressee>

/**
 * What stands in a shared HTML or text part where a recipient's own value belongs, as in
 * `<a href="${placeholder('unsubscribe')}">`. It survives escaping and stands in an attribute; one without a value
 * is left as it is.
 */
export const placeholder = (name: string): string => `__own:${name}__`

const PLACEHOLDERS = /__own:([a-z][\w-]*?)__/g

/** Puts a recipient's own values in their places. */
export function personal(
  parts: { html: string; text: string },
  values: Readonly<Record<string, string>>,
): { html: string; text: string } {
  const own = (name: string): string | undefined => (Object.hasOwn(values, name) ? values[name] : undefined)
  return {
    html: parts.html.replace(PLACEHOLDERS, (whole, name: string) => {
      const value = own(name)
      return value === undefined ? whole : html`${value}`.text
    }),
    text: parts.text.replace(PLACEHOLDERS, (whole, name: string) => own(name) ?? whole),
  }
}
