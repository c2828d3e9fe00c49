import type { Document, ObjectId } from 'mongodb'
import type { Actor, ChangeModel } from '../changes/model.ts'
import { addDays, type CivilDate, endOfMonth, startOfDay } from '../domain/civil-date.ts'
import { standsForDue, windowOf } from '../domain/list-month.ts'
import type { ReminderPlan } from '../domain/reminder-steps.ts'
import type { ImportDoc, ImportModel } from '../imports/model.ts'

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

type Due = Pick<ReminderPlan, 'dueDay'>
interface Models {
  imports: ImportModel
  changes: ChangeModel
  timeZone: string
}

/**
 * What operators sent for a month: changes on the ledger that happened in it, and lists sent in while it was the month
 * that was due (see domain/list-month.ts).
 * @param operator only this one
 */
export async function sentFor(
  month: string,
  due: Due,
  models: Models,
  operator?: string,
): Promise<Map<string, Sent>> {
  const found = [
    ...(await listsOf(month, due, models, operator)),
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

/** The instants within which a list that is sent in counts for a month: the first (included) and the last (not). */
export function instantsDueFor(month: string, due: Due, timeZone: string): [Date, Date] {
  const { from, to } = windowOf(month, due)
  return [startOfDay(from, timeZone), startOfDay(addDays(to, 1), timeZone)]
}

/** When a list came in: an officer's own upload when it was recorded. */
export const cameAt = ({ submittedAt, appliedAt }: Pick<ImportDoc, 'submittedAt' | 'appliedAt'>) =>
  submittedAt ?? appliedAt

async function listsOf(
  month: string,
  due: Due,
  { imports, changes, timeZone }: Models,
  operator: string | undefined,
): Promise<Found[]> {
  const [from, to] = instantsDueFor(month, due, timeZone)
  const within = { $gte: from, $lt: to }
  const docs = await imports.collection
    .find<Pick<ImportDoc, '_id' | 'operator' | 'submittedAt' | 'appliedAt' | 'sentBy'>>(
      {
        operator: operator ?? { $type: 'string' },
        status: { $in: COUNTING },
        $or: [{ submittedAt: within }, { submittedAt: null, appliedAt: within }],
      } as never,
      { projection: { operator: 1, submittedAt: 1, appliedAt: 1, sentBy: 1 } },
    )
    .toArray()
  const latest = await latestChanges(
    docs.map((doc) => doc._id),
    { imports, changes },
  )
  return docs.flatMap((doc) => {
    const [at, id] = [cameAt(doc), doc._id.toHexString()]
    return at && doc.operator !== null && standsForDue(month, latest.get(id))
      ? [{ operator: doc.operator, at, by: doc.sentBy, import: id }]
      : []
  })
}

/**
 * The day of the latest change that each of some lists brought to the ledger; none for one that brought no dated ones.
 * A whole fleet is told as it is on a day, whatever the days of its entries.
 */
export async function latestChanges(
  ids: readonly ObjectId[],
  { imports, changes }: Pick<Models, 'imports' | 'changes'>,
): Promise<Map<string, CivilDate>> {
  if (ids.length === 0) return new Map()
  const applied = { _id: { $in: ids }, mode: 'changes', status: 'applied' }
  const lists = await imports.collection.distinct('_id', applied as never)
  const found = await changes.collection
    .aggregate<{ _id: ObjectId; on: CivilDate }>([
      { $match: { 'source.import': { $in: lists }, voided: false, kind: { $ne: 'stock' } } },
      { $group: { _id: '$source.import', on: { $max: '$on' } } },
    ])
    .toArray()
  return new Map(found.map(({ _id, on }) => [_id.toHexString(), on]))
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
