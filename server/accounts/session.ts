import type { Request, RequestHandler } from 'express'
import { ipKeyGenerator } from 'express-rate-limit'
import session from 'express-session'
import type { Connection } from 'mongoose'
import { guessLimit } from '../http/limits.ts'
import { Problem } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import type { AccountsAhead } from './ahead.ts'
import type { AccountService } from './service.ts'
import { sessionStore } from './session-store.ts'
import type { AccountSessions } from './sessions.ts'
import type { ShortMemory } from './short-memory.ts'
import type { Tokens } from './tokens.ts'

const WEEK_MS = 7 * 24 * 3600 * 1000

/** Sessions, kept in the database; the cookie is not readable by scripts and not sent along by other sites. */
export function sessions(connection: Connection, secret: string, memory: ShortMemory): RequestHandler {
  return session({
    name: 'fleet.sid',
    secret,
    resave: false,
    saveUninitialized: false,
    rolling: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto', maxAge: WEEK_MS, path: '/' },
    store: sessionStore(connection, memory),
  })
}

/** What callers are found by. */
export interface Identities {
  accounts: AccountService
  sessions: AccountSessions
  tokens: Tokens
  clock: { now(): Date }
}

/**
 * Says on whose behalf a request comes: by its token if it brings one, else by its session. A token that is worth
 * nothing is only noted, for `refuseBadToken`.
 */
export function identify(identities: Identities & { ahead: AccountsAhead }): RequestHandler {
  return async (req, _res, next) => {
    try {
      const caller = await callerOf(req, identities)
      if (caller) req.caller = caller
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      req.refusal = error
    }
    next()
  }
}

/** Refuses whoever brought a token that is worth nothing, once the request is counted. */
export const refuseBadToken: RequestHandler = (req, _res, next) => next(req.refusal)

/** @throws Problem 401 for a token that is worth nothing: the program would take a public answer for its own */
async function callerOf(
  req: Request,
  { accounts, sessions, tokens, clock, ahead }: Identities & { ahead: AccountsAhead },
): Promise<Caller | null> {
  const now = clock.now()
  const bearer = /^bearer +(\S+) *$/i.exec(req.headers.authorization ?? '')?.[1]
  if (bearer !== undefined) {
    const { _id, account, name, permissions } = await tokens.find(bearer, addressOf(req), now)
    const caller = await accounts.callerOfToken(account, { id: _id.toHexString(), name, permissions })
    return caller ?? tokens.refuse(addressOf(req), now)
  }
  const { account, epoch } = req.session
  if (account === undefined || epoch === undefined) return null
  const caller = await accounts.callerOfSession(await ahead.accountOf(req, account), epoch)
  if (caller) await sessions.seen(req, now)
  return caller
}

/** Where a request comes from, for limits: an IPv6 address stands for its network, as one customer has many. */
export const addressOf = (req: Request): string => ipKeyGenerator(req.ip ?? '')

/** Slows down guessing of the set-up token: twenty failures in five minutes from one address. */
export const setUpLimit = (): RequestHandler =>
  guessLimit(20, 'Too many attempts; wait five minutes', { skipSuccessfulRequests: true })

/** Refuses writes that another site's page sends: the Origin, when there is one, must be ours. */
export function ownOrigin(publicUrl: string | undefined): RequestHandler {
  const own = publicUrl === undefined ? undefined : new URL(publicUrl).origin
  return (req, _res, next) => {
    const { origin, host } = req.headers
    if (origin === undefined || ['GET', 'HEAD', 'OPTIONS'].includes(req.method)) return next()
    // Sent by a mail program or its provider; the link itself says on whose behalf, no session does.
    if (req.path === '/unsubscribe') return next()
    if (origin === own || origin === `http://${host}` || origin === `https://${host}`) return next()
    throw new Problem(403, 'request.foreign-origin', 'This request comes from a page of another site')
  }
}

declare global {
  namespace Express {
    interface Request {
      /** why the request's token was refused */
      refusal?: Problem
    }
  }
}
