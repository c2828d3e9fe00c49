import { timingSafeEqual } from 'node:crypto'
import type { RuleFigure } from '../compliance/schema.ts'
import { CODE_LENGTH, codeOf, digestOf } from './digest.ts'
import type { ReportDoc } from './model.ts'
import type { ReportCheck } from './schema.ts'

const UNKNOWN: ReportCheck = { verdict: 'unknown', report: null }

/**
 * Whether a report is what the paper says. Whoever has not the code of its digest learns nothing, not even that
 * there is a report of that number.
 * @param code the first digits of the digest, as they stand in the QR code; the whole digest will do
 * @param noted the digests that the audit log has of a report
 */
export async function checkReport(
  report: ReportDoc | null,
  code: string,
  noted: (id: string) => Promise<string[]>,
): Promise<ReportCheck> {
  if (!report || !/^[0-9a-f]{20,64}$/.test(code)) return UNKNOWN
  const digests = await noted(report._id.toHexString())
  const given = code.slice(0, code.length >= 64 ? 64 : CODE_LENGTH)
  if (![report.digest, ...digests].some((digest) => begins(digest, given))) return UNKNOWN
  if (faultOf(report, digests) !== null) return { verdict: 'altered', report: null }
  const { content, digest } = report
  const { number, shortNumber, kind, period, from, asOf, knownAt, createdAt, policy, city } = content
  return {
    verdict: 'genuine',
    report: {
      ...{ number, shortNumber, kind, period, from, asOf, knownAt, createdAt, digest, city },
      policy: { title: policy.title, number: policy.number, version: policy.version },
      rules: content.figures.rules.map(shown),
    },
  }
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

function begins(digest: unknown, code: string): boolean {
  if (typeof digest !== 'string') return false
  const own = Buffer.from(code.length === 64 ? digest : codeOf(digest))
  const given = Buffer.from(code)
  return own.length === given.length && timingSafeEqual(own, given)
}

/** A figure as anybody may see it. */
export const shown = ({ id, title, value, numerator, denominator, target, unit, status }: RuleFigure) => ({
  ...{ id, title, value, numerator, denominator, target, unit, status },
})
