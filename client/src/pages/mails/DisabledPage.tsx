import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { Link } from 'react-router-dom'
import type { DisabledAddress } from '../../../../jobs/schema.ts'
import { api } from '../../api/client.ts'
import { outboxQueries } from '../../api/mails.ts'
import { type Column, DataList } from '../../components/DataList.tsx'
import { ListCard } from '../../components/ListCard.tsx'
import { Page } from '../../components/Page.tsx'
import { useProblemText } from '../../components/problem.ts'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { testId } from '../../components/testId.ts'
import { useList } from '../../components/useList.ts'
import { instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import './mails.css'

/** The addresses to which no mail goes any more, why, and the way back. */
export default function DisabledPage() {
  const { t } = useText()
  const list = useList(outboxQueries.disabled())
  return (
    <Page
      title={t('disabledAddresses.title')}
      lead={t('disabledAddresses.lead')}
      back={{ to: '/mails', text: t('mails.title') }}
    >
      <Resource
        query={list.query}
        empty={{
          when: (items) => items.length === 0,
          show: (
            <Panel
              testId="empty"
              title={t('disabledAddresses.empty')}
              hint={t('disabledAddresses.emptyHint')}
            />
          ),
        }}
      >
        {(items) => (
          <ListCard list={list}>
            <Addresses items={items} />
          </ListCard>
        )}
      </Resource>
    </Page>
  )
}

function Addresses({ items }: { items: DisabledAddress[] }) {
  const { t } = useText()
  const enable = useEnable()
  const columns: Column<DisabledAddress>[] = [
    {
      key: 'address',
      title: t('disabledAddresses.address'),
      width: 240,
      card: 'head',
      render: (one) => <span className="mail-address">{one.address}</span>,
    },
    {
      key: 'reason',
      title: t('disabledAddresses.reason'),
      width: 380,
      render: (one) => <span className="mail-error-text">{one.reason}</span>,
    },
    { key: 'at', title: t('disabledAddresses.at'), width: 150, render: (one) => instant(one.at) },
    {
      key: 'mail',
      title: t('disabledAddresses.mail'),
      width: 120,
      render: (one) => <Link to={`/mails/${one.mail}`}>{t('disabledAddresses.open')}</Link>,
    },
    {
      key: 'enable',
      title: '',
      width: 120,
      card: 'head',
      render: (one) => (
        <Button size="small" onClick={() => enable(one)} data-testid="enable-address">
          {t('disabledAddresses.enable')}
        </Button>
      ),
    },
  ]
  return <DataList columns={columns} rows={items} rowKey={(one) => one.id} testId="disabled-table" />
}

/** Asks, and lets mails go to an address again. */
function useEnable(): (one: DisabledAddress) => void {
  const { t } = useText()
  const client = useQueryClient()
  const problem = useProblemText()
  const { message, modal } = App.useApp()
  const enable = useMutation({
    mutationFn: (one: DisabledAddress) => api.delete(`/outbox/disabled-addresses/${one.id}`),
    onSuccess: (_, { address }) => message.success(t('disabledAddresses.enabled', { address })),
    onError: (error) => message.error(problem(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['outbox'] }),
  })
  return (one) => {
    modal.confirm({
      title: t('disabledAddresses.enableTitle', { address: one.address }),
      content: t('disabledAddresses.enableHint'),
      okText: t('disabledAddresses.enable'),
      cancelText: t('common.cancel'),
      okButtonProps: testId('enable-confirm'),
      // A refusal is told by the mutation; the question is closed either way.
      onOk: () => enable.mutateAsync(one).catch(() => undefined),
    })
  }
}
