import { Button } from 'antd'
import type { SessionView } from '../../api/security.ts'
import { type Column, DataList } from '../../components/DataList.tsx'
import { Tag } from '../../components/Tag.tsx'
import { instant, NONE } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { deviceOf } from './agent.ts'

/** Where an account is signed in, this device first. @param onEnd ends one; not for those of others */
export function SessionList(props: { sessions: SessionView[]; onEnd?: (session: SessionView) => void }) {
  const { t } = useText()
  const { onEnd } = props
  const columns: Column<SessionView>[] = [
    {
      key: 'device',
      title: t('devices.device'),
      width: 260,
      card: 'head',
      render: (s) => (
        <span className="tags" title={s.agent}>
          <b>{deviceOf(s.agent) || t('devices.unknown')}</b>
          {s.current && (
            <Tag tone="good" testId="this-device">
              {t('devices.current')}
            </Tag>
          )}
        </span>
      ),
    },
    { key: 'address', title: t('devices.address'), width: 150, render: (s) => s.address || NONE },
    { key: 'createdAt', title: t('devices.signedIn'), width: 150, render: (s) => instant(s.createdAt) },
    { key: 'lastSeenAt', title: t('devices.lastSeen'), width: 150, render: (s) => instant(s.lastSeenAt) },
    ...(onEnd
      ? [
          {
            key: 'end',
            title: <span className="visually-hidden">{t('devices.end')}</span>,
            width: 90,
            align: 'right' as const,
            card: 'head' as const,
            render: (s: SessionView) =>
              !s.current && (
                <Button type="link" size="small" danger onClick={() => onEnd(s)} data-testid="end-session">
                  {t('devices.end')}
                </Button>
              ),
          },
        ]
      : []),
  ]
  return (
    <div className="card card-flush">
      <DataList
        columns={columns}
        rows={sorted(props.sessions)}
        rowKey={(s) => s.id}
        emptyText={t('devices.none')}
        testId="sessions"
      />
    </div>
  )
}

/** This one, then the others by when they were last used. */
const sorted = (sessions: readonly SessionView[]): SessionView[] =>
  sessions.toSorted(
    (a, b) => Number(b.current) - Number(a.current) || b.lastSeenAt.localeCompare(a.lastSeenAt),
  )
