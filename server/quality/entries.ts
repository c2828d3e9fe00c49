import { ObjectId } from 'mongodb'
import { narrow, type Scope } from '../accounts/permissions.ts'
import { type ChangeDoc, type ChangeModel, INDEXES } from '../changes/model.ts'
import { changeViews } from '../changes/view.ts'
import { asKnownAt, cutTo } from '../changes/visible.ts'
import { knownBy } from '../compliance/evidence.ts'
import { readOrdered } from '../database/ordered.ts'
import { codesOf } from '../database/place.ts'
import { endOfMonth, isCivilDate } from '../domain/civil-date.ts'
import { type Arrival, delayOf, doubtsOf, isNews } from '../domain/quality.ts'
import type { QualityPart, QualitySum, QualityTally } from '../domain/quality-tally.ts'
import { decodeCursor, isId, pageFrom } from '../http/cursor.ts'
import type { Operators } from '../operators/service.ts'
import { arrivalsOf, Days, JUDGED } from './moved.ts'
import type { DoubtfulChange, LateChange } from './schema.ts'

/** Entries looked through at a time. */
const BATCH = 500
/** Of so many operators at most the entries are read by the index of operators; of more a whole month's. */
const FEW_OPERATORS = 50

interface Parts {
  changes: ChangeModel
  operators: Operators
  timeZone: string
}

/** What is known when a list is read: the tally says where to look, and how many there are. */
export interface Known {
  tally: QualityTally
  knownAt: Date
  reportingDays: number
}

/** What is looked for, and in which sum of the tally it is counted. */
interface Search {
  counted: keyof QualitySum
  fits: (doc: ChangeDoc, arrival: Arrival) => boolean
}

/** A month in which there is something to find, and whose. */
interface Place {
  month: string
  operators: Set<string>
}

interface Page<T> {
  items: T[]
  nextCursor: string | null
  total: number
}

/**
 * The entries behind the quality of reporting. No index knows them; the tally knows in which months and of which
 * operators they are, so that nothing else is looked through.
 */
export class FaultyEntries {
  private readonly parts: Parts

  constructor(parts: Parts) {
    this.parts = parts
  }

  /** Changes that were recorded late, newest effective date first. */
  async late(known: Known, asked: QualityPart & PageAsked, scope: Scope): Promise<Page<LateChange>> {
    const { reportingDays } = known
    const delay = (doc: ChangeDoc, arrival: Arrival) => delayOf(doc.on, arrival, reportingDays)
    const page = await this.page(known, asked, scope, {
      counted: 'late',
      fits: (doc, arrival) => isNews(doc.kind) && delay(doc, arrival).late,
    })
    const items = page.items.map(({ view, doc, arrival }): LateChange => {
      const { days, excused } = delay(doc, arrival)
      return { ...view, daysTaken: days, daysLate: days - reportingDays, excused }
    })
    return { ...page, items }
  }

  /** Entries with something doubtful, newest effective date first. */
  async doubtful(known: Known, asked: QualityPart & PageAsked, scope: Scope): Promise<Page<DoubtfulChange>> {
    const page = await this.page(known, asked, scope, {
      counted: 'doubtful',
      fits: ({ vehicle }) => doubtsOf(vehicle).length > 0,
    })
    const items = page.items.map(
      ({ view, doc }): DoubtfulChange => ({ ...view, doubts: doubtsOf(doc.vehicle) }),
    )
    return { ...page, items }
  }

  private async page(known: Known, asked: QualityPart & PageAsked, scope: Scope, search: Search) {
    const query = narrow(asked, scope)
    if (!query) return { items: [], nextCursor: null, total: 0 }
    const { limit, cursor, ...part } = query
    const after = cursor ? decodeCursor(cursor, 2, [isCivilDate, isId]) : undefined
    // Before anything is waited for: the tally moves on.
    const total = known.tally.sum(part)[search.counted]
    const places = placesOf(known.tally, part, search.counted)
    const found: { doc: ChangeDoc; arrival: Arrival }[] = []
    for (const place of places) {
      if (after && place.month > String(after[0]).slice(0, 7)) continue
      for await (const one of this.within(place, known, part, after, search)) {
        found.push(one)
        if (found.length > limit) break
      }
      if (found.length > limit) break
    }
    const page = pageFrom(found, limit, ({ doc }) => [doc.on, doc._id.toHexString()])
    return { items: await this.viewsOf(page.items, known, scope), nextCursor: page.nextCursor, total }
  }

  /** What fits of a month's entries, behind a place in the list. */
  private async *within(
    { month, operators }: Place,
    { knownAt }: Known,
    part: QualityPart,
    after: string[] | undefined,
    { fits }: Search,
  ): AsyncIterable<{ doc: ChangeDoc; arrival: Arrival }> {
    const { changes, timeZone } = this.parts
    const days = new Days(timeZone)
    const few = operators.size <= FEW_OPERATORS
    const counties = codesOf(part.county)
    const where: Record<string, unknown>[] = [
      { voided: { $in: [false, true] } },
      { on: { $gte: `${month}-01`, $lte: endOfMonth(month) } },
      knownBy(knownAt) as Record<string, unknown>,
    ]
    if (few) where.push({ 'vehicle.operator': { $in: [...operators] } })
    if (counties) where.push({ 'vehicle.county': { $in: counties } })
    let place = after
    for (;;) {
      const docs = await readOrdered<ChangeDoc>(changes.collection as never, {
        ...{ where, order: NEWEST, limit: BATCH, merged: true, projection: JUDGED },
        after: place && [place[0], new ObjectId(place[1])],
        hint: few ? INDEXES.operator : INDEXES.newest,
      })
      const arrivals = await arrivalsOf(docs, changes, days)
      for (const doc of docs) {
        const arrival = arrivals.get(doc._id.toHexString())
        if (arrival && operators.has(doc.vehicle.operator) && fits(doc, arrival)) yield { doc, arrival }
      }
      const last = docs.at(-1)
      if (!last || docs.length < BATCH) return
      place = [last.on, last._id.toHexString()]
    }
  }

  /** Entries whole, as the API shows them. */
  private async viewsOf(
    found: readonly { doc: ChangeDoc; arrival: Arrival }[],
    { knownAt }: Known,
    scope: Scope,
  ) {
    const { changes, operators } = this.parts
    const docs = await changes.collection
      .find<ChangeDoc>({ _id: { $in: found.map(({ doc }) => doc._id) } } as never)
      .toArray()
    const names = await operators.namesOf(docs.map((doc) => doc.vehicle.operator))
    const views = new Map((await changeViews(docs, names, changes)).map((view) => [view.id, view]))
    return found.flatMap(({ doc, arrival }) => {
      const view = views.get(doc._id.toHexString())
      return view ? [{ view: cutTo(asKnownAt(view, knownAt), scope), doc, arrival }] : []
    })
  }
}

export interface PageAsked {
  limit: number
  cursor?: string | undefined
}

const NEWEST = [
  ['on', -1],
  ['_id', -1],
] as const

/** The months in which something of a kind is counted, the latest first, and of which operators. */
function placesOf(tally: QualityTally, part: QualityPart, counted: keyof QualitySum): Place[] {
  const months = new Map<string, Set<string>>()
  for (const cell of tally.cells(part)) {
    if (cell[counted] === 0) continue
    const operators = months.get(cell.month) ?? new Set()
    months.set(cell.month, operators.add(cell.operator))
  }
  return [...months]
    .map(([month, operators]) => ({ month, operators }))
    .sort((a, b) => (a.month < b.month ? 1 : -1))
}
