import type { Connection, Types } from 'mongoose'
import { type KeptMoves, Moves } from '../domain/moves.ts'
import type { Policy } from '../domain/policy.ts'

/** What a list would move in the figures, kept beside it: figures go on while it waits for its decision. */

interface MovesDoc {
  /** the list's id */
  _id: Types.ObjectId
  moves: KeptMoves
}

const collectionOf = (connection: Connection) => connection.collection<MovesDoc>('import-moves')

export async function keepMoves(connection: Connection, id: Types.ObjectId, moves: Moves): Promise<void> {
  const kept = { _id: id, moves: moves.toJSON() }
  await collectionOf(connection).replaceOne({ _id: id }, kept, { upsert: true })
}

/** What a list would move; undefined for one that was not checked. */
export async function keptMoves(
  connection: Connection,
  id: Types.ObjectId,
  policy: Policy,
): Promise<Moves | undefined> {
  const kept = await collectionOf(connection).findOne({ _id: id })
  if (!kept) return undefined
  const moves = new Moves(policy)
  moves.take(kept.moves)
  return moves
}
