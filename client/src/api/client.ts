import type { ProblemBody } from '../../../server/http/schema.ts'

const BASE = '/api/v1'

/** An answer that is not a success, or none at all (`offline`). Its wording is found by its code. */
export class ProblemError extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string | undefined
  readonly errors: ProblemBody['errors']
  /** after how many seconds another try may succeed, where the service says so */
  retryAfter: number | undefined

  constructor(status: number, code: string, detail?: string, errors: ProblemBody['errors'] = []) {
    super(detail ?? code)
    this.name = 'ProblemError'
    this.status = status
    this.code = code
    this.detail = detail
    this.errors = errors
  }
}

/** Values of a query string; empty ones are left out. */
export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>

/** A path with its query string. */
export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  }
  const text = search.toString()
  return text === '' ? path : `${path}?${text}`
}

/** The problem in an answer's text, also when a proxy in between answered with something that is not JSON. */
export function problemFrom(status: number, text: string): ProblemError {
  try {
    const body = JSON.parse(text) as Partial<ProblemBody>
    if (typeof body.code === 'string')
      return new ProblemError(status, body.code, body.detail, body.errors ?? [])
  } catch {
    // falls through: the status alone has to do
  }
  return new ProblemError(status, status === 413 ? 'request.too-large' : status === 503 ? 'busy' : 'internal')
}

async function call<T>(
  method: string,
  path: string,
  init: { query?: Query; body?: unknown; signal?: AbortSignal },
) {
  const form = init.body instanceof FormData
  let answer: Response
  try {
    answer = await fetch(address(BASE + path, init.query), {
      method,
      credentials: 'same-origin',
      // The browser itself names the type of a form, with the mark that parts its fields.
      headers: init.body === undefined || form ? {} : { 'Content-Type': 'application/json' },
      ...(init.body === undefined
        ? {}
        : { body: init.body instanceof FormData ? init.body : JSON.stringify(init.body) }),
      ...(init.signal ? { signal: init.signal } : {}),
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ProblemError(0, 'offline')
  }
  const text = await answer.text()
  if (!answer.ok) {
    const problem = problemFrom(answer.status, text)
    const seconds = Number(answer.headers.get('Retry-After') ?? Number.NaN)
    if (seconds > 0) problem.retryAfter = Math.ceil(seconds)
    throw problem
  }
  return (text === '' ? undefined : JSON.parse(text)) as T
}

/** The service's answers, typed by its own schemas. */
export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) =>
    call<T>('GET', path, { ...(query ? { query } : {}), ...(signal ? { signal } : {}) }),
  post: <T>(path: string, body: unknown = {}, signal?: AbortSignal) =>
    call<T>('POST', path, { body, ...(signal ? { signal } : {}) }),
  put: <T>(path: string, body: unknown) => call<T>('PUT', path, { body }),
  patch: <T>(path: string, body: unknown) => call<T>('PATCH', path, { body }),
  delete: (path: string, query?: Query) => call<void>('DELETE', path, query ? { query } : {}),
}

/** The address of a file that the service makes or keeps. */
export const fileAddress = (path: string, query: Query = {}): string => address(BASE + path, query)
