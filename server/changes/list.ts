import { type Document, ObjectId } from 'mongodb'
import type { z } from 'zod'
import { narrow, type Scope } from '../accounts/permissions.ts'
import { countedBy, kindsOf, knownBy } from '../compliance/evidence.ts'
import type { ComplianceService } from '../compliance/service.ts'
import { alikeAtEnd, readOrdered, withHint } from '../database/ordered.ts'
import { codesOf } from '../database/place.ts'
import { civilDateAt, isCivilDate } from '../domain/civil-date.ts'
import type { Policy, Rule } from '../domain/policy.ts'
import { CATEGORIES } from '../domain/vocabulary.ts'
import { allPages, decodeCursor, isId, isRowNumber, type PartCheck, pageFrom } from '../http/cursor.ts'
import { Problem } from '../http/problem.ts'
import type { Operators } from '../operators/service.ts'
import type { LedgerClock } from './ledger-clock.ts'
import { type ChangeDoc, type ChangeModel, INDEXES } from './model.ts'
import type { ChangeFilter, ChangeView, changeQuery } from './schema.ts'
import { changeViews } from './view.ts'
import { asKnownAt, cutTo } from './visible.ts'

type Condition = Record<string, unknown>

export interface ChangeListParts {
  changes: ChangeModel
  clock: LedgerClock
  operators: Operators
  compliance: ComplianceService
  timeZone: string
}

/** How the ledger is read for a list. */
interface LedgerPlan {
  where: Condition[]
  hint: Document
  merged: boolean
  knownAt: Date | undefined
  /** by the rows of an upload rather than by date */
  byRow: boolean
}

/** When a list was known, undefined for now, and the policy that its rule is taken from. */
interface LedgerMoment {
  knownAt: Date | undefined
  policy: Policy
}

/** Entries read at a time for an export. */
const BATCH = 100

/** The ledger as a list. */
export class ChangeList {
  private readonly parts: ChangeListParts

  constructor(parts: ChangeListParts) {
    this.parts = parts
  }

  /** A page of the ledger, newest effective date first; of one upload's entries in the order of its rows. */
  async list(asked: z.output<typeof changeQuery>, scope: Scope, now: Date) {
    return this.page(asked, await this.momentOf(asked, now), scope)
  }

  private async page(asked: z.output<typeof changeQuery>, { knownAt, policy }: LedgerMoment, scope: Scope) {
    const query = narrow(asked, scope)
    if (!query) return { items: [] as ChangeView[], nextCursor: null, total: 0 }
    const { changes, operators } = this.parts
    const plan = this.plan(query, { knownAt, policy })
    const after = query.cursor ? decodeCursor(query.cursor, 3, plan.byRow ? BY_ROW : BY_DATE) : undefined
    const found = await readOrdered<ChangeDoc>(changes.collection as never, {
      ...plan,
      order: plan.byRow ? ROWS : DATES,
      after: after && [plan.byRow ? Number(after[0]) : after[0], new ObjectId(after[1])],
      ...(after ? { passed: Number(after[2]) } : {}),
      limit: query.limit + 1,
    })
    const page = pageFrom(found, query.limit, (last) => {
      const places = found.slice(0, query.limit).map(placeOf(plan))
      const passed = alikeAtEnd(places, after && { value: after[0], passed: Number(after[2]) })
      return [placeOf(plan)(last), last._id.toHexString(), String(passed)]
    })
    const names = await operators.namesOf(page.items.map((doc) => doc.vehicle.operator))
    const views = await changeViews(page.items, names, changes)
    const items = views.map((view) => cutTo(asKnownAt(view, plan.knownAt), scope))
    // Counted apart, where it takes more than looking at the only page.
    const total = !after && page.nextCursor === null ? { total: items.length } : {}
    return { ...page, items, ...total, ...shownMoment(query, plan) }
  }

  /** How many entries a list holds. */
  async count(asked: ChangeFilter, scope: Scope, now: Date): Promise<{ total: number }> {
    const query = narrow(asked, scope)
    if (!query) return { total: 0 }
    const { where, hint } = this.plan(query, await this.momentOf(query, now))
    const { collection } = this.parts.changes
    const total = await withHint(hint, (by) =>
      collection.countDocuments({ $and: where } as never, by as never),
    )
    return { total }
  }

  /**
   * All entries that meet the filters, in batches, in the list's order.
   * @param moment from `settled`: what is recorded meanwhile is not among them
   */
  all(asked: ChangeFilter, moment: LedgerMoment, scope: Scope): AsyncIterable<ChangeView[]> {
    return allPages<ChangeView>((cursor) => this.page({ ...asked, limit: BATCH, cursor }, moment, scope))
  }

