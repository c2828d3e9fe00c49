import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Segmented, Select } from 'antd'
import { useCallback } from 'react'
import { useNavigate, useParams } from 'react-router-dom'
import type { BreakdownBy, BreakdownPart } from '../../../../server/compliance/schema.ts'
import { address } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { useMe } from '../../app/session.tsx'
import { CountyChoice, OperatorChoice } from '../../components/choices.tsx'
import { ExportButton } from '../../components/ExportButton.tsx'
import { Nothing, NothingRecorded } from '../../components/Nothing.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useNarrow } from '../../components/useNarrow.ts'
import { usePast } from '../../components/usePast.ts'
import { instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { evidenceAddress, type FigureFilters, undeterminedAddress } from '../dashboard/useFigures.ts'
import { Course } from './Course.tsx'
import { Months } from './Months.tsx'
import { Ranking } from './Ranking.tsx'
import { Said } from './Said.tsx'
import '../dashboard/dashboard.css'
import './breakdown.css'

/** In the order in which they are offered. */
const BY = ['county', 'operator', 'category', 'energy', 'month'] as const satisfies readonly BreakdownBy[]
const WORDS = {
  county: 'breakdown.county',
  operator: 'breakdown.operator',
  category: 'breakdown.category',
  energy: 'breakdown.energy',
  month: 'breakdown.month',
} as const satisfies Record<BreakdownBy, string>

/** A figure in its parts, ranked where they are somebody's doing; each opens the very changes behind it. */
export default function BreakdownPage() {
  const { rule: id = '' } = useParams()
  const { t, pick } = useText()
  const me = useMe()
  const navigate = useNavigate()
  const { asOf, knownAt } = usePast()
  const { values, set, clear } = useAddress(['by', 'county', 'operator'] as const)
  const by: BreakdownBy = BY.find((one) => one === values.by) ?? 'county'
  const { county, operator } = values
  const filters: FigureFilters = { asOf, knownAt, county, operator }
  const figures = useQuery({ ...queries.compliance(filters), placeholderData: keepPreviousData })
  const rule = figures.data?.rules.find((one) => one.id === id)
  const query = { ...filters, by }
  const parts = useQuery({ ...queries.breakdown(id, query), placeholderData: keepPreviousData })
  // The parts of another rule or heading stay out of sight, the same ones of another place fade until theirs come.
  const data = parts.data?.rule === id && parts.data.by === by ? parts.data : undefined
  const evidence = useCallback(
    ({ key }: BreakdownPart) => evidenceAddress(id, { asOf, knownAt, county, operator }, { by, [by]: key }),
    [id, asOf, knownAt, county, operator, by],
  )
  const pending = ({ key }: BreakdownPart) =>
    undeterminedAddress(id, by === 'county' || by === 'operator' ? { ...filters, [by]: key } : filters)
  return (
    <Page
      title={rule ? t('breakdown.of', { title: pick(rule.title) }) : t('breakdown.title')}
      past
      back={{ to: address('/', { ...filters }), text: t('breakdown.back') }}
      actions={<ExportButton path={`/compliance/${encodeURIComponent(id)}/breakdown`} query={query} />}
      lead={
        figures.data &&
        `${t('dashboard.asOfLine', { asOf: figures.data.asOf })} · ${t('dashboard.knownLine', {
          knownAt: instant(figures.data.knownAt),
        })} · ${rule?.source ?? ''}`
      }
    >
      <div className="filters">
        <Select
          className="filter-wide"
          value={rule ? id : undefined}
          loading={figures.isPending}
          onChange={(chosen: string) => navigate(address(`/breakdown/${chosen}`, query))}
          options={figures.data?.rules.map((one) => ({ value: one.id, label: pick(one.title) })) ?? []}
          aria-label={t('breakdown.rule')}
          data-testid="breakdown-rule"
        />
        {me.county === null && me.operator === null && (
          <CountyChoice value={county} onChange={(chosen) => set({ county: chosen })} />
        )}
        {me.operator === null && (
          <OperatorChoice value={operator} onChange={(chosen) => set({ operator: chosen })} />
        )}
      </div>
      <ByChoice by={by} onChange={(chosen) => set({ by: chosen })} />
      <Resource
        query={{
          ...parts,
          data: data && rule ? { data, rule } : undefined,
          error: parts.error ?? figures.error,
        }}
        empty={{
          when: ({ data }) => data.total.entries === 0 && data.items.length === 0,
          show: (
            <Nothing
              filtered={county !== '' || operator !== ''}
              onClear={() => clear()}
              past={t('past.emptyFigures')}
            >
              <NothingRecorded hint={t('breakdown.empty')} />
            </Nothing>
          ),
        }}
      >
        {({ data, rule }) => (
          <div className={parts.isPlaceholderData ? 'stale' : ''}>
            <Said data={data} rule={rule} pending={undeterminedAddress(id, filters)} />
            {by === 'month' ? (
              <Months data={data} rule={rule} evidence={evidence} />
            ) : (
              <Ranking key={by} data={data} rule={rule} evidence={evidence} pending={pending} />
            )}
            <Course rule={rule} filters={filters} />
          </div>
        )}
      </Resource>
    </Page>
  )
}

/** Chooses what the parts are; where there is no room to show all of it, from a list. */
function ByChoice({ by, onChange }: { by: BreakdownBy; onChange: (by: BreakdownBy) => void }) {
  const { t } = useText()
  const narrow = useNarrow(560)
  const options = BY.map((value) => ({ value, label: t(WORDS[value]) }))
  const common = {
    value: by,
    onChange,
    options,
    'aria-label': t('breakdown.by'),
    'data-testid': 'breakdown-by',
  }
  return narrow ? (
    <Select<BreakdownBy> className="breakdown-by" {...common} />
  ) : (
    <Segmented<BreakdownBy> className="breakdown-by" {...common} />
  )
}
