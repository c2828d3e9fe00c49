import type { Types } from 'mongoose'
import type { ChangeDoc, ChangeModel } from '../changes/model.ts'
import { type CivilDate, civilDateAt } from '../domain/civil-date.ts'
import type { Arrival } from '../domain/quality.ts'
import { QualityTally } from '../domain/quality-tally.ts'

/** Entries read at a time: the requests that come in meanwhile wait no longer than one batch takes. */
const BATCH = 1000

/** What an entry is judged by, and no more. */
export const JUDGED = {
  kind: 1,
  on: 1,
  from: 1,
  ...{ 'vehicle.vin': 1, 'vehicle.plate': 1, 'vehicle.category': 1, 'vehicle.energy': 1 },
  ...{ 'vehicle.operator': 1, 'vehicle.county': 1 },
  ...{ 'retires.operator': 1, 'retires.county': 1, 'retires.category': 1, 'retires.energy': 1 },
  ...{ recordedAt: 1, reportedAt: 1, voidedAt: 1, corrects: 1 },
} as const

/** The civil date of instants. Whole lists share one, so that few are worked out. */
export class Days {
  private readonly timeZone: string
  private readonly known = new Map<number, CivilDate>()

  constructor(timeZone: string) {
    this.timeZone = timeZone
  }

  of(instant: Date): CivilDate {
    const at = instant.getTime()
    const known = this.known.get(at)
    if (known !== undefined) return known
    if (this.known.size >= BATCH) this.known.clear()
    const day = civilDateAt(instant, this.timeZone)
    this.known.set(at, day)
    return day
  }
}

type Said = Pick<ChangeDoc, '_id' | 'recordedAt' | 'reportedAt' | 'corrects'>

/**
 * When each entry's news first came: an entry that says another one anew came when that one did. So many look-ups as
 * the longest chain of corrections, however many entries.
 * @returns by the entries' ids
 */
export async function arrivalsOf(
  docs: readonly Said[],
  changes: ChangeModel,
  days: Days,
): Promise<Map<string, Arrival>> {
  const first = new Map<string, Said>(docs.map((doc) => [doc._id.toHexString(), doc]))
  const seen = new Map<string, Said>()
  let open = docs.filter((doc) => doc.corrects)
  while (open.length > 0) {
    const wanted = open.flatMap((doc) => next(first.get(doc._id.toHexString()), seen))
    if (wanted.length > 0)
      for (const doc of await saidBy(wanted, changes)) seen.set(doc._id.toHexString(), doc)
    open = open.filter((doc) => {
      const id = doc._id.toHexString()
      const before = seen.get(first.get(id)?.corrects?.toHexString() ?? '')
      if (before) first.set(id, before)
      return before?.corrects !== undefined
    })
  }
  return new Map(
    [...first].map(([id, { recordedAt, reportedAt }]) => [
      id,
      { recordedOn: days.of(recordedAt), reportedOn: reportedAt ? days.of(reportedAt) : null },
    ]),
  )
}

const next = (doc: Said | undefined, seen: ReadonlyMap<string, Said>): Types.ObjectId[] =>
  doc?.corrects && !seen.has(doc.corrects.toHexString()) ? [doc.corrects] : []

const saidBy = (ids: Types.ObjectId[], changes: ChangeModel): Promise<Said[]> =>
  changes.collection
    .find<Said>({ _id: { $in: ids } } as never, {
      projection: { recordedAt: 1, reportedAt: 1, corrects: 1 },
    })
    .toArray()

/** What was recorded or voided within (from, to] adds to the tally, read from the ledger. */
export async function qualityMoved(
  changes: ChangeModel,
  reportingDays: number,
  timeZone: string,
  from: Date,
  to: Date,
): Promise<QualityTally> {
  const moved = new QualityTally()
  const days = new Days(timeZone)
  const count = async (docs: ChangeDoc[], sign: 1 | -1): Promise<void> => {
    const arrivals = await arrivalsOf(docs, changes, days)
    for (const doc of docs) {
      if (sign === 1) moved.saw(doc.vehicle.operator, days.of(doc.recordedAt))
      // Recorded and withdrawn again in between, it was never there.
      if (sign === 1 && doc.voidedAt !== null && doc.voidedAt <= to) continue
      const arrival = arrivals.get(doc._id.toHexString())
      if (arrival) moved.add(doc, arrival, reportingDays, sign)
    }
  }
  await inBatches(changes, { recordedAt: { $gt: from, $lte: to } }, (docs) => count(docs, 1))
  await inBatches(
    changes,
    { voided: true, voidedAt: { $gt: from, $lte: to }, recordedAt: { $lte: from } },
    (docs) => count(docs, -1),
  )
  return moved
}

async function inBatches(
  changes: ChangeModel,
  where: Record<string, unknown>,
  work: (docs: ChangeDoc[]) => Promise<void>,
): Promise<void> {
  const found = changes.collection.find<ChangeDoc>(where, { projection: JUDGED }).batchSize(BATCH)
  let docs: ChangeDoc[] = []
  for await (const doc of found) {
    docs.push(doc)
    if (docs.length < BATCH) continue
    await work(docs)
    docs = []
  }
  await work(docs)
}
