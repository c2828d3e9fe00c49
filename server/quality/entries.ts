import { ObjectId } from 'mongodb'
import { narrow, type Scope } from '../accounts/permissions.ts'
import { type ChangeDoc, type ChangeModel, INDEXES } from '../changes/model.ts'
import { changeViews } from '../changes/view.ts'
import { asKnownAt, cutTo } from '../changes/visible.ts'
import { knownBy } from '../compliance/evidence.ts'
import { readOrdered } from '../database/ordered.ts'
import { codesOf } from '../database/place.ts'
import { endOfMonth, isCivilDate } from '../domain/civil-date.ts'
import { type Delay, type Doubt, delayOf, doubtsOf, isNews } from '../domain/quality.ts'
import type { QualityPart, QualitySum, QualityTally } from '../domain/quality-tally.ts'
import { KINDS } from '../domain/vocabulary.ts'
import { decodeCursor, encodeCursor, isId, pageFrom } from '../http/cursor.ts'
import type { Operators } from '../operators/service.ts'
import { arrivalsOf, Days, JUDGED } from './moved.ts'
import type { DoubtfulChange, LateChange } from './schema.ts'

/** Entries looked through at a time. */
const BATCH = 500
/** So many are looked through for one page: of a month of inventory it may be many, with few that fit. */
const MOST_AT_ONCE = 10_000
/** Of so many operators at most the entries are read by the index of operators; of more a whole month's. */
const FEW_OPERATORS = 50

interface Parts {
  changes: ChangeModel
  operators: Operators
  timeZone: string
  /** entries looked through for one page; MOST_AT_ONCE unless told */
  atOnce?: number
}

/** What is known when a list is read: the tally says where to look, and how many there are. */
export interface Known {
  tally: QualityTally
  knownAt: Date
  reportingDays: number
}

/** What is looked for, and in which sum of the tally it is counted. */
interface Search<T> {
  counted: keyof QualitySum
  /** all that fits is among these */
  among: Record<string, unknown>
  /** what fits of a batch, in order, each with what makes it fit */
  pick: (docs: readonly ChangeDoc[]) => Promise<Found<T>[]>
}

interface Found<T> {
  doc: ChangeDoc
  why: T
}

/** How far a search has come. */
interface Progress<T> {
  found: Found<T>[]
  /** one more than the page holds */
  wanted: number
  /** entries that may still be looked through */
  left: number
  /** behind which it goes on */
  place: string[] | undefined
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
    const { changes, timeZone } = this.parts
    const daysOf = new Days(timeZone)
    const page = await this.page<Delay>(known, asked, scope, {
      counted: 'late',
      among: { kind: { $in: KINDS.filter(isNews) } },
      pick: async (docs) => {
        const arrivals = await arrivalsOf(docs, changes, daysOf)
        return docs.flatMap((doc) => {
          const arrival = arrivals.get(doc._id.toHexString())
          const why = arrival && delayOf(doc.on, arrival, reportingDays)
          return why?.late ? [{ doc, why }] : []
        })
      },
    })
    const items = page.items.map(
      ({ view, why: { days, excused } }): LateChange => ({
        ...{ ...view, daysTaken: days, daysLate: days - reportingDays, excused },
      }),
    )
    return { ...page, items }
  }

  /** Entries with something doubtful, newest effective date first. */
  async doubtful(known: Known, asked: QualityPart & PageAsked, scope: Scope): Promise<Page<DoubtfulChange>> {
    const page = await this.page<Doubt[]>(known, asked, scope, {
      counted: 'doubtful',
      among: {},
      pick: async (docs) =>
        docs.flatMap((doc) => {
          const why = doubtsOf(doc.vehicle)
          return why.length > 0 ? [{ doc, why }] : []
        }),
    })
    const items = page.items.map(({ view, why }): DoubtfulChange => ({ ...view, doubts: why }))
    return { ...page, items }
  }

  /** A page; a short one, or even an empty one, with a cursor where much had to be looked through for it. */
  private async page<T>(known: Known, asked: QualityPart & PageAsked, scope: Scope, search: Search<T>) {
    const query = narrow(asked, scope)
    if (!query) return { items: [], nextCursor: null, total: 0 }
    const { limit, cursor, ...part } = query
    const after = cursor ? decodeCursor(cursor, 2, [isCivilDate, isId]) : undefined
    // Before anything is waited for: the tally moves on.
    const total = known.tally.sum(part)[search.counted]
    const places = placesOf(known.tally, part, search.counted)
    const { atOnce = MOST_AT_ONCE } = this.parts
    const progress: Progress<T> = { found: [], wanted: limit + 1, left: atOnce, place: after }
    for (const place of places) {
      if (after && place.month > String(after[0]).slice(0, 7)) continue
      if (!(await this.lookThrough(place, known, part, search, progress))) break
    }
    const { found, left, place } = progress
    const page = pageFrom(found, limit, ({ doc }) => [doc.on, doc._id.toHexString()])
    const nextCursor = page.nextCursor ?? (left <= 0 && place ? encodeCursor(place) : null)
    return { items: await this.viewsOf(page.items, known, scope), nextCursor, total }
  }

  /** Looks through a month's entries behind the place. @returns whether the months before it are to be, too */
  private async lookThrough<T>(
    { month, operators }: Place,
    { knownAt }: Known,
    part: QualityPart,
    { among, pick }: Search<T>,
    progress: Progress<T>,
  ): Promise<boolean> {
    const few = operators.size <= FEW_OPERATORS
    const counties = codesOf(part.county)
    const where: Record<string, unknown>[] = [
      { voided: { $in: [false, true] } },
      { on: { $gte: `${month}-01`, $lte: endOfMonth(month) } },
      knownBy(knownAt) as Record<string, unknown>,
      among,
    ]
    if (few) where.push({ 'vehicle.operator': { $in: [...operators] } })
    if (counties) where.push({ 'vehicle.county': { $in: counties } })
    while (progress.left > 0) {
      const limit = Math.min(BATCH, progress.left)
      const { place } = progress
      const behind = place?.[0]?.startsWith(month) ? place : undefined
      const docs = await readOrdered<ChangeDoc>(this.parts.changes.collection as never, {
        ...{ where, order: NEWEST, limit, merged: true, projection: JUDGED },
        after: behind && [behind[0], new ObjectId(behind[1])],
        hint: few ? INDEXES.operator : INDEXES.newest,
      })
      progress.found.push(...(await pick(docs.filter((doc) => operators.has(doc.vehicle.operator)))))
      if (progress.found.length >= progress.wanted) return false
      const last = docs.at(-1)
      if (last) progress.place = [last.on, last._id.toHexString()]
      progress.left -= docs.length
      if (docs.length < limit) return true
    }
    return false
  }

  /** Entries whole, as the API shows them. */
  private async viewsOf<T>(found: readonly Found<T>[], { knownAt }: Known, scope: Scope) {
    const { changes, operators } = this.parts
    const docs = await changes.collection
      .find<ChangeDoc>({ _id: { $in: found.map(({ doc }) => doc._id) } } as never)
      .toArray()
    const names = await operators.namesOf(docs.map((doc) => doc.vehicle.operator))
    const views = new Map((await changeViews(docs, names, changes)).map((view) => [view.id, view]))
    return found.flatMap(({ doc, why }) => {
      const view = views.get(doc._id.toHexString())
      return view ? [{ view: cutTo(asKnownAt(view, knownAt), scope), why }] : []
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
