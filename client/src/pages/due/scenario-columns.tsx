import { SCENARIOS } from '../../../../server/domain/due-scenarios.ts'
import type { DueScenarios, ScenarioOutcome } from '../../../../server/due/schema.ts'
import { Stacked } from '../../components/changeColumns.tsx'
import type { Column } from '../../components/DataList.tsx'
import { Tag } from '../../components/Tag.tsx'
import { count, figure, NONE, targetShare } from '../../format.ts'
import type { Text } from '../../i18n/index.ts'

type Rule = DueScenarios['rules'][number]

/** Whether the due vehicles move a rule's figure in any scenario. */
export const isMoved = ({ today, outcomes }: Rule): boolean =>
  outcomes.some((o) => o.numerator !== today.numerator || o.denominator !== today.denominator)

/** A rule in each scenario, in words. */
export function scenarioColumns(text: Text): Column<Rule>[] {
  const { t, pick } = text
  return [
    {
      ...{ key: 'rule', title: t('due.rule'), width: 230, fixed: 'left', card: 'head' },
      render: (rule) =>
        isMoved(rule) ? (
          <b>{pick(rule.title)}</b>
        ) : (
          <Stacked first={pick(rule.title)} second={t('due.unmoved')} />
        ),
    },
    {
      key: 'target',
      title: t('due.target'),
      width: 110,
      align: 'right',
      render: (rule) => target(rule, text),
    },
    {
      ...{ key: 'today', title: t('due.now'), width: 110, align: 'right' },
      render: (rule) => figure(rule.today.value, rule.unit),
    },
    ...SCENARIOS.map(
      (scenario): Column<Rule> => ({
        ...{ key: scenario, title: t(`due.scenario.${scenario}`), width: 220, className: 'due-scenario' },
        render: (rule) => {
          const outcome = rule.outcomes.find((o) => o.scenario === scenario)
          return outcome ? <Outcome rule={rule} outcome={outcome} text={text} /> : NONE
        },
      }),
    ),
  ]
}

function target({ kind, target }: Rule, { t }: Text): string {
  if (kind === 'rising-share') return t('due.rising')
  if (target === null) return NONE
  return t('due.atLeast', { value: kind === 'share' ? targetShare(target) : count(target) })
}

function Outcome({ rule, outcome, text }: { rule: Rule; outcome: ScenarioOutcome; text: Text }) {
  const { t } = text
  const { value, reached } = outcome
  if (!isMoved(rule)) return <span className="none">{figure(value, rule.unit)}</span>
  if (value === null) return <span className="none">{t('due.noData')}</span>
  return (
    <span className="due-cell" data-testid={`outcome-${rule.id}-${outcome.scenario}`}>
      <b>{figure(value, rule.unit)}</b>
      {reached !== null && (
        <Tag tone={reached ? 'good' : 'bad'}>{t(reached ? 'due.reached' : 'due.notReached')}</Tag>
      )}
      {reached === false && <small>{missing(rule, outcome, text)}</small>}
    </span>
  )
}

function missing(rule: Rule, { missing }: ScenarioOutcome, { t }: Text): string {
  if (missing === null) return t('due.lost')
  if (rule.kind === 'share') return t('due.missingShare', { n: count(missing), count: missing })
  return t('due.missingCount', { n: count(missing), unit: t(`unit.${rule.unit}`) })
}
