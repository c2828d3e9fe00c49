import { isLimited, isWithin, type Scope } from '../accounts/permissions.ts'
import type { ChangeDoc } from '../changes/model.ts'
import { inCounty } from '../compliance/evidence.ts'
import { COUNTED } from '../compliance/moved.ts'
import type { Compliance } from '../compliance/schema.ts'
import { contributionsOf } from '../domain/contribution.ts'
import type { Policy } from '../domain/policy.ts'
import type { ComposeParts } from './compose.ts'
import type { ReportDoc } from './model.ts'
import { movementsOf } from './movements.ts'
import type { SinceEntry, SinceReport } from './schema.ts'

/** So many entries are named; all are counted. */
const NAMED = 50
/** What an entry is told by. */
const TOLD = { ...COUNTED, corrects: 1 } as const

/** Whose figures are compared. */
export interface ReportPart {
  scope: Scope
  /** as the report gives them */
  figures: Compliance
}

/**
 * What has changed since a report was made: each figure then and now, at the same day, by the policy in force now;
 * why it moved, and which entries were recorded and withdrawn that count there.
 */
export async function sinceReport(
  parts: ComposeParts,
  { content }: ReportDoc,
  { scope, figures }: ReportPart,
  now: Date,
): Promise<SinceReport> {
  const { county, operator } = scope
  const { asOf } = content
  const present = await parts.compliance.figures({ asOf, county, operator }, now)
  const knownAt = new Date(present.knownAt)
  const earlier = {
    ...{ asOf, knownAt: new Date(content.knownAt) },
    policyVersion: content.policy.version,
  }
  const later = { asOf, knownAt, policyVersion: present.policy.version }
  const places = [{ filter: { county, operator }, before: figures.rules, after: present.rules }]
  const [moved = []] = await movementsOf(parts, earlier, later, places)
  const policy = await parts.policies.asked(knownAt, later.policyVersion)
  const span = { from: earlier.knownAt, to: knownAt }
  const sum = (of: 'recorded' | 'voided') => moved.reduce((total, rule) => total + rule[of], 0)
  const [recorded, voided] = [sum('recorded'), sum('voided')]
  const entries = [
    ...(recorded > 0 ? await named(parts, policy, asOf, span, 'recorded', recorded, scope) : []),
    ...(voided > 0 ? await named(parts, policy, asOf, span, 'voided', voided, scope) : []),
  ]
  const still = new Set(present.rules.map(({ id }) => id))
  return {
    ...{ asOf, knownAt: content.knownAt, knownNow: present.knownAt },
    policy: { before: content.policy.version, after: later.policyVersion },
    changed: moved.some((rule) => isMoved(rule)) || figures.rules.some(({ id }) => !still.has(id)),
    rules: moved.map(({ before, after, because: { late, corrected, policy }, ...rule }) => ({
      ...rule,
      ...{ before, after, because: { late, corrected, policy } },
    })),
    dropped: figures.rules.filter(({ id }) => !still.has(id)).map(({ id: rule, title }) => ({ rule, title })),
    entries,
  }
}

const isMoved = ({
  before,
  after,
  recorded,
  voided,
}: {
  before: SinceReport['rules'][number]['before']
  after: SinceReport['rules'][number]['after']
  recorded: number
  voided: number
}): boolean =>
  recorded > 0 ||
  voided > 0 ||
  before === null ||
  before.status !== after.status ||
  before.numerator !== after.numerator ||
  before.denominator !== after.denominator

/**
 * The first entries that were recorded, or withdrawn, in a time and count in a figure by a day. The search ends when as
 * many contributions were seen as the tallies say that there are.
 */
async function named(
  { changes, operators }: ComposeParts,
  policy: Policy,
  asOf: string,
  { from, to }: { from: Date; to: Date },
  what: SinceEntry['what'],
  expected: number,
  scope: Scope,
): Promise<SinceEntry[]> {
  const within = { $gt: from, $lte: to }
  const standing = { $or: [{ voidedAt: null }, { voidedAt: { $gt: to } }] }
  const where =
    what === 'recorded'
      ? { on: { $lte: asOf }, recordedAt: within, ...standing }
      : { on: { $lte: asOf }, voided: true, voidedAt: within, recordedAt: { $lte: from } }
  const found = changes.collection
    .find<ChangeDoc>({ $and: [where, ...placedIn(scope)] } as never, { projection: TOLD })
    .sort(what === 'recorded' ? { recordedAt: 1, _id: 1 } : { voidedAt: 1, _id: 1 })
    .batchSize(200)
  const entries: SinceEntry[] = []
  let seen = 0
  for await (const doc of found) {
    const counted = contributionsOf(policy, doc).filter((c) => !isLimited(scope) || isWithin(c, scope))
    seen += counted.length
    const entry = counted.length > 0 && entryOf(doc, what, [...new Set(counted.map((c) => c.rule))], scope)
    if (entry) entries.push(entry)
    if (seen >= expected || entries.length >= NAMED) break
  }
  const names = await operators.namesOf(entries.map(({ operator }) => operator.id))
  return entries.map((entry) => {
    const { id } = entry.operator
    return { ...entry, operator: { id, name: names.get(id) ?? id } }
  })
}

/** Entries of a scope's vehicles, or that retire one of its. */
function placedIn({ county, operator }: Scope): Record<string, unknown>[] {
  if (county === undefined && operator === undefined) return []
  const facts = {
    ...(county === undefined ? {} : { county: inCounty(county) }),
    ...(operator === undefined ? {} : { operator }),
  }
  const ofVehicle = Object.entries(facts).map(([name, value]) => [`vehicle.${name}`, value])
  return [{ $or: [Object.fromEntries(ofVehicle), { retires: { $elemMatch: facts } }] }]
}

/** An entry as far as a scope sees it: its own vehicle, or one that it retires. */
function entryOf(
  doc: ChangeDoc,
  what: SinceEntry['what'],
  rules: string[],
  scope: Scope,
): SinceEntry | undefined {
  const facts = [doc.vehicle, ...doc.retires].find((vehicle) => isWithin(vehicle, scope))
  if (!facts) return undefined
  const at = what === 'recorded' ? doc.recordedAt : doc.voidedAt
  return {
    ...{ change: doc._id.toHexString(), kind: doc.kind, on: doc.on, what, rules },
    ...{ plate: facts.plate, vin: facts.vin, county: facts.county },
    operator: { id: facts.operator, name: facts.operator },
    at: (at ?? doc.recordedAt).toISOString(),
    corrects: doc.corrects?.toHexString() ?? null,
  }
}
