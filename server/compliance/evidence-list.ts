import { type Document, ObjectId } from 'mongodb'
import type { z } from 'zod'
import type { Scope } from '../accounts/permissions.ts'
import type { LedgerClock } from '../changes/ledger-clock.ts'
import { type ChangeDoc, type ChangeModel, INDEXES } from '../changes/model.ts'
import { changeViews } from '../changes/view.ts'
import { asKnownAt, seenWithin } from '../changes/visible.ts'
import { readOrdered, withHint } from '../database/ordered.ts'
import { type CivilDate, civilDateAt, isCivilDate } from '../domain/civil-date.ts'
import { contributionsOf } from '../domain/contribution.ts'
import type { Policy, Rule } from '../domain/policy.ts'
import { addSum, emptySum } from '../domain/series.ts'
import { allPages, decodeCursor, isId, pageFrom } from '../http/cursor.ts'
import { Problem } from '../http/problem.ts'
import type { Operators } from '../operators/service.ts'
import type { PolicySource } from '../policies/source.ts'
import { type EvidenceWalk, evidenceWalks, inTime, knownBy } from './evidence.ts'
import type { EvidenceItem, evidenceFilter } from './schema.ts'

export type EvidenceAsked = z.output<typeof evidenceFilter>

/** What a query comes to: by which rule of which policy, at which moment. */
interface Asked {
  policy: Policy
  rule: Rule
  walks: Walk[]
  asOf: CivilDate
  knownAt: Date
}

type Condition = Record<string, unknown>

/** One way by which entries are found, along an index. */
interface Walk {
  where: Condition[]
  hint: Document
  /** what sets it apart from the other ways */
  counts: Condition
}

const NEWEST = [
  ['on', -1],
  ['_id', -1],
] as const

/** Entries read at a time for an export. */
const BATCH = 100

/** The changes behind a rule's figure, each with what it adds to it. */
export class EvidenceList {
  private readonly parts: {
    changes: ChangeModel
    clock: LedgerClock
    operators: Operators
    policies: PolicySource
    timeZone: string
  }

  constructor(parts: EvidenceList['parts']) {
    this.parts = parts
  }

  /**
   * A page, newest effective date first.
   * @param query narrowed to the scope already
   * @throws Problem 404 `rule.unknown`
   */
  async list(
    ruleId: string,
    query: EvidenceAsked & { limit: number; cursor?: string | undefined },
    scope: Scope,
    now: Date,
  ) {
    return this.page(await this.asked(ruleId, query, now), query, scope)
  }

  private async page(
    { policy, rule, walks, asOf, knownAt }: Asked,
    query: EvidenceAsked & { limit: number; cursor?: string | undefined },
    scope: Scope,
  ) {
    const { changes, operators } = this.parts
    const after = query.cursor ? decodeCursor(query.cursor, 2, [isCivilDate, isId]) : undefined
    const read = { merged: true, limit: query.limit + 1, order: NEWEST } as const
    const found = await Promise.all(
      walks.map(({ where, hint }) =>
        readOrdered<ChangeDoc>(changes.collection as never, {
          ...{ ...read, where, hint },
          after: after && [after[0], new ObjectId(after[1])],
        }),
      ),
    )
    const page = pageFrom(newestOf(found, read.limit), query.limit, (last) => [
      last.on,
      last._id.toHexString(),
    ])
    const names = await operators.namesOf(page.items.map((doc) => doc.vehicle.operator))
    const views = await changeViews(page.items, names, changes)
    const items = views.map((view, i): EvidenceItem => {
      const doc = page.items[i]
      const shown = seenWithin(asKnownAt(view, knownAt), scope)
      return { ...shown, ...(doc ? this.weight(policy, rule, doc, query) : NOTHING) }
    })
    // Counted apart, where it takes more than looking at the only page.
    const total = !after && page.nextCursor === null ? { total: items.length } : {}
    return { ...page, items, ...total, asOf, knownAt: knownAt.toISOString() }
  }

