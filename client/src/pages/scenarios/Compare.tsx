import { useQueries } from '@tanstack/react-query'
import { Button, Skeleton } from 'antd'
import { useEffect, useRef } from 'react'
import { Link } from 'react-router-dom'
import type { RuleProjection, ScenarioView } from '../../../../server/scenarios/schema.ts'
import { outcomeText, planText, rulesOf } from '../../../../server/wording/scenario-text.ts'
import { queries } from '../../api/queries.ts'
import { useCountyName } from '../../components/choices.tsx'
import { ErrorPanel } from '../../components/states.tsx'
import { AssessmentTag } from '../../components/Tag.tsx'
import { testId } from '../../components/testId.ts'
import { count, figure, targetShare } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { useScenarioWords } from './useScenarioWords.ts'

/** Scenarios side by side: every target at the end, and the steps that lead there. */
export function Compare({ ids, onClose }: { ids: readonly string[]; onClose: () => void }) {
  const { t } = useText()
  const found = useQueries({ queries: ids.map((id) => queries.scenario(id)) })
  const section = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever is compared is brought into view
  useEffect(() => {
    section.current?.scrollIntoView({ block: 'start' })
  }, [ids.join(' ')])
  const failed = found.find((q) => q.error)
  const scenarios = found.flatMap((q) => (q.data ? [q.data] : []))
  return (
    <section className="card scenario-compared" ref={section} aria-labelledby="scenario-compared">
      <div className="card-head">
        <h2 id="scenario-compared">{t('whatIf.compareTitle')}</h2>
        <Button size="small" onClick={onClose} {...testId('scenario-compare-off')}>
          {t('whatIf.compareOff')}
        </Button>
      </div>
      {failed ? (
        <ErrorPanel error={failed.error} onRetry={() => void failed.refetch()} />
      ) : scenarios.length < ids.length ? (
        <Skeleton active />
      ) : (
        <Side scenarios={scenarios} />
      )}
    </section>
  )
}

function Side({ scenarios }: { scenarios: ScenarioView[] }) {
  const { t, pick } = useText()
  const countyName = useCountyName()
  const whose = (county: string | null) => (county === null ? t('scenario.wholeCity') : countyName(county))
  // By the rules of all of them: versions of the policy may have others.
  const rules = new Map(scenarios.flatMap((s) => s.rules.map((r) => [r.id, r] as const)))
  const told = new Set(scenarios.flatMap((s) => rulesOf(s.rules, s.county).map((r) => r.id)))
  const shown = [...rules.values()].filter((r) => told.has(r.id))
  const starts = new Set(scenarios.map((s) => `${s.basis.asOf} ${s.basis.policyVersion}`))
  return (
    <>
      {starts.size > 1 && <p className="hint">{t('whatIf.compareAsOf')}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is scrolled by keys, too */}
      <div className="scenario-wide" tabIndex={0}>
        <table className="scenario-table" data-testid="scenario-table">
          <thead>
            <tr>
              <th scope="col">{t('whatIf.rule')}</th>
              {scenarios.map((s) => (
                <th key={s.id} scope="col">
                  <Link to={`/scenarios?id=${s.id}`}>{s.name}</Link>
                  <small>
                    {whose(s.county)} · {t('whatIf.asOf', { asOf: s.basis.asOf })}
                  </small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((rule) => (
              <tr key={rule.id} data-testid={`compare-${rule.id}`}>
                <th scope="row">{pick(rule.title)}</th>
                {scenarios.map((s) => (
                  <td key={s.id}>
                    <End rule={of(s, rule.id)} scenario={s} />
                  </td>
                ))}
              </tr>
            ))}
            <tr>
              <th scope="row">{t('whatIf.measures')}</th>
              {scenarios.map((s) => (
                <td key={s.id}>
                  <StepList scenario={s} />
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
    </>
  )
}

const of = (scenario: ScenarioView, rule: string): RuleProjection | undefined =>
  scenario.rules.find((r) => r.id === rule)

function End({ rule, scenario }: { rule: RuleProjection | undefined; scenario: ScenarioView }) {
  const { t } = useText()
  const words = useScenarioWords(scenario.operators)
  if (!rule) return '—'
  const target = rule.unit === 'percent' ? targetShare(rule.target ?? 0) : count(rule.target)
  const note = outcomeText(rule, words)
  return (
    <>
      <b>{figure(rule.end.value, rule.unit)}</b> <AssessmentTag status={rule.end.status} />
      <small>
        {rule.target !== null && t('whatIf.target', { value: target })}
        {note && ` · ${note}`}
      </small>
    </>
  )
}

/** A scenario's steps in sentences; those that come to nothing are left out. */
function StepList({ scenario }: { scenario: ScenarioView }) {
  const words = useScenarioWords(scenario.operators)
  const { steps, others } = planText(scenario.inputs, scenario.steps, words)
  return (
    <ul className="scenario-said">
      {steps.map((text) => (
        <li key={text}>{text}</li>
      ))}
      <li className="hint">{others}</li>
    </ul>
  )
}
