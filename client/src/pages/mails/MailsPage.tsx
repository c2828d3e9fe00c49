import { Select } from 'antd'
import { Link } from 'react-router-dom'
import type { MailView } from '../../../../jobs/schema.ts'
import { queries } from '../../api/queries.ts'
import { type Column, DataList } from '../../components/DataList.tsx'
import { ListMore } from '../../components/ListMore.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { MailTag } from '../../components/Tag.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useList } from '../../components/useList.ts'
import { instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import './mails.css'

const STATUSES: readonly MailView['status'][] = ['queued', 'sending', 'sent', 'failed', 'given-up']

/** The outbox: every mail and whether it arrived. */
export default function MailsPage() {
  const { t, label } = useText()
  const { values, set, active } = useAddress(['status'] as const)
  // Mails on their way are looked at again, so that their arrival is seen.
  const list = useList(queries.mails(values), (items) =>
    items.some((mail) => mail.status === 'queued' || mail.status === 'sending') ? 5000 : false,
  )
  const columns: Column<MailView>[] = [
    {
      key: 'subject',
      title: t('mails.subject'),
      width: 380,
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
      width: 170,
      card: 'head',
      render: (mail) => <MailTag status={mail.status} />,
    },
    { key: 'to', title: t('mails.to'), width: 220, render: (mail) => mail.to },
    { key: 'at', title: t('mails.createdAt'), width: 160, render: (mail) => instant(mail.createdAt) },
    { key: 'sent', title: t('mails.sentAt'), width: 160, render: (mail) => instant(mail.sentAt) },
  ]
  return (
    <Page title={t('mails.title')} lead={t('mails.lead')}>
      <div className="filters">
        <Select
          allowClear
          value={values.status || undefined}
          onChange={(status) => set({ status })}
          placeholder={t('mails.status')}
          aria-label={t('mails.status')}
          options={STATUSES.map((value) => ({ value, label: label('mailStatus', value) }))}
          data-testid="filter-status"
        />
      </div>
      <Resource
        query={list.query}
        empty={{
          when: (items) => items.length === 0,
          show: (
            <Panel
              testId="empty"
              title={active ? t('state.noMatch') : t('state.empty')}
              hint={active ? undefined : t('mails.empty')}
              actions={!active && <Link to="/jobs">{t('nav.jobs')}</Link>}
            />
          ),
        }}
      >
        {(items) => (
          <div className={list.stale ? 'card card-flush stale' : 'card card-flush'}>
            <DataList columns={columns} rows={items} rowKey={(mail) => mail.id} testId="mails-table" />
            <ListMore shown={items.length} total={list.total} {...list.more} />
          </div>
        )}
      </Resource>
    </Page>
  )
}
