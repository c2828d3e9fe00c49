import { CloudUploadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { Link, useNavigate } from 'react-router-dom'
import type { ImportView } from '../../../../server/imports/schema.ts'
import { queries } from '../../api/queries.ts'
import { useCan } from '../../app/session.tsx'
import { type Column, DataList } from '../../components/DataList.tsx'
import { ListMore } from '../../components/ListMore.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { ImportTag } from '../../components/Tag.tsx'
import { useList } from '../../components/useList.ts'
import { count, instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { isWorking } from './useImport.ts'
import './uploads.css'

/** The lists that were sent, newest first. */
export default function UploadsPage() {
  const { t } = useText()
  const can = useCan()
  const navigate = useNavigate()
  const list = useList(queries.imports(), (items) => items.some((i) => isWorking(i.status)) && 2000)
  const send = can('import.send') && (
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
  return (
    <Page title={t('uploads.title')} lead={t('uploads.lead')} actions={list.items.length > 0 && send}>
      <Resource
        query={list.query}
        empty={{
          when: (items) => items.length === 0,
          show: (
            <Panel testId="empty" title={t('uploads.empty')} hint={t('uploads.emptyHint')} actions={send} />
          ),
        }}
      >
        {(items) => (
          <div className="card card-flush">
            <Uploads items={items} />
            <ListMore shown={items.length} total={list.total} {...list.more} />
          </div>
        )}
      </Resource>
    </Page>
  )
}

function Uploads({ items }: { items: ImportView[] }) {
  const { t } = useText()
  const columns: Column<ImportView>[] = [
    {
      key: 'filename',
      title: t('uploads.filename'),
      width: 330,
      card: 'head',
      render: (row) => (
        <Link to={`/uploads/${row.id}`} className="filename">
          {row.filename}
        </Link>
      ),
    },
    {
      key: 'status',
      title: t('vehicles.status'),
      width: 120,
      card: 'head',
      render: (row) => <ImportTag status={row.status} />,
    },
    {
      key: 'rows',
      title: t('uploads.rows'),
      width: 84,
      align: 'right',
      render: (row) => count(row.counts.total),
    },
    { key: 'outcome', title: t('uploads.outcome'), width: 240, render: (row) => <Outcome row={row} /> },
    { key: 'by', title: t('uploads.sentBy'), width: 120, render: (row) => row.sentBy.name },
    { key: 'at', title: t('uploads.sentAt'), width: 160, render: (row) => instant(row.sentAt) },
  ]
  return (
    <DataList
      columns={columns}
      rows={items}
      rowKey={(row) => row.id}
      rowTestId={(row) => `upload-${row.id}`}
      testId="uploads-table"
    />
  )
}

function Outcome({ row }: { row: ImportView }) {
  const { t } = useText()
  if (isWorking(row.status))
    return t('import.progress', { done: count(row.progress.done), total: count(row.progress.total) })
  if (row.status === 'failed') return '—'
  return (
    <span className="outcome">
      <span>
        {row.status === 'applied'
          ? t('uploads.recordedRows', { n: count(row.recorded) })
          : t('uploads.newRows', { n: count(row.counts.new) })}
      </span>
      {row.counts.error > 0 && (
        <span className="outcome-error">{t('uploads.errorRows', { n: count(row.counts.error) })}</span>
      )}
    </span>
  )
}
