import MongoStore from 'connect-mongo'
import type { RequestHandler } from 'express'
import { rateLimit } from 'express-rate-limit'
import session from 'express-session'
import type { Connection } from 'mongoose'
import { Problem } from '../http/problem.ts'
import type { AccountDoc } from './model.ts'
import type { AccountService } from './service.ts'

declare module 'express-session' {
  interface SessionData {
    account: string
    epoch: number
  }
}

const WEEK_MS = 7 * 24 * 3600 * 1000

/** Sessions, kept in the database; the cookie is not readable by scripts and not sent along by other sites. */
export function sessions(connection: Connection, secret: string): RequestHandler {
  return session({
    name: 'fleet.sid',
    secret,
    resave: false,
    saveUninitialized: false,
    rolling: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto', maxAge: WEEK_MS, path: '/' },
    store: MongoStore.create({
      client: connection.getClient() as never,
      dbName: connection.name,
      collectionName: 'sessions',
      touchAfter: 3600,
      // The embedded engine keeps TTL indexes but never acts on them.
      autoRemove: 'interval',
      autoRemoveInterval: 60,
    }),
  })
}

/** Says on whose behalf a request comes, from its session. */
export function identify(accounts: AccountService): RequestHandler {
  return async (req, _res, next) => {
    const { account, epoch } = req.session
    if (account !== undefined && epoch !== undefined) {
      const caller = await accounts.caller(account, epoch)
      if (caller) req.caller = caller
    }
    next()
  }
}

/** Opens a new session for an account: a new id, so that one planted before is worth nothing. */
export function openSession(
  req: Express.Request & { session: session.Session & Partial<session.SessionData> },
  account: AccountDoc,
): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.regenerate((fault: unknown) => {
      if (fault) return reject(fault)
      req.session.account = account._id.toHexString()
      req.session.epoch = account.epoch
      req.session.save((error: unknown) => (error ? reject(error) : resolve()))
    })
  })
}

/** Ends the session. */
export function closeSession(req: { session: session.Session }): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.destroy((error: unknown) => (error ? reject(error) : resolve()))
  })
}

/** Slows down guessing of passwords: twenty failures in five minutes from one address. */
export const signInLimit = (): RequestHandler =>
  rateLimit({
    windowMs: 5 * 60_000,
    limit: 20,
    skipSuccessfulRequests: true,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: () => {
      throw new Problem(429, 'request.too-many', 'Too many attempts; wait five minutes')
    },
  })

/** Refuses writes that another site's page sends: the Origin, when there is one, must be ours. */
export function ownOrigin(publicUrl: string | undefined): RequestHandler {
  const own = publicUrl === undefined ? undefined : new URL(publicUrl).origin
  return (req, _res, next) => {
    const { origin, host } = req.headers
    if (origin === undefined || ['GET', 'HEAD', 'OPTIONS'].includes(req.method)) return next()
    if (origin === own || origin === `http://${host}` || origin === `https://${host}`) return next()
    throw new Problem(403, 'request.foreign-origin', 'This request comes from a page of another site')
  }
}
