import { z } from 'zod'
import { defineRoute } from '../http/route.ts'
import { objectId } from '../http/schema.ts'
import {
  createRecipient,
  type RecipientView,
  recipient,
  subscription,
  unsubscribeQuery,
  updateRecipient,
} from './schema.ts'
import type { RecipientService } from './service.ts'
import type { Unsubscribe } from './unsubscribe.ts'

interface Parts {
  mailList: RecipientService
  unsubscribe: Unsubscribe
}

const byId = z.object({ id: objectId })

/** Who gets which mails, and the links by which people end them. */
export const subscriptionRoutes = (parts: Parts) => [...listRoutes(parts), ...linkRoutes(parts)]

const touched = ({ id, name, email }: RecipientView) => ({
  target: { kind: 'recipient', id, label: `${name} ${email}` },
})

const factsOf = ({
  id: _i,
  source: _s,
  role: _r,
  invited: _v,
  disabled: _d,
  countyName: _c,
  operatorName,
  ended,
  ...rest
}: RecipientView) => ({ ...rest, operator: operatorName, unsubscribed: ended })

const listRoutes = ({ mailList }: Parts) => [
  defineRoute({
    method: 'get',
    path: '/recipients',
    summary: 'Who gets which mails: the accounts and the further addresses',
    permission: 'recipient.manage',
    answer: z.object({ items: z.array(recipient) }),
    handle: async () => ({ items: await mailList.list() }),
  }),
  defineRoute({
    method: 'post',
    path: '/recipients',
    summary: 'List a further address for reports or alerts',
    permission: 'recipient.manage',
    audit: 'recipient.create',
    body: createRecipient,
    status: 201,
    answer: recipient,
    handle: async ({ body, now, audit }) => {
      const made = await mailList.create(body, now)
      audit({ ...touched(made), before: null, after: factsOf(made) })
      return made
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/recipients/:id',
    summary: 'Change a further address',
    permission: 'recipient.manage',
    audit: 'recipient.update',
    params: byId,
    body: updateRecipient,
    answer: recipient,
    handle: async ({ params, body, audit }) => {
      const before = await mailList.get(params.id)
      const after = await mailList.update(params.id, body)
      audit({ ...touched(after), before: factsOf(before), after: factsOf(after) })
      return after
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/recipients/:id',
    summary: 'Take a further address from the list',
    permission: 'recipient.manage',
    audit: 'recipient.remove',
    params: byId,
    handle: async ({ params, audit }) => {
      const gone = await mailList.remove(params.id)
      audit({ ...touched(gone), before: factsOf(gone), after: null })
    },
  }),
]

const linkRoutes = ({ unsubscribe }: Parts) => {
  const change = (path: string, summary: string, wanted: boolean) =>
    defineRoute({
      method: 'post',
      path,
      summary,
      permission: 'public',
      audit: wanted ? 'mail.resubscribe' : 'mail.unsubscribe',
      query: unsubscribeQuery,
      answer: subscription,
      handle: async ({ query, audit }) => {
        const { recipient: who, subscription: now } = await unsubscribe.choose(query.token, wanted)
        const kind = who.source === 'account' ? 'account' : 'recipient'
        const target = { kind, id: who.id, label: `${who.name} ${who.email}` }
        audit({ target, detail: { topic: now.topic } })
        return now
      },
    })
  return [
    defineRoute({
      method: 'get',
      path: '/unsubscribe',
      summary: 'Leads to the page that asks whether the mails that a link is about shall end',
      permission: 'public',
      query: unsubscribeQuery,
      handle: async ({ query, res }) => {
        res.redirect(302, `/unsubscribe?${new URLSearchParams(query)}`)
      },
    }),
    change(
      '/unsubscribe',
      'End the mails that a link is about, by one click in the mail program (RFC 8058)',
      false,
    ),
    change('/unsubscribe/undo', 'Have the mails that a link is about again', true),
    defineRoute({
      method: 'get',
      path: '/unsubscribe/state',
      summary: 'What a link from a mail is about, and whether those mails are wanted',
      permission: 'public',
      query: unsubscribeQuery,
      answer: subscription,
      handle: ({ query }) => unsubscribe.read(query.token),
    }),
  ]
}
