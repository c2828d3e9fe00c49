import type { AuditDoc, AuditModel } from '../audit/model.ts'

/** A chain value that stands somewhere else than in the seals. */
export interface NotedChain {
  day: string
  chain: string
}

/** The chain values that the audit log noted when the days were sealed, and those that somebody gives. */
export async function* knownChains(
  audit: AuditModel,
  noted: readonly NotedChain[] = [],
): AsyncGenerator<NotedChain> {
  yield* noted
  const entries = audit.collection
    .find<Pick<AuditDoc, 'target' | 'detail'>>({ action: 'ledger.seal' } as never)
    .sort({ at: 1 })
  for await (const { target, detail } of entries) {
    const { chain } = (detail ?? {}) as { chain?: unknown }
    if (target?.id && typeof chain === 'string') yield { day: target.id, chain }
  }
}
