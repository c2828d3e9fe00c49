import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { securityQueries } from '../../api/security.ts'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { useText } from '../../i18n/index.ts'
import { TokenForm } from './TokenForm.tsx'
import { TokenList } from './TokenList.tsx'
import { useRevoke } from './useRevoke.ts'

/** Tokens for a company's own systems. */
export function MyTokens() {
  const { t } = useText()
  const query = useQuery(securityQueries.tokens(null))
  const revoke = useRevoke(null)
  const [adding, setAdding] = useState(false)
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)} data-testid="add-token">
      {t('tokens.add')}
    </Button>
  )
  return (
    <>
      <Resource
        query={query}
        empty={{
          when: ({ items }) => items.length === 0,
          show: <Panel title={t('tokens.empty')} hint={t('tokens.emptyHint')} actions={add} testId="empty" />,
        }}
      >
        {({ items }) => (
          <>
            <div className="list-head">
              <span>
                {t('tokens.lead')} <a href="/api/v1/docs">{t('tokens.docs')}</a>
              </span>
              {add}
            </div>
            <TokenList tokens={items} onRevoke={revoke} />
          </>
        )}
      </Resource>
      <TokenForm open={adding} onClose={() => setAdding(false)} />
    </>
  )
}
