import type { ErrorRequestHandler, RequestHandler } from 'express'
import { type AugmentedRequest, ipKeyGenerator, rateLimit } from 'express-rate-limit'
import { Problem } from './problem.ts'

/** How many writes a minute are taken. */
export interface WriteLimits {
  /** of an account: far more than anybody does by hand, whatever the list */
  account: number
  /** of an address from which nobody has signed in */
  address: number
}

export const WRITE_LIMITS: WriteLimits = { account: 600, address: 120 }

const READING = new Set(['GET', 'HEAD', 'OPTIONS'])
const MINUTE_MS = 60_000

/**
 * Slows down what goes into the audit log, writes and refused reads: by account for those who are signed in, by address
 * for the others. Only the first refusal of a minute goes into the log itself, so that refusals cannot fill it.
 */
export const writeLimit = ({ account, address }: WriteLimits = WRITE_LIMITS): RequestHandler =>
  rateLimit({
    windowMs: MINUTE_MS,
    limit: (req) => (req.caller ? account : address),
    keyGenerator: (req) => (req.caller ? `account ${req.caller.id}` : ipKeyGenerator(req.ip ?? '')),
    // A read is no matter for the log until it is refused.
    skip: (req) => READING.has(req.method) && !req.trail?.isHeld,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (req) => {
      const { used = 0, limit = 0, resetTime } = (req as Partial<AugmentedRequest>).rateLimit ?? {}
      if (req.trail) req.trail.isRepeated = used > limit + 1
      const problem = new Problem(429, 'request.too-many', 'Too many writes in a minute')
      const left = resetTime ? resetTime.getTime() - Date.now() : MINUTE_MS
      problem.retryAfter = Math.max(1, Math.ceil(left / 1000))
      throw problem
    },
  })

/** Slows down guessing: so many requests of a kind from one address in five minutes. */
export const guessLimit = (
  limit: number,
  detail: string,
  options: { skipSuccessfulRequests?: boolean } = {},
): RequestHandler =>
  rateLimit({
    ...{ windowMs: 5 * MINUTE_MS, limit, ...options, standardHeaders: 'draft-8', legacyHeaders: false },
    handler: () => {
      throw new Problem(429, 'request.too-many', detail)
    },
  })

/** Counts a read that failed and goes into the audit log as a write. It stands behind all routes. */
export const limitRefusedReads =
  (limit: RequestHandler): ErrorRequestHandler =>
  (error, req, res, next) => {
    if (!READING.has(req.method) || !req.trail?.isHeld || res.headersSent) return next(error)
    return limit(req, res, (refusal?: unknown) => next(refusal ?? error))
  }
