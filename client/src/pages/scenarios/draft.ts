import type { Rule } from '../../../../server/domain/policy.ts'
import type { ScenarioInputs, Step, StepKind } from '../../../../server/domain/scenario.ts'
import type { Category } from '../../../../server/domain/vocabulary.ts'
import type { RuleProjection } from '../../../../server/scenarios/schema.ts'

/** What is being planned, before it is kept: pure. */

/** A step with an identity of its own while it is being moved. */
export interface DraftStep extends Step {
  key: string
}

export interface Draft {
  others: ScenarioInputs['others']
  steps: DraftStep[]
}

const KINDS = ['replaced', 'retired', 'added', 'battery-swap'] as const
const isStepKind = (kind: string): kind is StepKind => (KINDS as readonly string[]).includes(kind)

let made = 0
/** A step of its own; nothing is planned by it yet. */
export function newStep(kind: StepKind, category: Category, rules: readonly Rule[]): DraftStep {
  return {
    ...{ key: `step-${++made}`, kind, category, county: null, operators: [], amount: 0 },
    per: kind === 'replaced' ? 'period' : 'month',
    newEnergy: 100,
    oldDiesel: asksOld(rules, kind, category) ? 100 : 0,
  }
}

/** The step that bears most plainly on a rule; null for a rule to which no step leads. */
function stepFor(rule: Rule): { kind: StepKind; category: Category } | null {
  if (rule.kind === 'rising-share') return null
  const measure = rule.kind === 'share' ? rule.over : rule.sum[0]
  const kind = measure?.kinds.find(isStepKind)
  const category = measure?.where.categories?.[0]
  return kind && category ? { kind, category } : null
}

/** What an officer begins with: one step for each target of the policy, all at zero. */
export function startDraft(rules: readonly Rule[]): Draft {
  const steps: DraftStep[] = []
  for (const rule of rules) {
    const led = rule.kind !== 'rising-share' && rule.target !== undefined ? stepFor(rule) : null
    if (!led || steps.some((s) => s.kind === led.kind && s.category === led.category)) continue
    steps.push(newStep(led.kind, led.category, rules))
  }
  return { others: 'nothing', steps }
}

/** Whether a rule asks how old the vehicles that go are. */
export function asksOld(rules: readonly Rule[], kind: StepKind, category: Category): boolean {
  if (kind !== 'replaced' && kind !== 'retired') return false
  return rules.some(
    (rule) =>
      rule.kind === 'count' &&
      rule.sum.some(
        ({ where, of, kinds }) =>
          where.emissionAtMost !== undefined &&
          (where.categories?.includes(category) ?? true) &&
          kinds.includes(kind) &&
          (of === 'replaced-vehicles') === (kind === 'replaced'),
      ),
  )
}

/** Whether vehicles come in by a kind of step, of which some are new-energy. */
export const asksEnergy = (kind: StepKind): boolean => kind === 'replaced' || kind === 'added'

/** The draft as the service takes it. */
export const inputsOf = ({ others, steps }: Draft): ScenarioInputs => ({
  others,
  steps: steps.map(({ key: _, ...step }) => step),
})

/** A kept scenario as a draft. */
export const draftOf = ({ others, steps }: ScenarioInputs): Draft => ({
  others,
  steps: steps.map((step) => ({ ...step, operators: [...step.operators], key: `step-${++made}` })),
})

/** Whether two drafts plan the same. */
export const samePlan = (a: Draft, b: Draft): boolean =>
  JSON.stringify(inputsOf(a)) === JSON.stringify(inputsOf(b))

const ROUND = [1, 2, 5]

/** A round number that is at least as large: 1, 2 or 5 and zeros. */
export function roundUp(value: number): number {
  for (let power = 1; ; power *= 10) {
    const found = ROUND.map((n) => n * power).find((n) => n >= value)
    if (found !== undefined) return found
  }
}

/**
 * How far a step's slider goes: twice what its target still lacks, at least 20, and beyond what is set already.
 * @param months until the period's end
 */
export function reachOf(
  step: Step,
  rules: readonly Rule[],
  standing: readonly RuleProjection[],
  months: number,
): number {
  const lacking = rules.flatMap((rule) => {
    const led = stepFor(rule)
    if (led?.kind !== step.kind || led.category !== step.category) return []
    const { target, now } = standing.find((p) => p.id === rule.id) ?? {}
    if (target == null || !now) return []
    if (now.denominator !== null) return [now.denominator]
    return [Math.max(0, target - now.numerator)]
  })
  const most = Math.max(0, ...lacking)
  const wanted = step.per === 'month' && months > 0 ? most / months : most
  return roundUp(Math.max(20, 2 * wanted, step.amount))
}
