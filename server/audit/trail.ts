import type { Request, RequestHandler, Response } from 'express'
import type { Clock } from '../clock.ts'
import type { Caller } from '../http/route.ts'
import { holdAnswer } from './hold.ts'
import type { AuditActor, AuditTarget } from './model.ts'
import type { AuditLog } from './service.ts'

/** A request's id as the logs and its entry have it. */
export const requestId = ({ id }: Pick<Request, 'id'>): string | null => (typeof id === 'string' ? id : null)

/** What a handler adds to the entry of its request. */
export interface Touched {
  target?: { kind: string; id?: string | null | undefined; label?: string | null | undefined }
  before?: unknown
  after?: unknown
  detail?: Record<string, unknown>
}

/** What the trail must know of a route. */
interface Recorded {
  method: string
  path: string
  permission: string
  produces: string | undefined
  audit: string | false | undefined
}

const READING = new Set(['GET', 'HEAD', 'OPTIONS'])
/** Refusals that are recorded whatever was asked for. */
const REFUSALS = new Set([401, 403, 429])
/** The action of a request that no route took. */
export const NO_ROUTE = 'request.unknown'

/** A request's way into the audit log. Made for each request before anything can answer or refuse it. */
export class Trail {
  /** code of the problem that is being answered */
  problem: string | undefined
  /** not recorded after all: one of many refusals of a kind that stands in the log already */
  isRepeated = false
  private readonly req: Request
  private readonly res: Response
  private readonly parts: TrailParts
  private action: string | false = NO_ROUTE
  private isPublic = false
  private isDryRun = false
  private held = false
  private answering = false
  private asked: Record<string, unknown> = {}
  private touched: Touched = {}

  constructor(req: Request, res: Response, parts: TrailParts) {
    this.req = req
    this.res = res
    this.parts = parts
  }

  /** Lets nothing of the answer out before its entry is stored. */
  hold(): void {
    if (this.held) return
    this.held = true
    holdAnswer(
      this.res,
      () => {
        this.answering = true
        return this.store().catch((error: unknown) => {
          this.parts.log.failed(error, this.req.originalUrl.split('?')[0] ?? '')
          throw error
        })
      },
      () => {
        for (const name of this.res.getHeaderNames()) if (/^content-/.test(name)) this.res.removeHeader(name)
        this.res.statusCode = 503
        this.res.setHeader('Content-Type', 'application/problem+json; charset=utf-8')
        return BUSY
      },
    )
  }

  /** Whether what comes of the request goes into the log. */
  get isHeld(): boolean {
    return this.held
  }

  /** Whether the handler has begun to answer by itself. */
  get isAnswering(): boolean {
    return this.answering
  }

  /** The route that takes the request: its name for what is done; a file that it gives is an export. */
  take(route: Recorded): void {
    this.action = route.audit ?? `${route.method} ${route.path}`
    this.isPublic = route.permission === 'public'
    if (this.req.method === 'GET' && route.produces && route.audit !== false) this.hold()
  }

  /** What was asked for, checked. */
  ask(parts: { params: unknown; query: unknown; body: unknown }): void {
    const { dryRun } = (parts.query ?? {}) as { dryRun?: unknown }
    this.isDryRun = dryRun === true
    for (const [name, value] of Object.entries(parts))
      if (typeof value === 'object' && value !== null && Object.keys(value).length > 0)
        this.asked[name] = value
  }

  /** What the handler adds; later words win. */
  readonly touch = (touched: Touched): void => {
    const detail = { ...this.touched.detail, ...touched.detail }
    this.touched = { ...this.touched, ...touched, ...(Object.keys(detail).length > 0 ? { detail } : {}) }
  }

  private async store(): Promise<void> {
    const { req, res, action, parts } = this
    const status = res.statusCode
    const unseen = action === false || this.isDryRun || this.isRepeated
    if (this.isRepeated || (unseen && !REFUSALS.has(status))) return
    const { caller } = req
    const { target, before, after, detail } = this.touched
    await parts.log.record({
      at: parts.clock.now(),
      actor: caller ? actorOf(caller) : await this.signedIn(),
      via: caller ? (caller.token ? 'token' : 'session') : null,
      token: caller?.token?.name ?? null,
      address: req.ip ?? null,
      method: req.method,
      path: (req.originalUrl.split('?')[0] ?? '').slice(0, 500),
      action: action === false ? NO_ROUTE : action,
      status,
      outcome: status < 400 ? 'done' : status < 500 ? 'refused' : 'failed',
      problem: this.problem ?? null,
      target: this.targetOf(target),
      before: before ?? null,
      after: after ?? null,
      detail: detail ?? this.askedFor(before !== undefined || after !== undefined),
      request: requestId(req),
    })
  }

  /** The account that has just signed in by this very request. */
  private async signedIn(): Promise<AuditActor | null> {
    const account = this.isPublic && this.res.statusCode < 400 ? this.req.session?.account : undefined
    return account === undefined ? null : this.parts.log.actor(account)
  }

  /** What was done to: told by the handler; else the address that somebody typed; else the id in the path. */
  private targetOf(told: Touched['target']): AuditTarget | null {
    if (told) return { kind: told.kind, id: told.id ?? null, label: told.label ?? null }
    const { body, params } = this.asked as { body?: { email?: unknown }; params?: Record<string, unknown> }
    if (this.isPublic && typeof body?.email === 'string')
      return { kind: 'account', id: null, label: body.email }
    const [id] = Object.values(params ?? {})
    return id === undefined ? null : { kind: kindOf(this.action), id: String(id), label: null }
  }

  /** What was asked for, where the handler does not tell what it did. */
  private askedFor(isTold: boolean): Record<string, unknown> | null {
    const { body, query } = this.asked
    const asked = { ...(query ? { query } : {}), ...(body && !isTold ? { input: body } : {}) }
    return Object.keys(asked).length > 0 ? asked : null
  }
}

const BUSY = JSON.stringify({
  type: 'urn:fleet-ledger:problem:busy',
  title: '操作日志暂时无法写入，请稍后重试 / The audit log cannot be written at the moment; try again',
  status: 503,
  code: 'busy',
  errors: [],
})

const actorOf = ({ id, name, email, role }: Caller): AuditActor => ({ id, name, email, role })

/** The kind of thing that an action's name begins with. */
const kindOf = (action: string | false): string => /^[a-z-]+/.exec(action || '')?.[0] ?? 'request'

export interface TrailParts {
  log: AuditLog
  clock: Clock
}

/**
 * Puts every request on its way into the audit log: it stands before anything that can answer, so that no route can
 * forget it, and behind the session, which has a hand in the answer (see `holdAnswer`). What is not a read is recorded
 * whatever comes of it.
 */
export function auditTrail(parts: TrailParts): RequestHandler {
  return (req, res, next) => {
    const trail = new Trail(req, res, parts)
    req.trail = trail
    if (!READING.has(req.method)) trail.hold()
    next()
  }
}

declare global {
  namespace Express {
    interface Request {
      trail?: Trail
    }
  }
}
