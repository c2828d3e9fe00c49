import type { ChangeModel } from '../changes/model.ts'
import type { Findings } from './findings.ts'
import type { RawEntry } from './leaf.ts'

/** What the ledger never holds, and what therefore belongs to no day. */
const NEVER = [
  { filter: { recordedAt: { $not: { $type: 'date' } } }, kind: 'added', what: 'recordedAt' },
  { filter: { voided: { $nin: [true, false] } }, kind: 'changed', what: 'voided' },
  {
    filter: { voided: true, voidedAt: { $not: { $type: 'date' } } },
    kind: 'withdrawal-added',
    what: 'voidedAt',
  },
] as const

/** Finds entries that the application cannot have written. Those that were found already are not told again. */
export async function findStrays(changes: ChangeModel, findings: Findings): Promise<void> {
  for (const { filter, kind, what } of NEVER) {
    const strays = changes.collection
      .find<RawEntry>(filter as never)
      .sort({ _id: 1 })
      .limit(1000)
    for await (const entry of strays)
      if (!findings.names(String(entry._id))) findings.entry(kind, null, entry, [what])
  }
}
