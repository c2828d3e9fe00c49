import type { Request, RequestHandler, Response } from 'express'
import { z } from 'zod'
import type { Scope } from '../accounts/permissions.ts'
import { may, type Permission } from '../accounts/permissions.ts'
import type { Role } from '../accounts/schema.ts'
import type { AuditAction } from '../audit/actions.ts'
import type { Touched } from '../audit/trail.ts'
import { invalidRequest, Problem } from './problem.ts'

/** The account on whose behalf a request is made. */
export interface Caller {
  id: string
  email: string
  name: string
  role: Role
  scope: Scope
  /** the token by which a program calls; absent when it is a browser's session */
  token?: { id: string; name: string; permissions: readonly Permission[] }
  /** the account must set up its second factor before it can do anything else */
  mustSetUpSecondFactor?: boolean
}

type Shape = z.ZodType | undefined
type Output<T extends Shape> = T extends z.ZodType ? z.output<T> : undefined

/** What a handler gets: everything checked, nothing raw. `caller` is absent on public routes only. */
export interface Call<P extends Shape, Q extends Shape, B extends Shape, C> {
  params: Output<P>
  query: Output<Q>
  body: Output<B>
  caller: C
  /** the instant at which the request came in */
  now: Date
  /** adds to the request's entry in the audit log what it touched: target, before and after, what else belongs to it */
  audit(touched: Touched): void
  req: Request
  res: Response
}

interface RouteHead<P extends Shape, Q extends Shape, B extends Shape, A extends Shape> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** below /api/v1, in Express's form: `/vehicles/:id` */
  path: string
  summary: string
  params?: P
  query?: Q
  body?: B
  /** the shape of the answer, for the API description */
  answer?: A
  /** status of a success, 200 unless told */
  status?: number
  /** for the API description when the body is a form with a file: the other fields of the form, or none */
  multipart?: boolean | z.ZodObject
  /** for the API description: the media type of a success that is no JSON */
  produces?: string
  /** not for programs with a token; routes for any `signed-in` account are, unless this says otherwise */
  sessionOnly?: boolean
  /** open to a session that has to set up its second factor first */
  beforeSecondFactor?: boolean
  /**
   * Name of what is done, for the audit log; `method path` unless told. Every route but reads is recorded, and every
   * read that `produces` a file; false: only refusals are.
   */
  audit?: AuditAction | false
}

/** A route with everything that the server, the API description and the tests need to know of it. */
export interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  path: string
  summary: string
  permission: Permission | 'public' | 'signed-in'
  params: Shape
  query: Shape
  body: Shape
  answer: Shape
  status: number
  multipart: boolean | z.ZodObject
  produces: string | undefined
  sessionOnly: boolean
  beforeSecondFactor: boolean
  audit: string | false | undefined
  run(call: Call<Shape, Shape, Shape, Caller | undefined>): Promise<unknown>
}

/**
 * Declares a route. The permission cannot be left out; a route without one does not compile.
 * The handler's return value is the JSON answer; undefined means that it answered by itself, or 204.
 */
export function defineRoute<
  P extends Shape = undefined,
  Q extends Shape = undefined,
  B extends Shape = undefined,
  A extends Shape = undefined,
  X extends Permission | 'public' | 'signed-in' = Permission,
>(
  route: RouteHead<P, Q, B, A> & {
    permission: X
    handle(call: Call<P, Q, B, X extends 'public' ? Caller | undefined : Caller>): Promise<unknown>
  },
): Route {
  const { method, path, summary, permission, params, query, body, answer, handle } = route
  return {
    method,
    path,
    summary,
    permission,
    params,
    query,
    body,
    answer,
    status: route.status ?? 200,
    multipart: route.multipart ?? false,
    produces: route.produces,
    sessionOnly: route.sessionOnly ?? permission === 'signed-in',
    beforeSecondFactor: route.beforeSecondFactor ?? permission === 'public',
    audit: route.audit,
    // The shapes have been erased; `requestHandler` below parses each part with the route's own schema first.
    run: handle as Route['run'],
  }
}

/** The Express handler of a route: who calls, whether they may, is the request well-formed; then the handler. */
export function requestHandler(route: Route, now: () => Date): RequestHandler {
  // Made once: a new schema is compiled at its first use, which takes longer than most requests.
  const queryShape = strict(route.query)
  return async (req, res) => {
    const { caller, trail } = req
    trail?.take(route)
    // A read that is not allowed to somebody is recorded too.
    if (
      caller &&
      route.permission !== 'public' &&
      route.permission !== 'signed-in' &&
      !may(caller, route.permission)
    )
      trail?.hold()
    admit(route, caller)
    const asked = {
      params: parse(route.params, req.params, 'params'),
      query: parse(queryShape, req.query, 'query'),
      body: parse(route.body, req.body ?? {}, 'body'),
    }
    trail?.ask(asked)
    const audit = (touched: Touched) => trail?.touch(touched)
    const call = { ...asked, caller, now: now(), audit, req, res }
    const answer = await route.run(call)
    // Answered already; held back, perhaps, until its entry in the audit log is stored.
    if (res.headersSent || res.writableEnded || trail?.isAnswering) return
    if (answer === undefined) res.status(204).end()
    else res.status(route.status).json(answer)
  }
}

/** What decides who may call a route. */
type Door = Pick<Route, 'permission' | 'sessionOnly' | 'beforeSecondFactor'>

/** Lets a caller in to a route. @throws Problem 401 or 403 */
export function admit(route: Door, caller: Caller | undefined): void {
  if (route.permission === 'public') return
  if (!caller) throw new Problem(401, 'session.required')
  if (caller.token && route.sessionOnly) throw new Problem(403, 'permission.session-only')
  if (caller.mustSetUpSecondFactor && !route.beforeSecondFactor)
    throw new Problem(403, 'second-factor.required')
  if (route.permission !== 'signed-in' && !may(caller, route.permission))
    throw new Problem(403, 'permission.denied')
}

/** A misspelt filter must not be taken for none: the answer would be another than was asked for. */
const strict = (shape: Shape): Shape => (shape instanceof z.ZodObject ? shape.strict() : shape)

function parse(shape: Shape, value: unknown, where: string): unknown {
  if (!shape) return undefined
  if (where !== 'body') refuseNul(value, where)
  const result = shape.safeParse(value)
  if (!result.success) throw invalidRequest(result.error, where)
  return result.data
}

/** No address holds a NUL character by chance, and the database refuses it in a pattern. @throws Problem 400 */
function refuseNul(values: unknown, where: string): void {
  const bad = Object.entries(values ?? {}).filter(([, value]) => String(value).includes('\0'))
  if (bad.length === 0) return
  const fault = (name: string) => ({
    path: `${where}.${name}`,
    code: 'request.invalid-format',
    message: 'NUL character',
  })
  throw new Problem(
    400,
    'request.invalid',
    undefined,
    bad.map(([name]) => fault(name)),
  )
}

declare global {
  namespace Express {
    interface Request {
      caller?: Caller
    }
  }
}
