import { Tabs } from 'antd'
import { Link } from 'react-router-dom'
import { DISPUTE_STATUSES, type DisputeStatus, type DisputeView } from '../../../../server/disputes/schema.ts'
import { queries } from '../../api/queries.ts'
import { useMe } from '../../app/session.tsx'
import { type Column, DataList } from '../../components/DataList.tsx'
import { ListCard } from '../../components/ListCard.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useList } from '../../components/useList.ts'
import { instant, NONE } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { DisputeTag } from './DisputeTag.tsx'

const TABS = [...DISPUTE_STATUSES, 'all'] as const

/** The disputes about rows: those to decide first. */
export default function DisputesPage() {
  const { t } = useText()
  const me = useMe()
  const { values, set } = useAddress(['status'] as const)
  const own = me.operator !== null
  const first = own ? 'all' : 'open'
  const tab = TABS.find((name) => name === values.status) ?? first
  return (
    <Page title={t('disputes.title')} lead={t(own ? 'disputes.leadOperator' : 'disputes.lead')}>
      <Tabs
        activeKey={tab}
        onChange={(key) => set({ status: key === first ? undefined : key })}
        items={TABS.map((key) => ({
          key,
          label: <span data-testid={`tab-${key}`}>{t(`disputes.${key}`)}</span>,
        }))}
      />
      <Disputes key={tab} status={tab === 'all' ? undefined : tab} />
    </Page>
  )
}

function Disputes({ status }: { status: DisputeStatus | undefined }) {
  const { t } = useText()
  const list = useList(queries.disputes({ status }))
  return (
    <Resource
      query={list.query}
      empty={{
        when: (items) => items.length === 0,
        show: (
          <Panel
            testId="empty"
            title={t(status === 'open' ? 'disputes.emptyOpen' : 'disputes.empty')}
            hint={t('disputes.emptyHint')}
          />
        ),
      }}
    >
      {(items) => (
        <ListCard list={list}>
          <DisputeTable items={items} />
        </ListCard>
      )}
    </Resource>
  )
}

function DisputeTable({ items }: { items: DisputeView[] }) {
  const { t } = useText()
  const me = useMe()
  const columns: Column<DisputeView>[] = [
    {
      key: 'vehicle',
      title: t('disputes.vehicle'),
      width: 150,
      card: 'head',
      render: (d) => (
        <Link to={`/disputes/${d.id}`} className="filename">
          {d.values.plate || d.values.vin || t('common.row', { row: d.row })}
        </Link>
      ),
    },
    {
      key: 'status',
      title: t('disputes.state'),
      width: 120,
      card: 'head',
      render: (d) => <DisputeTag status={d.status} />,
    },
    ...(me.operator === null
      ? [
          {
            key: 'operator',
            title: t('disputes.operator'),
            width: 200,
            render: (d: DisputeView) => d.operator?.name ?? NONE,
          },
        ]
      : []),
    {
      key: 'claim',
      title: t('disputes.claim'),
      width: 320,
      onCell: () => ({ className: 'wide' }),
      render: (d) => <span className="reason-said">{d.claim}</span>,
    },
    {
      key: 'wish',
      title: t('disputes.wish'),
      width: 160,
      render: (d) => t(d.wish === 'record' ? 'disputes.wishRecord' : 'disputes.wishExempt'),
    },
    { key: 'at', title: t('disputes.at'), width: 150, render: (d) => instant(d.at) },
  ]
  return (
    <DataList
      columns={columns}
      rows={items}
      rowKey={(d) => d.id}
      rowTestId={(d) => `dispute-${d.id}`}
      testId="disputes-table"
    />
  )
}
