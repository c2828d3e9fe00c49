import type { Policy, Rule } from './policy.ts'
import { isSame } from './same.ts'

/** What of a policy can differ between two versions, in the order in which it is told. */
export const POLICY_PARTS = [
  'target',
  'milestones',
  'period',
  'reading',
  'service-life',
  'reporting-days',
  'rule',
  'region',
  'wording',
] as const
export type PolicyPart = (typeof POLICY_PARTS)[number]

interface Words {
  zh: string
  en: string
}

/** One thing in which a version differs from the one before. */
export interface PolicyChange {
  part: PolicyPart
  /** of what: a rule's id, a reading's, a category, a region's code or the name of a field */
  id: string | null
  /** the same in words, where the document has some */
  title: Words | null
  /** null: was not there */
  before: string | number | Words | null
  /** null: is not there any more */
  after: string | number | Words | null
}

/** In what a version of a policy differs from another one; empty when in nothing but its number. */
export function policyChanges(before: Policy, after: Policy): PolicyChange[] {
  return [
    ...ruleChanges(before, after),
    ...periodChange(before, after),
    ...readingChanges(before, after),
    ...lifeChanges(before, after),
    ...(before.reportingDays === after.reportingDays
      ? []
      : [change('reporting-days', null, null, before.reportingDays, after.reportingDays)]),
    ...regionChanges(before, after),
    ...wordingChanges(before, after),
  ].sort((a, b) => POLICY_PARTS.indexOf(a.part) - POLICY_PARTS.indexOf(b.part))
}

const change = (
  part: PolicyPart,
  id: string | null,
  title: Words | null,
  before: PolicyChange['before'],
  after: PolicyChange['after'],
): PolicyChange => ({ part, id, title, before, after })

/** Pairs what two lists hold under the same key, in the order of the later list; what went comes last. */
function paired<T>(
  before: readonly T[],
  after: readonly T[],
  key: (item: T) => string,
): [T | null, T | null][] {
  const old = new Map(before.map((item) => [key(item), item]))
  const now = new Set(after.map(key))
  return [
    ...after.map((item): [T | null, T | null] => [old.get(key(item)) ?? null, item]),
    ...before.filter((item) => !now.has(key(item))).map((item): [T | null, T | null] => [item, null]),
  ]
}

const targetOf = (rule: Rule): number | null => (rule.kind === 'rising-share' ? null : (rule.target ?? null))
const milestonesOf = (rule: Rule): string | null =>
  rule.kind === 'count' && rule.milestones.length > 0
    ? rule.milestones.map((m) => `${m.on} ${m.value}`).join(', ')
    : null
const restOf = (rule: Rule): unknown => ({ ...rule, target: null, milestones: null })

function ruleChanges(before: Policy, after: Policy): PolicyChange[] {
  return paired(before.rules, after.rules, (r) => r.id).flatMap(([old, now]) => {
    const rule = now ?? old
    if (!rule) return []
    const of = (part: PolicyPart, a: PolicyChange['before'], b: PolicyChange['after']) =>
      a === b ? [] : [change(part, rule.id, rule.title, a, b)]
    if (!old || !now) return of('rule', old?.title ?? null, now?.title ?? null)
    const found = [
      ...of('target', targetOf(old), targetOf(now)),
      ...of('milestones', milestonesOf(old), milestonesOf(now)),
    ]
    const same = isSame(restOf(old), restOf(now))
    return same ? found : [...found, change('rule', rule.id, rule.title, old.title, now.title)]
  })
}

function periodChange({ period: a }: Policy, { period: b }: Policy): PolicyChange[] {
  if (a.from === b.from && a.to === b.to) return []
  return [change('period', null, null, `${a.from} – ${a.to}`, `${b.from} – ${b.to}`)]
}

function readingChanges(before: Policy, after: Policy): PolicyChange[] {
  return paired(before.readings, after.readings, (r) => r.id).flatMap(([old, now]) => {
    if (isSame(old, now)) return []
    const words = (reading: typeof old): Words | null => {
      const option = reading?.options.find((o) => o.id === reading.chosen)
      return option ? { zh: option.zh, en: option.en } : null
    }
    return [
      change(
        'reading',
        now?.id ?? old?.id ?? null,
        now?.question ?? old?.question ?? null,
        words(old),
        words(now),
      ),
    ]
  })
}

function lifeChanges(before: Policy, after: Policy): PolicyChange[] {
  const key = (life: Policy['serviceLives'][number]) => [life.category, ...(life.energies ?? [])].join(' ')
  return paired(before.serviceLives, after.serviceLives, key).flatMap(([old, now]) => {
    const life = now ?? old
    if (!life || isSame(old, now)) return []
    return [change('service-life', key(life), null, old?.years ?? null, now?.years ?? null)]
  })
}

function regionChanges(before: Policy, after: Policy): PolicyChange[] {
  return paired(before.regions, after.regions, (r) => r.code).flatMap(([old, now]) => {
    if (isSame(old, now)) return []
    const words = (region: typeof old): Words | null => region && { zh: region.name, en: region.english }
    return [change('region', now?.code ?? old?.code ?? null, words(now ?? old), words(old), words(now))]
  })
}

function wordingChanges(before: Policy, after: Policy): PolicyChange[] {
  const fields = ['title', 'issuer', 'number', 'issuedOn'] as const
  const found = fields
    .filter((field) => !isSame(before[field], after[field]))
    .map((field) => change('wording', field, null, before[field], after[field]))
  if (isSame(before.city, after.city)) return found
  return [...found, change('wording', 'city', null, before.city.name, after.city.name)]
}
