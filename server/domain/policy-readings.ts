import { type Measure, type Policy, policy, type Rule, type RulePatch } from './policy.ts'

/**
 * A policy with its readings applied: its rules are those that figures are made by, each with the words of the options
 * chosen that name it, and `readings` is empty. Source: domain.md "Rules", the readings that a document leaves open.
 * Takes a valid document; applied twice it is the same.
 * @throws ZodError when the options chosen contradict each other, so that what comes out is no policy
 */
export function effectivePolicy(document: Policy): Policy {
  const chosen = document.readings.flatMap(({ chosen, options }) => options.filter((o) => o.id === chosen))
  const rules = document.rules.flatMap((rule) => {
    const said = chosen.filter((option) => rule.id in option.rules)
    const words = said.map(({ zh, en }) => ({ zh, en }))
    let read: Rule = { ...rule, readings: [...rule.readings, ...words] }
    for (const option of said) read = patched(read, option.rules[rule.id] ?? {})
    const apart = said.flatMap((option) => option.rules[rule.id]?.apart ?? [])
    if (apart.length === 0) return [read]
    return apart.map(({ id, title, categories }) => ({
      ...patched(read, { where: { categories } }),
      id,
      title,
    }))
  })
  return policy.parse({ ...document, rules, readings: [] })
}

function patched(rule: Rule, patch: RulePatch): Rule {
  const { where, counted, unit } = patch
  if (rule.kind === 'rising-share')
    return { ...rule, fleet: { ...rule.fleet, ...where }, counted: { ...rule.counted, ...counted } }
  if (rule.kind === 'share')
    return { ...rule, over: measured(rule.over, patch), counted: { ...rule.counted, ...counted } }
  return { ...rule, sum: rule.sum.map((m) => measured(m, patch)), unit: unit ?? rule.unit }
}

const measured = (measure: Measure, { where, kinds, reasons, weight }: RulePatch): Measure => ({
  ...measure,
  where: { ...measure.where, ...where },
  kinds: kinds && measure.of === 'vehicle' ? kinds : measure.kinds,
  ...(reasons && measure.reasons ? { reasons } : {}),
  weight: weight ?? measure.weight,
})

/** True if two policies' rules of an id count the same changes: only its words, target or milestones may differ. */
export function countsAlike(a: Policy, b: Policy, id: string): boolean {
  const counting = (p: Policy) => {
    const rule = p.rules.find((r) => r.id === id)
    if (!rule) return null
    if (rule.kind === 'rising-share') return [rule.kind, rule.fleet, rule.counted]
    const { from, to } = p.period
    return rule.kind === 'share'
      ? [rule.kind, from, to, rule.over, rule.counted]
      : [rule.kind, from, to, rule.sum]
  }
  return JSON.stringify(counting(a)) === JSON.stringify(counting(b))
}
