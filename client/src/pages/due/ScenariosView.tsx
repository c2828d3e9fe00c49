import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { SCENARIOS, type ScenarioName } from '../../../../server/domain/due-scenarios.ts'
import type { DueScenarios, PresentMix } from '../../../../server/due/schema.ts'
import { queries } from '../../api/queries.ts'
import { DataList } from '../../components/DataList.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { Tag } from '../../components/Tag.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { count } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { PLACE, PlaceChoices } from './filters.tsx'
import { isMoved, scenarioColumns } from './scenario-columns.tsx'

/** What every target comes to when the due vehicles are replaced by new-energy ones, as of late, or not at all. */
export function ScenariosView() {
  const { values, set } = useAddress(PLACE)
  const query = useQuery({ ...queries.dueScenarios(values), placeholderData: keepPreviousData })
  return (
    <>
      <div className="filters">
        <PlaceChoices values={values} set={set} />
      </div>
      <Resource query={query}>
        {(data) => (
          <div className={query.isPlaceholderData ? 'stale' : ''}>
            <Outcomes data={data} />
          </div>
        )}
      </Resource>
    </>
  )
}

function Outcomes({ data }: { data: DueScenarios }) {
  const text = useText()
  const { t } = text
  const columns = useMemo(() => scenarioColumns(text), [text])
  if (data.over)
    return (
      <Panel
        testId="due-over"
        title={t('due.overPeriod', { until: data.until })}
        hint={t('due.overPeriodHint')}
      />
    )
  const { total, undetermined } = data.due
  return (
    <>
      <p className="due-say" data-testid="scenarios-lead">
        {t('due.scenariosLead', { until: data.until, n: count(total), count: total })}
        {undetermined > 0 && (
          <small> {t('due.dueNote', { n: count(undetermined), count: undetermined })}</small>
        )}
      </p>
      <div className="due-outcomes">
        {SCENARIOS.map((scenario) => (
          <div key={scenario} className="due-outcome" data-testid={`scenario-${scenario}`}>
            <h2>{t(`due.scenario.${scenario}`)}</h2>
            <p>{t(`due.scenarioHint.${scenario}`)}</p>
            <Verdicts rules={data.rules} scenario={scenario} />
          </div>
        ))}
      </div>
      <div className="card card-flush">
        <DataList
          columns={columns}
          rows={inOrder(data.rules)}
          rowKey={(rule) => rule.id}
          testId="scenarios-table"
        />
      </div>
      <p className="hint due-note">{t('due.onlyDue')}</p>
      {data.mix.length > 0 && (
        <section className="card due-mix" aria-labelledby="due-mix-title">
          <h2 id="due-mix-title">{t('due.mixTitle')}</h2>
          <ul data-testid="due-mix">
            {data.mix.map((mix) => (
              <li key={mix.category}>
                <MixLine mix={mix} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

/** How the targets that the due vehicles move come out. */
function Verdicts({ rules, scenario }: { rules: DueScenarios['rules']; scenario: ScenarioName }) {
  const { t } = useText()
  const outcomes = rules
    .filter((rule) => rule.target !== null && isMoved(rule))
    .flatMap((rule) => rule.outcomes.filter((o) => o.scenario === scenario))
  const having = (reached: boolean | null) => outcomes.filter((o) => o.reached === reached).length
  if (outcomes.length === 0) return <b className="due-met">{t('due.noTargets')}</b>
  const [met, unmet, unknown] = [having(true), having(false), having(null)]
  return (
    <div className="due-met">
      {met > 0 && <Tag tone="good">{t('due.met', { n: met, count: met })}</Tag>}
      {unmet > 0 && <Tag tone="bad">{t('due.unmet', { n: unmet })}</Tag>}
      {unknown > 0 && <Tag tone="plain">{t('due.unknown', { n: unknown })}</Tag>}
    </div>
  )
}

/** First the targets that the due vehicles move, then the fleets, then what they do not move. */
function inOrder(rules: DueScenarios['rules']): DueScenarios['rules'] {
  const place = (rule: DueScenarios['rules'][number]) =>
    isMoved(rule) ? (rule.kind === 'rising-share' ? 1 : 0) : 2
  return rules.toSorted((a, b) => place(a) - place(b))
}

function MixLine({ mix }: { mix: PresentMix }) {
  const { t, label } = useText()
  const key = ({ year: 'due.mixYear', period: 'due.mixPeriod', alike: 'due.mixAlike' } as const)[mix.basis]
  return (
    <>
      {t(key, {
        ...{ category: label('category', mix.category), n: count(mix.replaced) },
        ...{ newEnergy: count(mix.newEnergy), from: mix.from ?? '', to: mix.to ?? '' },
      })}
    </>
  )
}
