import type { ChangeDoc, ChangeModel } from '../changes/model.ts'
import { evidenceWalks, inTime } from '../compliance/evidence.ts'
import { COUNTED } from '../compliance/moved.ts'
import type { Compliance } from '../compliance/schema.ts'
import { type CivilDate, daysBetween } from '../domain/civil-date.ts'
import { exceptionalIn } from '../domain/exceptional.ts'
import type { Policy, Rule, ShareRule } from '../domain/policy.ts'
import { isNews } from '../domain/quality.ts'
import { KINDS } from '../domain/vocabulary.ts'
import type { Operators } from '../operators/service.ts'
import { Days } from '../quality/moved.ts'
import { ExceptionLists } from './exception-lists.ts'
import type { ReportException } from './schema.ts'

interface Parts {
  changes: ChangeModel
  operators: Operators
  timeZone: string
}

interface Asked {
  policy: Policy
  /** the city's: they say of which rules there is something to look for */
  figures: Compliance
  asOf: CivilDate
  knownAt: Date
  /** what happened after this day, or was recorded after this instant, is new to the report */
  since: { on: CivilDate; knownAt: Date }
}

type Condition = Record<string, unknown>

/** What an exception is told by. */
const TOLD = { ...COUNTED, breachReason: 1 } as const

/**
 * Finds a report's exceptions (see EXCEPTION_REASONS): by the indexes those that stay named, and of what is new to
 * the report the late ones. In memory are no more than are listed.
 */
export async function exceptionsOf(
  parts: Parts,
  asked: Asked,
  signal?: AbortSignal,
): Promise<ExceptionLists> {
  const { policy, figures, asOf, since } = asked
  const lists = new ExceptionLists(policy.regions)
  const shares = sharesShort(policy, figures)
  const lasting = shares.filter(({ target }) => target >= 100)
  const passing = shares.filter(({ target }) => target < 100)
  const each = (where: Condition[], take: (doc: ChangeDoc) => ReportException[]) =>
    eachKnown(parts.changes, asked, where, signal, (doc) => {
      for (const item of take(doc)) lists.add(item)
    })
  const named = (only: readonly Rule[]) => (doc: ChangeDoc) => exceptionsIn(policy, only, doc)
  for (const rule of lasting) await each([notCounted(policy, rule, asOf)], named([rule]))
  for (const rule of passing) {
    const found = notCounted(policy, rule, asOf)
    await each([found, { on: { $gt: since.on } }], named([rule]))
    await each([found, { on: { $lte: since.on }, recordedAt: { $gt: since.knownAt } }], named([rule]))
  }
  for (const rule of policy.rules) {
    const where = undetermined(policy, rule, figures)
    if (where) await each([where], named([rule]))
  }
  const days = new Days(parts.timeZone)
  await each(lateSince(parts, asked), (doc) => [late(doc, days)])
  return lists.named(await parts.operators.namesOf(lists.operators()))
}

/** Goes through entries that were known at the report's instant. */
async function eachKnown(
  changes: ChangeModel,
  { knownAt }: Asked,
  where: Condition[],
  signal: AbortSignal | undefined,
  take: (doc: ChangeDoc) => void,
): Promise<void> {
  const known = [{ voided: false }, { voided: true, voidedAt: { $gt: knownAt } }]
  for (const state of known) {
    const all = [state, ...where, { recordedAt: { $lte: knownAt } }]
    const found = changes.collection
      .find<ChangeDoc>({ $and: all } as never, { projection: TOLD })
      .batchSize(1000)
    for await (const doc of found) {
      signal?.throwIfAborted()
      take(doc)
    }
  }
}

/** The shares in which something counts without being counted: the figures know. */
const sharesShort = (policy: Policy, figures: Compliance): ShareRule[] =>
  policy.rules.flatMap((rule) => {
    const { numerator = 0, denominator } = figureOf(rule, figures) ?? {}
    return rule.kind === 'share' && (denominator ?? 0) > numerator ? [rule] : []
  })

const figureOf = ({ id: wanted }: Rule, { rules }: Compliance) => rules.find(({ id }) => id === wanted)

/** Entries that count in a share without being counted; what the database cannot tell is left to exceptionalIn. */
function notCounted(policy: Policy, rule: ShareRule, asOf: CivilDate): Condition {
  const { energies } = rule.counted
  const walks = evidenceWalks(rule, { asOf, undetermined: false })
  const other = energies && rule.over.of === 'vehicle' ? { 'vehicle.energy': { $nin: energies } } : {}
  return { $and: [inTime(policy, rule, { asOf, undetermined: false }), ...walks.map((w) => w.where), other] }
}

/** Entries of vehicles whose emission standard nobody has said; undefined for rules that ask for none, or have it of all. */
function undetermined(policy: Policy, rule: Rule, figures: Compliance): Condition | undefined {
  if (rule.kind !== 'count' || !figureOf(rule, figures)?.undetermined) return undefined
  const { asOf } = figures
  const sum = rule.sum.filter(({ where }) => where.emissionAtMost !== undefined)
  if (sum.length === 0) return undefined
  const narrow = { asOf, undetermined: true }
  const walks = evidenceWalks({ ...rule, sum }, narrow)
  return { $and: [inTime(policy, rule, narrow), { $or: walks.map((walk) => walk.where) }] }
}

/** Entries recorded since that happened more than the policy's days before; one that puts another right is no news. */
function lateSince({ timeZone }: Parts, { policy, asOf, since }: Asked): Condition[] {
  const startDate = { $dateFromString: { dateString: '$on', timezone: timeZone } }
  const day = { startDate, unit: 'day', amount: policy.reportingDays + 1, timezone: timeZone }
  return [
    { recordedAt: { $gt: since.knownAt }, on: { $lte: asOf } },
    { kind: { $in: KINDS.filter(isNews) }, corrects: { $exists: false } },
    { $expr: { $gte: ['$recordedAt', { $dateAdd: day }] } },
  ]
}

const exceptionsIn = (policy: Policy, only: readonly Rule[], doc: ChangeDoc): ReportException[] =>
  exceptionalIn({ ...policy, rules: [...only] }, doc).map(({ rule, reason, facts }) => ({
    ...itemOf(doc, facts),
    rule,
    reason: reason === 'not-new-energy' && doc.breachReason ? 'breach-confirmed' : reason,
    note: reason === 'not-new-energy' ? (doc.breachReason ?? null) : null,
  }))

const late = (doc: ChangeDoc, days: Days): ReportException => ({
  ...itemOf(doc, doc.vehicle),
  ...{ rule: null, reason: 'recorded-late', days: daysBetween(doc.on, days.of(doc.recordedAt)) },
})

const itemOf = (doc: ChangeDoc, facts: ChangeDoc['vehicle']): Omit<ReportException, 'reason' | 'rule'> => ({
  ...{ change: doc._id.toHexString(), on: doc.on, plate: facts.plate, vin: facts.vin },
  ...{ operator: { id: facts.operator, name: facts.operator }, county: facts.county },
  ...{ note: null, days: null },
})
