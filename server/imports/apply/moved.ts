import type { ChangeDoc } from '../../changes/model.ts'
import { Moves } from '../../domain/moves.ts'
import type { ImportDoc } from '../model.ts'
import type { ApplyParts } from './apply-list.ts'

const BATCH = 1000

/** What a list's entries on the ledger move, those of earlier tries among them. */
export async function movesOnLedger(
  doc: ImportDoc,
  recordedAt: Date,
  { changes, compliance }: ApplyParts,
): Promise<Moves> {
  const moves = new Moves(compliance.policy)
  const recorded = changes.collection
    .find<ChangeDoc>({ 'source.import': doc._id, voided: false })
    .batchSize(BATCH)
  for await (const entry of recorded) moves.add(entry)
  const withdrawn = changes.collection
    .find<ChangeDoc>({ voided: true, voidedAt: recordedAt, 'voidedFor.import': doc._id })
    .batchSize(BATCH)
  for await (const entry of withdrawn) moves.add(entry, -1)
  return moves
}
