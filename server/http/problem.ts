import type { ZodError } from 'zod'
import type { ProblemCode } from './schema.ts'

/** A fault of one field of a request. */
export interface FieldFault {
  path: string
  code: string
  message: string
}

const TITLES: Partial<Record<ProblemCode, string>> = {
  'request.invalid': 'The request does not have the right form',
  'request.too-large': 'The request is too large',
  'request.not-json': 'The body is not valid JSON',
  'session.required': 'Sign in first',
  'session.wrong-credentials': 'E-mail address or password is wrong',
  'permission.denied': 'This account may not do that',
  'not-found': 'There is no such thing here',
  internal: 'Something went wrong on our side',
}

/** An answer that is not a success; thrown by services and routes, rendered as RFC 9457 problem details. */
export class Problem extends Error {
  readonly status: number
  readonly code: ProblemCode
  readonly detail: string | undefined
  readonly errors: FieldFault[]

  constructor(status: number, code: ProblemCode, detail?: string, errors: FieldFault[] = []) {
    super(detail ?? TITLES[code] ?? code)
    this.status = status
    this.code = code
    this.detail = detail
    this.errors = errors
  }

  /** The body, as `application/problem+json`. */
  body() {
    return {
      type: `urn:fleet-ledger:problem:${this.code}`,
      title: TITLES[this.code] ?? this.code,
      status: this.status,
      code: this.code,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
      errors: this.errors,
    }
  }
}

/** 400 with each fault that zod found. A message that is a code of ours is passed on as the code. */
export function invalidRequest(error: ZodError, where: string): Problem {
  const errors = error.issues.map((i) => ({
    path: [where, ...i.path.map(String)].join('.'),
    code: /^[a-z][a-z-]*\.[a-z-]+$/.test(i.message) ? i.message : `request.${i.code.replaceAll('_', '-')}`,
    message: i.message,
  }))
  return new Problem(400, 'request.invalid', undefined, errors)
}

export const notFound = (detail?: string): Problem => new Problem(404, 'not-found', detail)
