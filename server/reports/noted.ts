import type { AuditDoc, AuditModel } from '../audit/model.ts'

/** A report as the audit log noted it when it was made. */
export interface NotedReport {
  id: string
  number: string
  digest: string
}

/** The digests that the audit log noted of a report; whoever rewrites a report cannot rewrite those unseen. */
export async function digestsNoted(audit: AuditModel, id: string): Promise<string[]> {
  const found: string[] = []
  for await (const { digest } of reportsNoted(audit, { 'target.id': id })) found.push(digest)
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