  /** How many there are. @throws Problem 404 `rule.unknown` */
  async count(ruleId: string, query: EvidenceAsked, now: Date): Promise<{ total: number }> {
    const { walks } = await this.asked(ruleId, query, now)
    const { collection } = this.parts.changes
    const count = ({ where, hint }: Walk) =>
      withHint(hint, (by) => collection.countDocuments({ $and: where } as never, by as never))
    // What an earlier way finds too is left out of a later one.
    const counts = walks.map(({ where, hint, counts }, i) =>
      count({ where: [...where, ...walks.slice(0, i).map((w) => ({ $nor: [w.counts] }))], hint, counts }),
    )
    return { total: (await Promise.all(counts)).reduce((sum, n) => sum + n, 0) }
  }

  /**
   * All of them, in batches, in the list's order: what was known at one instant, not what was recorded meanwhile.
   * @param asked what `asked` made of the query
   */
  all(asked: Asked, query: EvidenceAsked, scope: Scope): AsyncIterable<EvidenceItem[]> {
    return allPages<EvidenceItem>((cursor) => this.page(asked, { ...query, limit: BATCH, cursor }, scope))
  }

  /** The rule, the moment and the query that are meant. @throws Problem 404 `rule.unknown` */
  async asked(ruleId: string, query: EvidenceAsked, now: Date): Promise<Asked> {
    const { policies, clock, timeZone } = this.parts
    const asOf = query.asOf ?? civilDateAt(now, timeZone)
    const knownAt = await clock.settled(query.knownAt, now)
    const policy = await policies.asked(knownAt, query.policyVersion)
    const rule = policy.rules.find((r) => r.id === ruleId)
    if (!rule) throw new Problem(404, 'rule.unknown', `There is no rule ${ruleId.slice(0, 60)}`)
    const narrow = { ...query, asOf }
    const all = [
      { voided: { $in: [false, true] } },
      knownBy(knownAt) as Condition,
      inTime(policy, rule, narrow),
    ]
    const walks = evidenceWalks(rule, narrow).map((walk) => walkAlong(walk, all))
    return { policy, rule, walks, asOf, knownAt }
  }

  private weight(policy: Policy, rule: Rule, doc: ChangeDoc, filter: EvidenceAsked): typeof NOTHING {
    const sum = emptySum()
    for (const c of contributionsOf({ ...policy, rules: [rule] }, doc)) {
      if (filter.county && !c.county.startsWith(filter.county)) continue
      if (filter.operator && c.operator !== filter.operator) continue
      if (filter.category && c.category !== filter.category) continue
      if (filter.energy && c.energy !== filter.energy) continue
      addSum(sum, { ...c, squares: 0, entries: 1 })
    }
    return { numerator: sum.numerator, denominator: sum.denominator, undetermined: sum.undetermined }
  }
}

/** The newest of what several ways found, each entry once. */
function newestOf(found: readonly ChangeDoc[][], limit: number): ChangeDoc[] {
  if (found.length === 1) return found[0] ?? []
  const byId = new Map(found.flat().map((doc) => [doc._id.toHexString(), doc]))
  const place = ({ on, _id }: ChangeDoc) => `${on} ${_id.toHexString()}`
  return [...byId.values()].sort((a, b) => (place(a) < place(b) ? 1 : -1)).slice(0, limit)
}

const NOTHING = { numerator: 0, denominator: 0, undetermined: 0 }

/** A company's entries are few, in all categories; else those of the walk's kinds and categories are gone through. */
function walkAlong({ kinds, of, categories, operator, where }: EvidenceWalk, all: Condition[]): Walk {
  const kind = kinds.length === 1 ? kinds[0] : { $in: kinds }
  const among = {
    ...{ kind, [`${of}.category`]: { $in: categories } },
    ...(operator === undefined ? {} : { [`${of}.operator`]: operator }),
  }
  const along = {
    vehicle: operator === undefined ? INDEXES.kind : INDEXES.operator,
    retires: operator === undefined ? INDEXES.retired : INDEXES.retiredOf,
  }
  return { where: [among, ...all, where], hint: { ...along[of] }, counts: { $and: [among, where] } }
}
