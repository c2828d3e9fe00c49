import { Button } from 'antd'
import { useState } from 'react'
import type { AuditEntry } from '../../../../server/audit/schema.ts'
import { queries } from '../../api/queries.ts'
import { type Column, DataList } from '../../components/DataList.tsx'
import { ExportButton } from '../../components/ExportButton.tsx'
import { ListCard } from '../../components/ListCard.tsx'
import { Nothing } from '../../components/Nothing.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { Tag } from '../../components/Tag.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useList } from '../../components/useList.ts'
import { instant, NONE } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { AuditDrawer } from './AuditDrawer.tsx'
import { AuditFilters, FILTERS } from './AuditFilters.tsx'
import { OUTCOME_TONE, targetText, useActorText } from './words.ts'

/** Who did what: the list, its filters, and each entry opened. */
export function AuditLog() {
  const { t } = useText()
  const { values, set, clear, active } = useAddress(FILTERS)
  const list = useList(queries.audit(values))
  return (
    <>
      <AuditFilters values={values} set={set} clear={clear} />
      <Resource
        query={list.query}
        empty={{
          when: (items) => items.length === 0,
          show: (
            <Nothing filtered={active} onClear={clear}>
              <Panel testId="empty" title={t('audit.empty')} hint={t('audit.emptyHint')} />
            </Nothing>
          ),
        }}
      >
        {(items) => (
          <>
            <div className="list-head audit-head">
              <ExportButton path="/audit" query={values} formats={['csv']} />
            </div>
            <ListCard list={list}>
              <AuditTable items={items} />
            </ListCard>
          </>
        )}
      </Resource>
    </>
  )
}

function AuditTable({ items }: { items: AuditEntry[] }) {
  const text = useText()
  const { t, label } = text
  const actor = useActorText()
  const [opened, setOpened] = useState<AuditEntry | null>(null)
  const columns: Column<AuditEntry>[] = [
    { key: 'at', title: t('audit.at'), width: 150, render: (entry) => instant(entry.at) },
    {
      key: 'action',
      title: t('audit.action'),
      width: 190,
      card: 'head',
      render: (entry) => (
        <Button
          type="link"
          className="audit-open"
          onClick={() => setOpened(entry)}
          aria-label={t('audit.open', { at: instant(entry.at), action: label('auditAction', entry.action) })}
          data-testid="audit-open"
        >
          {label('auditAction', entry.action)}
        </Button>
      ),
    },
    {
      key: 'outcome',
      title: t('audit.outcome'),
      width: 96,
      card: 'head',
      render: (entry) => <Tag tone={OUTCOME_TONE[entry.outcome]}>{label('auditOutcome', entry.outcome)}</Tag>,
    },
    {
      key: 'who',
      title: t('audit.who'),
      width: 210,
      render: (entry) => (
        <span className="stacked">
          {actor(entry)}
          {entry.actor && <small>{entry.actor.email}</small>}
        </span>
      ),
    },
    {
      key: 'target',
      title: t('audit.target'),
      width: 280,
      render: (entry) => <span className="audit-target">{targetText(entry.target, text) ?? NONE}</span>,
    },
    { key: 'address', title: t('audit.address'), width: 140, render: (entry) => entry.address ?? NONE },
  ]
  return (
    <>
      <DataList
        columns={columns}
        rows={items}
        rowKey={(entry) => entry.id}
        rowTestId={(entry) => `audit-${entry.action}`}
        testId="audit-table"
      />
      <AuditDrawer entry={opened} onClose={() => setOpened(null)} />
    </>
  )
}
