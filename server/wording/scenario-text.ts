import type { ScenarioInputs, Step } from '../domain/scenario.ts'
import type { RuleProjection, StepView } from '../scenarios/schema.ts'
import type { WordGroup, WordingKey } from './index.ts'

/** What sentences about scenarios need, on pages and in mails alike. */
export interface ScenarioWords {
  t: (key: WordingKey, params?: Record<string, string | number>) => string
  label: (group: WordGroup, value: string) => string
  /** a number as it is written */
  number: (value: number) => string
  county: (code: string) => string
  operator: (id: string) => string
}

/** More names than these are not spelt out. */
const MOST_NAMES = 3

/** Where a step is taken: whose companies, which county, or the whole city. */
export function whereText(
  { county, operators }: Pick<Step, 'county' | 'operators'>,
  words: ScenarioWords,
): string {
  const { t } = words
  if (operators.length > 0) {
    const names = operators.slice(0, MOST_NAMES).map(words.operator).join(t('scenario.and'))
    return operators.length > MOST_NAMES ? t('scenario.companies', { names, n: operators.length }) : names
  }
  return county === null ? t('scenario.wholeCity') : words.county(county)
}

/** A step in a sentence. @param total how many it comes to until the period's end */
function stepText(step: Step, { total }: Pick<StepView, 'total'>, words: ScenarioWords): string {
  const { t, label, number } = words
  const unit = t(step.kind === 'battery-swap' ? 'scenario.packs' : 'scenario.vehicles')
  const amount =
    step.per === 'period'
      ? t('scenario.amountPeriod', { n: number(step.amount), unit })
      : t('scenario.amountMonth', { n: number(step.amount), unit, total: number(total) })
  const sentence = t(`scenario.${step.kind}`, {
    ...{ where: whereText(step, words), category: label('category', step.category), amount },
    newEnergy: number(step.newEnergy),
  })
  const leaves = step.kind === 'replaced' || step.kind === 'retired'
  if (!leaves || step.oldDiesel === 0) return sentence
  return `${sentence}${t('scenario.comma')}${t('scenario.oldPart', { oldDiesel: number(step.oldDiesel) })}`
}

/**
 * Steps in sentences, and what comes beside them. A step that comes to nothing is left out: it is on the page to be
 * moved, and there is nothing to tell of it.
 * @param views what each step comes to
 */
export function planText(
  { steps, others }: ScenarioInputs,
  views: readonly Pick<StepView, 'total'>[],
  words: ScenarioWords,
): { steps: string[]; others: string } {
  const said = steps.flatMap((step, i) => {
    const comesTo = views[i]
    return comesTo && comesTo.total > 0 ? [stepText(step, comesTo, words)] : []
  })
  return {
    steps: said.length > 0 ? said : [words.t('scenario.noSteps')],
    others: words.t(others === 'pace' ? 'scenario.othersPace' : 'scenario.othersNothing'),
  }
}

/**
 * The rules that a scenario is about: those with a target, and in a part of the city, for which counts have none, also
 * those that its steps bear on.
 * @param county the part of the city; null for all of it
 */
export const rulesOf = (rules: readonly RuleProjection[], county: string | null): RuleProjection[] =>
  rules.filter((rule) => rule.target !== null || (county !== null && rule.moved))

/** What is missing at the end, or when it is reached; null where there is nothing to say. */
export function outcomeText(rule: RuleProjection, { t, number }: ScenarioWords): string | null {
  if (rule.target === null || rule.end.status === 'no-data') return null
  if (rule.reachedOn !== null)
    return rule.now.status === 'met' ? null : t('scenario.reachedOn', { on: rule.reachedOn })
  if (rule.short === 0) return null
  if (rule.short === null) return t('scenario.shortNever')
  if (rule.unit === 'percent') return t('scenario.shortShare', { n: number(rule.short) })
  return t('scenario.shortCount', { n: number(rule.short), unit: t(`scenario.${rule.unit}`) })
}
