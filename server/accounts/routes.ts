import { z } from 'zod'
import { accountNamed, accountTouched } from '../audit/touched.ts'
import { defineRoute } from '../http/route.ts'
import { objectId } from '../http/schema.ts'
import { type EntranceParts, entranceRoutes } from './entrance-routes.ts'
import { type OwnParts, ownRoutes } from './own-routes.ts'
import { account, createAccount, updateAccount } from './schema.ts'
import { session, settings as settingsView, token, updateSettings } from './security-schema.ts'
import type { SecuritySettings } from './settings.ts'

type Parts = EntranceParts & OwnParts & { settings: SecuritySettings }

const byId = z.object({ id: objectId })

/** Ways in, one's own account, and the administration of accounts. */
export const accountRoutes = (parts: Parts) => [
  ...entranceRoutes(parts),
  ...ownRoutes(parts),
  ...administration(parts),
  ...accessOfOthers(parts),
  ...settingsRoutes(parts),
]

const administration = ({ accounts, accountLinks, secondFactor, sessions }: Parts) => [
  defineRoute({
    method: 'get',
    path: '/accounts',
    summary: 'All accounts',
    permission: 'account.manage',
    answer: z.object({ items: z.array(account) }),
    handle: async () => ({ items: await accounts.list() }),
  }),
  defineRoute({
    method: 'post',
    path: '/accounts',
    summary: 'Create an account; without a password it is invited by mail',
    permission: 'account.manage',
    audit: 'account.create',
    body: createAccount,
    status: 201,
    answer: account,
    handle: async ({ body, now, audit }) => {
      const made = await accounts.create(body, now)
      audit(accountTouched(made))
      return made
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/accounts/:id',
    summary: 'Change an account',
    permission: 'account.manage',
    audit: 'account.update',
    params: byId,
    body: updateAccount,
    answer: account,
    handle: async ({ params, body, audit }) => {
      const before = await accounts.get(params.id)
      const changed = await accounts.update(params.id, body)
      audit(accountTouched(changed, before))
      if (body.password !== undefined) audit({ detail: { passwordSet: true } })
      return changed
    },
  }),
  defineRoute({
    method: 'post',
    path: '/accounts/:id/invite',
    summary: 'Send the invitation of an account without a password again; the earlier link ends',
    permission: 'account.manage',
    audit: 'account.invite',
    params: byId,
    answer: account,
    handle: async ({ params, now, audit }) => {
      await accountLinks.invite(params.id, now)
      const invited = await accounts.get(params.id)
      audit(accountNamed(invited))
      return invited
    },
  }),
  defineRoute({
    method: 'post',
    path: '/accounts/:id/reset-second-factor',
    summary: 'Turn an account’s second factor off, as for a lost telephone; its sessions end',
    permission: 'account.manage',
    audit: 'account.second-factor.reset',
    params: byId,
    answer: account,
    handle: async ({ params, audit }) => {
      const before = await accounts.get(params.id)
      await secondFactor.remove(params.id, true)
      await sessions.endAll(params.id)
      const changed = await accounts.get(params.id)
      audit(accountTouched(changed, before))
      return changed
    },
  }),
]

const accessOfOthers = ({ accounts, tokens }: Parts) => [
  defineRoute({
    method: 'get',
    path: '/accounts/:id/sessions',
    summary: 'The open sessions of an account',
    permission: 'account.manage',
    params: byId,
    answer: z.object({ items: z.array(session) }),
    handle: async ({ params, req }) => ({ items: await accounts.sessionsOf(params.id, req.session.key) }),
  }),
  defineRoute({
    method: 'delete',
    path: '/accounts/:id/sessions',
    summary: 'End all sessions of an account',
    permission: 'account.manage',
    audit: 'account.sessions.end',
    params: byId,
    handle: async ({ params, audit }) => {
      audit(accountNamed(await accounts.get(params.id)))
      await accounts.endSessions(params.id)
    },
  }),
  defineRoute({
    method: 'get',
    path: '/accounts/:id/tokens',
    summary: 'The tokens of an account',
    permission: 'account.manage',
    params: byId,
    answer: z.object({ items: z.array(token) }),
    handle: async ({ params }) => {
      await accounts.get(params.id)
      return { items: await tokens.list(params.id) }
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/accounts/:id/tokens/:token',
    summary: 'Revoke a token of an account',
    permission: 'account.manage',
    audit: 'account.token.revoke',
    params: byId.extend({ token: objectId }),
    handle: async ({ params, audit }) => {
      audit(accountNamed(await accounts.get(params.id)))
      const revoked = (await tokens.list(params.id)).find(({ id }) => id === params.token)
      audit({ before: revoked ?? null, after: null })
      await tokens.revoke(params.id, params.token)
    },
  }),
]

const settingsRoutes = ({ settings }: Parts) => [
  defineRoute({
    method: 'get',
    path: '/settings',
    summary: 'What is required of accounts',
    permission: 'account.manage',
    answer: settingsView,
    handle: () => settings.get(),
  }),
  defineRoute({
    method: 'patch',
    path: '/settings',
    summary: 'Change what is required of accounts',
    permission: 'account.manage',
    audit: 'settings.update',
    body: updateSettings,
    answer: settingsView,
    handle: async ({ body, audit }) => {
      const before = await settings.get()
      const after = await settings.update(body)
      audit({ target: { kind: 'settings' }, before, after })
      return after
    },
  }),
]
