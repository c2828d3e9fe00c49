import { CheckCircleFilled, CloseCircleFilled, FileExcelOutlined } from '@ant-design/icons'
import { Button, Progress } from 'antd'
import { useEffect, useState } from 'react'
import { useNavigate } from 'react-router-dom'
import { ProblemError } from '../../api/client.ts'
import type { SendOptions } from '../../api/upload.ts'
import { useMe } from '../../app/session.tsx'
import { Page } from '../../components/Page.tsx'
import { useProblemText } from '../../components/problem.ts'
import { count, fileSize } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { DropZone } from './DropZone.tsx'
import { SendSettings } from './SendSettings.tsx'
import { Templates } from './Templates.tsx'
import { type Sending, useSendQueue } from './useSendQueue.ts'
import './uploads.css'

/** Sends lists; one alone leads straight to its preview, several are checked one after the other. */
export default function SendPage() {
  const { t } = useText()
  const me = useMe()
  const navigate = useNavigate()
  const { queue, add, drop } = useSendQueue()
  const [options, setOptions] = useState<SendOptions>({})
  const only = queue.length === 1 ? queue[0] : undefined
  const sent = only?.state === 'checking' || only?.state === 'done' ? only.id : undefined
  useEffect(() => {
    if (sent) navigate(`/uploads/${sent}`)
  }, [sent, navigate])
  return (
    <Page
      title={t('send.title')}
      lead={t('send.hint')}
      back={{ to: '/uploads', text: t(me.role === 'operator' ? 'uploads.mineTitle' : 'uploads.title') }}
      actions={<Templates />}
    >
      <DropZone onFiles={(files) => add(files, options)} />
      {queue.length > 0 && (
        <section className="card queue" aria-labelledby="queue-title">
          <h2 id="queue-title">{t('send.queue')}</h2>
          <ul aria-live="polite">
            {queue.map((item) => (
              <QueueItem key={item.key} item={item} onDrop={() => drop(item.key)} />
            ))}
          </ul>
        </section>
      )}
      <SendSettings options={options} onChange={setOptions} />
    </Page>
  )
}

function QueueItem({ item, onDrop }: { item: Sending; onDrop: () => void }) {
  const { t } = useText()
  const navigate = useNavigate()
  return (
    <li data-testid="queue-item" data-state={item.state}>
      <span className={`queue-icon queue-${item.state}`} aria-hidden>
        {item.state === 'done' && item.view.status !== 'failed' ? (
          <CheckCircleFilled />
        ) : item.state === 'failed' || item.state === 'done' ? (
          <CloseCircleFilled />
        ) : (
          <FileExcelOutlined />
        )}
      </span>
      <div className="queue-text">
        <b>{item.file.name}</b> <span className="hint">{fileSize(item.file.size)}</span>
        <Standing item={item} />
      </div>
      {item.state === 'done' && (
        <Button
          type={item.view.counts.toRecord > 0 ? 'primary' : 'default'}
          onClick={() => navigate(`/uploads/${item.id}`)}
          data-testid="queue-open"
        >
          {t(item.view.counts.toRecord > 0 ? 'send.look' : 'send.view')}
        </Button>
      )}
      {(item.state === 'waiting' || item.state === 'sending' || item.state === 'failed') && (
        <Button type="text" onClick={onDrop} data-testid="queue-drop">
          {t(item.state === 'sending' ? 'send.stop' : 'send.remove')}
        </Button>
      )}
    </li>
  )
}

function Standing({ item }: { item: Sending }) {
  const { t, label } = useText()
  const problem = useProblemText()
  switch (item.state) {
    case 'waiting':
      return <div className="hint">{t('send.waiting')}</div>
    case 'sending': {
      const percent = Math.round(item.share * 100)
      return (
        <div className="hint">
          {t('send.sending', { percent })}
          <Progress percent={percent} showInfo={false} size="small" />
        </div>
      )
    }
    case 'checking': {
      const { done = 0, total = 0 } = item.view?.progress ?? {}
      return (
        <div className="hint">
          {total > 0
            ? t('send.checking', { done: count(done), total: count(total) })
            : t('send.checkingStart')}
          <Progress
            percent={total > 0 ? Math.floor((done * 100) / total) : 0}
            showInfo={false}
            size="small"
            status="active"
          />
        </div>
      )
    }
    case 'failed':
      if (item.error instanceof ProblemError && item.error.code === 'stopped')
        return <div className="hint">{t('send.stopped')}</div>
      return (
        <div className="queue-problem" role="alert" data-testid="upload-problem">
          {problem(item.error)}
          <div className="hint">{t('send.problemHelp')}</div>
        </div>
      )
    case 'done':
      if (item.view.status === 'failed')
        return (
          <div className="queue-problem" role="alert">
            {label('problem', item.view.error?.code ?? 'internal')}
          </div>
        )
      return (
        <div>
          {t('send.ready', {
            new: count(item.view.counts.toRecord),
            error: count(item.view.counts.error),
            unchanged: count(item.view.counts.unchanged),
          })}
        </div>
      )
  }
}
