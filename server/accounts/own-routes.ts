import { z } from 'zod'
import { accountNamed } from '../audit/touched.ts'
import { defineRoute } from '../http/route.ts'
import { objectId } from '../http/schema.ts'
import type { OwnAccount } from './own-account.ts'
import { type Me, me, updateMe } from './schema.ts'
import type { SecondFactor } from './second-factor.ts'
import {
  changePassword,
  confirmAuthenticator,
  confirmedByPassword,
  createdToken,
  newAuthenticator,
  newToken,
  recoveryCodes,
  session,
  token,
} from './security-schema.ts'
import type { AccountService } from './service.ts'
import type { AccountSessions } from './sessions.ts'
import type { Tokens } from './tokens.ts'
import { wishesOf } from './wishes.ts'

export interface OwnParts {
  accounts: AccountService
  ownAccount: OwnAccount
  secondFactor: SecondFactor
  sessions: AccountSessions
  tokens: Tokens
}

const byId = z.object({ id: objectId })

/** One's own account: what it is, its password, second factor, sessions and tokens. */
export const ownRoutes = (parts: OwnParts) => [
  ...accountOfCaller(parts),
  ...secondFactorRoutes(parts),
  ...sessionRoutes(parts),
  ...tokenRoutes(parts),
]

const accountOfCaller = ({ accounts, ownAccount }: OwnParts) => [
  defineRoute({
    method: 'get',
    path: '/me',
    summary: 'The signed-in account',
    permission: 'signed-in',
    sessionOnly: false,
    beforeSecondFactor: true,
    answer: me,
    handle: ({ caller }) => accounts.me(caller.id, caller.token),
  }),
  defineRoute({
    method: 'patch',
    path: '/me',
    summary: 'Change one’s own name, language or wish for mails',
    permission: 'signed-in',
    audit: 'me.update',
    body: updateMe,
    answer: me,
    handle: async ({ caller, body, audit }) => {
      audit({ before: wordsOf(await accounts.me(caller.id)) })
      const after = await accounts.updateMe(caller.id, body)
      audit({ ...accountNamed(after), after: wordsOf(after) })
      return after
    },
  }),
  defineRoute({
    method: 'post',
    path: '/me/password',
    summary: 'Change one’s password; the account’s other sessions end',
    permission: 'signed-in',
    audit: 'me.password',
    beforeSecondFactor: true,
    body: changePassword,
    handle: ({ caller, body, req, now }) =>
      ownAccount.changePassword(caller.id, body.current, body.password, req, now),
  }),
]

/** What one can change of oneself. */
const wordsOf = (own: Me) => ({ name: own.name, language: own.language, ...wishesOf(own.role, own) })

const secondFactorRoutes = ({ ownAccount, secondFactor }: OwnParts) => [
  defineRoute({
    method: 'post',
    path: '/me/second-factor',
    summary: 'Begin a second factor: the secret for an authenticator, which counts once it is confirmed',
    permission: 'signed-in',
    audit: 'me.second-factor.begin',
    beforeSecondFactor: true,
    body: confirmedByPassword,
    answer: newAuthenticator,
    handle: ({ caller, body, now }) => ownAccount.beginSecondFactor(caller.id, body.password, now),
  }),
  defineRoute({
    method: 'post',
    path: '/me/second-factor/confirm',
    summary: 'Turn the second factor on with the first code of the authenticator; gives recovery codes',
    permission: 'signed-in',
    audit: 'me.second-factor.confirm',
    beforeSecondFactor: true,
    body: confirmAuthenticator,
    answer: recoveryCodes,
    handle: async ({ caller, body, now }) => ({
      recoveryCodes: await secondFactor.confirm(caller.id, body.code, now),
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/me/second-factor/recovery-codes',
    summary: 'New recovery codes in place of the earlier ones',
    permission: 'signed-in',
    audit: 'me.second-factor.codes',
    beforeSecondFactor: true,
    body: confirmedByPassword,
    answer: recoveryCodes,
    handle: async ({ caller, body, now }) => ({
      recoveryCodes: await ownAccount.renewRecoveryCodes(caller.id, body.password, now),
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/me/second-factor/remove',
    summary: 'Turn the second factor off, where it is not required',
    permission: 'signed-in',
    audit: 'me.second-factor.remove',
    beforeSecondFactor: true,
    body: confirmedByPassword,
    handle: ({ caller, body, now }) => ownAccount.removeSecondFactor(caller.id, body.password, now),
  }),
]

const sessionRoutes = ({ accounts, sessions }: OwnParts) => [
  defineRoute({
    method: 'get',
    path: '/me/sessions',
    summary: 'One’s open sessions',
    permission: 'signed-in',
    answer: z.object({ items: z.array(session) }),
    handle: async ({ caller, req }) => ({ items: await accounts.sessionsOf(caller.id, req.session.key) }),
  }),
  defineRoute({
    method: 'delete',
    path: '/me/sessions',
    summary: 'End all one’s sessions but this one',
    permission: 'signed-in',
    audit: 'me.sessions.end',
    handle: ({ caller, req }) => sessions.endAll(caller.id, req.session.key),
  }),
  defineRoute({
    method: 'delete',
    path: '/me/sessions/:id',
    summary: 'End one of one’s sessions',
    permission: 'signed-in',
    audit: 'me.session.end',
    params: byId,
    handle: ({ caller, params, req, audit }) => {
      audit({ target: { kind: 'session', id: params.id } })
      return params.id === req.session.key ? sessions.close(req) : sessions.end(caller.id, params.id)
    },
  }),
]

const tokenRoutes = ({ tokens }: OwnParts) => [
  defineRoute({
    method: 'get',
    path: '/me/tokens',
    summary: 'One’s tokens for programs',
    permission: 'signed-in',
    answer: z.object({ items: z.array(token) }),
    handle: async ({ caller }) => ({ items: await tokens.list(caller.id) }),
  }),
  defineRoute({
    method: 'post',
    path: '/me/tokens',
    summary: 'Make a token for a program; it is shown this once',
    permission: 'signed-in',
    audit: 'token.create',
    body: newToken,
    status: 201,
    answer: createdToken,
    handle: async ({ caller, body, now, audit }) => {
      const made = await tokens.create(caller, body, now)
      const { token: _secret, ...after } = made
      audit({ target: { kind: 'token', id: made.id, label: made.name }, before: null, after })
      return made
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/me/tokens/:id',
    summary: 'Revoke one of one’s tokens',
    permission: 'signed-in',
    audit: 'token.revoke',
    params: byId,
    handle: async ({ caller, params, audit }) => {
      const revoked = (await tokens.list(caller.id)).find(({ id }) => id === params.id)
      if (revoked)
        audit({
          target: { kind: 'token', id: revoked.id, label: revoked.name },
          before: revoked,
          after: null,
        })
      await tokens.revoke(caller.id, params.id)
    },
  }),
]
