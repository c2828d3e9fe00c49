import type { AuditDoc, AuditModel } from '../audit/model.ts'
import type { ReportDoc } from './model.ts'

/** A report as the audit log noted it when it was made. */
export interface NotedReport {
  id: string
  number: string
  digest: string
}

/**
 * What the audit log noted of a report, or of any under its number or on its period; whoever rewrites a report, or puts another in its
 * place, cannot rewrite that unseen.
 */
export async function notedOf(
  audit: AuditModel,
  { _id, number, period }: Pick<ReportDoc, '_id' | 'number' | 'period'>,
): Promise<NotedReport[]> {
  const found: NotedReport[] = []
  const own = [{ 'target.id': _id.toHexString() }, { 'detail.number': number }, { 'detail.period': period }]
  for await (const noted of reportsNoted(audit, { $or: own })) found.push(noted)
  return found
}

/** The reports that the audit log noted, the oldest first. */
export async function* reportsNoted(
  audit: AuditModel,
  only: Record<string, unknown> = {},
): AsyncGenerator<NotedReport> {
  const entries = audit.collection
    .find<Pick<AuditDoc, 'target' | 'detail'>>({ action: 'report.make', 'target.kind': 'report', ...only })
    .sort({ at: 1 })
  for await (const { target, detail } of entries) {
    const { digest, number } = (detail ?? {}) as { digest?: unknown; number?: unknown }
    if (target?.id && typeof digest === 'string') yield { id: target.id, digest, number: String(number) }
  }
}
