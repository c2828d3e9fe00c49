import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Popconfirm } from 'antd'
import { Link } from 'react-router-dom'
import type { RecipientView } from '../../../../server/subscriptions/schema.ts'
import { api } from '../../api/client.ts'
import { mailingQueries } from '../../api/mailing.ts'
import { type Column, DataList } from '../../components/DataList.tsx'
import { useProblemText } from '../../components/problem.ts'
import { Tag } from '../../components/Tag.tsx'
import { useText } from '../../i18n/index.ts'

/** The recipients with what each gets, and why somebody may not get it. */
export function RecipientTable(props: {
  recipients: RecipientView[]
  scope: (recipient: RecipientView) => string
  onEdit: (recipient: RecipientView) => void
}) {
  const { t, label } = useText()
  const columns: Column<RecipientView>[] = [
    {
      key: 'name',
      title: t('recipients.name'),
      width: 260,
      card: 'head',
      render: (one) => (
        <>
          <b>{one.name}</b>
          <div className="hint recipient-email">{one.email}</div>
        </>
      ),
    },
    {
      key: 'source',
      title: t('recipients.source'),
      width: 150,
      render: (one) =>
        one.role === null
          ? t('recipients.sources.list')
          : `${t('recipients.sources.account')} · ${label('role', one.role)}`,
    },
    { key: 'scope', title: t('recipients.scope'), width: 170, render: props.scope },
    { key: 'gets', title: t('recipients.gets'), width: 300, render: (one) => <Gets recipient={one} /> },
    {
      key: 'actions',
      title: <span className="visually-hidden">{t('people.more')}</span>,
      width: 170,
      align: 'right',
      card: 'head',
      render: (one) => <Actions recipient={one} onEdit={props.onEdit} />,
    },
  ]
  return (
    <div className="card card-flush">
      <DataList
        columns={columns}
        rows={props.recipients}
        rowKey={(one) => one.id}
        rowTestId={(one) => `recipient-${one.email}`}
        testId="recipients-table"
      />
    </div>
  )
}

/** What somebody gets, what he has ended himself, and what keeps it from him. */
function Gets({ recipient }: { recipient: RecipientView }) {
  const { t } = useText()
  const { topics, ended, attach, disabled, invited } = recipient
  const names = (some: RecipientView['topics']) =>
    some.map((topic) => t(`mailing.topic.${topic}`)).join(t('mailing.comma'))
  return (
    <div className="recipient-gets">
      <span>
        {topics.length > 0 ? names(topics) : <span className="hint">{t('recipients.getsNothing')}</span>}
        {attach && topics.length > 0 && <span className="hint"> · {t('recipients.attached')}</span>}
      </span>
      {ended.length > 0 && <span className="hint">{t('recipients.ended', { what: names(ended) })}</span>}
      {disabled !== null && (
        <span>
          <Tag tone="bad">{t('recipients.disabled')}</Tag>
          <span className="hint"> {t('recipients.disabledHint', { reason: disabled })}</span>
        </span>
      )}
      {invited && <Tag tone="warn">{t('recipients.invited')}</Tag>}
    </div>
  )
}

function Actions({
  recipient,
  onEdit,
}: {
  recipient: RecipientView
  onEdit: (recipient: RecipientView) => void
}) {
  const { t } = useText()
  const { message } = App.useApp()
  const client = useQueryClient()
  const problem = useProblemText()
  const remove = useMutation({
    mutationFn: () => api.delete(`/recipients/${recipient.id}`),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: mailingQueries.recipients().queryKey })
      message.success(t('recipients.removed'))
    },
    onError: (error) => message.error(problem(error)),
  })
  if (recipient.source === 'account')
    return (
      <Link to={`/accounts?${new URLSearchParams({ q: recipient.email })}`}>
        {t('recipients.atAccounts')}
      </Link>
    )
  return (
    <span className="account-actions">
      <Button
        type="link"
        size="small"
        onClick={() => onEdit(recipient)}
        data-testid={`edit-${recipient.email}`}
      >
        {t('operators.edit')}
      </Button>
      <Popconfirm
        title={t('recipients.removeAsk', { email: recipient.email })}
        okText={t('recipients.remove')}
        cancelText={t('common.cancel')}
        okButtonProps={{ danger: true }}
        onConfirm={() => remove.mutate()}
      >
        <Button
          type="link"
          size="small"
          danger
          loading={remove.isPending}
          data-testid={`remove-${recipient.email}`}
        >
          {t('recipients.remove')}
        </Button>
      </Popconfirm>
    </span>
  )
}
