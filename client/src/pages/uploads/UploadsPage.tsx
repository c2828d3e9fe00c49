import { CloudUploadOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Tabs } from 'antd'
import { useNavigate } from 'react-router-dom'
import type { Query } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { useCan, useMe } from '../../app/session.tsx'
import { ListCard } from '../../components/ListCard.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useList } from '../../components/useList.ts'
import { useText } from '../../i18n/index.ts'
import { QueueTable } from './QueueTable.tsx'
import { isWorking } from './useImport.ts'
import './uploads.css'

const TABS = ['waiting', 'all', 'mine'] as const
type Tab = (typeof TABS)[number]
const QUERIES: Record<Tab, Query> = {
  waiting: { waiting: true },
  all: {},
  mine: { mine: true },
}

/** The lists that were sent: an officer's queue, with those to decide first; an operator's own. */
export default function UploadsPage() {
  const { t } = useText()
  const can = useCan()
  const { values, set } = useAddress(['tab'] as const)
  const decides = can('import.decide')
  const attention = useQuery({ ...queries.attention(), enabled: decides })
  const asked = TABS.find((name) => name === values.tab)
  const tab: Tab = decides ? (asked ?? 'waiting') : 'all'
  const own = !decides && can('import.send')
  const waiting = attention.data?.submitted ?? 0
  const list = useList(queries.imports(QUERIES[tab]), (items) =>
    items.some((i) => isWorking(i.status)) ? 2000 : 30_000,
  )
  // The panel for an empty list has the button itself.
  const hasButton = can('import.send') && !(list.query.data?.length === 0 && tab !== 'waiting')
  return (
    <Page
      title={t(own ? 'uploads.mineTitle' : 'uploads.title')}
      lead={t(decides ? 'uploads.leadDecide' : 'uploads.lead')}
      actions={hasButton && <SendButton />}
    >
      {decides && (
        <Tabs
          activeKey={tab}
          onChange={(key) => set({ tab: key === 'waiting' ? undefined : key })}
          items={TABS.map((key) => ({
            key,
            label: (
              <span data-testid={`tab-${key}`}>
                {t(`uploads.${key}`)}
                {key === 'waiting' && waiting > 0 && <span className="tab-count">{waiting}</span>}
              </span>
            ),
          }))}
        />
      )}
      <Resource
        query={list.query}
        empty={{ when: (items) => items.length === 0, show: <Empty tab={tab} own={own} /> }}
      >
        {(items) => (
          <ListCard list={list}>
            <QueueTable items={items} tab={tab} />
          </ListCard>
        )}
      </Resource>
    </Page>
  )
}

function SendButton() {
  const { t } = useText()
  const navigate = useNavigate()
  return (
    <Button
      type="primary"
      size="large"
      icon={<CloudUploadOutlined />}
      onClick={() => navigate('/uploads/send')}
      data-testid="send-list"
    >
      {t('uploads.send')}
    </Button>
  )
}

function Empty({ tab, own }: { tab: Tab; own: boolean }) {
  const { t } = useText()
  const me = useMe()
  if (own)
    return (
      <Panel
        testId="empty"
        title={t('uploads.emptyOperator')}
        hint={t('uploads.emptyOperatorHint')}
        actions={<SendButton />}
      />
    )
  if (tab === 'waiting')
    return <Panel testId="empty" title={t('uploads.emptyWaiting')} hint={t('uploads.emptyWaitingHint')} />
  return (
    <Panel
      testId="empty"
      title={t(tab === 'mine' ? 'uploads.emptyMine' : 'uploads.empty')}
      hint={t('uploads.emptyHint')}
      actions={me.permissions.includes('import.send') && <SendButton />}
    />
  )
}
