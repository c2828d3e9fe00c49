/** Why a file cannot be read as a list at all (what is wrong with single rows is said in issues). */
export const LIST_PROBLEMS = [
  /** another kind of file: `found` says which (pdf, image, html, zip, ods …) */
  'import.not-a-list',
  /** nothing in it, or no rows below the header */
  'import.empty',
  /** no row with at least three known headers of which one is the plate or the VIN */
  'import.no-header',
  /** more rows than `max` */
  'import.too-many-rows',
  /** protected by a password */
  'import.encrypted',
  /** broken: `detail` says what the reader met */
  'import.corrupt',
  /** unpacks to more than is let in: `bytes` says how much */
  'import.too-large',
  /** built so that reading it would take no end: `detail` says what of it */
  'import.too-complex',
  /** text neither in UTF-8, UTF-16 with mark nor GB18030 */
  'import.encoding',
] as const
export type ListProblemCode = (typeof LIST_PROBLEMS)[number]

/** The one exception that reading a list throws. */
export class ListProblem extends Error {
  readonly code: ListProblemCode
  readonly params: Readonly<Record<string, string>>

  constructor(code: ListProblemCode, params: Record<string, string> = {}, options?: ErrorOptions) {
    super(`${code} ${JSON.stringify(params)}`, options)
    this.name = 'ListProblem'
    this.code = code
    this.params = params
  }
}

/** The same problem, or `import.corrupt` with the message of any other exception. */
export function asListProblem(error: unknown): ListProblem {
  if (error instanceof ListProblem) return error
  const detail = error instanceof Error ? error.message : String(error)
  return new ListProblem('import.corrupt', { detail: detail.slice(0, 200) }, { cause: error })
}