  private plan(query: ChangeFilter, { knownAt, policy }: LedgerMoment): LedgerPlan {
    const rule = query.rule === undefined ? undefined : ruleOf(policy, query.rule)
    const where = [...this.when(query, knownAt), ...conditions(query, rule)]
    if (rule) {
      const everything = { asOf: '9999-12-31', undetermined: false }
      where.push(countedBy(policy, rule, everything) as Condition)
    }
    const walk = walkFor(query, rule)
    // All of them: named, so that the index's ranges can be merged.
    if (walk.hint === INDEXES.kind) where.push({ 'vehicle.category': { $in: CATEGORIES } })
    return { where, knownAt, ...walk }
  }

  /** Which days, and which entries of those known then; nothing that was known lay ahead of its day. */
  private when(query: ChangeFilter, knownAt: Date | undefined): Condition[] {
    const ends = [query.to, query.asOf, knownAt && civilDateAt(knownAt, this.parts.timeZone)]
    const to = ends.filter((day) => day !== undefined).sort()[0]
    const and: Condition[] = []
    if (query.from) and.push({ on: { $gte: query.from } })
    if (to) and.push({ on: { $lte: to } })
    if (!knownAt) return [...and, { voided: { $in: query.includeVoided ? [false, true] : [false] } }]
    const known = query.includeVoided ? { recordedAt: { $lte: knownAt } } : knownBy(knownAt)
    return [...and, { voided: { $in: [false, true] } }, known as Condition]
  }

  private momentOf({ knownAt }: ChangeFilter, now: Date): Promise<LedgerMoment> | LedgerMoment {
    if (knownAt === undefined) return { knownAt: undefined, policy: this.parts.compliance.policy }
    return this.settled({ knownAt }, now)
  }

  /**
   * One instant for all pages of a list, the latest that is settled unless another is asked for, and the policy in
   * force then.
   * @throws Problem 404 `rule.unknown` when there is, or was then, no such rule
   */
  async settled({ knownAt, rule }: Pick<ChangeFilter, 'knownAt' | 'rule'>, now: Date) {
    const { clock, compliance } = this.parts
    const instant = await clock.settled(knownAt, now)
    const policy = await compliance.policyAt(instant)
    if (rule !== undefined) ruleOf(policy, rule)
    return { knownAt: instant, policy }
  }
}

/** A rule of a policy. @throws Problem 404 `rule.unknown` */
function ruleOf(policy: Policy, id: string): Rule {
  const rule = policy.rules.find((r) => r.id === id)
  if (!rule) throw new Problem(404, 'rule.unknown', `There is no rule ${id}`)
  return rule
}

/** What an entry is ordered by. */
const placeOf =
  ({ byRow }: LedgerPlan) =>
  (doc: ChangeDoc): string =>
    byRow ? String(doc.source?.seq ?? 0) : doc.on

const DATES = [
  ['on', -1],
  ['_id', -1],
] as const
const ROWS = [
  ['source.seq', 1],
  ['_id', 1],
] as const
const BY_DATE: PartCheck[] = [isCivilDate, isId, isRowNumber]
const BY_ROW: PartCheck[] = [isRowNumber, isId, isRowNumber]

function conditions(query: ChangeFilter, rule: Rule | undefined): Condition[] {
  const and: Condition[] = []
  if (query.kind) and.push({ kind: { $in: query.kind } })
  if (rule) and.push({ kind: { $in: kindsOf(rule) } })
  const counties = codesOf(query.county)
  if (counties) and.push({ 'vehicle.county': { $in: counties } })
  if (query.operator) and.push({ 'vehicle.operator': query.operator })
  if (query.import) and.push({ 'source.import': new ObjectId(query.import) })
  return and
}

/** The index to walk along: an upload's, a company's or a county's entries, or those of some kinds. */
function walkFor(query: ChangeFilter, rule: Rule | undefined): Omit<LedgerPlan, 'where' | 'knownAt'> {
  if (query.import) return { hint: INDEXES.import, merged: false, byRow: true }
  const along = (hint: Document) => ({ hint, merged: true, byRow: false })
  if (query.operator) return along(INDEXES.operator)
  if (query.kind || rule) return along(INDEXES.kind)
  return along(codesOf(query.county) ? INDEXES.county : INDEXES.newest)
}

const shownMoment = ({ asOf }: ChangeFilter, { knownAt }: LedgerPlan) => ({
  ...(asOf === undefined ? {} : { asOf }),
  ...(knownAt === undefined ? {} : { knownAt: knownAt.toISOString() }),
})
