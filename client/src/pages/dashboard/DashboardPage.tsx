import { Button, Skeleton } from 'antd'
import { useNavigate } from 'react-router-dom'
import type { Compliance } from '../../../../server/compliance/schema.ts'
import { useCan, useMe } from '../../app/session.tsx'
import { CountyChoice, OperatorChoice } from '../../components/choices.tsx'
import { Nothing } from '../../components/Nothing.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { assessmentTone, Tag, type Tone } from '../../components/Tag.tsx'
import { instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { LatestAlerts } from '../alerts/LatestAlerts.tsx'
import { FleetTile } from './FleetTile.tsx'
import { PartsTable } from './PartsTable.tsx'
import { RuleCard } from './RuleCard.tsx'
import { evidenceAddress, type FigureFilters, isEmpty, splitRules, useFigures } from './useFigures.ts'
import './dashboard.css'

/** How the city stands: every rule's figure, what is needed, and where each number comes from. */
export default function DashboardPage() {
  const { t } = useText()
  const { filters, set, clear, narrowed, query } = useFigures()
  const { county, operator } = useMe()
  return (
    <Page title={t('dashboard.title')} lead={query.data && <Lead data={query.data} />} past>
      <div className="filters">
        {county === null && operator === null && (
          <CountyChoice value={filters.county} onChange={(county) => set({ county })} />
        )}
        {operator === null && (
          <OperatorChoice value={filters.operator} onChange={(operator) => set({ operator })} />
        )}
        {narrowed && (
          <Button type="text" className="filter-auto" onClick={clear}>
            {t('common.clear')}
          </Button>
        )}
      </div>
      <Resource
        query={query}
        skeleton={<CardsSkeleton />}
        empty={{
          when: isEmpty,
          show: (
            <Nothing filtered={narrowed} onClear={clear} past={t('past.emptyFigures')}>
              <EmptyLedger />
            </Nothing>
          ),
        }}
      >
        {(data) => <Figures data={data} filters={filters} />}
      </Resource>
    </Page>
  )
}

function Figures({ data, filters }: { data: Compliance; filters: FigureFilters }) {
  const { t } = useText()
  const { targets, others } = splitRules(data.rules)
  return (
    <>
      <LatestAlerts />
      <div className="rules">
        {targets.map((rule) => (
          <RuleCard key={rule.id} rule={rule} filters={filters} end={data.policy.period.to} />
        ))}
      </div>
      <div className="section-head">
        <h2>{t('dashboard.fleets')}</h2>
        <span className="hint">{t('dashboard.fleetsHint')}</span>
      </div>
      <div className="tiles">
        {others.map((rule) => (
          <FleetTile key={rule.id} rule={rule} filters={filters} />
        ))}
      </div>
      <PartsTable
        data={data}
        filters={filters}
        evidence={(rule, more) => evidenceAddress(rule, filters, more)}
      />
    </>
  )
}

/** How many targets stand how, and what the figures rest on. */
function Lead({ data }: { data: Compliance }) {
  const { t, label } = useText()
  const { targets } = splitRules(data.rules)
  const counts = new Map<string, number>()
  for (const rule of targets) counts.set(rule.status, (counts.get(rule.status) ?? 0) + 1)
  return (
    <>
      <div className="stand" data-testid="stand">
        {t('dashboard.summary', { n: targets.length })}
        {[...counts].map(([status, n]) => (
          <Tag
            key={status}
            tone={assessmentTone(status) satisfies Tone}
          >{`${n} ${label('assessment', status)}`}</Tag>
        ))}
      </div>
      <div className="basis" data-testid="basis">
        {t('dashboard.asOfLine', { asOf: data.asOf })} ·{' '}
        {t('dashboard.knownLine', { knownAt: instant(data.knownAt) })} ·{' '}
        {t('dashboard.document', { number: data.policy.number })}
      </div>
    </>
  )
}

/** What to do so that there are figures, for those who may. */
function EmptyLedger() {
  const { t } = useText()
  const can = useCan()
  const navigate = useNavigate()
  return (
    <Panel
      testId="empty"
      title={t('dashboard.emptyTitle')}
      hint={t('dashboard.emptyHint')}
      actions={
        can('import.send') && (
          <Button type="primary" size="large" onClick={() => navigate('/uploads/send')}>
            {t('dashboard.goUpload')}
          </Button>
        )
      }
    />
  )
}

const CardsSkeleton = () => (
  <div className="rules">
    {['a', 'b', 'c', 'd', 'e'].map((key) => (
      <div key={key} className="rule">
        <Skeleton active paragraph={{ rows: 7 }} />
      </div>
    ))}
  </div>
)
