import { EllipsisOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Dropdown, type MenuProps } from 'antd'
import type { Account } from '../../../../server/accounts/schema.ts'
import { api } from '../../api/client.ts'
import { useProblemText } from '../../components/problem.ts'
import { testId } from '../../components/testId.ts'
import { useText } from '../../i18n/index.ts'
import { latestMail, type Promised } from './MailWatch.tsx'

/** What an administrator does for somebody who cannot get in, or must be kept out. */
export function AccountActions(props: {
  account: Account
  onMail: (promised: Promised) => void
  onAccess: (account: Account) => void
}) {
  const { account, onMail, onAccess } = props
  const { t } = useText()
  const client = useQueryClient()
  const problem = useProblemText()
  const { message, modal } = App.useApp()
  const onError = (error: unknown) => message.error(problem(error))
  const send = useMutation({
    mutationFn: async (kind: Promised['kind']): Promise<Promised> => {
      const { id, email } = account
      const before = (await latestMail(kind, email))?.id ?? null
      if (kind === 'invitation') await api.post(`/accounts/${id}/invite`)
      else await api.post('/password-resets', { email })
      return { kind, email, before }
    },
    onSuccess: onMail,
    onError,
  })
  const resetFactor = useMutation({
    mutationFn: () => api.post(`/accounts/${account.id}/reset-second-factor`),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['accounts'] })
      message.success(t('people.resetFactorDone'))
    },
    onError,
  })
  const askResetFactor = () =>
    modal.confirm({
      title: t('people.resetFactorTitle', { name: account.name }),
      content: t('people.resetFactorHint'),
      okText: t('people.resetFactor'),
      cancelText: t('common.cancel'),
      okButtonProps: { danger: true, ...testId('reset-factor-confirm') },
      onOk: () => resetFactor.mutateAsync().catch(() => undefined),
    })
  const item = (key: string, label: string, onClick: () => void) => ({
    key,
    label: <span data-testid={`${key}-${account.email}`}>{label}</span>,
    onClick,
  })
  const items: MenuProps['items'] = [
    ...(account.active && account.invited
      ? [item('resend', t('people.resend'), () => send.mutate('invitation'))]
      : []),
    ...(account.active && !account.invited
      ? [item('send-reset', t('people.sendReset'), () => send.mutate('reset'))]
      : []),
    ...(account.secondFactor ? [item('reset-factor', t('people.resetFactor'), askResetFactor)] : []),
    item('access', t('people.access'), () => onAccess(account)),
  ]
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <Button
        type="text"
        size="small"
        icon={<EllipsisOutlined />}
        loading={send.isPending}
        aria-label={`${t('people.more')}: ${account.name}`}
        data-testid={`more-${account.email}`}
      />
    </Dropdown>
  )
}
