import { PlusOutlined, SafetyCertificateOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import type { Account } from '../../../../server/accounts/schema.ts'
import { queries } from '../../api/queries.ts'
import { securityQueries } from '../../api/security.ts'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { count } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { AccountAccess } from './AccountAccess.tsx'
import { AccountFilters, matching } from './AccountFilters.tsx'
import { AccountForm } from './AccountForm.tsx'
import { AccountTable } from './AccountTable.tsx'
import { MailWatch, type Promised } from './MailWatch.tsx'
import { SecuritySettings } from './SecuritySettings.tsx'
import { useScope } from './scope.ts'
import './accounts.css'

/** Who may sign in, what for, and how safely. */
export default function AccountsPage() {
  const { t } = useText()
  const query = useQuery(queries.accounts())
  const required = useQuery(securityQueries.settings()).data?.requireSecondFactor ?? []
  const [editing, setEditing] = useState<Account | 'new' | null>(null)
  const [promised, setPromised] = useState<Promised | null>(null)
  const [looking, setLooking] = useState<Account | null>(null)
  const scope = useScope()
  const [settings, setSettings] = useState(false)
  const filters = useAddress(['q', 'role', 'state'] as const)
  const actions = (
    <>
      <Button
        size="large"
        icon={<SafetyCertificateOutlined />}
        onClick={() => setSettings(true)}
        data-testid="security-settings"
      >
        {t('people.settings')}
      </Button>
      <Button
        type="primary"
        size="large"
        icon={<PlusOutlined />}
        onClick={() => setEditing('new')}
        data-testid="add-account"
      >
        {t('accounts.add')}
      </Button>
    </>
  )
  return (
    <Page title={t('accounts.title')} lead={t('people.lead')} actions={actions}>
      <Resource
        query={query}
        empty={{ when: ({ items }) => items.length === 0, show: <Panel title={t('accounts.empty')} /> }}
      >
        {({ items }) => {
          const found = matching(items, filters.values, scope)
          return (
            <>
              <AccountFilters {...filters} />
              <div className="list-head">
                {t('common.total', { n: count(found.length), count: found.length })}
              </div>
              <AccountTable
                accounts={found}
                required={required}
                onEdit={setEditing}
                onMail={setPromised}
                onAccess={setLooking}
              />
            </>
          )
        }}
      </Resource>
      <AccountForm account={editing} onClose={() => setEditing(null)} onMail={setPromised} />
      <MailWatch promised={promised} onClose={() => setPromised(null)} />
      <AccountAccess account={looking} onClose={() => setLooking(null)} />
      <SecuritySettings
        open={settings}
        accounts={query.data?.items ?? []}
        required={required}
        onClose={() => setSettings(false)}
      />
    </Page>
  )
}
