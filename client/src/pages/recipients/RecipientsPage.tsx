import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import type { RecipientView } from '../../../../server/subscriptions/schema.ts'
import { mailingQueries } from '../../api/mailing.ts'
import { Nothing } from '../../components/Nothing.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { count } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { useScope } from '../accounts/scope.ts'
import { matching, RecipientFilters } from './RecipientFilters.tsx'
import { RecipientForm } from './RecipientForm.tsx'
import { RecipientTable } from './RecipientTable.tsx'
import './recipients.css'

/** Who gets which mails, and the list of addresses of people without an account. */
export default function RecipientsPage() {
  const { t } = useText()
  const query = useQuery(mailingQueries.recipients())
  const [editing, setEditing] = useState<RecipientView | 'new' | null>(null)
  const filters = useAddress(['q', 'topic', 'source'] as const)
  const scope = useScope()
  const add = (
    <Button
      type="primary"
      size="large"
      icon={<PlusOutlined />}
      onClick={() => setEditing('new')}
      data-testid="add-recipient"
    >
      {t('recipients.add')}
    </Button>
  )
  return (
    <Page title={t('recipients.title')} lead={t('recipients.lead')} actions={add}>
      <Resource
        query={query}
        empty={{ when: ({ items }) => items.length === 0, show: <Panel title={t('recipients.empty')} /> }}
      >
        {({ items }) => {
          const found = matching(items, filters.values, scope)
          return (
            <>
              <RecipientFilters {...filters} />
              {found.length === 0 ? (
                <Nothing filtered={filters.active} onClear={filters.clear}>
                  <Panel title={t('recipients.empty')} />
                </Nothing>
              ) : (
                <>
                  <div className="list-head">
                    {t('common.total', { n: count(found.length), count: found.length })}
                  </div>
                  <RecipientTable recipients={found} scope={scope} onEdit={setEditing} />
                </>
              )}
            </>
          )
        }}
      </Resource>
      <RecipientForm recipient={editing} onClose={() => setEditing(null)} />
    </Page>
  )
}
