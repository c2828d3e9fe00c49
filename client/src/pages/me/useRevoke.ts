import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { api } from '../../api/client.ts'
import { type TokenView, tokensPath } from '../../api/security.ts'
import { useProblemText } from '../../components/problem.ts'
import { testId } from '../../components/testId.ts'
import { useText } from '../../i18n/index.ts'

/** Asks, then revokes a token. @param account whose it is; null: one's own */
export function useRevoke(account: string | null): (token: TokenView) => void {
  const { t } = useText()
  const client = useQueryClient()
  const problem = useProblemText()
  const { message, modal } = App.useApp()
  const revoke = useMutation({
    mutationFn: (id: string) => api.delete(`${tokensPath(account)}/${id}`),
    onSuccess: () => message.success(t('tokens.revoked')),
    onError: (error) => message.error(problem(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  })
  return (token) =>
    void modal.confirm({
      title: t('tokens.revokeTitle', { name: token.name }),
      content: t('tokens.revokeHint'),
      okText: t('tokens.revoke'),
      cancelText: t('common.cancel'),
      okButtonProps: { danger: true, ...testId('revoke-confirm') },
      onOk: () => revoke.mutateAsync(token.id).catch(() => undefined),
    })
}
