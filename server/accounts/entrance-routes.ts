import { z } from 'zod'
import { Problem } from '../http/problem.ts'
import { defineRoute } from '../http/route.ts'
import type { Devices } from './devices.ts'
import type { AccountLinks } from './links.ts'
import { me, setUp, setUpState, signIn } from './schema.ts'
import { checkLink, link, redeemLink, requestReset } from './security-schema.ts'
import type { AccountService } from './service.ts'
import { addressOf } from './session.ts'
import type { AccountSessions } from './sessions.ts'
import type { SetUpToken } from './setup-token.ts'
import type { SignIn } from './sign-in.ts'

export interface EntranceParts {
  accounts: AccountService
  accountLinks: AccountLinks
  devices: Devices
  sessions: AccountSessions
  signIn: SignIn
  setUpToken: SetUpToken
  /** loads the made-up city's lists in the background */
  loadSample: (administrator: { id: string; name: string; email: string }) => void
}

/** Ways in: set-up, signing in and out, links by mail. */
export const entranceRoutes = (parts: EntranceParts) => [
  ...setUpRoutes(parts),
  ...signInRoutes(parts),
  ...linkRoutes(parts),
]

const setUpRoutes = ({ accounts, sessions, setUpToken, loadSample }: EntranceParts) => [
  defineRoute({
    method: 'get',
    path: '/setup',
    summary: 'Whether the service still needs its first administrator',
    permission: 'public',
    answer: setUpState,
    handle: async () => ({ needed: await accounts.needsSetUp() }),
  }),
  defineRoute({
    method: 'post',
    path: '/setup',
    summary: 'Create the first administrator, with the token of the set-up link',
    permission: 'public',
    audit: 'setup.finish',
    body: setUp,
    status: 201,
    answer: me,
    handle: async ({ body, req, now }) => {
      if (!(await accounts.needsSetUp())) throw new Problem(409, 'setup.done')
      if (!setUpToken.matches(body.token))
        throw new Problem(403, 'setup.token', 'Open the link that the start printed')
      const first = await accounts.createFirst(body, now)
      await sessions.open(req, first, now)
      const id = first._id.toHexString()
      if (body.sampleData) loadSample({ id, name: first.name, email: first.email })
      return accounts.me(id)
    },
  }),
]

const signInRoutes = ({ accounts, devices, sessions, signIn: entrance }: EntranceParts) => [
  defineRoute({
    method: 'post',
    path: '/session',
    summary: 'Sign in; an account with a second factor needs a code as well',
    permission: 'public',
    audit: 'session.open',
    body: signIn,
    answer: me,
    handle: async ({ body, req, res, now }) => {
      const from = { address: addressOf(req), device: devices.of(req) }
      const account = await entrance.authenticate(body, from, now)
      await sessions.open(req, account, now)
      devices.remember(req, res, account.email)
      return accounts.me(account._id.toHexString())
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/session',
    summary: 'Sign out',
    permission: 'public',
    audit: 'session.close',
    handle: async ({ req, res }) => {
      await sessions.close(req)
      res.clearCookie('fleet.sid', { path: '/' })
    },
  }),
]

const linkRoutes = ({ accountLinks: links, devices }: EntranceParts) => [
  defineRoute({
    method: 'post',
    path: '/password-resets',
    summary: 'Ask for a link by mail that sets a new password; the answer is the same for every address',
    permission: 'public',
    audit: 'password.forgotten',
    body: requestReset,
    status: 202,
    answer: z.object({}),
    handle: async ({ body, req, now }) => {
      await links.requestReset(body.email, addressOf(req), now)
      return {}
    },
  }),
  defineRoute({
    method: 'post',
    path: '/links/check',
    summary: 'Whose link this is: an invitation, or one to reset a password',
    permission: 'public',
    audit: 'link.open',
    body: checkLink,
    answer: link,
    handle: async ({ body, req, now, audit }) => {
      const found = await links.check(body.token, addressOf(req), now)
      audit({ target: { kind: 'account', label: found.email } })
      return found
    },
  }),
  defineRoute({
    method: 'post',
    path: '/links/redeem',
    summary: 'Set a password by a link, once; all sessions of the account end',
    permission: 'public',
    audit: 'link.redeem',
    body: redeemLink,
    handle: async ({ body, req, res, now, audit }) => {
      const email = await links.redeem(body.token, body.password, addressOf(req), now)
      audit({ target: { kind: 'account', label: email } })
      // Whoever reads the mailbox is no stranger: the brake on those must not keep its owner out.
      devices.remember(req, res, email)
    },
  }),
]
