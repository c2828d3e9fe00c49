import { queries } from '../../api/queries.ts'
import { useMe } from '../../app/session.tsx'
import { CountyChoice, OperatorChoice, useCountyName, useOperatorName } from '../../components/choices.tsx'
import { ExportButton } from '../../components/ExportButton.tsx'
import { ListMore } from '../../components/ListMore.tsx'
import { Nothing } from '../../components/Nothing.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useList } from '../../components/useList.ts'
import { useText } from '../../i18n/index.ts'
import { HowScored } from './HowScored.tsx'
import { MonthBars } from './MonthBars.tsx'
import { MonthsChoice } from './MonthsChoice.tsx'
import { OperatorTable } from './OperatorTable.tsx'
import { ScorePanel } from './ScorePanel.tsx'
import './quality.css'

const FILTERS = ['county', 'operator', 'from', 'to'] as const

/** How well operators report: the score of all together, the months, and each operator with what lowers its score. */
export default function QualityPage() {
  const { t } = useText()
  const me = useMe()
  const { values, set, clear, active } = useAddress(FILTERS)
  const list = useList(queries.quality(values))
  const { first } = list
  const name = useName(values)
  const asked = { ...values, from: first?.from ?? values.from, to: first?.to ?? values.to }
  const own = me.operator !== null
  return (
    <Page title={t('qualityPage.title')} lead={t(own ? 'qualityPage.leadOwn' : 'qualityPage.lead')}>
      <search className="filters">
        {me.county === null && !own && (
          <CountyChoice value={values.county} onChange={(county) => set({ county })} />
        )}
        {!own && <OperatorChoice value={values.operator} onChange={(operator) => set({ operator })} />}
        <MonthsChoice from={asked.from} to={asked.to} onChange={set} />
      </search>
      <Resource
        query={list.query}
        empty={{
          when: (items) => items.length === 0,
          show: (
            <Nothing filtered={active} onClear={clear}>
              <Panel
                testId="empty"
                title={t(own ? 'qualityPage.emptyOwn' : 'qualityPage.empty')}
                hint={own ? undefined : t('qualityPage.emptyHint')}
              />
            </Nothing>
          ),
        }}
      >
        {(items) => (
          <div className={list.stale ? 'quality stale' : 'quality'}>
            {first && <ScorePanel judged={first.whole} asked={asked} name={name} />}
            <MonthBars {...asked} />
            {!own && (
              <section>
                <div className="section-head">
                  <h2>{t('qualityPage.operators')}</h2>
                  <span className="hint">{t('qualityPage.operatorsHint')}</span>
                  <ExportButton path="/quality" query={values} />
                </div>
                <div className="card card-flush">
                  <OperatorTable items={items} asked={asked} />
                  <ListMore shown={items.length} total={list.total} {...list.more} />
                </div>
              </section>
            )}
            {first && <HowScored reportingDays={first.reportingDays} />}
          </div>
        )}
      </Resource>
    </Page>
  )
}

/** Whose score stands above. */
function useName({ county, operator }: { county: string; operator: string }): string {
  const { t } = useText()
  const me = useMe()
  const countyName = useCountyName()
  const operatorName = useOperatorName()
  if (me.operator !== null) return me.operatorName ?? me.operator
  if (operator) return operatorName(operator)
  if (county) return t('qualityPage.wholeOf', { name: countyName(county) })
  return t(me.county === null ? 'qualityPage.wholeCity' : 'qualityPage.wholeCounty')
}
