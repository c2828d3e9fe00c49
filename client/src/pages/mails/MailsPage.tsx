import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { Link } from 'react-router-dom'
import { MAIL_STATUSES, type MailView } from '../../../../jobs/schema.ts'
import { outboxQueries } from '../../api/mails.ts'
import { queries } from '../../api/queries.ts'
import { type Column, DataList } from '../../components/DataList.tsx'
import { chipOf, FilterBar } from '../../components/FilterBar.tsx'
import { ListCard } from '../../components/ListCard.tsx'
import { Nothing } from '../../components/Nothing.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { SearchField } from '../../components/SearchField.tsx'
import { Panel } from '../../components/states.tsx'
import { MailTag } from '../../components/Tag.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useList } from '../../components/useList.ts'
import { instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { DisabledLink, OutboxState } from './OutboxState.tsx'
import './mails.css'

const FILTERS = ['status', 'kind', 'period', 'to'] as const
type Values = Record<(typeof FILTERS)[number], string>

/** The outbox: every mail and whether it arrived. */
export default function MailsPage() {
  const { t } = useText()
  const { values, set, clear, active } = useAddress(FILTERS)
  // Mails on their way are looked at again, so that their arrival is seen.
  const list = useList(queries.mails(values), (items) =>
    items.some((mail) => mail.status === 'queued' || mail.status === 'sending') ? 5000 : false,
  )
  return (
    <Page title={t('mails.title')} lead={t('mails.lead')} actions={<DisabledLink />}>
      <OutboxState status={values.status} onStatus={(status) => set({ status })} />
      <Filters values={values} set={set} onClear={clear} />
      <Resource
        query={list.query}
        empty={{
          when: (items) => items.length === 0,
          show: (
            <Nothing filtered={active} onClear={clear}>
              <Panel
                testId="empty"
                title={t('state.empty')}
                hint={t('mails.empty')}
                actions={<Link to="/jobs">{t('nav.jobs')}</Link>}
              />
            </Nothing>
          ),
        }}
      >
        {(items) => (
          <ListCard list={list}>
            <MailTable items={items} />
          </ListCard>
        )}
      </Resource>
    </Page>
  )
}

function Filters(props: {
  values: Values
  set: (changes: Partial<Record<keyof Values, string | undefined>>) => void
  onClear: () => void
}) {
  const { values, set, onClear } = props
  const { t, label } = useText()
  const { data } = useQuery(outboxQueries.summary())
  const chip = chipOf(values, set)
  return (
    <FilterBar
      search={
        <SearchField
          value={values.to}
          onChange={(to) => set({ to })}
          label={t('mails.search')}
          testId="filter-to"
        />
      }
      chips={[
        ...chip('to', t('mails.to')),
        ...chip('status', t('mails.status'), (status) => label('mailStatus', status)),
        ...chip('kind', t('mails.kind'), (kind) => label('mailKind', kind)),
        ...chip('period', t('mails.period')),
      ]}
      onClear={onClear}
    >
      <Select
        allowClear
        value={values.status || undefined}
        onChange={(status) => set({ status })}
        placeholder={t('mails.status')}
        aria-label={t('mails.status')}
        options={MAIL_STATUSES.map((value) => ({ value, label: label('mailStatus', value) }))}
        popupMatchSelectWidth={false}
        data-testid="filter-status"
      />
      <Select
        allowClear
        value={values.kind || undefined}
        onChange={(kind) => set({ kind })}
        placeholder={t('mails.kind')}
        aria-label={t('mails.kind')}
        options={data?.kinds.map((value) => ({ value, label: label('mailKind', value) })) ?? []}
        popupMatchSelectWidth={false}
        data-testid="filter-kind"
      />
    </FilterBar>
  )
}

function MailTable({ items }: { items: MailView[] }) {
  const { t, label } = useText()
  const columns: Column<MailView>[] = [
    {
      key: 'subject',
      title: t('mails.subject'),
      width: 300,
      card: 'head',
      render: (mail) => (
        <Link to={`/mails/${mail.id}`} className="subject">
          {mail.subject}
        </Link>
      ),
    },
    {
      key: 'status',
      title: t('mails.status'),
      width: 150,
      card: 'head',
      render: (mail) => <MailTag status={mail.status} />,
    },
    {
      key: 'to',
      title: t('mails.to'),
      width: 220,
      render: (mail) => (
        <>
          {mail.name && <span className="mail-name">{mail.name}</span>}
          <span className="mail-address">{mail.to}</span>
        </>
      ),
    },
    { key: 'kind', title: t('mails.kind'), width: 120, render: (mail) => label('mailKind', mail.kind) },
    { key: 'at', title: t('mails.createdAt'), width: 150, render: (mail) => instant(mail.createdAt) },
    { key: 'sent', title: t('mails.sentAt'), width: 150, render: (mail) => instant(mail.sentAt) },
  ]
  return <DataList columns={columns} rows={items} rowKey={(mail) => mail.id} testId="mails-table" />
}
