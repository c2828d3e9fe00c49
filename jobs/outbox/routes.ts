import { Readable } from 'node:stream'
import { z } from 'zod'
import { sendAttachment } from '../../server/http/attachment.ts'
import { defineRoute } from '../../server/http/route.ts'
import { objectId, pageOf, paging } from '../../server/http/schema.ts'
import type { Outbox } from './outbox.ts'
import {
  disabledAddress,
  type MailView,
  mailView,
  mailWithContent,
  outboxQuery,
  outboxSummary,
} from './schema.ts'

const byId = z.object({ id: objectId })

/** A mail as the audit log names it. */
const targetOf = (mail: MailView) => ({
  target: { kind: 'mail' as const, id: mail.id, label: `${mail.to} ${mail.subject}` },
})

/**
 * The mails: what there is, another try, another mail, and the addresses to which none is tried.
 * @param deliverSoon called when a mail has become due
 */
export const createOutboxRoutes = (outbox: Outbox, deliverSoon: () => void) => [
  defineRoute({
    method: 'get',
    path: '/outbox',
    summary: 'The mails with their status, newest first',
    permission: 'mail.read',
    query: outboxQuery,
    answer: pageOf(mailView),
    handle: ({ query }) => outbox.list(query),
  }),
  defineRoute({
    method: 'get',
    path: '/outbox/summary',
    summary: 'How many mails there are in each state, and whether they get out',
    permission: 'mail.read',
    answer: outboxSummary,
    handle: ({ now }) => outbox.summary(now),
  }),
  defineRoute({
    method: 'get',
    path: '/outbox/disabled-addresses',
    summary: 'The addresses that were refused for good, to which no mail is tried, newest first',
    permission: 'job.run',
    query: paging,
    answer: pageOf(disabledAddress),
    handle: ({ query }) => outbox.disabled.list(query),
  }),
  defineRoute({
    method: 'delete',
    path: '/outbox/disabled-addresses/:id',
    summary: 'Let mails go to an address again',
    permission: 'job.run',
    audit: 'address.enable',
    params: byId,
    answer: disabledAddress,
    async handle({ params, audit }) {
      const enabled = await outbox.disabled.enable(params.id)
      audit({ target: { kind: 'mail', id: enabled.mail, label: enabled.address }, before: enabled })
      return enabled
    },
  }),
  defineRoute({
    method: 'get',
    path: '/outbox/:id',
    summary: 'A mail with its content',
    permission: 'mail.read',
    params: byId,
    answer: mailWithContent,
    handle: ({ params }) => outbox.get(params.id),
  }),
  defineRoute({
    method: 'get',
    path: '/outbox/:id/attachments/:place',
    summary: 'An attachment of a mail',
    permission: 'mail.read',
    params: byId.extend({ place: z.coerce.number().int().min(0).max(99) }),
    produces: 'application/octet-stream',
    audit: 'mail.attachment',
    async handle({ params, res, audit }) {
      const { mail, filename, type, content } = await outbox.attachment(params.id, params.place)
      audit({ ...targetOf(mail), detail: { filename } })
      const file = { filename, content: Readable.from([content]), size: content.length }
      await sendAttachment(res, file, type)
    },
  }),
  defineRoute({
    method: 'post',
    path: '/outbox/:id/retry',
    summary: 'Send a mail that has not been sent as soon as possible',
    permission: 'job.run',
    audit: 'mail.retry',
    params: byId,
    answer: mailView,
    async handle({ params, now, audit }) {
      const mail = await outbox.retry(params.id, now)
      audit(targetOf(mail))
      deliverSoon()
      return mail
    },
  }),
  defineRoute({
    method: 'post',
    path: '/outbox/:id/resend',
    summary: 'Send a mail that has ended once more, on purpose, as a new mail',
    permission: 'job.run',
    audit: 'mail.resend',
    params: byId,
    status: 201,
    answer: mailView,
    async handle({ params, now, audit }) {
      const mail = await outbox.resend(params.id, now)
      audit({ ...targetOf(mail), detail: { resendOf: mail.resendOf } })
      deliverSoon()
      return mail
    },
  }),
]
