import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Tabs } from 'antd'
import { useParams } from 'react-router-dom'
import type { MailWithContent } from '../../../../jobs/schema.ts'
import { api } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { useCan } from '../../app/session.tsx'
import { Page } from '../../components/Page.tsx'
import { useProblemText } from '../../components/problem.ts'
import { Resource } from '../../components/Resource.tsx'
import { MailTag } from '../../components/Tag.tsx'
import { count, instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import './mails.css'

/** One mail as it was sent, what went wrong, and another try. */
export default function MailPage() {
  const { id = '' } = useParams()
  const { t } = useText()
  const query = useQuery({
    ...queries.mail(id),
    refetchInterval: (q) =>
      q.state.data?.status === 'queued' || q.state.data?.status === 'sending' ? 3000 : false,
  })
  return (
    <Page
      title={query.data?.subject ?? t('mails.title')}
      back={{ to: '/mails', text: t('mails.title') }}
      lead={query.data && <MailTag status={query.data.status} />}
      actions={query.data && <Retry mail={query.data} />}
    >
      <Resource query={query}>{(mail) => <Content mail={mail} />}</Resource>
    </Page>
  )
}

function Retry({ mail }: { mail: MailWithContent }) {
  const { t } = useText()
  const can = useCan()
  const client = useQueryClient()
  const problem = useProblemText()
  const { message } = App.useApp()
  const retry = useMutation({
    mutationFn: () => api.post(`/outbox/${mail.id}/retry`),
    onSuccess: () => message.success(t('mails.retried')),
    onError: (error) => message.error(problem(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['outbox'] }),
  })
  if (!can('job.run') || (mail.status !== 'failed' && mail.status !== 'given-up')) return null
  return (
    <Button type="primary" loading={retry.isPending} onClick={() => retry.mutate()} data-testid="mail-retry">
      {t('mails.retry')}
    </Button>
  )
}

function Content({ mail }: { mail: MailWithContent }) {
  const { t } = useText()
  const facts: [string, string][] = [
    [t('mails.to'), mail.to],
    [t('mails.period'), mail.period],
    [t('mails.createdAt'), instant(mail.createdAt)],
    [t('mails.sentAt'), instant(mail.sentAt)],
    [t('mails.attempts'), count(mail.attempts)],
    ...(mail.nextAttemptAt
      ? [[t('mails.nextAttempt'), instant(mail.nextAttemptAt)] as [string, string]]
      : []),
  ]
  return (
    <>
      {mail.lastError && (
        <Alert
          className="mail-error"
          type="error"
          showIcon
          title={t('mails.lastError')}
          description={<span className="mail-error-text">{mail.lastError}</span>}
          data-testid="mail-error"
        />
      )}
      <section className="card">
        <dl className="facts mail-facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section className="card mail-content">
        <Tabs
          items={[
            {
              key: 'html',
              label: t('mails.html'),
              // Without allow-scripts and allow-same-origin whatever the mail holds can do nothing.
              children: (
                <iframe
                  className="mail-frame"
                  sandbox=""
                  srcDoc={mail.html}
                  title={t('mails.frame')}
                  data-testid="mail-frame"
                />
              ),
            },
            { key: 'text', label: t('mails.text'), children: <pre className="mail-text">{mail.text}</pre> },
          ]}
        />
      </section>
    </>
  )
}
