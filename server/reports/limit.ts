import type { RequestHandler } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import { Problem } from '../http/problem.ts'

/** Far more papers than anybody checks by hand, and too few to guess a code: of 2^80 there is one. */
const CHECKS = { windowMs: 5 * 60_000, limit: 60 }

/** Slows down checks of papers: so many from one address in five minutes. */
export const reportCheckLimit = (): RequestHandler =>
  rateLimit({
    ...CHECKS,
    keyGenerator: (req) => ipKeyGenerator(req.ip ?? ''),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: () => {
      throw new Problem(429, 'request.too-many', 'Too many checks; wait five minutes')
    },
  })
