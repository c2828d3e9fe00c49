import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { Link } from 'react-router-dom'
import type { AlertView } from '../../../../server/alerts/schema.ts'
import { DIRECTIONS } from '../../../../server/domain/alert.ts'
import { alertQueries } from '../../api/alerts.ts'
import { address } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { useMe } from '../../app/session.tsx'
import { CountyChoice, RangeChoice, useCountyName } from '../../components/choices.tsx'
import { type Column, DataList } from '../../components/DataList.tsx'
import { chipOf, FilterBar } from '../../components/FilterBar.tsx'
import { ListCard } from '../../components/ListCard.tsx'
import { Nothing } from '../../components/Nothing.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useList } from '../../components/useList.ts'
import { figure, instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { AlertDrawer } from './AlertDrawer.tsx'
import { Course } from './Course.tsx'
import './alerts.css'

const FILTERS = ['rule', 'county', 'direction', 'from', 'to'] as const

/** What changed in how the rules stand, newest first; each opens with the entries behind it. */
export default function AlertsPage() {
  const { t } = useText()
  const { values, set, clear, active } = useAddress(FILTERS)
  const open = useAddress(['id'] as const)
  const list = useList(alertQueries.list(values))
  return (
    <Page title={t('alerts.title')} lead={t('alerts.lead')}>
      <Filters values={values} set={set} onClear={clear} />
      <Resource
        query={list.query}
        empty={{
          when: (items) => items.length === 0,
          show: (
            <Nothing filtered={active} onClear={clear}>
              <Panel testId="empty" title={t('alerts.empty')} hint={t('alerts.emptyHint')} />
            </Nothing>
          ),
        }}
      >
        {(items) => (
          <ListCard list={list}>
            <AlertTable items={items} filters={values} />
          </ListCard>
        )}
      </Resource>
      <AlertDrawer id={open.values.id} onClose={open.clear} />
    </Page>
  )
}

type Values = Record<(typeof FILTERS)[number], string>

function Filters(props: {
  values: Values
  set: (changes: Partial<Record<keyof Values, string | undefined>>) => void
  onClear: () => void
}) {
  const { values, set, onClear } = props
  const { t, pick } = useText()
  const me = useMe()
  const countyName = useCountyName()
  const { data } = useQuery({ ...queries.compliance({}), staleTime: 300_000 })
  const titles = new Map(data?.rules.map((rule) => [rule.id, pick(rule.title)]))
  const chip = chipOf(values, set)
  return (
    <FilterBar
      chips={[
        ...chip('rule', t('alerts.rule'), (id) => titles.get(id) ?? id),
        ...chip('county', t('alerts.place'), (code) =>
          code === 'city' ? t('alerts.city') : countyName(code),
        ),
        ...chip('direction', t('alerts.direction'), (one) => t(`alerts.${one as 'worse'}`)),
        ...chip('from', t('filters.from')),
        ...chip('to', t('filters.to')),
      ]}
      onClear={onClear}
    >
      <Select
        allowClear
        className="filter-wide"
        value={values.rule || undefined}
        onChange={(rule) => set({ rule })}
        placeholder={t('alerts.rule')}
        aria-label={t('alerts.rule')}
        options={[...titles].map(([value, label]) => ({ value, label }))}
        popupMatchSelectWidth={false}
        data-testid="filter-rule"
      />
      {me.county === null && <CountyChoice value={values.county} onChange={(county) => set({ county })} />}
      <Select
        allowClear
        value={values.direction || undefined}
        onChange={(direction) => set({ direction })}
        placeholder={t('alerts.direction')}
        aria-label={t('alerts.direction')}
        options={DIRECTIONS.map((value) => ({ value, label: t(`alerts.${value}`) }))}
        data-testid="filter-direction"
      />
      <RangeChoice values={values} onChange={set} label={t('alerts.days')} />
    </FilterBar>
  )
}

/** @param filters stay when an alert is opened and closed again */
function AlertTable({ items, filters }: { items: AlertView[]; filters: Values }) {
  const { t, pick } = useText()
  const countyName = useCountyName()
  const columns: Column<AlertView>[] = [
    {
      key: 'rule',
      title: t('alerts.rule'),
      width: 270,
      card: 'head',
      render: (a) => (
        <Link to={address('/alerts', { ...filters, id: a.id })} className="subject" data-testid="alert-open">
          {pick(a.title)}
        </Link>
      ),
    },
    {
      key: 'course',
      title: t('alerts.course'),
      width: 230,
      card: 'head',
      render: (a) => <Course alert={a} />,
    },
    {
      key: 'value',
      title: t('alerts.value'),
      width: 170,
      render: (a) => t('alerts.arrow', { before: said(a, 'before'), after: said(a, 'after') }),
    },
    {
      key: 'place',
      title: t('alerts.place'),
      width: 120,
      render: (a) => (a.county === null ? t('alerts.city') : countyName(a.county)),
    },
    {
      key: 'because',
      title: t('alerts.because'),
      width: 190,
      render: (a) => a.because.map((cause) => t(`alerts.causes.${cause}`)).join(t('remind.listJoin')),
    },
    { key: 'at', title: t('alerts.at'), width: 150, render: (a) => instant(a.at) },
  ]
  return (
    <DataList
      columns={columns}
      rows={items}
      rowKey={(a) => a.id}
      rowTestId={() => 'alert'}
      testId="alerts-table"
    />
  )
}

const said = (alert: AlertView, of: 'before' | 'after'): string => figure(alert[of].value, alert.unit)
