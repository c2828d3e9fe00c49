import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import type { Account } from '../../../../server/accounts/schema.ts'
import { queries } from '../../api/queries.ts'
import { type Column, DataList } from '../../components/DataList.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { Tag } from '../../components/Tag.tsx'
import { dayOf } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { AccountForm } from './AccountForm.tsx'

/** Who may sign in, and what for. */
export default function AccountsPage() {
  const { t, label } = useText()
  const query = useQuery(queries.accounts())
  const [editing, setEditing] = useState<Account | 'new' | null>(null)
  const columns: Column<Account>[] = [
    { key: 'name', title: t('accounts.name'), width: 130, card: 'head', render: (a) => <b>{a.name}</b> },
    { key: 'email', title: t('accounts.email'), width: 210, render: (a) => a.email },
    { key: 'role', title: t('accounts.role'), width: 130, render: (a) => label('role', a.role) },
    {
      key: 'scope',
      title: t('accounts.scope'),
      width: 200,
      render: (a) => a.operatorName ?? a.countyName ?? t('accounts.wholeCity'),
    },
    {
      key: 'active',
      title: t('accounts.state'),
      width: 110,
      render: (a) => (
        <Tag tone={a.active ? 'good' : 'plain'}>{t(a.active ? 'accounts.active' : 'accounts.inactive')}</Tag>
      ),
    },
    {
      key: 'weekly',
      title: t('accounts.weekly'),
      width: 110,
      render: (a) => t(a.weeklyReport ? 'accounts.subscribed' : 'accounts.notSubscribed'),
    },
    { key: 'created', title: t('accounts.created'), width: 120, render: (a) => dayOf(new Date(a.createdAt)) },
    {
      key: 'edit',
      title: <span className="visually-hidden">{t('accounts.edit')}</span>,
      width: 90,
      align: 'right',
      card: 'head',
      render: (a) => (
        <Button type="link" size="small" onClick={() => setEditing(a)} data-testid={`edit-${a.email}`}>
          {t('operators.edit')}
        </Button>
      ),
    },
  ]
  return (
    <Page
      title={t('accounts.title')}
      actions={
        <Button
          type="primary"
          size="large"
          icon={<PlusOutlined />}
          onClick={() => setEditing('new')}
          data-testid="add-account"
        >
          {t('accounts.add')}
        </Button>
      }
    >
      <Resource
        query={query}
        empty={{ when: ({ items }) => items.length === 0, show: <Panel title={t('accounts.empty')} /> }}
      >
        {({ items }) => (
          <div className="card card-flush">
            <DataList columns={columns} rows={items} rowKey={(a) => a.id} testId="accounts-table" />
          </div>
        )}
      </Resource>
      <AccountForm account={editing} onClose={() => setEditing(null)} />
    </Page>
  )
}
