import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useNavigate } from 'react-router-dom'
import type { MailView, MailWithContent } from '../../../../jobs/schema.ts'
import { api } from '../../api/client.ts'
import { useCan } from '../../app/session.tsx'
import { useProblemText } from '../../components/problem.ts'
import { testId } from '../../components/testId.ts'
import { useText } from '../../i18n/index.ts'

/** Another try of a mail that was not sent, or the same once more as a new mail. */
export function MailActions({ mail }: { mail: MailWithContent }) {
  const can = useCan()
  if (!can('job.run') || mail.secret) return null
  if (mail.status === 'failed' || mail.status === 'given-up') return <Retry mail={mail} />
  return mail.status === 'sent' ? <Resend mail={mail} /> : null
}

function Retry({ mail }: { mail: MailWithContent }) {
  const { t } = useText()
  const client = useQueryClient()
  const problem = useProblemText()
  const { message } = App.useApp()
  const retry = useMutation({
    mutationFn: () => api.post(`/outbox/${mail.id}/retry`),
    onSuccess: () => message.success(t('mails.retried')),
    onError: (error) => message.error(problem(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['outbox'] }),
  })
  return (
    <Button type="primary" loading={retry.isPending} onClick={() => retry.mutate()} data-testid="mail-retry">
      {t('mails.retry')}
    </Button>
  )
}

function Resend({ mail }: { mail: MailWithContent }) {
  const { t } = useText()
  const client = useQueryClient()
  const navigate = useNavigate()
  const problem = useProblemText()
  const { message, modal } = App.useApp()
  const resend = useMutation({
    mutationFn: () => api.post<MailView>(`/outbox/${mail.id}/resend`),
    onSuccess: ({ id }) => {
      message.success(t('mails.resent'))
      void navigate(`/mails/${id}`)
    },
    onError: (error) => message.error(problem(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['outbox'] }),
  })
  const ask = () =>
    modal.confirm({
      title: t('mails.resendTitle'),
      content: t('mails.resendHint', { to: mail.to }),
      okText: t('mails.resend'),
      cancelText: t('common.cancel'),
      okButtonProps: testId('resend-confirm'),
      onOk: () => resend.mutateAsync().catch(() => undefined),
    })
  return (
    <Button loading={resend.isPending} onClick={ask} data-testid="mail-resend">
      {t('mails.resend')}
    </Button>
  )
}
