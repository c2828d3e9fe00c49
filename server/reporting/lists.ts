import type { Document } from 'mongodb'
import type { Actor, ChangeModel } from '../changes/model.ts'
import { endOfMonth } from '../domain/civil-date.ts'
import type { ImportDoc, ImportModel } from '../imports/model.ts'
import { instantsOf } from './month.ts'

/** What an operator sent for a month: when first, by whom, and in which lists. */
export interface Sent {
  at: Date
  by: Actor
  imports: string[]
}

/** A list counts as long as it waits for a decision or is on the ledger. */
export const COUNTING = ['submitted', 'applying', 'applied'] as const

interface Found {
  operator: string
  at: Date
  by: Actor
  import: string | null
}

/**
 * What operators sent for a month: lists submitted or recorded in it, and changes on the ledger that happened in it.
 * @param operator only this one
 */
export async function sentFor(
  month: string,
  timeZone: string,
  models: { imports: ImportModel; changes: ChangeModel },
  operator?: string,
): Promise<Map<string, Sent>> {
  const found = [
    ...(await listsOf(month, timeZone, models.imports, operator)),
    ...(await changesOf(month, models.changes, operator)),
  ]
  const sent = new Map<string, Sent>()
  for (const one of found.sort((a, b) => a.at.getTime() - b.at.getTime())) {
    const before = sent.get(one.operator)
    const imports = [...new Set([...(before?.imports ?? []), ...(one.import ? [one.import] : [])])]
    sent.set(one.operator, { at: before?.at ?? one.at, by: before?.by ?? one.by, imports })
  }
  return sent
}

async function listsOf(
  month: string,
  timeZone: string,
  imports: ImportModel,
  operator: string | undefined,
): Promise<Found[]> {
  const [from, to] = instantsOf(month, timeZone)
  const within = { $gte: from, $lt: to }
  const docs = await imports.collection
    .find<Pick<ImportDoc, '_id' | 'operator' | 'submittedAt' | 'appliedAt' | 'sentBy'>>(
      {
        operator: operator ?? { $type: 'string' },
        status: { $in: COUNTING },
        $or: [{ submittedAt: within }, { appliedAt: within }],
      } as never,
      { projection: { operator: 1, submittedAt: 1, appliedAt: 1, sentBy: 1 } },
    )
    .toArray()
  return docs.flatMap((doc) => {
    const at = [doc.submittedAt, doc.appliedAt].find((t) => t && t >= from && t < to)
    return at && doc.operator !== null
      ? [{ operator: doc.operator, at, by: doc.sentBy, import: doc._id.toHexString() }]
      : []
  })
}

async function changesOf(
  month: string,
  changes: ChangeModel,
  operator: string | undefined,
): Promise<Found[]> {
  const pipeline: Document[] = [
    {
      $match: {
        on: { $gte: `${month}-01`, $lte: endOfMonth(month) },
        voided: false,
        ...(operator === undefined ? {} : { 'vehicle.operator': operator }),
      },
    },
    {
      $group: {
        _id: { operator: '$vehicle.operator', import: '$source.import' },
        first: { $min: { at: '$recordedAt', by: '$recordedBy' } },
      },
    },
  ]
  const groups = await changes.collection.aggregate(pipeline).toArray()
  return groups.map(({ _id, first }) => ({
    operator: String(_id.operator),
    at: first.at,
    by: first.by,
    import: _id.import ? String(_id.import) : null,
  }))
}
