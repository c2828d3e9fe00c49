import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Drawer } from 'antd'
import type { Account } from '../../../../server/accounts/schema.ts'
import { api } from '../../api/client.ts'
import { securityQueries, sessionsPath } from '../../api/security.ts'
import { useProblemText } from '../../components/problem.ts'
import { Resource } from '../../components/Resource.tsx'
import { testId } from '../../components/testId.ts'
import { useText } from '../../i18n/index.ts'
import { SessionList } from '../me/SessionList.tsx'
import { TokenList } from '../me/TokenList.tsx'
import { useRevoke } from '../me/useRevoke.ts'

/** Where an account is signed in and which tokens it has, to end and revoke them. */
export function AccountAccess({ account, onClose }: { account: Account | null; onClose: () => void }) {
  const { t } = useText()
  return (
    <Drawer
      open={account !== null}
      title={account && t('people.accessTitle', { name: account.name })}
      size="min(1080px, 100vw)"
      onClose={onClose}
      destroyOnHidden
    >
      {account && (
        <>
          <Sessions account={account} />
          <Tokens account={account} />
        </>
      )}
    </Drawer>
  )
}

function Sessions({ account }: { account: Account }) {
  const { t } = useText()
  const client = useQueryClient()
  const problem = useProblemText()
  const { message, modal } = App.useApp()
  const query = useQuery(securityQueries.sessions(account.id))
  const end = useMutation({
    mutationFn: () => api.delete(sessionsPath(account.id)),
    onSuccess: () => message.success(t('people.endAllDone')),
    onError: (error) => message.error(problem(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['sessions'] }),
  })
  const ask = () =>
    modal.confirm({
      title: t('people.endAllTitle', { name: account.name }),
      content: t('people.endAllHint'),
      okText: t('people.endAll'),
      cancelText: t('common.cancel'),
      okButtonProps: { danger: true, ...testId('end-all-confirm') },
      onOk: () => end.mutateAsync().catch(() => undefined),
    })
  return (
    <section className="access">
      <div className="section-head">
        <h2>{t('people.sessions')}</h2>
        {(query.data?.items.length ?? 0) > 0 && (
          <Button danger size="small" onClick={ask} data-testid="end-all">
            {t('people.endAll')}
          </Button>
        )}
      </div>
      <Resource query={query}>{({ items }) => <SessionList sessions={items} />}</Resource>
    </section>
  )
}

function Tokens({ account }: { account: Account }) {
  const { t } = useText()
  const query = useQuery(securityQueries.tokens(account.id))
  const revoke = useRevoke(account.id)
  return (
    <section className="access">
      <div className="section-head">
        <h2>{t('people.tokens')}</h2>
      </div>
      <Resource query={query}>{({ items }) => <TokenList tokens={items} onRevoke={revoke} />}</Resource>
    </section>
  )
}
