import { Moves } from '../../domain/moves.ts'
import type { Policy } from '../../domain/policy.ts'
import type { Operators } from '../../operators/service.ts'
import type { VehicleModel } from '../../vehicles/model.ts'
import { loadRegister } from '../../vehicles/register-loader.ts'
import { type ImportDoc, type ImportRowDoc, type ImportRowModel, rowsOf } from '../model.ts'
import { Overlay } from './overlay.ts'
import { ROW } from './repeated.ts'
import { accept, checkMissing, checkRow, type ListContext, noteMoves, vinsOf } from './verdict.ts'

interface Parts {
  rows: ImportRowModel
  vehicles: VehicleModel
  operators: Operators
}

/** Rows whose vehicles are read from the register at a time. */
const BLOCK = 1000

/**
 * Counts anew what recording a checked list would move, by another policy than it was checked under: from its rows, in
 * the order in which they apply, in memory that does not grow with the list.
 * @param folder a temporary folder of the caller's own
 */
export async function countMoves(
  doc: ImportDoc,
  policy: Policy,
  context: ListContext,
  folder: string,
  parts: Parts,
): Promise<Moves> {
  const moves = new Moves(policy)
  const overlay = new Overlay(folder)
  const find = await parts.operators.finder()
  try {
    let after = ''
    for (let more = true; more; ) {
      const rows = await parts.rows.collection
        .find<ImportRowDoc>(rowsOf(doc._id, after) as never)
        .sort({ _id: 1 })
        .limit(BLOCK)
        .toArray()
      after = rows.at(-1)?._id ?? after
      more = rows.length === BLOCK
      const recorded = rows.filter((row) => row.records)
      const values = recorded.map((row) => row.values)
      const register = await loadRegister(parts.vehicles, values, find)
      overlay.lend(register, values)
      const changed = new Set<string>()
      for (const row of recorded) {
        const read = { values: row.values, issues: [] }
        const check = row.outcome === 'missing' ? checkMissing : checkRow
        const verdict = check(read, register, context)
        accept(register, ROW + row.row, verdict)
        noteMoves(moves, verdict)
        for (const vin of vinsOf(verdict)) changed.add(vin)
      }
      overlay.keep(register, changed)
    }
    return moves
  } finally {
    overlay.close()
  }
}
