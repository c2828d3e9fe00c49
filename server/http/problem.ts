import type { ZodError } from 'zod'
import type { Wording, WordingKey } from '../wording/index.ts'
import type { ProblemBody, ProblemCode } from './schema.ts'

/** A fault of one field of a request. */
export interface FieldFault {
  path: string
  code: string
  message: string
  /** the values that belong in the message */
  params?: Record<string, string>
}

/** An answer that is not a success; thrown by services and routes, rendered as RFC 9457 problem details. */
export class Problem extends Error {
  readonly status: number
  readonly code: ProblemCode
  readonly detail: string | undefined
  readonly errors: FieldFault[]
  /** after how many seconds the same request may be sent again, for the header of that name */
  retryAfter: number | undefined

  constructor(status: number, code: ProblemCode, detail?: string, errors: FieldFault[] = []) {
    super(detail ?? code)
    this.status = status
    this.code = code
    this.detail = detail
    this.errors = errors
  }

  /** The body, as `application/problem+json`, in the words of a language. */
  body(wording: Wording): ProblemBody {
    return {
      type: `urn:fleet-ledger:problem:${this.code}`,
      title: wording.t(`problem.${this.code}` as WordingKey),
      status: this.status,
      code: this.code,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
      errors: this.errors.map((e) => ({ ...e, message: message(e, wording) })),
    }
  }
}

/** An issue's or a fault's own words; for anything else what was found by the schema. */
function message(fault: FieldFault, wording: Wording): string {
  const worded = wording.issue(fault.code, fault.params ?? {}, fault.path)
  if (worded !== fault.code) return worded
  if (wording.label('fault', fault.code) === fault.code) return fault.message
  return wording.t(`fault.${fault.code}` as WordingKey, inWords(fault.params ?? {}, wording))
}

/** The sets whose codes the parameters of a fault hold, by parameter. */
const CODED = { kind: 'kind', status: 'importStatus' } as const

const inWords = (params: Readonly<Record<string, string>>, { label }: Wording): Record<string, string> =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const group = CODED[name as keyof typeof CODED] as (typeof CODED)[keyof typeof CODED] | undefined
      return [name, group ? label(group, value) : value]
    }),
  )

/** 400 with each fault that zod found. A message that is a code of ours is passed on as the code. */
export function invalidRequest(error: ZodError, where: string): Problem {
  const errors = error.issues.map((i) => ({
    path: [where, ...i.path.map(String)].join('.'),
    code: /^[a-z][a-z-]*\.[a-z-]+$/.test(i.message) ? i.message : `request.${i.code.replaceAll('_', '-')}`,
    message: i.message,
  }))
  return new Problem(400, 'request.invalid', undefined, errors)
}

/** 400 for one field. @param path where it stands, as `body.month` @param value what belongs in the message */
export const invalidField = (path: string, code: string, value: string): Problem =>
  new Problem(400, 'request.invalid', undefined, [{ path, code, message: code, params: { value } }])

export const notFound = (detail?: string): Problem => new Problem(404, 'not-found', detail)
