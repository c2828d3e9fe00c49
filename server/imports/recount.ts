import type { ImportDoc, ImportRowModel } from './model.ts'
import { noCounts } from './model.ts'
import type { Outcome } from './schema.ts'

/** Counts a list's rows anew, as they stand. */
export async function recount(
  rows: ImportRowModel,
  id: ImportDoc['_id'],
): Promise<Pick<ImportDoc, 'counts' | 'codes'>> {
  const [byOutcome, byCode] = await Promise.all([
    rows.collection
      .aggregate<{ _id: Outcome; n: number }>([
        { $match: { import: id } },
        { $group: { _id: '$outcome', n: { $sum: 1 } } },
      ])
      .toArray(),
    rows.collection
      .aggregate<{ _id: string; n: number }>([
        { $match: { import: id } },
        { $unwind: '$codes' },
        { $group: { _id: '$codes', n: { $sum: 1 } } },
        { $sort: { n: -1, _id: 1 } },
      ])
      .toArray(),
  ])
  const counts = noCounts()
  for (const { _id, n } of byOutcome) {
    counts[_id] = n
    counts.total += n
  }
  counts.warning = byCode.find((c) => c._id === 'warning')?.n ?? 0
  return { counts, codes: byCode.filter((c) => c._id !== 'warning').map((c) => ({ code: c._id, rows: c.n })) }
}
