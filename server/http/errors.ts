import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import { createWording } from '../wording/index.ts'
import { Problem } from './problem.ts'

const chinese = createWording('zh-CN')
const english = createWording('en')

/** Anything that no route took. */
export const nothingHere: RequestHandler = () => {
  throw new Problem(404, 'not-found')
}

/** What is there, but is asked for by a method that it does not have; OPTIONS is told which ones. */
export const notThisWay =
  (methodsFor: (path: string) => string[]): RequestHandler =>
  (req, res, next) => {
    const methods = methodsFor(req.path)
    if (methods.length === 0) return next()
    res.set('Allow', methods.join(', '))
    if (req.method === 'OPTIONS') return void res.status(204).end()
    throw new Problem(405, 'method.not-allowed')
  }

/** Renders every failure as problem details. What we did not foresee is logged and told without its particulars. */
export const answerProblem: ErrorRequestHandler = (error, req, res, next) => {
  if (res.headersSent) return next(error)
  const problem = asProblem(error)
  if (req.trail) req.trail.problem = problem.code
  if (problem.status >= 500) req.log?.error({ err: error }, 'request failed')
  if (problem.retryAfter !== undefined) res.set('Retry-After', String(problem.retryAfter))
  const wording = req.acceptsLanguages('zh', 'zh-CN', 'en') === 'en' ? english : chinese
  onceSent(req, res, () => {
    res
      .status(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify(problem.body(wording)))
  })
}

/** So long is waited for the rest of what is refused. */
const REST_MS = 10_000

/**
 * Answers once the rest of the request has come, where the connection ends with the answer: ended while a file is still
 * being sent over it, as by a proxy that keeps none open, it would take the answer with it.
 */
function onceSent(req: Request, res: Response, answer: () => void): void {
  if (res.shouldKeepAlive || req.complete || req.destroyed) {
    answer()
    return
  }
  const timer = setTimeout(done, REST_MS)
  function done() {
    clearTimeout(timer)
    req.off('end', done).off('close', done)
    answer()
  }
  req.on('end', done).on('close', done).resume()
}

/** The body parser's and router's own errors carry a status; the rest is ours to mend. */
function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const { type, status } = (typeof error === 'object' && error !== null ? error : {}) as {
    type?: unknown
    status?: unknown
  }
  if (type === 'entity.parse.failed') return new Problem(400, 'request.not-json')
  if (type === 'entity.too.large') return new Problem(413, 'request.too-large')
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new Problem(status, 'request.invalid')
  return new Problem(500, 'internal')
}
