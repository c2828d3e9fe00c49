import type { ImportDoc, ImportRowModel } from './model.ts'
import { noCounts } from './model.ts'
import type { Outcome } from './schema.ts'

interface Group {
  _id: { outcome: Outcome; records: boolean; warns: boolean }
  n: number
}

/** Counts a list's rows anew, as they stand. */
export async function recount(
  rows: ImportRowModel,
  id: ImportDoc['_id'],
): Promise<Pick<ImportDoc, 'counts' | 'codes'>> {
  const warns = { $in: ['warning', { $ifNull: ['$codes', []] }] }
  const [groups, byCode] = await Promise.all([
    rows.collection
      .aggregate<Group>([
        { $match: { import: id } },
        { $group: { _id: { outcome: '$outcome', records: '$records', warns }, n: { $sum: 1 } } },
      ])
      .toArray(),
    rows.collection
      .aggregate<{ _id: string; n: number }>([
        { $match: { import: id, codes: { $exists: true } } },
        { $unwind: '$codes' },
        { $group: { _id: '$codes', n: { $sum: 1 } } },
        { $sort: { n: -1, _id: 1 } },
      ])
      .toArray(),
  ])
  const counts = noCounts()
  for (const { _id, n } of groups) {
    counts.total += n
    counts[_id.outcome] += n
    if (_id.warns) counts.warning += n
    if (_id.records) counts.toRecord += n
    if (_id.records && !_id.warns) counts.toRecordClean += n
  }
  return { counts, codes: byCode.filter((c) => c._id !== 'warning').map((c) => ({ code: c._id, rows: c.n })) }
}
