import { isSameSecret } from '../accounts/keys.ts'
import type { Scope } from '../accounts/permissions.ts'
import type { Compliance } from '../compliance/schema.ts'
import { digestFor, digestOf, whoseOf } from './digest.ts'
import type { ReportDoc } from './model.ts'
import type { ReportCheck, ShownFigure } from './schema.ts'

const UNKNOWN: ReportCheck = { verdict: 'unknown', report: null }
const ALTERED: ReportCheck = { verdict: 'altered', report: null }

/** What a paper is checked by. */
interface Sources {
  /** the digests that the audit log has of a report, by its id and by its number */
  noted: (report: ReportDoc) => Promise<string[]>
  /** operators' names by id */
  operators: () => Promise<ReadonlyMap<string, string>>
  /** a report's figures for a part of the city */
  figuresFor: (report: ReportDoc, scope: Scope) => Promise<Compliance>
}

/** Of what part of the city a paper is. */
type Part = NonNullable<NonNullable<ReportCheck['report']>['part']>

/**
 * Whether a report is what the paper says: the whole, or an extract for a county or an operator. Whoever has not the
 * code of its digest learns nothing, not even that there is a report of that number.
 * @param code the first digits of the paper's digest, as they stand in the QR code or more of them: each is compared
 */
export async function checkReport(
  report: ReportDoc | null,
  code: string,
  sources: Sources,
): Promise<ReportCheck> {
  if (!report || !/^[0-9a-f]{20,64}$/.test(code)) return UNKNOWN
  const digests = await sources.noted(report)
  const paper = await paperOf(report, [report.digest, ...digests], code, sources)
  if (!paper) return UNKNOWN
  // What the log does not know was not made here.
  if (digests.length === 0 || faultOf(report, digests) !== null) return ALTERED
  const { content } = report
  const { number, shortNumber, kind, period, from, asOf, knownAt, createdAt, policy, city } = content
  const { rules } = await sources.figuresFor(report, paper.scope)
  const digest = digestFor(report.digest, paper.scope, rules)
  // An operator's figures are the ledger's: it may be that this was altered.
  if (!begins(digest, code)) return ALTERED
  return {
    verdict: 'genuine',
    report: {
      ...{ number, shortNumber, kind, period, from, asOf, knownAt, createdAt, city, part: paper.part },
      digest,
      policy: { title: policy.title, number: policy.number, version: policy.version },
      rules: rules.map(shown),
    },
  }
}

/** The paper that bears a code: of the whole, of a county, or, by its first digits, of an operator. */
async function paperOf(
  { content }: ReportDoc,
  digests: readonly string[],
  code: string,
  { operators }: Sources,
): Promise<{ scope: Scope; part: Part | null } | undefined> {
  const bears = (scope: Scope) => digests.some((digest) => begins(digestFor(String(digest), scope, []), code))
  if (bears({})) return { scope: {}, part: null }
  for (const { code: county, name } of content.counties)
    if (bears({ county })) return { scope: { county }, part: { kind: 'county', name } }
  for (const [operator, name] of await operators())
    if (digests.some((digest) => begins(code, whoseOf(String(digest), operator))))
      return { scope: { operator }, part: { kind: 'operator', name: { zh: name, en: name } } }
  return undefined
}

/** What is wrong with a stored report: its content or its heads differ from its digest, or that from the audit log. */
export function faultOf(report: ReportDoc, noted: readonly string[]): 'content' | 'heads' | 'noted' | null {
  const { content, digest } = report
  if (digestOrNothing(report) !== digest) return 'content'
  const heads = ['kind', 'period', 'number', 'shortNumber', 'asOf'] as const
  if (heads.some((name) => report[name] !== content[name])) return 'heads'
  if (noted.some((other) => other !== digest)) return 'noted'
  return null
}

/** Somebody may have put in what has no digest. */
function digestOrNothing({ content }: ReportDoc): string | null {
  try {
    return digestOf(content)
  } catch {
    return null
  }
}

/** Whether a digest begins with some digits. */
const begins = (digest: string, code: string): boolean => isSameSecret(digest.slice(0, code.length), code)

/** A figure as anybody may see it. */
export const shown = (figure: ShownFigure): ShownFigure => {
  const { id, title, value, numerator, denominator, target, unit, status } = figure
  return { id, title, value, numerator, denominator, target, unit, status }
}
