import { ObjectId } from 'mongodb'
import type { ImportFiles } from './files.ts'
import type { ImportModel } from './model.ts'

const BATCH = 500

/**
 * Removes files that no list names: a crash between the keeping of a file and the writing down of its list leaves them.
 * @param before only files whose sending began before this instant of the machine's clock, as others may still be
 *   coming in
 * @returns how many were removed
 */
export async function sweepFiles(files: ImportFiles, imports: ImportModel, before: Date): Promise<number> {
  const latest = ObjectId.createFromTime(Math.floor(before.getTime() / 1000))
  const kept = await files.keptBefore(latest)
  let removed = 0
  for (let start = 0; start < kept.length; start += BATCH) {
    const batch = kept.slice(start, start + BATCH)
    const lists = await imports.collection
      .find({ file: { $in: batch } }, { projection: { file: 1 } })
      .toArray()
    const named = new Set(lists.map((list) => String(list.file)))
    for (const id of batch.filter((id) => !named.has(id.toHexString()))) {
      await files.remove(id)
      removed++
    }
  }
  return removed
}
