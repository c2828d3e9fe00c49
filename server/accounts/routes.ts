import { z } from 'zod'
import { Problem } from '../http/problem.ts'
import { defineRoute } from '../http/route.ts'
import { objectId } from '../http/schema.ts'
import { account, createAccount, me, setUp, setUpState, signIn, updateAccount, updateMe } from './schema.ts'
import type { AccountService } from './service.ts'
import { closeSession, openSession } from './session.ts'
import type { SetUpToken } from './setup-token.ts'

interface Parts {
  accounts: AccountService
  token: SetUpToken
  /** loads the made-up city's lists in the background */
  loadSample: (administrator: { id: string; name: string; email: string }) => void
}

const byId = z.object({ id: objectId })

/** Set-up, sign-in, one's own account, and the administration of accounts. */
export const accountRoutes = ({ accounts, token, loadSample }: Parts) => [
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
    body: setUp,
    status: 201,
    answer: me,
    handle: async ({ body, req, now }) => {
      if (!(await accounts.needsSetUp())) throw new Problem(409, 'setup.done')
      if (!token.matches(body.token))
        throw new Problem(403, 'setup.token', 'Open the link that the start printed')
      const first = await accounts.createFirst(body, now)
      await openSession(req, first)
      const id = first._id.toHexString()
      if (body.sampleData) loadSample({ id, name: first.name, email: first.email })
      return accounts.me(id)
    },
  }),
  defineRoute({
    method: 'post',
    path: '/session',
    summary: 'Sign in',
    permission: 'public',
    body: signIn,
    answer: me,
    handle: async ({ body, req }) => {
      const found = await accounts.authenticate(body.email, body.password)
      if (!found) throw new Problem(401, 'session.wrong-credentials')
      await openSession(req, found)
      return accounts.me(found._id.toHexString())
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/session',
    summary: 'Sign out',
    permission: 'public',
    handle: async ({ req, res }) => {
      await closeSession(req)
      res.clearCookie('fleet.sid', { path: '/' })
    },
  }),
  defineRoute({
    method: 'get',
    path: '/me',
    summary: 'The signed-in account',
    permission: 'signed-in',
    answer: me,
    handle: ({ caller }) => accounts.me(caller.id),
  }),
  defineRoute({
    method: 'patch',
    path: '/me',
    summary: 'Change one’s own name, language or wish for the weekly report',
    permission: 'signed-in',
    body: updateMe,
    answer: me,
    handle: ({ caller, body }) => accounts.updateMe(caller.id, body),
  }),
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
    summary: 'Create an account',
    permission: 'account.manage',
    body: createAccount,
    status: 201,
    answer: account,
    handle: ({ body, now }) => accounts.create(body, now),
  }),
  defineRoute({
    method: 'patch',
    path: '/accounts/:id',
    summary: 'Change an account',
    permission: 'account.manage',
    params: byId,
    body: updateAccount,
    answer: account,
    handle: ({ params, body }) => accounts.update(params.id, body),
  }),
]
