import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { SCENARIOS } from '../../../../server/domain/due-scenarios.ts'
import type { DueScenarios, PresentMix } from '../../../../server/due/schema.ts'
import { queries } from '../../api/queries.ts'
import { DataList } from '../../components/DataList.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { count } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { PLACE, PlaceChoices } from './filters.tsx'
import { scenarioColumns } from './scenario-columns.tsx'

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
            <Met data={data} scenario={scenario} />
          </div>
        ))}
      </div>
      <div className="card card-flush">
        <DataList columns={columns} rows={data.rules} rowKey={(rule) => rule.id} testId="scenarios-table" />
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

/** How many of the targets of which something can be said are met. */
function Met({ data, scenario }: { data: DueScenarios; scenario: (typeof SCENARIOS)[number] }) {
  const { t } = useText()
  const judged = data.rules.flatMap(({ outcomes }) =>
    outcomes.filter((o) => o.scenario === scenario && o.reached !== null),
  )
  const met = judged.filter((o) => o.reached).length
  if (judged.length === 0) return <b className="due-met">{t('due.noTargets')}</b>
  return (
    <b className={met === judged.length ? 'due-met good' : 'due-met'}>
      {t('due.metOf', { n: met, total: judged.length })}
    </b>
  )
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
