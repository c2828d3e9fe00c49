import type { Filter } from 'mongodb'
import type { ChangeDoc } from '../changes/model.ts'
import { literal } from '../database/pattern.ts'
import type { Measure, Policy, Rule, VehicleCondition } from '../domain/policy.ts'
import { CATEGORIES, type Category, type Kind } from '../domain/vocabulary.ts'

/** How the changes behind a figure are narrowed, as the figure was. */
interface Narrowed {
  asOf: string
  county?: string | undefined
  operator?: string | undefined
  category?: string | undefined
  energy?: string | undefined
  /** `YYYY-MM` */
  month?: string | undefined
  undetermined: boolean
}

export interface EvidenceFilter extends Narrowed {
  knownAt: Date
}

/** Everything in a place: counties nest by their codes. */
export const inCounty = (code: string) => ({ $regex: `^${literal(code)}` })

/** What was known at an instant: recorded by then and not yet withdrawn. */
export const knownBy = (knownAt: Date): Filter<ChangeDoc> => ({
  recordedAt: { $lte: knownAt },
  $or: [{ voidedAt: null }, { voidedAt: { $gt: knownAt } }],
})

function condition(where: VehicleCondition, narrow: Narrowed, placed = true): Record<string, unknown> {
  const all: Record<string, unknown>[] = []
  if (where.categories) all.push({ category: { $in: where.categories } })
  if (where.energies) all.push({ energy: { $in: where.energies } })
  if (narrow.category) all.push({ category: narrow.category })
  if (narrow.energy) all.push({ energy: narrow.energy })
  if (placed && narrow.county) all.push({ county: inCounty(narrow.county) })
  if (placed && narrow.operator) all.push({ operator: narrow.operator })
  if (where.emissionAtMost !== undefined) {
    const known = Array.from({ length: where.emissionAtMost + 1 }, (_, i) => String(i))
    all.push({ emission: narrow.undetermined ? null : { $in: known } })
  }
  return all.length > 0 ? { $and: all } : {}
}

const onVehicle = (facts: Record<string, unknown>): Record<string, unknown> => {
  const prefix = (part: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(part).map(([key, value]) => [`vehicle.${key}`, value]))
  const and = facts.$and as Record<string, unknown>[] | undefined
  return and ? { $and: and.map(prefix) } : {}
}

function measured(measure: Measure, narrow: Narrowed): Record<string, unknown> {
  const facts = condition(measure.where, narrow)
  return {
    kind: { $in: measure.kinds },
    ...(measure.reasons ? { reason: { $in: measure.reasons } } : {}),
    ...(measure.of === 'vehicle' ? onVehicle(facts) : { retires: { $elemMatch: facts } }),
  }
}

/** A fleet's figure is moved by every entry, exit and transfer of its vehicles. */
function fleetMoves(rule: Rule & { kind: 'rising-share' }, narrow: Narrowed): Record<string, unknown>[] {
  const facts = condition(rule.fleet, narrow, false)
  const place = (at: 'vehicle' | 'from') => ({
    ...(narrow.county ? { [`${at}.county`]: inCounty(narrow.county) } : {}),
    ...(narrow.operator ? { [`${at}.operator`]: narrow.operator } : {}),
  })
  const old = {
    ...(narrow.county ? { county: inCounty(narrow.county) } : {}),
    ...(narrow.operator ? { operator: narrow.operator } : {}),
  }
  return [
    {
      kind: { $in: kindsOf(rule) },
      ...onVehicle(facts),
      ...place('vehicle'),
    },
    { kind: 'transferred', ...onVehicle(facts), ...place('from') },
    { kind: 'replaced', retires: { $elemMatch: { ...facts, ...old } } },
  ]
}

/**
 * One way by which entries behind a figure are found: those of some kinds and categories, of which `where` leaves in
 * what counts.
 */
export interface EvidenceWalk {
  kinds: readonly Kind[]
  /** whose categories they are: of the entries' own vehicles, or of those that they retire */
  of: 'vehicle' | 'retires'
  categories: readonly Category[]
  /** the operator whose vehicles they are, where it is asked for and is that of the same vehicles */
  operator?: string | undefined
  where: Record<string, unknown>
}

/** The ways that together find every entry which a rule counts; one entry may be found by several. */
export function evidenceWalks(rule: Rule, narrow: Narrowed): EvidenceWalk[] {
  const { operator } = narrow
  const own = ({ categories }: VehicleCondition): Category[] =>
    (categories ?? [...CATEGORIES]).filter((category) => !narrow.category || category === narrow.category)
  if (rule.kind === 'rising-share') {
    const [entries = {}, transfers = {}, replaced = {}] = fleetMoves(rule, narrow)
    return [
      { kinds: kindsOf(rule), of: 'vehicle', categories: own(rule.fleet), operator, where: entries },
      { kinds: ['transferred'], of: 'vehicle', categories: own(rule.fleet), where: transfers },
      { kinds: ['replaced'], of: 'retires', categories: own(rule.fleet), operator, where: replaced },
    ]
  }
  const measures = rule.kind === 'share' ? [rule.over] : rule.sum
  return measures.map((measure) => ({
    // Only replacements retire others.
    kinds: measure.of === 'vehicle' ? measure.kinds : measure.kinds.filter((kind) => kind === 'replaced'),
    of: measure.of === 'vehicle' ? 'vehicle' : 'retires',
    categories: own(measure.where),
    operator,
    where: measured(measure, narrow),
  }))
}

/** The changes that a rule counts, whether known then or not, voided or not. */
export const countedBy = (policy: Policy, rule: Rule, narrow: Narrowed): Filter<ChangeDoc> =>
  ({
    $and: [inTime(policy, rule, narrow), { $or: evidenceWalks(rule, narrow).map((walk) => walk.where) }],
  }) as Filter<ChangeDoc>

/** What happened while a rule counts, and is not exempt from it. */
export function inTime({ period }: Policy, rule: Rule, { asOf, month }: Narrowed): Record<string, unknown> {
  const fleet = rule.kind === 'rising-share'
  const from = fleet ? '0000-00-00' : period.from
  const to = fleet || asOf < period.to ? asOf : period.to
  const on = {
    $gte: month && `${month}-01` > from ? `${month}-01` : from,
    $lte: month && `${month}-31` < to ? `${month}-31` : to,
  }
  return { on, exemptFrom: { $ne: rule.id } }
}

/** The kinds of change that move a rule's figure. */
export const kindsOf = (rule: Rule): Kind[] =>
  rule.kind === 'rising-share'
    ? ['stock', 'added', 'replaced', 'retired', 'transferred']
    : [...new Set((rule.kind === 'share' ? [rule.over] : rule.sum).flatMap((m) => m.kinds))]
