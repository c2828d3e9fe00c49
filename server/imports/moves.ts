import type { Connection, Types } from 'mongoose'
import type { ComplianceService } from '../compliance/service.ts'
import { type KeptMoves, Moves } from '../domain/moves.ts'

/** What a list would move in the figures, kept beside it: figures go on while it waits for its decision. */

interface MovesDoc {
  /** the list's id */
  _id: Types.ObjectId
  /** version of the policy by which they were counted; an earlier version of the service did not say */
  policyVersion?: number
  moves: KeptMoves
}

const collectionOf = (connection: Connection) => connection.collection<MovesDoc>('import-moves')

/** @param instead version of the kept ones that they take the place of: where others have come meanwhile those stay */
export async function keepMoves(
  connection: Connection,
  id: Types.ObjectId,
  moves: Moves,
  instead?: Stale,
): Promise<void> {
  const kept: MovesDoc = { _id: id, policyVersion: moves.policy.version, moves: moves.toJSON() }
  if (instead) {
    const { policyVersion } = instead
    const former = policyVersion === undefined ? { $exists: false } : policyVersion
    await collectionOf(connection).replaceOne({ _id: id, policyVersion: former } as never, kept)
  } else await collectionOf(connection).replaceOne({ _id: id }, kept, { upsert: true })
}

/** Kept moves that another version of the policy counted than the one of now. */
export interface Stale {
  policyVersion: number | undefined
}

/** What a list would move, by the policy of now; `stale` when another one counted it; undefined for one not checked. */
export async function keptMoves(
  connection: Connection,
  id: Types.ObjectId,
  { policy }: Pick<ComplianceService, 'policy'>,
): Promise<Moves | { stale: Stale } | undefined> {
  const kept = await collectionOf(connection).findOne({ _id: id })
  if (!kept) return undefined
  if (kept.policyVersion !== policy.version) return { stale: { policyVersion: kept.policyVersion } }
  const moves = new Moves(policy)
  moves.take(kept.moves)
  return moves
}
